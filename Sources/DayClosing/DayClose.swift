package import Ledger
package import Sales
package import Tariffs
package import Units

/// A count and an amount.
package struct Tally: Hashable, Sendable {
    package var count: Int64
    package var amount: Cents

    package init(count: Int64 = 0, amount: Cents = .zero) {
        self.count = count
        self.amount = amount
    }

    package mutating func add(_ amount: Cents) {
        count += 1
        self.amount = self.amount + amount
    }
}

/// A card terminal and scheme: the unit in which card terminals print their totals.
package struct CardKey: Hashable, Comparable, Sendable {
    package let cardTerminal: String
    package let scheme: CardScheme

    package init(cardTerminal: String, scheme: CardScheme) {
        self.cardTerminal = cardTerminal
        self.scheme = scheme
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.cardTerminal, left.scheme.rawValue) < (right.cardTerminal, right.scheme.rawValue)
    }
}

/// Why the card terminal's total differs (reason catalogue of the close).
package enum DifferenceReason: String, Hashable, Sendable, CaseIterable {
    case missingInLedger = "missing-in-ledger"
    case missingInTerminal = "missing-in-terminal"
    case amountDiffers = "amount-differs"
    case schemeDiffers = "scheme-differs"
    case straddling
    case otherBusiness = "other-business"
    case reversalUnmatched = "reversal-unmatched"
    case testTransaction = "test-transaction"
    case unexplained
}

/// Our total beside the card terminal's own, for one card terminal and scheme.
package struct CardComparison: Hashable, Sendable {
    package let key: CardKey
    /// From the journal: payments less card refunds.
    package let expected: Tally
    /// Typed in from the card terminal's totals slip.
    package let counted: Tally
    /// Named when the two differ; nil when they agree or nothing was said yet.
    package let reason: DifferenceReason?
    package let explanation: String?
    /// Counted less expected.
    package var difference: Cents { counted.amount - expected.amount }
    package var agrees: Bool { counted == expected }

    package init(
        key: CardKey, expected: Tally, counted: Tally, reason: DifferenceReason? = nil,
        explanation: String? = nil
    ) {
        self.key = key
        self.expected = expected
        self.counted = counted
        self.reason = reason
        self.explanation = explanation
    }
}

/// The sequence numbers of one yard terminal that a close holds.
package struct TerminalRange: Hashable, Sendable {
    package let terminal: TerminalID
    package let first: Int64
    package let last: Int64
    package let count: Int64
    /// Numbers inside the terminal's range so far that never arrived, ascending.
    package let missing: [Int64]

    package init(terminal: TerminalID, first: Int64, last: Int64, count: Int64, missing: [Int64]) {
        self.terminal = terminal
        self.first = first
        self.last = last
        self.count = count
        self.missing = missing
    }
}

/// The total of one tariff position.
package struct PositionTotal: Hashable, Sendable {
    package let tariff: String
    package let position: String
    package let name: String
    package let legalForm: LegalForm
    package let vat: VATTreatment
    package let tally: Tally

    package init(
        tariff: String, position: String, name: String, legalForm: LegalForm, vat: VATTreatment,
        tally: Tally
    ) {
        self.tariff = tariff
        self.position = position
        self.name = name
        self.legalForm = legalForm
        self.vat = vat
        self.tally = tally
    }
}

/// Debits and credits of one account over a close.
package struct AccountTotal: Hashable, Sendable {
    package let account: Account
    package let costCentre: String?
    package let debit: Cents
    package let credit: Cents

    package init(account: Account, costCentre: String?, debit: Cents, credit: Cents) {
        self.account = account
        self.costCentre = costCentre
        self.debit = debit
        self.credit = credit
    }
}

/// Everything a close adds up, before anybody counted: a pure function of the records it holds.
package struct CloseTotals: Hashable, Sendable {
    /// How many records of each kind: `sale`, `free`, `on-account`, `unknown`, `void`, `refund`,
    /// `resolution`, `refused`, `declined`, `aborted`; sorted by name, zero ones left out.
    package var counts: [String: Int64] = [:]
    package var positions: [PositionTotal] = []
    /// Sales less reversals by VAT treatment.
    package var vat: [VATBlock] = []
    /// Sales less reversals by tender.
    package var tenders: [Tender: Tally] = [:]
    /// Expected card totals: payments less card refunds and voids.
    package var cards: [CardKey: Tally] = [:]
    package var accounts: [AccountTotal] = []
    package var terminals: [TerminalRange] = []
    /// Gross sales less reversals.
    package var turnover: Cents = .zero
    /// Payments still unknown, to be carried over by name.
    package var unknown: [SaleReference] = []
    /// Sales whose own business day is before the close's.
    package var late: [SaleReference] = []
    /// Log positions of records with flags.
    package var flagged: [Int64] = []
    /// What bank lines were for, each matter once in the order of its code; empty where nothing
    /// was settled or the finance software posts the bank itself.
    package var settled: [SettledShare] = []

    package init() {}
}

/// A day close (Tagesabschluss): a cut of the journal that two people signed.
package struct DayClose: Hashable, Sendable {
    /// Gapless per yard, from 1.
    package let number: Int64
    package let yard: YardID
    package let day: BusinessDay
    package var budgetYear: Int { day.year }
    /// First log position held and the position after the last one.
    package let from: Int64
    package let to: Int64
    package let totals: CloseTotals
    package let comparisons: [CardComparison]
    /// Running grand total of turnover before and after; never reset.
    package let grandTotalBefore: Cents
    package var grandTotalAfter: Cents { grandTotalBefore + totals.turnover }
    package let countedBy: PersonID
    package let countedAt: Timestamp
    package let approvedBy: PersonID
    package let approvedAt: Timestamp
    /// The account plan that made the postings: id and SHA-256 of the file, hexadecimal.
    package let accountPlan: String
    package let accountPlanDigest: String

    package init(
        number: Int64, yard: YardID, day: BusinessDay, from: Int64, to: Int64,
        totals: CloseTotals, comparisons: [CardComparison], grandTotalBefore: Cents,
        countedBy: PersonID, countedAt: Timestamp, approvedBy: PersonID, approvedAt: Timestamp,
        accountPlan: String, accountPlanDigest: String
    ) {
        self.number = number
        self.yard = yard
        self.day = day
        self.from = from
        self.to = to
        self.totals = totals
        self.comparisons = comparisons
        self.grandTotalBefore = grandTotalBefore
        self.countedBy = countedBy
        self.countedAt = countedAt
        self.approvedBy = approvedBy
        self.approvedAt = approvedAt
        self.accountPlan = accountPlan
        self.accountPlanDigest = accountPlanDigest
    }
}
