import DayClosing
import FinanceSamples
import Ledger
import Sales
import Testing
import Text
import Units

struct DayCloseTests {
    let plan: AccountPlan
    let key = CardKey(cardTerminal: "68100001", scheme: .girocard)
    let totals: CloseTotals

    init() throws {
        plan = try Samples.plan()
        let sale = try Samples.sale([Samples.line(300)])
        let facts: [(ClosedRecord.Fact, day: String)] = [
            (.sale(Samples.reference(1), sale), "2026-11-20")
        ]
        totals = CloseTotals(
            records: try Samples.records(facts, plan: plan),
            businessDay: Samples.day("2026-11-20"), terminals: [], unresolvedBefore: [])
    }

    private func close(
        _ comparisons: [CardComparison], counted: String = "b.kasse",
        approved: String = "c.leitung", approvedAt: String = "2026-11-20T17:10:00.000Z",
        after mark: CloseMark = CloseMark(number: 4, to: 7, grandTotal: Cents(1_000)),
        to: Int64 = 8, totals: CloseTotals? = nil
    ) throws(CloseError) -> DayClose {
        try DayClose.make(
            after: mark, yard: Samples.identifier("mitte"), day: Samples.day("2026-11-20"),
            to: to, totals: totals ?? self.totals, comparisons: comparisons,
            counted: SignOff(
                Samples.identifier(counted), at: Samples.time("2026-11-20T17:00:00.000Z")),
            approved: SignOff(Samples.identifier(approved), at: Samples.time(approvedAt)),
            plan: plan)
    }

    private func comparison(
        counted: Tally, _ reason: DifferenceReason? = nil, _ explanation: String? = nil
    ) -> CardComparison {
        CardComparison(
            key: key, expected: Tally(count: 1, amount: Cents(300)), counted: counted,
            reason: reason, explanation: explanation)
    }

    private var agreeing: CardComparison {
        comparison(counted: Tally(count: 1, amount: Cents(300)))
    }

    @Test func `a close continues number, position and grand total of the one before`() throws {
        let close = try close([agreeing])

        #expect(close.number == 5)
        #expect(close.from == 7)
        #expect(close.grandTotalBefore == Cents(1_000))
        #expect(close.mark == CloseMark(number: 5, to: 8, grandTotal: Cents(1_300)))
        #expect(close.accountPlan == "nkf-muster")
        #expect(close.accountPlanDigest == plan.digest)
        #expect(close.reference == "mitte-000005")
        #expect(try self.close([agreeing], after: .start, to: 0).number == 1)
    }

    @Test func `a close of nothing is possible`() throws {
        let close = try close([], to: 7, totals: CloseTotals())
        #expect(close.mark == CloseMark(number: 5, to: 7, grandTotal: Cents(1_000)))
    }

    @Test func `nobody approves their own count`() throws {
        let person: PersonID = Samples.identifier("b.kasse")
        #expect(throws: CloseError.samePerson(person)) {
            try close([agreeing], approved: "b.kasse")
        }
    }

    @Test func `approval does not come before the count`() throws {
        _ = try close([agreeing], approvedAt: "2026-11-20T17:00:00.000Z")
        #expect(
            throws: CloseError.approvedBeforeCount(
                counted: Samples.time("2026-11-20T17:00:00.000Z"),
                approved: Samples.time("2026-11-20T16:59:59.999Z"))
        ) {
            try close([agreeing], approvedAt: "2026-11-20T16:59:59.999Z")
        }
    }

    @Test func `a close does not end before it begins`() throws {
        #expect(throws: CloseError.positionsReversed(from: 7, to: 6)) {
            try close([agreeing], to: 6)
        }
    }

    @Test func `account totals that do not balance are no close`() throws {
        var broken = totals
        broken.accounts.removeLast()
        #expect(throws: CloseError.unbalanced(debit: Cents(300), credit: .zero)) {
            try close([agreeing], totals: broken)
        }
    }

    @Test func `every card total of ours is compared once, with our own figure`() throws {
        let ours = Tally(count: 1, amount: Cents(300))
        let wrong = CardComparison(key: key, expected: Tally(), counted: Tally())
        for comparisons in [[], [wrong], [agreeing, agreeing]] {
            // The second of two finds nothing left to compare with.
            let expected = comparisons.count == 2 ? Tally() : ours
            #expect(throws: CloseError.notCompared(key, expected: expected)) {
                try close(comparisons)
            }
        }
    }

    @Test func `a card terminal that we know nothing of may stand in the comparison`() throws {
        let other = CardKey(cardTerminal: "68100009", scheme: .visa)
        let counted = [
            key: Tally(count: 1, amount: Cents(300)), other: Tally(count: 1, amount: Cents(5)),
        ]
        let found = CardComparison.compare(expected: totals.cards, counted: counted)

        #expect(found.map(\.key) == [key, other])
        #expect(found.map(\.difference) == [.zero, Cents(5)])
        #expect(throws: CloseError.reasonMissing(other, difference: Cents(5))) { try close(found) }
        let explained = [found[0], found[1].explained(.otherBusiness, "Verkaufsstelle Kompost")]
        #expect(try close(explained.reversed()).comparisons == explained)
    }

    @Test(arguments: [
        Tally(count: 1, amount: Cents(299)), Tally(count: 2, amount: Cents(300)), Tally(),
    ])
    func `a difference in amount or count needs reason and explanation`(counted: Tally) throws {
        #expect(
            throws: CloseError.reasonMissing(key, difference: counted.amount - Cents(300))
        ) {
            try close([comparison(counted: counted)])
        }
        for blank in [nil, "", " \n"] {
            #expect(throws: CloseError.explanationMissing(key, .unexplained)) {
                try close([comparison(counted: counted, .unexplained, blank)])
            }
        }
        #expect(throws: Never.self) {
            try close([comparison(counted: counted, .straddling, "nach Kassenschnitt")])
        }
    }

    @Test func `a reason where nothing differs is refused`() throws {
        #expect(throws: CloseError.reasonWithoutDifference(key, .straddling)) {
            try close([agreeing.explained(.straddling, "x")])
        }
    }

    // What is left open

    private func carrying(_ reason: DifferenceReason) throws -> DayClose {
        try close([comparison(counted: Tally(), reason, "Schnitt fehlt")])
    }

    @Test(arguments: DifferenceReason.allCases)
    func `a difference of time alone is expected back by the next close`(
        reason: DifferenceReason
    ) throws {
        let carried = try carrying(reason).mark.carried
        let open = CarriedDifference(Tally(count: -1, amount: Cents(-300)), since: 5)
        let isOfTime = [.straddling, .automaticCut, .cutMissing].contains(reason)
        #expect(carried == (isOfTime ? [key: open] : [:]))
        #expect(!reason.german.isEmpty)
    }

    @Test func `the next close takes it up, and it is gone once it is made up for`() throws {
        let mark = try carrying(.straddling).mark
        let both = Tally(count: 2, amount: Cents(600))
        let taken = CardComparison.compare(
            expected: totals.cards, counted: [key: both], brought: mark.carried)
        #expect(taken.map(\.agrees) == [true])
        #expect(taken.map(\.difference) == [Cents(300)])

        let next = try close(taken, after: mark, to: 9)

        #expect(next.carried.isEmpty)
        #expect(next.misfit(after: mark) == nil)
        #expect(try DayClose(json: next.json, yard: next.yard) == next)
        // A close that hides it does not exist.
        #expect(throws: CloseError.notTakenUp(key)) {
            try close([agreeing], after: mark, to: 9)
        }
        #expect(throws: CloseError.notTakenUp(key)) {
            try close([], after: mark, to: 9, totals: CloseTotals())
        }
    }

    @Test func `one that is not made up for needs a reason again and keeps its age`() throws {
        let mark = try carrying(.straddling).mark
        let taken = CardComparison.compare(
            expected: totals.cards, counted: [key: Tally(count: 1, amount: Cents(300))],
            brought: mark.carried)
        #expect(throws: CloseError.reasonMissing(key, difference: .zero)) {
            try close(taken, after: mark, to: 9)
        }
        let next = try close(
            taken.map { $0.explained(.cutMissing, "noch immer") }, after: mark, to: 9)
        #expect(
            next.carried == [
                key: CarriedDifference(Tally(count: -1, amount: Cents(-300)), since: 5)
            ])
    }

    @Test func `cuts and the totals counted from them have to agree`() throws {
        let cut = BatchCut(
            cardTerminal: key.cardTerminal, number: "1",
            totals: [.girocard: Tally(count: 1, amount: Cents(300))])
        func make(_ cuts: [BatchCut]) throws -> DayClose {
            try DayClose.make(
                after: .start, yard: Samples.identifier("mitte"), day: Samples.day("2026-11-20"),
                to: 8, totals: totals, comparisons: [agreeing], cuts: cuts,
                counted: SignOff(
                    Samples.identifier("b"), at: Samples.time("2026-11-20T17:00:00.000Z")),
                approved: SignOff(
                    Samples.identifier("c"), at: Samples.time("2026-11-20T17:10:00.000Z")),
                plan: plan)
        }
        #expect(try make([cut]).cuts == [cut])
        #expect(throws: CloseError.cutsDiffer(key)) { try make([cut, cut]) }
        let other = BatchCut(
            cardTerminal: "68100009", totals: [.visa: Tally(count: 1, amount: Cents(5))])
        #expect(
            throws: CloseError.cutsDiffer(CardKey(cardTerminal: "68100009", scheme: .visa))
        ) { try make([cut, other]) }
    }

    // A card terminal without a batch cut

    private var unknown: CardComparison {
        CardComparison(key: key, expected: Tally(count: 1, amount: Cents(300)), counted: nil)
    }

    @Test func `a card terminal without a cut is unknown, which is not a zero that a slip shows`() {
        let other = CardKey(cardTerminal: "68100009", scheme: .visa)
        let expected = [key: Tally(count: 1, amount: Cents(300)), other: Tally()]
        let blank = CardComparison.compare(expected: expected, counted: [:])
        #expect(blank.map(\.isKnown) == [false, false])
        #expect(blank.map(\.agrees) == [false, false])
        #expect(blank.map(\.remaining.amount) == [Cents(-300), .zero])
        #expect(blank.knownDifference == .zero)

        let zero = CardComparison.compare(
            expected: expected, counted: [:], cutTerminals: [key.cardTerminal])
        #expect(zero.map(\.isKnown) == [true, false])
        #expect(zero.knownDifference == Cents(-300))
        // One scheme on the slip makes the others a known nothing.
        let some = CardComparison.compare(
            expected: totals.cards,
            counted: [CardKey(cardTerminal: key.cardTerminal, scheme: .visa): Tally()])
        #expect(some.allSatisfy { $0.isKnown })
    }

    @Test func `what is unknown is explained by what does not claim to know, and comes back`()
        throws
    {
        #expect(throws: CloseError.reasonMissing(key, difference: Cents(-300))) {
            try close([unknown])
        }
        for reason in DifferenceReason.allCases {
            let explained = unknown.explained(reason, "Gerät defekt")
            guard reason.fitsUnknown else {
                #expect(throws: CloseError.reasonClaimsTotal(key, reason)) {
                    try close([explained])
                }
                continue
            }
            let made = try close([explained])
            #expect(made.carried.isEmpty == (reason == .unexplained))
            #expect(try DayClose(json: made.json, yard: made.yard) == made)
        }
    }

    @Test func `nothing left over is still unknown without a cut, and brings nothing forward`()
        throws
    {
        let nothing = CardComparison(key: key, expected: Tally(), counted: nil)
        var empty = totals
        empty.cards = [key: Tally()]
        #expect(throws: CloseError.reasonMissing(key, difference: .zero)) {
            try close([nothing], totals: empty)
        }
        let made = try close([nothing.explained(.cutMissing, "Bon fehlt")], totals: empty)
        #expect(made.carried.isEmpty)
    }

    @Test func `a record without counted totals is unknown, one with zero is not`() throws {
        let json = unknown.json
        #expect(json["counted"] == nil && json["countedCount"] == nil)
        #expect(try CardComparison(json: json, path: "c") == unknown)
        // As versions before wrote every card terminal without a cut.
        let old = comparison(counted: Tally())
        #expect(old.json["counted"]?.integer == 0)
        #expect(try CardComparison(json: old.json, path: "c").isKnown)
        #expect(throws: JSONShapeError.self) {
            _ = try CardComparison(
                json: .object((json.members ?? []) + [.init("counted", .integer(0))]), path: "c")
        }
    }

    @Test func `a close that calls a card terminal unknown has no cut of it`() throws {
        let cut = BatchCut(cardTerminal: key.cardTerminal, number: "1", totals: [:])
        #expect(throws: CloseError.cutsDiffer(key)) {
            try DayClose.make(
                after: .start, yard: Samples.identifier("mitte"), day: Samples.day("2026-11-20"),
                to: 8, totals: totals, comparisons: [unknown.explained(.cutMissing, "x")],
                cuts: [cut],
                counted: SignOff(
                    Samples.identifier("b"), at: Samples.time("2026-11-20T17:00:00.000Z")),
                approved: SignOff(
                    Samples.identifier("c"), at: Samples.time("2026-11-20T17:10:00.000Z")),
                plan: plan)
        }
    }

    @Test func `a close too long for a record names its detail`() throws {
        let close = try carrying(.straddling)
        let body = close.json(detail: String(repeating: "ab", count: 32), bytes: 99)
        #expect(body["totals"] == nil)
        #expect(DayClose.detail(of: body)?.bytes == 99)
        #expect(DayClose.detail(of: close.json) == nil)
        #expect(
            try DayClose(json: body, yard: close.yard, detail: close.detailJSON) == close)
    }
}
