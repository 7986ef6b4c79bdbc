import Units

/// The figures of a delivery, before anybody puts them into sentences.
struct Calculation {
    let lines: [CalculatedLine]
    /// What the delivery minimum adds; zero if it is reached or there is none.
    let minimumSupplement: Cents
}

/// The figures of a line.
struct CalculatedLine {
    /// Index of the item in the delivery and of the position in the tariff.
    let item: Int
    let position: Int
    /// Of the same fraction earlier in the delivery, where it counts together; else zero.
    let earlier: Int64
    let charge: Charge
    /// The price of what is charged, earlier items included, after minimum, tax and rounding.
    let cumulated: Cents
    /// What the earlier items cost of it.
    let alreadyCharged: Cents

    var gross: Cents { cumulated - alreadyCharged }
}

/// A refusal in figures.
struct CalculatedRefusal {
    let code: RefusalCode
    /// Index of the item; nil for the delivery as a whole.
    let item: Int?
    /// Index of the position that refuses, if one does.
    let position: Int?
    /// The most that is accepted, for ``RefusalCode/tooMuch``.
    let limit: Limit?

    init(_ code: RefusalCode, item: Int? = nil, position: Int? = nil, limit: Limit? = nil) {
        self.code = code
        self.item = item
        self.position = position
        self.limit = limit
    }
}

enum CalculationResult {
    case calculated(Calculation)
    case refused([CalculatedRefusal])
}

extension Tariff {
    /// Prices a delivery in the fixed order: version, acceptance, position, amount in one
    /// delivery, step, method, line minimum, line rounding, delivery minimum.
    func calculate(_ delivery: Delivery) -> CalculationResult {
        guard validity.contains(delivery.day) else {
            return .refused([CalculatedRefusal(.outsideValidity)])
        }
        guard !delivery.items.isEmpty else { return .refused([CalculatedRefusal(.emptyDelivery)]) }
        guard delivery.items.count <= Self.itemCountMax else {
            return .refused([CalculatedRefusal(.invalidAmount)])
        }
        var load = Load()
        var lines: [CalculatedLine] = []
        var refusals: [CalculatedRefusal] = []
        lines.reserveCapacity(delivery.items.count)
        for place in delivery.items.indices {
            switch line(for: place, of: delivery, load: &load) {
            case .success(let line): lines.append(line)
            case .failure(let refusal): refusals.append(refusal)
            }
        }
        guard refusals.isEmpty else { return .refused(refusals) }
        let sum = lines.map(\.gross).sum()
        guard sum.value <= Cents.entryLimit else {
            return .refused([CalculatedRefusal(.amountTooLarge)])
        }
        return .calculated(
            Calculation(lines: lines, minimumSupplement: supplement(to: sum, on: delivery.day)))
    }

    private func line(
        for place: Int, of delivery: Delivery, load: inout Load
    ) -> Result<CalculatedLine, CalculatedRefusal> {
        let item = delivery.items[place]
        let (amount, measure) = (item.amount, item.amount.measure)
        guard amount.isValid else {
            return .failure(CalculatedRefusal(.invalidAmount, item: place))
        }
        let matches = index.matches(
            item.fraction, by: delivery.group, on: delivery.day, in: measure)
        guard let match = matches.first else {
            return .failure(CalculatedRefusal(unmatched(item, of: delivery), item: place))
        }
        let position = positions[match]
        let before = load.add(amount, of: item.fraction, at: match)
        if let limit = position.limit, limit.measure == measure,
            before.position + amount.number > limit.most
        {
            return .failure(
                CalculatedRefusal(.tooMuch, item: place, position: match, limit: limit))
        }
        let earlier = position.method.countsTogether ? before.fraction : 0
        guard let charge = charge(position, amount, earlier + amount.number) else {
            return .failure(
                CalculatedRefusal(
                    position.method.refusalCode, item: place, position: match,
                    limit: position.method.lastLimit))
        }
        let already = earlier > 0 ? self.charge(position, amount, earlier) : nil
        return .success(
            CalculatedLine(
                item: place, position: match, earlier: earlier, charge: charge,
                cumulated: gross(charge, of: position, on: delivery.day),
                alreadyCharged: already.map { gross($0, of: position, on: delivery.day) } ?? .zero))
    }

    private func charge(_ position: Position, _ amount: Amount, _ number: Int64) -> Charge? {
        position.method.charge(
            number: number, measure: amount.measure, fillPercent: amount.fillPercent)
    }

    /// Line minimum, then tax where the printed prices are net, then the one rounding.
    private func gross(_ charge: Charge, of position: Position, on day: BusinessDay) -> Cents {
        guard charge.exact.numerator > 0 else { return .zero }
        let due = charge.exact.atLeast(position.lineMinimum.value)
        return withTax(due, position.vat.value(on: day))
    }

    private func withTax(_ exact: Ratio, _ vat: VATTreatment) -> Cents {
        guard priceBasis == .net else { return Cents(exact.rounded(rounding)) }
        let factor = Ratio(Int128(10_000 + vat.rate.basisPoints), over: 10_000)
        return Cents((exact * factor).rounded(rounding))
    }

    private func supplement(to sum: Cents, on day: BusinessDay) -> Cents {
        guard let minimum, sum > .zero else { return .zero }
        let least = withTax(
            Ratio(Int128(minimum.amount.value), over: 1), minimum.vat.value(on: day))
        return max(.zero, least - sum)
    }

    private func unmatched(_ item: DeliveryItem, of delivery: Delivery) -> RefusalCode {
        guard catalogue.fraction(item.fraction) != nil else {
            return .unknownFraction
        }
        return measures(of: item.fraction, for: delivery).isEmpty ? .noPosition : .wrongMeasure
    }

    /// The measures in which the delivery's group may bring the fraction on its day.
    func measures(of fraction: FractionID, for delivery: Delivery) -> [MeasureOption] {
        let options = catalogue.fraction(fraction)?.measures ?? []
        return options.filter {
            !index.matches(
                fraction, by: delivery.group, on: delivery.day, in: $0.measure
            ).isEmpty
        }
    }
}

extension CalculatedRefusal: Error {}

extension PricingMethod {
    fileprivate var refusalCode: RefusalCode {
        switch self {
        case .refused: .notAccepted
        case .unpublished: .noPricePublished
        case .free, .flat, .unit, .container, .table, .staircase: .tooMuch
        }
    }

    fileprivate var lastLimit: Limit? {
        guard case .staircase(let staircase) = self else { return nil }
        return staircase.tiers.last.map {
            Limit(measure: $0.limit.measure, most: $0.limit.value, unit: $0.limit.unit)
        }
    }
}

/// What the delivery brought so far, by position and fraction.
private struct Load {
    private struct Entry {
        let position: Int
        let fraction: FractionID
        let measure: Measure
        var number: Int64
    }

    private var entries: [Entry] = []

    /// Adds an amount and says how much came before it: at the position in the same measure, and
    /// of the fraction at the position.
    mutating func add(
        _ amount: Amount, of fraction: FractionID, at position: Int
    ) -> (position: Int64, fraction: Int64) {
        var before: (position: Int64, fraction: Int64) = (0, 0)
        for entry in entries where entry.position == position {
            if entry.measure == amount.measure { before.position += entry.number }
            if entry.fraction == fraction { before.fraction += entry.number }
        }
        entries.append(
            Entry(
                position: position, fraction: fraction, measure: amount.measure,
                number: amount.number))
        return before
    }
}
