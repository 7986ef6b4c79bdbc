package import Journal
package import Ledger
package import Sales
package import Units

/// One money-relevant record of the journal as the close and its exports see it.
package struct ClosedRecord: Hashable, Sendable {
    package enum Fact: Hashable, Sendable {
        case sale(SaleReference, Sale)
        case noSale(SaleReference, NoSale)
        case reversal(Reversal, of: Sale)
        case resolution(PaymentResolution, of: Sale)
        /// Came under a revoked key: counted as nothing until somebody decides.
        case withheld(SaleReference)
        /// A void or resolution of a terminal that its sale was not recorded before, that names
        /// other lines, or that comes when the outcome is known: it moves nothing.
        case unmatched(SaleReference)
        /// What a bank account showed and what it was for.
        case settlement(SettlementRecord)
    }

    /// Position in the yard's log.
    package let index: Int64
    package let at: Timestamp
    /// The local date it belongs to.
    package let day: BusinessDay
    package let fact: Fact
    /// Admission flags, such as `gap` or `price-differs`; empty for an ordinary record.
    package let flags: [String]
    /// The postings that the account plan made of it; empty for records without money.
    package let entry: Entry
    /// Who did it: the attendant, or who completed it at the server; nil where nobody is known.
    package let by: PersonID?
    /// The second person of a reversal at the server; nil for everything else.
    package let approvedBy: PersonID?
    /// The number that a terminal gave to the record itself, which for a void or a resolution is
    /// another one than that of its sale; nil for records of the server.
    package let number: SaleReference?
    /// Whom a transfer is paid to or who owes a claim, from beside the journal; empty where nobody
    /// is named, or nobody asked.
    package var people: [PersonalField: String] = [:]
    /// Whether it is a reversal that a claim falls away with; see
    /// ``Sales/Reversal/takesClaimBack(of:finding:)``.
    package var takesClaimBack = false

    package init(
        index: Int64, at: Timestamp, day: BusinessDay, fact: Fact, flags: [String], entry: Entry,
        by: PersonID? = nil, approvedBy: PersonID? = nil, number: SaleReference? = nil
    ) {
        self.index = index
        self.at = at
        self.day = day
        self.fact = fact
        self.flags = flags
        self.entry = entry
        self.by = by
        self.approvedBy = approvedBy
        self.number = number
    }
}
