package import Signing

/// The hashes of RFC 6962 section 2.1 (the same in RFC 9162): SHA-256, leaves and inner nodes kept
/// apart by a first byte.
package enum MerkleTree {
    /// The hash of an entry: SHA-256 of a zero byte and the entry.
    package static func leafHash(_ entry: some Collection<UInt8>) -> Digest {
        var stream = Digest.Stream()
        stream.append(0)
        stream.append(entry)
        return stream.finish()
    }

    /// The hash of two subtrees side by side: SHA-256 of a byte one and both hashes.
    package static func nodeHash(_ left: Digest, _ right: Digest) -> Digest {
        Digest.sha256(prefix: 1, left, right)
    }

    /// The root of a tree without leaves: SHA-256 of nothing.
    package static let emptyRoot = Digest.sha256([])

    /// The root of the tree over `leaves` (leaf hashes, in order; may be empty).
    package static func root(of leaves: [Digest]) -> Digest {
        var row = leaves
        guard !row.isEmpty else { return emptyRoot }
        // Pairing from the left and carrying an odd last one up gives the standard's split at the
        // largest power of two below the count.
        while row.count > 1 {
            var next: [Digest] = []
            next.reserveCapacity((row.count + 1) / 2)
            for index in stride(from: 0, to: row.count, by: 2) {
                next.append(
                    index + 1 < row.count ? nodeHash(row[index], row[index + 1]) : row[index])
            }
            row = next
        }
        return row[0]
    }
}
