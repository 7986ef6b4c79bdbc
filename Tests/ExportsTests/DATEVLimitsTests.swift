import DayClosing
import FinanceSamples
import Ledger
import Sales
import Testing
import Units

@testable import Exports

/// What DATEV takes at most, and what it takes as it stands.
struct DATEVLimitsTests {
    let plan: AccountPlan

    init() throws {
        plan = try Samples.plan()
    }

    private func settings(origin: String = "HB", year: (Int, Int) = (1, 1)) throws
        -> DATEVSettings
    {
        DATEVSettings(
            adviser: 1_001, client: 1,
            yearStart: try #require(DATEVSettings.MonthDay(month: year.0, day: year.1)),
            accountLength: 6, locks: false, origin: origin, chart: "")
    }

    private func batch(
        _ sales: [(lines: [SaleLine], day: String)], plan: AccountPlan? = nil,
        number: Int64 = 317, yard: String = "mitte"
    ) throws -> ClosedBatch {
        let facts = try sales.enumerated().map { place, sale in
            (
                ClosedRecord.Fact.sale(
                    Samples.reference(Int64(place) + 1), try Samples.sale(sale.lines)),
                day: sale.day
            )
        }
        let plan = plan ?? self.plan
        return try Samples.batch(
            try Samples.records(facts, plan: plan), plan: plan, number: number, yard: yard)
    }

    private func line(
        _ cents: Int64 = 100, centre: String? = nil, name: String = "Gebühren"
    ) -> ExportLine {
        let day = Samples.day("2026-11-20")
        return ExportLine(
            yard: Samples.identifier("mitte"), closeNumber: 317, closeDay: day, number: 7,
            key: ExportLine.Key(
                date: day, kind: .posting, debit: Samples.account("181900"),
                credit: Samples.account("432100"), costCentre: centre, channel: .debitCard),
            amount: Cents(cents), name: name, receipt: "")
    }

    private func cells(_ line: ExportLine) throws -> [String] {
        var rows = DATEVRows(settings: try settings())
        try rows.append(line)
        return try #require(readCSV(text(rows.bytes)).first)
    }

    private func text(_ bytes: some Sequence<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private func refusal(of line: ExportLine) throws -> ExportError {
        try #require(throws: ExportError.self) { try cells(line) }
    }

    @Test func `a file holds fifty million bytes with its first two lines`() {
        let full = DATEVFile.rowByteCountMax

        #expect(DATEVFile.byteCountMax == 50_000_000)
        #expect(DATEVFile.parts(ofRowLengths: [full - 1, 1, 1]) == [0..<2, 2..<3])
        #expect(DATEVFile.parts(ofRowLengths: [1, full, 1]) == [0..<1, 1..<2, 2..<3])
        #expect(DATEVFile.parts(ofRowLengths: [full]) == [0..<1])
    }

    @Test func `rows are measured as they are written`() throws {
        var rows = DATEVRows(settings: try settings())
        try rows.append(line())
        try rows.append(line(999_999, centre: "5370", name: "Müll; \"sperrig\""))

        let written = text(rows.bytes).split(separator: "\r\n").map(\.unicodeScalars.count)
        #expect(rows.lengths == written.map { $0 + 2 })
        #expect(rows.lengths.reduce(0, +) == rows.bytes.count)
    }

    /// The first two lines of a file whose first line is as long as `origin` makes it.
    private func head(originLength: Int) throws -> (first: Int, both: Int) {
        let settings = try settings(origin: String(repeating: "H", count: originLength))
        let one = try batch([([Samples.line(100)], "2026-11-20")])
        let file = try #require(try settings.files(of: [one]).first)
        let lines = text(file.bytes).split(separator: "\r\n").map(\.unicodeScalars.count)
        return (lines[0], lines[0] + lines[1] + 4)
    }

    @Test func `a first line has a thousand characters and is refused beyond`() throws {
        let rest = 1_000 - (try head(originLength: 0).first)

        let longest = try head(originLength: rest)
        #expect(longest.first == 1_000)
        #expect(longest.both == DATEVFile.byteCountMax - DATEVFile.rowByteCountMax)
        let error = try #require(throws: ExportError.self) { try head(originLength: rest + 1) }
        #expect(error.code == .tooLong)
        #expect((error.field, error.value) == ("Kopfzeile", "1001 Zeichen"))
        #expect(error.remedy.contains("1000"))
    }

    @Test func `a file beyond DATEV's limits is named when it is read`() throws {
        let large = DATEVBatch.read([UInt8](repeating: 0x30, count: 50_000_001))
        #expect(large.batch == nil)
        #expect(large.problems.map(\.words) == ["50000001 bytes; DATEV takes 50000000"])

        let one = try batch([([Samples.line(100)], "2026-11-20")])
        let file = try #require(try settings().files(of: [one]).first)
        let label = "\"Abschluss 317\""
        let long = text(file.bytes).replacing(
            label, with: "\"\(String(repeating: "x", count: 1_000))\"")
        let (_, problems) = DATEVBatch.read(Array(long.utf8))
        #expect(problems.map(\.line) == [1])
        #expect(problems.first?.words.hasSuffix("characters; DATEV takes 1000") == true)
    }

    /// Two closes and a fiscal year that begins inside the month: the second file of the month has
    /// the longest name that there is.
    @Test(arguments: [(27, nil), (28, "Dateiname")])
    func `a file name has fifty-one characters without its beginning and end`(
        yardLength: Int, field: String?
    ) throws {
        let yard = String(repeating: "y", count: yardLength)
        let sales = [
            (lines: [Samples.line(100)], day: "2026-07-14"),
            (lines: [Samples.line(200)], day: "2026-07-15"),
        ]
        let batches = try ([317, 318] as [Int64]).map { try batch(sales, number: $0, yard: yard) }
        let settings = try settings(year: (7, 15))

        guard let field else {
            let names = try settings.files(of: batches).map(\.name)
            #expect(names.last == "EXTF_\(yard)_000317-000318_2026-07_2.csv")
            #expect(names.map(\.utf8.count) == [58, 60])
            return
        }
        let error = try #require(throws: ExportError.self) { try settings.files(of: batches) }
        #expect(error.code == .tooLong)
        #expect(error.field == field)
        #expect(error.value?.utf8.count == 52)
        #expect(error.remedy.contains("51"))
    }

    @Test(arguments: ["", "5370", "KST 53_70", String(repeating: "k", count: 36)])
    func `a cost centre has up to thirty-six plain characters`(centre: String) throws {
        #expect(try cells(line(centre: centre))[36] == centre)
    }

    @Test(arguments: [
        (String(repeating: "k", count: 37), ExportError.Code.tooLong),
        ("Müll", .characterForbidden), ("53.70", .characterForbidden),
        ("53-70", .characterForbidden), ("53;70", .characterForbidden),
        ("53\"70", .characterForbidden), ("53\n70", .characterForbidden),
        ("53\t70", .characterForbidden), ("=1+1", .characterForbidden),
    ])
    func `any other cost centre is refused with its place, never cut or replaced`(
        centre: String, code: ExportError.Code
    ) throws {
        let error = try refusal(of: line(centre: centre))

        #expect(error.code == code)
        #expect((error.close, error.line) == ("mitte-000317", 7))
        #expect((error.field, error.value) == ("KOST1 - Kostenstelle", centre))
        #expect(!error.remedy.isEmpty)
    }

    @Test(arguments: ["a\nb", "a\r\nb", "a\tb", "a\u{0}b"])
    func `a booking text without line breaks and tabulators is wanted`(name: String) throws {
        let error = try refusal(of: line(name: name))

        #expect(error.code == .characterForbidden)
        #expect((error.close, error.line, error.field) == ("mitte-000317", 7, "Buchungstext"))
    }

    @Test(arguments: [(1, "0,01"), (100, "1,00"), (999_999_999_999, "9999999999,99")])
    func `an amount has up to ten digits and two decimals`(cents: Int64, wanted: String) throws {
        #expect(try cells(line(cents))[0] == wanted)
    }

    @Test func `an amount of eleven digits is refused`() throws {
        let error = try refusal(of: line(1_000_000_000_000))

        #expect(error.code == .tooLong)
        #expect((error.close, error.line) == ("mitte-000317", 7))
        #expect(
            (error.field, error.value) == ("Umsatz (ohne Soll/Haben-Kz)", "10000000000,00"))
    }

    @Test func `an amount of zero makes no row`() throws {
        let nothing = Samples.line(0, "3")
        let mixed = try batch([
            ([Samples.line(1_000), nothing], "2026-11-20"), ([nothing], "2026-11-20"),
        ])

        let file = try #require(try settings().files(of: [mixed]).first)

        #expect(readCSV(text(file.bytes)).dropFirst(2).map { $0[0] } == ["10,00"])
        #expect(try settings().files(of: [batch([([nothing], "2026-11-20")])]).isEmpty)
    }

    /// An apostrophe before it would be part of the text for a program (for people: the profiles
    /// with „tabellenkalkulation: ja“).
    @Test func `what a spreadsheet would run stays untouched in files for programs`() throws {
        let plan = self.plan.naming(Samples.account("432100"), "=1+1")
        let closed = try batch([([Samples.line(100)], "2026-11-20")], plan: plan)

        let file = try #require(try settings().files(of: [closed]).first)
        #expect(readCSV(text(file.bytes))[2][13] == "Abschluss 317 =1+1")

        let package = try AuditPackage.files(of: [closed])
        let accounts = try #require(package.first { $0.name == "konten.csv" })
        let rows = readCSV(String(decoding: accounts.bytes, as: UTF8.self))
        #expect(rows.contains { $0.dropFirst().prefix(2) == ["432100", "=1+1"] })
        #expect(!accounts.bytes.contains(UInt8(ascii: "'")))
    }
}
