import DayClosing
import Foundation
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Tariffs
import Testing
import Text
import Transparency
import Units

/// Abuse cases of the trust model that concern single bytes, by their numbers.
@Suite struct MalformedAbuseTests {
    @Test(arguments: ["9223372036854775807", "1000001", "0", "-1", "-9223372036854775808"])
    func `A38 an amount out of its range is refused`(amount: String) async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let changed = try yard.resigned(signed, "\"total\":1200", "\"total\":\(amount)")
            #expect(await yard.refusal(changed)?.code == "payload-malformed")
        }
    }

    @Test(arguments: ["19.99", "1e2", "100.0", "1.2e3", "\"1200\"", "1200.0"])
    func `A39 an amount that is no whole number is refused`(amount: String) async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let changed = try yard.resigned(signed, "\"total\":1200", "\"total\":\(amount)")
            #expect(await yard.refusal(changed)?.code == "payload-malformed")
        }
    }

    @Test(arguments: ["hof-\u{430}", "HOF-1", "hof\u{200B}-1", "höf-1", "hof-1 ", "\u{FF48}of-1"])
    func `A40 an identifier is plain ASCII`(id: String) async throws {
        #expect(YardID(id) == nil)
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let changed = try yard.resigned(signed, "\"yard\":\"hof-1\"", "\"yard\":\"\(id)\"")
            #expect(await yard.refusal(changed)?.code == "payload-malformed")
        }
    }

    @Test func `A40 text that turns its direction is refused, also in personal data`() async throws
    {
        try await withYard { yard in
            let json =
                "{\"jws\":\"a.b.c\",\"personal\":[{\"name\":\"plate\",\"salt\":\"\",\"value\":"
                + "\"GÖ\u{202E}1\"}]}"
            #expect(throws: StrictJSONError.self) { try StrictJSON.parse(Array(json.utf8)) }
        }
    }

    @Test(arguments: [
        ("GÖ\u{2011}АВ 12", true), ("ΑΒΓ 1234", true), ("GÖ-AB 12", false), ("ÖÄ ü 7", false),
        ("---", false),
    ])
    func `A40 a plate in another alphabet is recorded, flagged and not found as its twin`(
        plate: String, isFlagged: Bool
    ) async throws {
        try await withYard { yard in
            let disclosure = Disclosure(
                name: .plate, salt: SystemRandom.bytes(32), value: plate)
            let signed = try yard.terminal.sign(yard.greenWaste, disclosures: [disclosure])

            let answer = try await yard.admit(signed)

            #expect(answer.flags == (isFlagged ? ["plate-alphabet"] : []))
            let found = try await yard.installation.sales(
                withPlate: "GÖ-AB 12", at: yard.yard, for: "Reklamation", by: TestYard.cashier)
            #expect(found.count == (plate == "GÖ-AB 12" ? 1 : 0))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `A42 no other algorithm, key or header is believed`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let parts = try CompactJWS.parse(signed.envelope.jws)
            let kid = parts.kid
            let headers = [
                #"{"alg":"none","kid":"\#(kid)","typ":"wsh-sale+jws"}"#,
                #"{"alg":"HS256","kid":"\#(kid)","typ":"wsh-sale+jws"}"#,
                #"{"alg":"ES256","kid":"\#(kid)","typ":"wsh-sale+jws","jwk":{}}"#,
                #"{"alg":"ES256","kid":"\#(kid)","typ":"wsh-sale+jws","crit":["b64"]}"#,
                #"{"alg":"ES256","kid":"\#(kid)","kid":"\#(kid)","typ":"wsh-sale+jws"}"#,
                #"{"alg":"es256","kid":"\#(kid)","typ":"wsh-sale+jws"}"#,
            ]
            for header in headers {
                let input =
                    Base64URL.encodedBytes(Array(header.utf8)) + [0x2E]
                    + Base64URL.encodedBytes(parts.payload)
                let jws = CompactJWS.bytes(
                    signingInput: input, signature: try yard.terminal.key.sign(input))
                #expect(
                    await yard.refusal(Envelope(jws: jws, disclosures: []))?.code
                        == "jws-malformed", "\(header)")
            }
            let unsigned = parts.signingInput + [0x2E]
            #expect(
                await yard.refusal(Envelope(jws: unsigned, disclosures: []))?.code
                    == "jws-malformed")
        }
    }

    @Test func `A43 a signature of zeros or of the order is none, and a key is a point`()
        async throws
    {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let parts = try CompactJWS.parse(signed.envelope.jws)
            let order: [UInt8] = try #require(
                Hex.decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"))
            let zero = [UInt8](repeating: 0, count: 32)
            let (r, s) = (Array(parts.signature.prefix(32)), Array(parts.signature.suffix(32)))
            for signature in [zero + zero, zero + s, r + zero, order + s, r + order, order + order]
            {
                let jws = CompactJWS.bytes(signingInput: parts.signingInput, signature: signature)
                #expect(
                    await yard.refusal(Envelope(jws: jws, disclosures: []))?.code
                        == "signature-wrong")
            }
            #expect(ES256PublicKey(raw: [UInt8](repeating: 0, count: 64)) == nil)
            #expect(ES256PublicKey(raw: [UInt8](repeating: 1, count: 64)) == nil)
            #expect(ES256PublicKey(raw: [UInt8](repeating: 0xFF, count: 64)) == nil)
        }
    }

    @Test func `A44 a code has 128 bits and no code comes twice`() async throws {
        try await withYard(terminals: 0) { yard in
            var codes: Set<String> = []
            for number in 0..<200 {
                let (_, code) = try await yard.installation.requestEnrolment(
                    TestYard.named("t\(number)"), name: "x", at: yard.yard, by: TestYard.office)
                #expect(Hex.decode(code)?.count == 16)
                codes.insert(code)
            }
            #expect(codes.count == 200)
        }
    }

    @Test func `A46 a card number in free text is refused or not kept`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            for text in ["Karte 4111 1111 1111 1111", "5555555555554444", "3782-822463-10005"] {
                await #expect(throws: OperationsError.cardNumber) {
                    _ = try await yard.installation.requestReversal(
                        ReversalWish(
                            kind: .refund, original: reference, amounts: nil, reason: text,
                            method: .bankTransfer), at: yard.yard, by: TestYard.cashier)
                }
                await #expect(throws: OperationsError.cardNumber) {
                    _ = try await yard.installation.requestRevocation(
                        of: yard.terminal.id, trusted: 0, reason: text, at: yard.yard,
                        by: TestYard.office)
                }
                // The sale is paid, so it is recorded; the text beside it is not.
                let note = Disclosure(name: .note, salt: SystemRandom.bytes(32), value: text)
                let plate = Disclosure(name: .plate, salt: SystemRandom.bytes(32), value: "GÖ X 1")
                let signed = try yard.terminal.sign(yard.greenWaste, disclosures: [note, plate])
                _ = try await yard.admit(signed)
                let reading = try yard.installation.saleDetail(signed.reference, of: yard.yard)
                let kept = try await yard.installation.personalData(
                    of: reading, for: "Reklamation", by: TestYard.cashier)
                #expect(kept.map(\.name) == [.plate])
            }
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `A46 no byte of a card number is in database, write-ahead log or exports`()
        async throws
    {
        let numbers = ["4111 1111 1111 1111", "5555555555554444", "3782-822463-10005"]
        try await withYard { yard in
            var payloads: [(name: String, bytes: Data)] = []
            for number in numbers {
                let disclosures = [
                    (PersonalField.customer, "Frau \(number)"), (.note, number),
                    (.plate, "GÖ-KN 71"),
                ].map { Disclosure(name: $0, salt: SystemRandom.bytes(32), value: $1) }
                let signed = try yard.terminal.sign(yard.greenWaste, disclosures: disclosures)
                let index = try await yard.admit(signed).index
                let record = try yard.installation.record(
                    at: LogPosition(yard: yard.yard.number, index: index))
                #expect(record.entry.flags == [.cardNumber])
                payloads.append(("payload/\(index)", Data(record.jws.payload)))
            }
            try await yard.close(Tally(count: 3, amount: Cents(3_600)))

            let contents = try await exported(yard) + payloads

            func holders(_ text: String) -> [String] {
                contents.filter { $0.bytes.range(of: Data(text.utf8)) != nil }.map(\.name)
            }
            for number in numbers {
                let digits = number.filter { "0"..."9" ~= $0 }
                #expect(holders(number) == [] && holders(digits) == [], "\(number)")
            }
            // What is kept, and what is no personal data, is found in the same bytes.
            #expect(contents.contains { $0.name == "data/hofbuch.sqlite3-wal" })
            #expect(holders("GÖ-KN 71").contains { $0.hasPrefix("data/hofbuch.sqlite3") })
            #expect(holders("kind sale").contains { $0.hasPrefix("log/tile/entries/") })
            #expect(holders("\"total\":1200").filter { $0.hasPrefix("payload/") }.count == 3)
            #expect(holders("t1-000001").contains { $0.hasPrefix("gobd/") })
            #expect(holders("36.00").contains { $0.hasPrefix("hledger/") })
        }
    }

    /// Every file of the data directory, of an exported log and of two exports.
    private func exported(_ yard: TestYard) async throws -> [(name: String, bytes: Data)] {
        var contents: [(name: String, bytes: Data)] = []
        for format in ["hledger", "gobd"] {
            let export = try await yard.installation.createExport(
                format, of: [1], at: yard.yard, by: TestYard.office)
            for file in export.files {
                let bytes = try yard.installation.exportFile(
                    file.name, ofExport: export.number, at: yard.yard, by: TestYard.office)
                contents.append(("\(format)/\(file.name)", Data(bytes)))
            }
        }
        let log = yard.directory.path + "/../log"
        _ = try LogExport.write(yard.directory, yard: nil, into: log, hasEntries: true)
        for (name, folder) in [("data", yard.directory.path), ("log", log)] {
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
                // Folders have no content.
                guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
                    continue
                }
                contents.append(("\(name)/\(path)", bytes))
            }
        }
        return contents
    }

    @Test func `A52 a crafted note or proof costs little and crashes nothing`() async throws {
        let line = "\u{2014} a.example/log \(Base64.encode([UInt8](repeating: 7, count: 68)))\n"
        let many =
            "a.example/log\n1\n\(Digest.sha256([UInt8]()).base64)\n\n"
            + String(repeating: line, count: 5_000)
        #expect(throws: NoteError.signatureCount(found: 5_000)) {
            _ = try SignedNote.parse(Array(many.utf8))
        }
        let long = [UInt8](repeating: 0x61, count: SignedNote.byteCountMax + 1)
        #expect(throws: NoteError.tooLong(found: long.count)) { _ = try SignedNote.parse(long) }
        for size in ["9223372036854775807", "9223372036854775808", "-1", "01", "1e3"] {
            let body = "a.example/log\n\(size)\n\(Digest.sha256([UInt8]()).base64)\n"
            #expect((Checkpoint(body: body) == nil) == (size != "9223372036854775807"))
        }
        let path = String(repeating: Digest.sha256([0x61]).base64 + "\n", count: 64)
        let proof = "c2sp.org/tlog-proof@v1\nindex 9223372036854775807\n\(path)\n\(many)"
        #expect(throws: ProofError.self) { _ = try TlogProof.parse(Array(proof.utf8)) }
        #expect(
            !InclusionProof.isValid(
                index: .max - 1, size: .max, leaf: Digest.sha256([0x61]), path: [],
                root: Digest.sha256([0x61])))
    }
}
