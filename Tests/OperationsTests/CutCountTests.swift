import Calendars
import DayClosing
import FinanceSamples
import Journal
import Operations
import People
import Reconciliation
import Sales
import Testing
import Units

/// Batch cuts as things of their own: unknown where there is none, once, in sequence, and each with
/// its credit.
struct CutCountTests {
    private typealias Entry = SampleStatement.Entry

    private let girocard = CardKey(cardTerminal: "51234567", scheme: .girocard)

    private func cut(_ number: String, _ cents: Int64, count: Int64 = 1) -> BatchCut {
        BatchCut(
            cardTerminal: "51234567", number: number, printedAt: "2026-11-20 10:00",
            totals: [.girocard: Tally(count: count, amount: Cents(cents))])
    }

    @Test func `a card terminal without a batch cut is unknown until that is explained`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(nil)
            let draft = try #require(try installation.closeProgress(of: yard.yard).draft)
            #expect(draft.comparisons.map(\.isKnown) == [false])
            #expect(try installation.suspicions(at: yard.yard).isEmpty)
            await #expect(
                throws: OperationsError.unexplained(
                    cardTerminal: "51234567", scheme: "girocard")
            ) {
                _ = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            }
            await #expect(
                throws: OperationsError.input(
                    field: "reason",
                    wanted: "one of straddling, automatic-cut, cut-missing, unexplained where no "
                        + "batch cut is known")
            ) {
                try await installation.explainDifference(
                    girocard, reason: .missingInTerminal, text: "x", at: yard.yard,
                    by: TestYard.cashier)
            }
            try await installation.explainDifference(
                girocard, reason: .cutMissing, text: "Bonrolle leer", at: yard.yard,
                by: TestYard.cashier)
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(close.comparisons.map(\.isKnown) == [false])

            // The next cut holds both days.
            try await yard.sell("privat: 1 m³ gruenabfall")
            let next = try await yard.close(Tally(count: 2, amount: Cents(2_400)))
            #expect(next.comparisons.map(\.agrees) == [true])
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `a slip counts in one close, and a count sent back may be typed again`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let day = installation.calendar.day(of: yard.clock.now)
            func count(_ cuts: BatchCut...) async throws {
                try await installation.countClose(
                    cuts: cuts, day: day, at: yard.yard, by: TestYard.cashier)
            }
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await count(cut("0017", 1_200))
            try await count(cut("0017", 1_200))
            try await installation.rejectClose(
                reason: "noch einmal", at: yard.yard, by: TestYard.approver)
            try await count(cut("0017", 1_200))
            let first = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(first.cutFindings.isEmpty)

            try await yard.sell("privat: 1 m³ gruenabfall")
            let twice = OperationsError.cutCounted(
                cardTerminal: "51234567", number: "17", close: 1)
            await #expect(throws: twice) { try await count(cut("17", 1_200)) }
            #expect(try installation.closeProgress(of: yard.yard).draft == nil)
            #expect(twice.code == "cut-counted" && twice.status == 409)
        }
    }

    @Test func `a gap and a number of another slip are named and kept with the close`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let day = installation.calendar.day(of: yard.clock.now)
            func close(_ number: String, cubicMetres: Int64) async throws -> DayClose {
                try await yard.sell("privat: \(cubicMetres) m³ gruenabfall")
                try await installation.countClose(
                    cuts: [cut(number, 1_200 * cubicMetres)], day: day, at: yard.yard,
                    by: TestYard.cashier)
                return try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            }
            #expect(try await close("17", cubicMetres: 1).cutFindings.isEmpty)
            let gap = CutFinding.gap(
                cardTerminal: "51234567", after: "17", number: "20", missing: 2)
            let second = try await close("20", cubicMetres: 1)
            #expect(second.cutFindings == [gap])
            let third = try await close("17", cubicMetres: 2)
            #expect(
                third.cutFindings == [
                    .repeated(cardTerminal: "51234567", number: "17", close: 1)
                ])

            #expect(try installation.close(2, of: yard.yard) == second)
            #expect(try installation.cutFindings(at: yard.yard).isEmpty)
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `each cut of a close is booked with its own credit, and taken back alone`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            for _ in 1...2 { try await yard.sell("privat: 1 m³ gruenabfall") }
            try await installation.countClose(
                cuts: [cut("17", 1_200), cut("18", 1_200)],
                day: installation.calendar.day(of: yard.clock.now), at: yard.yard,
                by: TestYard.cashier)
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            yard.clock.advance(minutes: 4 * 24 * 60)
            #expect(
                try yard.book.board.open.map(\.item.code) == [
                    "\(close.reference):51234567:17", "\(close.reference):51234567:18",
                ])

            let line = Entry("2026-11-23", 1_200, "KARTENUMSATZ TID 65010001 SCHNITT 0018")
            _ = try await yard.take(SampleStatement(1, day: "2026-11-23", [line]))

            let settlement = try #require(try yard.book.settlements.first)
            #expect(settlement.record.rule == "single")
            #expect(
                settlement.record.expected.map(\.code) == ["\(close.reference):51234567:18"])
            #expect(settlement.shares == [SettledShare(.clearing(.girocard), Cents(1_200))])
            #expect(
                try yard.book.clearing.first?.items.map(\.item.code)
                    == ["\(close.reference):51234567:17"])
            #expect(try yard.book.clearing.first?.unexplained == .zero)

            try await installation.undoSettlement(
                settlement.id, reason: "Probe", by: TestYard.office)
            #expect(try yard.book.settlements.isEmpty)
            #expect(
                try yard.book.clearing.first?.items.map(\.amount) == [Cents(1_200), Cents(1_200)])
            #expect(try installation.verify().misfit == nil)
        }
    }
}
