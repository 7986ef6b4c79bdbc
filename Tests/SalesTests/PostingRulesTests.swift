import DayClosing
import FinanceSamples
import Ledger
import Sales
import Tariffs
import Testing
import Units

/// `S 181900 1190` for a debit, with `/5370` behind an account that has a cost centre.
private func shown(_ entry: Entry) -> [String] {
    entry.postings.map { posting in
        let centre = posting.costCentre.map { "/\($0)" } ?? ""
        return "\(posting.side == .debit ? "S" : "H") \(posting.account.number)\(centre) "
            + "\(posting.amount.value)"
    }
}

struct PostingRulesTests {
    let plan: AccountPlan
    let mixed = [
        Samples.line(1_000), Samples.line(1_190, "2", .charge, Samples.fee19),
        Samples.line(500), Samples.line(0, "3", .charge, Samples.fee7),
    ]

    init() throws {
        plan = try Samples.plan()
    }

    @Test func `a card sale debits clearing and credits net revenue and tax`() throws {
        let entry = try plan.entry(sale: Samples.sale(mixed))

        #expect(
            shown(entry) == [
                "S 181900 2690", "H 379700 190", "H 432100/5370 1500", "H 446110/5370 1000",
            ])
    }

    @Test(arguments: [(CardScheme.girocard, "181900"), (.vpay, "181900"), (.visa, "181910")])
    func `each scheme has its clearing account`(scheme: CardScheme, account: String) throws {
        let sale = try Samples.sale([Samples.line(100)], .card(Samples.slip(scheme)))
        #expect(shown(try plan.entry(sale: sale)) == ["S \(account) 100", "H 432100/5370 100"])
    }

    @Test func `a sale on account debits receivables by legal form, gross`() throws {
        let entry = try plan.entry(sale: Samples.sale(mixed, .onAccount))

        #expect(shown(entry).prefix(2) == ["S 161100 1500", "S 171100 1190"])
    }

    @Test func `an unknown payment waits on the account of unresolved payments`() throws {
        let entry = try plan.entry(
            sale: Samples.sale([Samples.line(700)], .unknown(cardTerminal: nil)))
        #expect(shown(entry) == ["S 379900 700", "H 432100/5370 700"])
    }

    @Test func `a free sale and a refused delivery move no money`() throws {
        #expect(try plan.entry(sale: Samples.sale([Samples.line(0)])).postings.isEmpty)
        #expect(try plan.entry(noSale: Samples.noSale(.refused)).postings.isEmpty)
    }

    @Test func `tax of several accounts goes to them by gross, to the cent`() throws {
        let plan = self.plan.with(
            RevenueRow(
                legalForm: .charge, vat: Samples.fee19, tariff: nil, positions: ["2"],
                account: Samples.account("446120"), costCentre: nil))
        let lines = [1, 2, 3].map { Samples.line(101, "\($0)", .charge, Samples.fee19) }

        let entry = try plan.entry(sale: Samples.sale(lines))

        // 303 contain 48 of tax: 32 of it lie in 202, 16 in 101.
        #expect(
            shown(entry) == [
                "S 181900 303", "H 379700 48", "H 446110/5370 170", "H 446120 85",
            ])
    }

    @Test(arguments: [
        (ReversalSettlement.card(Samples.slip()), Settlement.card(Samples.slip()), "181900"),
        (.bankTransfer, .card(Samples.slip()), "379910"),
        (.noMoney, .onAccount, "161100"),
        (.noMoney, .unknown(cardTerminal: nil), "379900"),
        (.noMoney, .card(Samples.slip()), "379900"),
    ])
    func `a reversal debits revenue against what gives the money back`(
        back: ReversalSettlement, settlement: Settlement, account: String
    ) throws {
        let sale = try Samples.sale([Samples.line(700)], settlement)
        let reversal = try Reversal.make(
            .refund, of: sale, reference: Samples.reference(1), earlier: [],
            amounts: [0: Cents(300)], reason: "zu viel", settlement: back)

        let entry = try plan.entry(reversal: reversal, of: sale)

        #expect(shown(entry) == ["S 432100/5370 300", "H \(account) 300"])
    }

    @Test func `a claim found late is what a reversal without money takes away`() throws {
        let sale = try Samples.sale([Samples.line(700)], .unknown(cardTerminal: nil))
        let reversal = try Reversal.make(
            .void, of: sale, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "erlassen", settlement: .noMoney)

        let entry = try plan.entry(reversal: reversal, of: sale, finding: .notChargedClaim)

        #expect(shown(entry) == ["S 432100/5370 700", "H 161100 700"])
    }

    @Test(arguments: [
        (
            PaymentResolution.Finding.charged(Samples.slip(.visa)),
            ["S 181910 1190", "H 379900 1190"]
        ),
        (.notChargedClaim, ["S 171100 1190", "H 379900 1190"]),
        (.notChargedVoid, ["S 379700 190", "S 446110/5370 1000", "H 379900 1190"]),
    ])
    func `a resolution clears the unresolved payment`(
        finding: PaymentResolution.Finding, wanted: [String]
    ) throws {
        let sale = try Samples.sale(
            [Samples.line(1_190, "2", .charge, Samples.fee19)], .unknown(cardTerminal: nil))
        let resolution = PaymentResolution(
            original: Samples.reference(1), finding: finding, evidence: .person, note: "")

        #expect(shown(try plan.entry(resolution: resolution, of: sale)) == wanted)
    }

    @Test func `a void after a partial reversal takes back only the rest`() throws {
        let sale = try Samples.sale([Samples.line(700)], .unknown(cardTerminal: nil))
        let earlier = try Reversal.make(
            .refund, of: sale, reference: Samples.reference(1), earlier: [],
            amounts: [0: Cents(300)], reason: "zu viel", settlement: .noMoney)
        let resolution = PaymentResolution(
            original: Samples.reference(1), finding: .notChargedVoid, evidence: .person, note: "")

        let entry = try plan.entry(resolution: resolution, of: sale, earlier: [earlier])

        #expect(shown(entry) == ["S 432100/5370 400", "H 379900 400"])
    }

    @Test func `a missing account is named with its use and plan`() throws {
        let odd = VATTreatment.taxable(VATRate(basisPoints: 550))
        let sale = try Samples.sale([Samples.line(100, "9.1", .charge, odd)])

        #expect(
            throws: LedgerError.noAccount(
                use: "Erlöse Tarif muster, Position 9.1 (Entgelt, Umsatzsteuer 5,5 %)",
                plan: "nkf-muster")
        ) {
            try plan.entry(sale: sale)
        }
    }

    @Test func `a reversal whose tax does not fit its lines makes no entry`() throws {
        let sale = try Samples.sale([Samples.line(119, "2", .charge, Samples.fee19)])
        let line = Reversal.Line(
            index: 0, position: "2", legalForm: .charge, vat: Samples.fee19, gross: Cents(119))
        let block = VATBlock(treatment: Samples.fee19, gross: Cents(118), tax: Cents(18))
        let reversal = Reversal(
            kind: .void, original: Samples.reference(1), lines: [line], vat: [block],
            reason: "x", settlement: .bankTransfer)

        #expect(throws: LedgerError.unbalanced(debit: Cents(119), credit: Cents(118))) {
            try plan.entry(reversal: reversal, of: sale)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `undoing every sale brings every account back to zero`(seed: UInt64) throws {
        let plan = self.plan.with(
            RevenueRow(
                legalForm: .charge, vat: Samples.fee19, tariff: nil, positions: ["2", "4"],
                account: Samples.account("446120"), costCentre: nil))
        let day = try RandomDay(
            seed: seed, sales: 60, plan: plan, day: Samples.day("2026-11-20"), undone: true)

        var balances: [String: Int64] = [:]
        for posting in day.records.flatMap(\.entry.postings) {
            let cents = posting.side == .debit ? posting.amount.value : -posting.amount.value
            balances["\(posting.account.number)/\(posting.costCentre ?? "")", default: 0] += cents
        }

        #expect(balances.values.allSatisfy { $0 == 0 }, "seed \(seed): \(balances)")
        #expect(balances.count > 5)
    }
}

extension AccountPlan {
    /// The same plan with a more specific row.
    fileprivate func with(_ row: RevenueRow) -> AccountPlan {
        AccountPlan(
            id: id, title: title, validFrom: validFrom, note: note, digest: digest, names: names,
            revenue: revenue + [row], vat: vat, clearing: clearing, receivables: receivables,
            unresolved: unresolved, refunds: refunds)
    }
}
