package import Units

/// A card scheme (Kartenmarke) as the card terminal names it on slip and totals.
package enum CardScheme: String, Hashable, Sendable, CaseIterable {
    case girocard
    case maestro
    case vpay = "v-pay"
    case visaDebit = "visa-debit"
    case mastercardDebit = "mastercard-debit"
    case visa
    case mastercard
    case amex = "american-express"

    package var tender: Tender {
        switch self {
        case .girocard, .maestro, .vpay, .visaDebit, .mastercardDebit: .debitCard
        case .visa, .mastercard, .amex: .creditCard
        }
    }
}

/// How money is owed or moved (Zahlart). Closed: cash, stored value and vouchers have no spelling
/// (design decision 2; AEAO section 146a number 1.2).
package enum Tender: String, Hashable, Sendable, CaseIterable {
    case debitCard = "debit-card"
    case creditCard = "credit-card"
    /// A claim against a named debtor.
    case onAccount = "on-account"
    /// Refunds only: paid out by finance.
    case bankTransfer = "bank-transfer"
}

/// What a card terminal's slip says about a payment, a reversal or a refund.
package struct CardSlip: Hashable, Sendable {
    /// Terminal-ID (TID) of the card terminal, 1 to 16 digits or capital letters.
    package let cardTerminal: String
    package let scheme: CardScheme
    /// Beleg-Nr.
    package let receiptNumber: String
    /// Trace-Nr.
    package let traceNumber: String
    /// Genehmigungs-Nr.; nil if the slip shows none.
    package let authorisation: String?
    /// The last four digits of the card; nil if the slip shows none. Never more digits.
    package let lastFour: String?

    /// Nil if a field is empty, longer than 16, or holds anything but digits and capital letters;
    /// the numbers and the last four must be digits.
    package init?(
        cardTerminal: String, scheme: CardScheme, receiptNumber: String, traceNumber: String,
        authorisation: String? = nil, lastFour: String? = nil
    ) {
        guard Self.isCode(cardTerminal), Self.isNumber(receiptNumber, 1...9),
            Self.isNumber(traceNumber, 1...9), authorisation.map(Self.isCode) ?? true,
            lastFour.map({ Self.isNumber($0, 4...4) }) ?? true
        else { return nil }
        self.cardTerminal = cardTerminal
        self.scheme = scheme
        self.receiptNumber = receiptNumber
        self.traceNumber = traceNumber
        self.authorisation = authorisation
        self.lastFour = lastFour
    }

    private static func isNumber(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether `text` can be the number of a card terminal or an authorisation code.
    package static func isCode(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }
}

/// The outcome of one card step (design decision 11).
package enum CardOutcome: Hashable, Sendable {
    case approved(CardSlip)
    case declined
    case aborted
    case notStarted
    /// Money may have moved and nobody heard it; resolved by slip, totals or a person.
    case unknown

    package var name: String {
        switch self {
        case .approved: "approved"
        case .declined: "declined"
        case .aborted: "aborted"
        case .notStarted: "not-started"
        case .unknown: "unknown"
        }
    }
}

/// A card step that brought no approval, kept for completeness (GoBD).
package struct FailedAttempt: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case declined, aborted
        case notStarted = "not-started"
    }

    package let outcome: Outcome
    /// The card terminal, where known.
    package let cardTerminal: String?
    package let at: Timestamp

    package init(outcome: Outcome, cardTerminal: String?, at: Timestamp) {
        self.outcome = outcome
        self.cardTerminal = cardTerminal
        self.at = at
    }
}

/// How a sale was settled. A paid sale without its slip, or a claim without its debtor, has no
/// spelling.
package enum Settlement: Hashable, Sendable {
    /// Nothing to pay: the total is zero.
    case free
    case card(CardSlip)
    /// A claim; the debtor's name and address travel as the personal field `debtor`.
    case onAccount
    /// The card terminal fell silent; `cardTerminal` where known.
    case unknown(cardTerminal: String?)

    package var isUnknown: Bool { if case .unknown = self { true } else { false } }

    package var tender: Tender? {
        switch self {
        case .free, .unknown: nil
        case .card(let slip): slip.scheme.tender
        case .onAccount: .onAccount
        }
    }
}
