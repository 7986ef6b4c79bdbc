package import DayClosing
import Journal
import Ledger
import Sales
import Units

/// Plain-text accounting for hledger: an independent second opinion on our sums
/// (docs/formats/export-hledger.md).
package enum HledgerJournal {
    /// The journal of `batches` in UTF-8: declarations, one transaction for each record, then the
    /// balance of every account and of the clearing accounts as assertions.
    ///
    /// - Throws: ``ExportError``, the checks of the batches.
    package static func bytes(of batches: [ClosedBatch]) throws(ExportError) -> [UInt8] {
        try batches.check()
        var text = HledgerText()
        text.declare(batches)
        for batch in batches {
            for record in batch.records { text.append(record, close: batch.reference) }
        }
        text.appendBalances(batches)
        return text.bytes
    }
}

/// The text of a journal as it grows.
private struct HledgerText {
    var bytes: [UInt8] = []

    mutating func declare(_ batches: [ClosedBatch]) {
        append("decimal-mark .\ncommodity 1000.00 EUR\n\n")
        let names = Set(balances(of: batches).map(\.account))
            .union(batches.flatMap { $0.plan.clearing.values.map(\.number) })
        for name in names.sorted() { append("account \(name)\n") }
    }

    mutating func append(_ record: ClosedRecord, close: String) {
        append("\n\(record.day.iso) * (\(record.receiptNumber)) \(record.words)")
        append("  ; index:\(record.index), close:\(close)\n")
        for posting in record.entry.postings {
            let amount = posting.side == .debit ? posting.amount : -posting.amount
            append("    \(Self.name(posting.account, posting.costCentre))  \(Self.euros(amount))\n")
        }
    }

    /// Balances at the end: assertions of hledger hold by date, and records of a later close may
    /// be dated before an earlier one.
    mutating func appendBalances(_ batches: [ClosedBatch]) {
        let days = batches.map(\.close.day) + batches.flatMap { $0.records.map(\.day) }
        guard let last = days.max() else { return }
        let closes = batches.map(\.reference).joined(separator: " ")
        append("\n\(last.iso) * Kontensummen \(closes)\n")
        for (name, amount) in balances(of: batches) { assert(name, amount) }
        append("\n\(last.iso) * Kartensummen \(closes)\n")
        var cards: [String: Cents] = [:]
        for batch in batches {
            for (account, amount) in batch.expectedClearing() {
                cards[account.number, default: .zero] += amount
            }
        }
        for (name, amount) in cards.sorted(by: { $0.key < $1.key }) { assert(name, amount) }
    }

    private mutating func assert(_ name: String, _ amount: Cents) {
        append("    \(name)  0.00 EUR = \(Self.euros(amount))\n")
    }

    /// Debits less credits by account name, sorted; from the approved totals, not the postings.
    private func balances(of batches: [ClosedBatch]) -> [(account: String, amount: Cents)] {
        var sums: [String: Cents] = [:]
        for total in batches.flatMap(\.close.totals.accounts) {
            let name = Self.name(total.account, total.costCentre)
            sums[name, default: .zero] += total.debit - total.credit
        }
        return sums.sorted { $0.key < $1.key }.map { (account: $0.key, amount: $0.value) }
    }

    /// A cost centre is an account below its account.
    private static func name(_ account: Account, _ costCentre: String?) -> String {
        costCentre.map { "\(account.number):\($0)" } ?? account.number
    }

    /// `-1234.50 EUR`: a point, two digits, no groups, so that no program guesses.
    private static func euros(_ cents: Cents) -> String {
        let magnitude = cents.magnitude.value
        let sign = cents.isNegative ? "-" : ""
        return "\(sign)\(magnitude / 100).\(padded(magnitude % 100, 2)) EUR"
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension ClosedRecord {
    /// What the record is, in fixed words without any text typed by people.
    fileprivate var words: String {
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
