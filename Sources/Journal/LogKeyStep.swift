import Sales
import Signing
package import Text
package import Transparency

/// A step from one key of a log to the next: the record that brings it in, and its proof under the
/// key before it. Whoever knows an old key learns the new one through this and in no other way.
///
/// After a loss the old key signs no more checkpoints: there the record itself holds what the old
/// key said last, and the proof is one under the new key.
package struct LogKeyStep: Hashable, Sendable {
    /// Verifier key that the proof is checked with.
    package let from: String
    package let to: String
    /// Log index of the record.
    package let index: Int64
    /// The `rotate-log` or `loss` entry as stored.
    package let entry: [UInt8]
    /// Proof file with a checkpoint that both keys signed; after a loss the new one alone.
    package let proof: String

    package init(from: String, to: String, index: Int64, entry: [UInt8], proof: String) {
        self.from = from
        self.to = to
        self.index = index
        self.entry = entry
        self.proof = proof
    }

    package var json: JSONValue {
        .fields([
            "from": .string(from), "to": .string(to), "index": .integer(index),
            "entry": .string(String(decoding: entry, as: UTF8.self)), "proof": .string(proof),
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        from = try reader.string("from")
        to = try reader.string("to")
        index = try reader.integer("index", in: 0...StrictJSON.numberMax)
        entry = Array(try reader.string("entry").utf8)
        proof = try reader.string("proof")
        try reader.finish()
    }
}

/// Why a step does not lead from a key to another.
package enum LogKeyStepError: Error, Hashable, Sendable {
    /// The proof does not show the entry under the key before it.
    case proof
    /// The entry is no record that names this key.
    case entry
}

/// What steps lead to.
package struct FollowedLog: Hashable, Sendable {
    package let key: VerifierKey
    /// The first index whose entry may be lost; nil if no loss was on the way.
    package let lostFrom: Int64?

    package init(key: VerifierKey, lostFrom: Int64?) {
        self.key = key
        self.lostFrom = lostFrom
    }
}

extension LogKeyStep {
    /// The key that `steps` lead to from `key`; `key` itself if none of them starts there.
    ///
    /// - Throws: ``LogKeyStepError`` for the first step that proves nothing.
    package static func follow(
        _ steps: [LogKeyStep], from key: VerifierKey
    ) throws(LogKeyStepError) -> FollowedLog {
        var (known, lostFrom) = (key, Int64?.none)
        for step in steps where step.from.hasSameBytes(as: known.text) {
            let found = try step.proven(under: known)
            known = found.key
            if let first = found.lostFrom { lostFrom = min(first, lostFrom ?? first) }
        }
        return FollowedLog(key: known, lostFrom: lostFrom)
    }

    /// The new key, if the old one vouches for the record that names it.
    private func proven(under key: VerifierKey) throws(LogKeyStepError) -> FollowedLog {
        guard LogEntry(bytes: entry)?.kind == .loss else { return try rotated(from: key) }
        guard case .loss(let loss) = try fact(of: key), loss.key.text.hasSameBytes(as: to),
            LogName.isLater(loss.key.name, than: key.name), loss.first <= index
        else { throw .entry }
        do { _ = try loss.keptRoot(size: index, endedBy: key) } catch { throw .proof }
        try checkProof(under: loss.key)
        return FollowedLog(key: loss.key, lostFrom: loss.first)
    }

    private func rotated(from key: VerifierKey) throws(LogKeyStepError) -> FollowedLog {
        try checkProof(under: key)
        guard case .rotateLog(let rotation) = try fact(of: key),
            rotation.key.name.hasSameBytes(as: key.name), rotation.key.text.hasSameBytes(as: to)
        else { throw .entry }
        return FollowedLog(key: rotation.key, lostFrom: nil)
    }

    /// What the entry says, if it is a record of the server for this log.
    private func fact(of key: VerifierKey) throws(LogKeyStepError) -> ServerFact {
        do {
            guard let entry = LogEntry(bytes: entry) else { throw LogKeyStepError.entry }
            let record = try ServerRecord(payload: try CompactJWS.parse(entry.jws).payload)
            guard record.fact.kind == entry.kind,
                record.log.hasSameBytes(as: LogName.first(of: key.name))
            else { throw LogKeyStepError.entry }
            return record.fact
        } catch {
            throw .entry
        }
    }

    private func checkProof(under key: VerifierKey) throws(LogKeyStepError) {
        do {
            let found = try TlogProof.parse(Array(proof.utf8))
            guard found.index == index else { throw LogKeyStepError.proof }
            try found.verify(entry: entry, log: key)
        } catch {
            throw .proof
        }
    }
}
