import Journal
import Signing
import Text
package import Transparency

/// The largest head of the yard's log that this terminal has seen.
struct LogHead: Hashable {
    let size: Int64
    let root: Digest
    /// The signed checkpoint that it comes from; empty where only size and root were kept.
    let note: [UInt8]

    /// `size base64-root`.
    var text: String { "\(size) \(root.base64)" }

    init(size: Int64, root: Digest, note: [UInt8] = []) {
        self.size = size
        self.root = root
        self.note = note
    }

    init?(text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let size = Int64(parts[0]),
            let root = Digest(base64: String(parts[1]))
        else { return nil }
        self.init(size: size, root: root)
    }
}

/// Why an acknowledgement does not prove that our record is in the log.
package enum AcknowledgementFault: Error, Hashable, Sendable {
    /// The key kept at enrolment cannot be read.
    case logKey
    /// The entry is none, or holds another record than the one we sent.
    case otherEntry
    /// The proof names another index than the answer.
    case otherIndex(proof: Int64, answer: Int64)
    case proof(ProofError)
    /// The log is smaller than it was, or has another root at the same size: it was rolled back
    /// or shows different people different contents.
    case logShrunk(from: Int64, to: Int64)

    /// Whether no key that we know signed the checkpoint: the log may have a new one.
    var isUnknownKey: Bool { self == .unknownKey }

    static let unknownKey = AcknowledgementFault.proof(.note(.noKnownSignature))

    /// The stable name of the kind of fault.
    package var code: String {
        switch self {
        case .logKey: "log-key"
        case .otherEntry: "other-entry"
        case .otherIndex: "other-index"
        case .proof(let error): "proof-\(error.code)"
        case .logShrunk: "log-shrunk"
        }
    }
}

/// Checks that an acknowledgement is the proof it claims to be.
enum AcknowledgementCheck {
    /// The head that the proof leads to.
    ///
    /// - Throws: ``AcknowledgementFault``, in the order of its cases.
    static func head(
        of acknowledgement: Acknowledgement, for jws: [UInt8], kind: RecordKind, logKey: String,
        since last: LogHead?
    ) throws(AcknowledgementFault) -> LogHead {
        guard let key = VerifierKey(logKey) else { throw .logKey }
        guard let entry = LogEntry(bytes: acknowledgement.entry), entry.jws == jws,
            entry.kind == kind
        else { throw .otherEntry }
        let head: LogHead
        do {
            let proof = try TlogProof.parse(Array(acknowledgement.proof.utf8))
            guard proof.index == acknowledgement.index else {
                throw AcknowledgementFault.otherIndex(
                    proof: proof.index, answer: acknowledgement.index)
            }
            let checkpoint = try proof.verify(entry: acknowledgement.entry, log: key).checkpoint
            head = LogHead(
                size: checkpoint.size, root: checkpoint.root, note: proof.checkpoint.bytes)
        } catch let error as ProofError {
            throw .proof(error)
        } catch let fault as AcknowledgementFault {
            throw fault
        } catch {
            throw .otherEntry
        }
        if let last {
            guard head.size > last.size || (head.size == last.size && head.root == last.root) else {
                throw .logShrunk(from: last.size, to: head.size)
            }
        }
        return head
    }
}
