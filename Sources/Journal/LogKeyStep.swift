import Sales
import Signing
package import Text
package import Transparency

/// A step from one key of a log to the next: the record that brings it in, and its proof under the
/// key before it. Whoever knows an old key learns the new one through this and in no other way.
package struct LogKeyStep: Hashable, Sendable {
    /// Verifier key that the proof is checked with.
    package let from: String
    package let to: String
    /// Log index of the record.
    package let index: Int64
    /// The `rotate-log` entry as stored.
    package let entry: [UInt8]
    /// Proof file with a checkpoint that both keys signed.
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
    /// The entry is no `rotate-log` record that names this key.
    case entry
}

extension LogKeyStep {
    /// The key that `steps` lead to from `key`; `key` itself if none of them starts there.
    ///
    /// - Throws: ``LogKeyStepError`` for the first step that proves nothing.
    package static func follow(
        _ steps: [LogKeyStep], from key: VerifierKey
    ) throws(LogKeyStepError) -> VerifierKey {
        var known = key
        for step in steps where step.from.hasSameBytes(as: known.text) {
            known = try step.proven(under: known)
        }
        return known
    }

    /// The new key, if the record that names it is in the log under the old one.
    private func proven(under key: VerifierKey) throws(LogKeyStepError) -> VerifierKey {
        do {
            let found = try TlogProof.parse(Array(proof.utf8))
            guard found.index == index else { throw LogKeyStepError.proof }
            try found.verify(entry: entry, log: key)
        } catch {
            throw .proof
        }
        guard let entry = LogEntry(bytes: entry), entry.kind == .rotateLog else { throw .entry }
        do {
            let record = try ServerRecord(payload: try CompactJWS.parse(entry.jws).payload)
            guard case .rotateLog(let rotation) = record.fact,
                record.log.hasSameBytes(as: key.name), rotation.key.name.hasSameBytes(as: key.name),
                rotation.key.text.hasSameBytes(as: to)
            else { throw LogKeyStepError.entry }
            return rotation.key
        } catch {
            throw .entry
        }
    }
}
