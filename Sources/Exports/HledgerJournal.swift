package import DayClosing
import Ledger
import Sales
import Units

/// Plain-text accounting for hledger: an independent second opinion on our sums
/// (docs/formats/export-hledger.md).
package enum HledgerJournal {
    /// The journal of `batches` in UTF-8: declarations, then for each close one transaction for
    /// each record, and the balance of every account and of the clearing accounts as assertions.
    ///
    /// - Throws: ``ExportError``, the checks of the batches.
    package static func bytes(of batches: [ClosedBatch]) throws(ExportError) -> [UInt8] {
        try batches.check()
        var text = HledgerText()
        text.declare(batches)
        for batch in batches { text.append(batch) }
        return text.bytes
    }
}

/// The text of a journal as it grows.
private struct HledgerText {
    var bytes: [UInt8] = []
    private var balances = PlainTextBalances()
    private var booked: BusinessDay?

    mutating func declare(_ batches: [ClosedBatch]) {
        append("decimal-mark .\ncommodity 1000.00 EUR\n\n")
        for name in PlainTextBalances(batches).names { append("account \(name)\n") }
    }

    /// hledger checks assertions by date, within a day by their order. So a close is booked on its
    /// own day, and never before the close that it follows: a clock that went back may have given
    /// it an earlier one.
    mutating func append(_ batch: ClosedBatch) {
        let day = max(booked ?? batch.close.day, batch.close.day)
        booked = day
        balances.add(batch)
        for record in batch.records { append(record, on: day, close: batch.reference) }
        assert("Kontensummen \(batch.reference)", on: day, balances.accounts)
        assert("Kartensummen \(batch.reference)", on: day, balances.cards)
    }

    /// The record's own day is the secondary date.
    private mutating func append(_ record: ClosedRecord, on day: BusinessDay, close: String) {
        let own = record.day == day ? "" : "=\(record.day.iso)"
        append("\n\(day.iso)\(own) * (\(record.receiptNumber)) \(record.words)")
        append("  ; index:\(record.index), close:\(close)\n")
        for posting in record.entry.postings {
            append("    \(posting.accountName)  \(posting.balance.plainEuros)\n")
        }
    }

    private mutating func assert(
        _ title: String, on day: BusinessDay, _ balances: [(account: String, amount: Cents)]
    ) {
        guard !balances.isEmpty else { return }
        append("\n\(day.iso) * \(title)\n")
        for (name, amount) in balances {
            append("    \(name)  0.00 EUR = \(amount.plainEuros)\n")
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
