package import Signing

extension LogTree {
    /// The hashes that lead from the leaf at `index` to ``root``, the leaf's sibling first
    /// (RFC 9162 section 2.1.3.1).
    ///
    /// - Parameter tile: gives the 256 hashes of a full tile; asked at most once for each level,
    ///   and not for tiles in memory.
    /// - Throws: ``LogTreeError``, and what `tile` throws.
    package func inclusionPath(
        index: Int64, tile: (TileCoordinate) throws -> [Digest]
    ) throws -> [Digest] {
        guard index >= 0, index < size else {
            throw LogTreeError.outOfRange(index, size: size)
        }
        return try siblings(height: 0, position: index, tile: tile)
    }

    /// The hashes that show ``root`` to continue the tree of `oldSize` leaves
    /// (RFC 9162 section 2.1.4.1). None from size 0 and from the current size.
    ///
    /// - Parameter tile: as for ``inclusionPath(index:tile:)``.
    /// - Throws: ``LogTreeError``, and what `tile` throws.
    package func consistencyPath(
        from oldSize: Int64, tile: (TileCoordinate) throws -> [Digest]
    ) throws -> [Digest] {
        guard oldSize >= 0, oldSize <= size else {
            throw LogTreeError.outOfRange(oldSize, size: size)
        }
        guard oldSize > 0, oldSize < size else { return [] }
        // The proof starts at the last complete subtree of the old tree. If that is the whole old
        // tree, the verifier has its hash already.
        let height = oldSize.trailingZeroBitCount
        let position = (oldSize >> Int64(height)) - 1
        var reader = TileReader(tree: self)
        let start =
            position == 0
            ? [] : [try reader.node(height: height, position: position, tile: tile)]
        return try start + siblings(height: height, position: position, tile: tile)
    }

    /// The siblings on the way up from the subtree of 2^`height` leaves at `position`.
    private func siblings(
        height: Int, position: Int64, tile: (TileCoordinate) throws -> [Digest]
    ) throws -> [Digest] {
        var reader = TileReader(tree: self)
        var path: [Digest] = []
        path.reserveCapacity(Int64.bitWidth - size.leadingZeroBitCount)
        var height = height
        var position = position
        while (size - 1) >> Int64(height) > 0 {
            let sibling = position ^ 1
            if sibling < size >> Int64(height) {
                path.append(try reader.node(height: height, position: sibling, tile: tile))
            } else if sibling == size >> Int64(height), let rest = remainder(below: height) {
                path.append(rest)
            }
            position >>= 1
            height += 1
        }
        return path
    }
}

/// Finds roots of complete subtrees, and keeps the one tile of a level that a path runs through.
private struct TileReader {
    private let tree: LogTree
    private var current: (coordinate: TileCoordinate, nodes: TileNodes)?

    init(tree: LogTree) {
        self.tree = tree
    }

    mutating func node(
        height: Int, position: Int64, tile: (TileCoordinate) throws -> [Digest]
    ) throws -> Digest {
        let row = height % 8
        let coordinate = TileCoordinate(
            level: height / 8, index: position >> Int64(8 - row))
        let place = Int(position & ((1 << Int64(8 - row)) - 1))
        if let current, current.coordinate == coordinate { return current.nodes.rows[row][place] }
        let nodes = try tree.nodes(coordinate) ?? Self.stored(coordinate, tile)
        current = (coordinate, nodes)
        return nodes.rows[row][place]
    }

    private static func stored(
        _ coordinate: TileCoordinate, _ tile: (TileCoordinate) throws -> [Digest]
    ) throws -> TileNodes {
        let hashes = try tile(coordinate)
        guard hashes.count == TileCoordinate.width else {
            throw LogTreeError.tileWidth(
                coordinate, wanted: TileCoordinate.width, found: hashes.count)
        }
        return TileNodes(hashes)
    }
}
