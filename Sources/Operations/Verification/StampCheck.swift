import Signing
import Storage
import TimeStamps
import Transparency

extension VerificationOptions {
    /// Whether a text in PEM holds a certificate that a time stamp could lead to.
    package static func isOfAuthorities(_ text: String) -> Bool { TimeStamp.hasCertificate(text) }
}

/// Checks the kept time stamps (RFC 3161) of a log's closes.
struct StampCheck {
    let book: LogBook
    let policy: WitnessPolicy
    /// Certificates in PEM; nil takes those kept with each stamp.
    let authorities: String?

    /// - Returns: how many there are.
    /// - Throws: ``LogMisfit`` for the first that does not fit; what the source says.
    func stamps(_ reader: any LogPartReader) throws -> Int {
        var count = 0
        for (place, index) in book.closes.enumerated() {
            let number = Int64(place) + 1
            guard let stamp = try reader.stamp(ofClose: number) else { continue }
            if let fault = try fault(of: stamp, over: index, reader) {
                throw LogMisfit(
                    index, "the time stamp of close \(number) does not fit: \(fault)",
                    "the close stands, but this stamp does not show when it was there")
            }
            count += 1
        }
        return count
    }

    private func fault(of stamp: StoredStamp, over index: Int64, _ reader: any LogPartReader)
        throws -> String?
    {
        do {
            let note = try SignedNote.parse(stamp.note)
            guard let checkpoint = Checkpoint(body: note.text), checkpoint.size > index else {
                return "it is of no checkpoint over the close"
            }
            let size = checkpoint.size
            _ = try CheckpointCheck(
                StoredCheckpoint(size: size, note: stamp.note), origin: book.yard.origin,
                keys: book.keys, policy: policy)
            let stored = try reader.checkpoints(from: size - 1, to: size)
            guard try stored.contains(where: { try SignedNote.parse($0.note).text == note.text })
            else { return "the log has no such checkpoint" }
            _ = try TimeStamp.check(
                reply: stamp.reply, query: stamp.query, digest: Digest.sha256(stamp.note).bytes,
                trusted: authorities ?? stamp.chain,
                at: TimeStamp.statedTime(ofReply: stamp.reply) ?? 0)
            return nil
        } catch let error as TimeStampError {
            return error.code
        } catch let error as NoteError {
            return error.code
        } catch let misfit as LogMisfit {
            return misfit.what
        }
    }
}
