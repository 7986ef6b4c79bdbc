package import Units

/// What a bank says about one account over some days (Kontoauszug), whatever file it came in.
///
/// A value holds what the file says; whether that adds up is for ``findings`` to tell.
package struct BankStatement: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// Booked entries between two balances (camt.053, MT940).
        case statement
        /// Details of entries that a statement also holds (camt.054): never money of its own.
        case notification
    }

    package let kind: Kind
    /// The message the statement came in; a second delivery may carry another.
    package let message: String
    /// The bank's id of the statement.
    package let id: String
    /// The running number, electronic before legal; nil where the bank gives none.
    package let sequence: Int64?
    /// IBAN or the bank's own number, as the file spells it.
    package let account: String
    /// Three letters (ISO 4217): that of the opening balance, else of the account, else of the
    /// first entry; empty if the file names none.
    package let currency: String
    package let opening: StatementBalance?
    package let closing: StatementBalance?
    /// In the order of the file; may be empty.
    package let entries: [StatementEntry]

    package init(
        kind: Kind, message: String, id: String, sequence: Int64?, account: String,
        currency: String, opening: StatementBalance?, closing: StatementBalance?,
        entries: [StatementEntry]
    ) {
        self.kind = kind
        self.message = message
        self.id = id
        self.sequence = sequence
        self.account = account
        self.currency = currency
        self.opening = opening
        self.closing = closing
        self.entries = entries
    }
}

/// A booked balance.
package struct StatementBalance: Hashable, Sendable {
    /// Negative for a balance the account holder owes.
    package let amount: Cents
    package let currency: String
    package let day: BusinessDay?

    package init(amount: Cents, currency: String, day: BusinessDay?) {
        self.amount = amount
        self.currency = currency
        self.day = day
    }
}
