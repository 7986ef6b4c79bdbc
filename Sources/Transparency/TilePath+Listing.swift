extension TilePath {
    /// All tiles of hashes of a log of `size` entries, lowest level first: the full ones and, at
    /// each level that has one, the partial one at its end.
    package static func hashTiles(size: Int64) -> [TilePath] {
        (0..<TileCoordinate.levelCountMax).flatMap { level in
            places(count: size >> Int64(8 * level)).map { index, width in
                .hashes(TileCoordinate(level: level, index: index), width: width)
            }
        }
    }

    /// All bundles of entries of a log of `size` entries.
    package static func bundles(size: Int64) -> [TilePath] {
        places(count: size).map { index, width in .entries(index: index, width: width) }
    }

    private static func places(count: Int64) -> [(index: Int64, width: Int)] {
        let full = count / Int64(TileCoordinate.width)
        let rest = Int(count % Int64(TileCoordinate.width))
        let places = (0..<full).map { (index: $0, width: TileCoordinate.width) }
        return rest == 0 ? places : places + [(full, rest)]
    }
}
