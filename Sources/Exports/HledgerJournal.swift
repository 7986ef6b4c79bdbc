package import DayClosing
import Ledger
import Sales
import Units

/// Plain-text accounting for hledger: an independent second opinion on our sums
/// (docs/formats/export-hledger.md). In UTF-8: declarations, then for each close one transaction
/// for each record, and the balance of every account and of the clearing accounts as assertions.
package struct HledgerJournal: ExportWriter {
    private let closes: [PlannedClose]
    private var file: GrowingFile
    private var balances = PlainTextBalances()
    private var close: PlannedClose?
    private var booked: BusinessDay?

    /// - Parameter closes: all that will go by, in their order: their accounts come first.
    package init(of closes: [PlannedClose]) {
        self.closes = closes
        file = GrowingFile(name: "\(closes.span).journal")
        declare()
    }

    private mutating func declare() {
        append("decimal-mark .\ncommodity 1000.00 EUR\n\n")
        for name in PlainTextBalances(closes).names { append("account \(name)\n") }
    }

    /// hledger checks assertions by date, within a day by their order. So a close is booked on its
    /// own day, and never before the close that it follows: a clock that went back may have given
    /// it an earlier one.
    package mutating func begin(_ planned: PlannedClose) {
        booked = max(booked ?? planned.close.day, planned.close.day)
        balances.add(planned)
        close = planned
    }

    package mutating func add(_ record: ClosedRecord) {
        guard let booked, let close else { return }
        append(record, on: booked, close: close.reference)
    }

    package mutating func end(_ totals: TotalLines) {
        guard let booked, let close else { return }
        assert("Kontensummen \(close.reference)", on: booked, balances.accounts)
        assert("Kartensummen \(close.reference)", on: booked, balances.cards)
    }

    package mutating func finish() {}

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        try body(&file)
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

    private mutating func append(_ text: String) { file.bytes.append(contentsOf: text.utf8) }
}
