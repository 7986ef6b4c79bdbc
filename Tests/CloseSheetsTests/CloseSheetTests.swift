import CloseSheets
import DayClosing
import FinanceSamples
import Foundation
import Journal
import Sales
import Testing
import Units

/// The sheet says everything that the record says, as text and as archive file.
struct CloseSheetTests {
    private let close: DayClose
    private let facts: CloseSheetFacts

    init() throws {
        let plan = try Samples.plan()
        let totals = CloseTotals(
            records: try Samples.day(plan: plan), businessDay: Samples.day("2026-11-20"),
            terminals: [
                TerminalRange(
                    terminal: Samples.identifier("t1"), first: 1, last: 9, count: 8, missing: [3])
            ], unresolvedBefore: [])
        var counted = totals.cards
        let girocard = CardKey(cardTerminal: "68100001", scheme: .girocard)
        counted[girocard]?.add(Cents(100))
        let comparisons = CardComparison.compare(expected: totals.cards, counted: counted)
            .map { line in
                line.agrees
                    ? line
                    : line.explained(
                        .testTransaction, "Probe \"eins\" #[nach] \\ Papierwechsel",
                        by: Samples.identifier("b.kasse"))
            }
        close = try DayClose.make(
            after: CloseMark(
                number: 316, to: 1_000, grandTotal: Cents(5_000_000),
                clearing: [Samples.account("181900"): Cents(77_700)]),
            yard: Samples.identifier("mitte"), day: Samples.day("2026-11-20"), to: 1_012,
            totals: totals, comparisons: comparisons,
            cuts: BatchCut.unnumbered(counted),
            counted: SignOff(
                Samples.identifier("b.kasse"), at: Samples.time("2026-11-20T17:00:00.000Z")),
            recounts: 1,
            sentBack: [
                SentBack(
                    by: Samples.identifier("c.leitung"),
                    at: Samples.time("2026-11-20T16:50:00.000Z"), reason: "Gerät fehlt")
            ],
            approved: SignOff(
                Samples.identifier("c.leitung"), at: Samples.time("2026-11-20T17:24:47.123Z")),
            plan: plan, software: "hofbuch 0.1.0")
        let entry = CloseSheetFacts.Entry(
            index: 1_000, received: Samples.time("2026-11-20T08:00:00.000Z"),
            leafHash: String(repeating: "ab", count: 32))
        facts = CloseSheetFacts(
            town: "Musterstadt", yard: "Wertstoffhof Mitte", address: "Am Hof 1",
            log: "musterstadt.example/log/mitte", index: 1_013,
            leafHash: String(repeating: "cd", count: 32), entries: (entry, entry),
            names: [Samples.identifier("c.leitung"): "C. Leitung"], previous: 316,
            localTime: { "\($0.iso)" })
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: [
        "Tagesabschluss Nr. 317", "Haushaltsjahr", "2026", "Nr. 316", "000001", "000009",
        "Fehlende Nummern", "Sachkonten", "Umsatzsteuer", "Zahlarten", "50.000,00",
        "Testzahlung: Probe \"eins\" #[nach] \\ Papierwechsel", "Nachgezählt", "1-mal",
        "Zurückgegeben von", "Gerät fehlt", "C. Leitung (c.leitung)",
        "Sachlich und rechnerisch richtig: C. Leitung", "abababab", "cdcdcdcd", "t1-000006",
        "Kassenschnitte", "Stornos", "hofbuch 0.1.0", "Erster Beleg", "Letzter Beleg",
        "Vorgänge nach Art", "\u{2212}12,00", "Geldtransit", "777,00",
    ])
    func `the sheet shows`(words: String) {
        #expect(CloseSheet(close, facts).text.contains(words))
    }

    @Test func `a card terminal without a cut is unknown on the sheet, and odd numbers are said`()
        throws
    {
        let comparisons = CardComparison.compare(expected: close.totals.cards, counted: [:])
            .map { $0.explained(.cutMissing, "Bonrolle leer") }
        let blank = try DayClose.make(
            after: .start, yard: close.yard, day: close.day, to: 12, totals: close.totals,
            comparisons: comparisons,
            cutFindings: [
                .gap(cardTerminal: "68100001", after: "0017", number: "0020", missing: 2)
            ],
            counted: SignOff(close.countedBy, at: close.countedAt),
            approved: SignOff(close.approvedBy, at: close.approvedAt), plan: try Samples.plan())
        let text = CloseSheet(blank, facts).text
        #expect(text.contains("unbekannt"))
        #expect(
            text.contains(
                "kein Kassenschnitt, nicht bekannt; Kassenschnitt fehlt, Summe unbekannt: Bonrolle")
        )
        let withCut = try DayClose.make(
            after: .start, yard: close.yard, day: close.day, to: 12, totals: close.totals,
            comparisons: close.comparisons, cuts: close.cuts,
            cutFindings: [
                .gap(cardTerminal: "68100001", after: "0017", number: "0020", missing: 2)
            ],
            counted: SignOff(close.countedBy, at: close.countedAt),
            approved: SignOff(close.approvedBy, at: close.approvedAt), plan: try Samples.plan())
        #expect(
            CloseSheet(withCut, facts).text
                .contains("Zwischen den Kassenschnitten 0017 und 0020 fehlen 2."))
        #expect(!CloseSheet(close, facts).text.contains("unbekannt"))
    }

    @Test func `every kind that a close counts has words, and the oldest keep theirs`() {
        let counted: [String] =
            ["sale", "free", "on-account", "unknown", "resolution", "withheld"]
            + Reversal.Kind.allCases.map(\.rawValue) + NoSale.Cause.allCases.map(\.rawValue)
            + SettlementRecord.Kind.allCases.map(\.rawValue)
        let kinds = CountWords.labels.map(\.key)
        #expect(Set(kinds) == Set(counted) && Set(kinds).count == kinds.count)
        // On sheets that lie in archives: in this order, with these words.
        #expect(
            CountWords.labels.prefix(11).map(\.value) == [
                "Bezahlte Verkäufe", "Kostenfreie Annahmen", "Auf Rechnung", "Zahlung ungeklärt",
                "Geklärte Zahlungen", "Stornos", "Erstattungen",
                "Zurückgehalten: gesperrter Schlüssel", "Abgewiesene Anlieferungen",
                "Karte abgelehnt, kein Verkauf", "Abgebrochen, kein Verkauf",
            ])
    }

    @Test func `the sheet of a close of an earlier version says what it said`() throws {
        var totals = close.totals
        totals.course = nil
        let old = DayClose(
            number: close.number, yard: close.yard, day: close.day, from: close.from,
            to: close.to, totals: totals, comparisons: close.comparisons, cuts: close.cuts,
            grandTotalBefore: close.grandTotalBefore, countedBy: close.countedBy,
            countedAt: close.countedAt, approvedBy: close.approvedBy,
            approvedAt: close.approvedAt, accountPlan: close.accountPlan,
            accountPlanDigest: close.accountPlanDigest)
        let text = CloseSheet(old, facts).text

        for words in ["Programm", "Erster Beleg", "Vorgänge nach Art", "Geldtransit", "Fremde"] {
            #expect(!text.contains(words), "\(words)")
        }
        let counts = try #require(text.components(separatedBy: "\nBezahlte Verkäufe").last)
        #expect(counts.split(separator: "\n").first?.trimmingPrefix { $0 == " " } == "3")
    }

    @Test func `third-party money stands apart`() throws {
        let account = Samples.account("446110")
        let foreign = DayClose(
            number: 1, yard: close.yard, day: close.day, from: 0, to: 0, totals: close.totals,
            comparisons: [], grandTotalBefore: .zero, countedBy: close.countedBy,
            countedAt: close.countedAt, approvedBy: close.approvedBy,
            approvedAt: close.approvedAt, accountPlan: close.accountPlan,
            accountPlanDigest: close.accountPlanDigest,
            thirdParty: [ThirdPartyMoney(account: account, amount: Cents(2_345))])
        let text = CloseSheet(foreign, facts).text
        #expect(text.contains("Fremde Gelder (Euro)") && text.contains("23,45"))
    }

    @Test func `free words stay words in the document`() {
        let document = CloseSheet(close, facts).typst
        #expect(document.contains(#"Probe \"eins\" #[nach] \\ Papierwechsel"#))
        #expect(!document.contains("\n#[nach]"))
    }

    @Test func `an archive file has the same bytes every time`() throws {
        let printer = SheetPrinter(python: Self.root.appending(path: ".sheets/bin/python").path)
        guard printer.isInstalled else {
            print("skipped: .sheets is not there; run scripts/sheets.sh")
            return
        }
        let document = CloseSheet(close, facts).typst
        let first = try printer.pdf(document)
        #expect(first.starts(with: Array("%PDF-1.4".utf8)))
        #expect(try printer.pdf(document) == first)
        #expect(throws: SheetPrinterError.self) { try printer.pdf("#broken(") }
    }

    @Test func `a missing program is said with its place`() {
        #expect(throws: SheetPrinterError.missing(path: "/nirgends/python")) {
            try SheetPrinter(python: "/nirgends/python").pdf("x")
        }
    }

    /// By the name it was called by, a program that is found on the search path lies nowhere.
    @Test func `what lies beside the program is found by the program's own place`() throws {
        let folder = try #require(SheetPrinter.programFolder)
        #expect(folder.hasPrefix("/"))
        #expect(FileManager.default.isExecutableFile(atPath: folder + "/hofbuch"))
    }

    @Test func `a cut of a day without card payments is shown with what is odd about it`() throws {
        let gap = CutFinding.gap(
            cardTerminal: "68100001", after: "0017", number: "0019", missing: 1)
        let quiet = try DayClose.make(
            after: .start, yard: Samples.identifier("mitte"), day: Samples.day("2026-11-20"),
            to: 0, totals: CloseTotals(), comparisons: [],
            cuts: [BatchCut(cardTerminal: "68100001", number: "0019", totals: [:])],
            cutFindings: [gap],
            counted: SignOff(
                Samples.identifier("b.kasse"), at: Samples.time("2026-11-20T17:00:00.000Z")),
            approved: SignOff(
                Samples.identifier("c.leitung"), at: Samples.time("2026-11-20T17:24:47.123Z")),
            plan: try Samples.plan(), software: "hofbuch 0.1.0")

        let text = CloseSheet(quiet, facts).text

        for words in ["Es wurde nicht mit Karte gezahlt.", "0019", gap.german] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func `a look between shows totals and no certificate`() {
        let sheet = CloseSheet(
            interim: "Zwischenbericht (X)", of: close.totals, before: Cents(5_000_000),
            at: close.approvedAt, subtitle: "Musterstadt",
            facts: [CloseSheet.Fact("Stand", "jetzt")])
        #expect(sheet.text.contains("Kartengeräte laut Hofbuch"))
        #expect(!sheet.text.contains("richtig"))
    }
}
