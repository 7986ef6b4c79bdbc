package import DayClosing
import Ledger
import Units

/// Plain-text accounting for the program ledger (docs/formats/export-hledger.md), in UTF-8:
/// declarations, then for each close its records and the balance of every account and clearing
/// account as assertions, which ledger checks in the order of the file.
package struct LedgerJournal: ExportWriter {
    private var file: GrowingFile
    private var balances = PlainTextBalances()
    private var close: PlannedClose?

    /// - Parameter closes: all that will go by, in their order: their accounts come first.
    package init(of closes: [PlannedClose]) {
        file = GrowingFile(
            name: "\(closes.span).ledger", bytes: Array(Self.declarations(closes).utf8))
    }

    package mutating func begin(_ planned: PlannedClose) {
        balances.add(planned)
        close = planned
    }

    package mutating func add(_ record: ClosedRecord) {
        guard let close, !record.entry.postings.isEmpty else { return }
        append(Self.transaction(record, close.reference))
    }

    package mutating func end(_ totals: TotalLines) {
        guard let close else { return }
        append(Self.assertions("Kontensummen \(close.reference)", close, balances.accounts))
        append(Self.assertions("Kartensummen \(close.reference)", close, balances.cards))
    }

    package mutating func finish() {}

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        try body(&file)
    }

    private mutating func append(_ text: String) { file.bytes.append(contentsOf: text.utf8) }

    private static func declarations(_ closes: [PlannedClose]) -> String {
        "commodity EUR\n    format 1000.00 EUR\n\ntag index\ntag close\n\n"
            + PlainTextBalances(closes).names.map { "account \($0)\n" }.joined()
    }

    private static func transaction(_ record: ClosedRecord, _ close: String) -> String {
        "\n\(record.day.iso) * (\(record.receiptNumber)) \(record.words)\n"
            + "    ; index: \(record.index)\n    ; close: \(close)\n"
            + record.entry.postings.map {
                "    \($0.accountName)  \($0.balance.plainEuros)\n"
            }.joined()
    }

    private static func assertions(
        _ title: String, _ planned: PlannedClose, _ balances: [(account: String, amount: Cents)]
    ) -> String {
        guard !balances.isEmpty else { return "" }
        return "\n\(planned.close.day.iso) * \(title)\n"
            + balances.map {
                "    \($0.account)  0.00 EUR = \($0.amount.plainEuros)\n"
            }.joined()
    }
}
