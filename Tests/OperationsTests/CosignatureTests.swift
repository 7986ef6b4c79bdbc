import DayClosing
import Foundation
import Journal
import Keys
import Operations
import Remote
import Sales
import Signing
import Storage
import Synchronization
import Testing
import Transparency
import Units

/// A witness in memory that can be told to misbehave (trust.md F23, F24).
private final class FakeWitness: Sendable {
    enum Mood: Sendable {
        case honest, dead, conflict, wrongSignature, wrongKey, replay, inFuture, nonsense
    }

    private struct State {
        var mood = Mood.honest
        var head: Checkpoint?
        var note: SignedNote?
        var old: [UInt8] = []
        var count = 0
    }

    let key: Ed25519PrivateKey
    let verifier: VerifierKey
    private let other: Ed25519PrivateKey
    private let clock: TestClock
    private let log = Mutex<[VerifierKey]>([])
    private let state = Mutex(State())

    init(_ clock: TestClock) throws {
        key = try .generate()
        other = try .generate()
        verifier = try key.verifierKey(name: "rpa.example/witness", kind: .cosignature)
        self.clock = clock
    }

    var mood: Mood {
        get { state.withLock { $0.mood } }
        set { state.withLock { $0.mood = newValue } }
    }

    /// How often it was asked to cosign.
    var count: Int { state.withLock { $0.count } }

    func follow(_ key: VerifierKey) { log.withLock { $0.append(key) } }

    /// Remembers a head without being asked, as after a restored copy of the log.
    func remember(_ note: SignedNote) { state.withLock { $0.note = note } }

    var policy: String { "witness rpa \(verifier.text) http://rpa.example/\nquorum rpa\n" }

    func answer(_ request: PlainRequest) throws -> PlainReply {
        struct Dead: Error {}
        let keys = log.withLock { $0 }
        return try state.withLock { state in
            guard state.mood != .dead else { throw Dead() }
            guard let body = request.body else {
                guard let note = state.note else { return reply(404, "") }
                return PlainReply(status: 200, contentType: "text/plain", body: note.bytes)
            }
            state.count += 1
            guard state.mood != .nonsense else { return reply(200, "hello\n") }
            guard state.mood != .conflict else { return reply(409, "999999\n") }
            guard let asked = WitnessRequest(body: body) else { return reply(400, "") }
            let verdict = asked.judged(keys: keys, stored: state.head)
            switch verdict {
            case .otherSize(let stored, _): return reply(409, "\(stored)\n")
            case .cosign(let head): return try cosign(head, asked.checkpoint, &state)
            default: return reply(verdict.status, "")
            }
        }
    }

    private func cosign(_ head: Checkpoint, _ note: SignedNote, _ state: inout State) throws
        -> PlainReply
    {
        let now = clock.now.milliseconds / 1_000 + (state.mood == .inFuture ? 3_600 : 0)
        let signer = state.mood == .wrongKey ? other : key
        let text = state.mood == .wrongSignature ? "other\n" : head.body
        let line = try signer.cosignature(of: text, timeSeconds: now, name: verifier.name).line
        guard state.mood != .replay else {
            return PlainReply(status: 200, contentType: "text/plain", body: state.old)
        }
        state.head = head
        state.note = try note.adding([
            key.cosignature(of: head.body, timeSeconds: now, name: verifier.name)
        ])
        state.old = Array("\(line)\n".utf8)
        return reply(200, "\(line)\n")
    }

    private func reply(_ status: Int, _ body: String) -> PlainReply {
        PlainReply(status: status, contentType: "text/plain", body: Array(body.utf8))
    }
}

struct CosignatureTests {
    /// Runs `body` with a yard whose policy asks for one witness.
    private func withWitness(
        settings: String = "",
        _ body: (TestYard, FakeWitness, CosignatureRounds) async throws -> Void
    ) async throws {
        try await withFolder { path in
            let clock = TestClock(TestClock.morning)
            let witness = try FakeWitness(clock)
            let folder = DataDirectory(path + "/data").witness
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data(witness.policy.utf8).write(to: URL(fileURLWithPath: folder + "/policy"))
            try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/settings"))
            let yard = try await TestYard.open(
                path + "/data", clock: clock, terminals: 1, hasTariff: true)
            witness.follow(try yard.logKey)
            let rounds = CosignatureRounds(yard.installation) { try witness.answer($0) }
            do { try await body(yard, witness, rounds) } catch {
                try yard.installation.close()
                throw error
            }
            try yard.installation.close()
        }
    }

    private func close(_ yard: TestYard) async throws -> Int64 {
        try await yard.sell("privat: 1 m³ gruenabfall")
        try await yard.count(Tally(count: 1, amount: Cents(1_200)))
        return try await yard.installation.approveClose(at: yard.yard, by: TestYard.approver).number
    }

    @Test func `a close is approved, then witnessed, and every proof says so`() async throws {
        try await withWitness { yard, witness, rounds in
            let number = try await close(yard)
            let installation = yard.installation
            #expect(try installation.seal(ofClose: number, at: yard.yard).state == .approved)
            #expect(try installation.logStatus(of: yard.yard).salesSince == 1)
            #expect(try installation.witnessedCheckpoint(of: yard.yard) == nil)

            await rounds.round()

            let seal = try installation.seal(ofClose: number, at: yard.yard)
            #expect(seal.state == .witnessed)
            #expect(seal.witnesses.map(\.name) == ["rpa"])
            #expect(try installation.logStatus(of: yard.yard).salesSince == 0)
            let policy = try WitnessPolicy.parse(
                Array(try installation.publishedPolicy(of: yard.yard).utf8))
            let note = try #require(try installation.witnessedCheckpoint(of: yard.yard))
            #expect(try policy.verdict(on: note).isMet)
            let proof = try installation.publishedProof(of: 0, in: yard.yard)
            #expect(try policy.verdict(on: proof.checkpoint).isMet)

            // Nothing new: nobody is asked.
            let count = witness.count
            await rounds.round()
            #expect(witness.count == count)
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try installation.logStatus(of: yard.yard).salesSince == 1)
            await rounds.round()
            #expect(try installation.logStatus(of: yard.yard).salesSince == 0)
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test(arguments: [
        ("dead", "witness-unreachable"), ("conflict", "witness-ahead"),
        ("wrongSignature", "witness-wrong-signature"), ("wrongKey", "witness-wrong-signature"),
        ("replay", "witness-wrong-signature"), ("inFuture", "witness-in-future"),
        ("nonsense", "witness-wrong-signature"),
    ]) func `a witness that misbehaves stops nobody, and nothing of it is kept`(
        mood: String, code: String
    ) async throws {
        let moods: [String: FakeWitness.Mood] = [
            "dead": .dead, "conflict": .conflict, "wrongSignature": .wrongSignature,
            "wrongKey": .wrongKey, "replay": .replay, "inFuture": .inFuture, "nonsense": .nonsense,
        ]
        try await withWitness { yard, witness, rounds in
            await rounds.round()
            let before = try yard.installation.logStatus(of: yard.yard).witnessedSize
            witness.mood = try #require(moods[mood])

            let number = try await close(yard)
            await rounds.round()

            let status = try yard.installation.logStatus(of: yard.yard)
            #expect(status.witnessedSize == before)
            #expect(status.witnesses.map { $0.problem?.code } == [code])
            #expect(
                try yard.installation.seal(ofClose: number, at: yard.yard).state == .approved)
            // Sales go on, exports too, and later the close is witnessed after all.
            try await yard.sell("privat: 1 m³ gruenabfall")
            witness.mood = .honest
            await rounds.round()
            #expect(
                try yard.installation.seal(ofClose: number, at: yard.yard).state == .witnessed)
            #expect(
                try yard.installation.logStatus(of: yard.yard).witnesses.allSatisfy {
                    $0.problem == nil
                })
        }
    }

    @Test func `a witness that knows a larger head of this log stops all writing`() async throws {
        try await withWitness { yard, witness, rounds in
            let size = try yard.installation.logStatus(of: yard.yard).size
            let key = try KeyFile.readEd25519(path: yard.directory.logKey(yard: "hof-1"))
            func head(_ size: Int64) throws -> SignedNote {
                let head = try #require(
                    Checkpoint(
                        origin: yard.yard.origin, size: size, root: Digest.sha256([1])))
                return try SignedNote(
                    text: head.body,
                    signatures: [key.noteSignature(of: head.body, name: yard.yard.origin)])
            }
            // What the log did not sign says nothing.
            let thief = try Ed25519PrivateKey.generate()
            let unsigned = try head(size + 10)
            witness.remember(
                try SignedNote(
                    text: unsigned.text,
                    signatures: [
                        thief.noteSignature(of: unsigned.text, name: yard.yard.origin)
                    ]))
            await rounds.compareHeads()
            try await yard.sell("privat: 1 m³ gruenabfall")

            witness.remember(try head(size + 10))
            witness.mood = .conflict
            await rounds.round()

            await #expect(
                throws: OperationsError.rollback(
                    yard: yard.yard.origin, stored: size + 1, known: size + 10)
            ) { try await yard.sell("privat: 1 m³ gruenabfall") }
            // Reading goes on.
            #expect(try yard.installation.logStatus(of: yard.yard).size == size + 1)
            // A later start knows it, although the witness is away then.
            let kept = "\(yard.directory.witness)/contradiction-hof-1"
            #expect(FileManager.default.contents(atPath: kept) != nil)
        }
    }

    @Test func `exports wait for witnesses only where the settings say so`() async throws {
        for (settings, waits) in [("", false), ("exports wait\n", true)] {
            try await withWitness(settings: settings) { yard, witness, rounds in
                witness.mood = .dead
                let number = try await close(yard)
                let installation = yard.installation
                func export() async throws -> [UInt8] {
                    let made = try await installation.createExport(
                        "hledger", of: [number], at: yard.yard, by: TestYard.office)
                    return try installation.exportFile(
                        made.files[0].name, ofExport: made.number, at: yard.yard,
                        by: TestYard.office)
                }
                if waits {
                    await #expect(throws: OperationsError.closeNotWitnessed(number)) {
                        _ = try await export()
                    }
                    witness.mood = .honest
                    await rounds.round()
                    #expect(try await !export().isEmpty)
                } else {
                    let before = try await export()
                    witness.mood = .honest
                    await rounds.round()
                    #expect(try installation.seal(ofClose: number, at: yard.yard).isWitnessed)
                    #expect(try await export() == before)
                }
            }
        }
    }
}
