import DayClosing
import FinanceSamples
import Reconciliation
import Storage
import Testing
import Units

@testable import Operations

/// A bank file that is kept, and rules that fail behind it.
struct ImportFailureTests {
    private static func credit(_ number: Int64, _ day: String) -> SampleStatement {
        SampleStatement(
            number, day: day, [.init(day, 1_200, "KARTENUMSATZ TID 65010001")])
    }

    @Test func `a failure of the rules is told with what was kept, and a file counts once`()
        async throws
    {
        try await withYard { yard in
            yard.clock.advance(minutes: 8 * 24 * 60)
            _ = try await yard.take(Self.credit(1, "2026-11-23"))
            // A line that no file can bring: every reader of the book fails from now on.
            try await yard.installation.writer.perform { batch in
                let row = try #require(try batch.transaction.reading.bankStatements().first)
                try batch.transaction.insertBankLine(99, Array("{".utf8), at: row.position)
            }

            let report = try await yard.take(Self.credit(2, "2026-11-24"))

            #expect(report.matching == .failed(nil) && report.bookedCount == nil)
            #expect(report.parts.map(\.name) == ["S2 Nr. 2"])
            #expect(report.parts.map(\.isDuplicate) == [false])
            let names = try yard.installation.database.read { reading in
                try reading.bankStatements().map(\.id)
            }
            #expect(names == ["S1", "S2"])
            let again = try await yard.take(Self.credit(2, "2026-11-24"))
            #expect(again.parts.map(\.isDuplicate) == [true])
            let refused = SampleStatement(
                1, day: "2026-11-25", [], account: "DE89370400440532013000")
            await #expect(throws: OperationsError.self) { _ = try await yard.take(refused) }
        }
    }

    @Test func `rules that are let go at the same time book each match once and none fails`()
        async throws
    {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            yard.clock.advance(minutes: 4 * 24 * 60)
            // The money is there before the close that it is for.
            #expect(try await yard.take(Self.credit(1, "2026-11-23")).bookedCount == 0)
            _ = try await yard.installation.approveClose(at: yard.yard, by: TestYard.approver)

            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await yard.installation.bookMatches(by: TestYard.office)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(counts.reduce(0, +) == 1)
            #expect(try yard.book.settlements.count == 1)
        }
    }
}
