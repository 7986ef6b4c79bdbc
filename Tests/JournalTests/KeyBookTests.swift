import Journal
import Keys
import Sales
import Signing
import Testing
import Text
import Transparency
import Units

/// Keys by the records of a log, from its first entry on.
struct KeyBookTests {
    private let log = "musterstadt.example/log/hof-1"
    private let recordKey: ES256PrivateKey
    private let logKey: Ed25519PrivateKey
    private let first: ES256PrivateKey
    private var book = KeyBook()

    init() throws {
        recordKey = try .generate()
        logKey = try .generate()
        first = try .generate()
        try apply(
            .genesis(
                Genesis(
                    town: "x", yardName: "x", address: "x", logKey: verifier(logKey).text,
                    recordKey: recordKey.publicKey, policy: "x")), at: 0)
        try apply(enrolment(first, "t1"), at: 1)
    }

    private func named<Kind>(_ text: String) throws -> Identifier<Kind> {
        try #require(Identifier<Kind>(text))
    }

    private func verifier(_ key: Ed25519PrivateKey, name: String? = nil) throws -> VerifierKey {
        try key.verifierKey(name: name ?? log, kind: .note)
    }

    private mutating func apply(_ fact: ServerFact, at index: Int64) throws {
        try book.apply(fact, log: log, yard: try named("hof-1"), at: index)
    }

    private func enrolment(_ key: ES256PrivateKey, _ terminal: String) throws -> ServerFact {
        .enrol(
            Enrolment(
                terminal: try named(terminal), name: "x", key: key.publicKey,
                requestedBy: try named("a"), approvedBy: try named("b")))
    }

    /// The rotation of `terminal` from `old` to `new`, with one thing wrong if asked.
    private func rotation(
        from old: ES256PrivateKey, to new: ES256PrivateKey, _ terminal: String = "t1",
        log: String? = nil, yard: String = "hof-1", names: String? = nil
    ) throws -> ServerFact {
        let payload = KeyAnnouncement(
            log: log ?? self.log, yard: try named(yard), terminal: try named(names ?? terminal),
            key: new.publicKey, at: Samples.at
        ).payload
        let signed = try [old, new].map {
            try $0.compactJWS(
                typ: KeyAnnouncement.typ, kid: $0.publicKey.thumbprint, payload: payload)
        }
        return .rotate(
            KeyRotation(
                announced: AnnouncedKey(
                    terminal: try named(terminal), key: new.publicKey, announcement: signed[0],
                    possession: signed[1]), approvedBy: try named("b")))
    }

    private func revocation(_ kid: String, trusted: Int64 = 0) throws -> ServerFact {
        .revoke(
            KeyRevocation(
                terminal: try named("t1"), kid: kid, trusted: trusted,
                trustedIndex: trusted == 0 ? nil : 2, reason: "x", requestedBy: try named("a"),
                approvedBy: try named("b")))
    }

    private func logRotation(
        from old: Ed25519PrivateKey, to new: Ed25519PrivateKey, size: Int64,
        signers: [Ed25519PrivateKey]? = nil, origin: String? = nil
    ) throws -> ServerFact {
        let checkpoint = try #require(
            Checkpoint(origin: origin ?? log, size: size, root: Digest.sha256([UInt8]())))
        let note = try SignedNote(
            text: checkpoint.body,
            signatures: try (signers ?? [old, new]).map {
                try $0.noteSignature(of: checkpoint.body, name: log)
            })
        return .rotateLog(
            LogKeyRotation(
                key: try verifier(new), checkpoint: note.bytes, requestedBy: try named("a"),
                approvedBy: try named("b")))
    }

    private func recordRotation(
        to new: ES256PrivateKey, by signer: ES256PrivateKey? = nil, log: String? = nil
    ) throws -> ServerFact {
        let signer = signer ?? new
        let payload = KeyAnnouncement(
            log: log ?? self.log, yard: try named("hof-1"), terminal: nil, key: new.publicKey,
            at: Samples.at
        ).payload
        return .rotateRecord(
            RecordKeyRotation(
                key: new.publicKey,
                possession: try signer.compactJWS(
                    typ: KeyAnnouncement.typ, kid: signer.publicKey.thumbprint, payload: payload),
                requestedBy: try named("a"), approvedBy: try named("b")))
    }

    @Test mutating func `a key is valid from its record to that of its successor`() throws {
        let (second, third) = (try ES256PrivateKey.generate(), try ES256PrivateKey.generate())
        try apply(try rotation(from: first, to: second), at: 5)
        try apply(try rotation(from: second, to: third), at: 9)

        let keys = try #require(book.terminals[try named("t1")]?.keys)
        #expect(keys.map(\.start) == [1, 5, 9])
        #expect(keys.map(\.end) == [5, 9, nil])
        #expect(book.owners.count == 3)
        #expect(book.terminalKey(second.publicKey.thumbprint)?.key == second.publicKey)
    }

    @Test mutating func `an old key may finish its queue and no more`() throws {
        let second = try ES256PrivateKey.generate()
        let (old, new) = (first.publicKey.thumbprint, second.publicKey.thumbprint)
        book.noteRecord(kid: old, sequence: 1)
        try apply(try rotation(from: first, to: second), at: 5)

        #expect(book.flags(kid: old, sequence: 900).isEmpty)
        book.noteRecord(kid: new, sequence: 7)
        #expect(book.flags(kid: old, sequence: 6).isEmpty)
        #expect(book.flags(kid: old, sequence: 8) == [.retiredKey])
        book.noteRecord(kid: new, sequence: 4)
        #expect(book.flags(kid: old, sequence: 5) == [.retiredKey])
        #expect(book.flags(kid: new, sequence: 900).isEmpty)
    }

    @Test mutating func `after a revocation every key of the terminal is flagged`() throws {
        let second = try ES256PrivateKey.generate()
        try apply(try rotation(from: first, to: second), at: 5)
        #expect(throws: KeyBookError.notInForce(try named("t1"))) {
            try apply(try revocation(first.publicKey.thumbprint), at: 6)
        }
        try apply(try revocation(second.publicKey.thumbprint), at: 6)

        for key in [first, second] {
            #expect(book.flags(kid: key.publicKey.thumbprint, sequence: 1) == [.revokedKey])
        }
        #expect(throws: KeyBookError.notInForce(try named("t1"))) {
            try apply(try revocation(second.publicKey.thumbprint), at: 7)
        }
        #expect(throws: KeyBookError.notInForce(try named("t1"))) {
            try apply(try rotation(from: second, to: try .generate()), at: 7)
        }
    }

    @Test mutating func `each way in which a rotation may not fit is told`() throws {
        let (next, stranger) = (try ES256PrivateKey.generate(), try ES256PrivateKey.generate())
        try apply(enrolment(stranger, "t2"), at: 2)
        let cases: [(ServerFact, KeyBookError)] = [
            (try rotation(from: next, to: next), .announcement),
            (try rotation(from: stranger, to: next), .announcement),
            (try rotation(from: first, to: first), .announcement),
            (try rotation(from: first, to: next, log: "b.example/log"), .announcement),
            (try rotation(from: first, to: next, yard: "hof-2"), .announcement),
            (try rotation(from: first, to: next, names: "t2"), .announcement),
            (try rotation(from: first, to: stranger), .keyUsedBefore),
            (try rotation(from: first, to: next, "t9"), .notInForce(try named("t9"))),
            (try enrolment(next, "t1"), .enrolledTwice(try named("t1"))),
            (try enrolment(first, "t3"), .keyUsedBefore),
        ]
        for (fact, error) in cases {
            #expect(throws: error) { try apply(fact, at: 3) }
        }
        #expect(book.terminals[try named("t1")]?.keys.count == 1)
    }

    @Test mutating func `the log's key changes at a size that both signed`() throws {
        let (new, other) = (try Ed25519PrivateKey.generate(), try Ed25519PrivateKey.generate())
        let cases: [(ServerFact, KeyBookError)] = [
            (try logRotation(from: logKey, to: new, size: 6), .checkpoint),
            (try logRotation(from: logKey, to: new, size: 7, signers: [new]), .checkpoint),
            (try logRotation(from: logKey, to: new, size: 7, signers: [logKey]), .checkpoint),
            (try logRotation(from: logKey, to: new, size: 7, signers: [other, new]), .checkpoint),
            (
                try logRotation(from: logKey, to: new, size: 7, origin: "b.example/log"),
                .checkpoint
            ),
            (try logRotation(from: logKey, to: logKey, size: 7), .keyUsedBefore),
        ]
        for (fact, error) in cases {
            #expect(throws: error) { try apply(fact, at: 7) }
        }
        try apply(try logRotation(from: logKey, to: new, size: 7), at: 7)

        #expect(book.logKey(size: 7) == (try verifier(logKey)))
        #expect(book.logKey(size: 8) == (try verifier(new)))
        #expect(book.logKey == (try verifier(new)))
    }

    @Test mutating func `the records' key changes with the next record`() throws {
        let (new, other) = (try ES256PrivateKey.generate(), try ES256PrivateKey.generate())
        let cases: [(ServerFact, KeyBookError)] = [
            (try recordRotation(to: new, by: other), .possession),
            (try recordRotation(to: new, by: recordKey), .possession),
            (try recordRotation(to: new, log: "b.example/log"), .possession),
            (try recordRotation(to: recordKey), .keyUsedBefore),
        ]
        for (fact, error) in cases {
            #expect(throws: error) { try apply(fact, at: 7) }
        }
        try apply(try recordRotation(to: new), at: 7)
        #expect(book.recordKey == new.publicKey)
        #expect(book.recordKeys.map(\.from) == [0, 8])
    }

    @Test mutating func `a log begins once`() throws {
        let genesis = ServerFact.genesis(
            Genesis(
                town: "x", yardName: "x", address: "x", logKey: try verifier(logKey).text,
                recordKey: recordKey.publicKey, policy: "x"))
        #expect(throws: KeyBookError.genesis) { try apply(genesis, at: 0) }
        #expect(throws: KeyBookError.genesis) { try apply(genesis, at: 4) }
    }
}
