package import Journal
import Keys
import Signing
import Storage
import Text
import Transparency
package import Units

/// A key of the server, for people to look at.
package struct ServerKey: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// Waits for a second person.
        case announced
        case inForce = "in-force"
        case replaced
    }

    package let purpose: ServerKeyPurpose
    /// A log's verifier key, or the thumbprint of the records' key.
    package let name: String
    /// The yard in whose log it stands.
    package let yard: YardID
    package let state: State
    /// Log index or size from which it signs; nil while it is only announced.
    package let from: Int64?
    /// The file of the private half; nil if it is not at hand.
    package let path: String?
    /// Where the private half lives; nil if it is not at hand.
    package let place: String?
}

extension Installation {
    /// The keys of the server by the journal, with where they live; oldest first in each log.
    package func serverKeys() throws -> [ServerKey] {
        let ring = try KeyRing(directory)
        return try database.read { reading in
            try reading.yards().flatMap { yard in
                let book = try KeyBook.ofServer(yard, reading)
                return Self.records(book, yard, ring) + Self.logs(book, yard, ring)
            }
        }
    }

    private static func records(_ book: KeyBook, _ yard: YardRow, _ ring: KeyRing) -> [ServerKey] {
        book.recordKeys.map { key, from in
            ServerKey(
                purpose: .record, name: key.thumbprint, yard: yard.id,
                state: key == book.recordKey ? .inForce : .replaced, from: from,
                path: ring.path(ofKey: key.raw), place: ring.record(key)?.place.words)
        }
    }

    private static func logs(_ book: KeyBook, _ yard: YardRow, _ ring: KeyRing) -> [ServerKey] {
        book.logKeys.map { key, from in
            ServerKey(
                purpose: .log, name: key.text, yard: yard.id,
                state: key == book.logKey ? .inForce : .replaced, from: from,
                path: ring.path(ofKey: key.key.raw), place: ring.log(key)?.place.words)
        }
    }

    /// The steps of a yard's log from its first key to the one in force.
    package func logKeySteps(of yard: Yard) throws -> [LogKeyStep] {
        try database.read { reading in
            let row = try reading.yards().first { $0.number == yard.number }
            guard let row else { throw OperationsError.yardUnknown(yard.id.text) }
            let keys = try KeyBook.ofServer(row, reading).logKeys
            return try zip(keys, keys.dropFirst()).compactMap { old, new in
                try Self.step(from: old.key, to: new.key, at: new.from - 1, yard.number, reading)
            }
        }
    }

    /// The steps that lead on from a key.
    func logKeyChain(from key: VerifierKey) throws -> [LogKeyStep] {
        let name = LogName.first(of: key.name)
        guard let yard = yards.first(where: { $0.origin.hasSameBytes(as: name) }) else { return [] }
        let steps = try logKeySteps(of: yard)
        return Array(steps.drop { $0.from != key.text })
    }

    /// Nil while no checkpoint over the record is stored that both keys signed, or after a loss
    /// the new one: right after the record, for a moment.
    private static func step(
        from old: VerifierKey, to new: VerifierKey, at index: Int64, _ yard: Int64,
        _ reading: Reading
    ) throws -> LogKeyStep? {
        let position = LogPosition(yard: yard, index: index)
        guard let stored = try reading.checkpoint(yard: yard, above: index),
            let bytes = try reading.entry(at: position)
        else { return nil }
        let note = try SignedNote.parse(Array(stored.note.utf8))
        let signers = try note.verified(by: [old, new])
        let isSameLog = old.name.hasSameBytes(as: new.name)
        guard signers.contains(old) || !isSameLog, signers.contains(new) else { return nil }
        let tree = try LogTree.restored(yard: yard, size: stored.size, from: reading)
        let path = try tree.inclusionPath(index: index) {
            try LogTree.fullTile($0.index, level: $0.level, yard: yard, reading)
        }
        guard let proof = TlogProof(index: index, path: path, checkpoint: note) else { return nil }
        return LogKeyStep(
            from: old.text, to: new.text, index: index, entry: bytes, proof: proof.text)
    }
}

extension KeyPlace {
    /// `file` or `token <label>`.
    var words: String {
        switch self {
        case .file: "file"
        case .token(let label): "token \(label)"
        }
    }
}
