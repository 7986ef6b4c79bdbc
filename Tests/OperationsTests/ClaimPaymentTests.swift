import FinanceSamples
import Journal
import Operations
import Reconciliation
import Sales
import Testing
import Units

/// Money for a claim: never more than is open when it is booked.
struct ClaimPaymentTests {
    private typealias Entry = SampleStatement.Entry

    /// A claim of 12 euros, and bank lines by their short names.
    private func withClaim(
        _ cents: Int64..., body: (TestYard, SaleReference, [String]) async throws -> Void
    ) async throws {
        try await withYard { yard in
            let claim = try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            _ = try await yard.take(
                SampleStatement(
                    1, day: "2026-11-24", cents.map { Entry("2026-11-24", $0, "RECHNUNG") }))
            let codes = try yard.book.lines.map { MatchItem.bank($0.key).code }
            try await body(yard, claim, codes)
        }
    }

    @Test func `of two payments of a claim at the same time one is booked`() async throws {
        try await withClaim(1_200, 1_200) { yard, claim, codes in
            let booked = await withTaskGroup(of: Bool.self) { group in
                for code in codes {
                    group.addTask {
                        do {
                            _ = try await yard.settle(.claimPaid, received: [code], about: claim)
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(into: 0) { count, isBooked in
                    if isBooked { count += 1 }
                }
            }

            let open = try yard.installation.openClaims(of: yard.yard)
            #expect(booked == 1)
            #expect(open.isEmpty)
        }
    }

    @Test func `a claim that was taken back after it was paid is to be paid back`() async throws {
        try await withClaim(1_200, 1_200, -1_200) { yard, claim, codes in
            let installation = yard.installation
            _ = try await yard.settle(.claimPaid, received: [codes[0]], about: claim)
            let request = try await installation.requestReversal(
                ReversalWish(
                    kind: .refund, original: claim, amounts: nil, reason: "falsche Abfallart",
                    method: .noMoney), payee: nil, at: yard.yard, by: TestYard.cashier)
            try await installation.approveReversal(
                request, at: yard.yard, by: TestYard.approver)

            let overpaid = try installation.openClaims(of: yard.yard)
            #expect(overpaid.map(\.amount) == [.zero])
            #expect(overpaid.map(\.open) == [Cents(-1_200)])
            await #expect(
                throws: OperationsError.sale(.aboveRemainder(wanted: Cents(1_200), left: .zero))
            ) {
                _ = try await yard.settle(.claimPaid, received: [codes[1]], about: claim)
            }
            _ = try await yard.settle(.claimUnpaid, received: [codes[2]], about: claim)
            #expect(try installation.openClaims(of: yard.yard).isEmpty)
            await #expect(
                throws: OperationsError.sale(.aboveRemainder(wanted: Cents(1_200), left: .zero))
            ) {
                _ = try await yard.settle(.claimPaid, received: [codes[1]], about: claim)
            }
        }
    }
}
