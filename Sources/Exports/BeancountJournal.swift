package import DayClosing
import Ledger
import Units

/// Plain-text accounting for beancount 2 and 3 (docs/formats/export-hledger.md), in UTF-8: close by
/// close its accounts, one transaction for each record that moves money, and the balance of every
/// account and clearing account.
///
/// A balance of beancount holds at the start of its day, so it cannot stand between two closes of
/// one day, nor before a sale that came late. So each close posts to accounts of its own, below the
/// account, and their balances stand on the day after its last date; `X-E13` at the edge of the
/// calendar.
package struct BeancountJournal: ExportWriter {
    private var file: GrowingFile
    private var close: PlannedClose?
    /// The transactions of the close at hand: its accounts open before them, on the first day of
    /// all, which only the last record settles.
    private var transactions: [UInt8] = []
    private var (first, last): (BusinessDay?, BusinessDay?) = (nil, nil)

    /// - Parameter closes: all that will go by, in their order: the file is called by them.
    package init(of closes: [PlannedClose]) {
        file = GrowingFile(
            name: "\(closes.span).beancount",
            bytes: Array("option \"operating_currency\" \"EUR\"\n".utf8))
    }

    package mutating func begin(_ planned: PlannedClose) {
        close = planned
        (first, last) = (planned.close.day, planned.close.day)
    }

    package mutating func add(_ record: ClosedRecord) {
        guard let close, let first, let last else { return }
        self.first = min(first, record.day)
        self.last = max(last, record.day)
        guard !record.entry.postings.isEmpty else { return }
        transactions += Self.transaction(record, close).utf8
    }

    package mutating func end(_ totals: TotalLines) throws(ExportError) {
        guard let close, let first, let last else { return }
        guard let after = BusinessDay(ordinal: last.ordinal + 1) else {
            throw ExportError(
                .dateOutOfRange, field: "balance", value: last.iso,
                remedy: "Kontensummen stehen am Tag danach. Prüfen Sie die Uhr des Terminals.")
        }
        let balances = PlainTextBalances([close])
        append("\n")
        for name in balances.names {
            append("\(first.iso) open \(Self.account(name, close)) EUR\n")
        }
        file.bytes += transactions
        transactions = []
        append("\n")
        // One assertion each: the card totals are those of an account that has one already, and
        // beancount checks both.
        for (name, amount) in balances.accounts + balances.cards {
            // beancount otherwise lets a cent pass.
            append(
                "\(after.iso) balance \(Self.account(name, close))  "
                    + "\(amount.plainEuros.dropLast(4)) ~ 0 EUR\n")
        }
    }

    package mutating func finish() {}

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        try body(&file)
    }

    private mutating func append(_ text: String) { file.bytes.append(contentsOf: text.utf8) }

    /// Accounts begin with one of five words; which one is of no matter to the sums. A cost centre
    /// stands beside its account, because a balance of beancount takes in the accounts below.
    private static func account(_ name: String, _ planned: PlannedClose) -> String {
        let close = "\(padded(planned.close.number, 6))-\(planned.close.yard.text)"
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

    private static func transaction(_ record: ClosedRecord, _ planned: PlannedClose) -> String {
        "\n\(record.day.iso) * \"\(record.receiptNumber)\" \"\(record.words)\"\n"
            + "  index: \(record.index)\n  close: \"\(planned.reference)\"\n"
            + record.entry.postings.map {
                "  \(account($0.accountName, planned))  \($0.balance.plainEuros)\n"
            }.joined()
    }
}
