package import Signing

/// A full tile: 256 hashes, never to change again.
package struct Tile: Hashable, Sendable {
    package let coordinate: TileCoordinate
    /// In order; 256.
    package let hashes: [Digest]

    /// The 8,192 bytes under which the tile is stored and published.
    package var bytes: [UInt8] { Self.bytes(hashes) }

    /// The bytes of any number of hashes, a partial tile's among them.
    package static func bytes(_ hashes: some Collection<Digest>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * Digest.byteCount)
        for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// The hashes of a tile's bytes, full or partial; nil unless they are 1 to 256 hashes.
    package static func hashes(_ bytes: [UInt8]) -> [Digest]? {
        let count = bytes.count / Digest.byteCount
        guard bytes.count % Digest.byteCount == 0, (1...TileCoordinate.width).contains(count) else {
            return nil
        }
        return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
            Digest(bytes: bytes[$0..<($0 + Digest.byteCount)])
        }
    }
}

/// The hashes of one tile and of all complete subtrees within it.
struct TileNodes: Hashable, Sendable {
    /// Row h holds the roots of the complete subtrees of 2^h hashes; row 0 is the tile itself.
    private(set) var rows: [[Digest]]

    init() {
        rows = []
        rows.reserveCapacity(8)
        for height in 0..<8 {
            var row: [Digest] = []
            row.reserveCapacity(TileCoordinate.width >> height)
            rows.append(row)
        }
    }

    init(_ hashes: [Digest]) {
        self.init()
        for hash in hashes { _ = append(hash) }
    }

    /// How many hashes the tile has.
    var width: Int { rows[0].count }

    /// Adds a hash; gives the root over the tile once it is full.
    mutating func append(_ hash: Digest) -> Digest? {
        var hash = hash
        for height in 0..<8 {
            rows[height].append(hash)
            let count = rows[height].count
            guard count % 2 == 0 else { return nil }
            hash = MerkleTree.nodeHash(rows[height][count - 2], hash)
        }
        return hash
    }
}
