package import DayClosing
import Sales
package import Units

/// How our own total and the card terminal's slip compare for one cut and scheme.
package struct SlipFinding: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// Same count, same amount.
        case agrees
        /// The difference comes back in the next close of the same terminal and scheme, or what
        /// closes without a cut have together in the next cut: a payment stands on either side of
        /// the cut.
        case straddles
        /// The terminal has payments that the journal does not know (time-out, late success).
        case terminalOnly = "terminal-only"
        /// The journal has payments that the terminal does not know.
        case ledgerOnly = "ledger-only"
        /// There is no cut, so that nobody knows what the terminal has.
        case unknown
        /// There is no cut, nor one since that holds it, for longer than payments live.
        case lapsed
        /// Same amount, other count.
        case countDiffers = "count-differs"
    }

    package let part: CutPart
    package let expected: Tally
    /// Nil where there is no cut, so that nobody knows it.
    package let counted: Tally?
    package let verdict: Verdict

    /// One finding for each cut and scheme, ascending by part.
    package static func findings(_ cuts: [CardCut], today: BusinessDay) -> [SlipFinding] {
        let all = Set(cuts).flatMap { cut in
            cut.comparisons.map { (CutPart(cut, scheme: $0.key.scheme), $0) }
        }
        let series = Dictionary(grouping: all) { Series($0.0) }
        return series.values.flatMap { group in
            findings(inOrder: group.sorted { $0.0 < $1.0 }, today: today)
        }.sorted { $0.part < $1.part }
    }

    /// Findings of one terminal and scheme, whose cuts are in order.
    private static func findings(
        inOrder cuts: [(CutPart, CardComparison)], today: BusinessDay
    ) -> [SlipFinding] {
        let straddling = Self.straddling(cuts.map(\.1))
        return cuts.enumerated().map { place, cut in
            SlipFinding(
                part: cut.0, expected: cut.1.expected, counted: cut.1.slip,
                verdict: straddling.contains(place)
                    ? .straddles : verdict(cut.1, day: cut.0.day, today: today))
        }
    }

    /// The places of comparisons whose differences make up for one another.
    private static func straddling(_ comparisons: [CardComparison]) -> Set<Int> {
        var found: Set<Int> = []
        // The close before; of closes without a cut all that follow one another.
        var before: [Int] = []
        var sum = Cents.zero
        for (place, comparison) in comparisons.enumerated() {
            let difference = comparison.difference
            if sum != .zero, sum + difference == .zero {
                found.formUnion(before + [place])
                (before, sum) = ([], .zero)
            } else if comparison.isKnown || before.contains(where: { comparisons[$0].isKnown }) {
                (before, sum) = ([place], difference)
            } else if difference != .zero {
                (before, sum) = (before + [place], sum + difference)
            }
        }
        return found
    }

    private static func verdict(
        _ comparison: CardComparison, day: BusinessDay, today: BusinessDay
    ) -> Verdict {
        // The bank sees this cut alone, whatever an earlier close left open.
        let age = today.ordinal - day.ordinal
        let isLapsed =
            !comparison.isKnown && comparison.difference.isNegative
            && age >= SettlementRules.lapseDays
        if isLapsed { return .lapsed }
        if !comparison.isKnown { return .unknown }
        if comparison.counted == comparison.expected { return .agrees }
        if comparison.difference == .zero { return .countDiffers }
        return comparison.difference > .zero ? .terminalOnly : .ledgerOnly
    }

    private struct Series: Hashable {
        let terminal: String
        let scheme: String

        init(_ part: CutPart) {
            terminal = part.cardTerminal
            scheme = part.scheme?.rawValue ?? ""
        }
    }
}
