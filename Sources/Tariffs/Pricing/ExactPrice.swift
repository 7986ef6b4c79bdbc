import Units

/// Exact arithmetic on prices that tells when figures grow out of reach.
extension Ratio {
    static let zero = Ratio(0, over: 1)

    init(_ cents: Cents) { self.init(Int128(cents.value), over: 1) }

    /// The ratio where it is above zero, else zero; and the other way round.
    var positivePart: Ratio { numerator > 0 ? self : .zero }
    var negativePart: Ratio { numerator < 0 ? self : .zero }

    /// In lowest terms.
    var reduced: Ratio {
        var (a, b) = (numerator.magnitude, denominator.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = max(1, Int128(a))
        return Ratio(numerator / divisor, over: denominator / divisor)
    }

    /// The ratio, in lowest terms where only they are in reach; nil where they are not either.
    private var bounded: Ratio? {
        guard !isInReach else { return self }
        let least = reduced
        return least.isInReach ? least : nil
    }

    func isBelow(_ whole: Int64) -> Bool { isBelow(Ratio(Int128(whole), over: 1)) }

    func isBelow(_ other: Ratio) -> Bool {
        let (left, leftIsTooFar) = numerator.multipliedReportingOverflow(by: other.denominator)
        let (right, rightIsTooFar) = other.numerator.multipliedReportingOverflow(by: denominator)
        return !leftIsTooFar && (rightIsTooFar || left < right)
    }

    /// The product; nil out of reach.
    func times(_ other: Ratio) -> Ratio? {
        let (left, right) = (reduced, other.reduced)
        let (top, topIsTooFar) = left.numerator.multipliedReportingOverflow(by: right.numerator)
        let (bottom, bottomIsTooFar) =
            left.denominator.multipliedReportingOverflow(by: right.denominator)
        return topIsTooFar || bottomIsTooFar ? nil : Ratio(top, over: bottom).bounded
    }

    /// The sum; nil out of reach.
    func plus(_ other: Ratio) -> Ratio? {
        guard denominator != other.denominator else {
            let (sum, isTooFar) = numerator.addingReportingOverflow(other.numerator)
            return isTooFar ? nil : Ratio(sum, over: denominator).bounded
        }
        let (a, b) = (reduced, other.reduced)
        let (left, one) = a.numerator.multipliedReportingOverflow(by: b.denominator)
        let (right, two) = b.numerator.multipliedReportingOverflow(by: a.denominator)
        let (bottom, three) = a.denominator.multipliedReportingOverflow(by: b.denominator)
        let (sum, four) = left.addingReportingOverflow(right)
        return one || two || three || four ? nil : Ratio(sum, over: bottom).reduced.bounded
    }

    /// The difference; nil out of reach.
    func minus(_ other: Ratio) -> Ratio? {
        plus(Ratio(-other.numerator, over: other.denominator))
    }

    /// The price with tax on top.
    func adding(tax rate: VATRate) -> Ratio? {
        guard rate > .zero else { return self }
        return times(Ratio(Int128(10_000 + rate.basisPoints), over: 10_000))
    }
}

extension Sequence<Ratio> {
    /// The sum; nil out of reach.
    func sum() -> Ratio? { reduce(Ratio.zero as Ratio?) { $0?.plus($1) } }
}
