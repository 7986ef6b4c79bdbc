import Journal
import Storage
import Text
import Transparency

/// Checks the signatures of one stored checkpoint: the log's own and those of known witnesses.
struct CheckpointCheck {
    let note: SignedNote
    let checkpoint: Checkpoint
    /// The log's key that had to sign it.
    let key: VerifierKey
    /// The witnesses of the policy that signed it.
    let witnesses: [VerifierKey]
    /// Signatures by keys that are neither the log's nor a known witness's.
    let unknownCount: Int
    /// Whether the policy asks for no more, and at least one of its witnesses signed.
    let isWitnessed: Bool

    /// - Parameter keys: of the log, each with the size from which it has to sign.
    /// - Throws: ``LogMisfit`` unless the log and every witness that the source names signed it.
    init(_ stored: StoredCheckpoint, origin: String, keys: KeyBook, policy: WitnessPolicy)
        throws(LogMisfit)
    {
        let (note, checkpoint) = try Self.read(stored)
        let known = policy.witnesses.map(\.key)
        guard let key = keys.logKey(size: stored.size),
            checkpoint.origin.hasSameBytes(as: keys.losses.isEmpty ? origin : key.name),
            Self.signers(of: note, [key]) == [key]
        else { throw .checkpoint(stored.size) }
        guard let witnesses = Self.signers(of: note, known),
            known.allSatisfy({ !stored.witnesses.contains($0.text) || witnesses.contains($0) })
        else {
            throw LogMisfit(
                stored.size, "a cosignature of the checkpoint over \(stored.size) entries is wrong",
                "the table of cosignatures was altered; ask the witness for its own head")
        }
        self.note = note
        self.checkpoint = checkpoint
        self.witnesses = witnesses
        let named = keys.logKeys.map(\.key) + known
        unknownCount = note.signatures.count { signature in
            !named.contains { $0.isNamed(by: signature) }
        }
        self.key = key
        isWitnessed = !witnesses.isEmpty && policy.isMet(by: witnesses)
    }

    private static func read(_ stored: StoredCheckpoint) throws(LogMisfit) -> (
        SignedNote, Checkpoint
    ) {
        let note: SignedNote
        do { note = try SignedNote.parse(stored.note) } catch { throw .checkpoint(stored.size) }
        guard let checkpoint = Checkpoint(body: note.text), checkpoint.size == stored.size else {
            throw .checkpoint(stored.size)
        }
        return (note, checkpoint)
    }

    /// Those of `keys` that signed, none for none; nil for a wrong signature.
    private static func signers(of note: SignedNote, _ keys: [VerifierKey]) -> [VerifierKey]? {
        do { return try note.verified(by: keys) } catch .noKnownSignature { return [] } catch {
            return nil
        }
    }
}

extension LogMisfit {
    static func checkpoint(_ size: Int64) -> LogMisfit {
        LogMisfit(
            size, "the stored checkpoint is not signed by the log's key",
            "the checkpoint table was altered")
    }
}
