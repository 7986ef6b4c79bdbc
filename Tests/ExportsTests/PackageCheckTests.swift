import DayClosing
import FinanceSamples
import Foundation
import Sales
import Testing
import Units

@testable import Exports

private let grammar = "gdpdu-01-09-2004.dtd"

/// A package of the first two closes of a yard, and ways to break it. The second one has a cut with
/// payments, two without any, and a gap between the numbers of two.
private struct SamplePackage {
    var files: [String: [UInt8]]

    init() throws {
        let plan = try Samples.plan()
        let first = try Samples.batch(try Samples.day(plan: plan), plan: plan, number: 1)
        let second = try Self.following(first, plan: plan)
        files = Dictionary(
            try AuditPackage.files(of: [first, second], register: Samples.register)
                .map { ($0.name, $0.bytes) }
        ) { $1 }
    }

    private static func following(_ first: ClosedBatch, plan: AccountPlan) throws -> ClosedBatch {
        let sale = try Samples.weighedSale()
        let record = ClosedRecord(
            index: first.close.to, at: Samples.time("2026-11-21T09:00:00.000Z"),
            day: Samples.day("2026-11-21"), fact: .sale(Samples.reference(90), sale),
            flags: ["price-differs"],
            entry: try plan.entry(sale: sale), by: Samples.identifier("a.annahme"),
            number: Samples.reference(90))
        let numbers = TerminalRange(
            terminal: Samples.reference(90).terminal, first: 90, last: 90, count: 1,
            missing: [17, 19, 20, 21, 89])
        let totals = CloseTotals(
            records: [record], businessDay: Samples.day("2026-11-21"), terminals: [numbers],
            unresolvedBefore: [])
        let cuts =
            BatchCut.unnumbered(totals.cards).map {
                BatchCut(cardTerminal: $0.cardTerminal, number: "17", totals: $0.totals)
            } + [
                BatchCut(cardTerminal: "68100001", number: "20", totals: [:]),
                BatchCut(cardTerminal: "68100002", number: "5", totals: [:]),
            ]
        let close = try DayClose.make(
            after: first.close.mark, yard: first.close.yard, day: Samples.day("2026-11-21"),
            to: first.close.to + 1, totals: totals,
            comparisons: CardComparison.compare(expected: totals.cards, counted: totals.cards),
            cuts: cuts,
            cutFindings: [
                .gap(cardTerminal: "68100001", after: "17", number: "20", missing: 2)
            ],
            counted: SignOff(
                Samples.identifier("b.kasse"), at: Samples.time("2026-11-21T17:00:00.000Z")),
            approved: SignOff(
                Samples.identifier("c.leitung"), at: Samples.time("2026-11-21T17:30:00.000Z")),
            plan: plan, software: "hofbuch 0.2.0")
        return ClosedBatch(close: close, records: [record], plan: plan)
    }

    var problems: [PackageProblem] {
        PackageCheck.problems(
            in: files.sorted { $0.key < $1.key }.map { (name: $0.key, bytes: $0.value) })
    }

    func text(_ name: String) -> String { String(decoding: files[name] ?? [], as: UTF8.self) }

    mutating func replace(_ old: String, with new: String, in name: String) throws {
        let text = text(name)
        try #require(text.contains(old), "\(name) holds \(old)")
        guard let range = text.range(of: old) else { return }
        files[name] = Array(text.replacingCharacters(in: range, with: new).utf8)
    }

    /// Changes a cell of a table, counted from 0 after the heading.
    mutating func change(
        _ name: String, row: Int, _ column: Int, _ change: (String) -> String
    ) throws {
        var lines = text(name).components(separatedBy: "\r\n")
        var cells = lines[row + 1].components(separatedBy: ";")
        cells[column] = change(cells[column])
        lines[row + 1] = cells.joined(separator: ";")
        files[name] = Array(lines.joined(separator: "\r\n").utf8)
    }

    mutating func lines(of name: String, _ change: (inout [String]) -> Void) {
        var lines = text(name).components(separatedBy: "\r\n")
        change(&lines)
        files[name] = Array(lines.joined(separator: "\r\n").utf8)
    }
}

/// One way to break a package, and what the checker must say first of it.
private struct Fault: CustomTestStringConvertible, Sendable {
    let code: PackageProblem.Code
    let words: String
    let make: @Sendable (inout SamplePackage) throws -> Void

    init(
        _ code: PackageProblem.Code, _ words: String,
        _ make: @escaping @Sendable (inout SamplePackage) throws -> Void
    ) {
        self.code = code
        self.words = words
        self.make = make
    }

    var testDescription: String { "\(code.rawValue) \(words)" }

    static func index(_ code: PackageProblem.Code, _ old: String, _ new: String) -> Fault {
        Fault(code, "\(old) → \(new)") { try $0.replace(old, with: new, in: "index.xml") }
    }

    static func cell(
        _ code: PackageProblem.Code, _ table: String, row: Int = 0, _ column: Int, _ new: String
    ) -> Fault {
        Fault(code, "\(table) \(column) \(new)") { package in
            try package.change("\(table).csv", row: row, column) { _ in new }
        }
    }
}

struct PackageCheckTests {
    private static let faultsOfIndex: [Fault] = [
        Fault(.indexMissing, "no index.xml") { $0.files["index.xml"] = nil },
        .index(.indexMalformed, "</Media>", "</Medium>"),
        .index(.indexMalformed, "</DataSet>", ""),
        .index(.indexMalformed, "<Name>Hofbuch</Name>", "<Name>&hofbuch;</Name>"),
        .index(.indexMalformed, "<Name>Hofbuch</Name>", "<Name>Hofbuch</Name></Name>"),
        Fault(.indexEncoding, "index.xml in Windows-1252") { package in
            package.files["index.xml"] = package.text("index.xml").unicodeScalars
                .map { UInt8(truncatingIfNeeded: $0.value) }
        },
        .index(.grammarOther, "SYSTEM \"gdpdu-01-09-2004.dtd\"", "SYSTEM \"other.dtd\""),
        .index(.grammarOther, "<!DOCTYPE DataSet SYSTEM \"gdpdu-01-09-2004.dtd\">", ""),
        Fault(.grammarMissing, "no grammar") { $0.files[grammar] = nil },
        Fault(.grammarAltered, "a wider grammar") { package in
            try package.replace("DataSupplier?", with: "DataSupplier*", in: grammar)
        },
        .index(.declarations, "dtd\">", "dtd\" [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"),
        .index(.elementUnknown, "<UTF8/>", "<UTF9/>"),
        .index(.contentWrong, "<Version>1.0</Version>", ""),
        .index(.contentWrong, "<UTF8/>", "<UTF8>x</UTF8>"),
        .index(.contentWrong, "<Map><From>gap</From>", "<Map>"),
        .index(.contentWrong, "<Range><From>2</From></Range>", "<Range></Range>"),
        .index(.attribute, "<Media>", "<Media id=\"1\">"),
        .index(.addressOutside, "<URL>belege.csv</URL>", "<URL>../belege.csv</URL>"),
        .index(.addressOutside, "<URL>belege.csv</URL>", "<URL>file:belege.csv</URL>"),
        .index(.addressTwice, "<URL>belege.csv</URL>", "<URL>steuer.csv</URL>"),
        Fault(.fileMissing, "no steuer.csv") { $0.files["steuer.csv"] = nil },
        Fault(.fileUnnamed, "a file too many") { $0.files["notiz.txt"] = [0x41] },
        .index(.encodingMark, "<UTF8/>", ""),
        .index(.encodingMark, "<UTF8/>", "<ANSI/>"),
        .index(.signsOther, "<DecimalSymbol>,</DecimalSymbol>", "<DecimalSymbol>.</DecimalSymbol>"),
        .index(.rangeOther, "<From>2</From>", "<From>1</From>"),
        .index(.separatorsOther, "<ColumnDelimiter>;<", "<ColumnDelimiter>,<"),
        .index(.separatorsOther, "&#13;&#10;", "&#10;"),
        .index(.columnTwice, "<Name>umsatz</Name>", "<Name>tag</Name>"),
        Fault(.keyless, "a table without a key") { package in
            try package.replace("<VariablePrimaryKey>", with: "<VariableColumn>", in: "index.xml")
            try package.replace("</VariablePrimaryKey>", with: "</VariableColumn>", in: "index.xml")
        },
        .index(.linkUnknown, "<References>abschluesse<", "<References>tage<"),
        .index(.linkColumn, "<ForeignKey><Name>abschluss<", "<ForeignKey><Name>tag7<"),
        .index(.tableSet, "<Name>konten</Name>", "<Name>plaene</Name>"),
        .index(.columnSet, "<Accuracy>2</Accuracy>", "<Accuracy>3</Accuracy>"),
    ]

    private static let faultsOfTables: [Fault] = [
        Fault(.tableEncoding, "a byte order mark") {
            $0.files["belege.csv"] = [0xEF, 0xBB, 0xBF] + ($0.files["belege.csv"] ?? [])
        },
        Fault(.tableEncoding, "a byte that is no UTF-8") {
            $0.files["belege.csv"] = ($0.files["belege.csv"] ?? []) + [0xFF, 0x0D, 0x0A]
        },
        Fault(.headingWrong, "no heading") { $0.lines(of: "steuer.csv") { $0.removeFirst() } },
        Fault(.headingWrong, "an empty file") { $0.files["steuer.csv"] = [] },
        Fault(.rowEnd, "line feeds alone") {
            $0.files["konten.csv"] = $0.files["konten.csv"]?.filter { $0 != 0x0D }
        },
        Fault(.rowEnd, "the last row is cut off") {
            $0.files["konten.csv"] = $0.files["konten.csv"].map { Array($0.dropLast(2)) }
        },
        Fault(.cellCount, "a cell too many") {
            $0.lines(of: "steuer.csv") { $0[1] += ";\"x\"" }
        },
        Fault(.cellCount, "a cell too few") {
            $0.lines(of: "steuer.csv") { $0[1] = "\"x\";1" }
        },
        .cell(.quotes, "konten", 2, "Konto"), .cell(.quotes, "konten", 2, "\"Kon\"to\""),
        .cell(.quotes, "konten", 2, "Kon\"to"), .cell(.quotes, "belege", 1, "\"0\""),
        Fault(.quotes, "a quotation mark that is not closed") {
            $0.files["konten.csv"] = ($0.files["konten.csv"] ?? []) + Array("\"a".utf8)
        },
        .cell(.control, "konten", 2, "\"a\u{7}b\""), .cell(.control, "konten", 2, "\"a\nb\""),
        .cell(.number, "belegzeilen", 7, "1.000,00"), .cell(.number, "belegzeilen", 7, "+1,00"),
        .cell(.number, "belegzeilen", 7, "01,00"), .cell(.number, "belegzeilen", 7, ""),
        .cell(.number, "belegzeilen", 7, "1,00 €"),
        .cell(.decimals, "belegzeilen", 7, "412,5"), .cell(.decimals, "belegzeilen", 7, "412"),
        .cell(.date, "belege", 3, "31.02.2026"), .cell(.date, "belege", 3, "2026-11-20"),
        .cell(.date, "belege", 3, "1.1.2026"),
        Fault(.keyTwice, "a row twice") { $0.lines(of: "belege.csv") { $0.insert($0[1], at: 1) } },
        .cell(.keyEmpty, "konten", 1, "\"\""),
        Fault(.linkBroken, "a record is missing") {
            $0.lines(of: "belege.csv") { $0.remove(at: 1) }
        },
        .cell(.linkBroken, "kartensummen", 0, "\"mitte-000999\""),
    ]

    private static let faultsOfSense: [Fault] = [
        .cell(.unbalanced, "buchungen", 5, "0,01"),
        Fault(.unbalanced, "a posting is missing") {
            $0.lines(of: "buchungen.csv") { $0.remove(at: 1) }
        },
        .cell(.taxDiffers, "steuer", 3, "1,00"),
        Fault(.taxDiffers, "a tax block is missing") {
            $0.lines(of: "steuer.csv") { $0.remove(at: 1) }
        },
        .cell(.turnoverDiffers, "abschluesse", 6, "1,00"),
        .cell(.grandTotal, "abschluesse", 8, "1,00"),
        .cell(.grandTotal, "abschluesse", row: 1, 7, "1,00"),
        .cell(.closeGap, "abschluesse", row: 1, 2, "3"),
        .cell(.positions, "abschluesse", row: 1, 4, "99"),
        .cell(.positions, "abschluesse", row: 1, 5, "3"),
        .cell(.accountUnknown, "buchungen", 3, "\"999999\""),
        .cell(.reasonMissing, "kartensummen", 5, "99"),
        .cell(.samePerson, "abschluesse", 11, "\"b.kasse\""),
    ]

    private static let faultsOfParts: [Fault] = [
        .cell(.receiptDiffers, "belege", 8, "1,00"),
        .cell(.turnoverDiffers, "belege", 8, "1,00"),
        Fault(.receiptDiffers, "a line is missing") {
            $0.lines(of: "belegzeilen.csv") { $0.remove(at: 1) }
        },
        .cell(.priceDiffers, "belegzeilen", 10, "2,0000"),
        .cell(.priceDiffers, "belegzeilen", 11, "413,00000"),
        .cell(.linkBroken, "belegzeilen", 13, "\"\(String(repeating: "0", count: 64))\""),
        Fault(.reversalDiffers, "a void stands nowhere") {
            $0.lines(of: "ruecknahmen.csv") { $0.remove(at: 1) }
        },
        .cell(.reversalDiffers, "ruecknahmen", 4, "1,00"),
        .cell(.reversalUnreasoned, "ruecknahmen", 5, "\"\""),
        .cell(.reversalUnreasoned, "ruecknahmen", 6, "\"\""),
        .cell(.linkBroken, "ruecknahmen", 1, "99"),
        .cell(.differenceWrong, "kartensummen", 11, "0,01"),
        .cell(.reasonMissing, "kartensummen", 9, "1"),
        .cell(.reasonMissing, "kartensummen", 13, "\"nein\""),
        .cell(.clearingDiffers, "geldtransit", 3, "0,01"),
        .cell(.clearingDiffers, "geldtransit", row: 2, 2, "0,01"),
        Fault(.clearingDiffers, "the second close drops what the first holds") {
            $0.lines(of: "geldtransit.csv") { $0.remove(at: 3) }
        },
        .cell(.linkBroken, "geldtransit", 0, "\"mitte-000999\""),
        Fault(.detailDiffers, "a delivery without a sale stands nowhere") {
            $0.lines(of: "ohneverkauf.csv") { $0.remove(at: 1) }
        },
        .cell(.detailDiffers, "ohneverkauf", 1, "6"),
        .cell(.detailDiffers, "klaerungen", 1, "6"),
        .cell(.detailDiffers, "belege", 7, "\"gap\""),
        .cell(.detailDiffers, "auffaelligkeiten", 2, "\"gap\""),
    ]

    private static let faultsOfCards: [Fault] = [
        .cell(.cutsDiffer, "kartensummen", row: 2, 13, "\"nein\""),
        .cell(.cutsDiffer, "kassenschnitte", 6, "9"),
        .cell(.cutsDiffer, "kassenschnitte", row: 1, 7, "0,01"),
        .cell(.cutsDiffer, "schnittsummen", 4, "9"),
        .cell(.cutsDiffer, "schnittsummen", 5, "0,01"),
        .cell(.linkBroken, "kassenschnitte", 1, "\"99999999\""),
        .cell(.linkBroken, "schnittsummen", 3, "9"),
        .cell(.cardTerminalDiffers, "kartenterminals", row: 1, 2, "3"),
        .cell(.cardTerminalDiffers, "kartenterminals", 3, "\"nein\""),
        .cell(.cardTerminalDiffers, "kartenterminals", row: 2, 3, "\"nein\""),
        Fault(.cardTerminalDiffers, "a batch cut without payments is missing") {
            $0.lines(of: "kassenschnitte.csv") { $0.remove(at: 3) }
        },
        Fault(.linkBroken, "a card terminal is missing") {
            $0.lines(of: "kartenterminals.csv") { $0.remove(at: 3) }
        },
        Fault(.cutFindingsDiffer, "a gap is not told") {
            $0.lines(of: "schnittbefunde.csv") { $0.remove(at: 1) }
        },
        .cell(.cutFindingsDiffer, "schnittbefunde", 6, "1"),
        .cell(.cutFindingsDiffer, "schnittbefunde", 4, "\"21\""),
        .cell(.cutFindingsDiffer, "kassenschnitte", row: 1, 3, "\"18\""),
        .cell(.cardPaymentsDiffer, "kartenzahlungen", 7, "0,01"),
        Fault(.cardPaymentsDiffer, "a card payment is missing") {
            $0.lines(of: "kartenzahlungen.csv") { $0.remove(at: 1) }
        },
        .cell(.linkBroken, "kartenzahlungen", 1, "99"),
    ]

    private static let faultsOfNumbers: [Fault] = [
        .cell(.numbersDiffer, "belege", row: 12, 11, "91"),
        .cell(.numbersDiffer, "belege", row: 12, 10, "\"t2\""),
        .cell(.numbersDiffer, "nummernkreise", 4, "0"),
        .cell(.numbersDiffer, "nummernkreise", 5, "4"),
        .cell(.numbersDiffer, "nummernkreise", 6, "\"17 19-21 90\""),
        .cell(.numbersDiffer, "nummernkreise", 6, "\"19-17\""),
        Fault(.numbersDiffer, "a number stands twice") { package in
            try package.change("belege.csv", row: 11, 10) { _ in "\"t1\"" }
            try package.change("belege.csv", row: 11, 11) { _ in "90" }
        },
    ]

    private static let faultsOfRegister: [Fault] = [
        .cell(.exportClosesDiffer, "exporte", 3, "\"315\""),
        Fault(.exportClosesDiffer, "a close of an export is missing") {
            $0.lines(of: "exportabschluesse.csv") { $0.remove(at: 1) }
        },
        .cell(.linkBroken, "exportabschluesse", 1, "7"),
        .cell(.programsDiffer, "programmstaende", 5, "2"),
        .cell(.programsDiffer, "abschluesse", 14, "\"hofbuch 0.3.0\""),
        .cell(.tariffDiffers, "tarife", 3, "1"), .cell(.tariffDiffers, "tarife", 4, "0,01"),
        .cell(.linkBroken, "tarifversionen", 2, "\"\(String(repeating: "0", count: 64))\""),
        .cell(.date, "tarifversionen", 3, "2026-01-01"),
        .cell(.exportGap, "exporte", row: 1, 1, "3"),
        Fault(.exportFiles, "an export without files") {
            $0.lines(of: "exportdateien.csv") { $0.remove(at: 1) }
        },
        .cell(.exportFiles, "exportdateien", 3, "\"abc\""),
        .cell(.linkBroken, "exportdateien", 1, "7"),
        .cell(.fileListDiffers, "dateien", 0, "\"nirgends.csv\""),
        Fault(.fileListDiffers, "a file is not listed") {
            $0.lines(of: "dateien.csv") { $0.remove(at: 1) }
        },
        .cell(.fileDiffers, "dateien", 1, "\"\(String(repeating: "0", count: 64))\""),
        .cell(.fileDiffers, "dateien", row: 2, 2, "1"),
        .cell(.fileDiffers, "dateien", row: 2, 3, "1"),
        .cell(.fileDiffers, "konten", 2, "\"Ein anderer Name\""),
    ]

    private static let faults =
        faultsOfIndex + faultsOfTables + faultsOfSense + faultsOfParts + faultsOfCards
        + faultsOfNumbers + faultsOfRegister

    @Test func `a package of ours has no problem`() throws {
        #expect(try SamplePackage().problems == [])
    }

    @Test(arguments: faults)
    private func `each broken package is refused and says why`(fault: Fault) throws {
        var package = try SamplePackage()
        try fault.make(&package)
        let problems = package.problems
        #expect(
            problems.contains { $0.code == fault.code },
            "\(problems.map(\.description).joined(separator: "; "))")
        for problem in problems { #expect(!problem.file.isEmpty && !problem.words.isEmpty) }
    }

    @Test func `what is brought forward and made up for needs no reason`() throws {
        var package = try SamplePackage()
        try package.change("kartensummen.csv", row: 0, 5) { _ in "0" }
        try package.change("kartensummen.csv", row: 0, 6) { _ in "0,00" }
        let file = package.text("kartensummen.csv").components(separatedBy: "\r\n")[1]
        let cells = file.components(separatedBy: ";")
        try package.change("kartensummen.csv", row: 0, 9) { _ in cells[3] }
        try package.change("kartensummen.csv", row: 0, 10) { _ in cells[4] }

        // The list of files alone tells that somebody changed it.
        #expect(Set(package.problems.map(\.code)) == [.fileDiffers])
    }

    @Test func `an export that had nothing to book has no file`() throws {
        var package = try SamplePackage()
        package.lines(of: "exportdateien.csv") { $0.remove(at: 1) }
        try package.change("exporte.csv", row: 0, 10) { _ in "0" }

        #expect(Set(package.problems.map(\.code)) == [.fileDiffers])
    }

    @Test func `every problem has a broken package that shows it`() {
        let shown = Set(Self.faults.map(\.code))
        let archive: Set<PackageProblem.Code> = [.archive, .archiveFolder, .archiveTwice]
        #expect(shown.union(archive) == Set(PackageProblem.Code.allCases))
        #expect(Self.faults.count >= 30)
    }

    @Test func `random changes of a byte never crash the checker`() throws {
        let good = try SamplePackage()
        let names = good.files.keys.sorted()
        var generator = SeededGenerator(seed: 2026)
        for _ in 0..<200 {
            var package = good
            let name = try #require(names.randomElement(using: &generator))
            var bytes = package.files[name] ?? []
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[place] = UInt8.random(in: 0...255, using: &generator)
            package.files[name] = bytes
            // No change may crash the checker; what it says is tested above.
            _ = package.problems
        }
    }
}
