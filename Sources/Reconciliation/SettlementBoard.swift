package import Journal
package import Units

/// Closes, batch cuts and bank beside each other: what belongs together and what is open.
///
/// Invariant: every cut part, bank line, acquirer line (gross) and payout (net) with an amount is
/// in exactly one match, one open item, or a booked match. The board depends on what is known, not
/// on the order in which it came (finance.md 3.3).
package struct SettlementBoard: Hashable, Sendable {
    /// By cut and scheme.
    package let slips: [SlipFinding]
    /// What the rules find among the items that are in no booked match; by rule, then by items.
    package let matches: [Match]
    /// By item.
    package let open: [OpenItem]
    package let statements: [StatementFinding]

    /// - Parameter acquirer: lines of each acquirer's statement, each as often as it counts
    ///   (``AcquirerLine/counted(_:)``).
    /// - Parameter booked: items of matches in the journal; they are neither matched nor open.
    package init(
        cuts: [CardCut], statements: StatementSeries, acquirer: [AcquirerLine] = [],
        rules: SettlementRules, booked: Set<SettledItem> = [], today: BusinessDay
    ) {
        var matching = Matching(
            cuts: cuts, lines: statements.lines, acquirer: acquirer, rules: rules,
            booked: booked)
        matching.run()
        slips = SlipFinding.findings(cuts, today: today)
        matches = matching.matches.sorted(by: Self.precedes)
        open = matching.openItems(today: today)
        self.statements = statements.findings
    }

    private static func precedes(_ left: Match, _ right: Match) -> Bool {
        guard left.rule == right.rule else { return left.rule.rawValue < right.rule.rawValue }
        let (first, second) = (left.expected + left.received, right.expected + right.received)
        return first.lexicographicallyPrecedes(second)
    }
}
