import Units

/// A price per unit that stands far above the others of its measure.
struct UnitPriceOutlier: Hashable {
    /// Of the position.
    let place: Int
    let rate: UnitRate
    /// A rate in the middle of all of its measure.
    let median: UnitRate

    /// How many times the median is still in line: sheets print a clean rubble beside asbestos at
    /// ten times its price, but no two wastes a hundred times apart.
    static let timesMax: Int128 = 20
    /// Below so many prices there is no middle to speak of.
    static let pricesMin = 4
}

extension UnitRate {
    /// Whether so many times the price of a unit is less than its price with the other rate.
    func isCheaper(than other: UnitRate, times factor: Int128 = 1) -> Bool {
        Int128(price.tenThousandths) * Int128(other.per.value) * factor
            < Int128(other.price.tenThousandths) * Int128(per.value)
    }
}

extension PricingMethod {
    /// The rates that the method itself writes; those of another position are not repeated.
    var rates: [UnitRate] {
        switch self {
        case .unit(let rate): [rate]
        case .tiers(let tiers): (tiers.tiers.map(\.price) + [tiers.beyond]).compactMap(\.rate)
        case .scaleSwitch(let scale): scale.rate.map { [$0] } ?? []
        case .free, .flat, .areaTime, .container, .table, .staircase, .derived, .refused,
            .unpublished:
            []
        }
    }
}

extension Tiers.TierPrice {
    fileprivate var rate: UnitRate? {
        switch self {
        case .rate(let rate): rate
        case .amount, .refused: nil
        }
    }
}

extension Tariff {
    /// Rates more than ``UnitPriceOutlier/timesMax`` times the median of their measure; one a
    /// position, in file order. Goods are left out.
    func unitPriceOutliers() -> [UnitPriceOutlier] {
        let goods = Set(fractions.filter(\.isGoods).map(\.id))
        let rates = positions.enumerated()
            .filter { goods.isDisjoint(with: $0.element.fractions) }
            .flatMap { place, position in position.method.rates.map { (place: place, rate: $0) } }
            .filter { $0.rate.price.tenThousandths > 0 }
        var outliers: [Int: UnitPriceOutlier] = [:]
        for (_, group) in Dictionary(grouping: rates, by: \.rate.per.measure)
        where group.count >= UnitPriceOutlier.pricesMin {
            let sorted = group.map(\.rate).sorted { $0.isCheaper(than: $1) }
            let median = sorted[(sorted.count - 1) / 2]
            for (place, rate) in group
            where median.isCheaper(than: rate, times: UnitPriceOutlier.timesMax) {
                outliers[place] = UnitPriceOutlier(place: place, rate: rate, median: median)
            }
        }
        return outliers.keys.sorted().compactMap { outliers[$0] }
    }

    /// `8,00 € je l`.
    func words(of rate: UnitRate) -> String {
        "\(GermanText.unitPrice(rate.price, currency)) je \(GermanText.per(rate.per))"
    }
}
