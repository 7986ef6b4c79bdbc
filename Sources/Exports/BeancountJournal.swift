package import DayClosing
import Ledger
import Units

/// Plain-text accounting for beancount 2 and 3 (docs/formats/export-hledger.md).
package enum BeancountJournal {
    /// The journal of `batches` in UTF-8, close by close: its accounts, one transaction for each
    /// record that moves money, and the balance of every account and clearing account.
    ///
    /// A balance of beancount holds at the start of its day, so it cannot stand between two closes
    /// of one day, nor before a sale that came late. So each close posts to accounts of its own,
    /// below the account, and their balances stand on the day after its last date.
    ///
    /// - Throws: ``ExportError``, the checks of the batches; `X-E13` at the edge of the calendar.
    package static func bytes(of batches: [ClosedBatch]) throws(ExportError) -> [UInt8] {
        try batches.check()
        var text = "option \"operating_currency\" \"EUR\"\n"
        for batch in batches { text += try self.text(of: batch) }
        return Array(text.utf8)
    }

    private static func text(of batch: ClosedBatch) throws(ExportError) -> String {
        let days = [batch.close.day] + batch.records.map(\.day)
        let last = days.max() ?? batch.close.day
        guard let after = BusinessDay(ordinal: last.ordinal + 1) else {
            throw ExportError(
                .dateOutOfRange, field: "balance", value: last.iso,
                remedy: "Kontensummen stehen am Tag danach. Prüfen Sie die Uhr des Terminals.")
        }
        let first = days.min() ?? batch.close.day
        let balances = PlainTextBalances([batch.planned])
        var text = "\n"
        for name in balances.names { text += "\(first.iso) open \(account(name, batch)) EUR\n" }
        for record in batch.records where !record.entry.postings.isEmpty {
            text += transaction(record, batch)
        }
        text += "\n"
        // One assertion each: the card totals are those of an account that has one already, and
        // beancount checks both.
        for (name, amount) in balances.accounts + balances.cards {
            // beancount otherwise lets a cent pass.
            text +=
                "\(after.iso) balance \(account(name, batch))  "
                + "\(amount.plainEuros.dropLast(4)) ~ 0 EUR\n"
        }
        return text
    }

    /// Accounts begin with one of five words; which one is of no matter to the sums. A cost centre
    /// stands beside its account, because a balance of beancount takes in the accounts below.
    private static func account(_ name: String, _ batch: ClosedBatch) -> String {
        let close = "\(padded(batch.close.number, 6))-\(batch.close.yard.text)"
        return "Assets:K\(allowed(name)):\(allowed(close))"
    }

    /// Letters, digits and hyphens are all that beancount takes in a name.
    private static func allowed(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
                        ? scalar : "-"
                }))
    }

    private static func transaction(_ record: ClosedRecord, _ batch: ClosedBatch) -> String {
        "\n\(record.day.iso) * \"\(record.receiptNumber)\" \"\(record.words)\"\n"
            + "  index: \(record.index)\n  close: \"\(batch.reference)\"\n"
            + record.entry.postings.map {
                "  \(account($0.accountName, batch))  \($0.balance.plainEuros)\n"
            }.joined()
    }
}
