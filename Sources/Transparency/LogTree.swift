package import Signing

/// The growing tree of a log. Holds in memory the last tile of each level and up to
/// ``completedMax`` before it (16 kB each), never the leaves.
///
/// Adding a leaf costs one inner hash on average. A proof for a leaf of these tiles needs no
/// stored tile: after a group commit of some thousand leaves all their proofs come from memory.
package struct LogTree: Hashable, Sendable {
    /// How many leaves the tree has.
    package private(set) var size: Int64 = 0
    private var levels: [Level] = []

    private struct Level: Hashable, Sendable {
        /// The partial tile at the right edge; may have no hash.
        var tail = TileNodes()
        /// The full tiles left of it that were completed in this process, the last one last.
        var completed: [TileNodes] = []
    }

    /// A terminal that catches up hands in batches of a tile each, several in a commit.
    static let completedMax = 8

    /// A tree without leaves.
    package init() {}

    /// The tree of `size` leaves whose last, partial tiles are `edge`: for each level from 0 on
    /// that the tree reaches the hashes beyond the full tiles, possibly none.
    ///
    /// Nil if the counts do not fit the size. Whether the hashes are right shows only in comparing
    /// ``root`` with a checkpoint.
    package init?(size: Int64, edge: [[Digest]]) {
        guard size >= 0, edge.count == Self.levelCount(size: size) else { return nil }
        for (level, hashes) in edge.enumerated() {
            guard hashes.count == TileCoordinate.partialWidth(level: level, size: size) else {
                return nil
            }
            levels.append(Level(tail: TileNodes(hashes)))
        }
        self.size = size
    }

    /// The tree of `size` leaves, restored from stored tiles.
    ///
    /// - Parameters:
    ///   - size: not below 0; may be an earlier size than the log's.
    ///   - hashes: gives the first `width` (1 to 255) hashes of a tile; asked once for each level
    ///     that has a partial tile.
    /// - Throws: ``LogTreeError`` for a negative size or another count of hashes than asked for,
    ///   and what `hashes` throws.
    package static func restored(
        size: Int64, hashes: (TileCoordinate, _ width: Int) throws -> [Digest]
    ) throws -> LogTree {
        guard size >= 0 else { throw LogTreeError.outOfRange(size, size: size) }
        var edge: [[Digest]] = []
        for level in 0..<levelCount(size: size) {
            let width = TileCoordinate.partialWidth(level: level, size: size)
            let tile = TileCoordinate(level: level, index: size >> Int64(8 * (level + 1)))
            let found = width == 0 ? [] : try hashes(tile, width)
            guard found.count == width else {
                throw LogTreeError.tileWidth(tile, wanted: width, found: found.count)
            }
            edge.append(found)
        }
        guard let tree = LogTree(size: size, edge: edge) else {
            throw LogTreeError.outOfRange(size, size: size)
        }
        return tree
    }

    /// The hashes of the last, partial tile of each level, from level 0; as for `init(size:edge:)`.
    package var edge: [[Digest]] { levels.map { $0.tail.rows[0] } }

    /// The root hash; that of the empty tree for no leaves.
    package var root: Digest { remainder(below: Int64.bitWidth - 1) ?? MerkleTree.emptyRoot }

    /// Adds a leaf hash at index ``size``.
    ///
    /// - Returns: the tiles that it completes, lowest level first, to be stored; mostly none.
    package mutating func append(_ leaf: Digest) -> [Tile] {
        size += 1
        var tiles: [Tile] = []
        var hash = leaf
        for level in 0... {
            if level == levels.count { levels.append(Level()) }
            guard let root = levels[level].tail.append(hash) else { break }
            let index = (size >> Int64(8 * (level + 1))) - 1
            tiles.append(
                Tile(
                    coordinate: TileCoordinate(level: level, index: index),
                    hashes: levels[level].tail.rows[0]))
            if levels[level].completed.count == Self.completedMax {
                levels[level].completed.removeFirst()
            }
            levels[level].completed.append(levels[level].tail)
            levels[level].tail = TileNodes()
            hash = root
        }
        return tiles
    }

    private static func levelCount(size: Int64) -> Int {
        (Int64.bitWidth - size.leadingZeroBitCount + 7) / 8
    }
}

/// Why a proof cannot be made.
package enum LogTreeError: Error, Hashable, Sendable {
    /// There is no such leaf or earlier size in a tree of `size` leaves.
    case outOfRange(Int64, size: Int64)
    /// A stored tile has another number of hashes than it must have.
    case tileWidth(TileCoordinate, wanted: Int, found: Int)

    /// The stable name of the kind of error.
    package var code: String {
        switch self {
        case .outOfRange: "out-of-range"
        case .tileWidth: "tile-width"
        }
    }
}

extension LogTree {
    /// The hash over the leaves beyond the last full subtree of 2^`height`; nil if there are none.
    func remainder(below height: Int) -> Digest? {
        var hash: Digest?
        for height in 0..<height where size >> Int64(height) & 1 == 1 {
            // The last complete subtree of this height always lies in a partial tile.
            let row = levels[height / 8].tail.rows[height % 8]
            let subtree = row[row.count - 1]
            hash = hash.map { MerkleTree.nodeHash(subtree, $0) } ?? subtree
        }
        return hash
    }

    /// The nodes of a tile if they are in memory.
    func nodes(_ tile: TileCoordinate) -> TileNodes? {
        let tailIndex = size >> Int64(8 * (tile.level + 1))
        if tile.index == tailIndex { return levels[tile.level].tail }
        let completed = levels[tile.level].completed
        let place = tile.index - (tailIndex - Int64(completed.count))
        return completed.indices.contains(Int(place)) ? completed[Int(place)] : nil
    }
}
