package import DayClosing
import Sales
package import Units

/// How often and by how much card terminals differed from the journal, by month.
package struct DifferenceReport: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let cardTerminal: String
        /// `2026-11`.
        package let month: String
        /// Closes that counted the terminal.
        package fileprivate(set) var closes: Int64 = 0
        /// Of these, closes with a difference of a scheme; a total that is unknown is none, nor
        /// what only makes up for an earlier one.
        package fileprivate(set) var differing: Int64 = 0
        /// Counted less expected, added up with its signs: what was made up for is gone.
        package fileprivate(set) var sum = Cents.zero
        /// The differences without their signs: what cancels out still shows, and what was made
        /// up for counts once.
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

    private let period: ReportPeriod
    private var byTerminal: [String: [TerminalCount]] = [:]

    /// - Parameter period: whose closes have rows.
    package init(_ period: ReportPeriod) {
        self.period = period
    }

    /// By card terminal, then by month.
    package var rows: [Row] {
        byTerminal.sorted { $0.key < $1.key }.flatMap { cardTerminal, counts in
            var months: [String: Row] = [:]
            var uncut: [CardScheme: Cents] = [:]
            for count in counts.sorted(by: TerminalCount.precedes) {
                let differences = count.differences(uncut: &uncut)
                guard (period.from...period.to).contains(count.day) else { continue }
                let month = String(count.day.iso.prefix(7))
                months[month, default: Row(cardTerminal: cardTerminal, month: month)]
                    .add(count, differences)
            }
            return months.values.sorted { $0.month < $1.month }
        }
    }

    /// Takes a close in, in any order. Closes before the period belong to it too: what they left
    /// without a batch cut is no difference of the cut that comes within.
    package mutating func add(_ close: DayClose) {
        for (cardTerminal, comparisons) in Dictionary(
            grouping: close.comparisons, by: \.key.cardTerminal)
        {
            byTerminal[cardTerminal, default: []].append(
                TerminalCount(day: close.day, number: close.number, comparisons: comparisons))
        }
    }
}

extension DifferenceReport.Row {
    fileprivate mutating func add(_ count: TerminalCount, _ differences: [CardScheme: Cents]) {
        let fresh = differences.filter { $0.value != .zero && !count.makesUp(for: $0.key) }
        closes += 1
        if !fresh.isEmpty || count.comparisons.contains(where: { $0.isKnown && !$0.agrees }) {
            differing += 1
        }
        for difference in differences.values { sum = sum + difference }
        for difference in fresh.values {
            moved = moved + (difference < .zero ? -difference : difference)
        }
        for reason in count.comparisons.filter({ !$0.agrees }).compactMap(\.reason) {
            reasons[reason, default: 0] += 1
        }
    }
}

/// What a close says of one card terminal.
private struct TerminalCount: Hashable {
    let day: BusinessDay
    let number: Int64
    /// One for each scheme.
    let comparisons: [CardComparison]

    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (left.day, left.number) < (right.day, right.number)
    }

    /// Counted less expected, by scheme. Nothing without a batch cut: what was expected then waits
    /// for the next one, which holds it or lacks it.
    ///
    /// - Parameter uncut: what closes before expected without a batch cut.
    func differences(uncut: inout [CardScheme: Cents]) -> [CardScheme: Cents] {
        guard comparisons.contains(where: \.isKnown) else {
            for comparison in comparisons {
                uncut[comparison.key.scheme, default: .zero] += comparison.expected.amount
            }
            return [:]
        }
        var found = uncut.mapValues { -$0 }
        uncut = [:]
        for comparison in comparisons {
            found[comparison.key.scheme, default: .zero] += comparison.difference
        }
        return found
    }

    /// Whether what a scheme differs by only makes up for what an earlier close left open.
    func makesUp(for scheme: CardScheme) -> Bool {
        comparisons.contains { $0.key.scheme == scheme && $0.agrees && $0.brought != nil }
    }
}
