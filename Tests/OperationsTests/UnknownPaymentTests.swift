import Journal
import Operations
import People
import Sales
import Storage
import Testing
import Units

struct UnknownPaymentTests {
    private func resolve(
        _ reference: SaleReference, _ finding: PaymentResolution.Finding, debtor: String? = nil,
        note: String = "Belegwiederholung", by person: Person = TestYard.cashier, _ yard: TestYard
    ) async throws {
        try await yard.installation.resolve(
            PaymentResolution(
                original: reference, finding: finding, evidence: .repeatReceipt, note: note),
            debtor: debtor, at: yard.yard, by: person)
    }

    private func open(_ yard: TestYard) throws -> [SaleReference] {
        try yard.installation.unresolvedPayments(of: yard.yard).map(\.1)
    }

    private let unknown = Settlement.unknown(cardTerminal: "51234567")

    @Test func `an unknown payment is named until it is resolved, once`() async throws {
        try await withYard { yard in
            let first = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let second = try await yard.sell("privat: 2 m³ gruenabfall", unknown)
            #expect(try open(yard) == [first, second])

            try await resolve(first, .charged(TestYard.slip(4)), yard)

            #expect(try open(yard) == [second])
            await #expect(throws: OperationsError.notUnknown("t1-000001")) {
                try await resolve(first, .notChargedVoid, yard)
            }
            try await resolve(second, .notChargedVoid, yard)
            #expect(try open(yard).isEmpty)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a terminal hears which of its payments are resolved`() async throws {
        try await withYard { yard in
            let first = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let second = try await yard.sell("privat: 2 m³ gruenabfall", unknown)
            let row = try #require(try yard.installation.terminals(of: yard.yard).first)
            let asked = [first.sequence, second.sequence, 77]
            func resolved() throws -> [Int64] {
                try yard.installation.resolvedSales(among: asked, of: row)
            }
            #expect(try resolved().isEmpty)

            try await resolve(second, .charged(TestYard.slip(4)), yard)

            #expect(try resolved() == [second.sequence])
            #expect(try yard.installation.resolvedSales(among: [first.sequence], of: row).isEmpty)
        }
    }

    @Test func `the slip of an earlier payment is not that of an unknown one`() async throws {
        try await withYard { yard in
            let paid = try await yard.sell("privat: 1 m³ gruenabfall", .card(TestYard.slip(104)))
            let sale = try await yard.sell("privat: 2 m³ gruenabfall", unknown)
            let repeated = try #require(
                CardSlip(
                    cardTerminal: "51234567", scheme: .visa, receiptNumber: "0104",
                    traceNumber: "000104"))
            for slip in [TestYard.slip(104), repeated] {
                await #expect(throws: OperationsError.slipUsed(slip, by: paid)) {
                    try await resolve(sale, .charged(slip), yard)
                }
            }
            #expect(try open(yard) == [sale])

            // One number alone says nothing, and another device has numbers of its own.
            let next = try #require(
                CardSlip(
                    cardTerminal: "51234567", scheme: .girocard, receiptNumber: "104",
                    traceNumber: "105"))
            try await resolve(sale, .charged(next), yard)
            let other = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            try await resolve(other, .charged(TestYard.slip(104, tid: "51234568")), yard)
            let third = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            yard.clock.advance(minutes: 92 * 24 * 60)
            try await resolve(third, .charged(TestYard.slip(104)), yard)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a slip that a terminal used in a void or resolution is used too`() async throws {
        try await withYard { yard in
            let paid = try await yard.sell("privat: 1 m³ gruenabfall")
            let settled = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let open = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let reversal = try Reversal.make(
                .void, of: try yard.installation.sale(paid, of: yard.yard).sale, reference: paid,
                earlier: [], amounts: nil, reason: "vertippt", settlement: .card(TestYard.slip(2)))
            _ = try await yard.admit(try yard.terminal.sign(.void(reversal)))
            let resolution = PaymentResolution(
                original: settled, finding: .charged(TestYard.slip(3)), evidence: .repeatReceipt,
                note: "Beleg")
            _ = try await yard.admit(try yard.terminal.sign(.resolution(resolution)))

            for (number, sale) in [(2, paid), (3, settled)] {
                let slip = TestYard.slip(number)
                await #expect(throws: OperationsError.slipUsed(slip, by: sale)) {
                    try await resolve(open, .charged(slip), yard)
                }
            }
            try await resolve(open, .charged(TestYard.slip(4)), yard)
        }
    }

    @Test func `a claim needs its debtor`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let wanted = OperationsError.input(
                field: "debtor", wanted: "name and address, at most 200 characters")
            for debtor in [nil, "", String(repeating: "ß", count: 201)] {
                await #expect(throws: wanted) {
                    try await resolve(reference, .notChargedClaim, debtor: debtor, yard)
                }
            }
            try await resolve(
                reference, .notChargedClaim, debtor: String(repeating: "ß", count: 200), yard)
            #expect(try open(yard).isEmpty)
        }
    }

    @Test func `only a cashier resolves, with a note, and only what is unknown`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let paid = try await yard.sell("privat: 1 m³ gruenabfall")
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .resolvePayment, person: TestYard.auditor.id))
            ) {
                try await resolve(reference, .notChargedVoid, by: TestYard.auditor, yard)
            }
            await #expect(throws: OperationsError.reasonMissing) {
                try await resolve(reference, .notChargedVoid, note: " ", yard)
            }
            await #expect(throws: OperationsError.notUnknown("t1-000002")) {
                try await resolve(paid, .notChargedVoid, yard)
            }
            await #expect(throws: OperationsError.saleUnknown("t1-000003")) {
                try await resolve(
                    SaleReference(terminal: yard.terminal.id, sequence: 3), .notChargedVoid, yard)
            }
        }
    }

    @Test func `what a payment turned out to be decides how it comes back`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let charged = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let void = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            func request(_ reference: SaleReference, _ method: ReversalWish.Method) async throws {
                _ = try await installation.requestReversal(
                    ReversalWish(
                        kind: .refund, original: reference, amounts: nil, reason: "doppelt",
                        method: method), at: yard.yard, by: TestYard.cashier)
            }
            await #expect(throws: OperationsError.notReversible("payment is still unknown")) {
                try await request(charged, .card)
            }
            try await resolve(charged, .charged(TestYard.slip(4)), yard)
            try await resolve(void, .notChargedVoid, yard)

            try await request(charged, .card)
            await #expect(throws: OperationsError.notReversible("payment was found void")) {
                try await request(void, .noMoney)
            }
        }
    }
}
