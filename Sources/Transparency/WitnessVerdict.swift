import Signing
import Text

/// What a witness answers to a request, by what it has stored (C2SP tlog-witness 1.0.0).
package enum WitnessVerdict: Hashable, Sendable {
    /// The head may be stored in place of the earlier one, and cosigned once it is.
    case cosign(Checkpoint)
    /// The body's note holds no checkpoint.
    case malformed
    /// The witness does not follow this log.
    case unknownOrigin(String)
    /// No signature by a trusted key of the log, or a wrong one.
    case notSignedByLog
    /// The proof is from a larger tree than the checkpoint's.
    case oldAboveSize
    /// The proof is from another size than the stored one; `contradicts` says that the log signed
    /// another root for the stored size.
    case otherSize(stored: Int64, contradicts: Bool)
    /// The checkpoint does not continue the stored head.
    case inconsistent(stored: Checkpoint?)

    /// The HTTP status of the answer.
    package var status: Int {
        switch self {
        case .cosign: 200
        case .malformed, .oldAboveSize: 400
        case .notSignedByLog: 403
        case .unknownOrigin: 404
        case .otherSize: 409
        case .inconsistent: 422
        }
    }

    /// Whether the refused request shows the log to have signed what does not fit together, or may
    /// show it; such a request is kept.
    package var isEvidence: Bool {
        switch self {
        case .otherSize(_, let contradicts): contradicts
        case .inconsistent: true
        case .cosign, .malformed, .unknownOrigin, .notSignedByLog, .oldAboveSize: false
        }
    }
}

extension WitnessRequest {
    /// The verdict of a witness that follows the logs of `keys` and has stored `stored` of this
    /// request's log; nil if it never cosigned one.
    ///
    /// The reasons to refuse, in this order: no checkpoint; unknown origin; not signed by the log;
    /// old size above the checkpoint's; old size other than the stored one; then whatever shows
    /// the checkpoint not to continue the stored head: a wrong root of an empty tree, a proof
    /// where none is needed, another root of the same size, a wrong proof.
    ///
    /// - Parameter keys: of the logs that the witness follows; a log may have several keys.
    package func judged(keys: [VerifierKey], stored: Checkpoint?) -> WitnessVerdict {
        guard let head = Checkpoint(body: checkpoint.text) else { return .malformed }
        let trusted = keys.filter { $0.name.hasSameBytes(as: head.origin) }
        guard !trusted.isEmpty else { return .unknownOrigin(head.origin) }
        guard isSigned(by: trusted) else { return .notSignedByLog }
        guard oldSize <= head.size else { return .oldAboveSize }
        guard oldSize == stored?.size ?? 0 else {
            let contradicts = stored.map { $0.size == head.size && $0.root != head.root }
            return .otherSize(stored: stored?.size ?? 0, contradicts: contradicts ?? false)
        }
        return continues(stored, head) ? .cosign(head) : .inconsistent(stored: stored)
    }

    private func isSigned(by keys: [VerifierKey]) -> Bool {
        do {
            return try !checkpoint.verified(by: keys).isEmpty
        } catch {
            return false
        }
    }

    private func continues(_ stored: Checkpoint?, _ head: Checkpoint) -> Bool {
        guard head.size > 0 else { return path.isEmpty && head.root == MerkleTree.emptyRoot }
        guard let stored, stored.size > 0 else { return path.isEmpty }
        return ConsistencyProof.isValid(
            oldSize: stored.size, newSize: head.size, oldRoot: stored.root, newRoot: head.root,
            path: path)
    }
}
