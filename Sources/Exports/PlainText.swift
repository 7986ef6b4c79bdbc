import DayClosing
import Journal
import Ledger
import Sales
import Units

// What the plain-text journals have in common.

extension [ClosedBatch] {
    /// Debits less credits by account name, sorted; from the approved totals, not the postings.
    func balances() -> [(account: String, amount: Cents)] {
        var sums: [String: Cents] = [:]
        for total in flatMap(\.close.totals.accounts) {
            let name = total.costCentre.map { "\(total.account.number):\($0)" }
            sums[name ?? total.account.number, default: .zero] += total.debit - total.credit
        }
        return sums.sorted { $0.key < $1.key }.map { (account: $0.key, amount: $0.value) }
    }

    /// Card totals by clearing account, from the card slips, sorted.
    func cards() -> [(account: String, amount: Cents)] {
        var sums: [String: Cents] = [:]
        for batch in self {
            for (account, amount) in batch.expectedClearing() {
                sums[account.number, default: .zero] += amount
            }
        }
        return sums.sorted { $0.key < $1.key }.map { (account: $0.key, amount: $0.value) }
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
        case .reversal(let reversal, of: _): reversal.kind == .void ? "Storno" : "Erstattung"
        case .resolution: "Klärung"
        case .settlement(let record): record.kind.words
        }
    }
}
