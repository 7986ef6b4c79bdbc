package import Units

/// How a position turns an amount into a price: the closed list of methods.
package enum PricingMethod: Hashable, Sendable {
    /// Nothing to pay, in the one measure given or in any.
    case free(Measure?)
    /// A fixed price for the line, whatever the amount.
    case flat(Cents)
    /// A price for a quantity.
    case unit(UnitRate)
    /// A price for a container.
    case container(ContainerRate)
    /// A price by vehicle class and fill level.
    case table([VehicleRow])
    /// A price by size, with a last word for what is larger.
    case staircase(Staircase)
    /// Not taken; the position gives the reason.
    case refused
    /// Accepted, but the price is not published: no price may be invented.
    case unpublished

    /// Whether the method can price amounts of this measure.
    package func prices(_ measure: Measure) -> Bool {
        switch self {
        case .free(let only): only.map { $0 == measure } ?? true
        case .flat, .refused, .unpublished: true
        case .unit(let rate): rate.per.measure == measure
        case .container(let rate): .containers(rate.kind) == measure
        case .table(let rows): rows.contains { .vehicle($0.vehicle) == measure }
        case .staircase(let staircase): staircase.unit.measure == measure
        }
    }
}

/// What happens to a part of a unit; never left open.
package enum Step: Hashable, Sendable {
    /// Started steps of this many smallest units count in full.
    case started(Int64)
    /// Every part is charged in proportion (anteilig).
    case proRata
}

/// A price for `per`, charged in steps or in proportion.
package struct UnitRate: Hashable, Sendable {
    package let price: UnitPrice
    package let per: Quantity
    package let step: Step
}

/// A price for one container of a kind.
package struct ContainerRate: Hashable, Sendable {
    package let price: UnitPrice
    package let kind: ContainerID
    package let filling: Filling

    /// What a container costs that is not full.
    package enum Filling: Int64, Hashable, Sendable {
        /// As much as a full one.
        case whole = 100
        /// Half of it up to 50 %, else all of it.
        case halves = 50
        /// In proportion to the fill.
        case proRata = 1
    }
}

/// The prices of a vehicle class, by fill level.
package struct VehicleRow: Hashable, Sendable {
    package let vehicle: VehicleClassID
    /// Ascending; the last reaches 100 %.
    package let levels: [Level]

    /// A price up to and including a fill.
    package struct Level: Hashable, Sendable {
        /// 1 to 100.
        package let percentMax: Int64
        package let price: Cents
    }

    /// The level of a load that is filled to `percent`.
    package func level(at percent: Int64) -> Level? {
        levels.first { percent <= $0.percentMax }
    }
}

/// Prices by size: up to a limit, inclusive, one amount each.
package struct Staircase: Hashable, Sendable {
    /// Ascending, not empty, all of one measure.
    package let tiers: [Tier]
    package let beyond: Beyond
    package let unit: MeasureUnit

    /// The price of everything up to and including `limit`.
    package struct Tier: Hashable, Sendable {
        package let limit: Quantity
        package let price: Cents
    }

    /// What holds above the last tier.
    package enum Beyond: Hashable, Sendable {
        case refused
        /// The last tier's price, and `price` for each further started `step`.
        case further(price: Cents, step: Quantity)
    }
}

/// What is done to a price besides its method.
package enum Modifier: Hashable, Sendable {
    /// The line costs at least this much (Mindestgebühr).
    case lineMinimum(Cents)
    /// More than this in one delivery is refused (Höchstmenge).
    case limit(Limit)
}

/// The most that is accepted of a position in one delivery.
package struct Limit: Hashable, Sendable {
    package let measure: Measure
    /// Smallest units, or containers; inclusive.
    package let most: Int64
    /// The unit it is written in; nil for containers.
    package let unit: MeasureUnit?
}
