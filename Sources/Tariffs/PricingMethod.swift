package import Units

/// How a position turns an amount into a price: the closed list of methods.
///
/// A sale of goods is a position over goods of the catalogue; it uses the same methods.
package indirect enum PricingMethod: Hashable, Sendable {
    /// Nothing to pay, in the one measure given or in any.
    case free(Measure?)
    /// A fixed price for the line, whatever the amount.
    case flat(Cents)
    /// A price for a quantity.
    case unit(UnitRate)
    /// A price for an area and a time, both in started steps.
    case areaTime(AreaTimeRate)
    /// A price for a container.
    case container(ContainerRate)
    /// A price by vehicle class and fill level.
    case table([VehicleRow])
    /// A price by size, with a last word for what is larger.
    case staircase(Staircase)
    /// Rates by size: each slice its own, or the whole quantity at the step reached.
    case tiers(Tiers)
    /// One price below a scale's minimum load, another from it on.
    case scaleSwitch(ScaleSwitch)
    /// The price of another position, changed.
    case derived(Derived)
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
        case .areaTime: measure == .areaTime
        case .container(let rate): .containers(rate.kind) == measure
        case .table(let rows): rows.contains { .vehicle($0.vehicle) == measure }
        case .staircase(let staircase): staircase.unit.measure == measure
        case .tiers(let tiers): tiers.unit.measure == measure
        case .scaleSwitch(let scale): scale.threshold.measure == measure
        case .derived(let derived): derived.method.prices(measure)
        }
    }

    /// Whether the method gives a price at all.
    package var isPriced: Bool {
        switch self {
        case .refused, .unpublished: false
        case .free, .flat, .unit, .areaTime, .container, .table, .staircase, .tiers, .scaleSwitch,
            .derived:
            true
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

/// A price for a started area and a started time.
package struct AreaTimeRate: Hashable, Sendable {
    package let price: UnitPrice
    /// In square metres.
    package let area: Quantity
    package let time: Quantity
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

/// Steps by size whose prices may be rates (Staffel mit Berechnung).
package struct Tiers: Hashable, Sendable {
    /// What the step reached says.
    package enum Scope: Hashable, Sendable {
        /// The price of the whole quantity (ganze Menge).
        case whole
        /// The price of the slice inside the step (je Stufe).
        case slice
    }

    /// Up to a limit, one price.
    package struct Tier: Hashable, Sendable {
        package let limit: Quantity
        /// Whether the limit itself still belongs to the tier: `bis` does, `unter` does not.
        package let includesLimit: Bool
        package let price: TierPrice
    }

    /// What a tier or the part above the last one costs.
    package enum TierPrice: Hashable, Sendable {
        case amount(Cents)
        case rate(UnitRate)
        case refused
    }

    package let scope: Scope
    /// Ascending, not empty, all of one measure.
    package let tiers: [Tier]
    package let beyond: TierPrice
    package let unit: MeasureUnit
}

/// A price below the minimum load of a scale and one from it on.
package struct ScaleSwitch: Hashable, Sendable {
    /// What a load below the threshold costs; never graded by its weight.
    package enum Below: Hashable, Sendable {
        case flat(Cents)
        /// Its volume decides, which another position prices.
        case byVolume
        /// Not published: no price may be invented.
        case unpublished
    }

    package let threshold: Quantity
    package let below: Below
    /// Nil where it is not published.
    package let rate: UnitRate?
}

/// A price that follows from another position's.
package struct Derived: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        /// In ten-thousandths: 20,000 doubles.
        case factor(Int64)
        /// Added to the unit price or flat; already part of ``Derived/method``.
        case difference(UnitPrice)
    }

    /// The number of the other position.
    package let base: String
    package let change: Change
    /// The other position's method; with a difference its prices are changed already.
    package let method: PricingMethod
}
