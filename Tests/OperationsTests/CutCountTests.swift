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

    private func cut(_ number: String, _ cents: Int64, count: Int64 = 1) -> BatchCut {
        BatchCut(
            cardTerminal: "51234567", number: number, printedAt: "2026-11-20 10:00",
            totals: [.girocard: Tally(count: count, amount: Cents(cents))])
    }

    @Test func `a cut of a day to come is not counted, wherever it comes from`() async throws {
        try await withYard { yard in
            let day = yard.installation.calendar.day(of: yard.clock.now)
            for time in ["0001-01-01 00:00", "1999-12-31 23:59", "2026-11-22 00:00"] {
                let cut = BatchCut(
                    cardTerminal: "51234567", printedAt: time, source: .uploaded, totals: [:])
                await #expect(
                    throws: OperationsError.input(
                        field: "51234567 printedAt",
                        wanted: "a time from the year 2000 to one day after now")
                ) {
                    try await yard.installation.countClose(
                        cuts: [cut], day: day, at: yard.yard, by: TestYard.cashier)
                }
            }
        }
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
                try await yard.explain(.missingInTerminal, "x")
            }
            try await yard.explain(.cutMissing, "Bonrolle leer")
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(close.comparisons.map(\.isKnown) == [false])
            let waiting = try #require(try yard.book.clearing.first)
            #expect(waiting.items.map(\.cause) == [.uncut])
            #expect(waiting.items.map(\.amount) == [Cents(1_200)])

            // The next cut holds both days.
            try await yard.sell("privat: 1 m³ gruenabfall")
            let next = try await yard.close(Tally(count: 2, amount: Cents(2_400)))
            #expect(next.comparisons.map(\.agrees) == [true])
            let cut = try #require(try yard.book.clearing.first)
            #expect(cut.items.map(\.cause) == [.openCut])
            #expect(cut.items.map(\.amount) == [Cents(2_400)] && cut.unexplained == .zero)
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `a total that a draft could not be read back with is not counted`() async throws {
        try await withYard { yard in
            let girocard = TestYard.girocard
            for tally in [
                Tally(count: 1, amount: Cents(BatchCut.amountMax + 1)),
                Tally(count: BatchCut.countMax + 1, amount: Cents(1)), Tally(count: -1),
            ] {
                await #expect(
                    throws: OperationsError.input(
                        field: "\(girocard.cardTerminal) girocard",
                        wanted: "a count from 0 to 1000000 and at most a billion euros")
                ) { try await yard.count(tally) }
            }
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)

            let most = Tally(count: BatchCut.countMax, amount: Cents(BatchCut.amountMax))
            try await yard.count(most)
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.cuts.tallies[girocard] == most)
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

    @Test func `a card terminal without a cut is named after the days that the yard says`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            func overdue() throws -> [Int] {
                try installation.overdueCuts(of: yard.yard).map(\.days)
            }
            let first = installation.calendar.day(of: yard.clock.now)
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try overdue().isEmpty)

            // Open payments of two days ago, then of three.
            yard.clock.advance(minutes: 2 * 24 * 60)
            #expect(try overdue().isEmpty)
            yard.clock.advance(minutes: 24 * 60)
            #expect(
                try installation.overdueCuts(of: yard.yard) == [
                    OverdueCut(cardTerminal: "51234567", since: first, days: 3)
                ])
            let points = try installation.closePoints(
                try installation.closeProgress(of: yard.yard))
            #expect(points.map(\.code).contains("cut-overdue"))

            // A close that says "unknown" does not hide them.
            try await yard.count(nil)
            try await yard.explain(.cutMissing, "Gerät defekt")
            _ = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            yard.clock.advance(minutes: 24 * 60)
            // What a close holds counts from the day of the close.
            #expect(try overdue().isEmpty)
            try await installation.setCutDays(1, at: yard.yard, by: TestYard.office)
            #expect(try overdue() == [1])

            // The next cut holds everything before it, from the count on.
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            #expect(try overdue().isEmpty)
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            #expect(try overdue().isEmpty)
        }
    }

    @Test func `only an operator says when a cut is late, between one day and thirty`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            #expect(try installation.cutDays(of: yard.yard) == 3)
            await #expect(throws: OperationsError.self) {
                try await installation.setCutDays(5, at: yard.yard, by: TestYard.cashier)
            }
            for days in [0, 31] as [Int64] {
                await #expect(
                    throws: OperationsError.input(
                        field: "cutDays", wanted: "a number of days from 1 to 30")
                ) {
                    try await installation.setCutDays(days, at: yard.yard, by: TestYard.office)
                }
            }
            try await installation.setCutDays(30, at: yard.yard, by: TestYard.office)
            #expect(try installation.cutDays(of: yard.yard) == 30)
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

    @Test
    func `who counted or approved a close neither acknowledges its export nor matches its cuts`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally(count: 1, amount: Cents(1_200)), by: TestYard.everybody)
            _ = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            let both = Person(
                id: TestYard.approver.id, name: "x", roles: [.approver, .finance])
            let export = try await installation.createExport(
                "datev", of: [1], at: yard.yard, by: both)
            for file in export.files {
                _ = try await installation.fetchExportFile(
                    file.name, ofExport: 1, at: yard.yard, by: both)
            }
            for person in [TestYard.everybody, both] {
                await #expect(
                    throws: OperationsError.forbidden(
                        .samePerson(act: .handOverExport, person: person.id))
                ) {
                    try await installation.acknowledgeExport(
                        1, reference: "", at: yard.yard, by: person)
                }
            }
            try await installation.acknowledgeExport(
                1, reference: "", at: yard.yard, by: TestYard.office)

            yard.clock.advance(minutes: 4 * 24 * 60)
            let line = Entry("2026-11-23", 1_190, "KARTENUMSATZ TID 65010001")
            _ = try await yard.take(SampleStatement(1, day: "2026-11-23", [line]))
            let codes = try yard.book.board.open.map(\.item.code)
            let cut = try #require(codes.first { !$0.hasPrefix("b-") })
            let credit = try #require(codes.first { $0.hasPrefix("b-") })
            let wish = SettlementWish(
                .match(difference: .fee), expected: [cut], received: [credit], reason: "netto")
            for person in [TestYard.everybody, both] {
                await #expect(
                    throws: OperationsError.forbidden(
                        .samePerson(act: .settle, person: person.id))
                ) { _ = try await installation.settle(wish, by: person) }
            }
            #expect(try yard.book.settlements.isEmpty)
            _ = try await installation.settle(wish, by: TestYard.office)
            #expect(try yard.book.settlements.count == 1)
        }
    }
}
