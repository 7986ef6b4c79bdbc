import FinanceSamples
import Sales
import Testing
import Text
import Units

@testable import DayClosing

struct BatchCutTests {
    private static let header = "geraet;schnitt;zeit;marke;anzahl;summe"

    @Test func `a file gives cuts by card terminal and number`() throws {
        let lines = [
            "\u{FEFF}\(Self.header)", "51234567;0017;2026-11-20 13:00;girocard;20;1000,00\r",
            "51234567;0017;2026-11-20 13:00;visa;1;7,50",
            "51234567;0018;2026-11-20 18:05;girocard;2;-4,00", "", "51234568;;;girocard;0;0,00",
        ]

        let cuts = try BatchCutFile.parse(lines.joined(separator: "\n"))

        #expect(cuts.map(\.cardTerminal) == ["51234567", "51234567", "51234568"])
        #expect(cuts.map(\.number) == ["0017", "0018", nil])
        #expect(cuts.map(\.printedAt) == ["2026-11-20 13:00", "2026-11-20 18:05", nil])
        #expect(cuts.allSatisfy { $0.source == .uploaded })
        let girocard = CardKey(cardTerminal: "51234567", scheme: .girocard)
        #expect(cuts.tallies[girocard] == Tally(count: 22, amount: Cents(99_600)))
        #expect(cuts.tallies.count == 3)
    }

    @Test(arguments: [
        ("", 1, BatchCutFileError.What.header), ("geraet;schnitt", 1, .header),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1", 2, .cells),
        ("\(BatchCutTests.header)\n5123 567;;;girocard;1;1,00", 2, .cardTerminal),
        ("\(BatchCutTests.header)\n51234567;n;;girocard;1;1,00", 2, .number),
        ("\(BatchCutTests.header)\n51234567;;20.11.2026;girocard;1;1,00", 2, .time),
        ("\(BatchCutTests.header)\n51234567;;2026-02-30 10:00;girocard;1;1,00", 2, .time),
        ("\(BatchCutTests.header)\n51234567;;2026-11-20 24:00;girocard;1;1,00", 2, .time),
        ("\(BatchCutTests.header)\n51234567;;;Girocard;1;1,00", 2, .scheme),
        ("\(BatchCutTests.header)\n51234567;;;girocard;-1;1,00", 2, .count),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1000001;1,00", 2, .count),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1;1", 2, .amount),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1;1,000", 2, .amount),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1;--1,00", 2, .amount),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1;=1,00", 2, .amount),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1;1000000000,01", 2, .amount),
        ("\(BatchCutTests.header)\n51234567;;;girocard;1;-1000000000,01", 2, .amount),
        (
            "\(BatchCutTests.header)\n\n51234567;;;girocard;1;1,00\n51234567;;;girocard;2;1,00", 4,
            .twice
        ),
        (
            """
            \(BatchCutTests.header)
            51234567;1;2026-11-20 10:00;girocard;1;1,00
            51234567;1;;visa;2;1,00
            """,
            3,
            .time
        ),
    ])
    func `a file is refused with its line`(text: String, line: Int, what: BatchCutFileError.What) {
        #expect(throws: BatchCutFileError(line: line, what: what)) {
            try BatchCutFile.parse(text)
        }
        #expect(!what.wanted.isEmpty)
    }

    @Test(arguments: ["1000000000,00", "-1000000000,00"])
    func `the largest sum of a file reads back as a cut`(amount: String) throws {
        let cuts = try BatchCutFile.parse("\(Self.header)\n51234567;;;girocard;1;\(amount)")

        let cut = try #require(cuts.first)
        #expect(cut.totals[.girocard]?.amount.magnitude == Cents(BatchCut.amountMax))
        #expect(cut.outOfRange == nil)
        #expect(try BatchCut(json: cut.json, path: "cut") == cut)
    }

    @Test func `bytes that are no such file are refused at their line`() {
        let header = Array("\(Self.header)\n".utf8)
        let good = Array("51234567;;;girocard;1;1,00\n".utf8)
        let zip = [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 400_000)
        let utf16 = Self.header.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let files: [([UInt8], Int, BatchCutFileError.What)] = [
            ([], 1, .header), (zip, 1, .header), ([0xFF, 0xFE] + utf16, 1, .header),
            (header + good + [0xE4, 0x0A], 3, .encoding), (header + [0xFF], 2, .encoding),
            (
                header + [UInt8](repeating: 0x20, count: BatchCutFile.bytesMax),
                BatchCutFile.linesMax + 1, .tooLong
            ),
            (
                header + [UInt8](repeating: 0x0A, count: BatchCutFile.linesMax),
                BatchCutFile.linesMax + 1, .tooLong
            ),
        ]
        for (bytes, line, what) in files {
            #expect(throws: BatchCutFileError(line: line, what: what), "\(what) \(bytes.count)") {
                try BatchCutFile.parse(bytes: bytes)
            }
        }
    }

    @Test func `a cut reads back as it was written`() throws {
        let cut = BatchCut(
            cardTerminal: "51234567", number: "0017", printedAt: "2026-11-20 13:00",
            source: .terminal,
            totals: [.visa: Tally(count: 1, amount: Cents(-5)), .girocard: Tally()])
        #expect(try BatchCut(json: cut.json, path: "cut") == cut)
        let typed = BatchCut(cardTerminal: "51234567", totals: [:])
        let bare = JSONValue.fields(["tid": "51234567", "totals": .array([])])
        #expect(try BatchCut(json: bare, path: "cut") == typed)
        for (name, value) in [
            ("number", "a b"), ("printedAt", "gestern"), ("source", "guessed"), ("more", "x"),
        ] {
            guard case .object(let members) = bare else { continue }
            #expect(throws: JSONShapeError.self) {
                try BatchCut(
                    json: .object(members + [.init(name, .string(value))]), path: "cut")
            }
        }
    }

    @Test(arguments: [
        ("1999-12-31 23:59", false), ("2000-01-01 00:00", true), ("2026-11-21 23:59", true),
        ("2026-11-22 00:00", false),
    ])
    func `a slip shows no time to come but for a clock that is fast`(
        time: String, isPossible: Bool
    ) throws {
        let today = try #require(BusinessDay(iso: "2026-11-20"))
        let cut = BatchCut(cardTerminal: "51234567", printedAt: time, totals: [:])

        #expect(cut.isPossible(on: today) == isPossible)
    }

    @Test func `a cut that stands twice is found`() {
        let first = BatchCut(cardTerminal: "1", number: "7", totals: [:])
        let other = BatchCut(cardTerminal: "1", number: "8", totals: [:])
        let bare = BatchCut(cardTerminal: "1", totals: [:])
        #expect([first, other, bare].repeated == nil)
        #expect([first, other, first].repeated?.number == "7")
        #expect([bare, bare].repeated?.cardTerminal == "1")
    }
}
