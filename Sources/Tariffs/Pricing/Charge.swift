import Units

/// What a method makes of an amount.
struct Charge: Hashable {
    /// The amount as billed after the step: smallest units, hundredths of a container, or one
    /// load or delivery.
    let billed: Int64
    /// The price in cents on the tariff's price basis, before factors, minimum and rounding.
    let exact: Ratio

    static let nothing = Charge(billed: 0, exact: .zero)
}

/// What a method says about an amount.
enum MethodAnswer {
    case charged(Charge)
    /// Below a scale's minimum load, and the volume decides.
    case byVolume
    case tooMuch
    /// The figures grow out of reach.
    case overflow
    /// This part of the price is not published.
    case unpublished
    /// The method gives no prices.
    case none
}

extension PricingMethod {
    /// The charge for `number` of the smallest units of an amount.
    func charge(number: Int64, of amount: Amount) -> MethodAnswer {
        switch self {
        case .free: .charged(Charge(billed: number, exact: .zero))
        case .flat(let price): .charged(Charge(billed: number, exact: Ratio(price)))
        case .unit(let rate): .charged(rate.charge(number: number))
        case .areaTime(let rate): .charged(rate.charge(area: number, minutes: amount.minutes))
        case .container(let rate):
            .charged(rate.charge(count: number, fillPercent: amount.fillPercent))
        case .table(let rows): rows.charge(amount).map { .charged($0) } ?? .none
        case .staircase(let staircase):
            staircase.charge(number: number).map { .charged($0) } ?? .tooMuch
        case .tiers(let tiers): tiers.charge(number: number).map { .charged($0) } ?? .tooMuch
        case .scaleSwitch(let scale): scale.charge(number: number)
        case .derived(let derived): derived.charge(number: number, of: amount)
        case .refused: .none
        case .unpublished: .unpublished
        }
    }

    /// Whether what one delivery brings of a fraction counts together.
    ///
    /// Then a second item costs what the sum costs more, and splitting a load changes nothing.
    /// Methods in proportion need it not: each weighing stays a line of its own.
    var countsTogether: Bool {
        switch self {
        case .flat, .staircase, .tiers: true
        case .unit(let rate): rate.step != .proRata && rate.step != .started(1)
        case .derived(let derived): derived.method.countsTogether
        case .free, .areaTime, .container, .table, .scaleSwitch, .refused, .unpublished: false
        }
    }

    /// The largest amount that the method prices, if there is one.
    var lastLimit: Limit? {
        let last: Quantity? =
            switch self {
            case .staircase(let staircase): staircase.tiers.last?.limit
            case .tiers(let tiers): tiers.tiers.last { $0.price != .refused }?.limit
            case .derived(let derived): derived.method.lastLimit?.quantity
            case .free, .flat, .unit, .areaTime, .container, .table, .scaleSwitch, .refused,
                .unpublished:
                nil
            }
        return last.map {
            Limit(measure: $0.measure, most: $0.value, unit: $0.unit, scope: .visit)
        }
    }
}

extension UnitRate {
    func charge(number: Int64) -> Charge {
        let billed =
            switch step {
            case .proRata: number
            case .started(let size): stepped(number, by: size)
            }
        return Charge(
            billed: billed, exact: price.exactCents(quantity: billed, per: per.value))
    }
}

extension AreaTimeRate {
    func charge(area number: Int64, minutes: Minutes) -> Charge {
        let areas = stepped(number, by: area.value) / area.value
        let times = stepped(minutes.value, by: time.value) / time.value
        return Charge(
            billed: areas * area.value,
            exact: Ratio(
                Int128(price.tenThousandths) * Int128(areas) * Int128(times), over: 100))
    }
}

extension ContainerRate {
    fileprivate func charge(count: Int64, fillPercent: Int64) -> Charge {
        let billed = count * stepped(fillPercent, by: filling.rawValue)
        return Charge(billed: billed, exact: price.exactCents(quantity: billed, per: 100))
    }
}

extension [VehicleRow] {
    fileprivate func charge(_ amount: Amount) -> Charge? {
        first { .vehicle($0.vehicle) == amount.measure }?.level(at: amount.fillPercent).map {
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

extension Tiers.Tier {
    /// Whether an amount is not above the tier.
    func reaches(_ number: Int64) -> Bool {
        includesLimit ? number <= limit.value : number < limit.value
    }
}

extension Tiers.TierPrice {
    func charge(number: Int64) -> Charge? {
        switch self {
        case .amount(let amount): Charge(billed: number, exact: Ratio(amount))
        case .rate(let rate): rate.charge(number: number)
        case .refused: nil
        }
    }
}

extension Tiers {
    /// A slice of an amount: its tier's place (the last is what lies above), the units in it, and
    /// what they cost.
    struct Slice {
        let place: Int
        let number: Int64
        let price: TierPrice
        let charge: Charge
    }

    /// The price that an amount as a whole reaches.
    func price(reachedBy number: Int64) -> TierPrice {
        tiers.first { $0.reaches(number) }?.price ?? beyond
    }

    /// The slices of an amount in order; nil where one of them is refused.
    func slices(of number: Int64) -> [Slice]? {
        var slices: [Slice] = []
        var start: Int64 = 0
        for place in 0...tiers.count where start < number {
            let end = place < tiers.count ? min(number, tiers[place].limit.value) : number
            let price = place < tiers.count ? tiers[place].price : beyond
            guard let charge = price.charge(number: end - start) else { return nil }
            slices.append(Slice(place: place, number: end - start, price: price, charge: charge))
            start = end
        }
        return slices
    }

    fileprivate func charge(number: Int64) -> Charge? {
        guard scope == .slice else { return price(reachedBy: number).charge(number: number) }
        guard let slices = slices(of: number) else { return nil }
        guard let exact = slices.map(\.charge.exact).sum() else { return nil }
        return Charge(billed: slices.reduce(0) { $0 + $1.charge.billed }, exact: exact)
    }
}

extension ScaleSwitch {
    fileprivate func charge(number: Int64) -> MethodAnswer {
        guard number < threshold.value else {
            return rate.map { .charged($0.charge(number: number)) } ?? .unpublished
        }
        switch below {
        case .flat(let price): return .charged(Charge(billed: number, exact: Ratio(price)))
        case .byVolume: return .byVolume
        case .unpublished: return .unpublished
        }
    }
}

extension Derived {
    fileprivate func charge(number: Int64, of amount: Amount) -> MethodAnswer {
        let answer = method.charge(number: number, of: amount)
        guard case .charged(let charge) = answer, case .factor(let factor) = change else {
            return answer
        }
        return charge.exact.times(Ratio(Int128(factor), over: 10_000)).map {
            .charged(Charge(billed: charge.billed, exact: $0))
        } ?? .overflow
    }
}

/// The smallest multiple of `step` that is not below `number`; both are positive.
func stepped(_ number: Int64, by step: Int64) -> Int64 {
    (number + step - 1) / step * step
}
