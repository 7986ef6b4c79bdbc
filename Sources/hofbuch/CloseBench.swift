import ArgumentParser
import Calendars
import DayClosing
import Defaults
import Exports
import Foundation
import Operations
import People
import Sales
import Storage
import Units

extension BenchCommand {
    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure the close of one large day and its export.",
            discussion: """
                Sales of one day are signed and admitted as any others, then: the totals of the \
                close at the first look and again beside the one SQL aggregate, its approval, and \
                its export as CSV receipt by receipt, with the memory that it takes and how long \
                sales wait meanwhile. A million sales take about ten minutes to record and 4 GB of \
                the folder for temporary files.
                """)

        @Option(help: "Rounds; medians are printed.")
        var rounds = 5
        @Option(help: "Sales of the day.")
        var sales = 20_000
        @Flag(help: "One round of few sales, to see that the bench works.")
        var short = false
        @Flag(help: "Print JSON at the end instead of lines.")
        var json = false

        func validate() throws {
            guard rounds >= 1, sales >= 1 else {
                throw ValidationError("--rounds and --sales from 1")
            }
        }

        func run() async throws {
            try await reporting {
                let report = BenchReport(isJSON: json)
                try await withBenchFolder { folder in
                    try await CloseBench(
                        folder: folder + "/day", rounds: short ? 1 : rounds,
                        sales: short ? 300 : sales, report: report
                    ).run()
                }
                try report.finish()
            }
        }
    }
}

/// The totals of a close of all sales of a journal, and one SQL aggregate over the same rows, in
/// turn; besides a second look, which only adds what came since.
struct CloseTotalsBench {
    let directory: DataDirectory
    let rounds: Int
    let sales: Int
    let report: BenchReport

    /// - Returns: seconds of the first look.
    @discardableResult
    func run() throws -> Double {
        var (times, again, floors): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<rounds {
            let installation = try Installation(directory: directory, logger: .quiet)
            guard let yard = installation.yards.first else { continue }
            var turnover: Int64 = 0
            times.append(
                try Usage.seconds {
                    turnover = try installation.closeProgress(of: yard).totals.turnover.value
                })
            again.append(
                try Usage.seconds { _ = try installation.closeProgress(of: yard) })
            try installation.close()
            floors.append(try aggregateSeconds(yard, turnover))
        }
        report.add(
            BenchFigure(
                name: "close", what: "totals of a close of \(sales) sales, first look",
                value: times.median, unit: "s", floor: floors.median,
                floorWhat: "one SQL aggregate over the same rows",
                ratio: times.median / floors.median, aim: "at most 2"))
        report.add(
            BenchFigure(
                name: "close-again", what: "the same looked at again",
                value: again.median * 1e3, unit: "ms", floor: floors.median * 1e3,
                floorWhat: "the aggregate", ratio: again.median / floors.median, aim: "at most 2"))
        return times.median
    }

    private func aggregateSeconds(_ yard: Yard, _ turnover: Int64) throws -> Double {
        let database = try ReadOnlyDatabase(path: directory.database)
        let seconds = try Usage.seconds {
            let sum = try database.read { try $0.aggregatedTurnover(yard: yard.number) }
            guard sum == turnover else {
                throw Failure("the close of the bench differs from SQL", Exit.bug)
            }
        }
        try database.close()
        return seconds
    }
}

/// A day of many sales: its close and the export of that close.
private struct CloseBench {
    let folder: String
    let rounds: Int
    let sales: Int
    let report: BenchReport

    /// What the rounds found.
    private struct Found {
        var seconds: [Double] = []
        var megabytes: [Double] = []
        /// Milliseconds, the longest of a round.
        var waits: [Double] = []
        var quietWaits: [Double] = []
        var fileMegabytes = 0.0
        var rowCount: Int64 = 0
    }

    func run() async throws {
        let bench = try await BenchYard(folder: folder)
        let tenth = max(1, (sales + 9) / 10)
        for done in stride(from: 0, to: sales, by: tenth) {
            try await bench.admit(min(tenth, sales - done))
            report.note("\(min(done + tenth, sales)) sales of the day are recorded")
        }
        try bench.close()
        let directory = bench.installation.directory
        let firstLook = try CloseTotalsBench(
            directory: directory, rounds: rounds, sales: sales, report: report
        ).run()
        let installation = try Installation(directory: directory, logger: .quiet)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(
                try await measure(BenchYard(bench, in: installation), beside: firstLook))
        } catch { outcome = .failure(error) }
        try installation.close()
        try outcome.get()
    }

    private func measure(_ bench: BenchYard, beside firstLook: Double) async throws {
        guard let cashier = PersonID("first"), let approver = PersonID("second") else { return }
        try await close(
            bench, cashier: Person(id: cashier, name: "first", roles: [.cashier]),
            approver: Person(id: approver, name: "second", roles: [.approver]))
        let text = BenchProfile.text(lineDigits: 8)
        try Data(text.utf8).write(
            to: URL(filePath: "\(bench.installation.directory.exportProfiles)/profil-bench.yaml"))
        let office = Person(id: cashier, name: "first", roles: [.finance])
        var found = Found()
        for _ in 0..<rounds { try await export(bench, by: office, into: &found) }
        tell(found, beside: firstLook)
    }

    /// Counted without a difference and approved.
    private func close(_ bench: BenchYard, cashier: Person, approver: Person) async throws {
        let (installation, yard) = (bench.installation, bench.yard)
        let progress = try installation.closeProgress(of: yard)
        try await installation.countClose(
            progress.totals.cards, day: installation.calendar.day(of: installation.clock()),
            at: yard, by: cashier)
        let began = Nanoseconds.now
        _ = try await installation.approveClose(at: yard, by: approver)
        report.add(
            BenchFigure(
                name: "close-approve", what: "approval of the close, its totals seen before",
                value: Double(Nanoseconds.now - began) / 1e6, unit: "ms"))
    }

    /// One export, with single sales beside it; rejected in the end, so that the next may follow.
    private func export(_ bench: BenchYard, by office: Person, into found: inout Found)
        async throws
    {
        found.quietWaits.append(try await Self.waits(bench, max: 50).max() ?? 0)
        let before = try Usage.residentMegabytes
        try Usage.forgetPeak()
        let selling = Task { try await Self.waits(bench, max: .max) }
        defer { selling.cancel() }
        let began = Nanoseconds.now
        let export = try await bench.installation.createExport(
            BenchProfile.name, of: [1], at: bench.yard, by: office)
        found.seconds.append(Double(Nanoseconds.now - began) / 1e9)
        selling.cancel()
        found.megabytes.append(try Usage.peakMegabytes - before)
        found.waits.append(try await selling.value.max() ?? 0)
        found.fileMegabytes = export.files.map { Double($0.byteCount) / 1e6 }.reduce(0, +)
        found.rowCount = export.files.compactMap(\.rows).reduce(0, +)
        try await bench.installation.rejectExport(
            export.number, reason: "bench", at: bench.yard, by: office)
    }

    /// Milliseconds of single sales, one after the other with pauses, until cancelled.
    private static func waits(_ bench: BenchYard, max: Int) async throws -> [Double] {
        var waits: [Double] = []
        while waits.count < max, !Task.isCancelled {
            let sale = try bench.sealed(1)
            let began = Nanoseconds.now
            try await bench.admit(sale)
            waits.append(Double(Nanoseconds.now - began) / 1e6)
            do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
        }
        return waits
    }

    private func tell(_ found: Found, beside firstLook: Double) {
        report.add(
            BenchFigure(
                name: "close-export",
                what: "export of that close as CSV, \(found.rowCount) rows, "
                    + "\(BenchFigure.text(found.fileMegabytes)) MB",
                value: found.seconds.median, unit: "s", floor: firstLook,
                floorWhat: "adding up the same records",
                ratio: found.seconds.median / firstLook))
        report.add(
            BenchFigure(
                name: "close-export-memory", what: "memory at most above that before",
                value: found.megabytes.median, unit: "MB", aim: "flat"))
        report.add(
            BenchFigure(
                name: "close-export-wait", what: "the longest that a single sale took meanwhile",
                value: found.waits.median, unit: "ms", floor: found.quietWaits.median,
                floorWhat: "the longest of 50 without an export",
                ratio: found.waits.median / found.quietWaits.median))
    }
}
