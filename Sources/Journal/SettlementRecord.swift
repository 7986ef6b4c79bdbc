package import Sales
package import Signing
package import Units

/// One side of what settles another: a part of a card cut, a bank line, an acquirer's line or
/// payout, named as the board names it and never by its text.
package enum SettledItem: Hashable, Sendable {
    /// `close` such as `mitte-000317`; `scheme` only where an acquirer settles it; `batch` is the
    /// number of the cut (`-` for one without) where the close has several of the card terminal.
    /// Records of earlier versions name all of them together, without `batch`.
    case cut(close: String, cardTerminal: String, scheme: CardScheme?, batch: String? = nil)
    /// `detail` is 0 for the entry as a whole.
    case bank(account: String, day: BusinessDay, statement: String, entry: Int, detail: Int)
    case gross(payout: String, reference: String, place: Int)
    case payout(String)

    /// All cuts of the same card terminal and close together, as earlier versions named them; the
    /// item itself where it is no cut.
    package var wholeCut: SettledItem {
        guard case .cut(let close, let terminal, let scheme, _) = self else { return self }
        return .cut(close: close, cardTerminal: terminal, scheme: scheme)
    }
}

/// What a bank account showed and what it was for, as finance or a rule says (finance.md 3).
///
/// A match that concerns several yards stands in the log of each with the same items and with the
/// yard's own shares.
package struct SettlementRecord: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Takings and their credits belong together.
        case match
        /// An earlier record of this table counts no longer.
        case unmatch
        /// What bank or acquirer keep.
        case bankFee = "bank-fee"
        /// A card payment taken back by the cardholder's bank, or won back.
        case chargeback
        /// Money came for a claim.
        case claimPaid = "claim-paid"
        /// Money for a claim went back, or the claim goes to the treasury unpaid.
        case claimUnpaid = "claim-unpaid"

        /// What it is, in fixed German words.
        package var words: String {
            switch self {
            case .match: "Bankumsatz"
            case .unmatch: "Zuordnung aufgehoben"
            case .bankFee: "Entgelt"
            case .chargeback: "Rückbelastung"
            case .claimPaid: "Zahlung auf Forderung"
            case .claimUnpaid: "Forderung unbezahlt"
            }
        }

        package var recordKind: RecordKind {
            switch self {
            case .match: .match
            case .unmatch: .unmatch
            case .bankFee: .bankFee
            case .chargeback: .chargeback
            case .claimPaid: .claimPaid
            case .claimUnpaid: .claimUnpaid
            }
        }
    }

    package let kind: Kind
    /// Which rule made it: one of the rules of docs/formats/statements.md, `manual`, or `not-ours`
    /// for a bank line that has nothing to do with the yards.
    package let rule: String
    /// What should come.
    package let expected: [SettledItem]
    /// What came.
    package let received: [SettledItem]
    /// What the received amounts are for in this yard; may be empty.
    package let shares: [SettledShare]
    /// Index in this log of the record that counts no longer; only for ``Kind/unmatch``.
    package let undoes: Int64?
    /// The sale that a claim or chargeback is about.
    package let original: SaleReference?
    /// Why a person decided so; nil for a rule.
    package let reason: String?
    /// Who decided it, or who let the rules run.
    package let by: PersonID

    package init(
        kind: Kind, rule: String, expected: [SettledItem] = [], received: [SettledItem] = [],
        shares: [SettledShare] = [], undoes: Int64? = nil, original: SaleReference? = nil,
        reason: String? = nil, by: PersonID
    ) {
        self.kind = kind
        self.rule = rule
        self.expected = expected
        self.received = received
        self.shares = shares
        self.undoes = undoes
        self.original = original
        self.reason = reason
        self.by = by
    }

    /// What takes this record back: its shares with the other sign.
    package func undone(at index: Int64, reason: String, by person: PersonID) -> SettlementRecord {
        SettlementRecord(
            kind: .unmatch, rule: rule, expected: expected, received: received,
            shares: shares.negated, undoes: index, original: original, reason: reason, by: person)
    }
}

/// A bank or acquirer file was taken in (docs/formats/statements.md): what it is, and digests of
/// what it says.
package struct ImportedStatement: Hashable, Sendable {
    package struct Balance: Hashable, Sendable {
        package let amount: Cents
        package let day: BusinessDay?

        package init(amount: Cents, day: BusinessDay?) {
            self.amount = amount
            self.day = day
        }
    }

    /// `statement`, `notification` or `acquirer`.
    package let source: String
    /// SHA-256 of the whole file.
    package let file: Digest
    /// As the file spells it; the profile's id for an acquirer's file.
    package let account: String
    /// The bank's id of the statement.
    package let id: String
    package let sequence: Int64?
    package let currency: String
    package let opening: Balance?
    package let closing: Balance?
    package let lineCount: Int64
    /// SHA-256 over salt and all lines; the salt is kept with the lines.
    package let lines: Digest
    package let by: PersonID

    package init(
        source: String, file: Digest, account: String, id: String, sequence: Int64?,
        currency: String, opening: Balance?, closing: Balance?, lineCount: Int64, lines: Digest,
        by: PersonID
    ) {
        self.source = source
        self.file = file
        self.account = account
        self.id = id
        self.sequence = sequence
        self.currency = currency
        self.opening = opening
        self.closing = closing
        self.lineCount = lineCount
        self.lines = lines
        self.by = by
    }
}
