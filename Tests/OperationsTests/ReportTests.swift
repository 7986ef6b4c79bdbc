import Calendars
import DayClosing
import Journal
import Operations
import Reports
import Sales
import Testing
import Units

struct ReportTests {
    private func period(_ yard: TestYard, shifted days: Int = 0) throws -> ReportPeriod {
        let today = yard.installation.calendar.day(of: yard.clock.now)
        let day = try #require(today.adding(days: days))
        return try #require(ReportPeriod(from: day, to: day))
    }

    @Test func `sold and refunded amounts meet in the report, other days stay out`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let reference = try await yard.sell("privat: 1 m³ gruenabfall; 2 Sack restabfall")
            let before = try installation.salesReport(
                by: .fraction, try period(yard), at: [yard.yard]
            ).total
            let wish = ReversalWish(
                kind: .refund, original: reference, amounts: [0: Cents(100)], reason: "zu viel",
                method: .bankTransfer)
            let id = try await installation.requestReversal(
                wish, payee: try TestYard.payee(), at: yard.yard, by: TestYard.cashier)
            try await installation.approveReversal(id, at: yard.yard, by: TestYard.approver)

            let after = try installation.salesReport(
                by: .fraction, try period(yard), at: [yard.yard]
            ).total

            #expect(before.count == 2)
            #expect(before.turnover > .zero)
            #expect(after.turnover == before.turnover - Cents(100))
            #expect(after.volume == before.volume)
            #expect(
                try installation.salesReport(
                    by: .fraction, try period(yard, shifted: 1), at: [yard.yard]
                ).rows.isEmpty)
        }
    }

    @Test func `a refund that is not counted yet hides its day from who counts`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let sale = try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            yard.clock.advance(minutes: 24 * 60)
            let today = installation.calendar.day(of: yard.clock.now)
            let yesterday = try #require(today.adding(days: -1))
            func isHidden(_ day: BusinessDay) throws -> Bool {
                try installation.isHidden(day...day, of: [yard.yard], from: TestYard.cashier)
            }
            #expect(try !isHidden(today))

            let id = try await installation.requestReversal(
                ReversalWish(
                    kind: .refund, original: sale, amounts: nil, reason: "zu viel",
                    method: .bankTransfer), payee: try TestYard.payee(), at: yard.yard,
                by: TestYard.cashier)
            #expect(try !isHidden(today))
            try await installation.approveReversal(id, at: yard.yard, by: TestYard.approver)

            #expect(try isHidden(today))
            #expect(try !isHidden(yesterday))
            #expect(
                try !installation.isHidden(
                    today...today, of: [yard.yard], from: TestYard.auditor))
            let query = SaleQuery()
            #expect(try installation.isHidden(query, of: yard.yard, from: TestYard.cashier))
            try await yard.close(nil)
            #expect(try !isHidden(today))
        }
    }

    @Test func `the hour is the one on the wall`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")

            let rows = try yard.installation.salesReport(
                by: .hour, try period(yard), at: [yard.yard]
            ).rows

            let hour = yard.installation.calendar.hour(of: yard.clock.now)
            #expect(rows.map { Int64($0.code) } == [hour])
        }
    }
}
