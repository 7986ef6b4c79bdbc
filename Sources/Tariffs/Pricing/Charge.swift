import Units

/// What a method makes of an amount.
struct Charge {
    /// The amount as billed after the step: smallest units, hundredths of a container, or one
    /// load or delivery.
    let billed: Int64
    /// The price in cents on the tariff's price basis, before minimum and rounding.
    let exact: Ratio
}

extension PricingMethod {
    /// The charge for `number` of the smallest units; nil where the method prices no such amount.
    ///
    /// - Parameter fillPercent: of the container or vehicle, 1 to 100.
    func charge(number: Int64, measure: Measure, fillPercent: Int64) -> Charge? {
        switch self {
        case .free: Charge(billed: number, exact: Ratio(0, over: 1))
        case .flat(let price): Charge(billed: number, exact: Ratio(price))
        case .unit(let rate): rate.charge(number: number)
        case .container(let rate): rate.charge(count: number, fillPercent: fillPercent)
        case .table(let rows): rows.charge(measure: measure, fillPercent: fillPercent)
        case .staircase(let staircase): staircase.charge(number: number)
        case .refused, .unpublished: nil
        }
    }

    /// Whether what one delivery brings of a fraction counts together.
    ///
    /// Then a second item costs what the sum costs more, and splitting a load changes nothing.
    /// Methods in proportion need it not: each weighing stays a line of its own.
    var countsTogether: Bool {
        switch self {
        case .flat, .staircase: true
        case .unit(let rate): rate.step != .proRata && rate.step != .started(1)
        case .free, .container, .table, .refused, .unpublished: false
        }
    }
}

extension UnitRate {
    fileprivate func charge(number: Int64) -> Charge {
        let billed =
            switch step {
            case .proRata: number
            case .started(let size): stepped(number, by: size)
            }
        return Charge(
            billed: billed, exact: price.exactCents(quantity: billed, per: per.value))
    }
}

extension ContainerRate {
    fileprivate func charge(count: Int64, fillPercent: Int64) -> Charge {
        let billed = count * stepped(fillPercent, by: filling.rawValue)
        return Charge(billed: billed, exact: price.exactCents(quantity: billed, per: 100))
    }
}

extension [VehicleRow] {
    fileprivate func charge(measure: Measure, fillPercent: Int64) -> Charge? {
        first { .vehicle($0.vehicle) == measure }?.level(at: fillPercent).map {
            Charge(billed: 1, exact: Ratio($0.price))
        }
    }
}

extension Staircase {
    fileprivate func charge(number: Int64) -> Charge? {
        if let tier = tiers.first(where: { number <= $0.limit.value }) {
            return Charge(billed: number, exact: Ratio(tier.price))
        }
        guard case .further(let price, let step) = beyond, let last = tiers.last else { return nil }
        let steps = stepped(number - last.limit.value, by: step.value) / step.value
        return Charge(
            billed: last.limit.value + steps * step.value,
            exact: Ratio(Int128(last.price.value) + Int128(price.value) * Int128(steps), over: 1))
    }
}

extension Ratio {
    fileprivate init(_ cents: Cents) { self.init(Int128(cents.value), over: 1) }

    /// The larger of this and a whole number.
    func atLeast(_ floor: Int64) -> Ratio {
        Int128(floor) * denominator > numerator ? Ratio(Int128(floor), over: 1) : self
    }
}

/// The smallest multiple of `step` that is not below `number`; both are positive.
func stepped(_ number: Int64, by step: Int64) -> Int64 {
    (number + step - 1) / step * step
}
