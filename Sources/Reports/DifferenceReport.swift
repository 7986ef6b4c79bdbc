package import DayClosing
package import Units

/// How often and by how much card terminals differed from the journal, by month.
package struct DifferenceReport: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let cardTerminal: String
        /// `2026-11`.
        package let month: String
        /// Closes that counted the terminal.
        package fileprivate(set) var closes: Int64 = 0
        /// Of these, closes with a difference of a scheme; a total that is unknown is none.
        package fileprivate(set) var differing: Int64 = 0
        /// Counted less expected, added up with its signs.
        package fileprivate(set) var sum = Cents.zero
        /// The same without signs: what cancels out still shows.
        package fileprivate(set) var moved = Cents.zero
        /// How often each reason was named.
        package fileprivate(set) var reasons: [DifferenceReason: Int64] = [:]

        /// Such as `November 2026`.
        package var monthName: String { BusinessDay(iso: month + "-01")?.monthName ?? month }

        /// The reasons in the order of the catalogue.
        package var sortedReasons: [(reason: DifferenceReason, count: Int64)] {
            DifferenceReason.allCases.compactMap { reason in
                reasons[reason].map { (reason, $0) }
            }
        }
    }

    private struct Key: Hashable {
        let cardTerminal: String
        let month: String
    }

    private var byKey: [Key: Row] = [:]

    package init() {}

    /// By card terminal, then by month.
    package var rows: [Row] {
        byKey.values.sorted { ($0.cardTerminal, $0.month) < ($1.cardTerminal, $1.month) }
    }

    package mutating func add(_ close: DayClose) {
        let month = String(close.day.iso.prefix(7))
        let terminals = Dictionary(grouping: close.comparisons, by: \.key.cardTerminal)
        for (cardTerminal, comparisons) in terminals {
            let key = Key(cardTerminal: cardTerminal, month: month)
            var row = byKey[key] ?? Row(cardTerminal: cardTerminal, month: month)
            row.closes += 1
            if comparisons.contains(where: { $0.isKnown && !$0.agrees }) { row.differing += 1 }
            for comparison in comparisons where !comparison.agrees {
                let difference = comparison.isKnown ? comparison.difference : .zero
                row.sum = row.sum + difference
                row.moved = row.moved + (difference < .zero ? -difference : difference)
                if let reason = comparison.reason { row.reasons[reason, default: 0] += 1 }
            }
            byKey[key] = row
        }
    }
}
