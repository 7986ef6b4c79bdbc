import DayClosing
import Exports
import FinanceSamples
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
        // Nothing but 4461 is left for the last cent.
        #expect(shown(entry.pairs) == ["4461 1819 9", "4461 4461 1"])
        #expect(entry.pairs.map(\.costCentre) == ["1", "2"])
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
