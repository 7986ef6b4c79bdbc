package import Signing

/// The proof that a leaf is in a tree.
package enum InclusionProof {
    /// Whether `path` leads from `leaf` at `index` to the `root` of a tree of `size` leaves
    /// (RFC 9162 section 2.1.3.2). False for any index or size out of range.
    package static func isValid(
        index: Int64, size: Int64, leaf: Digest, path: [Digest], root: Digest
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var position = index
        var last = size - 1
        var hash = leaf
        for sibling in path {
            guard last != 0 else { return false }
            if position & 1 == 1 || position == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                (position, last) = skippingLeftEdge(position, last)
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }
}

/// The proof that a tree continues an earlier one without change.
package enum ConsistencyProof {
    /// Whether `path` shows the tree of `newSize` leaves to start with the tree of `oldSize`
    /// (RFC 9162 section 2.1.4.2).
    ///
    /// False for an old size below 1: everything continues the empty tree, so there is nothing to
    /// verify, and whoever accepts it must say so. False for old greater than new.
    package static func isValid(
        oldSize: Int64, newSize: Int64, oldRoot: Digest, newRoot: Digest, path: [Digest]
    ) -> Bool {
        guard oldSize > 0, oldSize <= newSize else { return false }
        guard oldSize < newSize else { return path.isEmpty && oldRoot == newRoot }
        guard let first = path.first else { return false }
        let isWholeTree = oldSize & (oldSize - 1) == 0
        let start = isWholeTree ? oldRoot : first
        let shift = Int64((oldSize - 1).trailingOneBitCount)
        var position = (oldSize - 1) >> shift
        var last = (newSize - 1) >> shift
        var (old, new) = (start, start)
        for sibling in isWholeTree ? path[...] : path.dropFirst() {
            guard last != 0 else { return false }
            if position & 1 == 1 || position == last {
                old = MerkleTree.nodeHash(sibling, old)
                new = MerkleTree.nodeHash(sibling, new)
                (position, last) = skippingLeftEdge(position, last)
            } else {
                new = MerkleTree.nodeHash(new, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}

/// Up to the first ancestor that is a right child: those between have no sibling.
private func skippingLeftEdge(_ position: Int64, _ last: Int64) -> (Int64, Int64) {
    guard position != 0 else { return (position, last) }
    let shift = Int64(position.trailingZeroBitCount)
    return (position >> shift, last >> shift)
}

extension Int64 {
    fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
