package import DayClosing
package import People
package import Sales
package import Units

/// The state of a yard's next close.
package struct CloseProgress: Sendable {
    package let yard: Yard
    /// Number the close will have.
    package let number: Int64
    package let previous: DayClose?
    /// What is in the journal since the previous close: up to the cut if counted, else up to now.
    package let totals: CloseTotals
    /// Nil until somebody has counted.
    package let draft: Draft?
    /// The newest day of a record that is in no close yet; nil if there is none.
    package let newestDay: BusinessDay?
    /// The oldest such day after the day of the previous close; nil if there is none.
    package let oldestDay: BusinessDay?
    /// Each time that this close was sent back, oldest first.
    package let sentBack: [SentBack]
    /// Whether the yard lets nobody who counts see totals before the count.
    package let isBlind: Bool

    package struct Draft: Sendable {
        package let day: BusinessDay
        /// The log position after the last one held.
        package let upto: Int64
        package let countedBy: PersonID
        package let countedAt: Timestamp
        package let cuts: [BatchCut]
        package let comparisons: [CardComparison]
        /// How often it was counted again after the comparison had been seen.
        package let recounts: Int64
        /// Payments without outcome that ``countedBy`` said to carry over; empty where there were
        /// none.
        package let carriedOver: [SaleReference]
        /// What was open when it was counted.
        package let known: KnownPoints
        /// Changes whenever the count or an explanation does: names what an approver looked at.
        package let mark: String

        init(
            _ draft: CloseDraft, expected: [CardKey: Tally], brought: [CardKey: CarriedDifference]
        ) {
            day = draft.day
            upto = draft.upto
            countedBy = draft.countedBy
            countedAt = draft.countedAt
            cuts = draft.cuts
            comparisons = draft.comparisons(expected: expected, brought: brought)
            recounts = draft.recounts
            carriedOver = draft.carriedOver
            known = draft.known
            mark = draft.mark
        }
    }

    package var isExplained: Bool {
        draft?.comparisons.allSatisfy { $0.agrees || $0.reason != nil } ?? false
    }

    /// Whether this person has to count before seeing the totals.
    package func isHidden(from person: Person) -> Bool {
        isBlind && draft == nil && person.countsDays
    }
}
