import DayClosing
import Exports
import FinanceSamples
import Journal
import Ledger
import Sales
import Testing
import Units

/// An entry from signed cents by account; debits positive.
private func entry(_ amounts: KeyValuePairs<String, Int64>) throws -> Entry {
    try Entry(
        amounts.compactMap { number, cents in
            Posting(
                cents > 0 ? .debit : .credit, Samples.account(number), Cents(cents).magnitude)
        })
}

private func shown(_ pairs: [Pair]) -> [String] {
    pairs.map { "\($0.debit.number) \($0.credit.number) \($0.amount.value)" }
}

struct ExportLineTests {
    let plan: AccountPlan

    init() throws {
        plan = try Samples.plan()
    }

    @Test func `one debit and several credits give a pair for each credit`() throws {
        let entry = try entry(["1819": 119, "3797": -19, "4461": -100])
        #expect(shown(entry.pairs) == ["1819 3797 19", "1819 4461 100"])
    }

    @Test func `several debits and credits are filled in order`() throws {
        let entry = try entry(["1611": 70, "1711": 30, "4321": -60, "4461": -40])
        #expect(shown(entry.pairs) == ["1611 4321 60", "1611 4461 10", "1711 4461 30"])
    }

    @Test func `a claim meets the fee that it is for, not another claim's tax`() throws {
        let claim = try entry([
            "1611": 500, "1711": 2_140, "3797": -140, "4321": -500, "4461": -2_000,
        ])
        #expect(shown(claim.pairs) == ["1611 4321 500", "1711 3797 140", "1711 4461 2000"])
        #expect(
            shown(claim.reversed.pairs) == ["4321 1611 500", "3797 1711 140", "4461 1711 2000"])
    }

    @Test func `an account is paired with another one wherever that is possible`() throws {
        let entry = try Entry([
            try #require(Posting(.debit, Samples.account("4461"), costCentre: "1", Cents(10))),
            try #require(Posting(.credit, Samples.account("4461"), costCentre: "2", Cents(1))),
            try #require(Posting(.credit, Samples.account("1819"), Cents(9))),
        ])
        // Nothing but 4461 is left for the last cent: it goes over the other account and back.
        #expect(shown(entry.pairs) == ["4461 1819 9", "4461 1819 1", "1819 4461 1"])
        #expect(entry.pairs.map(\.costCentre) == ["1", "1", "2"])
    }

    @Test func `the odd cent between cost centres changes partners and stops no export`() throws {
        let revenue = Samples.account("446110")
        let entry = try Entry(
            [
                Posting(.debit, revenue, costCentre: "5371", Cents(1)),
                Posting(.debit, revenue, costCentre: "5373", Cents(630)),
                Posting(.debit, Samples.account("379700"), Cents(120)),
                Posting(.credit, revenue, costCentre: "5372", Cents(1)),
                Posting(.credit, Samples.account("181900"), Cents(750)),
            ].compactMap(\.self))

        #expect(
            shown(entry.pairs) == [
                "446110 181900 630", "379700 181900 119", "379700 446110 1", "446110 181900 1",
            ])
        #expect(entry.pairs.map(\.costCentre) == ["5373", nil, "5372", "5371"])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `an account meets itself only where an entry has no other`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let accounts = ["1819", "3797", "4461", "4462"].map { Samples.account($0) }
        for _ in 0..<200 {
            let total = Int64.random(in: 1...20, using: &generator)
            func made(_ side: Side, _ most: Int64) throws -> (Posting, Int64) {
                let cents = Int64.random(in: 1...most, using: &generator)
                let account = accounts[Int.random(in: 0..<accounts.count, using: &generator)]
                let centre = String(Int.random(in: 1...3, using: &generator))
                let posting = Posting(side, account, costCentre: centre, Cents(cents))
                return (try #require(posting), cents)
            }
            var postings: [Posting] = []
            for side in Side.allCases {
                var left = total
                while left > 0 {
                    let (posting, cents) = try made(side, left)
                    postings.append(posting)
                    left -= cents
                }
            }
            let entry = try Entry(postings)
            let pairs = entry.pairs
            let isAlone = Set(postings.map(\.account)).count == 1

            func balances(_ amounts: [(Account, Int64)]) -> [String: Int64] {
                var sums: [String: Int64] = [:]
                for (account, cents) in amounts { sums[account.number, default: 0] += cents }
                return sums.filter { $0.value != 0 }
            }
            #expect(
                pairs.allSatisfy { isAlone || $0.debit != $0.credit }, "seed \(seed) \(entry)")
            #expect(pairs.allSatisfy { $0.amount > .zero }, "seed \(seed) \(entry)")
            #expect(
                balances(
                    pairs.flatMap { [($0.debit, $0.amount.value), ($0.credit, -$0.amount.value)] })
                    == balances(
                        postings.map {
                            ($0.account, $0.side == .debit ? $0.amount.value : -$0.amount.value)
                        }), "seed \(seed) \(entry)")
        }
    }

    @Test func `the budget line of a fee is the expense, not the bank`() throws {
        func record(
            _ kind: SettlementRecord.Kind, _ shares: [SettledShare]
        ) -> SettlementRecord {
            SettlementRecord(
                kind: kind, rule: "manual", shares: shares, by: Samples.identifier("d.finanzen"))
        }
        let fee = record(.bankFee, [SettledShare(.fee, Cents(-1_234))])
        let takings = SettledShare(.clearing(.girocard), Cents(500))
        let payout = record(.match, [takings, SettledShare(.fee, Cents(-20))])
        let today = "2026-11-20"
        let batch = try Samples.batch(
            try Samples.records(
                [
                    (.settlement(fee), today), (.settlement(payout), today),
                    (
                        .settlement(
                            fee.undone(at: 0, reason: "x", by: Samples.identifier("d.finanzen"))),
                        today
                    ),
                ], plan: plan), plan: plan)

        let lines = try batch.totalLines()

        #expect(
            lines.map {
                "\($0.account.number) \($0.side) \($0.contra.number) \($0.amount.value)"
            } == [
                "181100 debit 181900 480", "181100 credit 549500 1234", "181900 credit 549500 20",
                "181100 debit 549500 1234",
            ])
        #expect(lines.map(\.name)[1] == plan.names[Samples.account("549500")])
        #expect(
            lines.map { LineCategory($0) } == [.bank, .bank, .bank, .bankReversed])
    }

    @Test func `an empty entry has no pairs`() throws {
        #expect(try Entry([]).pairs.isEmpty)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `pairs and lines add up to the account totals`(seed: UInt64) throws {
        let day = try RandomDay(
            seed: seed, sales: 60, plan: plan, day: Samples.day("2026-11-20"))
        let batch = try Samples.batch(day.records, plan: plan)
        func sums(_ amounts: some Sequence<(Account, Cents)>) -> [String: Int64] {
            amounts.reduce(into: [:]) { $0[$1.0.number, default: 0] += $1.1.value }
        }
        let totals = batch.close.totals.accounts
        let pairs = day.records.flatMap(\.entry.pairs)
        let lines = try batch.totalLines()

        #expect(
            sums(pairs.map { ($0.debit, $0.amount) })
                == sums(totals.map { ($0.account, $0.debit) })
                .filter { $0.value != 0 }, "seed \(seed)")
        #expect(
            sums(lines.map { ($0.key.credit, $0.amount) })
                == sums(totals.map { ($0.account, $0.credit) }).filter { $0.value != 0 },
            "seed \(seed)")
        #expect(lines.map(\.number) == Array(1...lines.count), "seed \(seed)")
        #expect(Set(lines.map(\.key)).count == lines.count, "seed \(seed)")
        #expect(lines.map(\.key) == lines.map(\.key).sorted(), "seed \(seed)")
    }

    @Test func `lines keep late days, reversals and channels apart`() throws {
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)

        let lines = try batch.totalLines()

        #expect(lines.map(\.key.date.iso).first == "2026-11-19")
        #expect(lines.filter { $0.key.kind == .reversal }.count == 5)
        let void = try #require(
            lines.first { $0.key.kind == .reversal && $0.amount == Cents(1_200) })
        #expect(void.account.number == "181900")
        #expect(void.contra.number == "432100")
        #expect(void.side == .credit)
        #expect(void.name == "Benutzungsgebühren")
        #expect(Set(lines.map(\.key.channel)) == Set(PaymentChannel.allCases).subtracting([.bank]))
    }

    @Test func `a claim that came out of an unknown payment falls away as a claim`() throws {
        let sale = try Samples.sale([Samples.line(5_000)], .unknown(cardTerminal: nil))
        let claim = PaymentResolution(
            original: Samples.reference(1), finding: .notChargedClaim, evidence: .person, note: "")
        let back = try Reversal.make(
            .refund, of: sale, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "x", settlement: .noMoney)
        let today = "2026-11-20"
        let batch = try Samples.batch(
            try Samples.records(
                [
                    (.sale(Samples.reference(1), sale), today),
                    (.resolution(claim, of: sale), today), (.reversal(back, of: sale), today),
                ], plan: plan), plan: plan)

        let lines = try batch.totalLines()

        #expect(
            lines.map { LineCategory($0) } == [.claim, .income, .claimReversed],
            "\(lines.map(\.key.channel.words))")
        #expect(lines.last?.account.number == "161100")
    }

    @Test func `one account on both sides of a line is reported, not written`() throws {
        let postings = [
            Posting(.debit, Samples.account("446100"), costCentre: "1", Cents(1)),
            Posting(.credit, Samples.account("446100"), costCentre: "2", Cents(1)),
        ]
        let record = ClosedRecord(
            index: 0, at: Samples.time("2026-11-20T09:00:00.000Z"), day: Samples.day("2026-11-20"),
            fact: .noSale(Samples.reference(1), Samples.noSale(.refused)), flags: [],
            entry: try Entry(postings.compactMap(\.self)))
        let batch = try Samples.batch([record], plan: plan)

        let error = try #require(throws: ExportError.self) { try batch.totalLines() }

        #expect(error.code == .sameAccount)
        #expect(error.close == "mitte-000317")
        #expect(error.line == 1)
        #expect(error.value == "446100")
    }
}

struct BatchCheckTests {
    let plan: AccountPlan
    let batch: ClosedBatch

    init() throws {
        plan = try Samples.plan()
        batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
    }

    private func code(_ batches: [ClosedBatch]) throws -> ExportError.Code? {
        do { _ = try WholeFile.all(PreparedWriter([]), of: batches) } catch let error as ExportError
        {
            return error.code
        }
        return nil
    }

    @Test func `approved closes with all their records pass`() throws {
        let next = try Samples.batch([], plan: plan, number: 318)
        #expect(try code([batch, next]) == nil)
    }

    @Test func `another plan than the one approved is refused`() throws {
        let other = AccountPlan(
            id: plan.id, title: plan.title, validFrom: plan.validFrom, note: plan.note,
            digest: "cd", names: plan.names, revenue: plan.revenue, vat: plan.vat,
            clearing: plan.clearing, receivables: plan.receivables, unresolved: plan.unresolved,
            refunds: plan.refunds)
        let wrong = ClosedBatch(close: batch.close, records: batch.records, plan: other)
        #expect(try code([wrong]) == .planDiffers)
    }

    @Test func `a record missing or doubled is noticed`() throws {
        let short = ClosedBatch(
            close: batch.close, records: Array(batch.records.dropFirst()), plan: plan)
        let long = ClosedBatch(
            close: batch.close, records: batch.records + batch.records.prefix(1), plan: plan)
        #expect(try code([short]) == .totalsDiffer)
        #expect(try code([long]) == .totalsDiffer)
    }

    @Test func `card totals that the clearing accounts do not hold are noticed`() throws {
        var totals = batch.close.totals
        totals.cards[CardKey(cardTerminal: "68100001", scheme: .girocard)]?.amount += Cents(1)
        let close = try DayClose.make(
            after: CloseMark(number: 316, to: 0, grandTotal: .zero), yard: batch.close.yard,
            day: batch.close.day, to: 12, totals: totals,
            comparisons: CardComparison.compare(expected: totals.cards, counted: totals.cards),
            counted: SignOff(Samples.identifier("b"), at: batch.close.countedAt),
            approved: SignOff(Samples.identifier("c"), at: batch.close.approvedAt), plan: plan)
        #expect(
            try code([ClosedBatch(close: close, records: batch.records, plan: plan)])
                == .clearingDiffers)
    }

    @Test func `an error says where, what and what to do in one line`() {
        let error = ExportError(
            .tooLong, close: "mitte-000317", line: 4, field: "Text", value: "Gebühren",
            remedy: "Kürzen Sie den Namen.")
        #expect(
            error.description
                == "X-E08 (Abschluss mitte-000317, Zeile 4, Feld Text, Wert „Gebühren“): "
                + "Kürzen Sie den Namen.")
    }
}
