import Units

/// Everything a sentence about a line may speak of.
struct LineFacts {
    let position: Position
    let fraction: Fraction
    let amount: Amount
    let container: Container?
    let vehicle: VehicleClass?
    let line: CalculatedLine
    let basis: PriceBasis
    let rate: VATRate
    let rounding: Rounding

    /// What is charged: this item and the earlier ones that count together with it.
    var number: Int64 { line.earlier + amount.number }
    /// The price on the printed basis before the line minimum, rounded for reading.
    var printed: Cents { Cents(line.charge.exact.rounded(rounding)) }
    var isBelowMinimum: Bool {
        line.charge.exact.numerator > 0 && printed < position.lineMinimum
    }
    /// Whether tax is added to the printed price.
    var addsTax: Bool { basis == .net && rate > .zero && line.charge.exact.numerator > 0 }
    var isExact: Bool { line.charge.exact.numerator % line.charge.exact.denominator == 0 }

    /// The exact price in ten-thousandths, if that many decimals are enough to write it.
    var exactTenThousandths: Int64? {
        let scaled = line.charge.exact.numerator * 100
        guard scaled % line.charge.exact.denominator == 0 else { return nil }
        return Int64(scaled / line.charge.exact.denominator)
    }
}

extension Tariff {
    /// The sentences about a line.
    func explanation(of line: CalculatedLine, in delivery: Delivery) -> Explanation {
        guard let facts = facts(of: line, in: delivery) else {
            return Explanation(german: "", english: "")
        }
        return Explanation(german: GermanLine(facts).sentence, english: EnglishLine(facts).sentence)
    }

    private func facts(of line: CalculatedLine, in delivery: Delivery) -> LineFacts? {
        let item = delivery.items[line.item]
        let position = positions[line.position]
        guard let fraction = catalogue.fraction(item.fraction) else {
            return nil
        }
        return LineFacts(
            position: position, fraction: fraction, amount: item.amount,
            container: catalogue.container(of: item.amount),
            vehicle: catalogue.vehicleClass(of: item.amount), line: line, basis: priceBasis,
            rate: position.vat.value(on: delivery.day).rate, rounding: rounding)
    }
}

extension Catalogue {
    func container(of amount: Amount) -> Container? {
        guard case .containers(_, let kind, _) = amount else { return nil }
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
        case .staircase(let staircase): staircase.unit
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
        case .area: .squareMetre
        case .containers, .vehicle, .delivery: nil
        }
    }
}
