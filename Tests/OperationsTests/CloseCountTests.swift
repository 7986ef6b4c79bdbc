import Calendars
import DayClosing
import Journal
import Operations
import People
import Sales
import Storage
import Testing
import Units

/// Counting: cuts, blind, again, sent back, and only once for each number.
struct CloseCountTests {

    @Test func `A17 a close is made once, whatever the calendar says`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))

            let outcomes: [Result<Int64, any Error>] = await withTaskGroup(
                of: Result<Int64, any Error>.self
            ) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do {
                            let close = try await yard.installation.approveClose(
                                at: yard.yard, by: TestYard.approver)
                            return .success(close.number)
                        } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }

            #expect(outcomes.compactMap { try? $0.get() } == [1])
            let refusals = outcomes.compactMap { outcome -> OperationsError? in
                if case .failure(let error) = outcome { error as? OperationsError } else { nil }
            }
            #expect(refusals == Array(repeating: .notCounted, count: 49))
            #expect(try yard.installation.closes(of: yard.yard).map(\.number) == [1])

            // A sale after the close belongs to the next one, of the same day.
            try await yard.sell("privat: 2 m³ gruenabfall")
            let second = try await yard.close(Tally(count: 1, amount: Cents(2_400)))
            #expect(second.number == 2)
            let first = try yard.installation.close(1, of: yard.yard)
            #expect(second.day == first.day)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `the list of closes goes on where it was, whatever is approved meanwhile`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            #expect(try installation.closeList(of: yard.yard).rows.isEmpty)
            for _ in 1...3 { _ = try await yard.close(Tally()) }
            let page = try installation.closeList(of: yard.yard, limit: 2)
            let cursor = try #require(page.next)
            _ = try await yard.close(Tally())

            let rest = try installation.closeList(of: yard.yard, after: cursor, limit: 2)
            #expect(page.rows.map(\.close.number) == [3, 2])
            #expect(rest.rows.map(\.close.number) == [1] && rest.next == nil)
            #expect(rest.rows[0].close == (try installation.close(1, of: yard.yard)))
            #expect(try installation.closeList(of: yard.yard, limit: 0).rows.count == 1)
            #expect(try installation.closeNumbers(of: yard.yard) == [1, 2, 3, 4])
            let ofSales = try await installation.sales(of: yard.yard, limit: 1).next
            let last = cursor.last == "A" ? "Q" : "A"
            for text in [String(cursor.dropLast()) + last, "17", "", ofSales ?? "none"] {
                #expect(throws: OperationsError.cursorInvalid, "\(text)") {
                    _ = try installation.closeList(of: yard.yard, after: text)
                }
            }
        }
    }

    @Test func `an entry is in the close that it was counted for, or in none yet`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            let first = try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            try await yard.sell("privat: 2 m³ gruenabfall")
            let second = try await yard.close(Tally(count: 1, amount: Cents(2_400)))

            for (index, number) in [
                (0, 1), (first.to - 1, 1), (first.to, 2), (second.to - 1, 2), (second.to, nil),
            ] as [(Int64, Int64?)] {
                let found = try yard.installation.closeNumber(holding: index, of: yard.yard)
                #expect(found == number, "\(index)")
            }
        }
    }

    @Test func `several batch cuts of a card terminal add up and stay in the close`()
        async throws
    {
        try await withYard { yard in
            for _ in 1...2 { try await yard.sell("privat: 1 m³ gruenabfall") }
            func cut(_ number: String) -> BatchCut {
                BatchCut(
                    cardTerminal: "51234567", number: number, printedAt: "2026-11-20 10:00",
                    totals: [.girocard: Tally(count: 1, amount: Cents(1_200))])
            }
            let day = yard.installation.calendar.day(of: yard.clock.now)
            await #expect(
                throws: OperationsError.input(
                    field: "51234567 17", wanted: "each batch cut of a card terminal once")
            ) {
                try await yard.installation.countClose(
                    cuts: [cut("17"), cut("17")], day: day, at: yard.yard, by: TestYard.cashier)
            }
            try await yard.installation.countClose(
                cuts: [cut("17"), cut("18")], day: day, at: yard.yard, by: TestYard.cashier)
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.comparisons.map(\.agrees) == [true])

            let close = try await yard.installation.approveClose(
                at: yard.yard, by: TestYard.approver, seen: draft.mark)

            #expect(close.cuts.map(\.number) == ["17", "18"])
            #expect(close.recounts == 0)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `what was counted or explained after the look is not approved with it`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            func mark() throws -> String {
                try #require(try installation.closeProgress(of: yard.yard).draft).mark
            }
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally())
            var marks = [try mark()]
            try await yard.explain(.straddling, "Schnitt um 9")
            marks.append(try mark())
            yard.clock.advance(minutes: 1)
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            for old in marks {
                await #expect(throws: OperationsError.closeChanged) {
                    _ = try await installation.approveClose(
                        at: yard.yard, by: TestYard.approver, seen: old)
                }
            }
            let close = try await installation.approveClose(
                at: yard.yard, by: TestYard.approver, seen: try mark())
            #expect(close.recounts == 1)
        }
    }

    @Test func `a close says who sent it back, why, and who explained what`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            await #expect(throws: OperationsError.notCounted) {
                try await installation.rejectClose(
                    reason: "zu früh", at: yard.yard, by: TestYard.approver)
            }
            try await yard.count(Tally())
            await #expect(throws: OperationsError.reasonMissing) {
                try await installation.rejectClose(
                    reason: " ", at: yard.yard, by: TestYard.approver)
            }
            try await installation.rejectClose(
                reason: "Gerät fehlt", at: yard.yard, by: TestYard.approver)
            #expect(
                try installation.closeProgress(of: yard.yard).sentBack.map(\.reason) == [
                    "Gerät fehlt"
                ])
            try await yard.count(Tally())
            try await yard.explain(
                .missingInTerminal, "Beleg liegt vor", by: TestYard.everybody)

            let close = try await installation.approveClose(
                at: yard.yard, by: TestYard.approver)

            #expect(close.sentBack.map(\.by) == [TestYard.approver.id])
            #expect(close.sentBack.map(\.reason) == ["Gerät fehlt"])
            #expect(close.recounts == 1)
            #expect(close.comparisons.map(\.explainedBy) == [TestYard.everybody.id])
            #expect(try installation.close(1, of: yard.yard) == close)
            #expect(try installation.closeProgress(of: yard.yard).sentBack.isEmpty)
        }
    }

    @Test func `a count that is sent back forgets none of the counts before it`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            func sendBack() async throws {
                try await installation.rejectClose(
                    reason: "noch einmal", at: yard.yard, by: TestYard.approver)
            }
            for _ in 1...3 { try await yard.count(Tally()) }
            try await sendBack()
            for _ in 1...2 { try await yard.count(Tally()) }
            try await sendBack()

            let first = try await yard.close(nil)
            let second = try await yard.close(nil)

            // Six counts, and one.
            #expect(first.recounts == 5 && first.sentBack.count == 2)
            #expect(second.recounts == 0 && second.sentBack.isEmpty)
        }
    }

    @Test func `who explained a difference does not approve it`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally())
            try await yard.explain(.straddling, "Schnitt um 9", by: TestYard.everybody)

            await #expect(
                throws: OperationsError.forbidden(
                    .samePerson(act: .approveClose, person: TestYard.everybody.id))
            ) {
                _ = try await installation.approveClose(at: yard.yard, by: TestYard.everybody)
            }
            _ = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
        }
    }

    @Test func `who counts sees no totals before, and everybody else does`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            let today = installation.calendar.day(of: yard.clock.now)
            func isHidden(_ person: Person) throws -> [Bool] {
                [
                    try installation.closeProgress(of: yard.yard).isHidden(from: person),
                    try installation.isHidden(today...today, of: [yard.yard], from: person),
                ]
            }
            #expect(try isHidden(TestYard.cashier) == [true, true])
            // Further roles do not open it.
            #expect(try isHidden(TestYard.everybody) == [true, true])
            #expect(try isHidden(TestYard.auditor) == [false, false])
            #expect(throws: OperationsError.countFirst) {
                try installation.requireShown(
                    today...today, of: [yard.yard], to: TestYard.cashier)
            }
            let yesterday = try #require(today.adding(days: -1))
            #expect(
                try !installation.isHidden(
                    yesterday...yesterday, of: [yard.yard], from: TestYard.cashier))
            var query = SaleQuery()
            #expect(try installation.isHidden(query, of: yard.yard, from: TestYard.cashier))
            #expect(try !installation.isHidden(query, of: yard.yard, from: TestYard.auditor))
            query.dayTo = yesterday
            #expect(try !installation.isHidden(query, of: yard.yard, from: TestYard.cashier))

            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            #expect(try isHidden(TestYard.cashier) == [false, false])
            // What comes after the cut is not counted yet.
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try isHidden(TestYard.cashier) == [false, true])

            await #expect(throws: OperationsError.self) {
                try await installation.setBlind(false, at: yard.yard, by: TestYard.cashier)
            }
            try await installation.setBlind(false, at: yard.yard, by: TestYard.office)
            #expect(try isHidden(TestYard.cashier) == [false, false])
        }
    }

    @Test func `a difference of time is expected back, and verified so`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally())
            let found = try installation.suspicions(at: yard.yard)
            #expect(found[TestYard.girocard]?.map(\.kind) == [.nearCut, .equalAmount])
            try await yard.explain(.straddling, "Schnitt um 9")
            _ = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            try await yard.sell("privat: 2 m³ gruenabfall")
            let points = try installation.closePoints(
                try installation.closeProgress(of: yard.yard))
            #expect(points.map(\.code).contains("carried"))

            let second = try await yard.close(Tally(count: 2, amount: Cents(3_600)))

            #expect(second.comparisons.map(\.brought?.since) == [1])
            #expect(second.comparisons.map(\.agrees) == [true])
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `a close too long for one entry keeps its detail beside the journal`()
        async throws
    {
        try await withYard { yard in
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let first = try yard.terminal.sign(sale)
            for _ in 0..<3_000 { _ = try yard.terminal.sign(sale) }
            _ = try await yard.admit(first)
            _ = try await yard.admit(yard.terminal.sign(sale))

            let close = try await yard.close(Tally(count: 2, amount: Cents(2_400)))

            #expect(close.totals.terminals.map(\.missing.count) == [3_000])
            #expect(try yard.installation.close(1, of: yard.yard) == close)
            #expect(try yard.installation.verify().misfit == nil)
            let next = try await yard.close(nil)
            #expect(next.grandTotalBefore == Cents(2_400))
        }
    }

    @Test func `totals looked at again and again are those of a first look`() async throws {
        try await withYard { yard in
            for number in 1...5 as ClosedRange<Int64> {
                try await yard.sell("privat: \(number) m³ gruenabfall")
                let again = try yard.installation.closeProgress(of: yard.yard).totals
                #expect(again.turnover == Cents(1_200 * (1...number).reduce(0, +)))
                #expect(again.counts["sale"] == number)
            }
            let close = try await yard.close(Tally(count: 5, amount: Cents(18_000)))
            #expect(close.totals.turnover == Cents(18_000))
            #expect(try yard.installation.verify().misfit == nil)
            #expect(try yard.installation.closeProgress(of: yard.yard).totals.turnover == .zero)
        }
    }

    @Test func `a count that would hold unknown payments is refused until they are known`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            func draft() throws -> CloseProgress.Draft? {
                try installation.closeProgress(of: yard.yard).draft
            }
            let sale = try await yard.sell(
                "privat: 1 m³ gruenabfall", .unknown(cardTerminal: "51234567"))
            let refusal = OperationsError.unknownPayments([sale])
            #expect(refusal.code == "unknown-payments" && refusal.status == 409)
            #expect(refusal.remedy.contains("t1-000001"))
            await #expect(throws: refusal) { try await yard.count(nil) }
            #expect(try draft() == nil)

            try await yard.count(nil, unknown: .carriedOver)
            let counted = try #require(try draft())
            #expect(counted.carriedOver == [sale] && counted.countedBy == TestYard.cashier.id)

            // To count again needs it again, and no longer once the outcome is known.
            await #expect(throws: refusal) { try await yard.count(nil) }
            #expect(try draft()?.mark == counted.mark)
            try await installation.resolve(
                PaymentResolution(
                    original: sale, finding: .charged(TestYard.slip(9)),
                    evidence: .repeatReceipt, note: "Beleg"), debtor: nil, at: yard.yard,
                by: TestYard.cashier)
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            #expect(try draft()?.carriedOver.isEmpty == true)
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(close.totals.unknown.isEmpty)
        }
    }

    @Test func `what is open before a close is named`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            #expect(
                try installation.closePoints(installation.closeProgress(of: yard.yard)).isEmpty)
            let unknown = try await yard.sell(
                "privat: 1 m³ gruenabfall", .unknown(cardTerminal: "51234567"))
            _ = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            try await yard.sell("privat: 1 m³ gruenabfall")
            let row = try #require(try installation.terminals(of: yard.yard).first)
            try await installation.heartbeat(row, head: 5, queued: 2, unknown: 1)
            yard.clock.advance(minutes: 16)

            let points = try installation.closePoints(
                installation.closeProgress(of: yard.yard))

            #expect(
                points.map(\.code) == [
                    "unknown-payments", "unknown-at-terminal", "unsent", "silent", "missing",
                    "flagged",
                ])
            #expect(points.first == .unknownPayments([unknown], total: Cents(1_200)))
            #expect(points.contains(.missing(yard.terminal.id, [2])))
            #expect(points.allSatisfy { !$0.words.isEmpty })
        }
    }
}
