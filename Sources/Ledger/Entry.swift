package import Units

/// A finance account as the municipality numbers it, such as `432100`; digits only, 4 to 9.
package struct Account: Hashable, Comparable, Sendable {
    package let number: String

    package init?(_ number: String) {
        guard (4...9).contains(number.utf8.count),
            number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        self.number = number
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// The side of a posting: Soll or Haben.
package enum Side: String, Hashable, Sendable, CaseIterable {
    case debit, credit

    package var opposite: Side { self == .debit ? .credit : .debit }
}

/// One amount on one side of one account.
///
/// Invariant: the amount is positive.
package struct Posting: Hashable, Sendable {
    package let account: Account
    /// Cost centre (Kostenstelle); nil where the account plan names none.
    package let costCentre: String?
    package let side: Side
    package let amount: Cents

    /// Nil if the amount is not positive.
    package init?(_ side: Side, _ account: Account, costCentre: String? = nil, _ amount: Cents) {
        guard amount > .zero else { return nil }
        self.account = account
        self.costCentre = costCentre
        self.side = side
        self.amount = amount
    }
}

/// Postings that balance: debits equal credits, or the entry does not exist.
package struct Entry: Hashable, Sendable {
    /// In the order given; may be empty (a free delivery moves no money).
    package let postings: [Posting]

    /// - Throws: ``LedgerError/unbalanced(debit:credit:)``.
    package init(_ postings: [Posting]) throws(LedgerError) {
        let debit = postings.filter { $0.side == .debit }.map(\.amount).sum()
        let credit = postings.filter { $0.side == .credit }.map(\.amount).sum()
        guard debit == credit else { throw .unbalanced(debit: debit, credit: credit) }
        self.postings = postings
    }

    /// The same postings with the sides swapped, as for a cancellation.
    package var reversed: Entry {
        Entry(
            balanced: postings.compactMap {
                Posting($0.side.opposite, $0.account, costCentre: $0.costCentre, $0.amount)
            })
    }

    private init(balanced postings: [Posting]) {
        self.postings = postings
    }
}

/// Why an entry or an account could not be made.
package enum LedgerError: Error, Hashable, Sendable {
    case unbalanced(debit: Cents, credit: Cents)
    /// The account plan names no account for this use.
    case noAccount(use: String, plan: String)
}
