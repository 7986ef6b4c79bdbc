extension CardComparison {
    /// One comparison for each card terminal and scheme on either side, sorted; what one side
    /// does not know stands there as nothing. Reasons are still to be named.
    package static func compare(
        expected: [CardKey: Tally], counted: [CardKey: Tally]
    ) -> [CardComparison] {
        Set(expected.keys).union(counted.keys).sorted().map { key in
            CardComparison(
                key: key, expected: expected[key] ?? Tally(), counted: counted[key] ?? Tally())
        }
    }

    /// The same comparison with a difference explained.
    package func explained(_ reason: DifferenceReason, _ explanation: String) -> CardComparison {
        CardComparison(
            key: key, expected: expected, counted: counted, reason: reason,
            explanation: explanation)
    }
}
