import Units

/// Everything a sentence about a line may speak of.
struct LineFacts {
    let position: Position
    let fraction: Fraction
    let item: DeliveryItem
    let container: Container?
    let vehicle: VehicleClass?
    let line: CalculatedLine
    let basis: PriceBasis
    let rate: VATRate
    let currency: Currency
    /// Names of what is ticked for the adjustments that were applied.
    let adjustments: [(change: Adjustment.Change, reasons: [Feature])]
    /// The fractions that a mixed load consists of.
    let mixture: [Fraction]
    let declared: Fraction?
    /// The position of the line that is charged in this one's place.
    let paidWith: String?

    var amount: Amount { line.amount }
    /// Smallest units of this item that are charged.
    var charged: Int64 { line.allowance.isExempt ? 0 : amount.number - line.allowance.free }
    /// What is priced: the charged part of this item and the earlier ones that count with it.
    var number: Int64 { line.earlier + charged }
    /// The whole amount that is told: what is priced with what is free, or all of an exempt item.
    var told: Int64 {
        line.allowance.isExempt ? amount.number : line.allowance.free + number
    }
    /// The price of the method, rounded to the cent for reading.
    var printed: Cents { Cents(line.charge.exact.rounded(.halfUp)) }
    var adjusted: Cents { Cents(line.adjusted.rounded(.halfUp)) }
    /// Whether tax is added to the printed price.
    var addsTax: Bool { basis == .net && rate > .zero && line.charge.exact.numerator > 0 }
    var isExact: Bool { line.charge.exact.numerator % line.charge.exact.denominator == 0 }
    /// Whether the sum needs another figure than the method's price.
    var isRounded: Bool {
        line.bound == nil && adjustments.isEmpty && !addsTax && printed != line.cumulated
            && line.cumulated > .zero
    }

    /// The exact price in ten-thousandths, if that many decimals are enough to write it.
    var exactTenThousandths: Int64? {
        let scaled = line.charge.exact.numerator * 100
        guard scaled % line.charge.exact.denominator == 0 else { return nil }
        return Int64(exactly: scaled / line.charge.exact.denominator)
    }

    /// The unit that amounts of this line are written in.
    var unit: MeasureUnit? { amount.unit(preferred: position.method.unit) }
}

extension Tariff {
    /// The sentences about a line.
    func explanation(
        of line: CalculatedLine, _ calculation: Calculation, in delivery: Delivery
    ) -> Explanation {
        guard let facts = facts(of: line, calculation, in: delivery) else {
            return Explanation(german: "", english: "")
        }
        return Explanation(german: GermanLine(facts).sentence, english: EnglishLine(facts).sentence)
    }

    private func facts(
        of line: CalculatedLine, _ calculation: Calculation, in delivery: Delivery
    ) -> LineFacts? {
        let item = delivery.items[line.item]
        let position = positions[line.position]
        guard let fraction = catalogue.fraction(line.fraction) else { return nil }
        let features = delivery.features.union(item.features)
        let applied = position.adjustments.filter { $0.features.isSubset(of: features) }
        var paidWith: String?
        if case .oncePerVisit(let other) = line.reduction {
            paidWith = positions[calculation.lines[other].position].number
        }
        let mixture = item.mixedWith.isEmpty ? [] : item.fractions
        return LineFacts(
            position: position, fraction: fraction, item: item,
            container: catalogue.container(of: item.amount),
            vehicle: catalogue.vehicleClass(of: item.amount), line: line, basis: priceBasis,
            rate: position.vat.value(for: delivery.group, on: delivery.day).rate,
            currency: currency,
            adjustments: applied.map { adjustment in
                (
                    adjustment.change,
                    adjustment.features.compactMap { catalogue.feature($0) }
                        .sorted { $0.id < $1.id }
                )
            },
            mixture: mixture.compactMap { catalogue.fraction($0) },
            declared: item.reclassification.flatMap { catalogue.fraction($0.declared) },
            paidWith: paidWith)
    }
}

extension Catalogue {
    func container(of amount: Amount) -> Container? {
        guard case .containers(_, let kind, _) = amount else { return nil }
        return self.container(kind)
    }

    func container(of measure: Measure) -> Container? {
        guard case .containers(let kind) = measure else { return nil }
        return self.container(kind)
    }

    func vehicleClass(of amount: Amount) -> VehicleClass? {
        guard case .vehicle(let id, _) = amount else { return nil }
        return self.vehicleClass(id)
    }
}

extension PricingMethod {
    /// The unit that the sheet writes amounts in, if it does.
    var unit: MeasureUnit? {
        switch self {
        case .unit(let rate): rate.per.unit
        case .areaTime(let rate): rate.area.unit
        case .staircase(let staircase): staircase.unit
        case .tiers(let tiers): tiers.unit
        case .scaleSwitch(let scale): scale.threshold.unit
        case .derived(let derived): derived.method.unit
        case .free, .flat, .container, .table, .refused, .unpublished: nil
        }
    }
}

extension Amount {
    /// The unit to write this amount in, where the position writes `preferred`: tonnes below one
    /// are written as kilograms, and without a preference cubic metres below one as litres.
    func unit(preferred: MeasureUnit?) -> MeasureUnit? {
        switch self {
        case .pieces: .piece
        case .volume(let volume):
            preferred ?? (volume.value < Millilitres.perCubicMetre ? .litre : .cubicMetre)
        case .weight(let weight):
            weight.value < Grams.perTonne ? .kilogram : preferred ?? .tonne
        case .area, .areaTime: .squareMetre
        case .duration(let time): preferred ?? time.unit
        case .pounds(let weight):
            weight.value < DeciPounds.perShortTon ? .pound : preferred ?? .pound
        case .cubicInches: preferred ?? .cubicYard
        case .containers, .vehicle, .delivery: nil
        }
    }
}

extension Minutes {
    /// The largest unit that divides the time.
    var unit: MeasureUnit {
        [.week, .day, .hour].first { value % $0.size == 0 } ?? .minute
    }
}
