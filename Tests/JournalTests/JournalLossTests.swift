import Journal
import Keys
import Sales
import Signing
import Testing
import Text
import Transparency
import Units

/// A log that ends because entries are lost, and the one that follows.
struct JournalLossTests {
    private static let log = "musterstadt.example/log/hof-1"
    private static let next = "musterstadt.example/log/hof-1~2"
    private let (old, new): (Ed25519PrivateKey, Ed25519PrivateKey)
    private let recordKey: ES256PrivateKey

    init() throws {
        (old, new) = (try .generate(), try .generate())
        recordKey = try .generate()
    }

    private func named<Kind>(_ text: String) throws -> Identifier<Kind> {
        try #require(Identifier<Kind>(text))
    }

    private func verifier(_ key: Ed25519PrivateKey, _ name: String) throws -> VerifierKey {
        try key.verifierKey(name: name, kind: .note)
    }

    /// A loss at index 3, with one thing wrong if asked.
    private func loss(
        signer: Ed25519PrivateKey? = nil, said: String = Self.log, size: Int64 = 3,
        next: String = Self.next, first: Int64 = 2, text: String? = nil
    ) throws -> JournalLoss {
        let key = try verifier(new, next)
        let text =
            text
            ?? JournalLoss.endText(
                of: said, size: size, root: Digest.sha256([UInt8]()), next: key)
        let end = try SignedNote(
            text: text, signatures: [try (signer ?? old).noteSignature(of: text, name: Self.log)])
        return JournalLoss(
            key: key, end: end.bytes, first: first,
            heads: [
                .init(size: 9, root: Digest.sha256([1]), knownBy: "the terminal t1", note: [0x61])
            ], reason: "Platte defekt", requestedBy: try named("clara"),
            approvedBy: try named("bernd"))
    }

    private func book(with loss: JournalLoss) throws -> KeyBook {
        var book = KeyBook()
        let genesis = Genesis(
            town: "x", yardName: "x", address: "x", logKey: try verifier(old, Self.log).text,
            recordKey: recordKey.publicKey, policy: "x")
        try book.apply(.genesis(genesis), log: Self.log, yard: try named("hof-1"), at: 0)
        try book.apply(.loss(loss), log: Self.log, yard: try named("hof-1"), at: 3)
        return book
    }

    @Test(arguments: [
        ("a.example/log/hof-1", [], "a.example/log/hof-1~2"),
        ("a.example/log/hof-1~2", [], "a.example/log/hof-1~3"),
        ("a.example/log/hof-1", ["a.example/log/hof-1~4"], "a.example/log/hof-1~5"),
        ("a.example/log/hof-1", ["b.example/log/hof-1~4"], "a.example/log/hof-1~2"),
        ("a.example/log/hof-1~x", [], "a.example/log/hof-1~x~2"),
        ("a.example/log/hof-1~02", [], "a.example/log/hof-1~02~2"),
    ])
    func `each log that follows has a number of its own`(
        name: String, others: [String], wanted: String
    ) {
        #expect(LogName.successor(of: name, after: others) == wanted)
        #expect(LogName.isLater(wanted, than: name))
        #expect(!LogName.isLater(name, than: wanted))
        #expect(!LogName.isLater(name, than: name))
    }

    @Test func `every record names the first log`() {
        #expect(LogName.first(of: Self.next) == Self.log)
        #expect(LogName.first(of: Self.log) == Self.log)
    }

    @Test func `a loss reads back as it was written`() throws {
        let record = ServerRecord(
            log: Self.log, yard: try named("hof-1"), at: Samples.at, fact: .loss(try loss()))
        #expect(try ServerRecord(payload: record.payload) == record)
    }

    @Test func `the new log's key signs from the record on`() throws {
        let book = try book(with: try loss())

        #expect(book.logKey(size: 3) == (try verifier(old, Self.log)))
        #expect(book.logKey(size: 4) == (try verifier(new, Self.next)))
        #expect(book.logName == Self.next)
        #expect(book.logStart == 4)
        #expect(book.isKept(inLog: Self.log))
        #expect(book.isKept(inLog: Self.next))
        #expect(book.losses.map(\.last) == [8])
    }

    @Test func `heads of the ended log are accepted from the loss on, no others`() throws {
        let book = try book(with: try loss())
        let any = Digest.sha256([7])

        #expect(!book.isAccepted(log: Self.log, size: 2, root: any))
        #expect(book.isAccepted(log: Self.log, size: 3, root: any))
        #expect(!book.isAccepted(log: Self.next, size: 5, root: any))
        // One that the record names, whatever its log is called.
        #expect(book.isAccepted(log: Self.next, size: 9, root: Digest.sha256([1])))
    }

    @Test func `a loss without the old log's word for it is none`() throws {
        let stranger = try Ed25519PrivateKey.generate()
        let checkpoint = "\(Self.log)\n3\n\(Digest.sha256([UInt8]()).base64)\n"
        let wrong = [
            try loss(signer: stranger), try loss(said: Self.next), try loss(size: 4),
            try loss(next: Self.log), try loss(next: "b.example/log/hof-1~2"),
            try loss(first: 4), try loss(text: checkpoint),
        ]
        for loss in wrong {
            #expect(throws: KeyBookError.loss) { _ = try book(with: loss) }
        }
    }

    @Test func `the old key is not used again`() throws {
        let key = try verifier(old, Self.next)
        let text = JournalLoss.endText(
            of: Self.log, size: 3, root: Digest.sha256([UInt8]()), next: key)
        let end = try SignedNote(
            text: text, signatures: [try old.noteSignature(of: text, name: Self.log)])
        let good = try loss()
        let again = JournalLoss(
            key: key, end: end.bytes, first: 2, heads: good.heads, reason: "x",
            requestedBy: good.requestedBy, approvedBy: good.approvedBy)
        #expect(throws: KeyBookError.keyUsedBefore) { _ = try book(with: again) }
    }

    // MARK: What a terminal follows

    /// The step of a loss at index 0, with its proof under the new key.
    private func step(_ loss: JournalLoss, provenBy key: Ed25519PrivateKey? = nil) throws
        -> LogKeyStep
    {
        let record = ServerRecord(
            log: Self.log, yard: try named("hof-1"), at: Samples.at, fact: .loss(loss))
        let jws = try recordKey.compactJWS(
            typ: ServerRecord.typ, kid: recordKey.publicKey.thumbprint, payload: record.payload)
        let entry = LogEntry(kind: .loss, received: Samples.at, jws: jws, flags: [])
        var tree = LogTree()
        for number in 0..<3 as Range<UInt8> { _ = tree.append(MerkleTree.leafHash([number])) }
        _ = tree.append(MerkleTree.leafHash(entry.bytes))
        let head = try #require(Checkpoint(origin: Self.next, size: 4, root: tree.root))
        let note = try SignedNote(
            text: head.body,
            signatures: [try (key ?? new).noteSignature(of: head.body, name: Self.next)])
        let path = try tree.inclusionPath(index: 3) { _ in [] }
        let proof = try #require(TlogProof(index: 3, path: path, checkpoint: note))
        return LogKeyStep(
            from: try verifier(old, Self.log).text, to: loss.key.text, index: 3,
            entry: entry.bytes, proof: proof.text)
    }

    @Test func `whoever knows the old key learns the new log and what is lost`() throws {
        let followed = try LogKeyStep.follow(
            [try step(try loss())], from: try verifier(old, Self.log))
        #expect(followed == FollowedLog(key: try verifier(new, Self.next), lostFrom: 2))
    }

    @Test func `a new log that the old one did not name is not followed`() throws {
        let known = try verifier(old, Self.log)
        let stranger = try Ed25519PrivateKey.generate()
        #expect(throws: LogKeyStepError.proof) {
            _ = try LogKeyStep.follow([try step(try loss(signer: stranger))], from: known)
        }
        #expect(throws: LogKeyStepError.proof) {
            _ = try LogKeyStep.follow([try step(try loss(), provenBy: stranger)], from: known)
        }
        #expect(throws: LogKeyStepError.entry) {
            _ = try LogKeyStep.follow([try step(try loss(next: Self.log))], from: known)
        }
    }
}
