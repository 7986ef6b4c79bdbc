package import DayClosing
import Ledger
import Units

/// Plain-text accounting for beancount 2 and 3 (docs/formats/export-hledger.md).
package enum BeancountJournal {
    /// The journal of `batches` in UTF-8: accounts, one transaction for each record that moves
    /// money, the balance of every account and clearing account after the last day.
    ///
    /// Every balance has a tolerance of zero, because beancount otherwise lets a cent pass. A
    /// balance holds at the start of its day, so it stands on the day after.
    ///
    /// - Throws: ``ExportError``, the checks of the batches; `X-E13` at the edge of the calendar.
    package static func bytes(of batches: [ClosedBatch]) throws(ExportError) -> [UInt8] {
        try batches.check()
        let days = batches.map(\.close.day) + batches.flatMap { $0.records.map(\.day) }
        guard let first = days.min(), let last = days.max() else { return [] }
        guard let after = BusinessDay(ordinal: last.ordinal + 1) else {
            throw ExportError(
                .dateOutOfRange, field: "balance", value: last.iso,
                remedy: "Kontensummen stehen am Tag danach. Prüfen Sie die Uhr des Terminals.")
        }
        let balances = batches.balances()
        let cards = batches.cards()
        var text = "option \"operating_currency\" \"EUR\"\n\n"
        for name in Set(balances.map(\.account)).union(cards.map(\.account)).sorted() {
            text += "\(first.iso) open \(account(name)) EUR\n"
        }
        for batch in batches {
            for record in batch.records where !record.entry.postings.isEmpty {
                text += transaction(record, batch.reference)
            }
        }
        text += "\n"
        // One assertion each: the card totals are those of an account that has one already, and
        // beancount checks both.
        for (name, amount) in balances + cards { text += balance(name, amount, on: after) }
        return Array(text.utf8)
    }

    /// Accounts begin with one of five words; which one is of no matter to the sums. A cost centre
    /// stands beside its account, because a balance of beancount takes in the accounts below.
    private static func account(_ name: String) -> String {
        "Assets:K" + String(String.UnicodeScalarView(name.unicodeScalars.map(allowed)))
    }

    /// Letters, digits and hyphens are all that beancount takes in a name.
    private static func allowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal ? scalar : "-"
    }

    private static func transaction(_ record: ClosedRecord, _ close: String) -> String {
        "\n\(record.day.iso) * \"\(record.receiptNumber)\" \"\(record.words)\"\n"
            + "  index: \(record.index)\n  close: \"\(close)\"\n"
            + record.entry.postings.map {
                "  \(account($0.accountName))  \($0.balance.plainEuros)\n"
            }.joined()
    }

    private static func balance(_ name: String, _ amount: Cents, on day: BusinessDay) -> String {
        let number = amount.plainEuros.dropLast(4)
        return "\(day.iso) balance \(account(name))  \(number) ~ 0 EUR\n"
    }
}
