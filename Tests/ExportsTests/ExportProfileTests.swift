import DayClosing
import Exports
import FinanceSamples
import Ledger
import Sales
import Testing
import Text
import Units

/// A profile with the least that a profile needs; tests replace single lines.
private let small = """
    profil: klein
    titel: Klein
    zeilen: Summen
    zeichensatz: UTF-8
    zeilenende: LF
    trennzeichen: Semikolon
    anführungszeichen: bei Bedarf
    dezimalzeichen: Komma
    datum: JJJJ-MM-TT
    vorzeichen: Soll positiv
    kopfzeile: nein
    tabellenkalkulation: nein
    fremdkennzeichen: "{hof}-{abschluss:6}-{zeile:4}"
    spalten:
      - {titel: Nr, feld: fremdkennzeichen}
      - {titel: Konto, feld: konto}
      - {titel: Gegenkonto, feld: gegenkonto}
      - {titel: Betrag, feld: betrag}
      - {titel: Was, feld: bezeichnung}
    beispiele:
      - hof: mitte
        abschluss: 317
        buchungsdatum: 2026-11-20
        zeile: 1
        belegdatum: 2026-11-20
        sollkonto: 181900
        habenkonto: 432100
        bezeichnung: Gebühren
        zahlweg: Debitkarte
        storno: nein
        cent: 41250
        ergebnis: mitte-000317-0001;181900;432100;412,50;Gebühren
    """

private func decode(_ text: String) throws -> (profile: ExportProfile?, problems: [SourceProblem]) {
    ExportProfile.decode(try Samples.tree(text))
}

/// The profile of `small` with the example left to fit any result.
private func profile(_ changes: KeyValuePairs<String, String>, result: String) throws
    -> ExportProfile
{
    var text = small.replacing(
        "mitte-000317-0001;181900;432100;412,50;Gebühren", with: "'\(result)'")
    for (old, new) in changes { text = text.replacing(old, with: new) }
    let (profile, problems) = try decode(text)
    return try #require(profile, "\(problems)")
}

private func line(_ number: Int, _ cents: Int64, _ receipt: String) -> ExportLine {
    let key = ExportLine.Key(
        date: Samples.day("2026-03-01"), kind: .posting, debit: Samples.account("181900"),
        credit: Samples.account("432100"), costCentre: "5370", channel: .debitCard)
    return ExportLine(
        yard: Samples.identifier("mitte"), closeNumber: 317, closeDay: Samples.day("2026-03-02"),
        number: number, key: key, amount: Cents(cents), name: "Gebühren", receipt: receipt)
}

private func row(_ profile: ExportProfile, name: String = "Gebühren", _ changes: Change = Change())
    throws -> String
{
    let key = ExportLine.Key(
        date: Samples.day("2026-03-01"), kind: changes.kind, debit: Samples.account("181900"),
        credit: Samples.account("432100"), costCentre: "5370", channel: .debitCard)
    let line = ExportLine(
        yard: Samples.identifier("mitte"), closeNumber: changes.close,
        closeDay: Samples.day("2026-03-02"), number: changes.number, key: key,
        amount: Cents(changes.cents), name: name, receipt: "t1-000001")
    var writer = try CSVWriter(profile)
    var out: [UInt8] = []
    try writer.append(line, to: &out)
    return String(decoding: out, as: UTF8.self)
}

private struct Change {
    var kind = LineKind.posting
    var close: Int64 = 317
    var number = 1
    var cents: Int64 = 5
}

struct ExportProfileTests {
    @Test(arguments: [
        "profil-allgemein", "profil-business-central", "profil-mach", "profil-epaybl",
        "profil-sollstellung", "profil-auszahlung",
    ])
    func `profiles that come with the program have no problem`(name: String) throws {
        let text = String(decoding: try Samples.file("finance/\(name).yaml"), as: UTF8.self)
        #expect(try decode(text).problems == [])
    }

    @Test func `a profile without mistakes is read`() throws {
        let (profile, problems) = try decode(small)
        #expect(problems == [])
        #expect(profile?.columns.map(\.heading) == ["Nr", "Konto", "Gegenkonto", "Betrag", "Was"])
    }

    @Test(arguments: [
        ("titel: Klein", "title: Klein", "P-E03", 1, 1),
        ("profil: klein", "profil: hledger", "P-E10", 1, 1),
        ("titel: Klein", "titel: Klein\nfarbe: rot", "P-E02", 3, 1),
        ("zeilenende: LF", "zeilenende: CR", "P-E04", 5, 13),
        ("feld: konto", "feld: kontos", "P-E04", 16, 26),
        ("feld: konto", "feld: konto, fest: x", "P-E05", 16, 5),
        ("feld: konto", "breite: 6", "P-E05", 16, 5),
        ("feld: konto", "feld: sollkonto", "P-E06", 1, 1),
        ("{titel: Nr, feld: fremdkennzeichen}", "{titel: Nr, feld: hof}", "P-E06", 1, 1),
        ("Soll positiv", "Kennzeichen", "P-E06", 1, 1),
        ("feld: konto", "feld: konto, füllen: Nullen davor", "P-E07", 1, 1),
        ("feld: konto", "feld: konto, muster: '{zeile:3}'", "P-E05", 16, 5),
        ("feld: konto", "feld: anzahl", "P-E07", 1, 1),
        ("feld: konto", "feld: kassenzeichen", "P-E07", 1, 1),
        ("feld: konto", "feld: storno, codes: [{wert: '1', code: J}]", "P-E07", 1, 1),
        ("feld: fremdkennzeichen", "feld: fremdkennzeichen, codes: [{sonst: x}]", "P-E07", 1, 1),
        ("feld: betrag", "feld: betrag, codes: [{sonst: x}]", "P-E07", 1, 1),
        ("feld: konto", "feld: konto, codes: [{sonst: a}, {sonst: b}]", "P-E04", 16, 53),
        ("titel: Klein", "titel: Klein\nkopfsatz: [{titel: A, feld: anzahl}]", "P-E08", 1, 1),
        ("titel: Klein", "titel: Klein\nkopfsatz: [{titel: A, feld: konto}]", "P-E07", 1, 1),
        ("trennzeichen: Semikolon", "trennzeichen: keines", "P-E07", 1, 1),
        ("412,50", "412,51", "P-E09", 21, 5),
        ("bezeichnung: Gebühren", "bezeichnung: \"Ж\"", "P-E09", 21, 5),
        ("{zeile:4}", "{zeile}", "P-E04", 13, 19),
        ("{hof}-", "", "P-E04", 13, 19),
        ("{abschluss:6}-{zeile:4}", "{zeile:4}-{abschluss:6}", "P-E04", 13, 19),
        ("{zeile:4}", "{zeile:4}{", "P-E04", 13, 19),
    ])
    func `each mistake is named with its place`(
        old: String, new: String, code: String, line: Int, column: Int
    ) throws {
        let (profile, problems) = try decode(small.replacing(old, with: new))

        #expect(profile == nil)
        let found = try #require(problems.first { $0.code == code }, "\(problems)")
        #expect(found.position == SourcePosition(line: line, column: column), "\(found.message)")
    }

    @Test func `a profile without an example is refused`() throws {
        let text = try #require(small.split(separator: "beispiele:").first) + "beispiele: []\n"
        #expect(try decode(String(text)).problems.map(\.code) == ["P-E08"])
    }

    @Test(arguments: [
        ("nie", "Gebühren", "mitte-000317-0001;181900;432100;0,05;Gebühren\n"),
        ("bei Bedarf", "a;b", "mitte-000317-0001;181900;432100;0,05;\"a;b\"\n"),
        ("bei Bedarf", "a\"b", "mitte-000317-0001;181900;432100;0,05;\"a\"\"b\"\n"),
        ("Texte", "a", "\"mitte-000317-0001\";181900;432100;0,05;\"a\"\n"),
        ("immer", "a", "\"mitte-000317-0001\";\"181900\";\"432100\";\"0,05\";\"a\"\n"),
    ])
    func `quotes follow the profile`(quoting: String, name: String, wanted: String) throws {
        var result = "mitte-000317-0001;181900;432100;412,50;Gebühren"
        if quoting == "Texte" {
            result = "\"mitte-000317-0001\";181900;432100;412,50;\"Gebühren\""
        } else if quoting == "immer" {
            result = "\"mitte-000317-0001\";\"181900\";\"432100\";\"412,50\";\"Gebühren\""
        }
        let profile = try profile(["bei Bedarf": quoting], result: result)
        #expect(try row(profile, name: name) == wanted)
    }

    @Test(arguments: ["a;b", "a\"b"])
    func `a profile that never quotes refuses what would need it`(name: String) throws {
        let profile = try profile(
            ["bei Bedarf": "nie"], result: "mitte-000317-0001;181900;432100;412,50;Gebühren")
        let error = try #require(throws: ExportError.self) { try row(profile, name: name) }
        #expect(error.code == .quoteNeeded)
        #expect(error.line == 1)
        #expect(error.field == "Was")
        #expect(error.value == name)
    }

    @Test(arguments: ["a\nb", "a\r\nb", "a\tb", "a\u{2028}b", "\u{0}"])
    func `no value can start a new line or column`(name: String) throws {
        let profile = try #require(try decode(small).profile)
        let error = try #require(throws: ExportError.self) { try row(profile, name: name) }
        #expect(error.code == .characterForbidden)
        #expect(error.close == "mitte-000317")
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+49", "'+49"), ("-x", "'-x"), ("@x", "'@x"), ("a=", "a="),
    ])
    func `A19: texts get an apostrophe only where a spreadsheet reads them`(
        name: String, guarded: String
    ) throws {
        let result = "mitte-000317-0001;181900;432100;412,50;Gebühren"
        let plain = try profile([:], result: result)
        let careful = try profile(
            ["tabellenkalkulation: nein": "tabellenkalkulation: ja"], result: result)
        #expect(try row(plain, name: name).hasSuffix(";\(name)\n"))
        #expect(try row(careful, name: name).hasSuffix(";\(guarded)\n"))
        // An amount is a number for the spreadsheet, also below zero.
        #expect(try row(careful, Change(kind: .reversal)).contains(";-0,05;"))
    }

    @Test(arguments: [("UTF-8", [UInt8]("é".utf8)), ("Windows-1252", [0xE9])])
    func `rows of a close differ in number, amount and receipt and are quoted where they must be`(
        encoding: String, accented: [UInt8]
    ) throws {
        let profile = try profile(
            [
                "zeilen: Summen": "zeilen: Belege",
                "zeichensatz: UTF-8": "zeichensatz: \(encoding)",
                "trennzeichen: Semikolon": "trennzeichen: Komma",
                "feld: bezeichnung": "feld: belegnummer",
                "cent: 41250": "cent: 41250\n    belegnummer: t1-000042",
            ], result: "mitte-000317-0001,181900,432100,\"412,50\",t1-000042")
        var writer = try CSVWriter(profile)
        var out: [UInt8] = []
        for (number, cents, receipt) in [
            (1, 5, "t1-000001"), (2, 123_456, "a,b"), (12, 100, "a\"b"), (9_999, 1_000, "é"),
        ] as [(Int, Int64, String)] {
            try writer.append(line(number, cents, receipt), to: &out)
        }

        let start = "181900,432100,"
        let wanted = """
            mitte-000317-0001,\(start)"0,05",t1-000001
            mitte-000317-0002,\(start)"1234,56","a,b"
            mitte-000317-0012,\(start)"1,00","a""b"
            mitte-000317-9999,\(start)"10,00",
            """
        #expect(out == Array(wanted.utf8) + accented + [0x0A])
        let error = try #require(throws: ExportError.self) {
            try writer.append(line(10_000, 1, "t1-000002"), to: &out)
        }
        #expect(error.code == .tooLong)
        let broken = try #require(throws: ExportError.self) {
            try writer.append(line(13, 1, "a\nb"), to: &out)
        }
        #expect(broken.code == .characterForbidden)
        #expect(broken.field == "Was")
    }

    @Test func `fixed widths are filled and a wider value is refused`() throws {
        let profile = try profile(
            [
                "trennzeichen: Semikolon": "trennzeichen: keines", "bei Bedarf": "nie",
                "dezimalzeichen: Komma": "dezimalzeichen: keines",
                "feld: fremdkennzeichen":
                    "feld: fremdkennzeichen, breite: 18, füllen: Leerzeichen dahinter",
                "feld: konto": "feld: konto, breite: 9, füllen: Nullen davor",
                "feld: gegenkonto": "feld: gegenkonto, breite: 7, füllen: Leerzeichen davor",
                "feld: betrag": "feld: betrag, breite: 6, füllen: Nullen davor",
                "feld: bezeichnung":
                    "feld: bezeichnung, breite: 8, füllen: Leerzeichen dahinter",
            ], result: "mitte-000317-0001 000181900 432100041250Gebühren")

        #expect(try row(profile) == "mitte-000317-0001 000181900 432100000005Gebühren\n")
        #expect(
            try row(profile, name: "Süd", Change(kind: .reversal, cents: 12_345))
                == "mitte-000317-0001 000432100 181900-12345Süd     \n")
        let long = try #require(throws: ExportError.self) { try row(profile, name: "Übergrößen") }
        #expect(long.code == .tooLong)
        #expect(long.value == "Übergrößen")
        let error = try #require(throws: ExportError.self) {
            try row(profile, Change(cents: 1_000_000))
        }
        #expect(error.code == .tooLong)
        #expect(error.field == "Betrag")
    }

    @Test(arguments: [(999_999, 9_999, nil), (1_000_000, 1, "1000000"), (1, 10_000, "10000")])
    func `a number wider than its place in the key is refused`(
        close: Int64, number: Int, value: String?
    ) throws {
        let profile = try #require(try decode(small).profile)
        let change = Change(close: close, number: number)
        guard let value else {
            #expect(try row(profile, change).hasPrefix("mitte-999999-9999;"))
            return
        }
        let error = try #require(throws: ExportError.self) { try row(profile, change) }
        #expect(error.code == .tooLong)
        #expect(error.value == value)
    }

    @Test(arguments: [
        ("TT.MM.JJJJ", "01.03.2026"), ("JJJJ-MM-TT", "2026-03-01"), ("TTMMJJJJ", "01032026"),
        ("JJJJMMTT", "20260301"), ("TT.MM.JJ", "01.03.26"),
    ])
    func `dates follow the profile`(style: String, wanted: String) throws {
        let example =
            switch style {
            case "TT.MM.JJJJ": "20.11.2026"
            case "TTMMJJJJ": "20112026"
            case "JJJJMMTT": "20261120"
            case "TT.MM.JJ": "20.11.26"
            default: "2026-11-20"
            }
        let profile = try profile(
            ["datum: JJJJ-MM-TT": "datum: \(style)", "feld: bezeichnung": "feld: belegdatum"],
            result: "mitte-000317-0001;181900;432100;412,50;\(example)")
        #expect(try row(profile).hasSuffix(";\(wanted)\n"))
    }

    @Test func `tabulators separate and are shown as arrows in examples`() throws {
        let profile = try profile(
            ["trennzeichen: Semikolon": "trennzeichen: Tabulator"],
            result: "mitte-000317-0001→181900→432100→412,50→Gebühren")
        #expect(try row(profile) == "mitte-000317-0001\t181900\t432100\t0,05\tGebühren\n")
    }

    @Test func `a file of receipts has a row for each pair of each receipt`() throws {
        let plan = try Samples.plan()
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
        let profile = try profile(
            ["zeilen: Summen": "zeilen: Belege", "feld: bezeichnung": "feld: belegnummer"],
            result: "mitte-000317-0001;181900;432100;412,50;")

        let rows = readCSV(String(decoding: try profile.bytes(of: [batch]), as: UTF8.self))

        #expect(rows.count == batch.records.flatMap(\.entry.pairs).count)
        #expect(Set(rows.map { $0[0] }).count == rows.count)
        #expect(rows[0] == ["mitte-000317-0001", "181900", "432100", "412,50", "t1-000001"])
    }
}
