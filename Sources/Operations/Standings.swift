import Journal
import Sales
package import Storage
import Units

extension SaleDetail {
    /// How the record stands today.
    package var standing: SaleStanding {
        switch record.fact {
        case .noSale: return .notSold
        case .void: return .reversed
        case .resolution(let resolution): return resolution.finding.standing
        case .sale(let sale):
            guard reversals.isEmpty else {
                return left.sum() == .zero ? .reversed : .partlyReversed
            }
            return switch sale.settlement {
            case .free: .free
            case .card: .paid
            case .onAccount: .onAccount
            case .unknown: resolution?.finding.standing ?? .unknown
            }
        }
    }
}

extension PaymentResolution.Finding {
    /// How a sale stands whose payment turned out so.
    var standing: SaleStanding {
        switch self {
        case .charged: .paid
        case .notChargedClaim: .onAccount
        case .notChargedVoid: .notSold
        }
    }
}

extension Installation {
    /// Notes how a sale stands after a record that refers to it.
    func noteStanding(of original: LogPosition, in batch: Batch) throws {
        let transaction = batch.transaction
        let detail = try SaleDetail(at: original, transaction.reading)
        try transaction.setStanding(detail.standing, at: original)
    }
}
