/// How an exact fraction becomes a whole number.
package enum Rounding: String, Hashable, Sendable, CaseIterable {
    /// Commercial rounding (DIN 1333): half away from zero.
    case halfUp = "half-up"
    /// Towards zero.
    case down
    /// Away from zero, the rule of "per started unit".
    case up
}

/// An exact fraction with 128-bit numerator: the one place where division and rounding happen.
///
/// Invariant: the denominator is positive.
package struct Ratio: Hashable, Sendable {
    package let numerator: Int128
    package let denominator: Int128

    /// - Precondition: `denominator` is positive.
    package init(_ numerator: Int128, over denominator: Int128) {
        precondition(denominator > 0, "a ratio needs a positive denominator")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The whole number that `rounding` makes of this fraction; it must fit into 64 bits, as that
    /// of every price in reach does.
    package func rounded(_ rounding: Rounding) -> Int64 {
        let magnitude = numerator < 0 ? -numerator : numerator
        let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: denominator)
        let carry: Int128 =
            switch rounding {
            case .down: 0
            case .up: remainder > 0 ? 1 : 0
            case .halfUp: remainder >= denominator - remainder ? 1 : 0
            }
        let whole = Int64(quotient + carry)
        return numerator < 0 ? -whole : whole
    }

    package static func * (left: Ratio, right: Ratio) -> Ratio {
        Ratio(left.numerator * right.numerator, over: left.denominator * right.denominator)
    }
}

extension Ratio {
    /// The largest numerator, denominator and whole part of an exact price in cents, far above what
    /// any payment needs: what is reckoned with them stays within 128 bits.
    private static let numeratorMax: UInt128 = 1_000_000_000_000_000_000_000_000_000_000_000_000
    private static let denominatorMax: Int128 = 1_000_000_000_000_000_000_000_000
    private static let wholeMax: Int128 = 1_000_000_000_000_000_000

    /// Whether it lies within the bounds of an exact price, which pricing keeps and readers demand.
    package var isInReach: Bool {
        guard denominator <= Self.denominatorMax, numerator.magnitude <= Self.numeratorMax else {
            return false
        }
        let (most, isBeyond) = denominator.multipliedReportingOverflow(by: Self.wholeMax)
        return isBeyond || numerator.magnitude <= most.magnitude
    }
}

/// A split of an amount by weights that keeps the sum to the cent.
package enum Allocation {
    /// Shares of `total` in proportion to `weights`, same order and count, adding up to `total`.
    ///
    /// Each share is rounded down; the cents left over go one by one to the shares with the
    /// largest remainder, the earlier one first among equals. All-zero weights give everything to
    /// the first share. Weights must not be negative; an empty list gives an empty list.
    package static func split(_ total: Cents, by weights: [Int64]) -> [Cents] {
        guard !weights.isEmpty else { return [] }
        let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
        guard sum > 0 else {
            return weights.indices.map { $0 == 0 ? total : .zero }
        }
        let magnitude = Int128(total.magnitude.value)
        var shares = weights.map { Int64(magnitude * Int128($0) / sum) }
        let remainders = weights.map { magnitude * Int128($0) % sum }
        let missing = Int(Int64(magnitude) - shares.reduce(0, +))
        let order = weights.indices.sorted { left, right in
            (remainders[right], left) < (remainders[left], right)
        }
        for index in order.prefix(missing) { shares[index] += 1 }
        return shares.map { Cents(total.isNegative ? -$0 : $0) }
    }
}
