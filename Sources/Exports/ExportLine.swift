import DayClosing
package import Journal
package import Ledger
import Sales
package import Units

/// The way the money of a line went (Zahlweg).
package enum PaymentChannel: Int, Hashable, Comparable, Sendable, CaseIterable {
    case debitCard, creditCard, onAccount, bankTransfer, unresolved, bank

    /// The German office term, as written into files.
    package var words: String {
        switch self {
        case .debitCard: "Debitkarte"
        case .creditCard: "Kreditkarte"
        case .onAccount: "Rechnung"
        case .bankTransfer: "Überweisung"
        case .unresolved: "Ungeklärt"
        case .bank: "Bank"
        }
    }

    init(_ tender: Tender) {
        switch tender {
        case .debitCard: self = .debitCard
        case .creditCard: self = .creditCard
        case .onAccount: self = .onAccount
        case .bankTransfer: self = .bankTransfer
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Whether a line adds to turnover or takes back.
package enum LineKind: Int, Hashable, Sendable, CaseIterable {
    case posting, reversal
}

/// A line of a finance file: one amount from one account to another.
package struct ExportLine: Hashable, Sendable {
    /// What a line of totals stands for; equal keys are added up.
    package struct Key: Hashable, Sendable {
        /// The local date of the records (Belegdatum).
        package let date: BusinessDay
        package let kind: LineKind
        package let debit: Account
        package let credit: Account
        package let costCentre: String?
        package let channel: PaymentChannel

        package init(
            date: BusinessDay, kind: LineKind, debit: Account, credit: Account,
            costCentre: String?, channel: PaymentChannel
        ) {
            self.date = date
            self.kind = kind
            self.debit = debit
            self.credit = credit
            self.costCentre = costCentre
            self.channel = channel
        }

        // The accounts tell nearly all keys of a close apart.
        package func hash(into hasher: inout Hasher) {
            hasher.combine(debit)
            hasher.combine(credit)
            hasher.combine(kind)
        }
    }

    package let yard: YardID
    package let closeNumber: Int64
    /// The day of the close (Buchungsdatum).
    package let closeDay: BusinessDay
    /// From 1, without gaps inside a close.
    package internal(set) var number: Int
    /// The number of the first line of the same record; of a line of totals its own.
    package let firstNumber: Int
    package let key: Key
    /// Positive.
    package let amount: Cents
    /// The name of the account on the other side of the money; see ``contra``.
    package let name: String
    /// The receipt number of a line of a single record; empty for a line of totals.
    package let receipt: String
    /// Whom a transfer is paid to or who owes a claim; empty for a line of totals.
    package let people: [PersonalField: String]
    /// Whether ``account`` is the one credited.
    package let moneyIsCredited: Bool

    /// - Parameters:
    ///   - firstNumber: nil for a line that is the first of its record.
    ///   - moneyIsCredited: nil for what is usual, which is so of a reversal.
    package init(
        yard: YardID, closeNumber: Int64, closeDay: BusinessDay, number: Int, key: Key,
        amount: Cents, name: String, receipt: String, people: [PersonalField: String] = [:],
        firstNumber: Int? = nil, moneyIsCredited: Bool? = nil
    ) {
        self.yard = yard
        self.closeNumber = closeNumber
        self.closeDay = closeDay
        self.number = number
        self.firstNumber = firstNumber ?? number
        self.key = key
        self.amount = amount
        self.name = name
        self.receipt = receipt
        self.people = people
        self.moneyIsCredited = moneyIsCredited ?? (key.kind == .reversal)
    }
}

extension ExportLine {
    /// The account that ``side`` speaks about (Konto): where the money came in, of a reversal
    /// where it goes out, so that a reversal names the accounts in the original's order; of what a
    /// bank showed its account, or that of clearing.
    package var account: Account { moneyIsCredited ? key.credit : key.debit }
    /// The other account (Gegenkonto), such as revenue.
    package var contra: Account { moneyIsCredited ? key.debit : key.credit }
    /// The side of ``account``.
    package var side: Side { moneyIsCredited ? .credit : .debit }
    /// The close, such as `mitte-000317`.
    package var closeReference: String { "\(yard.text)-\(padded(closeNumber, 6))" }
}

extension ExportLine.Key: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        guard left.date == right.date, left.kind == right.kind else {
            return (left.date, left.kind.rawValue) < (right.date, right.kind.rawValue)
        }
        return (left.debit, left.credit, left.costCentre ?? "", left.channel)
            < (right.debit, right.credit, right.costCentre ?? "", right.channel)
    }
}

extension ClosedRecord {
    var channel: PaymentChannel {
        switch fact {
        case .noSale, .withheld, .unmatched: .unresolved
        case .settlement: .bank
        case .sale(_, let sale): sale.settlement.tender.map(PaymentChannel.init) ?? .unresolved
        case .reversal(let reversal, of: _):
            switch reversal.settlement {
            case .card(let slip): PaymentChannel(slip.scheme.tender)
            case .bankTransfer: .bankTransfer
            case .noMoney: takesClaimBack ? .onAccount : .unresolved
            }
        case .resolution(let resolution, of: _):
            switch resolution.finding {
            case .charged(let slip): PaymentChannel(slip.scheme.tender)
            case .notChargedClaim: .onAccount
            case .notChargedVoid: .unresolved
            }
        }
    }

    /// A reversal, or a payment found not to be charged whose sale falls away.
    var kind: LineKind {
        switch fact {
        case .sale, .noSale, .withheld, .unmatched: .posting
        case .settlement(let record): record.undoes == nil ? .posting : .reversal
        case .reversal: .reversal
        case .resolution(let resolution, of: _):
            resolution.finding == .notChargedVoid ? .reversal : .posting
        }
    }

    /// The receipt number of the sale that the record is or speaks about; for a record about bank
    /// lines its own place in the log.
    var receiptNumber: String {
        switch fact {
        case .sale(let reference, _), .noSale(let reference, _), .withheld(let reference),
            .unmatched(let reference):
            reference.receiptNumber
        case .reversal(let reversal, of: _): reversal.original.receiptNumber
        case .resolution(let resolution, of: _): resolution.original.receiptNumber
        case .settlement: "bank-\(padded(index, 6))"
        }
    }
}
