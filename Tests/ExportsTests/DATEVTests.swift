import DayClosing
import FinanceSamples
import Foundation
import Ledger
import Sales
import Testing
import Text
import Units

@testable import Exports

/// The bytes of a file in Windows-1252 as text; the samples use no byte of 80 to 9F.
private func text(_ bytes: some Sequence<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}

/// Lines without their CR LF, cells with their quotes, as a strict reader wants them: no line
/// break inside a cell, semicolons only inside quotes.
private func rawRows(_ file: WholeFile) -> [[String]] {
    text(file.bytes).split(separator: "\r\n").map { line in
        var cells = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == ";" && !isQuoted {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}

private func matches(_ cell: String, _ pattern: String) throws -> Bool {
    try Regex(pattern).wholeMatch(in: cell) != nil
}

/// The published pattern of each header field (format description, header 700).
private let headerPatterns = [
    #""(EXTF|DTVF)""#, "700", "(16|20|21|46|48|65)",
    #""(Buchungsstapel|Wiederkehrende Buchungen|Debitoren/Kreditoren)""#, "(2|4|5|13)",
    "20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[1-2][0-9]|3[0-1])(2[0-3]|[01][0-9])[0-5][0-9][0-5][0-9]{4}",
    "", #""\w{0,2}""#, #""\w{0,25}""#, #""\w{0,25}""#, #"(\d{4,6}|\d{7})"#, #"\d{1,5}"#,
    #"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[1-2][0-9]|3[0-1])"#, "[4-8]",
    #"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[1-2][0-9]|3[0-1])"#,
    #"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[1-2][0-9]|3[0-1])"#, #""[\w.\-/ ]{0,30}""#,
    #""([A-Z]{2}){0,2}""#, "[1-2]", "(0|30|40|50|64)", "(0|1)", #""[A-Z]{3}""#, "", #""""#, "",
    "", #""(\d{2}){0,2}""#, #"\d{0,4}"#, "", #""""#, #"".{0,16}""#,
]

struct DATEVRunTests {
    @Test func `the run of an export is that of its closes, and no other's`() throws {
        let plan = try Samples.plan()
        let close = try Samples.batch([], plan: plan).planned
        let next = try Samples.batch([], plan: plan, number: 318).planned
        let later = try Samples.batch([], plan: plan, approved: "2026-11-20T17:24:47.124Z").planned

        // printf 'mitte-000317 2026-11-20T17:24:47.123Z\n' | sha256sum
        #expect([close].runMark == "482f06096e1fcb09")
        let others = [[next], [later], [close, next], [next, close]].map(\.runMark)
        #expect(Set(others + [[close].runMark]).count == 5)
        #expect(others.allSatisfy { $0.count == 16 })
    }
}

/// The published patterns of the columns that we fill (format version 13).
private let columnPatterns: [Int: String] = [
    1: #"(?!0{1,10},00)\d{1,10},\d{2}"#, 2: #""(S|H)""#, 7: #"(?!0{1,9}$)\d{1,9}"#,
    8: #"(?!0{1,9}$)\d{1,9}"#, 10: #"\d{4}"#, 11: #""[\w$&%*+\-/]{0,36}""#, 14: #"".{0,60}""#,
    37: #""[\w ]{0,36}""#, 114: "(0|1)", 118: #""(0|1)?""#, 121: #"".{0,50}""#,
]

/// The columns of type text, by the published table: empty they are two quotes.
private let textColumns: Set<Int> = Set([
    2, 3, 6, 9, 11, 12, 14, 16, 37, 38, 40, 42, 91, 95, 96, 98,
])
.union(20...36).union(48...87)
.union([102, 103, 105, 107, 109, 110, 112, 118, 120, 121, 123])

struct DATEVTests {
    let plan: AccountPlan
    let settings: DATEVSettings

    init() throws {
        plan = try Samples.plan()
        settings = try Samples.datev()
    }

    private func settings(length: Int = 6, locks: Bool = false, year: (Int, Int) = (1, 1)) throws
        -> DATEVSettings
    {
        let start = try #require(DATEVSettings.MonthDay(month: year.0, day: year.1))
        return DATEVSettings(
            adviser: 1_001, client: 1, yearStart: start, accountLength: length, locks: locks,
            origin: "HB", chart: "")
    }

    private func batch(
        _ amounts: [(Int64, day: String)], number: Int64 = 317, yard: String = "mitte",
        plan: AccountPlan? = nil
    ) throws -> ClosedBatch {
        let facts = try amounts.enumerated().map { place, pair in
            let sale = try Samples.sale([Samples.line(pair.0)])
            return (
                ClosedRecord.Fact.sale(Samples.reference(Int64(place) + 1), sale), day: pair.day
            )
        }
        let plan = plan ?? self.plan
        return try Samples.batch(
            try Samples.records(facts, plan: plan), plan: plan, number: number, yard: yard)
    }

    @Test func `every cell fits the published patterns`() throws {
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
        let rows = rawRows(try #require(try settings.files(of: [batch], run: "lauf 1").first))

        #expect(rows[0].count == 31)
        for (cell, pattern) in zip(rows[0], headerPatterns) {
            #expect(try matches(cell, pattern), "\(cell) against \(pattern)")
        }
        #expect(rows[1].count == 125)
        #expect(rows.count == 2 + (try batch.totalLines().count))
        for row in rows.dropFirst(2) {
            #expect(row.count == 125)
            for (place, cell) in row.enumerated() {
                let empty = textColumns.contains(place + 1) ? "\"\"" : ""
                guard let pattern = columnPatterns[place + 1] else {
                    #expect(cell == empty, "column \(place + 1)")
                    continue
                }
                #expect(try matches(cell, pattern), "column \(place + 1): \(cell)")
            }
        }
    }

    @Test func `bytes are Windows-1252 with CR LF everywhere`() throws {
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
        let bytes = try #require(try settings.files(of: [batch]).first).bytes

        let ends = bytes.indices.filter { bytes[$0] == 0x0A }
        #expect(ends.allSatisfy { $0 > 0 && bytes[$0 - 1] == 0x0D })
        #expect(bytes.count { $0 == 0x0D } == ends.count)
        #expect(bytes.suffix(2) == [0x0D, 0x0A])
        #expect(bytes.contains(0xFC) && !bytes.contains(0xC3))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `the rows give the account totals to the cent`(seed: UInt64) throws {
        let day = try RandomDay(seed: seed, sales: 60, plan: plan, day: Samples.day("2026-11-20"))
        let batch = try Samples.batch(day.records, plan: plan)
        let file = try #require(try settings.files(of: [batch]).first)

        var balances: [String: Int64] = [:]
        for row in readCSV(text(file.bytes)).dropFirst(2) {
            let cents = try #require(Int64(row[0].replacing(",", with: "")))
            let signed = row[1] == "S" ? cents : -cents
            balances[row[6], default: 0] += signed
            balances[row[7], default: 0] -= signed
        }
        var wanted: [String: Int64] = [:]
        for total in batch.close.totals.accounts {
            wanted[total.account.number, default: 0] += (total.debit - total.credit).value
        }

        #expect(balances == wanted, "seed \(seed)")
        #expect(balances.values.reduce(0, +) == 0, "seed \(seed)")
    }

    @Test func `a reversal swaps the side, keeps the accounts and is marked`() throws {
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
        let file = try #require(try settings.files(of: [batch]).first)
        let rows = readCSV(text(file.bytes)).dropFirst(2)
            .map { [$0[0], $0[1], $0[6], $0[7], $0[117]] }

        #expect(rows.contains(["12,00", "S", "181900", "432100", ""]))
        #expect(rows.contains(["12,00", "H", "181900", "432100", "1"]))
        #expect(rows.allSatisfy { ($0[1] == "H") == ($0[4] == "1") })
    }

    @Test(arguments: [(false, "0"), (true, "1")])
    func `the lock is written in header and rows, never left empty`(
        locks: Bool, wanted: String
    ) throws {
        let file = try #require(
            try settings(locks: locks).files(of: [batch([(100, "2026-11-20")])]).first)
        let rows = rawRows(file)
        #expect(rows[0][20] == wanted)
        #expect(rows[2][113] == wanted)
    }

    @Test func `no file crosses the thirty-first of December`() throws {
        let late = try batch([(100, "2026-12-31"), (200, "2027-01-01"), (300, "2028-02-29")])

        let files = try settings.files(of: [late])

        #expect(
            files.map(\.name) == [
                "EXTF_mitte_000317_2026-12.csv", "EXTF_mitte_000317_2027-01.csv",
                "EXTF_mitte_000317_2028-02.csv",
            ])
        #expect(files.map { rawRows($0)[0][12] } == ["20260101", "20270101", "20280101"])
        #expect(files.map { rawRows($0)[0][14] } == ["20261231", "20270101", "20280229"])
        #expect(files.map { rawRows($0)[2][9] } == ["3112", "0101", "2902"])
    }

    @Test func `a fiscal year that begins in July splits a calendar year`() throws {
        let both = try batch([(100, "2026-06-30"), (200, "2026-07-01")])
        let files = try settings(year: (7, 1)).files(of: [both])
        #expect(files.map { rawRows($0)[0][12] } == ["20250701", "20260701"])
    }

    @Test func `closes without money make no file`() throws {
        #expect(try settings.files(of: [batch([])]).isEmpty)
    }

    @Test func `several closes share a file and keep their references`() throws {
        let batches = [
            try batch([(100, "2026-11-20")]), try batch([(200, "2026-11-21")], number: 318),
        ]
        let file = try #require(try settings.files(of: batches).first)
        let rows = rawRows(file)

        #expect(file.name == "EXTF_mitte_000317-000318_2026-11.csv")
        #expect(rows[0][16] == "\"Abschluss 317-318\"")
        #expect(rows.dropFirst(2).map { $0[10] } == ["\"mitte-000317\"", "\"mitte-000318\""])
        #expect(rows.dropFirst(2).map { $0[120] } == ["\"mitte-000317\"", "\"mitte-000318\""])
    }

    @Test func `a full stop in a yard's name becomes a slash in the document field`() throws {
        let dotted = try batch([(100, "2026-11-20")], yard: "mitte.1")
        let rows = rawRows(try #require(try settings.files(of: [dotted]).first))
        #expect(rows[2][10] == "\"mitte/1-000317\"")
        #expect(rows[2][120] == "\"mitte.1-000317\"")
    }

    @Test(arguments: [(29, nil), (30, "Belegfeld 1")])
    func `a document field holds thirty-six characters`(length: Int, field: String?) throws {
        let yard = String(repeating: "y", count: length)
        let long = try batch([(100, "2026-11-20")], yard: yard)
        try expect(field, .tooLong) { try settings.files(of: [long]) }
    }

    @Test(arguments: [(5, "Konto"), (6, nil), (7, "Konto")])
    func `accounts have the length that DATEV was told`(length: Int, field: String?) throws {
        let one = try batch([(100, "2026-11-20")])
        try expect(field, .accountLength) { try settings(length: length).files(of: [one]) }
    }

    @Test(arguments: [
        ("1999-12-31", "Belegdatum"), ("2000-01-01", nil), ("2100-01-01", "Belegdatum"),
    ])
    func `dates outside this century are refused`(day: String, field: String?) throws {
        try expect(field, .dateOutOfRange) { try settings.files(of: [batch([(100, day)])]) }
    }

    @Test(arguments: [(16, nil), (17, "Anwendungsinformation")])
    func `the run has sixteen characters`(length: Int, field: String?) throws {
        let one = try batch([(100, "2026-11-20")])
        try expect(field, .tooLong) {
            try settings.files(of: [one], run: String(repeating: "r", count: length))
        }
    }

    private func expect(
        _ field: String?, _ code: ExportError.Code, _ step: () throws -> [WholeFile]
    ) throws {
        guard let field else {
            #expect(try !step().isEmpty)
            return
        }
        let error = try #require(throws: ExportError.self) { try step() }
        #expect(error.code == code)
        #expect(error.field == field)
    }

    private func rows(ofNameLength length: Int) throws -> [[String]] {
        let name = String(repeating: "ü", count: length)
        let plan = self.plan.naming(Samples.account("432100"), name)
        let files = try settings.files(of: [batch([(100, "2026-11-20")], plan: plan)])
        return rawRows(try #require(files.first))
    }

    @Test func `a booking text of more than sixty characters is refused, never cut`() throws {
        let text = "Abschluss 317 " + String(repeating: "ü", count: 46)
        #expect(try rows(ofNameLength: 46)[2][13] == "\"\(text)\"")

        let error = try #require(throws: ExportError.self) { try rows(ofNameLength: 47) }
        #expect(error.code == .tooLong)
        #expect((error.close, error.line) == ("mitte-000317", 1))
        #expect(error.field == "Buchungstext")
        #expect(error.value == text + "ü")
    }

    @Test func `quotes and semicolons in a name stay inside their cell`() throws {
        let plan = self.plan.naming(Samples.account("432100"), #"Müll; "sperrig""#)
        let file = try #require(
            try settings.files(of: [batch([(100, "2026-11-20")], plan: plan)]).first)
        #expect(rawRows(file)[2][13] == #""Abschluss 317 Müll; ""sperrig""""#)
        #expect(rawRows(file)[2].count == 125)
    }

    @Test func `a name that Windows-1252 cannot write is refused with its line`() throws {
        let plan = self.plan.naming(Samples.account("432100"), "Мусор")
        let error = try #require(throws: ExportError.self) {
            try settings.files(of: [batch([(100, "2026-11-20")], plan: plan)])
        }
        #expect(error.code == .characterUnknown)
        #expect(error.line == 1)
        #expect(error.field == "Buchungstext")
        #expect(error.value == "М")
    }

    @Test(arguments: [
        (0, []), (1, [1]), (99_998, [99_998]), (99_999, [99_999]), (100_000, [99_999, 1]),
        (199_999, [99_999, 99_999, 1]),
    ])
    func `a file holds ninety-nine thousand nine hundred and ninety-nine rows`(
        count: Int, parts: [Int]
    ) {
        let found = DATEVFile.parts(ofRowLengths: Array(repeating: 400, count: count))
        #expect(found.map(\.count) == parts)
        #expect(found.flatMap { $0 } == Array(0..<count))
    }

    @Test func `each month has a file, and each half of a month that two fiscal years share`()
        throws
    {
        let late = try batch([(100, "2026-06-30"), (200, "2026-07-14"), (300, "2026-07-15")])
        let files = try settings(year: (7, 15)).files(of: [late])
        #expect(
            files.map(\.name) == [
                "EXTF_mitte_000317_2026-06.csv", "EXTF_mitte_000317_2026-07.csv",
                "EXTF_mitte_000317_2026-07_2.csv",
            ])
        #expect(files.map { rawRows($0)[0][12] } == ["20250715", "20250715", "20260715"])
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: DATEVSample.path),
            "the shared folder with DATEV's sample is missing"))
    func `our headings are those of DATEV's own sample`() throws {
        let sample = readCSV(try String(contentsOfFile: DATEVSample.path, encoding: .utf8))
        let ours = readCSV(
            text(try #require(try settings.files(of: [batch([(1, "2026-11-20")])]).first).bytes))

        #expect(sample[0].count == ours[0].count)
        #expect(Array(ours[0].prefix(5)) == Array(sample[0].prefix(5)))
        #expect(ours[1] == sample[1])
        #expect(sample.dropFirst(2).allSatisfy { $0.count == ours[2].count })
    }
}

private enum DATEVSample {
    static var path: String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["HOFBUCH_SHARED"].map { URL(filePath: $0) }
            ?? root.deletingLastPathComponent().appending(path: "shared")
        return shared.appending(path: "data/datev/EXTF_Buchungsstapel_musterdaten.utf8-lf.csv")
            .path()
    }
}

extension AccountPlan {
    /// The same plan with another name for an account.
    func naming(_ account: Account, _ name: String) -> AccountPlan {
        AccountPlan(
            id: id, title: title, validFrom: validFrom, note: note, digest: digest,
            names: names.merging([account: name]) { $1 }, revenue: revenue, vat: vat,
            clearing: clearing, receivables: receivables, unresolved: unresolved,
            refunds: refunds)
    }
}
