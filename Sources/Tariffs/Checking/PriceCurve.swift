import Text
import Units

/// Where a method changes its price, with an amount on each side.
struct PriceBorder: Hashable {
    let below: Quantity
    let above: Quantity
    /// How much more may be charged above it before that counts as a jump, in percent; nil where
    /// the sheet names both amounts.
    let risePercentMax: Int64?
}

extension PricingMethod {
    /// The borders of staircases, tiers of the whole quantity and scale switches, ascending.
    ///
    /// - Parameter interval: the smallest difference that a scale shows.
    func borders(interval: Grams?) -> [PriceBorder] {
        switch self {
        case .staircase(let staircase):
            let last = staircase.tiers.count - 1
            return staircase.tiers.enumerated().map { place, tier in
                PriceBorder(
                    at: tier.limit, isIncluded: true, interval: interval,
                    risePercentMax: place == last ? 100 : nil)
            }
        case .tiers(let tiers):
            guard tiers.scope == .whole else { return [] }
            let nexts = tiers.tiers.dropFirst().map(\.price) + [tiers.beyond]
            return zip(tiers.tiers, nexts).map { tier, next in
                PriceBorder(
                    at: tier.limit, isIncluded: tier.includesLimit, interval: interval,
                    risePercentMax: tier.price.isAmount && next.isAmount ? nil : 100)
            }
        case .scaleSwitch(let scale):
            return [
                PriceBorder(
                    at: scale.threshold, isIncluded: false, interval: interval, risePercentMax: 25)
            ]
        case .derived(let derived): return derived.method.borders(interval: interval)
        case .free, .flat, .unit, .areaTime, .container, .table, .refused, .unpublished: return []
        }
    }
}

extension Tiers.TierPrice {
    fileprivate var isAmount: Bool {
        switch self {
        case .amount: true
        case .rate, .refused: false
        }
    }
}

extension PriceBorder {
    /// - Parameter isIncluded: whether the limit itself still belongs to the lower side.
    init(at limit: Quantity, isIncluded: Bool, interval: Grams?, risePercentMax: Int64?) {
        let finest = limit.measure == .weight ? interval?.value : nil
        let step = finest ?? limit.unit.finest
        let lower = isIncluded ? limit.value : max(1, limit.value - step)
        below = Quantity(lower, in: limit.unit)
        above = Quantity(isIncluded ? limit.value + step : limit.value, in: limit.unit)
        self.risePercentMax = risePercentMax
    }
}

extension MeasureUnit {
    /// The smallest difference that makes sense at a yard, in smallest units: a litre, a
    /// kilogram, a pound, a hundredth of a square metre, a tenth of a cubic yard or gallon.
    var finest: Int64 {
        switch self {
        case .piece, .minute, .hour, .day, .week: 1
        case .litre, .cubicMetre: Millilitres.perLitre
        case .kilogram, .tonne: Grams.perKilogram
        case .squareMetre: SquareCentimetres.perSquareMetre / 100
        case .pound, .shortTon: DeciPounds.perPound
        case .cubicYard: CentiCubicInches.perCubicYard / 10
        case .gallon: CentiCubicInches.perGallon / 10
        }
    }
}

extension Tariff {
    /// Warns where more costs less, and where a little more costs much more.
    func curveProblems(of position: Position) -> [SourceProblem] {
        let interval = admittedScales(of: position).map(\.interval).min()
        let curve = position.method.borders(interval: interval).compactMap {
            curveProblem(at: $0, of: position)
        }
        return curve + tableProblems(of: position)
    }

    private func curveProblem(at border: PriceBorder, of position: Position) -> SourceProblem? {
        guard let low = position.price(of: border.below),
            let high = position.price(of: border.above)
        else { return nil }
        let words =
            "\(border.below.words) \(words(of: low)) → \(border.above.words) \(words(of: high))"
        if high.isBelow(low) {
            return position.problem(
                .priceFalls,
                "Bei Nr. \(position.number) fällt der Preis, obwohl die Menge steigt: \(words). "
                    + "Prüfen Sie die Grenze und beide Preise.")
        }
        guard let percent = border.risePercentMax, low.numerator > 0,
            let bound = low.times(Ratio(Int128(100 + percent), over: 100)), bound.isBelow(high)
        else { return nil }
        return position.problem(
            .priceJumps,
            "Bei Nr. \(position.number) springt der Preis: \(words). Prüfen Sie, ob die Satzung "
                + "das so will.")
    }

    /// Fuller loads of a vehicle class that cost less.
    private func tableProblems(of position: Position) -> [SourceProblem] {
        guard case .table(let rows) = position.method.root else { return [] }
        return rows.flatMap { row in
            zip(row.levels, row.levels.dropFirst()).filter { $1.price < $0.price }.map {
                let name = catalogue.vehicleClass(row.vehicle)?.name ?? row.vehicle.text
                return position.problem(
                    .priceFalls,
                    "Bei Nr. \(position.number) fällt der Preis für „\(name)“ mit der Füllung: "
                        + "bis \($0.percentMax) % \(words(of: Ratio($0.price))) → bis "
                        + "\($1.percentMax) % \(words(of: Ratio($1.price))). Prüfen Sie beide "
                        + "Preise.")
            }
        }
    }

    /// An exact price as it would be printed.
    func words(of price: Ratio) -> String {
        GermanText.money(rounding.rounded(price), currency)
    }
}

extension Position {
    /// The price of a quantity after the line's minimum and maximum; nil where it is refused.
    fileprivate func price(of quantity: Quantity) -> Ratio? {
        let amount = Amount(quantity.value, in: quantity.unit)
        guard case .charged(let charge) = method.charge(number: quantity.value, of: amount) else {
            return nil
        }
        let least = Ratio(lineMinimum)
        let price = charge.exact.isBelow(least) && charge.exact.numerator > 0 ? least : charge.exact
        guard let most = lineMaximum.map({ Ratio($0) }), most.isBelow(price) else { return price }
        return most
    }
}

extension Quantity {
    /// `190 kg`.
    var words: String { GermanText.quantity(value, unit) }
}
