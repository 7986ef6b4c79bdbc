import DayClosing
import Journal
import Ledger
import Sales
import Units

// What the plain-text journals have in common.

/// What closes come to, added up as a journal goes on from one to the next.
struct PlainTextBalances {
    private var accountSums: [String: Cents] = [:]
    private var cardSums: [String: Cents] = [:]

    /// The balances of these closes together.
    init(_ closes: [PlannedClose] = []) {
        for close in closes { add(close) }
    }

    mutating func add(_ planned: PlannedClose) {
        for total in planned.close.totals.accounts {
            let name = total.costCentre.map { "\(total.account.number):\($0)" }
            accountSums[name ?? total.account.number, default: .zero] += total.debit - total.credit
        }
        for (account, amount) in planned.expectedClearing() {
            cardSums[account.number, default: .zero] += amount
        }
    }

    /// Debits less credits by account name, sorted; from the approved totals, not the postings.
    var accounts: [(account: String, amount: Cents)] { Self.sorted(accountSums) }

    /// Card totals by clearing account, from the card slips, sorted.
    var cards: [(account: String, amount: Cents)] { Self.sorted(cardSums) }

    /// Every account named, sorted.
    var names: [String] { Set(accountSums.keys).union(cardSums.keys).sorted() }

    private static func sorted(_ sums: [String: Cents]) -> [(account: String, amount: Cents)] {
        sums.sorted { $0.key < $1.key }.map { (account: $0.key, amount: $0.value) }
    }
}

extension Posting {
    /// A cost centre is an account below its account.
    var accountName: String { costCentre.map { "\(account.number):\($0)" } ?? account.number }

    /// Positive for a debit.
    var balance: Cents { side == .debit ? amount : -amount }
}

extension Cents {
    /// `-1234.50 EUR`: a point, two digits, no groups, so that no program guesses.
    var plainEuros: String {
        let magnitude = magnitude.value
        let sign = isNegative ? "-" : ""
        return "\(sign)\(magnitude / 100).\(padded(magnitude % 100, 2)) EUR"
    }
}

extension ClosedRecord {
    /// What the record is, in fixed words without any text typed by people.
    var words: String {
        switch fact {
        case .sale(_, let sale):
            switch sale.settlement {
            case .free: "Kostenlose Anlieferung"
            case .card: "Kartenzahlung"
            case .onAccount: "Rechnung"
            case .unknown: "Ungeklärte Kartenzahlung"
            }
        case .noSale: "Ohne Verkauf"
        case .withheld: "Gesperrter Schlüssel"
        case .unmatched: "Ohne passenden Verkauf"
        case .reversal(let reversal, of: _): reversal.kind == .void ? "Storno" : "Erstattung"
        case .resolution: "Klärung"
        case .settlement(let record): record.kind.words
        }
    }
}
