package import Units

/// One entry of a bank statement (Umsatz).
package struct StatementEntry: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case booked = "BOOK"
        case pending = "PDNG"
        case information = "INFO"
        case future = "FUTR"
    }

    /// Positive for a credit, negative for a debit; files give side and magnitude apart.
    package let amount: Cents
    package let currency: String
    package let status: Status
    /// Takes back an earlier entry.
    package let isReversal: Bool
    package let bookedOn: BusinessDay?
    package let valueOn: BusinessDay?
    package let kind: TransactionKind
    package let facts: TransactionFacts
    /// Takings of a card terminal, where the bank says so (camt .08).
    package let card: CardTakings?
    /// In the order of the file; empty where the bank gives none.
    package let details: [EntryDetail]

    package init(
        amount: Cents, currency: String, status: Status, isReversal: Bool,
        bookedOn: BusinessDay?, valueOn: BusinessDay?, kind: TransactionKind,
        facts: TransactionFacts, card: CardTakings?, details: [EntryDetail]
    ) {
        self.amount = amount
        self.currency = currency
        self.status = status
        self.isReversal = isReversal
        self.bookedOn = bookedOn
        self.valueOn = valueOn
        self.kind = kind
        self.facts = facts
        self.card = card
        self.details = details
    }
}

/// One transaction inside an entry (TxDtls).
package struct EntryDetail: Hashable, Sendable {
    /// Signed like the entry's; nil where the bank gives the entry's amount alone.
    package let amount: Cents?
    package let kind: TransactionKind
    package let facts: TransactionFacts
    package let card: CardTakings?
    /// The reason of a return (RtrInf), such as `AC04`.
    package let returnReason: String?

    package init(
        amount: Cents?, kind: TransactionKind, facts: TransactionFacts, card: CardTakings?,
        returnReason: String?
    ) {
        self.amount = amount
        self.kind = kind
        self.facts = facts
        self.card = card
        self.returnReason = returnReason
    }
}

/// What kind of transaction the bank says it is.
package struct TransactionKind: Hashable, Sendable {
    /// Domain, family and sub-family (ISO 20022), such as `PMNT/MCRD/POSP`; nil if not given.
    package let code: String?
    /// The Geschäftsvorfallcode of the Deutsche Kreditwirtschaft, three digits; nil if not given.
    package let gvc: String?

    package init(code: String? = nil, gvc: String? = nil) {
        self.code = code
        self.gvc = gvc
    }

    package static let unknown = TransactionKind()
}

/// References and words of a transaction. Card numbers in it are masked.
package struct TransactionFacts: Hashable, Sendable {
    /// The bank's own reference (AcctSvcrRef); nil if not given.
    package let bankReference: String?
    /// All other references, in the order of the file: entry, end to end, mandate, proprietary.
    package let references: [String]
    /// The other party, where named.
    package let party: String?
    /// Remittance text joined in order, then additional text; may be empty.
    package let text: String
    /// Fees named inside the transaction (Chrgs); zero if none.
    package let charges: Cents

    package init(
        bankReference: String? = nil, references: [String] = [], party: String? = nil,
        text: String = "", charges: Cents = .zero
    ) {
        self.bankReference = bankReference.map(CardNumbers.masked)
        self.references = references.map(CardNumbers.masked)
        self.party = party
        self.text = CardNumbers.masked(text)
        self.charges = charges
    }
}

/// What CardTx says; the card itself is never read.
package struct CardTakings: Hashable, Sendable {
    /// The terminal as the bank numbers it (POI/Id/Id).
    package let terminal: String?
    /// The bank's id of the batch (SaleRcncltnId).
    package let batch: String?

    package init(terminal: String?, batch: String?) {
        self.terminal = terminal
        self.batch = batch
    }
}
