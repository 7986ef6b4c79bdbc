package import Units

/// What is done to a price besides its method.
package enum Modifier: Hashable, Sendable {
    /// The line costs at least this much (Mindestgebühr).
    case lineMinimum(Cents)
    /// The line costs at most this much (Höchstgebühr).
    case lineMaximum(Cents)
    /// More than this is refused (Höchstmenge).
    case limit(Limit)
    /// Deducted: only what is above is charged (Freimenge).
    case free(Limit)
    /// Exempt: up to it nothing is charged, above it the whole load (Freigrenze).
    case exempt(Exemption)
    /// A factor or discount under a condition.
    case adjustment(Adjustment)
    /// Reserved on the card at entry (Vorautorisierung).
    case deposit(Cents)
}

/// A quantity for a period and a holder: the most that is accepted, or what is free.
package struct Limit: Hashable, Sendable {
    package let measure: Measure
    /// Smallest units, containers, or deliveries for ``Measure/delivery``; inclusive.
    package let most: Int64
    /// The unit it is written in; nil for containers and deliveries.
    package let unit: MeasureUnit?
    package let scope: QuotaScope

    /// What it says; nil for containers and deliveries.
    var quantity: Quantity? { unit.map { Quantity(most, in: $0) } }
}

/// For how long and for whom a quantity is counted.
package struct QuotaScope: Hashable, Sendable {
    package let period: QuotaPeriod
    /// Nil exactly for one visit.
    package let holder: Holder?

    static let visit = QuotaScope(period: .visit, holder: nil)
}

/// How long a quantity is counted.
package enum QuotaPeriod: Hashable, Sendable {
    /// One delivery.
    case visit
    case day
    /// Blocks of so many weeks, counted from Monday, 1 January 2001.
    case weeks(Int)
    /// January to June, July to December.
    case halfYear
    case year

    /// The first day of the period that `day` lies in.
    package func start(of day: BusinessDay) -> BusinessDay {
        switch self {
        case .visit, .day: return day
        case .weeks(let count):
            let (length, past) = (7 * count, day.ordinal - Self.firstMonday)
            let into = (past % length + length) % length
            return day.adding(days: -into) ?? day
        case .halfYear:
            return BusinessDay(year: day.year, month: day.month < 7 ? 1 : 7, day: 1) ?? day
        case .year: return BusinessDay(year: day.year, month: 1, day: 1) ?? day
        }
    }

    /// The ordinal of 2001-01-01, a Monday.
    private static let firstMonday = 11_323
}

/// A quantity up to which a load costs nothing; above it the whole load is charged.
package struct Exemption: Hashable, Sendable {
    /// Of one visit.
    package let limit: Limit
    /// `bis` includes the threshold, `unter` does not.
    package let includesThreshold: Bool
}

/// A factor or discount on a line where its features are ticked.
package struct Adjustment: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        /// In ten-thousandths: 20,000 doubles.
        case factor(Int64)
        /// In hundredths of a percent.
        case discountPercent(Int64)
        case discount(Cents)
    }

    package let change: Change
    /// All of them must be ticked; empty means always.
    package let features: Set<FeatureID>
}
