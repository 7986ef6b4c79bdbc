import Foundation
import Keys
import Operations
import Signing
import Synchronization
import Testing
import Transparency
import Witness

/// A log that signs whatever a test wants.
struct SigningLog {
    static let origin = "musterstadt.example/log/hof-1"

    let key: Ed25519PrivateKey
    let verifier: VerifierKey

    init(_ origin: String = Self.origin) throws {
        key = try .generate()
        verifier = try key.verifierKey(name: origin, kind: .note)
    }

    /// A log of `count` entries; those from `forkedAt` on are others.
    static func leaves(_ count: Int, forkedAt: Int = .max) -> [Digest] {
        (0..<count).map { MerkleTree.leafHash(Array("\($0)\($0 >= forkedAt ? "x" : "")".utf8)) }
    }

    func note(_ leaves: [Digest]) throws -> SignedNote {
        let head = try #require(
            Checkpoint(
                origin: verifier.name, size: Int64(leaves.count), root: MerkleTree.root(of: leaves))
        )
        return try SignedNote(
            text: head.body, signatures: [key.noteSignature(of: head.body, name: verifier.name)])
    }

    func request(_ leaves: [Digest], old: Int) throws -> [UInt8] {
        var tree = LogTree()
        for leaf in leaves { _ = tree.append(leaf) }
        let path = try tree.consistencyPath(from: Int64(old)) { _ in [] }
        let note = try note(leaves)
        return try #require(WitnessRequest(oldSize: Int64(old), path: path, checkpoint: note)).body
    }
}

@Suite struct WitnessBookTests {
    private static let start: Int64 = 1_795_000_000

    /// Runs `body` with a witness that follows `log`.
    func withWitness(
        _ log: SigningLog, _ body: (WitnessFolder) throws -> Void
    ) throws {
        let path = NSTemporaryDirectory() + "hofbuch-witness-\(UUID().uuidString)"
        defer {
            do { try FileManager.default.removeItem(atPath: path) } catch {
                Issue.record("\(path) stays: \(error)")
            }
        }
        _ = try WitnessFolder.create(at: path, name: "rpa.example/witness")
        let folder = WitnessFolder(path)
        #expect(try folder.follow(log.verifier.text) == log.verifier)
        #expect(try folder.follow(log.verifier.text) == log.verifier)
        #expect(try folder.followed() == [log.verifier])
        try body(folder)
    }

    func opened(_ folder: WitnessFolder, at seconds: Int64 = Self.start) throws
        -> WitnessBook
    {
        try WitnessBook(folder) { seconds }
    }

    func cosigned(_ answer: WitnessAnswer) throws -> NoteSignature {
        guard case .cosigned(let signature) = answer else {
            throw WitnessError.incomplete(path: "\(answer)")
        }
        return signature
    }

    @Test func `a head and what continues it are cosigned, also after a restart`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let leaves = SigningLog.leaves(300)
            var book = try opened(folder)
            let first = try cosigned(book.answer(log.request(Array(leaves.prefix(7)), old: 0)))
            let second = try cosigned(book.answer(log.request(leaves, old: 7)))
            let (one, two) = (try log.note(Array(leaves.prefix(7))), try log.note(leaves))

            #expect(try one.adding([first]).verified(by: [log.verifier, book.verifier]).count == 2)
            #expect(
                try two.adding([second]).verified(by: [log.verifier, book.verifier]).count == 2)
            #expect(second.cosignatureTimeSeconds == Self.start)
            book.close()

            book = try opened(folder, at: Self.start + 60)
            let hash = WitnessFolder.hash(of: SigningLog.origin)
            #expect(book.checkpoint(ofOriginHash: hash) == (try two.adding([second]).bytes))
            #expect(book.checkpoint(ofOriginHash: "00") == nil)
            #expect(book.answer(try log.request(leaves, old: 7)).body == "300\n")
            let again = try cosigned(book.answer(log.request(leaves, old: 300)))
            #expect(again.cosignatureTimeSeconds == Self.start + 60)
            book.close()
        }
    }

    @Test func `A12: a fork is refused and kept as evidence, once`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            let honest = SigningLog.leaves(20)
            _ = try cosigned(book.answer(log.request(honest, old: 0)))
            let forked = SigningLog.leaves(30, forkedAt: 19)
            let request = try log.request(forked, old: 20)

            #expect(book.answer(request).status == 422)
            #expect(book.answer(request).status == 422)

            let kept = try FileManager.default.contentsOfDirectory(atPath: folder.evidence)
            #expect(kept.count == 1)
            let place = "\(folder.evidence)/\(try #require(kept.first))"
            let found = FileManager.default.contents(atPath: "\(place)/request")
            #expect(found.map { Array($0) } == request)
            // Two heads that the log signed and that cannot both be true: proof for anybody.
            let stored = try #require(FileManager.default.contents(atPath: "\(place)/stored"))
            let note = try SignedNote.parse(Array(stored))
            #expect(try note.verified(by: [log.verifier, book.verifier]).count == 2)
            #expect(try note.text == log.note(honest).text)
            #expect(book.answer(try log.request(honest, old: 20)).status == 200)
            book.close()
        }
    }

    @Test func `a signature line that fills the whole note is kept once`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            let leaves = SigningLog.leaves(5)
            let note = try log.note(leaves)
            let repeated = try SignedNote(
                text: note.text,
                signatures: (0..<SignedNote.signatureCountMax).map { _ in note.signatures[0] })
            let request = WitnessRequest(oldSize: 0, path: [], checkpoint: repeated)

            let signature = try cosigned(book.answer(try #require(request).body))

            let hash = WitnessFolder.hash(of: SigningLog.origin)
            #expect(book.checkpoint(ofOriginHash: hash) == (try note.adding([signature]).bytes))
            #expect(try book.answer(log.request(SigningLog.leaves(9), old: 5)).status == 200)
            book.close()
        }
    }

    @Test func `origins that only look the same are two logs, after a restart too`() throws {
        let one = try SigningLog("musterstadt.example/log/h\u{F6}f")
        let two = try SigningLog("musterstadt.example/log/ho\u{308}f")
        try withWitness(one) { folder in
            _ = try folder.follow(two.verifier.text)
            var book = try opened(folder)
            for log in [one, two] {
                _ = try cosigned(book.answer(log.request(SigningLog.leaves(20), old: 0)))
            }
            book.close()

            book = try opened(folder)

            #expect(book.sizes.map { $0.size } == [20, 20])
            for log in [one, two] {
                let fork = SigningLog.leaves(30, forkedAt: 19)
                #expect(try book.answer(log.request(fork, old: 0)).body == "20\n")
                #expect(try book.answer(log.request(fork, old: 20)).status == 422)
            }
            book.close()
        }
    }

    @Test func `what no followed log signed leaves no trace`() throws {
        let log = try SigningLog()
        let stranger = try SigningLog("other.example/log")
        let thief = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            let leaves = SigningLog.leaves(3)

            #expect(book.answer(Array("old 0\n".utf8)).status == 400)
            #expect(try book.answer(stranger.request(leaves, old: 0)).status == 404)
            #expect(try book.answer(thief.request(leaves, old: 0)).status == 403)
            let conflict = try book.answer(log.request(leaves, old: 2))
            #expect(conflict.status == 409)
            #expect(conflict.contentType == "text/x.tlog.size")
            #expect(conflict.body == "0\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.evidence).isEmpty)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path + "/heads").isEmpty)
            book.close()
        }
    }

    @Test func `nothing is cosigned while the clock is behind the last cosignature`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let (now, leaves) = (Moving(Self.start), SigningLog.leaves(9))
            let book = try WitnessBook(folder) { now.seconds }
            _ = try cosigned(book.answer(log.request(Array(leaves.prefix(4)), old: 0)))

            now.seconds = Self.start - 3_600
            #expect(try book.answer(log.request(leaves, old: 4)).status == 503)
            now.seconds = Self.start
            #expect(try book.answer(log.request(leaves, old: 4)).status == 200)
            book.close()
        }
    }

    @Test func `of many at once one wins, and no two cosigned heads contradict`() async throws {
        let log = try SigningLog()
        let path = NSTemporaryDirectory() + "hofbuch-witness-\(UUID().uuidString)"
        _ = try WitnessFolder.create(at: path, name: "rpa.example/witness")
        _ = try WitnessFolder(path).follow(log.verifier.text)
        let book = try opened(WitnessFolder(path))
        let requests = try (1...16).map {
            try log.request(SigningLog.leaves(10, forkedAt: 10 - $0 % 10), old: 0)
        }

        let answers = await withTaskGroup(of: WitnessAnswer.self) { group in
            for request in requests { group.addTask { book.answer(request) } }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(answers.count { $0.status == 200 } == 1)
        #expect(answers.count { $0.status == 409 } == 15)
        book.close()
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `a folder that is not whole, or not true, is not served`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            _ = try cosigned(book.answer(log.request(SigningLog.leaves(5), old: 0)))
            #expect(throws: OperationsError.self) { try opened(folder) }
            book.close()
            #expect(throws: WitnessError.exists(path: folder.path)) {
                try WitnessFolder.create(at: folder.path, name: "other")
            }
            let head = "\(folder.path)/heads/\(WitnessFolder.hash(of: SigningLog.origin))"
            let text = try String(contentsOfFile: head, encoding: .utf8)
            try Data(text.replacing("\n5\n", with: "\n4\n").utf8).write(
                to: URL(fileURLWithPath: head))
            #expect(throws: WitnessError.headDamaged(path: head)) { try opened(folder) }
            // Something is there and cannot be read: the witness must not begin anew.
            try FileManager.default.removeItem(atPath: head)
            try FileManager.default.createDirectory(
                atPath: head, withIntermediateDirectories: false)
            #expect(throws: WitnessError.headDamaged(path: head)) { try opened(folder) }
            try FileManager.default.removeItem(atPath: head)
            try Data(text.utf8).write(to: URL(fileURLWithPath: head))
            try opened(folder).close()
            let heads = "\(folder.path)/heads"
            try FileManager.default.removeItem(atPath: heads)
            #expect(throws: WitnessError.incomplete(path: heads)) { try opened(folder) }
        }
    }

    @Test func `names and keys of other kinds are refused`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let cosigner = try log.key.verifierKey(name: "w", kind: .cosignature).text
            for text in ["", "x", cosigner] {
                #expect(throws: WitnessError.logKey(text)) { try folder.follow(text) }
            }
            #expect(throws: WitnessError.name("a b")) {
                try WitnessFolder.create(at: folder.path + "/2", name: "a b")
            }
        }
    }
}

/// A time that a test moves.
private final class Moving: Sendable {
    private let time: Mutex<Int64>

    init(_ seconds: Int64) {
        time = Mutex(seconds)
    }

    var seconds: Int64 {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
