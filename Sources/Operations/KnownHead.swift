package import Signing
package import Transparency

/// The size and root that a log had, as somebody outside the database remembers it.
package struct KnownHead: Hashable, Sendable {
    /// Who remembers.
    package enum Source: Hashable, Sendable {
        /// The file beside the database.
        case headFile
        /// The database's own newest signed checkpoint.
        case checkpoint
        /// A terminal of the yard.
        case terminal(String)
        /// A witness, or a mirror.
        case witness(String)

        package var words: String {
            switch self {
            case .headFile: "the head file"
            case .checkpoint: "the newest stored checkpoint"
            case .terminal(let id): "the terminal \(id)"
            case .witness(let name): "the witness \(name)"
            }
        }
    }

    package let origin: String
    package let size: Int64
    package let root: Digest
    package let source: Source
    /// The signed checkpoint; empty where only size and root were kept.
    package let note: [UInt8]

    package init(origin: String, size: Int64, root: Digest, source: Source, note: [UInt8] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.source = source
        self.note = note
    }

    /// The head that a checkpoint signed by the log names; nil if `note` is not one by `key`.
    package init?(note: [UInt8], signedBy key: VerifierKey, source: Source) {
        guard let checkpoint = Self.checkpoint(note, signedBy: key) else { return nil }
        self.init(
            origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root,
            source: source, note: note)
    }

    private static func checkpoint(_ note: [UInt8], signedBy key: VerifierKey) -> Checkpoint? {
        do {
            let signed = try SignedNote.parse(note)
            guard try signed.verified(by: [key]) == [key] else { return nil }
            return Checkpoint(body: signed.text)
        } catch {
            return nil
        }
    }
}
