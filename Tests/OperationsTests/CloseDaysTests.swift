import Calendars
import DayClosing
import Journal
import Operations
import People
import Sales
import Testing
import Units

/// Closes whatever the calendar says: forgotten days, several a day, midnight, summer time, the
/// turn of the year. Times are UTC; the yards lie in Germany.
struct CloseDaysTests {
    private func day(_ iso: String) throws -> BusinessDay { try #require(BusinessDay(iso: iso)) }

    /// Counts without difference for `day` and approves.
    private func close(
        _ yard: TestYard, _ iso: String, count: Int64, cubicMetres: Int64
    ) async throws -> DayClose {
        let key = CardKey(cardTerminal: "51234567", scheme: .girocard)
        let tally = Tally(count: count, amount: Cents(1_200 * cubicMetres))
        try await yard.installation.countClose(
            count == 0 ? [:] : [key: tally], day: try day(iso), at: yard.yard,
            by: TestYard.cashier)
        return try await yard.installation.approveClose(at: yard.yard, by: TestYard.approver)
    }

    @Test func `a day without sales is closed and has its number`() async throws {
        try await withYard { yard in
            let first = try await close(yard, "2026-11-20", count: 0, cubicMetres: 0)
            let second = try await close(yard, "2026-11-20", count: 0, cubicMetres: 0)
            #expect([first.number, second.number] == [1, 2])
            #expect(first.comparisons.isEmpty && first.totals.turnover == .zero)
            #expect(second.from == first.to)
            #expect(second.grandTotalAfter == .zero)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `totals added up ahead, step by step, are those of the close`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            func addUp(_ step: Int64) throws -> Int {
                var steps = 0
                while try installation.addUpAStep(of: yard.yard, step: step) { steps += 1 }
                return steps
            }
            for _ in 1...3 { try await yard.sell("privat: 1 m³ gruenabfall") }
            let before = try installation.closeProgress(of: yard.yard)
            #expect(try addUp(1) == 0)
            for _ in 1...4 { try await yard.sell("privat: 1 m³ gruenabfall") }
            #expect(try addUp(5) == 0)
            #expect(try addUp(3) == 1)
            #expect(try addUp(1) == 1)
            for _ in 1...2 { try await yard.sell("privat: 1 m³ gruenabfall") }

            let after = try installation.closeProgress(of: yard.yard)
            #expect(after.totals.turnover == Cents(9 * 1_200))
            #expect(before.totals.turnover == Cents(3 * 1_200))
            let first = try await close(yard, "2026-11-20", count: 9, cubicMetres: 9)
            #expect(first.totals == after.totals)
            // The next close begins anew.
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try addUp(1) > 0)
            let second = try await close(yard, "2026-11-20", count: 1, cubicMetres: 1)
            #expect(second.totals.turnover == Cents(1_200))
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `a forgotten day is closed later with its own day and the real time`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-21T08:00:00.000Z")
            let progress = try yard.installation.closeProgress(of: yard.yard)
            #expect(progress.newestDay?.iso == "2026-11-20")

            let late = try await close(yard, "2026-11-20", count: 1, cubicMetres: 1)

            #expect(late.day.iso == "2026-11-20")
            #expect(late.countedAt.iso == "2026-11-21T08:00:00.000Z")
            #expect(late.totals.late.isEmpty)
        }
    }

    @Test func `two forgotten days are closed one by one, though the next one has begun`()
        async throws
    {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-21T10:00:00.000Z")
            try await yard.sell("privat: 2 m³ gruenabfall")
            yard.clock.set("2026-11-23T10:00:00.000Z")
            try await yard.sell("privat: 3 m³ gruenabfall")

            let friday = try await close(yard, "2026-11-20", count: 1, cubicMetres: 1)
            let saturday = try await close(yard, "2026-11-21", count: 1, cubicMetres: 2)
            let monday = try await close(yard, "2026-11-23", count: 1, cubicMetres: 3)

            let closes = [friday, saturday, monday]
            #expect(closes.map(\.number) == [1, 2, 3])
            #expect(closes.map(\.totals.turnover.value) == [1_200, 2_400, 3_600])
            #expect(closes.allSatisfy { $0.totals.late.isEmpty })
            #expect(monday.grandTotalAfter == Cents(7_200))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    /// Approves a refund of 1,00 by bank transfer, which is recorded with it.
    private func refund(_ sale: SaleReference, _ yard: TestYard) async throws {
        let id = try await yard.installation.requestReversal(
            ReversalWish(
                kind: .refund, original: sale, amounts: [0: Cents(100)], reason: "zu viel",
                method: .bankTransfer),
            payee: try TestYard.payee(), at: yard.yard, by: TestYard.cashier)
        try await yard.installation.approveReversal(id, at: yard.yard, by: TestYard.approver)
    }

    @Test func `what the office records on a later day is in that day's close`() async throws {
        try await withYard { yard in
            let sale = try await yard.sell("privat: 1 m³ gruenabfall")
            try await refund(sale, yard)
            yard.clock.set("2026-11-21T07:00:00.000Z")
            try await refund(sale, yard)
            yard.clock.set("2026-11-21T10:00:00.000Z")
            try await yard.sell("privat: 2 m³ gruenabfall")
            yard.clock.set("2026-11-23T07:00:00.000Z")
            try await refund(sale, yard)

            let friday = try await close(yard, "2026-11-20", count: 1, cubicMetres: 1)
            let saturday = try await close(yard, "2026-11-21", count: 1, cubicMetres: 2)
            let monday = try await close(yard, "2026-11-23", count: 0, cubicMetres: 0)

            let closes = [friday, saturday, monday]
            #expect(closes.map(\.totals.turnover.value) == [1_100, 2_300, -100])
            #expect(closes.map { $0.totals.counts["refund"] } == [1, 1, 1])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a refund of the new year is not in the close of the old one`() async throws {
        try await withYard(at: "2026-12-31T11:00:00.000Z") { yard in
            let sale = try await yard.sell("privat: 1 m³ gruenabfall")
            // Half an hour after midnight at the yard.
            yard.clock.set("2026-12-31T23:30:00.000Z")
            try await refund(sale, yard)

            let old = try await close(yard, "2026-12-31", count: 1, cubicMetres: 1)
            let new = try await close(yard, "2027-01-01", count: 0, cubicMetres: 0)

            #expect(old.totals.turnover == Cents(1_200) && old.budgetYear == 2026)
            #expect(new.totals.turnover == Cents(-100) && new.budgetYear == 2027)
        }
    }

    @Test func `sales that come after a refund of the next morning stay with their own day`()
        async throws
    {
        try await withYard { yard in
            let sale = try await yard.sell("privat: 1 m³ gruenabfall")
            let kept = try yard.terminal.sign(.sale(try yard.sale("privat: 2 m³ gruenabfall")))
            yard.clock.set("2026-11-21T07:00:00.000Z")
            try await refund(sale, yard)
            _ = try await yard.admit(kept)

            let friday = try await close(yard, "2026-11-20", count: 2, cubicMetres: 3)

            #expect(friday.totals.turnover == Cents(3_500) && friday.totals.late.isEmpty)
        }
    }

    @Test func `a terminal whose clock runs ahead does not end the day before`() async throws {
        try await withYard { yard in
            let sale = try yard.sale("privat: 1 m³ gruenabfall")
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-21T10:00:00.000Z")
            let ahead = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            yard.clock.set("2026-11-20T10:00:00.000Z")
            #expect(try await yard.admit(ahead).flags.contains("clock-skew"))
            _ = try await yard.admit(try yard.terminal.sign(.sale(sale)))
            yard.clock.set("2026-11-21T12:00:00.000Z")
            try await yard.sell("privat: 1 m³ gruenabfall")

            let friday = try await close(yard, "2026-11-20", count: 3, cubicMetres: 3)

            #expect(friday.totals.turnover == Cents(3_600))
        }
    }

    @Test func `the oldest day after the last close is told, whatever came late for one before`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            func oldest() throws -> String? {
                try installation.closeProgress(of: yard.yard).oldestDay?.iso
            }
            #expect(try oldest() == nil)
            let late = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            _ = try await close(yard, "2026-11-20", count: 0, cubicMetres: 0)
            yard.clock.set("2026-11-21T10:00:00.000Z")
            _ = try await yard.admit(late)
            #expect(try oldest() == nil)
            try await yard.sell("privat: 2 m³ gruenabfall")
            yard.clock.set("2026-11-23T10:00:00.000Z")
            try await yard.sell("privat: 3 m³ gruenabfall")

            #expect(try oldest() == "2026-11-21")
            _ = try await close(yard, "2026-11-21", count: 2, cubicMetres: 3)
            #expect(try oldest() == "2026-11-23")
        }
    }

    @Test func `an unknown payment of a later day does not hold up a forgotten one`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-21T10:00:00.000Z")
            let unknown = try await yard.sell(
                "privat: 2 m³ gruenabfall", .unknown(cardTerminal: "51234567"))

            let friday = try await close(yard, "2026-11-20", count: 1, cubicMetres: 1)
            #expect(friday.totals.unknown.isEmpty)
            await #expect(throws: OperationsError.unknownPayments([unknown])) {
                _ = try await close(yard, "2026-11-21", count: 0, cubicMetres: 0)
            }
        }
    }

    @Test func `a forgotten day has its own totals, though all days were added up before`()
        async throws
    {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-21T10:00:00.000Z")
            for _ in 1...3 { try await yard.sell("privat: 2 m³ gruenabfall") }
            let installation = yard.installation
            while try installation.addUpAStep(of: yard.yard, step: 2) {}
            let both = try installation.closeProgress(of: yard.yard)
            #expect(both.totals.turnover == Cents(8_400))
            #expect(both.totals.late.map(\.sequence) == [1])

            let friday = try await close(yard, "2026-11-20", count: 1, cubicMetres: 1)

            #expect(friday.totals.turnover == Cents(1_200) && friday.totals.late.isEmpty)
            let rest = try installation.closeProgress(of: yard.yard)
            #expect(rest.totals.turnover == Cents(7_200) && rest.totals.late.isEmpty)
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `no close is of a day to come, nor of one before the last close`() async throws {
        try await withYard { yard in
            await #expect(
                throws: OperationsError.input(field: "day", wanted: "a day up to 2026-11-20")
            ) { _ = try await close(yard, "2026-11-21", count: 0, cubicMetres: 0) }
            _ = try await close(yard, "2026-11-20", count: 0, cubicMetres: 0)
            await #expect(
                throws: OperationsError.input(
                    field: "day", wanted: "a day from 2026-11-20 to 2026-11-20")
            ) { _ = try await close(yard, "2026-11-19", count: 0, cubicMetres: 0) }
            // A server clock that went back does not make closing impossible.
            yard.clock.set("2026-11-18T10:00:00.000Z")
            _ = try await close(yard, "2026-11-18", count: 0, cubicMetres: 0)
        }
    }

    @Test func `what is sold around midnight has the day of the wall clock`() async throws {
        try await withYard(at: "2026-11-20T22:59:59.999Z") { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-20T23:00:00.000Z")
            try await yard.sell("privat: 2 m³ gruenabfall")

            // Over midnight in one close: the first sale is named with its own day.
            let close = try await close(yard, "2026-11-21", count: 2, cubicMetres: 3)

            #expect(close.totals.turnover == Cents(3_600))
            #expect(close.totals.late.map(\.sequence) == [1])
        }
    }

    @Test func `the night with an hour twice, and the one without, are one day each`() async throws
    {
        // 02:30 in summer time and again, an hour later, in winter time; then the day of 25 hours
        // ends at 23:00 UTC.
        try await withYard(at: "2026-10-25T00:30:00.000Z") { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-10-25T01:30:00.000Z")
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-10-25T22:59:00.000Z")
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-10-25T23:00:00.000Z")
            try await yard.sell("privat: 1 m³ gruenabfall")
            let long = try await close(yard, "2026-10-25", count: 3, cubicMetres: 3)
            #expect(long.totals.late.isEmpty && long.totals.counts["sale"] == 3)
            let next = try await close(yard, "2026-10-26", count: 1, cubicMetres: 1)
            #expect(next.totals.late.isEmpty)
        }
        // 02:00 does not exist; the day of 23 hours begins at 23:00 UTC and ends at 22:00.
        try await withYard(at: "2026-03-28T23:00:00.000Z") { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-03-29T01:00:00.000Z")
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-03-29T22:00:00.000Z")
            try await yard.sell("privat: 1 m³ gruenabfall")
            let short = try await close(yard, "2026-03-29", count: 2, cubicMetres: 2)
            #expect(short.totals.late.isEmpty && short.totals.counts["sale"] == 2)
        }
    }

    @Test func `the last day of a year is closed in its own budget year`() async throws {
        try await withYard(at: "2026-12-31T11:00:00.000Z") { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2027-01-02T09:00:00.000Z")
            try await yard.sell("privat: 2 m³ gruenabfall")

            let old = try await close(yard, "2026-12-31", count: 1, cubicMetres: 1)
            let new = try await close(yard, "2027-01-02", count: 1, cubicMetres: 2)

            #expect([old.budgetYear, new.budgetYear] == [2026, 2027])
            #expect([old.approvedAt, new.approvedAt].allSatisfy { $0.iso.hasPrefix("2027") })
            // The running total goes on over the turn of the year.
            #expect(new.grandTotalBefore == Cents(1_200))
            #expect(new.grandTotalAfter == Cents(3_600))
        }
    }

    @Test func `a late sale of last year is named in the close that holds it`() async throws {
        try await withYard(at: "2026-12-31T11:00:00.000Z") { yard in
            let late = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            _ = try await close(yard, "2026-12-31", count: 0, cubicMetres: 0)
            yard.clock.set("2027-01-02T09:00:00.000Z")
            _ = try await yard.admit(late)
            let new = try await close(yard, "2027-01-02", count: 1, cubicMetres: 1)
            #expect(new.totals.late == [late.reference])
        }
    }
}
