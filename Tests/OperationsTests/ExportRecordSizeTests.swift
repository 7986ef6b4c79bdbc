import DayClosing
import Exports
import Journal
import Testing
import Units

@testable import Operations

/// An export whose record would not fit into an entry of the journal.
struct ExportRecordSizeTests {
    /// Sums as a year of many accounts would have them, much more than an entry holds.
    private static let sums = (1...200).map {
        ContentSum(
            year: 2026, channel: .debitCard, budgetLine: "\(432_000 + $0).5370", count: 12,
            amount: Cents(41_250))
    }

    @Test(arguments: [[1], [1, 2, 3]] as [[Int64]])
    func `it is refused with closes, bound and remedy, and nothing is registered`(
        numbers: [Int64]
    ) async throws {
        try await withYard { yard in
            for _ in numbers {
                try await yard.sell("privat: 1 m³ gruenabfall")
                try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            }
            let installation = yard.installation
            let choice = try installation.exportChoice(
                "hledger", of: numbers, at: yard.yard,
                ExportFormats(directory: yard.directory))
            let rendered = RenderedExport(files: [], sums: Self.sums, named: [])

            let error = try await #require(throws: OperationsError.self) {
                _ = try await installation.register(
                    rendered, choice, at: yard.yard, by: TestYard.office)
            }

            guard case .exportRecordTooLarge(let closes, let byteCount) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(closes == numbers && byteCount > Int64(LogEntry.bytesMax))
            #expect(error.code == "export-record-too-large" && error.status == 422)
            #expect(error.remedy.contains("would have \(byteCount) bytes"))
            #expect(error.remedy.contains("a record holds 16384"))
            #expect(
                error.remedy.contains(
                    numbers.count == 1
                        ? "of close 1 would" : "the 3 closes from 1 to 3 would"))
            #expect(
                error.remedy.contains(
                    numbers.count == 1
                        ? "Make it in another format"
                        : "Export fewer closes at once, first those up to 2 for instance"))
            #expect(try installation.exports(of: yard.yard).isEmpty)
            #expect(try installation.verify().misfit == nil)
        }
    }
}
