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
    /// What closes of earlier versions do not say; nil in theirs.
    package var course: CloseCourse?

    package init() {}
}

/// What the records of a close brought kind by kind, and when the first and last of them were made.
package struct CloseCourse: Hashable, Sendable {
    /// Money by the names of ``CloseTotals/counts``, negative for what was taken back or went out;
    /// zero ones left out. `sale`, `on-account`, `unknown`, `void`, `refund` and `resolution` add
    /// up to the turnover; those of the bank say what bank lines brought.
    package var amounts: [String: Cents] = [:]
    /// The earliest and the latest time at which a delivery was settled, ended or taken back, by
    /// the clock of who signed it; nil where there was none.
    package var receipts: ClosedRange<Timestamp>?

    package init(amounts: [String: Cents] = [:], receipts: ClosedRange<Timestamp>? = nil) {
        self.amounts = amounts
        self.receipts = receipts
    }
}

/// The balance of a clearing account (Geldtransit) before and after a close, debits less credits.
package struct ClearingBalance: Hashable, Sendable {
    package let account: Account
    package let before: Cents
    package let after: Cents

    package init(account: Account, before: Cents, after: Cents) {
        self.account = account
        self.before = before
        self.after = after
    }
}

/// What a close booked on a revenue account that the plan keeps for somebody else (Fremdgelder).
package struct ThirdPartyMoney: Hashable, Sendable {
    package let account: Account
    /// Credits less debits.
    package let amount: Cents

    package init(account: Account, amount: Cents) {
        self.account = account
        self.amount = amount
    }
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
    /// The card terminals' own totals as they were counted; empty in closes before there were cuts.
    package let cuts: [BatchCut]
    /// What was odd about the numbers of the cuts when it was approved; empty in closes before
    /// that was looked at.
    package let cutFindings: [CutFinding]
    /// Running grand total of turnover before and after; never reset.
    package let grandTotalBefore: Cents
    package var grandTotalAfter: Cents { grandTotalBefore + totals.turnover }
    package let countedBy: PersonID
    package let countedAt: Timestamp
    /// How often the count was made again after its comparison had been seen; 0 or more.
    package let recounts: Int64
    /// Each time that it was sent back, oldest first.
    package let sentBack: [SentBack]
    package let approvedBy: PersonID
    package let approvedAt: Timestamp
    /// The account plan that made the postings: id and SHA-256 of the file, hexadecimal.
    package let accountPlan: String
    package let accountPlanDigest: String
    /// Clearing accounts of the plan, and those that still hold something, by account; nil in
    /// closes of earlier versions.
    package let clearing: [ClearingBalance]?
    /// What was taken for others, by account; empty where the plan names no such account.
    package let thirdParty: [ThirdPartyMoney]
    /// Name and version of the program that made it, `hofbuch 0.1.0`; nil in closes of earlier
    /// versions.
    package let software: String?

    package init(
        number: Int64, yard: YardID, day: BusinessDay, from: Int64, to: Int64,
        totals: CloseTotals, comparisons: [CardComparison], cuts: [BatchCut] = [],
        cutFindings: [CutFinding] = [], grandTotalBefore: Cents, countedBy: PersonID,
        countedAt: Timestamp,
        recounts: Int64 = 0, sentBack: [SentBack] = [], approvedBy: PersonID,
        approvedAt: Timestamp, accountPlan: String, accountPlanDigest: String,
        clearing: [ClearingBalance]? = nil, thirdParty: [ThirdPartyMoney] = [],
        software: String? = nil
    ) {
        self.number = number
        self.yard = yard
        self.day = day
        self.from = from
        self.to = to
        self.totals = totals
        self.comparisons = comparisons
        self.cuts = cuts
        self.cutFindings = cutFindings
        self.grandTotalBefore = grandTotalBefore
        self.countedBy = countedBy
        self.countedAt = countedAt
        self.recounts = recounts
        self.sentBack = sentBack
        self.approvedBy = approvedBy
        self.approvedAt = approvedAt
        self.accountPlan = accountPlan
        self.accountPlanDigest = accountPlanDigest
        self.clearing = clearing
        self.thirdParty = thirdParty
        self.software = software
    }
}

/// A count that an approver did not accept.
package struct SentBack: Hashable, Sendable {
    package let by: PersonID
    package let at: Timestamp
    /// Why; one line.
    package let reason: String

    package init(by: PersonID, at: Timestamp, reason: String) {
        self.by = by
        self.at = at
        self.reason = reason
    }
}
