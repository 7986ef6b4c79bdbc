package import Signing
import Text

/// What a log sends to a witness to have a checkpoint cosigned (C2SP tlog-witness 1.0.0,
/// add-checkpoint).
package struct WitnessRequest: Hashable, Sendable {
    /// The size that the log believes the witness to have stored; not below 0.
    package let oldSize: Int64
    /// The consistency proof from ``oldSize`` to the checkpoint.
    package let path: [Digest]
    package let checkpoint: SignedNote

    /// Nil if `oldSize` is below 0 or `path` longer than ``TlogProof/pathCountMax``.
    package init?(oldSize: Int64, path: [Digest], checkpoint: SignedNote) {
        guard oldSize >= 0, path.count <= TlogProof.pathCountMax else { return nil }
        self.oldSize = oldSize
        self.path = path
        self.checkpoint = checkpoint
    }

    /// The request that `body` is the exact text of; nil for anything else.
    package init?(body: [UInt8]) {
        var lines = LineReader(body)
        guard let first = lines.next(), let old = first.value(of: "old"),
            let oldSize = DecimalText.decode(old)
        else { return nil }
        var path: [Digest] = []
        while true {
            guard let line = lines.next() else { return nil }
            if line.isEmpty { break }
            guard let hash = Digest(base64: line), path.count < TlogProof.pathCountMax else {
                return nil
            }
            path.append(hash)
        }
        do {
            let note = try SignedNote.parse(Array(lines.rest))
            self.init(oldSize: oldSize, path: path, checkpoint: note)
        } catch {
            return nil
        }
    }

    /// The body to be sent.
    package var body: [UInt8] {
        let lines = ["old \(oldSize)"] + path.map(\.base64) + [""]
        return Array(lines.map { "\($0)\n" }.joined().utf8) + checkpoint.bytes
    }
}
