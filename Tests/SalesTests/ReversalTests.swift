import FinanceSamples
import Sales
import Tariffs
import Testing
import Units

/// What a reversal takes back, in the end never more than was paid.
struct ReversalTests {
    /// A sale with a line below zero, as only an older terminal could sign it.
    private func sale() throws -> Sale {
        try Samples.sale([Samples.line(4_500), Samples.line(-763), Samples.line(1_000, "2")])
    }

    private func reversal(
        of sale: Sale, _ amounts: [Int: Int64]? = nil, after earlier: [Reversal] = []
    ) throws -> Reversal {
        try Reversal.make(
            .refund, of: sale, reference: Samples.reference(1), earlier: earlier,
            amounts: amounts?.mapValues { Cents($0) }, reason: "vertippt",
            settlement: .bankTransfer)
    }

    @Test func `everything is what was paid, though a line is below zero`() throws {
        let sale = try sale()

        let whole = try reversal(of: sale)

        #expect(sale.total == Cents(4_737))
        #expect(whole.amount == sale.total)
        #expect(whole.lines.map(\.index) == [0, 2])
        #expect(whole.lines.map(\.gross) == [Cents(4_500), Cents(237)])
        #expect(whole.fits(sale, after: []))
        #expect(throws: SaleError.nothingToReverse) { try reversal(of: sale, after: [whole]) }
        #expect(throws: SaleError.lineUnknown(5)) { try reversal(of: sale, [5: 400, 7: 1]) }
    }

    @Test func `lines that are left do not give back more than is left of the total`() throws {
        let sale = try sale()
        let first = try reversal(of: sale, [0: 4_000])

        #expect(throws: SaleError.aboveRemainder(wanted: Cents(1_000), left: Cents(737))) {
            try reversal(of: sale, [2: 1_000], after: [first])
        }
        #expect(try reversal(of: sale, after: [first]).amount == Cents(737))
    }

    @Test func `a sale without such a line is given back line by line`() throws {
        let sale = try Samples.sale([Samples.line(4_500), Samples.line(0), Samples.line(1_000)])

        let first = try reversal(of: sale, [0: 500])
        let rest = try reversal(of: sale, after: [first])

        #expect(rest.lines.map(\.gross) == [Cents(4_000), Cents(1_000)])
    }

    @Test func `a terminal makes no sale with a line below zero`() throws {
        let sample = Samples.line(0)
        func quote(_ cents: Int64...) -> Quote {
            let item = DeliveryItem(
                fraction: sample.fraction, amount: .pieces(1), source: .counted)
            return Quote(
                tariff: Samples.tariff,
                delivery: Delivery(
                    day: Samples.day("2026-11-20"), group: .household, items: [item, item]),
                lines: cents.map {
                    QuoteLine(
                        position: "1", paragraph: "§ 1", fraction: sample.fraction, name: "Art",
                        item: item, billed: 1, legalForm: .fee, vat: .outsideScope,
                        gross: Cents($0), explanation: sample.explanation)
                }, quota: [])
        }
        let settlement = Settlement.card(Samples.slip())

        #expect(throws: SaleError.negativeLine(Cents(-763))) {
            try Sale(quote: quote(4_500, -763), settlement: settlement, attempts: [])
        }
        #expect(
            try Sale(quote: quote(3_737, 0), settlement: settlement, attempts: []).total
                == Cents(3_737))
    }
}
