/// Lists are made path by path while somebody goes through them: a size may be a lie, and then the
/// list fits in no memory.
extension TilePath {
    /// All tiles of hashes of a log of `size` entries, lowest level first: the full ones and, at
    /// each level that has one, the partial one at its end.
    package static func hashTiles(size: Int64) -> some Collection<TilePath> {
        (0..<TileCoordinate.levelCountMax).map { hashTiles(level: $0, size: size) }.joined()
    }

    /// All tiles of leaf hashes of a log of `size` entries.
    package static func leafTiles(size: Int64) -> some BidirectionalCollection<TilePath> {
        hashTiles(level: 0, size: size)
    }

    /// All bundles of entries of a log of `size` entries.
    package static func bundles(size: Int64) -> some BidirectionalCollection<TilePath> {
        places(count: size) { index, width in .entries(index: index, width: width) }
    }

    private static func hashTiles(level: Int, size: Int64)
        -> LazyMapSequence<Range<Int64>, TilePath>
    {
        places(count: size >> Int64(8 * level)) { index, width in
            .hashes(TileCoordinate(level: level, index: index), width: width)
        }
    }

    private static func places(
        count: Int64, _ path: @escaping (_ index: Int64, _ width: Int) -> TilePath
    ) -> LazyMapSequence<Range<Int64>, TilePath> {
        let full = count / Int64(TileCoordinate.width)
        let rest = Int(count % Int64(TileCoordinate.width))
        let end = rest == 0 ? full : full + 1
        return (0..<end).lazy.map { index in
            path(index, index < full ? TileCoordinate.width : rest)
        }
    }
}
