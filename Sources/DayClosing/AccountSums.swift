package import Ledger
import Units

/// Adds up entries by account and cost centre.
package struct AccountSums: Sendable {
    private var sums: [Key: Sides] = [:]

    package init() {}

    package mutating func add(_ entry: Entry) {
        for posting in entry.postings {
            let key = Key(account: posting.account, costCentre: posting.costCentre)
            switch posting.side {
            case .debit: sums[key, default: Sides()].debit += posting.amount
            case .credit: sums[key, default: Sides()].credit += posting.amount
            }
        }
    }

    /// By account, then cost centre, none first.
    package var totals: [AccountTotal] {
        sums.sorted { $0.key < $1.key }.map { key, sides in
            AccountTotal(
                account: key.account, costCentre: key.costCentre, debit: sides.debit,
                credit: sides.credit)
        }
    }

    private struct Key: Hashable, Comparable {
        let account: Account
        let costCentre: String?

        // An account has few cost centres.
        func hash(into hasher: inout Hasher) { hasher.combine(account) }

        static func < (left: Self, right: Self) -> Bool {
            (left.account, left.costCentre ?? "") < (right.account, right.costCentre ?? "")
        }
    }

    private struct Sides {
        var debit = Cents.zero
        var credit = Cents.zero
    }
}
