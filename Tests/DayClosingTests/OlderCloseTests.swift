import DayClosing
import FinanceSamples
import Ledger
import Sales
import Testing
import Text
import Units

/// The body of a close as version 0.1 wrote it before closes named program and balances.
private let older = """
    {"number":1,"day":"2026-11-22","budgetYear":2026,"from":0,"to":48,\
    "totals":{"counts":{"sale":42},"positions":[{"tariff":"wadersloh-2022",\
    "position":"2","name":"Grünabfall","legal":"fee","vat":"outside","rate":0,\
    "count":42,"amount":61380}],"vat":[{"vat":"outside","rate":0,"gross":61380,\
    "tax":0}],"tenders":[{"tender":"debit-card","count":42,"amount":61380}],\
    "cards":[{"tid":"51234567","scheme":"girocard","count":42,"amount":61380}],\
    "accounts":[{"account":"181900","debit":61380,"credit":0},{"account":"432100",\
    "costCentre":"5370","debit":0,"credit":61380}],"terminals":[{"terminal":"t1",\
    "first":1,"last":42,"count":42,"missing":[]}],"turnover":61380,"unknown":[],\
    "late":[],"flagged":[]},"comparisons":[{"tid":"51234567","scheme":"girocard",\
    "expectedCount":42,"expected":61380,"countedCount":43,"counted":61480,\
    "reason":"test-transaction","explanation":"Probebuchung 1,\
    00 € nach Papierwechsel"}],"grandTotalBefore":0,"grandTotalAfter":61380,\
    "countedBy":"anna","countedAt":"2026-11-22T17:10:00.000Z","approvedBy":"bernd",\
    "approvedAt":"2026-11-22T17:20:00.000Z","accountPlan":"nkf-2026",\
    "accountPlanDigest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
    """

/// What a close says since then, and that one of before is still read.
struct OlderCloseTests {
    private let yard: YardID = Samples.identifier("mitte")

    private func read(_ text: String) throws -> DayClose {
        try DayClose(json: try StrictJSON.parse(Array(text.utf8), depthMax: 8), yard: yard)
    }

    /// What the first close leaves behind, with the balances that it does not say.
    private func mark(after first: DayClose, _ plan: AccountPlan) -> CloseMark {
        CloseMark(
            number: 1, to: 48, grandTotal: first.grandTotalAfter,
            clearing: [first].clearingHeld(plan))
    }

    /// The close that follows on `mark`: one sale of 300 cents by girocard.
    private func next(
        _ mark: CloseMark, plan: AccountPlan, cut: String? = nil, findings: [CutFinding] = []
    ) throws -> DayClose {
        let facts: [(ClosedRecord.Fact, day: String)] = [
            (.sale(Samples.reference(1), try Samples.sale([Samples.line(300)])), "2026-11-23")
        ]
        let totals = CloseTotals(
            records: try Samples.records(facts, plan: plan),
            businessDay: Samples.day("2026-11-23"), terminals: [], unresolvedBefore: [])
        let cuts = BatchCut.unnumbered(totals.cards).map {
            BatchCut(cardTerminal: $0.cardTerminal, number: cut, totals: $0.totals)
        }
        return try DayClose.make(
            after: mark, yard: yard, day: Samples.day("2026-11-23"), to: mark.to + 1,
            totals: totals,
            comparisons: CardComparison.compare(expected: totals.cards, counted: totals.cards),
            cuts: cut == nil ? [] : cuts, cutFindings: findings,
            counted: SignOff(
                Samples.identifier("b.kasse"), at: Samples.time("2026-11-23T17:00:00.000Z")),
            approved: SignOff(
                Samples.identifier("c.leitung"), at: Samples.time("2026-11-23T17:10:00.000Z")),
            plan: plan, software: "hofbuch 0.1.0")
    }

    @Test func `a close of before is read, and written it has the same bytes`() throws {
        let close = try read(older)

        #expect(close.software == nil && close.clearing == nil && close.totals.course == nil)
        #expect(close.mark.clearing == nil)
        #expect(String(decoding: close.json.bytes, as: UTF8.self) == older)
        #expect(close.misfit(after: .start) == nil)
    }

    @Test func `what a close of before does not say is not asked of it`() throws {
        let close = try read(older)
        var totals = close.totals
        totals.course = CloseCourse(amounts: ["sale": Cents(61_380)])
        #expect(totals.agrees(with: close.totals))
        var wrong = totals
        wrong.turnover = Cents(1)
        #expect(!wrong.agrees(with: close.totals))
        var said = totals
        said.course = CloseCourse(amounts: ["sale": Cents(1)])
        #expect(!totals.agrees(with: said))
        #expect(close.misfitOfAccounts(try Samples.plan(), after: []) == nil)
    }

    @Test func `the next one adds up what clearing accounts hold, and the one after goes on`()
        throws
    {
        let plan = try Samples.plan()
        let first = try read(older)
        let held = [first].clearingHeld(plan)
        #expect(held == [Samples.account("181900"): Cents(61_380)])
        let second = try next(mark(after: first, plan), plan: plan)
        let third = try next(second.mark, plan: plan)

        #expect(
            second.clearing == [
                ClearingBalance(
                    account: Samples.account("181900"), before: Cents(61_380),
                    after: Cents(61_680)),
                ClearingBalance(
                    account: Samples.account("181910"), before: .zero, after: .zero),
            ])
        #expect(third.clearing?.map(\.before) == [Cents(61_680), .zero])
        #expect(second.misfitOfAccounts(plan, after: [first]) == nil)
        #expect(third.misfitOfAccounts(plan, after: [first, second]) == nil)
        #expect(third.misfit(after: second.mark) == nil)
        for close in [second, third] {
            #expect(close.software == "hofbuch 0.1.0")
            #expect(try DayClose(json: close.json, yard: yard) == close)
        }
    }

    @Test func `what a close leaves out, or says of its cuts otherwise, is found`() throws {
        let plan = try Samples.plan()
        let first = try read(older)
        let second = try next(mark(after: first, plan), plan: plan, cut: "0017")
        let terminal = try #require(second.cuts.first).cardTerminal
        let gap = CutFinding.gap(
            cardTerminal: terminal, after: "0017", number: "0019", missing: 1)
        let third = try next(second.mark, plan: plan, cut: "0019", findings: [gap])
        let silent = try next(second.mark, plan: plan, cut: "0019")
        var cuts = CutSequence()

        #expect(first.misfit(after: nil, cuts: cuts) == nil)
        cuts.add(first.cuts, of: 1)
        #expect(second.misfit(after: first, cuts: cuts) == nil)
        cuts.add(second.cuts, of: 2)
        #expect(third.misfit(after: second, cuts: cuts) == nil)
        #expect(
            silent.misfit(after: second, cuts: cuts)
                == "says other things about its batch cuts than their numbers show")
        let shorter = "leaves out what closes say since they name their program"
        #expect(first.misfit(after: second, cuts: cuts) == shorter)
        let text = String(decoding: second.json.bytes, as: UTF8.self)
        let nameless = try read(text.replacing(",\"software\":\"hofbuch 0.1.0\"", with: ""))
        #expect(nameless.misfit(after: first, cuts: CutSequence()) == shorter)
    }

    @Test(arguments: [
        ("\"before\":61680", "\"before\":61681"), ("\"after\":61980", "\"after\":1"),
        ("{\"account\":\"181900\",\"before\":61680,\"after\":61980},", ""),
    ])
    func `balances that do not follow are found`(old: String, new: String) throws {
        let plan = try Samples.plan()
        let first = try read(older)
        let second = try next(mark(after: first, plan), plan: plan)
        let text = String(decoding: try next(second.mark, plan: plan).json.bytes, as: UTF8.self)
        #expect(text.ranges(of: old).count == 1)

        let forged = try read(text.replacing(old, with: new))

        #expect(
            forged.misfit(after: second.mark)
                == "says clearing balances that do not follow from the one before")
        #expect(
            forged.misfitOfAccounts(plan, after: [first, second])
                == "says other clearing balances than its accounts and those before")
    }

    @Test func `third-party money is what its accounts took`() throws {
        let text = String(
            decoding: try Samples.file("finance/kontenplan-nkf.yaml"), as: UTF8.self)
        let decoded = AccountPlan.decode(
            try Samples.tree(text + "\nfremdgelder: [432100]\n"), digest: "ab")
        let plan = try #require(decoded.plan, "\(decoded.problems)")
        let close = try next(.start, plan: plan)
        let account = Samples.account("432100")

        #expect(close.thirdParty == [ThirdPartyMoney(account: account, amount: Cents(300))])
        #expect(close.misfitOfAccounts(plan, after: []) == nil)
        #expect(try DayClose(json: close.json, yard: yard) == close)
        #expect(
            close.misfitOfAccounts(try Samples.plan(), after: [])
                == "says other third-party money than its accounts")
    }

    @Test(arguments: [
        ("\"lastReceipt\":\"2026-11-20T09:00", "\"lastReceipt\":\"2026-11-20T08:00"),
        (",\"lastReceipt\":\"2026-11-20T09:00:00.000Z\"", ""),
        ("\"after\":300", "\"after\":\"300\""), ("\"software\":\"", "\"sofware\":\""),
    ])
    func `a malformed close is refused`(old: String, new: String) throws {
        let text = String(
            decoding: try next(.start, plan: try Samples.plan()).json.bytes, as: UTF8.self)
        #expect(text.contains(old))
        #expect(throws: JSONShapeError.self) { try read(text.replacing(old, with: new)) }
    }
}
