package import DayClosing
package import Sales
package import Units

/// What an approved close says of one card terminal: our totals beside the terminal's own, and the
/// batch cuts (Kassenschnitte) that those were added up from. Each cut is an amount of its own that
/// the bank owes.
package struct CardCut: Hashable, Sendable {
    /// The close, such as `mitte-000317`.
    package let close: String
    package let number: Int64
    package let day: BusinessDay
    package let cardTerminal: String
    /// By scheme; empty where a cut shows nothing and nothing was expected.
    package let comparisons: [CardComparison]
    /// In the order in which they were counted; empty in closes of earlier versions, whose totals
    /// then stand for one cut, and where there is none.
    package let batches: [BatchCut]

    package init(
        close: String, number: Int64, day: BusinessDay, cardTerminal: String,
        comparisons: [CardComparison], batches: [BatchCut] = []
    ) {
        self.close = close
        self.number = number
        self.day = day
        self.cardTerminal = cardTerminal
        self.comparisons = comparisons
        self.batches = batches
    }

    /// The card terminals of a close, ascending.
    package static func cuts(of close: DayClose) -> [CardCut] {
        let compared = Dictionary(grouping: close.comparisons, by: \.key.cardTerminal)
        let cut = Dictionary(grouping: close.cuts, by: \.cardTerminal)
        return Set(compared.keys).union(cut.keys).sorted().map { terminal in
            CardCut(
                close: close.reference, number: close.number, day: close.day,
                cardTerminal: terminal,
                comparisons: (compared[terminal] ?? []).sorted { $0.key < $1.key },
                batches: cut[terminal] ?? [])
        }
    }

    /// Whether the card terminal had a batch cut; without one nobody knows its totals.
    package var isCut: Bool { !batches.isEmpty || comparisons.contains(where: \.isKnown) }

    /// What each cut brings, in the order of the cuts: one part for all schemes that the bank
    /// credits by the cut, and one for each of `acquired`; parts of nothing are left out.
    package func parts(acquired: Set<CardScheme>) -> [(part: CutPart, amount: Cents)] {
        shares(acquired: acquired).compactMap { part, shares in
            let amount = shares.map(\.amount).sum()
            return amount == .zero ? nil : (part, amount)
        }
    }

    /// The same with the amount of each scheme, parts of nothing too.
    package func shares(
        acquired: Set<CardScheme>
    ) -> [(part: CutPart, shares: [(scheme: CardScheme, amount: Cents)])] {
        sums.enumerated().flatMap { place, batch in
            let byPart = Dictionary(grouping: batch.amounts) {
                acquired.contains($0.scheme) ? $0.scheme : nil
            }
            return byPart.map { scheme, shares in
                (
                    CutPart(self, cut: batch.cut, place: place, scheme: scheme),
                    shares.sorted { $0.scheme.rawValue < $1.scheme.rawValue }
                )
            }.sorted { $0.0 < $1.0 }
        }
    }

    /// Each cut with its amounts; the totals themselves where there are no cuts.
    private var sums: [(cut: BatchCut?, amounts: [(scheme: CardScheme, amount: Cents)])] {
        guard !batches.isEmpty else {
            return [(nil, comparisons.map { ($0.key.scheme, $0.counted.amount) })]
        }
        return batches.map { cut in (cut, cut.totals.map { ($0.key, $0.value.amount) }) }
    }
}

/// The part of a cut that reaches the bank as one amount.
package struct CutPart: Hashable, Comparable, Sendable {
    package let cardTerminal: String
    /// Of the close; of the slip where it was printed on one of the days before.
    package let day: BusinessDay
    package let number: Int64
    package let close: String
    /// The cut's place among those of its card terminal in the close, from 0.
    package let place: Int
    /// The number on the slip; nil if it shows none or the close keeps no cuts.
    package let cutNumber: String?
    /// Tells the cuts of one card terminal in one close apart: the number on the slip, `-` for the
    /// one without; nil where there is only one.
    package let batch: String?
    /// The scheme that an acquirer settles; nil for all schemes that the bank credits by the cut.
    package let scheme: CardScheme?

    /// The part that a close with at most one cut of the card terminal has, and what compares the
    /// card terminal as a whole.
    package init(_ cut: CardCut, scheme: CardScheme?) {
        let only = cut.batches.count == 1 ? cut.batches.first : nil
        self.init(cut, cut: only, place: 0, scheme: scheme, isOneOfSeveral: false)
    }

    init(_ close: CardCut, cut: BatchCut?, place: Int, scheme: CardScheme?) {
        self.init(
            close, cut: cut, place: place, scheme: scheme,
            isOneOfSeveral: close.batches.count > 1)
    }

    private init(
        _ close: CardCut, cut: BatchCut?, place: Int, scheme: CardScheme?, isOneOfSeveral: Bool
    ) {
        cardTerminal = close.cardTerminal
        day = cut?.printedDay(before: close.day) ?? close.day
        number = close.number
        self.close = close.close
        self.place = place
        cutNumber = cut?.number
        batch = isOneOfSeveral ? cut?.number ?? Self.withoutNumber : nil
        self.scheme = scheme
    }

    /// What stands for the number of a cut that has none.
    package static let withoutNumber = "-"

    package static func < (left: Self, right: Self) -> Bool {
        guard left.cardTerminal == right.cardTerminal, left.day == right.day else {
            return (left.cardTerminal, left.day) < (right.cardTerminal, right.day)
        }
        return (left.number, left.close, left.place, left.scheme?.rawValue ?? "")
            < (right.number, right.close, right.place, right.scheme?.rawValue ?? "")
    }
}

extension CutPart {
    /// The yard of its close, which the reference begins with.
    package var yard: YardID? {
        close.lastIndex(of: "-").flatMap { YardID(String(close[..<$0])) }
    }
}

extension BatchCut {
    /// The slip's day where it is one of the fourteen days before `day`: a forgotten close holds
    /// cuts of several days. A day further away is taken for a slip of the pen.
    fileprivate func printedDay(before day: BusinessDay) -> BusinessDay? {
        guard let printedAt, let printed = BusinessDay(iso: String(printedAt.prefix(10))),
            (1...14).contains(day.ordinal - printed.ordinal)
        else { return nil }
        return printed
    }
}
