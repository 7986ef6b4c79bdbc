import Calendars
import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import People
import Sales
import Storage
import Testing
import Units

/// What the next close would hold is added up ahead and by several threads; it is the same.
struct CloseFoldTests {
    /// A closed folder with a day of 700 entries and more: payments that are unknown and get their
    /// outcome pages later, one voided, and a gap in the numbers.
    private func withLargeDay(_ body: (TestYard, () throws -> Installation) async throws -> Void)
        async throws
    {
        try await withFolder { folder in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                folder + "/data", clock: clock, terminals: 2, hasTariff: true)
            let unknown = Settlement.unknown(cardTerminal: "51234567")
            var open: [SaleReference] = []
            for _ in 1...3 { open.append(try await yard.sell("privat: 1 m³ gruenabfall", unknown)) }
            let sale = TerminalFact.sale(try yard.sale("privat: 2 m³ gruenabfall"))
            for number in 0..<700 {
                _ = try await yard.admit(yard.terminals[number % 2].sign(sale))
            }
            // Signed and never sent: a gap.
            _ = try yard.terminals[1].sign(sale)
            _ = try await yard.admit(yard.terminals[1].sign(sale))
            for (reference, finding) in zip(
                open, [.charged(TestYard.slip(9)), .notChargedVoid] as [PaymentResolution.Finding])
            {
                try await yard.installation.resolve(
                    PaymentResolution(
                        original: reference, finding: finding, evidence: .repeatReceipt, note: "x"),
                    debtor: nil, at: yard.yard, by: TestYard.cashier)
            }
            try yard.installation.close()
            try await body(yard) {
                try Installation(directory: yard.directory, clock: { clock.now }, logger: .silent)
            }
        }
    }

    /// Makes entries unreadable for whoever reads them from now on.
    private func damage(_ positions: [LogPosition], in yard: TestYard) throws {
        let queue = try DatabaseQueue(path: yard.directory.database)
        try queue.inDatabase { database in
            try database.execute(sql: "DROP TRIGGER entry_no_update")
            for position in positions {
                try database.execute(
                    sql: "UPDATE entry SET bytes = x'00' WHERE position = ?",
                    arguments: [position.number])
            }
        }
        try queue.close()
    }

    @Test func `totals are the same however many threads add them up`() async throws {
        try await withLargeDay { yard, open in
            var totals: [CloseTotals] = []
            for workers in [1, 2, 5] {
                let installation = try open()
                try installation.addUpAll(of: yard.yard, workers: workers)
                let progress = try installation.closeProgress(of: yard.yard)
                #expect(progress.newestDay?.iso == "2026-11-20")
                totals.append(progress.totals)
                try installation.close()
            }
            #expect(totals[0].counts["sale"] == 701 && totals[0].counts["resolution"] == 2)
            #expect(totals[0].unknown.map(\.sequence) == [3])
            #expect(totals[0].terminals.map(\.missing) == [[], [351]])
            #expect(totals[1] == totals[0] && totals[2] == totals[0])

            // The verification adds up the same records by itself.
            let installation = try open()
            try await installation.countClose(
                totals[0].cards, day: installation.calendar.day(of: yard.clock.now), at: yard.yard,
                by: TestYard.cashier, unknown: .carriedOver)
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(close.totals == totals[0])
            #expect(try installation.verify().misfit == nil)
            try installation.close()
        }
    }

    @Test(arguments: [1, 2, 5])
    func `of several entries that cannot be read the first one is named`(workers: Int)
        async throws
    {
        try await withLargeDay { yard, open in
            let installation = try open()
            let damaged = [650, 300, 420].map { LogPosition(yard: 1, index: $0) }
            try damage(damaged, in: yard)

            let error = #expect(throws: DamagedRow.self) {
                try installation.addUpAll(of: yard.yard, workers: workers)
            }

            #expect(error == DamagedRow(table: "entry", position: damaged[1].number))
            try installation.close()
        }
    }

    @Test func `a round ahead leaves less than a step of each yard, and ends when told to`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            func sell() async throws -> Int64 {
                try await yard.admit(yard.terminal.sign(sale)).index + 1
            }
            for _ in 1...4 { _ = try await sell() }
            let size = try await sell()
            let stopped = Task {
                while !Task.isCancelled { await Task.yield() }
                try await TotalsAhead(installation).round(step: 1)
            }
            stopped.cancel()
            await #expect(throws: CancellationError.self) { try await stopped.value }
            // Nothing was added yet.
            #expect(try installation.addUpAStep(of: yard.yard, step: size))
            for _ in 1...4 { _ = try await sell() }
            _ = try await sell()

            try await TotalsAhead(installation).round(step: 2)

            #expect(try !installation.addUpAStep(of: yard.yard, step: 2))
            #expect(try installation.addUpAStep(of: yard.yard, step: 1))
            #expect(try !installation.addUpAStep(of: yard.yard, step: 1))
            let totals = try installation.closeProgress(of: yard.yard).totals
            #expect(totals.turnover == Cents(10 * 1_200))
        }
    }

    @Test func `a yard that cannot be read leaves the others their round`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let second = try await yard.addYard()
            try damage([LogPosition(yard: 1, index: 0)], in: yard)

            await #expect(throws: DamagedRow.self) {
                try await TotalsAhead(installation).round(step: 1)
            }

            #expect(try !installation.addUpAStep(of: second, step: 1))
        }
    }

    @Test func `what was added up on a day is kept for its close on a later one`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            for _ in 1...3 { try await yard.sell("privat: 1 m³ gruenabfall") }
            let ahead = TotalsAhead(installation)
            try await ahead.round(step: 1)
            yard.clock.set("2026-11-21T08:00:00.000Z")
            try await yard.sell("privat: 2 m³ gruenabfall")
            try await ahead.round(step: 1)
            // Nobody reads the sales of the day before again.
            try damage([LogPosition(yard: 1, index: 4)], in: yard)

            let day = try #require(BusinessDay(iso: "2026-11-20"))
            let key = CardKey(cardTerminal: "51234567", scheme: .girocard)
            let today = try installation.closeProgress(of: yard.yard)
            #expect(today.totals.turnover == Cents(6_000) && today.totals.late.count == 3)
            try await installation.countClose(
                [key: Tally(count: 3, amount: Cents(3_600))], day: day, at: yard.yard,
                by: TestYard.cashier)

            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(close.totals.turnover == Cents(3_600) && close.totals.late.isEmpty)
            let rest = try installation.closeProgress(of: yard.yard).totals
            #expect(rest.turnover == Cents(2_400) && rest.late.isEmpty)
        }
    }

    @Test func `numbers that are missing are named close after close, until they come`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try (1...14).map { _ in try yard.terminal.sign(sale) }
            func send(_ numbers: Int...) async throws {
                for number in numbers { _ = try await yard.admit(signed[number - 1]) }
            }
            func missing() throws -> [Int64] {
                try installation.closeProgress(of: yard.yard).totals.terminals.flatMap(\.missing)
            }
            func close(_ count: Int64) async throws -> [Int64] {
                let tally = Tally(count: count, amount: Cents(count * 1_200))
                return try await yard.close(tally).totals.terminals.flatMap(\.missing)
            }
            try await send(1, 2, 4, 5, 7, 8)
            #expect(try missing() == [3, 6])
            #expect(try await close(6) == [3, 6])

            // Nothing of the terminal, then a further gap, then late ones.
            #expect(try missing().isEmpty)
            try await send(9, 11)
            #expect(try missing() == [3, 6, 10])
            try await send(6)
            #expect(try missing() == [3, 10])
            try await send(10, 14)
            #expect(try await close(5) == [3, 12, 13])

            try await send(12)
            #expect(try missing() == [3, 13])
            try await send(3, 13)
            #expect(try await close(3).isEmpty)
            // The verification looks through all numbers each time.
            #expect(try installation.verify().misfit == nil)
        }
    }
}
