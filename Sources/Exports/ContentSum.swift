import DayClosing
import Ledger
package import Units

/// What lines of an export have in common, counted and added up: the sums that the register keeps
/// and that a collective order (Sammelanordnung) can rest on.
package struct ContentSum: Hashable, Sendable {
    /// The budget year: that of the document dates.
    package let year: Int
    package let channel: PaymentChannel
    /// `432100.5370`: account and cost centre that the budget knows (Buchungsstelle).
    package let budgetLine: String
    /// Lines of totals, not of receipts.
    package let count: Int64
    /// Debits of the money's account less credits.
    package let amount: Cents

    package init(
        year: Int, channel: PaymentChannel, budgetLine: String, count: Int64, amount: Cents
    ) {
        self.year = year
        self.channel = channel
        self.budgetLine = budgetLine
        self.count = count
        self.amount = amount
    }
}

/// Adds up lines of totals by year, way of payment and budget line.
struct ContentSums {
    /// Which lines count.
    private let content: ExportProfile.Content
    private var sums: [SumKey: Tally] = [:]

    init(_ content: ExportProfile.Content) {
        self.content = content
    }

    mutating func add(_ lines: [ExportLine]) {
        for line in lines where content.holds(line) {
            let amount = line.side == .debit ? line.amount : -line.amount
            sums[SumKey(line), default: Tally()].add(amount)
        }
    }

    /// Ascending.
    var all: [ContentSum] {
        sums.sorted { $0.key < $1.key }.map { key, tally in
            ContentSum(
                year: key.year, channel: key.channel, budgetLine: key.budgetLine,
                count: tally.count, amount: tally.amount)
        }
    }
}

private struct SumKey: Hashable, Comparable {
    let year: Int
    let channel: PaymentChannel
    let budgetLine: String

    init(_ line: ExportLine) {
        year = line.key.date.year
        channel = line.key.channel
        budgetLine = line.budgetLine
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.year, left.channel, left.budgetLine)
            < (right.year, right.channel, right.budgetLine)
    }
}
