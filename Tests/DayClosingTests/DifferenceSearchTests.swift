import DayClosing
import FinanceSamples
import Sales
import Testing
import Units

/// The search proposes the sales that explain a difference, and nothing where none does.
struct DifferenceSearchTests {
    private let girocard = CardKey(cardTerminal: "68100001", scheme: .girocard)
    private let visa = CardKey(cardTerminal: "68100001", scheme: .visa)

    /// Card sales of these amounts in cents, `t1-1` first; others are added by `more`.
    private func movements(
        _ amounts: [Int64], visa: [Int64] = [], more: [ClosedRecord.Fact] = []
    ) throws -> CardMovements {
        var facts: [(ClosedRecord.Fact, day: String)] = []
        for (index, amount) in amounts.enumerated() {
            let sale = try Samples.sale([Samples.line(amount)])
            facts.append((.sale(Samples.reference(Int64(index + 1)), sale), "2026-11-20"))
        }
        for (index, amount) in visa.enumerated() {
            let sale = try Samples.sale([Samples.line(amount)], .card(Samples.slip(.visa)))
            facts.append((.sale(Samples.reference(Int64(index + 101)), sale), "2026-11-20"))
        }
        facts += more.map { ($0, "2026-11-20") }
        var movements = CardMovements()
        for record in try Samples.records(facts, plan: try Samples.plan()) {
            movements.add(record)
        }
        return movements
    }

    private func comparison(
        _ key: CardKey, _ movements: CardMovements, count: Int64, amount: Int64
    ) -> CardComparison {
        let own = movements.all.filter { $0.key == key }
        let expected = Tally(count: Int64(own.count), amount: own.map(\.amount).sum())
        return CardComparison(
            key: key, expected: expected,
            counted: Tally(
                count: expected.count + count, amount: expected.amount + Cents(amount)))
    }

    /// What is found for a terminal that counted `count` more payments and `amount` more cents.
    private func found(
        _ movements: CardMovements, count: Int64, amount: Int64
    ) -> [Suspicion] {
        let comparison = comparison(girocard, movements, count: count, amount: amount)
        return DifferenceSearch(movements, among: [comparison]).suspicions(about: comparison)
    }

    private func references(_ numbers: [Int64]) -> [SaleReference] {
        numbers.map { Samples.reference($0) }
    }

    @Test func `one payment too few of exactly that amount`() throws {
        let found = try found(movements([1_000, 450, 700, 450, 900]), count: -1, amount: -450)
        #expect(found.map(\.kind) == [.equalAmount])
        #expect(found.first?.sales == references([2, 4]))
        #expect(found.first?.reason == .missingInTerminal)
    }

    @Test func `a missing payment at the edge of the close is first thought to straddle the cut`()
        throws
    {
        let found = try found(movements([1_000, 450, 900]), count: -1, amount: -900)
        #expect(found.map(\.kind) == [.nearCut, .equalAmount])
        #expect(found.map(\.sales) == [references([3]), references([3])])
        #expect(found.first?.reason == .straddling)
    }

    @Test func `several payments at the end that came after the cut`() throws {
        let found = try found(movements([1_000, 450, 900, 700]), count: -3, amount: -2_050)
        #expect(found.map(\.kind) == [.nearCut])
        #expect(found.first?.sales == references([2, 3, 4]))
    }

    @Test func `two payments that are missing together`() throws {
        let found = try found(
            movements([1_000, 450, 900, 700, 20]), count: -2, amount: -1_350)
        #expect(found.map(\.kind) == [.pair])
        #expect(found.first?.sales == references([2, 3]))
    }

    @Test func `one payment too many is a card charged twice, or charged after all`() throws {
        let unknown = ClosedRecord.Fact.sale(
            Samples.reference(50),
            try Samples.sale([Samples.line(450)], .unknown(cardTerminal: nil)))
        let claim = ClosedRecord.Fact.sale(
            Samples.reference(51), try Samples.sale([Samples.line(450)], .onAccount))
        let movements = try movements([1_000, 450], more: [claim, unknown])

        let found = found(movements, count: 1, amount: 450)

        #expect(found.map(\.kind) == [.chargedAfterAll, .twin])
        // The unknown payment comes before the claim.
        #expect(found.map(\.sales) == [references([50, 51]), references([2])])
        #expect(found.map(\.reason) == [.missingInLedger, .chargedTwice])
    }

    @Test func `a payment resolved as charged is no longer one without card`() throws {
        let sale = try Samples.sale([Samples.line(450)], .unknown(cardTerminal: nil))
        let resolution = PaymentResolution(
            original: Samples.reference(50), finding: .charged(Samples.slip()),
            evidence: .totals, note: "")
        let movements = try movements(
            [], more: [.sale(Samples.reference(50), sale), .resolution(resolution, of: sale)])
        #expect(movements.without.isEmpty)
        #expect(movements.all.map(\.amount) == [Cents(450)])
    }

    @Test(arguments: [
        (ours: 4_560 as Int64, theirs: 4_650 as Int64), (1_234, 2_134), (1_009, 1_090),
        (50, 500), (1_200, 120), (90, 9_000),
    ])
    func `digits exchanged or shifted`(pair: (ours: Int64, theirs: Int64)) throws {
        let movements = try movements([333, pair.ours, 7_777])
        let found = found(movements, count: 0, amount: pair.theirs - pair.ours)
        let kinds: [Suspicion.Kind] = [.transposedDigits, .shiftedDigits]
        #expect(found.contains { kinds.contains($0.kind) && $0.sales == references([2]) })
        #expect(found.allSatisfy { $0.reason == .amountDiffers })
    }

    @Test func `a refund that the terminal took as a payment`() throws {
        let sale = try Samples.sale([Samples.line(800)])
        let void = try Reversal.make(
            .void, of: sale, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "falsch", settlement: .card(Samples.slip()))
        let movements = try movements([800, 300], more: [.reversal(void, of: sale)])
        let found = found(movements, count: 0, amount: 1_600)
        #expect(found.contains { $0.kind == .wrongSign && $0.sales == references([1]) })
    }

    @Test func `a refund at the terminal that we know nothing of`() throws {
        let found = try found(movements([800, 300]), count: 1, amount: -300)
        #expect(found.map(\.kind) == [.givenBack])
        #expect(found.first?.sales == references([2]))
    }

    @Test func `a payment counted under another scheme`() throws {
        let movements = try movements([800, 300, 500], visa: [900])
        let short = comparison(girocard, movements, count: -1, amount: -300)
        let long = comparison(visa, movements, count: 1, amount: 300)
        let search = DifferenceSearch(movements, among: [short, long])
        for comparison in [short, long] {
            let first = search.suspicions(about: comparison).first
            #expect(first?.kind == .otherScheme)
            #expect(first?.reason == .schemeDiffers)
            #expect(first?.sales == references([2]))
        }
    }

    @Test func `nothing is proposed where nothing differs, or nothing fits`() throws {
        let movements = try movements([1_000, 450])
        #expect(found(movements, count: 0, amount: 0).isEmpty)
        #expect(found(movements, count: 0, amount: 7).isEmpty)
        #expect(found(movements, count: -1, amount: -7).isEmpty)
        #expect(found(movements, count: 5, amount: 7).isEmpty)
        #expect(found(movements, count: -9, amount: -7).isEmpty)
    }

    @Test func `many equal sales are named up to a limit`() throws {
        let found = try found(
            movements([1] + Array(repeating: 450, count: 50) + [1]), count: -1, amount: -450)
        #expect(found.first?.sales.count == DifferenceSearch.salesMax)
    }

    @Test func `what was brought forward is made up for before anything is searched`() throws {
        let movements = try movements([1_000])
        let expected = Tally(count: 1, amount: Cents(1_000))
        let brought = CarriedDifference(Tally(count: -1, amount: Cents(-450)), since: 3)
        let comparison = CardComparison(
            key: girocard, expected: expected, counted: Tally(count: 2, amount: Cents(1_450)),
            brought: brought)
        #expect(comparison.agrees)
        #expect(
            DifferenceSearch(movements, among: [comparison]).suspicions(about: comparison).isEmpty)
    }
}
