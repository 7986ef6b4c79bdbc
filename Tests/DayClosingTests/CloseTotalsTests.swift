import DayClosing
import FinanceSamples
import Journal
import Ledger
import Sales
import Tariffs
import Testing
import Units

struct CloseTotalsTests {
    let plan: AccountPlan
    let today = "2026-11-20"

    init() throws {
        plan = try Samples.plan()
    }

    private func totals(
        _ facts: [(ClosedRecord.Fact, day: String)], unresolvedBefore: [SaleReference] = []
    ) throws -> CloseTotals {
        CloseTotals(
            records: try Samples.records(facts, plan: plan), businessDay: Samples.day(today),
            terminals: [], unresolvedBefore: unresolvedBefore)
    }

    @Test func `a day without anything has nothing to add up`() throws {
        var nothing = CloseTotals()
        nothing.course = CloseCourse()
        #expect(try totals([]) == nothing)
    }

    @Test func `each record counts under one kind`() throws {
        let card = try Samples.sale([Samples.line(100)])
        let unknown = try Samples.sale([Samples.line(100)], .unknown(cardTerminal: nil))
        let reversal = try Reversal.make(
            .void, of: card, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "x", settlement: .card(Samples.slip()))
        let refund = try Reversal.make(
            .refund, of: card, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "x", settlement: .bankTransfer)
        let resolution = PaymentResolution(
            original: Samples.reference(4), finding: .notChargedClaim, evidence: .person, note: "")
        let totals = try totals([
            (.sale(Samples.reference(1), card), today),
            (.sale(Samples.reference(2), try Samples.sale([Samples.line(0)])), today),
            (.sale(Samples.reference(3), try Samples.sale([Samples.line(5)], .onAccount)), today),
            (.sale(Samples.reference(4), unknown), today),
            (.noSale(Samples.reference(5), Samples.noSale(.refused)), today),
            (.noSale(Samples.reference(6), Samples.noSale(.declined)), today),
            (.noSale(Samples.reference(7), Samples.noSale(.aborted)), today),
            (.reversal(reversal, of: card), today), (.reversal(refund, of: card), today),
            (.resolution(resolution, of: unknown), today),
        ])

        #expect(
            totals.counts == [
                "sale": 1, "free": 1, "on-account": 1, "unknown": 1, "refused": 1, "declined": 1,
                "aborted": 1, "void": 1, "refund": 1, "resolution": 1,
            ])
        #expect(totals.turnover == Cents(5))
        #expect(
            totals.tenders == [
                .debitCard: Tally(count: 2, amount: .zero),
                .bankTransfer: Tally(count: 1, amount: Cents(-100)),
                .onAccount: Tally(count: 2, amount: Cents(105)),
            ])
    }

    @Test func `positions and tax are sales less reversals, tax added up from receipts`() throws {
        // Each receipt of 101 contains 16 of tax; their sum of 303 would contain 48 too, but
        // three of 103 contain 16 each and their sum of 309 contains 49.
        let lines = [Samples.line(103, "2", .charge, Samples.fee19), Samples.line(200)]
        let sale = try Samples.sale(lines)
        let back = try Reversal.make(
            .refund, of: sale, reference: Samples.reference(1), earlier: [],
            amounts: [1: Cents(50)], reason: "x", settlement: .bankTransfer)
        let totals = try totals([
            (.sale(Samples.reference(1), sale), today), (.sale(Samples.reference(2), sale), today),
            (.sale(Samples.reference(3), sale), today), (.reversal(back, of: sale), today),
        ])

        #expect(
            totals.vat == [
                VATBlock(treatment: .outsideScope, gross: Cents(550), tax: .zero),
                VATBlock(treatment: Samples.fee19, gross: Cents(309), tax: Cents(48)),
            ])
        #expect(totals.positions.map(\.position) == ["1", "2"])
        #expect(totals.positions.map(\.name) == ["Art 1", "Art 2"])
        #expect(
            totals.positions.map(\.tally) == [
                Tally(count: 4, amount: Cents(550)), Tally(count: 3, amount: Cents(309)),
            ])
        #expect(totals.turnover == Cents(859))
    }

    @Test func `card totals are payments less card refunds by terminal and scheme`() throws {
        let here = try Samples.sale([Samples.line(300)])
        let there = try Samples.sale(
            [Samples.line(400)], .card(Samples.slip(.visa, terminal: "68100002")))
        let back = try Reversal.make(
            .void, of: here, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "x", settlement: .card(Samples.slip(.girocard)))
        let totals = try totals([
            (.sale(Samples.reference(1), here), today), (.sale(Samples.reference(2), here), today),
            (.sale(Samples.reference(3), there), today), (.reversal(back, of: here), today),
        ])

        #expect(
            totals.cards == [
                CardKey(cardTerminal: "68100001", scheme: .girocard):
                    Tally(count: 3, amount: Cents(300)),
                CardKey(cardTerminal: "68100002", scheme: .visa):
                    Tally(count: 1, amount: Cents(400)),
            ])
    }

    @Test func `unknown payments are carried over by name until they are resolved`() throws {
        let sale = try Samples.sale([Samples.line(300)], .unknown(cardTerminal: nil))
        func resolved(_ sequence: Int64, _ finding: PaymentResolution.Finding) -> ClosedRecord.Fact
        {
            .resolution(
                PaymentResolution(
                    original: Samples.reference(sequence), finding: finding, evidence: .totals,
                    note: ""), of: sale)
        }
        let totals = try totals(
            [
                (.sale(Samples.reference(9), sale), today),
                (.sale(Samples.reference(8), sale), today),
                (resolved(8, .charged(Samples.slip())), today),
                (resolved(2, .notChargedVoid), today),
            ], unresolvedBefore: [Samples.reference(3), Samples.reference(2)])

        #expect(totals.unknown == [Samples.reference(3), Samples.reference(9)])
        #expect(totals.turnover == Cents(300))
        #expect(totals.cards.values.map(\.amount) == [Cents(300)])
        #expect(totals.vat.map(\.gross) == [Cents(300)])
    }

    @Test func `a claim out of an unknown payment leaves its tender when it is taken back`() throws
    {
        let sale = try Samples.sale([Samples.line(700)], .unknown(cardTerminal: nil))
        let claim = PaymentResolution(
            original: Samples.reference(1), finding: .notChargedClaim, evidence: .person, note: "")
        func back(_ cents: Int64, after earlier: [Reversal]) throws -> Reversal {
            try Reversal.make(
                .refund, of: sale, reference: Samples.reference(1), earlier: earlier,
                amounts: [0: Cents(cents)], reason: "x", settlement: .noMoney)
        }
        let first = try back(200, after: [])
        let facts: [(ClosedRecord.Fact, day: String)] = [
            (.sale(Samples.reference(1), sale), today), (.resolution(claim, of: sale), today),
            (.reversal(first, of: sale), today),
            (.reversal(try back(500, after: [first]), of: sale), today),
        ]
        let records = try Samples.records(facts, plan: plan)
        func tellings(_ records: some Sequence<ClosedRecord>) -> [CloseTotals] {
            var running = RunningTotals(businessDay: Samples.day(today), unresolvedBefore: [])
            for record in records { running.add(record) }
            return running.tellings(terminals: [])
        }

        #expect(records.map(\.takesClaimBack) == [false, false, true, true])
        #expect(
            tellings(records).map(\.tenders) == [
                [.onAccount: Tally(count: 3, amount: .zero)],
                // What a close of an earlier program says.
                [.onAccount: Tally(count: 1, amount: Cents(700))],
            ])
        #expect(
            tellings(records.dropFirst(3)).map(\.tenders)
                == [[.onAccount: Tally(count: 1, amount: Cents(-500))], [:]])
        #expect(tellings(records.prefix(2)).count == 1)
        let both = tellings(records)
        #expect(both.map(\.accounts)[0] == both.map(\.accounts)[1])
    }

    @Test func `each kind says what it brought, and the first and last receipt stand there`() throws
    {
        let records = try Samples.day(plan: plan)
        let times = ["09:30", "08:15", "17:05"]
        let placed = zip(records, times + Array(repeating: "12:00", count: records.count)).map {
            ClosedRecord(
                index: $0.index, at: Samples.time("2026-11-20T\($1):00.000Z"), day: $0.day,
                fact: $0.fact, flags: [], entry: $0.entry)
        }
        let shares = [SettledShare(.claim(.fee), Cents(2_000))]
        let paid = SettlementRecord(
            kind: .claimPaid, rule: "manual", shares: shares, by: Samples.identifier("d.finanzen"))
        let undone = paid.undone(at: 13, reason: "falsch", by: Samples.identifier("d.finanzen"))
        let bank = try Samples.records(
            [(.settlement(paid), today), (.settlement(undone), today)], plan: plan)
        let course = try #require(
            CloseTotals(
                records: placed + bank, businessDay: Samples.day(today), terminals: [],
                unresolvedBefore: []
            ).course)

        #expect(
            course.amounts == [
                "sale": Cents(41_250 + 2_190 + 1_200), "on-account": Cents(2_640),
                "unknown": Cents(819), "void": Cents(-1_200), "refund": Cents(-595),
                "resolution": Cents(-119), "claim-paid": Cents(2_000), "unmatch": Cents(-2_000),
            ])
        let (first, last) = ("2026-11-20T08:15:00.000Z", "2026-11-20T17:05:00.000Z")
        #expect(course.receipts == Samples.time(first)...Samples.time(last))
    }

    @Test func `late sales and flagged records are listed in order`() throws {
        let sale = try Samples.sale([Samples.line(300)])
        var running = RunningTotals(businessDay: Samples.day(today), unresolvedBefore: [])
        for (index, day) in [(7, "2026-11-20"), (5, "2026-11-19"), (6, "2026-11-18")] {
            running.add(
                ClosedRecord(
                    index: Int64(index), at: Samples.time("2026-11-20T09:00:00.000Z"),
                    day: Samples.day(day), fact: .sale(Samples.reference(Int64(index)), sale),
                    flags: index == 5 ? [] : ["gap"], entry: try plan.entry(sale: sale)))
        }
        let range = { (name: String) in
            TerminalRange(
                terminal: Samples.identifier(name), first: 1, last: 2, count: 2, missing: [])
        }

        let totals = running.totals(terminals: [range("t2"), range("t1")])

        #expect(totals.late == [Samples.reference(5), Samples.reference(6)])
        #expect(totals.flagged == [6, 7])
        #expect(totals.terminals.map(\.terminal.text) == ["t1", "t2"])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `totals of a random day agree with each other`(seed: UInt64) throws {
        let day = try RandomDay(
            seed: seed, sales: 80, plan: plan, day: Samples.day(today))
        let totals = CloseTotals(
            records: day.records, businessDay: Samples.day(today), terminals: [],
            unresolvedBefore: [])

        let debit = totals.accounts.map(\.debit).sum()
        let clearing = totals.accounts.filter { plan.clearing.values.contains($0.account) }
        let revenue = totals.accounts.filter { total in
            plan.revenue.contains { $0.account == total.account }
        }
        let tax = totals.accounts.filter { plan.vat.values.contains($0.account) }

        #expect(debit == totals.accounts.map(\.credit).sum(), "seed \(seed)")
        #expect(
            clearing.map { $0.debit - $0.credit }.sum() == totals.cards.values.map(\.amount).sum(),
            "seed \(seed)")
        #expect(
            revenue.map { $0.credit - $0.debit }.sum() == totals.vat.map(\.net).sum(),
            "seed \(seed)")
        #expect(
            tax.map { $0.credit - $0.debit }.sum() == totals.vat.map(\.tax).sum(), "seed \(seed)")
        #expect(totals.turnover == totals.vat.map(\.gross).sum(), "seed \(seed)")
        let kinds = ["sale", "on-account", "unknown", "void", "refund", "resolution"]
        let amounts = try #require(totals.course).amounts
        #expect(totals.turnover == kinds.compactMap { amounts[$0] }.sum(), "seed \(seed)")
        #expect(Set(amounts.keys).isSubset(of: totals.counts.keys), "seed \(seed)")
        #expect(totals.turnover == totals.positions.map(\.tally.amount).sum(), "seed \(seed)")
        #expect(totals.counts.values.reduce(0, +) == Int64(day.records.count), "seed \(seed)")
    }
}
