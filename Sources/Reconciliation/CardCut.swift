package import DayClosing
package import Sales
package import Units

/// A batch cut (Kassenschnitt) of one card terminal as an approved close holds it.
package struct CardCut: Hashable, Sendable {
    /// The close, such as `mitte-000317`.
    package let close: String
    package let number: Int64
    package let day: BusinessDay
    package let cardTerminal: String
    /// By scheme; not empty.
    package let comparisons: [CardComparison]

    package init(
        close: String, number: Int64, day: BusinessDay, cardTerminal: String,
        comparisons: [CardComparison]
    ) {
        self.close = close
        self.number = number
        self.day = day
        self.cardTerminal = cardTerminal
        self.comparisons = comparisons
    }

    /// The cuts of a close, by card terminal.
    package static func cuts(of close: DayClose) -> [CardCut] {
        Dictionary(grouping: close.comparisons, by: \.key.cardTerminal)
            .sorted { $0.key < $1.key }
            .map { terminal, comparisons in
                CardCut(
                    close: close.reference, number: close.number, day: close.day,
                    cardTerminal: terminal, comparisons: comparisons.sorted { $0.key < $1.key })
            }
    }
}

/// The part of a cut that reaches the bank as one amount.
package struct CutPart: Hashable, Comparable, Sendable {
    package let cardTerminal: String
    package let day: BusinessDay
    package let number: Int64
    package let close: String
    /// The scheme that an acquirer settles; nil for all schemes that the bank credits by the cut.
    package let scheme: CardScheme?

    package init(_ cut: CardCut, scheme: CardScheme?) {
        cardTerminal = cut.cardTerminal
        day = cut.day
        number = cut.number
        close = cut.close
        self.scheme = scheme
    }

    package static func < (left: Self, right: Self) -> Bool {
        guard left.cardTerminal == right.cardTerminal, left.day == right.day else {
            return (left.cardTerminal, left.day) < (right.cardTerminal, right.day)
        }
        return (left.number, left.close, left.scheme?.rawValue ?? "")
            < (right.number, right.close, right.scheme?.rawValue ?? "")
    }
}
