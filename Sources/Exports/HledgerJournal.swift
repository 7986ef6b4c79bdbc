package import DayClosing
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
        let names = Set(batches.balances().map(\.account))
            .union(batches.flatMap { $0.plan.clearing.values.map(\.number) })
        for name in names.sorted() { append("account \(name)\n") }
    }

    mutating func append(_ record: ClosedRecord, close: String) {
        append("\n\(record.day.iso) * (\(record.receiptNumber)) \(record.words)")
        append("  ; index:\(record.index), close:\(close)\n")
        for posting in record.entry.postings {
            append("    \(posting.accountName)  \(posting.balance.plainEuros)\n")
        }
    }

    /// Balances at the end: assertions of hledger hold by date, and records of a later close may
    /// be dated before an earlier one.
    mutating func appendBalances(_ batches: [ClosedBatch]) {
        let days = batches.map(\.close.day) + batches.flatMap { $0.records.map(\.day) }
        guard let last = days.max() else { return }
        let closes = batches.map(\.reference).joined(separator: " ")
        append("\n\(last.iso) * Kontensummen \(closes)\n")
        for (name, amount) in batches.balances() { assert(name, amount) }
        append("\n\(last.iso) * Kartensummen \(closes)\n")
        for (name, amount) in batches.cards() { assert(name, amount) }
    }

    private mutating func assert(_ name: String, _ amount: Cents) {
        append("    \(name)  0.00 EUR = \(amount.plainEuros)\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
