import Journal
import Operations
import People
import Sales
import Storage
import Tariffs
import Testing
import Units

struct ReversalTests {
    private func wish(
        _ reference: SaleReference, _ amounts: [Int: Cents]? = nil,
        method: ReversalWish.Method = .bankTransfer, reason: String = "doppelt angeliefert"
    ) -> ReversalWish {
        ReversalWish(
            kind: .refund, original: reference, amounts: amounts, reason: reason, method: method)
    }

    private func request(_ wish: ReversalWish, _ yard: TestYard) async throws -> Int64 {
        try await yard.installation.requestReversal(
            wish, payee: wish.method == .bankTransfer ? try TestYard.payee() : nil, at: yard.yard,
            by: TestYard.cashier)
    }

    private func approve(_ id: Int64, _ yard: TestYard) async throws {
        try await yard.installation.approveReversal(id, at: yard.yard, by: TestYard.approver)
    }

    private func complete(
        _ id: Int64, _ yard: TestYard, slip: CardSlip = TestYard.slip(7)
    ) async throws {
        try await yard.installation.completeReversal(
            id, slip: slip, at: yard.yard, by: TestYard.cashier)
    }

    private func amount(of id: Int64, _ yard: TestYard) throws -> Cents? {
        try yard.installation.reversalRequests(of: yard.yard).first { $0.row.id == id }?.amount
    }

    private func refund(_ wish: ReversalWish, _ yard: TestYard) async throws {
        try await approve(try await request(wish, yard), yard)
    }

    @Test func `never more than what is left comes back`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            try await refund(wish(reference, [0: Cents(800)]), yard)

            await #expect(
                throws: OperationsError.sale(
                    .aboveRemainder(wanted: Cents(401), left: Cents(400)))
            ) {
                try await refund(wish(reference, [0: Cents(401)]), yard)
            }
            try await refund(wish(reference, [0: Cents(400)]), yard)
            await #expect(throws: OperationsError.sale(.nothingToReverse)) {
                try await refund(wish(reference), yard)
            }

            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(detail.left == [Cents(0)])
            #expect(detail.reversals.map(\.amount) == [Cents(800), Cents(400)])
        }
    }

    @Test(arguments: [ReversalWish.Method.bankTransfer, .card])
    func `of two requests for more than is left only one is approved`(
        method: ReversalWish.Method
    ) async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let first = try await request(wish(reference, [0: Cents(800)], method: method), yard)
            let second = try await request(wish(reference, [0: Cents(800)], method: method), yard)
            try await approve(first, yard)

            await #expect(
                throws: OperationsError.sale(
                    .aboveRemainder(wanted: Cents(800), left: Cents(400)))
            ) {
                try await approve(second, yard)
            }
        }
    }

    @Test func `nobody approves what they asked for`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await yard.installation.requestReversal(
                wish(reference), payee: try TestYard.payee(), at: yard.yard,
                by: TestYard.everybody)

            let refusal = OperationsError.forbidden(
                .samePerson(act: .approveReversal, person: TestYard.everybody.id))
            await #expect(throws: refusal) {
                try await yard.installation.approveReversal(
                    id, at: yard.yard, by: TestYard.everybody)
            }
            await #expect(throws: refusal) {
                try await yard.installation.rejectReversal(
                    id, at: yard.yard, by: TestYard.everybody)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .approveReversal, person: TestYard.cashier.id))
            ) {
                try await yard.installation.approveReversal(id, at: yard.yard, by: TestYard.cashier)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .requestReversal, person: TestYard.approver.id))
            ) {
                _ = try await yard.installation.requestReversal(
                    wish(reference), at: yard.yard, by: TestYard.approver)
            }
            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(detail.reversals.isEmpty)
        }
    }

    @Test func `the taxes of partial refunds add up to the original tax`() async throws {
        try await withYard { yard in
            let sale = try yard.sale("gewerblich: 1 m³ sperrmuell")
            let reference = try await yard.sell("gewerblich: 1 m³ sperrmuell")
            for cents in [1_633, 1_633, 1_634] as [Int64] {
                try await refund(wish(reference, [0: Cents(cents)]), yard)
            }

            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            let taxes = detail.reversals.flatMap(\.vat).map(\.tax)
            #expect(sale.vat.map(\.tax) == [Cents(782)])
            #expect(taxes.count == 3)
            #expect(taxes.sum() == Cents(782))
        }
    }

    @Test func `money goes back the way it came`() async throws {
        try await withYard { yard in
            let paid = try await yard.sell("privat: 1 m³ gruenabfall")
            let owed = try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            let free = try await yard.sell("privat: 1 m³ papier")

            await #expect(throws: OperationsError.notReversible("it was paid by card")) {
                _ = try await request(wish(paid, method: .noMoney), yard)
            }
            for reference in [owed, free] {
                for method in [ReversalWish.Method.card, .bankTransfer] {
                    await #expect(throws: OperationsError.notReversible("no money was paid")) {
                        _ = try await request(wish(reference, method: method), yard)
                    }
                }
                try await refund(wish(reference, method: .noMoney), yard)
            }
        }
    }

    @Test func `by card the money moves after the approval, with the slip`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await request(wish(reference, method: .card), yard)
            await #expect(
                throws: OperationsError.requestState(
                    id, found: "requested", wanted: "approved")
            ) {
                try await yard.installation.completeReversal(
                    id, slip: TestYard.slip(7), at: yard.yard, by: TestYard.cashier)
            }
            try await approve(id, yard)
            let waiting = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(waiting.reversals.isEmpty)

            try await yard.installation.completeReversal(
                id, slip: TestYard.slip(7), at: yard.yard, by: TestYard.cashier)

            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(detail.reversals.map(\.settlement) == [.card(TestYard.slip(7))])
            await #expect(
                throws: OperationsError.requestState(
                    id, found: "completed", wanted: "approved")
            ) {
                try await yard.installation.completeReversal(
                    id, slip: TestYard.slip(7), at: yard.yard, by: TestYard.cashier)
            }
        }
    }

    @Test func `an approval that no slip followed is taken back and frees the amount`()
        async throws
    {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await request(wish(reference, method: .card), yard)
            try await approve(id, yard)
            await #expect(throws: OperationsError.sale(.nothingToReverse)) {
                _ = try await request(wish(reference), yard)
            }

            try await yard.installation.rejectReversal(id, at: yard.yard, by: TestYard.approver)

            await #expect(
                throws: OperationsError.requestState(id, found: "rejected", wanted: "approved")
            ) {
                try await yard.installation.completeReversal(
                    id, slip: TestYard.slip(7), at: yard.yard, by: TestYard.cashier)
            }
            try await refund(wish(reference), yard)
        }
    }

    @Test func `a rejection from an older look takes no approval back`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await request(wish(reference, method: .card), yard)
            try await approve(id, yard)
            func row() throws -> ReversalRequestRow? {
                try yard.installation.reversalRequests(of: yard.yard).first?.row
            }
            let approval = try #require(try row()?.approval)

            await #expect(
                throws: OperationsError.requestState(id, found: "approved", wanted: "requested")
            ) {
                try await yard.installation.rejectReversal(
                    id, whenIn: .requested, at: yard.yard, by: TestYard.everybody)
            }
            #expect(try row()?.state == .approved)

            // Who saw the approval may take it back, and it stays known.
            try await yard.installation.rejectReversal(
                id, whenIn: .approved, at: yard.yard, by: TestYard.everybody)
            #expect(try row()?.state == .rejected && row()?.approval == approval)
        }
    }

    @Test func `what comes back is what was approved, though more is left by then`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let all = try await request(wish(reference, method: .card), yard)
            let part = try await request(wish(reference, [0: Cents(800)], method: .card), yard)
            try await approve(part, yard)
            try await approve(all, yard)
            try await yard.installation.rejectReversal(part, at: yard.yard, by: TestYard.approver)

            try await complete(all, yard)

            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(detail.reversals.map(\.amount) == [Cents(400)])
            #expect(detail.left == [Cents(800)])
            #expect(try amount(of: all, yard) == Cents(400))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `two approved refunds are recorded in either order`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let part = try await request(wish(reference, [0: Cents(800)], method: .card), yard)
            let all = try await request(wish(reference, method: .card), yard)
            try await approve(part, yard)
            try await approve(all, yard)

            try await complete(part, yard)
            try await complete(all, yard, slip: TestYard.slip(8))

            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(detail.reversals.map(\.amount) == [Cents(800), Cents(400)])
        }
    }

    @Test func `a request for all that is left says how much that is`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let all = try await request(wish(reference, method: .card), yard)
            #expect(try amount(of: all, yard) == Cents(1_200))
            try await refund(wish(reference, [0: Cents(500)]), yard)
            #expect(try amount(of: all, yard) == Cents(700))
            let part = try await request(wish(reference, [0: Cents(300)], method: .card), yard)
            #expect(try amount(of: all, yard) == Cents(700))
            try await approve(part, yard)
            #expect(try amount(of: all, yard) == Cents(400))

            try await approve(all, yard)
            try await complete(part, yard)

            #expect(try amount(of: all, yard) == Cents(400))
            #expect(try amount(of: part, yard) == Cents(300))
        }
    }

    @Test func `a slip stands for one refund, and not for the sale itself`() async throws {
        try await withYard { yard in
            func approved() async throws -> (sale: SaleReference, request: Int64) {
                let sale = try await yard.sell("privat: 1 m³ gruenabfall")
                let id = try await request(wish(sale, method: .card), yard)
                try await approve(id, yard)
                return (sale, id)
            }
            let (first, second) = (try await approved(), try await approved())
            await #expect(throws: OperationsError.slipUsed(TestYard.slip(1), by: first.sale)) {
                try await complete(first.request, yard, slip: TestYard.slip(1))
            }
            try await complete(first.request, yard)
            let padded = try #require(
                CardSlip(
                    cardTerminal: "51234567", scheme: .visa, receiptNumber: "0007",
                    traceNumber: "000007"))
            for slip in [TestYard.slip(7), padded] {
                await #expect(throws: OperationsError.slipUsed(slip, by: first.sale)) {
                    try await complete(second.request, yard, slip: slip)
                }
            }
            let refusal = OperationsError.slipUsed(padded, by: first.sale)
            #expect(refusal.code == "slip-used" && refusal.status == 409)
            #expect(refusal.remedy.contains("t1-000001"))

            // Another card terminal has numbers of its own, and one set up anew begins again.
            try await complete(second.request, yard, slip: TestYard.slip(7, tid: "51234568"))
            let third = try await approved()
            yard.clock.advance(minutes: 92 * 24 * 60)
            try await complete(third.request, yard)
        }
    }

    @Test func `the slip of another sale is not that of a refund`() async throws {
        try await withYard { yard in
            let other = try await yard.sell("privat: 1 m³ gruenabfall", .card(TestYard.slip(6)))
            let sale = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await request(wish(sale, method: .card), yard)
            try await approve(id, yard)

            await #expect(throws: OperationsError.slipUsed(TestYard.slip(6), by: other)) {
                try await complete(id, yard, slip: TestYard.slip(6))
            }
            try await complete(id, yard, slip: TestYard.slip(7))
        }
    }

    @Test func `a slip that was refunded is not that of a payment found charged`() async throws {
        try await withYard { yard in
            let unknown = Settlement.unknown(cardTerminal: "51234567")
            let paid = try await yard.sell("privat: 1 m³ gruenabfall")
            let first = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let second = try await yard.sell("privat: 1 m³ gruenabfall", unknown)
            let id = try await request(wish(paid, method: .card), yard)
            try await approve(id, yard)
            try await complete(id, yard)
            func resolve(_ sale: SaleReference, _ slip: CardSlip) async throws {
                try await yard.installation.resolve(
                    PaymentResolution(
                        original: sale, finding: .charged(slip), evidence: .repeatReceipt,
                        note: "Beleg"), debtor: nil, at: yard.yard, by: TestYard.cashier)
            }
            await #expect(throws: OperationsError.slipUsed(TestYard.slip(7), by: paid)) {
                try await resolve(first, TestYard.slip(7))
            }
            try await resolve(first, TestYard.slip(8))
            await #expect(throws: OperationsError.slipUsed(TestYard.slip(8), by: first)) {
                try await resolve(second, TestYard.slip(8))
            }
            try await resolve(second, TestYard.slip(9))
        }
    }

    @Test func `a request needs a reason, a sale and an open state`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            await #expect(throws: OperationsError.sale(.reasonMissing)) {
                _ = try await request(wish(reference, reason: " \t"), yard)
            }
            await #expect(throws: OperationsError.sale(.lineUnknown(1))) {
                _ = try await request(wish(reference, [1: Cents(1)]), yard)
            }
            await #expect(throws: OperationsError.saleUnknown("t1-000099")) {
                _ = try await request(
                    wish(SaleReference(terminal: yard.terminal.id, sequence: 99)), yard)
            }
            let id = try await request(wish(reference), yard)
            try await yard.installation.rejectReversal(id, at: yard.yard, by: TestYard.approver)
            await #expect(
                throws: OperationsError.requestState(
                    id, found: "rejected", wanted: "requested")
            ) { try await approve(id, yard) }
            await #expect(throws: OperationsError.requestUnknown(id + 1)) {
                try await approve(id + 1, yard)
            }
        }
    }
}
