package import Units

/// Why the card terminal's total differs (reason catalogue of the close).
package enum DifferenceReason: String, Hashable, Sendable, CaseIterable {
    case missingInLedger = "missing-in-ledger"
    case missingInTerminal = "missing-in-terminal"
    case chargedTwice = "charged-twice"
    case amountDiffers = "amount-differs"
    case schemeDiffers = "scheme-differs"
    case straddling
    case automaticCut = "automatic-cut"
    case cutMissing = "cut-missing"
    case otherBusiness = "other-business"
    case reversalUnmatched = "reversal-unmatched"
    case surcharge
    case testTransaction = "test-transaction"
    case unexplained

    /// Whether the difference is one of time only: the next close expects it back.
    package var isCarried: Bool {
        switch self {
        case .straddling, .automaticCut, .cutMissing: true
        case .missingInLedger, .missingInTerminal, .chargedTwice, .amountDiffers, .schemeDiffers,
            .otherBusiness, .reversalUnmatched, .surcharge, .testTransaction, .unexplained:
            false
        }
    }

    /// Whether it can be said where nobody knows the card terminal's total: every other reason
    /// claims to know it.
    package var fitsUnknown: Bool { isCarried || self == .unexplained }
}

/// What an earlier close left open at a card terminal and scheme, to be made up for.
package struct CarriedDifference: Hashable, Sendable {
    /// Counted less expected, so far.
    package let tally: Tally
    /// The close that it began with.
    package let since: Int64

    package init(_ tally: Tally, since: Int64) {
        self.tally = tally
        self.since = since
    }
}

/// Our total beside the card terminal's own, for one card terminal and scheme.
package struct CardComparison: Hashable, Sendable {
    package let key: CardKey
    /// From the journal: payments less card refunds.
    package let expected: Tally
    /// What the card terminal's totals slips show, all cuts together; nil where it has no batch
    /// cut in the close, so that nobody knows its total. A zero is one that a slip shows.
    package let slip: Tally?
    /// What the slips show, or nothing where there are none.
    package var counted: Tally { slip ?? Tally() }
    /// Whether there is a batch cut.
    package var isKnown: Bool { slip != nil }
    /// What the close before left open here; nil if nothing.
    package let brought: CarriedDifference?
    /// Named when something remains; nil when nothing does or nothing was said yet.
    package let reason: DifferenceReason?
    package let explanation: String?
    /// Who named the reason; nil in closes before this was kept.
    package let explainedBy: PersonID?
    /// Counted less expected.
    package var difference: Cents { counted.amount - expected.amount }
    /// What is left of count and amount once the earlier difference is made up for.
    package var remaining: Tally {
        Tally(
            count: counted.count - expected.count + (brought?.tally.count ?? 0),
            amount: difference + (brought?.tally.amount ?? .zero))
    }
    /// Known and without a difference; what is unknown has to be explained whatever it comes to.
    package var agrees: Bool { isKnown && remaining == Tally() }

    package init(
        key: CardKey, expected: Tally, counted: Tally?, brought: CarriedDifference? = nil,
        reason: DifferenceReason? = nil, explanation: String? = nil, explainedBy: PersonID? = nil
    ) {
        self.key = key
        self.expected = expected
        slip = counted
        self.brought = brought
        self.reason = reason
        self.explanation = explanation
        self.explainedBy = explainedBy
    }

    /// One comparison for each card terminal and scheme on either side, sorted; what one side
    /// does not know stands there as nothing. Of a card terminal without a batch cut all schemes
    /// are unknown. Reasons are still to be named.
    ///
    /// - Parameters:
    ///   - brought: what the close before left open.
    ///   - cutTerminals: the card terminals with a batch cut, which may show nothing at all; nil
    ///     for those of `counted`.
    package static func compare(
        expected: [CardKey: Tally], counted: [CardKey: Tally],
        brought: [CardKey: CarriedDifference] = [:], cutTerminals: Set<String>? = nil
    ) -> [CardComparison] {
        let known = cutTerminals ?? Set(counted.keys.map(\.cardTerminal))
        return Set(expected.keys).union(counted.keys).union(brought.keys).sorted().map { key in
            CardComparison(
                key: key, expected: expected[key] ?? Tally(),
                counted: known.contains(key.cardTerminal) ? counted[key] ?? Tally() : nil,
                brought: brought[key])
        }
    }

    /// The same comparison with a difference explained.
    package func explained(
        _ reason: DifferenceReason, _ explanation: String, by person: PersonID? = nil
    ) -> CardComparison {
        CardComparison(
            key: key, expected: expected, counted: slip, brought: brought, reason: reason,
            explanation: explanation, explainedBy: person)
    }
}

extension [CardComparison] {
    /// Counted less expected, of all whose total is known.
    package var knownDifference: Cents { filter(\.isKnown).map(\.difference).sum() }
}
