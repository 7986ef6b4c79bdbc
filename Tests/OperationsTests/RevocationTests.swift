import DayClosing
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Testing
import Units

struct RevocationTests {
    @Test func `what comes under a revoked key is recorded and left out`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            for _ in 0..<3 { _ = try await yard.admit(yard.terminal.sign(yard.greenWaste)) }
            try await yard.revoke(trusted: 2)

            let late = try await yard.admit(yard.terminal.sign(yard.greenWaste))

            #expect(late.flags == ["revoked-key"])
            #expect(try yard.row.state == .revoked)
            let doubtful = try installation.doubtfulRecords(of: yard.terminal.id, at: yard.yard)
            #expect(doubtful.map(\.reference.sequence) == [3, 4])
            #expect(doubtful.map(\.state) == [.before, .withheld])
            let totals = try installation.closeProgress(of: yard.yard).totals
            #expect(totals.counts == ["sale": 3, "withheld": 1])
            #expect(totals.turnover == Cents(3_600))
            #expect(totals.flagged == [late.index])
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `a revocation needs a reason, two people and a number that is there`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let id = yard.terminal.id
            await #expect(throws: OperationsError.reasonMissing) {
                _ = try await installation.requestRevocation(
                    of: id, trusted: 0, reason: " ", at: yard.yard, by: TestYard.office)
            }
            await #expect(throws: OperationsError.saleUnknown("t1-000007")) {
                _ = try await installation.requestRevocation(
                    of: id, trusted: 7, reason: "weg", at: yard.yard, by: TestYard.office)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .requestRevocation, person: TestYard.cashier.id))
            ) {
                _ = try await installation.requestRevocation(
                    of: id, trusted: 0, reason: "weg", at: yard.yard, by: TestYard.cashier)
            }
            let request = try await installation.requestRevocation(
                of: id, trusted: 0, reason: "weg", at: yard.yard, by: TestYard.everybody)
            await #expect(throws: OperationsError.keyRequestOpen(request)) {
                _ = try await installation.requestRevocation(
                    of: id, trusted: 0, reason: "weg", at: yard.yard, by: TestYard.office)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .samePerson(act: .approveKey, person: TestYard.everybody.id))
            ) {
                try await installation.approveKeyRequest(
                    request, at: yard.yard, by: TestYard.everybody)
            }
            try await installation.approveKeyRequest(request, at: yard.yard, by: TestYard.approver)
            await #expect(throws: OperationsError.terminalRevoked("t1")) {
                _ = try await installation.requestRevocation(
                    of: id, trusted: 0, reason: "weg", at: yard.yard, by: TestYard.office)
            }
            await #expect(throws: OperationsError.terminalRevoked("t1")) {
                _ = try await yard.announce(try ES256PrivateKey.generate())
            }
        }
    }

    @Test func `a decision lets a record count from there on, once`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            try await yard.revoke(trusted: 1)
            let good = try yard.terminal.sign(yard.greenWaste)
            let bad = try yard.terminal.sign(yard.greenWaste)
            _ = try await yard.admit(good)
            _ = try await yard.admit(bad)
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            await #expect(throws: OperationsError.withheld("t1-000002")) {
                _ = try await installation.requestReversal(
                    ReversalWish(
                        kind: .refund, original: good.reference, amounts: nil, reason: "falsch",
                        method: .bankTransfer), at: yard.yard, by: TestYard.cashier)
            }

            try await installation.decide(
                good.reference, counts: true, reason: "Bon liegt vor", at: yard.yard,
                by: TestYard.approver)
            try await installation.decide(
                bad.reference, counts: false, reason: "keine Abbuchung", at: yard.yard,
                by: TestYard.approver)

            let totals = try installation.closeProgress(of: yard.yard).totals
            #expect(totals.counts == ["sale": 1])
            #expect(totals.turnover == Cents(1_200))
            let doubtful = try installation.doubtfulRecords(of: yard.terminal.id, at: yard.yard)
            #expect(doubtful.map(\.state) == [.counted, .refused])
            await #expect(throws: OperationsError.decidedBefore("t1-000003")) {
                try await installation.decide(
                    bad.reference, counts: true, reason: "doch", at: yard.yard,
                    by: TestYard.approver)
            }
            _ = try await installation.requestReversal(
                ReversalWish(
                    kind: .refund, original: good.reference, amounts: nil, reason: "falsch",
                    method: .bankTransfer), payee: try TestYard.payee(), at: yard.yard,
                by: TestYard.cashier)
            #expect(try installation.closes(of: yard.yard).map(\.totals.turnover) == [Cents(1_200)])
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `only what was left out is decided, and only by an approver`() async throws {
        try await withYard { yard in
            let first = try yard.terminal.sign(yard.greenWaste)
            _ = try await yard.admit(first)
            await #expect(throws: OperationsError.notWithheld("t1-000001")) {
                try await yard.installation.decide(
                    first.reference, counts: false, reason: "nein", at: yard.yard,
                    by: TestYard.approver)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .decideRecord, person: TestYard.cashier.id))
            ) {
                try await yard.installation.decide(
                    first.reference, counts: false, reason: "nein", at: yard.yard,
                    by: TestYard.cashier)
            }
        }
    }

    @Test func `a void that came under a revoked key takes nothing back`() async throws {
        try await withYard { yard in
            let sold = try yard.terminal.sign(yard.greenWaste)
            _ = try await yard.admit(sold)
            try await yard.revoke(trusted: 1)
            guard case .sale(let sale) = try yard.greenWaste else { return }
            let void = try Reversal.make(
                .void, of: sale, reference: sold.reference, earlier: [], amounts: nil,
                reason: "vertippt", settlement: .card(TestYard.slip(9)))
            _ = try await yard.admit(yard.terminal.sign(.void(void)))

            let detail = try yard.installation.saleDetail(sold.reference, of: yard.yard)
            #expect(detail.reversals.isEmpty)
            #expect(detail.left == sale.lines.map(\.gross))
            #expect(try yard.installation.verify().misfit == nil)

            let withheld = SaleReference(terminal: yard.terminal.id, sequence: 2)
            try await yard.installation.decide(
                withheld, counts: true, reason: "stimmt", at: yard.yard, by: TestYard.approver)
            let after = try yard.installation.saleDetail(sold.reference, of: yard.yard)
            #expect(after.left.sum() == .zero && after.standing == .reversed)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }
}
