package import DayClosing
import Journal
import Ledger
package import Sales
import Units

extension Samples {
    /// An approved close over `records`, counted exactly as expected.
    package static func batch(
        _ records: [ClosedRecord], plan: AccountPlan, number: Int64 = 317, yard: String = "mitte",
        day: String = "2026-11-20", approved: String = "2026-11-20T17:24:47.123Z"
    ) throws -> ClosedBatch {
        let totals = CloseTotals(
            records: records, businessDay: self.day(day), terminals: [], unresolvedBefore: [])
        let before = CloseMark(number: number - 1, to: 0, grandTotal: .zero, clearing: [:])
        let close = try DayClose.make(
            after: before, yard: identifier(yard), day: self.day(day),
            to: Int64(records.count), totals: totals,
            comparisons: CardComparison.compare(expected: totals.cards, counted: totals.cards),
            counted: SignOff(identifier("b.kasse"), at: time("2026-11-20T17:00:00.000Z")),
            approved: SignOff(identifier("c.leitung"), at: time(approved)), plan: plan,
            software: "hofbuch 0.1.0")
        return ClosedBatch(close: close, records: records, plan: plan)
    }

    /// Records of `facts` on one day, with the postings of `plan`.
    package static func records(
        _ facts: [(ClosedRecord.Fact, day: String)], plan: AccountPlan
    ) throws -> [ClosedRecord] {
        var findings: [SaleReference: PaymentResolution.Finding] = [:]
        return try facts.enumerated().map { index, pair in
            let entry =
                switch pair.0 {
                case .sale(_, let sale): try plan.entry(sale: sale)
                case .noSale(_, let end): try plan.entry(noSale: end)
                case .reversal(let reversal, of: let sale):
                    try plan.entry(
                        reversal: reversal, of: sale, finding: findings[reversal.original])
                case .resolution(let resolution, of: let sale):
                    try plan.entry(resolution: resolution, of: sale)
                case .settlement(let record): try plan.entry(settling: record.shares)
                case .withheld, .unmatched: try Entry([])
                }
            var record = ClosedRecord(
                index: Int64(index), at: time("2026-11-20T09:00:00.000Z"), day: day(pair.day),
                fact: pair.0, flags: [], entry: entry, by: identifier("a.annahme"),
                approvedBy: isRefund(pair.0) ? identifier("c.leitung") : nil)
            switch pair.0 {
            case .reversal(let reversal, of: let sale):
                record.takesClaimBack = reversal.takesClaimBack(
                    of: sale, finding: findings[reversal.original])
            case .resolution(let resolution, of: _):
                findings[resolution.original] = resolution.finding
            case .sale, .noSale, .settlement, .withheld, .unmatched: break
            }
            record.people = people(of: record)
            return record
        }
    }

    /// Whom the server would find beside the journal.
    static func people(of record: ClosedRecord) -> [PersonalField: String] {
        let debtor = "Bau Muster GmbH, Werkstraße 2, 12345 Musterstadt"
        switch record.fact {
        case .sale(_, let sale): return sale.settlement == .onAccount ? [.debtor: debtor] : [:]
        case .reversal(let reversal, of: _):
            switch reversal.settlement {
            case .bankTransfer:
                return [.payee: "Erika Beispiel", .iban: "DE02120300000000202051"]
            case .noMoney: return record.takesClaimBack ? [.debtor: debtor] : [:]
            case .card: return [:]
            }
        case .resolution(let resolution, of: _):
            return resolution.finding == .notChargedClaim ? [.debtor: debtor] : [:]
        case .noSale, .settlement, .withheld, .unmatched: return [:]
        }
    }

    private static func isRefund(_ fact: ClosedRecord.Fact) -> Bool {
        if case .reversal(let reversal, of: _) = fact { reversal.kind == .refund } else { false }
    }
}
