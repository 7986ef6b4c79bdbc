import Foundation
import Journal
import Keys
import Operations
import Remote
import Signing
import Synchronization
import Transparency
import Units

/// A witness in memory that can be told to misbehave (trust.md F23, F24).
final class FakeWitness: Sendable {
    enum Mood: Sendable {
        case honest, dead, conflict, wrongSignature, movedText, wrongKey, replay, inFuture, nonsense
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

    /// A log key of somebody else's.
    var logKey: VerifierKey {
        get throws { try other.verifierKey(name: "other.example/log/hof-1", kind: .note) }
    }

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
        let text = cosignedText(of: note, head, state.mood)
        let line = try signer.cosignature(of: text, timeSeconds: now, name: verifier.name).line
        guard state.mood != .replay else {
            return PlainReply(status: 200, contentType: "text/plain", body: state.old)
        }
        state.head = head
        state.note = try note.adding([
            key.cosignature(of: head.body, timeSeconds: now, name: verifier.name)
        ])
        state.old = Array("\(line)\n".utf8)
        return reply(200, state.mood == .movedText ? "\n\(line)\n" : "\(line)\n")
    }

    /// A text moved by an empty line is the whole submitted note.
    private func cosignedText(of note: SignedNote, _ head: Checkpoint, _ mood: Mood) -> String {
        switch mood {
        case .wrongSignature: "other\n"
        case .movedText: String(decoding: note.bytes, as: UTF8.self)
        default: head.body
        }
    }

    private func reply(_ status: Int, _ body: String) -> PlainReply {
        PlainReply(status: status, contentType: "text/plain", body: Array(body.utf8))
    }
}

/// Runs `body` with a yard whose policy asks for one witness.
func withWitness(
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
