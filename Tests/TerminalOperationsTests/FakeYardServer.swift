// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import Journal
import Keys
import Remote
import Sales
import Signing
import Tariffs
import TerminalOperations
import Transparency
import Units

/// A server in memory: it checks envelopes as the real one does, keeps a real log and signs real
/// proofs; tests make it fail or lie.
actor FakeYardServer: YardServer {
    enum Lie { case none, otherEntry, otherIndex, otherKey, shrunkenLog }

    let origin = "musterstadt.example/log/hof-1"
    let yard = YardID("hof-1")!
    let terminal = TerminalID("t1")!
    /// Name of the log as it is now.
    private(set) var logName = "musterstadt.example/log/hof-1"
    /// All that sign checkpoints, the key in force last.
    private var logKeys: [Ed25519PrivateKey]
    private let otherKey: Ed25519PrivateKey
    private var registered: RegisteredKey?
    private var earlier: [RegisteredKey] = []
    private(set) var announced: AnnouncedKey?
    private(set) var announcements = 0
    private(set) var steps: [LogKeyStep] = []
    private(set) var entries: [LogEntry] = []
    private(set) var index: [Digest: Int] = [:]
    private(set) var heartbeats: [Heartbeat] = []
    private(set) var batchSizes: [Int] = []
    var isAway = false
    var busy: ServerFailure?
    var lie = Lie.none
    var refusedSequences: Set<Int64> = []
    var refusal = ServerProblem(status: 422, code: "payload-malformed", detail: "test")
    var state = TerminalStanding.State.active
    var tariffs: [[UInt8]] = []
    /// Which version is in force when; nil for the last file, for ever.
    var book: [TariffVersion]?
    var isSwappingFiles = false
    private(set) var filesAsked = 0
    var loseAnswers = 0
    /// What was used of each quota, as this server says.
    var quotas: [QuotaKey: Int64] = [:]
    private(set) var quotaQuestions = 0
    /// Sales of unknown payment that somebody resolved at the office.
    var resolved: Set<Int64> = []
    /// About which sales the terminal asked last.
    private(set) var askedAbout: [Int64] = []

    init() throws {
        logKeys = [try Ed25519PrivateKey.generate()]
        otherKey = try Ed25519PrivateKey.generate()
    }

    func set(_ change: @Sendable (isolated FakeYardServer) -> Void) { change(self) }

    func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentAnswer {
        try answerable()
        let proof = try CompactJWS.parse(request.proof)
        guard let key = ES256PublicKey(raw: request.key), proof.isSigned(by: key),
            proof.kid == key.thumbprint, proof.typ == EnrolmentRequest.proofType,
            request.code == "code-1"
        else {
            throw ServerFailure.problem(
                ServerProblem(status: 403, code: "code-unknown", detail: ""))
        }
        registered = RegisteredKey(key: key, terminal: terminal, yard: yard, enrolledAt: 0)
        return EnrolmentAnswer(
            yard: yard, terminal: terminal, name: "Hof Süd", town: "Musterstadt",
            address: "Am Hof 1", yardName: "Wertstoffhof Süd",
            receiptOrigin: "https://alt.musterstadt.example", log: origin,
            logKey: try logVerifier.text, token: "secret",
            attendants: [
                Attendant(id: PersonID("mueller")!, name: "Frau Müller"),
                Attendant(id: PersonID("schmidt")!, name: "Herr Schmidt"),
            ])
    }

    /// The last file, in force for ever, or what ``book`` says.
    func tariffs(from day: BusinessDay) async throws -> [TariffVersion] {
        try answerable()
        if let book { return book.filter { $0.to.map { day <= $0 } ?? true } }
        guard let last = tariffs.last else { return [] }
        return [
            TariffVersion(
                digest: Digest.sha256(last).hex, id: "probe", from: BusinessDay(iso: "2026-01-01")!,
                to: nil)
        ]
    }

    func tariffFile(_ digest: String) async throws -> [UInt8] {
        try answerable()
        filesAsked += 1
        guard let bytes = tariffs.first(where: { Digest.sha256($0).hex == digest }) else {
            throw ServerFailure.problem(
                ServerProblem(status: 404, code: "tariff-file-unknown", detail: ""))
        }
        return isSwappingFiles ? bytes + [0x0A] : bytes
    }

    func standing(unresolved: [Int64]) async throws -> TerminalStanding {
        try answerable()
        askedAbout = unresolved
        return TerminalStanding(
            state: state, last: Int64(entries.count),
            attendants: [Attendant(id: PersonID("mueller")!, name: "Frau Müller")],
            address: "Am Hof 2", yardName: "Wertstoffhof Süd-Ost",
            receiptOrigin: "https://hof.musterstadt.example", kid: registered?.kid,
            logKey: try logVerifier.text, resolved: unresolved.filter(resolved.contains))
    }

    var logVerifier: VerifierKey {
        get throws { try logKeys.last!.verifierKey(name: logName, kind: .note) }
    }

    func announceKey(_ announcement: [UInt8], possession: [UInt8]) async throws {
        try answerable()
        announcements += 1
        let said = try KeyAnnouncement(jws: announcement, signedBy: registered!.key)
        let key = AnnouncedKey(
            terminal: terminal, key: said.key, announcement: announcement, possession: possession)
        try key.check(replacing: registered!.key, log: origin, yard: yard)
        announced = key
    }

    func approveAnnounced() {
        earlier.append(registered!)
        registered = RegisteredKey(
            key: announced!.key, terminal: terminal, yard: yard,
            enrolledAt: Int64(entries.count), isSuccessor: true)
    }

    func logKeySteps() async throws -> [LogKeyStep] {
        try answerable()
        return steps
    }

    /// Puts a new key of the log into force; the old one signs on until ``retireLogKey()``.
    func rotateLog() throws {
        let old = try logVerifier
        let new = try Ed25519PrivateKey.generate()
        let verifier = try new.verifierKey(name: logName, kind: .note)
        let person = PersonID("clara")!
        let rotation = LogKeyRotation(
            key: verifier, checkpoint: [0], requestedBy: person, approvedBy: person)
        logKeys.append(new)
        let shown = try append(.rotateLog(rotation))
        steps.append(
            LogKeyStep(
                from: old.text, to: verifier.text, index: shown.index, entry: shown.entry,
                proof: shown.proof))
    }

    /// The entries from `first` on are lost: people accept it, and another log follows.
    ///
    /// - Parameter isVouchedFor: whether the old log said so.
    func lose(from first: Int, isVouchedFor: Bool = true) throws {
        let (old, ended) = (try logVerifier, logName)
        entries = Array(entries.prefix(first))
        index = index.filter { $0.value < first }
        let new = try Ed25519PrivateKey.generate()
        logName = LogName.successor(of: ended)
        let next = try new.verifierKey(name: logName, kind: .note)
        let text = JournalLoss.endText(
            of: ended, size: Int64(first), root: tree(entries).root, next: next)
        let signer = isVouchedFor ? logKeys.last! : otherKey
        let end = try SignedNote(
            text: text, signatures: [try signer.noteSignature(of: text, name: ended)])
        let loss = JournalLoss(
            key: next, end: end.bytes, first: Int64(first),
            heads: [.init(size: 9, root: Digest.sha256([1]), knownBy: "t1", note: [0])],
            reason: "Platte defekt", requestedBy: PersonID("clara")!,
            approvedBy: PersonID("bernd")!)
        logKeys = [new]
        let shown = try append(.loss(loss))
        steps.append(
            LogKeyStep(
                from: old.text, to: next.text, index: shown.index, entry: shown.entry,
                proof: shown.proof))
    }

    /// Adds a record of the server and proves it.
    private func append(_ fact: ServerFact) throws -> Acknowledgement {
        let at = Timestamp(milliseconds: 0)!
        let record = ServerRecord(log: origin, yard: yard, at: at, fact: fact)
        let signer = try ES256PrivateKey.generate()
        let jws = try signer.compactJWS(
            typ: ServerRecord.typ, kid: signer.publicKey.thumbprint, payload: record.payload)
        entries.append(LogEntry(kind: fact.kind, received: at, jws: jws, flags: []))
        return try acknowledgement(of: entries.count - 1)
    }

    private func tree(_ entries: [LogEntry]) -> LogTree {
        var tree = LogTree()
        for entry in entries { _ = tree.append(MerkleTree.leafHash(entry.bytes)) }
        return tree
    }

    func retireLogKey() { logKeys.removeFirst() }

    func report(_ heartbeat: Heartbeat) async throws {
        try answerable()
        heartbeats.append(heartbeat)
    }

    func submit(_ envelope: Envelope) async throws -> Submission {
        batchSizes.append(1)
        return try admit([envelope])[0]
    }

    func submit(_ envelopes: [Envelope]) async throws -> [Submission] {
        batchSizes.append(envelopes.count)
        return try admit(envelopes)
    }

    func quotas(_ keys: [QuotaKey]) async throws -> [QuotaUse] {
        quotaQuestions += 1
        try answerable()
        return keys.map { QuotaUse(key: $0, used: quotas[$0] ?? 0, taken: 0) }
    }

    private func answerable() throws {
        if isAway { throw ServerFailure.unreachable("away") }
        if let busy { throw busy }
    }

    private func admit(_ envelopes: [Envelope]) throws -> [Submission] {
        try answerable()
        var places: [Int?] = []
        for envelope in envelopes {
            let known = earlier + [registered].compactMap { $0 }
            let checked = try envelope.checked(yard: yard, log: origin) { kid in
                known.first { $0.kid == kid }
            }
            guard !refusedSequences.contains(checked.record.head.sequence) else {
                places.append(nil)
                continue
            }
            if index[checked.statement] == nil {
                index[checked.statement] = entries.count
                entries.append(
                    LogEntry(
                        kind: checked.record.fact.kind, received: checked.record.head.at,
                        jws: envelope.jws, flags: []))
            }
            places.append(index[checked.statement])
        }
        if loseAnswers > 0 {
            loseAnswers -= 1
            throw ServerFailure.unreachable("answer lost")
        }
        return try places.map { place in
            guard let place else { return .refused(refusal) }
            return .acknowledged(try acknowledgement(of: place))
        }
    }

    private func acknowledgement(of place: Int) throws -> Acknowledgement {
        var shown = entries
        if lie == .shrunkenLog { shown = Array(entries.suffix(1)) }
        if lie == .otherEntry {
            shown[place] = LogEntry(
                kind: .sale, received: entries[place].received, jws: [0x61], flags: [])
        }
        let at = lie == .shrunkenLog ? 0 : place
        let tree = tree(shown)
        let head = Checkpoint(origin: logName, size: tree.size, root: tree.root)!
        let keys = lie == .otherKey ? [otherKey] : logKeys
        let note = try SignedNote(
            text: head.body,
            signatures: try keys.map { try $0.noteSignature(of: head.body, name: logName) })
        let path = try tree.inclusionPath(index: Int64(at)) { _ in [] }
        let proof = TlogProof(index: Int64(at), path: path, checkpoint: note)!
        return Acknowledgement(
            index: Int64(at) + (lie == .otherIndex ? 1 : 0), isRepeat: false, flags: [],
            entry: shown[at].bytes, proof: proof.text)
    }
}
