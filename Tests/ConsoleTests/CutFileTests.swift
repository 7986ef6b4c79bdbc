import DayClosing
import Operations
import Pages
import Sales
import Testing
import Units

@testable import Console

/// A file of batch cuts in the form of the count, as a browser sends it.
struct CutFileTests {
    private static let path = "/abschluss/zaehlen"
    private static let count = "anzahl-51234567-girocard"
    private static let amount = "betrag-51234567-girocard"

    private static func file(_ lines: String...) -> (name: String, bytes: [UInt8]) {
        let text = ([BatchCutFile.header] + lines).map { $0 + "\r\n" }.joined()
        return ("schnitte.csv", [0xEF, 0xBB, 0xBF] + Array(text.utf8))
    }

    @Test func `a file counts beside what is typed and pasted`() async throws {
        try await counting { yard, cashier in
            let form = try await cashier.get(Self.path).text
            #expect(form.contains("enctype=\"multipart/form-data\""))
            #expect(form.contains("name=\"schnittdatei\" type=\"file\""))
            let fields = [
                Self.count: "1", Self.amount: "10,00", "schnitt-51234567": "7",
                "datei": "\(BatchCutFile.header)\r\n51234568;9;;visa;2;4,00",
            ]

            let sent = try await cashier.upload(
                Self.path, fields,
                file: Self.file(
                    "51234567;8;2026-11-18 18:05;girocard;3;-2,50", "51234569;;;visa;0;0,00"),
                as: "schnittdatei")

            #expect(sent.location == "/abschluss/vergleichen")
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(
                draft.cuts.map(\.cardTerminal) == ["51234567", "51234568", "51234567", "51234569"])
            #expect(draft.cuts.map(\.source) == [.typed, .uploaded, .uploaded, .uploaded])
            let girocard = CardKey(cardTerminal: "51234567", scheme: .girocard)
            #expect(draft.cuts.tallies[girocard] == Tally(count: 4, amount: Cents(750)))
        }
    }

    @Test func `without a file the form is that of what is typed`() async throws {
        try await counting { yard, cashier in
            let sent = try await cashier.upload(
                Self.path, [Self.count: "1", Self.amount: "10,00"], file: nil, as: "schnittdatei")
            #expect(sent.location == "/abschluss/vergleichen")
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.cuts.map(\.source) == [.typed])
        }
    }

    @Test func `a bad file is told at its field with its line, and what was typed is kept`()
        async throws
    {
        try await counting { yard, cashier in
            let expected = try yard.installation.closeProgress(of: yard.yard).totals.turnover
            let files: [(bytes: [UInt8], words: String)] = [
                ([], "Zeile 1, erwartet: die Kopfzeile"),
                ([0x50, 0x4B, 0x03, 0x04, 0x00], "Zeile 1, erwartet: die Kopfzeile"),
                (Self.file("51234567;;;girocard;1;1").bytes, "Zeile 2, erwartet: ein Betrag"),
                (
                    Self.file("51234567;;;visa;1;1,00", "51234567;;;girocard;x;1,00").bytes,
                    "Zeile 3, erwartet: die Anzahl als ganze Zahl."
                ),
                (Self.file("51234567").bytes + [0xE4], "Zeile 3, erwartet: Text in UTF-8."),
            ]
            for (bytes, words) in files {
                let refused = try await cashier.upload(
                    Self.path, [Self.count: "17", Self.amount: "4.711,00", "tag": "2026-11-18"],
                    file: ("schnitte.csv", bytes), as: "schnittdatei")
                #expect(refused.status == 422 && refused.text.contains("schnitte.csv, \(words)"))
                #expect(refused.text.contains("href=\"#schnittdatei\""))
                #expect(refused.text.contains("<details open>"))
                #expect(refused.text.contains("value=\"4.711,00\""))
                #expect(refused.text.contains("value=\"17\""))
                // Blind: nothing of what is expected, and nothing of it is counted.
                #expect(!refused.text.contains(expected.german))
            }
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)
        }
    }

    @Test func `a good file beside a wrong field is asked for again, or it would be missing`()
        async throws
    {
        try await counting { yard, cashier in
            let good = Self.file("51234567;8;;girocard;1;10,00")
            for fields in [
                [Self.count: "1", Self.amount: "zwölf"], ["tag": "2031-01-01"], ["tag": "gestern"],
                ["datei": "Kasse"],
            ] {
                let refused = try await cashier.upload(
                    Self.path, fields, file: good, as: "schnittdatei")
                #expect(refused.status == 422)
                #expect(refused.text.contains("schnitte.csv ist noch nicht gespeichert."))
                for value in fields.values { #expect(refused.text.contains(value), "\(value)") }
            }
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)
        }
    }

    @Test func `a cut that a file says again is told at the file`() async throws {
        try await counting { yard, cashier in
            for fields in [
                [Self.count: "1", Self.amount: "1,00", "schnitt-51234567": "7"],
                ["datei": "\(BatchCutFile.header)\n51234567;7;;visa;1;1,00"],
            ] {
                let refused = try await cashier.upload(
                    Self.path, fields, file: Self.file("51234567;7;;girocard;1;1,00"),
                    as: "schnittdatei")
                #expect(refused.status == 422 && refused.text.contains("href=\"#schnittdatei\""))
                #expect(refused.text.contains("Der Kassenschnitt 7 steht zweimal da."))
            }
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)
        }
    }

    @Test func `who may not count sends no file either`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["freigabe"]) { browsers in
            let refused = try await browsers[0].upload(
                Self.path, file: Self.file("51234567;;;girocard;1;1,00"), as: "schnittdatei")
            #expect(refused.status == 403)
        }
    }
}
