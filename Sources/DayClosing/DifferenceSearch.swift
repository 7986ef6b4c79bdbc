package import Sales
import Units

/// A guess at what makes a difference: the sales to look at first.
package struct Suspicion: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A payment of ours of exactly the missing amount: one too few at the card terminal.
        case equalAmount = "equal-amount"
        /// The terminal has one payment more, and a sale of ours has this amount: charged twice.
        case twin
        /// The amount with two neighbouring digits exchanged makes up the difference.
        case transposedDigits = "transposed-digits"
        /// The amount with a digit too many or too few makes up the difference.
        case shiftedDigits = "shifted-digits"
        /// Taken as a payment here and as a refund there, or the other way round.
        case wrongSign = "wrong-sign"
        /// First or last payments of the close: the cut was earlier or later.
        case nearCut = "near-cut"
        /// Two payments of ours that are missing together.
        case pair
        /// An unknown payment or a claim of this amount: the card was charged after all.
        case chargedAfterAll = "charged-after-all"
        /// Another scheme of the same card terminal differs the other way.
        case otherScheme = "other-scheme"
        /// A sale of ours that the terminal gave back without our knowing.
        case givenBack = "given-back"
    }

    package let kind: Kind
    /// In the order of the log; at most ``DifferenceSearch/salesMax``.
    package let sales: [SaleReference]
    /// The reason that it would be.
    package let reason: DifferenceReason

    package init(kind: Kind, sales: [SaleReference], reason: DifferenceReason) {
        self.kind = kind
        self.sales = sales
        self.reason = reason
    }
}

/// Looks for the sales that explain a difference. Pure; it proposes and never decides.
package struct DifferenceSearch: Sendable {
    /// Sales in one suspicion; more would be no help.
    package static let salesMax = 8

    private let movements: CardMovements
    private let comparisons: [CardComparison]

    /// - Parameter comparisons: all of the close, to see schemes that were mixed up.
    package init(_ movements: CardMovements, among comparisons: [CardComparison]) {
        self.movements = movements
        self.comparisons = comparisons
    }

    /// The most likely first; empty where nothing fits or nothing differs.
    package func suspicions(about comparison: CardComparison) -> [Suspicion] {
        let gap = comparison.remaining
        guard gap != Tally() else { return [] }
        let own = movements.all.filter { $0.key == comparison.key }
        let found: [Suspicion?]
        switch gap.count {
        case 0: found = [otherScheme(comparison)] + sameCount(own, gap.amount)
        case -1: found = [otherScheme(comparison)] + oneTooFew(own, gap.amount)
        case 1: found = [otherScheme(comparison)] + oneTooMany(own, gap.amount)
        default: found = [otherScheme(comparison), nearCut(own, gap), pair(own, gap)]
        }
        return found.compactMap(\.self)
    }

    private func make(
        _ kind: Suspicion.Kind, _ sales: [SaleReference], _ reason: DifferenceReason
    ) -> Suspicion? {
        sales.isEmpty
            ? nil : Suspicion(kind: kind, sales: Array(sales.prefix(Self.salesMax)), reason: reason)
    }

    // As many payments, another sum

    private func sameCount(_ own: [CardMovement], _ gap: Cents) -> [Suspicion?] {
        func where_(_ test: (Int64, Int64) -> Bool) -> [SaleReference] {
            own.filter { test($0.amount.value, $0.amount.value + gap.value) }.map(\.reference)
        }
        return [
            make(.transposedDigits, where_(Self.isTransposed), .amountDiffers),
            make(.shiftedDigits, where_(Self.isShifted), .amountDiffers),
            make(.wrongSign, where_ { $0 != 0 && $1 == -$0 }, .reversalUnmatched),
        ]
    }

    /// Whether one becomes the other by exchanging two neighbouring digits.
    static func isTransposed(_ ours: Int64, _ theirs: Int64) -> Bool {
        guard ours > 0, theirs > 0, ours != theirs else { return false }
        let (left, right) = (padded(ours, 3), padded(theirs, 3))
        let width = max(left.utf8.count, right.utf8.count)
        let (a, b) = (Array(padded(ours, width).utf8), Array(padded(theirs, width).utf8))
        let places = a.indices.filter { a[$0] != b[$0] }
        return places.count == 2 && places[1] == places[0] + 1 && a[places[0]] == b[places[1]]
            && a[places[1]] == b[places[0]]
    }

    /// Whether a nought too many or too few, or a comma in another place, makes one the other.
    static func isShifted(_ ours: Int64, _ theirs: Int64) -> Bool {
        guard ours > 0, theirs > 0, ours != theirs else { return false }
        return theirs == ours * 10 || ours == theirs * 10 || theirs == ours * 100
            || ours == theirs * 100
    }

    // One payment fewer or more at the card terminal

    private func oneTooFew(_ own: [CardMovement], _ gap: Cents) -> [Suspicion?] {
        let equal = own.filter { $0.amount == -gap }
        let atEdge = [own.first, own.last].compactMap(\.self).filter { $0.amount == -gap }
        return [
            make(.nearCut, Set(atEdge.map(\.reference)).sorted(), .straddling),
            make(.equalAmount, equal.map(\.reference), .missingInTerminal),
        ]
    }

    private func oneTooMany(_ own: [CardMovement], _ gap: Cents) -> [Suspicion?] {
        let silent = movements.without.filter { $0.amount == gap }
        let unknown = silent.filter(\.isUnknown) + silent.filter { !$0.isUnknown }
        let equal = own.filter { $0.amount == gap }.map(\.reference)
        let back = own.filter { gap.isNegative && $0.amount == -gap }.map(\.reference)
        return [
            make(.chargedAfterAll, unknown.map(\.reference), .missingInLedger),
            make(.twin, gap.isNegative ? [] : equal, .chargedTwice),
            make(.givenBack, back, .reversalUnmatched),
        ]
    }

    // Several

    /// The first or last payments of the close that are missing together at the card terminal.
    private func nearCut(_ own: [CardMovement], _ gap: Tally) -> Suspicion? {
        let count = Int(clamping: -gap.count)
        guard count > 0, count <= own.count else { return nil }
        for edge in [own.suffix(count), own.prefix(count)]
        where edge.map(\.amount).sum() == -gap.amount {
            return make(.nearCut, edge.map(\.reference), .straddling)
        }
        return nil
    }

    private func pair(_ own: [CardMovement], _ gap: Tally) -> Suspicion? {
        guard gap.count == -2 else { return nil }
        var seen: [Cents: CardMovement] = [:]
        for movement in own {
            if let first = seen[-gap.amount - movement.amount] {
                return make(.pair, [first.reference, movement.reference], .missingInTerminal)
            }
            if seen[movement.amount] == nil { seen[movement.amount] = movement }
        }
        return nil
    }

    /// Another scheme of the same card terminal that differs by the same, the other way.
    private func otherScheme(_ comparison: CardComparison) -> Suspicion? {
        let gap = comparison.remaining
        let opposite = comparisons.first {
            $0.key.cardTerminal == comparison.key.cardTerminal && $0.key != comparison.key
                && $0.remaining.count == -gap.count && $0.remaining.amount == -gap.amount
        }
        guard let opposite else { return nil }
        let missing = gap.count < 0 ? comparison : opposite
        let amount = -missing.remaining.amount
        let sales = movements.all.filter { $0.key == missing.key && $0.amount == amount }
        return make(.otherScheme, sales.map(\.reference), .schemeDiffers)
    }
}
