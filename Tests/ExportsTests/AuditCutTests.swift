import DayClosing
import FinanceSamples
import Sales
import Testing
import Units

@testable import Exports

/// Batch cuts in the auditor's package: each by number, empty ones too, what was odd about the
/// numbers, and counts that were not accepted.
struct AuditCutTests {
    private let plan: AccountPlan
    private static let terminal = "68100001"

    init() throws {
        plan = try Samples.plan()
    }

    private func cut(
        _ number: String?, at time: String = "18:00", cents: Int64? = nil
    ) -> BatchCut {
        BatchCut(
            cardTerminal: Self.terminal, number: number, printedAt: "2026-11-20 \(time)",
            source: .uploaded,
            totals: cents.map { [.girocard: Tally(count: 1, amount: Cents($0))] } ?? [:])
    }

    /// A close without a sale. Its cuts show nothing, or what a reason explains.
    private func close(
        after mark: CloseMark, _ cuts: [BatchCut], _ findings: [CutFinding] = [],
        recounts: Int64 = 0, sentBack: [SentBack] = [], software: String? = "hofbuch 0.1.0"
    ) throws -> ClosedBatch {
        let day = Samples.day("2026-11-20")
        let totals = CloseTotals(
            records: [], businessDay: day, terminals: [], unresolvedBefore: [])
        let comparisons = CardComparison.compare(expected: [:], counted: cuts.tallies).map {
            $0.agrees ? $0 : $0.explained(.testTransaction, "Probe")
        }
        let close = try DayClose.make(
            after: mark, yard: Samples.identifier("mitte"), day: day, to: mark.to,
            totals: totals, comparisons: comparisons, cuts: cuts, cutFindings: findings,
            counted: SignOff(
                Samples.identifier("b.kasse"), at: Samples.time("2026-11-20T17:00:00.000Z")),
            recounts: recounts, sentBack: sentBack,
            approved: SignOff(
                Samples.identifier("c.leitung"), at: Samples.time("2026-11-20T17:30:00.000Z")),
            plan: plan, software: software)
        return ClosedBatch(close: close, records: [], plan: plan)
    }

    /// Three closes: an empty cut, one behind a gap, and the first number again with other totals.
    private func closes() throws -> [ClosedBatch] {
        let first = try close(after: .start, [cut("0017")])
        let second = try close(
            after: first.close.mark, [cut("0020"), cut(nil)],
            [.gap(cardTerminal: Self.terminal, after: "0017", number: "0020", missing: 2)])
        let third = try close(
            after: second.close.mark, [cut("17", at: "19:00", cents: 100)],
            [.repeated(cardTerminal: Self.terminal, number: "17", close: 1)])
        return [first, second, third]
    }

    private func rows(_ name: String, of batches: [ClosedBatch]) throws -> [[String]] {
        let files = try AuditPackage.files(of: batches)
        let file = try #require(files.first { $0.name == "\(name).csv" })
        return Array(readCSV(String(decoding: file.bytes, as: UTF8.self)).dropFirst())
    }

    @Test func `an empty batch cut is a row, and its card terminal is known`() throws {
        let batches = try closes()

        let cuts = try rows("kassenschnitte", of: batches)
        #expect(
            cuts == [
                [
                    "mitte-000001", "68100001", "1", "0017", "2026-11-20 18:00", "Datei", "0",
                    "0,00",
                ],
                [
                    "mitte-000002", "68100001", "1", "0020", "2026-11-20 18:00", "Datei", "0",
                    "0,00",
                ],
                ["mitte-000002", "68100001", "2", "", "2026-11-20 18:00", "Datei", "0", "0,00"],
                [
                    "mitte-000003", "68100001", "1", "17", "2026-11-20 19:00", "Datei", "1",
                    "1,00",
                ],
            ])
        #expect(
            try rows("kartenterminals", of: batches) == [
                ["mitte-000001", "68100001", "1", "ja"], ["mitte-000002", "68100001", "2", "ja"],
                ["mitte-000003", "68100001", "1", "ja"],
            ])
        #expect(
            try rows("schnittsummen", of: batches)
                == [["mitte-000003", "68100001", "girocard", "1", "1", "1,00"]])
        #expect(PackageCheck.problems(in: try AuditPackage.files(of: batches)) == [])
    }

    @Test func `what was odd about the numbers stands in a table of its own`() throws {
        let found = try rows("schnittbefunde", of: try closes())

        #expect(
            found.map { Array($0[...7]) } == [
                ["mitte-000002", "1", "68100001", "gap", "0020", "0017", "2", ""],
                ["mitte-000003", "1", "68100001", "repeated", "17", "", "0", "mitte-000001"],
            ])
        #expect(
            found[0][8] == "Gerät 68100001: Zwischen den Kassenschnitten 0017 und 0020 fehlen 2.")
    }

    /// The checker has only what the package holds.
    @Test(arguments: [0, 1, 2])
    func `a finding that is not told is found where the cuts before it are there`(first: Int)
        throws
    {
        let batches = Array(try closes()[first...])
        var files = try AuditPackage.files(of: batches)
        #expect(PackageCheck.problems(in: files) == [])

        let place = try #require(files.firstIndex { $0.name == "schnittbefunde.csv" })
        let heading = files[place].bytes.prefix { $0 != 0x0A } + [0x0A]
        files[place].bytes = Array(heading)

        let codes = PackageCheck.problems(in: files).map(\.code)
        #expect(codes.count { $0 == .cutFindingsDiffer } == (first == 0 ? 2 : 0), "\(codes)")
        #expect(codes.contains(.fileDiffers))
    }

    @Test func `a number twice is found in a package that begins later`() throws {
        let first = try close(after: .start, [])
        let second = try close(after: first.close.mark, [cut("7")])
        let third = try close(
            after: second.close.mark, [cut("7", at: "19:00")],
            [.repeated(cardTerminal: Self.terminal, number: "7", close: 2)])
        let silent = try close(after: second.close.mark, [cut("7", at: "19:00")])

        let good = try AuditPackage.files(of: [second, third])
        #expect(PackageCheck.problems(in: good) == [])
        let problems = PackageCheck.problems(in: try AuditPackage.files(of: [second, silent]))
        #expect(problems.map(\.code) == [.cutFindingsDiffer])
        #expect(
            problems.first?.description
                == "G-E63 schnittbefunde.csv: it does not say of mitte-000003: Gerät 68100001: "
                + "Kassenschnitt 7 steht mit anderen Summen schon in Abschluss Nr. 2.")
    }

    @Test func `a close that does not name its program is not held to its findings`() throws {
        let first = try close(after: .start, [cut("1")], software: nil)
        let second = try close(after: first.close.mark, [cut("5")], software: nil)

        let files = try AuditPackage.files(of: [first, second])
        #expect(PackageCheck.problems(in: files) == [])
    }

    /// Whoever sends a package can write any number into it.
    @Test func `numbers beyond all slips are none and do not end the checker`() throws {
        var files = try AuditPackage.files(of: try closes())
        let place = try #require(files.firstIndex { $0.name == "kassenschnitte.csv" })
        let text = String(decoding: files[place].bytes, as: UTF8.self)
        let huge = "\"\(UInt64.max)\""
        files[place].bytes = Array(text.replacing("\"0017\"", with: huge).utf8)

        #expect(PackageCheck.problems(in: files).contains { $0.code == .cutFindingsDiffer })
    }

    /// A signed record may hold them, and a terminal of another maker may write them.
    @Test(arguments: ["a\u{2028}b", "a\u{2029}b", "\u{FEFF}a", "a\u{A0}b", "ä €"])
    func `a text with an odd character does not keep the package from being made`(text: String)
        throws
    {
        let batch = try close(after: .start, [cut("1")], sentBack: [sent(text)])

        #expect(try rows("zurueckgaben", of: [batch]).map { $0[4] } == [text])
        #expect(PackageCheck.problems(in: try AuditPackage.files(of: [batch])) == [])
    }

    @Test(arguments: ["a\nb", "a\tb", "\u{7F}", "a\u{85}b", "\u{9F}"])
    func `a control character is refused with its column`(text: String) throws {
        let batch = try close(after: .start, [cut("1")], sentBack: [sent(text)])

        let error = try #require(throws: ExportError.self) {
            try AuditPackage.files(of: [batch])
        }
        #expect(error.field == "zurueckgaben.csv: grund")
    }

    private func sent(_ reason: String) -> SentBack {
        SentBack(
            by: Samples.identifier("c.leitung"), at: Samples.time("2026-11-20T17:10:00.000Z"),
            reason: reason)
    }

    @Test func `counts that were not accepted stand with their reason`() throws {
        let batch = try close(
            after: .start, [cut("1")], recounts: 3, sentBack: [sent("Bon fehlt")])

        #expect(
            try rows("zurueckgaben", of: [batch])
                == [["mitte-000001", "1", "c.leitung", "2026-11-20T17:10:00.000Z", "Bon fehlt"]])
        #expect(try rows("abschluesse", of: [batch]).map { $0[15] } == ["3"])
        #expect(PackageCheck.problems(in: try AuditPackage.files(of: [batch])) == [])
    }
}

struct NumberRunsTests {
    @Test(
        arguments: [
            ([], ""), ([17], "17"), ([1, 2], "1-2"), ([17, 19, 20, 21, 89], "17 19-21 89"),
        ] as [([Int64], String)])
    func `numbers are written as runs and read again`(numbers: [Int64], text: String) {
        let runs = NumberRuns(numbers)

        #expect(runs.text == text)
        #expect(NumberRuns(text) == runs)
        #expect(runs.count == Int64(numbers.count))
        for number in numbers { #expect(runs.contains(number)) }
        #expect(!runs.contains(18))
    }

    @Test(arguments: ["0", "-1", "5-4", "2 1", "1-3 3", "1-2-3", "x", " ", "1 ", "1  2"])
    func `what is no list of runs is refused`(text: String) {
        #expect(NumberRuns(text) == nil)
    }

    @Test func `the widest run has a count`() {
        #expect(NumberRuns("1-\(Int64.max)")?.count == Int64.max)
    }
}
