import Signing
import Testing
import Transparency

@Suite struct WitnessVerdictTests {
    private let log: Signer
    private let other: Signer
    private let small = MemoryLog(size: 300)
    private let large = MemoryLog(size: 1000)

    init() throws {
        log = try Signer("example.org/log", .note, seed: 1)
        other = try Signer("example.org/other", .note, seed: 2)
    }

    private func head(_ log: MemoryLog, _ name: String = "example.org/log") throws -> Checkpoint {
        try #require(Checkpoint(origin: name, size: log.tree.size, root: log.tree.root))
    }

    /// A log that began like `small` and went on otherwise.
    private var fork: MemoryLog {
        var fork = MemoryLog(size: 299)
        for _ in 299..<1000 { fork.append([1]) }
        return fork
    }

    private func request(
        old: Int64, path: [Digest], _ head: Checkpoint, by signer: Signer? = nil
    ) throws -> WitnessRequest {
        let note = try SignedNote(
            text: head.body, signatures: [(signer ?? log).sign(head.body)])
        return try #require(WitnessRequest(oldSize: old, path: path, checkpoint: note))
    }

    private var path: [Digest] {
        get throws { try large.tree.consistencyPath(from: 300, tile: large.tile) }
    }

    @Test func `what continues the stored head is cosigned`() throws {
        let keys = [other.key, log.key]
        let (old, new) = (try head(small), try head(large))
        let empty = try head(MemoryLog(size: 0))

        let judged = try [
            request(old: 0, path: [], new).judged(keys: keys, stored: nil),
            request(old: 300, path: path, new).judged(keys: keys, stored: old),
            request(old: 1000, path: [], new).judged(keys: keys, stored: new),
            request(old: 0, path: [], empty).judged(keys: keys, stored: nil),
            request(old: 0, path: [], new).judged(keys: keys, stored: empty),
        ]
        #expect(judged == [.cosign(new), .cosign(new), .cosign(new), .cosign(empty), .cosign(new)])
        #expect(judged.allSatisfy { $0.status == 200 && !$0.isEvidence })
    }

    @Test func `each reason to refuse has its answer`() throws {
        let keys = [log.key]
        let (old, new) = (try head(small), try head(large))
        let forked = try head(fork)
        let wrongEmpty = try #require(
            Checkpoint(origin: log.key.name, size: 0, root: Digest.sha256([1])))
        let noCheckpoint = try SignedNote(text: "x\n", signatures: [log.sign("x\n")])
        let cases: [(WitnessRequest, Checkpoint?, WitnessVerdict, Int, Bool)] = try [
            (
                #require(WitnessRequest(oldSize: 0, path: [], checkpoint: noCheckpoint)), nil,
                .malformed, 400, false
            ),
            (
                request(old: 0, path: [], head(large, "example.org/other"), by: other), nil,
                .unknownOrigin("example.org/other"), 404, false
            ),
            (request(old: 0, path: [], new, by: other), nil, .notSignedByLog, 403, false),
            (request(old: 1001, path: [], new), old, .oldAboveSize, 400, false),
            (
                request(old: 0, path: [], new), old, .otherSize(stored: 300, contradicts: false),
                409, false
            ),
            (
                request(old: 1, path: path, new), nil, .otherSize(stored: 0, contradicts: false),
                409, false
            ),
            (
                request(old: 300, path: path, forked), new,
                .otherSize(stored: 1000, contradicts: true), 409, true
            ),
            (request(old: 0, path: [], wrongEmpty), nil, .inconsistent(stored: nil), 422, true),
            (request(old: 0, path: path, new), nil, .inconsistent(stored: nil), 422, true),
            (request(old: 300, path: path, forked), old, .inconsistent(stored: old), 422, true),
            (request(old: 300, path: [], new), old, .inconsistent(stored: old), 422, true),
            (request(old: 1000, path: [], forked), new, .inconsistent(stored: new), 422, true),
            (request(old: 1000, path: path, new), new, .inconsistent(stored: new), 422, true),
        ]
        for (request, stored, wanted, status, isEvidence) in cases {
            let verdict = request.judged(keys: keys, stored: stored)
            #expect(verdict == wanted)
            #expect(verdict.status == status)
            #expect(verdict.isEvidence == isEvidence)
        }
    }

    @Test func `reasons come in their order`() throws {
        // Each has all later faults as well: an unknown log whose signature is wrong, and so on.
        let unknown = try request(old: 2000, path: path, head(large, "example.org/other"))
        let unsigned = try request(old: 2000, path: path, head(fork), by: other)
        let above = try request(old: 2000, path: path, head(fork))
        let stale = try request(old: 7, path: path, head(fork))
        let old = try head(small)

        let verdicts = [unknown, unsigned, above, stale].map {
            $0.judged(keys: [log.key], stored: old).status
        }
        #expect(verdicts == [404, 403, 400, 409])
    }

    @Test func `a known key with a wrong signature refuses whatever else signed`() throws {
        let new = try head(large)
        let note = try SignedNote(
            text: new.body, signatures: [log.sign(new.body), log.sign(new.body + "\n")])
        let request = try #require(WitnessRequest(oldSize: 0, path: [], checkpoint: note))

        #expect(request.judged(keys: [log.key], stored: nil) == .notSignedByLog)
    }

    @Test func `a request has one spelling`() throws {
        let request = try request(old: 300, path: path, head(large))
        let text = String(decoding: request.body, as: UTF8.self)

        #expect(WitnessRequest(body: request.body) == request)
        let others = [
            "", "old 300\n", text.replacing("old 300", with: "old 0300"),
            text.replacing("old 300", with: "old -1"), text.replacing("old 300", with: "Old 300"),
            text.replacing("old 300", with: "old 300 "), text.replacing("old 300\n", with: ""),
            text.replacing("=\n\n", with: "=\n"), text + "x", text.replacing("\n", with: "\r\n"),
            "old 300\n" + String(repeating: request.path[0].base64 + "\n", count: 64)
                + text.drop { $0 != "=" }.dropFirst(),
        ]
        for other in others { #expect(WitnessRequest(body: Array(other.utf8)) == nil, "\(other)") }
    }
}
