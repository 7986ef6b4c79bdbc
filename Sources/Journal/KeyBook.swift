import Sales
package import Signing
import Text
package import Transparency
package import Units

/// Why a record about keys does not fit those before it.
package enum KeyBookError: Error, Hashable, Sendable {
    /// A second `genesis`, or one that is not the first entry; or its log key is none.
    case genesis
    /// The terminal is enrolled already.
    case enrolledTwice(TerminalID)
    /// The terminal was never enrolled, or is revoked.
    case notInForce(TerminalID)
    /// The key is or was in use.
    case keyUsedBefore
    /// The announcement is not signed by the key in force, or is about something else.
    case announcement
    /// The new key did not sign what it should.
    case possession
    /// The checkpoint is not signed by the old and the new key, or is not of this place.
    case checkpoint
    /// The old log did not say that it ends here, or the one that follows has another name.
    case loss
}

/// A loss in its place.
package struct AcceptedLoss: Hashable, Sendable {
    /// Log index of the record: so many entries were kept.
    package let index: Int64
    /// Name of the log that ended.
    package let log: String
    /// Root over the entries before the record.
    package let root: Digest
    package let loss: JournalLoss

    /// The last index at which somebody remembered an entry that was lost.
    package var last: Int64 { (loss.heads.map(\.size).max() ?? 0) - 1 }

    package init(index: Int64, log: String, root: Digest, loss: JournalLoss) {
        self.index = index
        self.log = log
        self.root = root
        self.loss = loss
    }
}

/// The keys that speak in a log: a fold over its records, so that a key's validity is a range of
/// log positions (trust.md D9).
package struct KeyBook: Sendable {
    /// A key of a terminal.
    package struct TerminalKey: Hashable, Sendable {
        package let key: ES256PublicKey
        package let kid: String
        /// Log index of the record that brought it in.
        package let start: Int64
        /// Log index of the record that replaced it; nil for the last one.
        package internal(set) var end: Int64?
        /// The lowest sequence number recorded under it; nil if there is none.
        package internal(set) var first: Int64?
    }

    /// All that is known of a terminal's keys.
    package struct Terminal: Hashable, Sendable {
        /// In the order in which they came; at least one.
        package internal(set) var keys: [TerminalKey]
        package internal(set) var revocation: KeyRevocation?
        /// Log index of ``revocation``.
        package internal(set) var revokedAt: Int64?
    }

    package private(set) var terminals: [TerminalID: Terminal] = [:]
    /// Which terminal each key belongs to, by thumbprint.
    package private(set) var owners: [String: TerminalID] = [:]
    /// The keys of the server's records with the index from which each signs, ascending.
    package private(set) var recordKeys: [(key: ES256PublicKey, from: Int64)] = []
    /// The keys of the checkpoints with the size from which each has to sign, ascending.
    package private(set) var logKeys: [(key: VerifierKey, from: Int64)] = []
    /// The losses that people accepted, ascending.
    package private(set) var losses: [AcceptedLoss] = []

    package init() {}

    package var recordKey: ES256PublicKey? { recordKeys.last?.key }
    package var logKey: VerifierKey? { logKeys.last?.key }
    /// Name of the log that the journal is kept in now: another than the first after a loss.
    package var logName: String? { logKey?.name }
    /// The size from which the checkpoints are those of ``logName``; 0 for the first log.
    package var logStart: Int64 { losses.last.map { $0.index + 1 } ?? 0 }

    /// The loss that ended the log of this name; nil for one that goes on, or is none.
    package func loss(endingLog name: String) -> AcceptedLoss? {
        losses.first { $0.log.hasSameBytes(as: name) }
    }

    /// Whether an accepted loss says that this head contradicts what was kept.
    package func isAccepted(log name: String, size: Int64, root: Digest) -> Bool {
        if let ended = loss(endingLog: name), size > ended.loss.first { return true }
        return losses.contains { accepted in
            accepted.loss.heads.contains { $0.size == size && $0.root == root }
        }
    }

    /// Whether the journal is or was kept in the log of this name.
    package func isKept(inLog name: String) -> Bool {
        logKeys.contains { $0.key.name.hasSameBytes(as: name) }
    }

    /// The key that has to sign a checkpoint over so many entries.
    package func logKey(size: Int64) -> VerifierKey? {
        logKeys.last { $0.from <= size }?.key
    }

    /// The key with this thumbprint that a terminal has or had.
    package func terminalKey(_ kid: String) -> TerminalKey? {
        owners[kid].flatMap { terminals[$0]?.keys.first { $0.kid == kid } }
    }

    /// The key that has to sign the server's record at a log index.
    package func recordKey(at index: Int64) -> ES256PublicKey? {
        recordKeys.last { $0.from <= index }?.key
    }

    /// What is odd about a terminal's record by the key that signed it.
    ///
    /// - Parameter index: its log index, where the book knows of later revocations too.
    package func flags(kid: String, sequence: Int64, at index: Int64 = .max) -> Set<RecordFlag> {
        guard let owner = owners[kid].flatMap({ terminals[$0] }) else { return [] }
        if let revokedAt = owner.revokedAt, revokedAt < index { return [.revokedKey] }
        guard let place = owner.keys.firstIndex(where: { $0.kid == kid }) else { return [] }
        let later = owner.keys[(place + 1)...].compactMap(\.first).min()
        return later.map { sequence > $0 } ?? false ? [.retiredKey] : []
    }

    /// Notes that a record was signed by a terminal's key.
    package mutating func noteRecord(kid: String, sequence: Int64) {
        guard let owner = owners[kid],
            let place = terminals[owner]?.keys.firstIndex(where: { $0.kid == kid })
        else { return }
        let first = terminals[owner]?.keys[place].first
        if first.map({ sequence < $0 }) ?? true {
            terminals[owner]?.keys[place].first = sequence
        }
    }

    /// Adds what the record at a log index says of keys; other records change nothing.
    ///
    /// - Parameters:
    ///   - fact: signed by the record key in force, which the caller has checked.
    ///   - log: origin of the log.
    /// - Throws: ``KeyBookError``.
    package mutating func apply(
        _ fact: ServerFact, log: String, yard: YardID, at index: Int64
    ) throws(KeyBookError) {
        switch fact {
        case .genesis(let genesis): try begin(genesis, at: index)
        case .enrol(let enrolment): try enrol(enrolment, at: index)
        case .rotate(let rotation): try rotate(rotation, log: log, yard: yard, at: index)
        case .revoke(let revocation): try revoke(revocation, at: index)
        case .rotateLog(let rotation): try rotate(rotation, log: log, at: index)
        case .rotateRecord(let rotation): try rotate(rotation, log: log, yard: yard, at: index)
        case .loss(let loss): try lose(loss, at: index)
        case .tariff, .reversal, .resolution, .release, .decision, .approve, .close, .export,
            .snapshot, .handover, .erase, .hold, .lift, .bankStatement, .debtor,
            .settled:
            break
        }
    }
}

extension KeyBook {
    private mutating func begin(_ genesis: Genesis, at index: Int64) throws(KeyBookError) {
        guard index == 0, recordKeys.isEmpty, let key = VerifierKey(genesis.logKey) else {
            throw .genesis
        }
        recordKeys = [(genesis.recordKey, 0)]
        logKeys = [(key, 0)]
    }

    private mutating func enrol(_ enrolment: Enrolment, at index: Int64) throws(KeyBookError) {
        guard terminals[enrolment.terminal] == nil else {
            throw .enrolledTwice(enrolment.terminal)
        }
        try own(enrolment.key, enrolment.terminal)
        terminals[enrolment.terminal] = Terminal(keys: [
            TerminalKey(key: enrolment.key, kid: enrolment.key.thumbprint, start: index)
        ])
    }

    private mutating func own(
        _ key: ES256PublicKey, _ terminal: TerminalID
    ) throws(KeyBookError) {
        guard owners[key.thumbprint] == nil else { throw .keyUsedBefore }
        owners[key.thumbprint] = terminal
    }

    private mutating func rotate(
        _ rotation: KeyRotation, log: String, yard: YardID, at index: Int64
    ) throws(KeyBookError) {
        let announced = rotation.announced
        guard let terminal = terminals[announced.terminal], terminal.revocation == nil,
            let current = terminal.keys.last
        else { throw .notInForce(announced.terminal) }
        try announced.check(replacing: current.key, log: log, yard: yard)
        try own(announced.key, announced.terminal)
        terminals[announced.terminal]?.keys[terminal.keys.count - 1].end = index
        terminals[announced.terminal]?.keys.append(
            TerminalKey(key: announced.key, kid: announced.key.thumbprint, start: index))
    }

    private mutating func revoke(
        _ revocation: KeyRevocation, at index: Int64
    ) throws(KeyBookError) {
        guard let terminal = terminals[revocation.terminal], terminal.revocation == nil,
            terminal.keys.last?.kid == revocation.kid
        else { throw .notInForce(revocation.terminal) }
        terminals[revocation.terminal]?.revocation = revocation
        terminals[revocation.terminal]?.revokedAt = index
    }

    private mutating func rotate(
        _ rotation: LogKeyRotation, log: String, at index: Int64
    ) throws(KeyBookError) {
        guard !logKeys.contains(where: { $0.key == rotation.key }) else { throw .keyUsedBefore }
        guard let old = logKey, rotation.key.name.hasSameBytes(as: logName ?? log) else {
            throw .checkpoint
        }
        let checkpoint = try rotation.signedCheckpoint(old: old)
        guard checkpoint.size == index, checkpoint.origin.hasSameBytes(as: logName ?? log) else {
            throw .checkpoint
        }
        logKeys.append((rotation.key, index + 1))
    }

    private mutating func lose(_ loss: JournalLoss, at index: Int64) throws(KeyBookError) {
        guard !logKeys.contains(where: { $0.key.key == loss.key.key }) else { throw .keyUsedBefore }
        guard let old = logKey, loss.first <= index,
            LogName.isLater(loss.key.name, than: old.name)
        else { throw .loss }
        let root = try loss.keptRoot(size: index, endedBy: old)
        losses.append(AcceptedLoss(index: index, log: old.name, root: root, loss: loss))
        logKeys.append((loss.key, index + 1))
    }

    private mutating func rotate(
        _ rotation: RecordKeyRotation, log: String, yard: YardID, at index: Int64
    ) throws(KeyBookError) {
        guard !recordKeys.contains(where: { $0.key == rotation.key }) else {
            throw .keyUsedBefore
        }
        let said: KeyAnnouncement
        do {
            said = try KeyAnnouncement(jws: rotation.possession, signedBy: rotation.key)
        } catch { throw .possession }
        guard said.log.hasSameBytes(as: log), said.yard == yard, said.terminal == nil,
            said.key == rotation.key
        else { throw .possession }
        recordKeys.append((rotation.key, index + 1))
    }
}

extension AnnouncedKey {
    /// Makes sure that the key in force announced the new one and that the new one is there.
    ///
    /// - Throws: ``KeyBookError`` `announcement`, `possession`.
    package func check(
        replacing current: ES256PublicKey, log: String, yard: YardID
    ) throws(KeyBookError) {
        let said = try KeyAnnouncement(jws: announcement, signedBy: current)
        guard said.log.hasSameBytes(as: log), said.yard == yard, said.terminal == terminal,
            said.key == key, key != current
        else { throw .announcement }
        let shown: KeyAnnouncement
        do { shown = try KeyAnnouncement(jws: possession, signedBy: key) } catch {
            throw .possession
        }
        guard shown == said else { throw .possession }
    }
}

extension LogKeyRotation {
    /// The checkpoint, if both keys signed it.
    ///
    /// - Throws: ``KeyBookError/checkpoint``.
    package func signedCheckpoint(old: VerifierKey) throws(KeyBookError) -> Checkpoint {
        do {
            let note = try SignedNote.parse(checkpoint)
            let signers = try note.verified(by: [old, key])
            guard signers.contains(old), signers.contains(key),
                let found = Checkpoint(body: note.text)
            else { throw KeyBookError.checkpoint }
            return found
        } catch {
            throw .checkpoint
        }
    }
}
