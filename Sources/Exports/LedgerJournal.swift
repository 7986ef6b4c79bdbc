package import DayClosing
import Ledger
import Units

/// Plain-text accounting for the program ledger (docs/formats/export-hledger.md).
package enum LedgerJournal {
    /// The journal of `batches` in UTF-8: declarations, then for each close its records and the
    /// balance of every account and clearing account as assertions, which ledger checks in the
    /// order of the file.
    ///
    /// - Throws: ``ExportError``, the checks of the batches.
    package static func bytes(of batches: [ClosedBatch]) throws(ExportError) -> [UInt8] {
        try batches.check()
        var text = declarations(batches)
        var balances = PlainTextBalances()
        for batch in batches {
            balances.add(batch)
            for record in batch.records where !record.entry.postings.isEmpty {
                text += transaction(record, batch.reference)
            }
            text += assertions("Kontensummen \(batch.reference)", batch, balances.accounts)
            text += assertions("Kartensummen \(batch.reference)", batch, balances.cards)
        }
        return Array(text.utf8)
    }

    private static func declarations(_ batches: [ClosedBatch]) -> String {
        "commodity EUR\n    format 1000.00 EUR\n\ntag index\ntag close\n\n"
            + PlainTextBalances(batches).names.map { "account \($0)\n" }.joined()
    }

    private static func transaction(_ record: ClosedRecord, _ close: String) -> String {
        "\n\(record.day.iso) * (\(record.receiptNumber)) \(record.words)\n"
            + "    ; index: \(record.index)\n    ; close: \(close)\n"
            + record.entry.postings.map {
                "    \($0.accountName)  \($0.balance.plainEuros)\n"
            }.joined()
    }

    private static func assertions(
        _ title: String, _ batch: ClosedBatch, _ balances: [(account: String, amount: Cents)]
    ) -> String {
        guard !balances.isEmpty else { return "" }
        return "\n\(batch.close.day.iso) * \(title)\n"
            + balances.map {
                "    \($0.account)  0.00 EUR = \($0.amount.plainEuros)\n"
            }.joined()
    }
}
