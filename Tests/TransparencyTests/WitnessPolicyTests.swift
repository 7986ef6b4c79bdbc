import Signing
import Testing
import Transparency

@Suite struct WitnessPolicyTests {
    private let log: Signer
    private let witnesses: [Signer]

    init() throws {
        log = try Signer("example.org/log", .note, seed: 1)
        witnesses = try (2..<8).map { try Signer("example.org/w\($0)", .cosignature, seed: $0) }
    }

    private func parse(_ text: String) throws(PolicyError) -> WitnessPolicy {
        try WitnessPolicy.parse(Array(text.utf8))
    }

    private func error(_ text: String) -> PolicyError? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    /// One of the first three and the fourth.
    private var lines: String {
        """
        # the audit office and its neighbours
        log \(log.key.text) https://example.org/log

        \twitness rpa \(witnesses[0].key.text)  https://rpa.example/
        witness \u{1F441} \(witnesses[1].key.text)
        witness c \(witnesses[2].key.text)
        witness d \(witnesses[3].key.text)
        group one any rpa \u{1F441} c
        group both all one d
        quorum both

        """
    }

    @Test func `a policy is read with names, keys and addresses`() throws {
        let policy = try parse(lines)

        #expect(policy.logs.map(\.key) == [log.key])
        #expect(policy.logs.map(\.url) == ["https://example.org/log"])
        #expect(policy.witnesses.map(\.key) == witnesses.prefix(4).map(\.key))
        #expect(policy.witnesses.map(\.url) == ["https://rpa.example/", nil, nil, nil])
        #expect(policy.witnesses.map(\.name.text) == ["rpa", "\u{1F441}", "c", "d"])
        #expect(policy.quorum?.text == "both")
        #expect(try parse("quorum none\n") == .none)
    }

    @Test(arguments: [
        ([], false), ([0], false), ([3], false), ([0, 1, 2], false), ([0, 3], true),
        ([2, 3], true), ([0, 1, 2, 3], true), ([4, 5], false), ([4, 3, 1], true),
    ]) func `the quorum is met by any of three and the fourth`(signers: [Int], isMet: Bool) throws {
        #expect(try parse(lines).isMet(by: signers.map { witnesses[$0].key }) == isMet)
    }

    @Test(arguments: 1...3) func `a number is how many have to agree`(threshold: Int) throws {
        let names = ["a", "b", "c"]
        let text =
            zip(names, witnesses).map { "witness \($0) \($1.key.text)\n" }.joined()
            + "group g \(threshold) a b c\nquorum g\n"
        let policy = try parse(text)

        for count in 0...3 {
            #expect(
                policy.isMet(by: witnesses.prefix(count).map(\.key)) == (count >= threshold))
        }
    }

    @Test func `a checkpoint is judged by log, witnesses and quorum`() throws {
        let body = "example.org/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        let policy = try parse(lines)
        func note(_ signers: Signer..., text: String = body) throws -> SignedNote {
            try SignedNote(text: text, signatures: signers.map { try $0.sign(text) })
        }

        let enough = try policy.verdict(on: note(log, witnesses[3], witnesses[0], witnesses[5]))
        #expect(enough.isMet)
        #expect(enough.witnesses.map(\.name.text) == ["rpa", "d"])
        #expect(enough.checkpoint.size == 7)
        #expect(try !policy.verdict(on: note(log, witnesses[0])).isMet)
        #expect(throws: ProofError.notSignedByLog) {
            try policy.verdict(on: note(witnesses[0], witnesses[3]))
        }
        #expect(throws: ProofError.note(.noKnownSignature)) {
            try policy.verdict(on: note(witnesses[5]))
        }
        #expect(throws: ProofError.checkpoint) {
            try policy.verdict(on: note(log, text: "example.org/log\n7\n"))
        }
        let other =
            "example.org/other\n"
            + body.split(separator: "\n").dropFirst().joined(
                separator: "\n") + "\n"
        #expect(throws: ProofError.origin(found: "example.org/other")) {
            try policy.verdict(on: note(log, text: other))
        }
        let forged = try SignedNote(
            text: body, signatures: [log.sign(body), witnesses[0].sign(other)])
        #expect(throws: ProofError.note(.wrongSignature(name: witnesses[0].key.name))) {
            try policy.verdict(on: forged)
        }
    }

    @Test func `each fault of a file is told with its line`() throws {
        let (a, b) = (witnesses[0].key.text, witnesses[1].key.text)
        let both = "witness a \(a)\nwitness b \(b)\n"
        let cases: [(String, PolicyError.Code, Int)] = [
            ("", .quorumMissing, 1), ("quorum none", .lineEnd, 1),
            ("# x\nquorum none", .lineEnd, 2),
            ("quorum none\r\n", .character, 1), ("\u{0}\n", .character, 1),
            ("quorum\n", .form, 1), ("quorum none none\n", .form, 1), ("\nlog\n", .form, 2),
            ("Quorum none\n", .form, 1), ("log \(log.key.text) u v\n", .form, 1),
            ("witness a\n", .form, 1), ("witness a \(a) u v\n", .form, 1),
            ("group g any\n", .form, 1), ("log \(a)\n", .key, 1), ("log x\n", .key, 1),
            ("witness a \(log.key.text)\n", .key, 1),
            ("log \(log.key.text)\nlog \(log.key.text)\n", .keyTwice, 2),
            ("witness a \(a)\nwitness b \(a)\n", .keyTwice, 2),
            ("witness a \(a)\nwitness a \(b)\n", .nameTaken, 2),
            ("witness none \(a)\n", .nameTaken, 1), (both + "group a any b\n", .nameTaken, 3),
            ("quorum x\n", .nameUnknown, 1), ("group g any none\n", .nameUnknown, 1),
            ("group g any g\n", .nameUnknown, 1), (both + "group g any a a\n", .memberTwice, 3),
            (both + "group g any a\ngroup h any a b\n", .memberTwice, 4),
            (both + "group g 0 a b\n", .threshold, 3), (both + "group g 3 a b\n", .threshold, 3),
            (both + "group g 01 a b\n", .threshold, 3), (both + "group g some a\n", .threshold, 3),
            ("quorum none\nquorum none\n", .quorumTwice, 2), (both, .quorumMissing, 2),
            (String(repeating: "#", count: 1_000_001), .size, 1),
        ]
        for (text, code, line) in cases {
            let found = error(text)
            #expect(
                found?.code == code && found?.line == line, "\(text.prefix(200)): \(found as Any)")
        }
        #expect(Set(cases.map(\.1)) == Set(PolicyError.Code.allCases))
    }

    @Test func `names that only look the same are two`() throws {
        let policy = try parse(
            """
            witness \u{E9} \(witnesses[0].key.text)
            witness e\u{301} \(witnesses[1].key.text)
            quorum e\u{301}

            """)

        #expect(!policy.isMet(by: [witnesses[0].key]))
        #expect(policy.isMet(by: [witnesses[1].key]))
    }

    @Test func `random changes to a policy never crash its reader`() {
        var random = SplitMix(seed: 11)
        let bytes = Array(lines.utf8)
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            changed.removeLast(Int.random(in: 0..<changed.count, using: &random) / 4)
            do { _ = try WitnessPolicy.parse(changed) } catch { #expect(error.line >= 1) }
        }
    }
}
