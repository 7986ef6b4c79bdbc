import Journal
import Sales
import Signing
import Tariffs
import Testing
import Text
import Units

struct RecordTests {
    private static let facts: [TerminalFact] = [
        .sale(Samples.sale()), .sale(Samples.sale(.onAccount)),
        .sale(Samples.sale(.unknown(cardTerminal: "51234567"))),
        .sale(Samples.sale(.unknown(cardTerminal: nil))), .sale(Samples.sale(.free, total: 0)),
        .noSale(
            NoSale(
                cause: .refused, delivery: Samples.delivery, reason: "Nicht angenommen: \"Öl\\\"",
                attempts: [])),
        .noSale(
            NoSale(
                cause: .declined, delivery: Samples.delivery, reason: "Karte abgelehnt",
                attempts: [FailedAttempt(outcome: .aborted, cardTerminal: nil, at: Samples.at)])),
        .void(Samples.reversal(.card(Samples.slip(2)))), .void(Samples.reversal(.bankTransfer)),
        .void(Samples.reversal(.noMoney)),
        .resolution(Samples.resolution(.charged(Samples.slip()))),
        .resolution(Samples.resolution(.notChargedClaim)),
        .resolution(Samples.resolution(.notChargedVoid)),
    ]

    @Test(arguments: facts)
    func `what is signed reads back the same, with the same bytes`(fact: TerminalFact) throws {
        let record = Samples.record(
            fact, personal: [Samples.disclosure(.plate), Samples.disclosure(.debtor)])
        let read = try TerminalRecord(payload: record.payload)
        #expect(read == record)
        #expect(read.payload == record.payload)
        #expect(record.personal.map(\.name) == [.debtor, .plate])
    }

    /// A change to the payload of the sample sale, and what is wanted instead.
    private static let changes: [(String, old: String, new: String, path: String)] = [
        ("unknown member", #""personal":[]}"#, #""personal":[],"tip":5}"#, "payload.tip"),
        ("member missing", #""attendant":"anna","#, "", "payload.attendant"),
        ("other version", #"{"v":1,"#, #"{"v":2,"#, "payload.v"),
        ("kind of the server", #""kind":"sale""#, #""kind":"refund""#, "payload.kind"),
        ("unknown kind", #""kind":"sale""#, #""kind":"gift""#, "payload.kind"),
        ("wrong total", #""total":5980"#, #""total":5979"#, "payload.total"),
        ("line without paragraph", #""paragraph":"#, #""section":"#, "payload.lines[0].paragraph"),
        ("wrong tax", #""gross":4900,"tax":782"#, #""gross":4900,"tax":783"#, "payload.vat"),
        ("number zero", #""seq":2"#, #""seq":0"#, "payload.seq"),
        ("short hash", #""prev":""#, #""prev":"AA"#, "payload.prev"),
        ("other settlement", #""kind":"card""#, #""kind":"cash""#, "settlement.kind"),
        (
            "paid but free", #""settlement":{"kind":"card","#, #""settlement":{"kind":"free","#,
            "settlement.tid"
        ),
        (
            "two personal fields of a name", #""personal":[]"#,
            #""personal":[\#(field),\#(field)]"#, "payload.personal"
        ),
    ]

    private static let field = Samples.disclosure(.plate).digest.json.text

    @Test func `another payload is refused, naming the member`() throws {
        let payload = String(
            decoding: Samples.record(.sale(Samples.sale())).payload, as: UTF8.self)
        for (name, old, new, path) in Self.changes {
            try #require(payload.contains(old), "\(name)")
            let changed = payload.replacing(old, with: new, maxReplacements: 1)
            do {
                _ = try TerminalRecord(payload: Array(changed.utf8))
                Issue.record("\(name) was taken")
            } catch .shape(let error) {
                #expect(error.path == path, "\(name): \(error)")
            } catch {
                Issue.record("\(name): \(error)")
            }
        }
    }

    @Test func `a payload in another depth or profile of JSON is refused`() {
        let payload = Samples.record(.sale(Samples.sale())).payload
        let text = String(decoding: payload, as: UTF8.self)
        for changed in [
            text.replacing(#""personal":[]"#, with: #""personal":[[[[[]]]]]"#),
            text.replacing(#""v":1"#, with: #""v":1.0"#),
            text.replacing(#""v":1"#, with: #""v":01"#),
            text.replacing(#""v":1,"#, with: #""v":1,"v":1,"#), text + " x", "", "[]x",
        ] {
            do {
                _ = try TerminalRecord(payload: Array(changed.utf8))
                Issue.record("taken: \(changed.prefix(40))")
            } catch .json {
                continue
            } catch {
                Issue.record("\(error)")
            }
        }
    }
}

struct LogEntryTests {
    private static let jws = Array("AAAA.BBBB.CCCC".utf8)

    @Test(arguments: [[], [.gap], [.late, .clockSkew], RecordFlag.allCases] as [[RecordFlag]])
    func `an entry reads back the same`(flags: [RecordFlag]) throws {
        for kind in RecordKind.allCases {
            let entry = LogEntry(
                kind: kind, received: Samples.at, jws: Self.jws, flags: Set(flags))
            let read = try #require(LogEntry(bytes: entry.bytes))
            #expect(read == entry)
            #expect(read.flags == RecordFlag.allCases.filter(flags.contains))
        }
    }

    @Test func `the bytes are laid out as documented`() {
        let entry = LogEntry(
            kind: .sale, received: Samples.at, jws: Self.jws, flags: [.late, .gap])
        let text =
            "wsh-entry/v1\nkind sale\nrx 2026-11-20T09:00:00.123Z\n"
            + "jws AAAA.BBBB.CCCC\nflags gap,late\n"
        #expect(String(decoding: entry.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("wsh-entry/v1", "wsh-entry/v2"), ("kind sale", "kind gift"), ("kind sale", "kind  sale"),
        ("kind sale\n", "kind sale\r\n"), ("kind sale", "Kind sale"), (".123Z", ".12Z"),
        ("flags gap,late", "flags late,gap"), ("flags gap,late", "flags gap,gap"),
        ("flags gap,late", "flags gap,"), ("flags gap,late", "flags "),
        ("flags gap,late", "flags gap,late "), ("flags gap,late\n", "flags gap,late"),
        ("flags gap,late\n", "\n"), ("flags gap,late\n", "flags gap,late\n\n"),
        ("jws ", "jws"), ("kind sale\nrx", "rx"), ("rx 20", "rx  20"),
    ])
    func `another spelling is no entry`(old: String, new: String) throws {
        let entry = LogEntry(
            kind: .sale, received: Samples.at, jws: Self.jws, flags: [.late, .gap])
        let text = String(decoding: entry.bytes, as: UTF8.self)
        try #require(text.contains(old))
        #expect(LogEntry(bytes: Array(text.replacing(old, with: new).utf8)) == nil)
    }

    @Test func `an entry has at most sixteen kibibytes`() {
        let empty = LogEntry(kind: .sale, received: Samples.at, jws: [], flags: [])
        let room = LogEntry.bytesMax - empty.bytes.count
        func entry(_ count: Int) -> [UInt8] {
            LogEntry(
                kind: .sale, received: Samples.at, jws: [UInt8](repeating: 0x41, count: count),
                flags: []
            ).bytes
        }
        #expect(LogEntry(bytes: entry(room)) != nil)
        #expect(LogEntry(bytes: entry(room + 1)) == nil)
        let flagged = LogEntry(
            kind: .resolution, received: Samples.at,
            jws: [UInt8](repeating: 0x41, count: Envelope.jwsBytesMax),
            flags: Set(RecordFlag.allCases))
        #expect(flagged.bytes.count <= LogEntry.bytesMax)
    }
}
