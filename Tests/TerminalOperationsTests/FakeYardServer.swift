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
    private let logKey: Ed25519PrivateKey
    private let otherKey: Ed25519PrivateKey
    private var registered: RegisteredKey?
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

    init() throws {
        logKey = try Ed25519PrivateKey.generate()
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
            address: "Am Hof 1", log: origin,
            logKey: try logKey.verifierKey(name: origin, kind: .note).text, token: "secret",
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

    func standing() async throws -> TerminalStanding {
        try answerable()
        return TerminalStanding(
            state: state, last: Int64(entries.count),
            attendants: [Attendant(id: PersonID("mueller")!, name: "Frau Müller")],
            address: "Am Hof 2")
    }

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
            let registered = self.registered
            let checked = try envelope.checked(yard: yard, log: origin) { kid in
                kid == registered?.key.thumbprint ? registered : nil
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
        var tree = LogTree()
        for entry in shown { _ = tree.append(MerkleTree.leafHash(entry.bytes)) }
        let head = Checkpoint(origin: origin, size: tree.size, root: tree.root)!
        let key = lie == .otherKey ? otherKey : logKey
        let note = try SignedNote(
            text: head.body, signatures: [try key.noteSignature(of: head.body, name: origin)])
        let path = try tree.inclusionPath(index: Int64(at)) { _ in [] }
        let proof = TlogProof(index: Int64(at), path: path, checkpoint: note)!
        return Acknowledgement(
            index: Int64(at) + (lie == .otherIndex ? 1 : 0), isRepeat: false, flags: [],
            entry: shown[at].bytes, proof: proof.text)
    }
}
