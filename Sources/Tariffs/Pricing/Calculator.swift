import Units

/// Prices the items of one delivery, one after the other.
struct Calculator {
    let tariff: Tariff
    let delivery: Delivery
    var memory: QuotaMemory
    var load = Load()

    init(tariff: Tariff, delivery: Delivery, used: [QuotaUse]) {
        self.tariff = tariff
        self.delivery = delivery
        memory = QuotaMemory(used: used)
    }

    mutating func run() -> CalculationResult {
        var refusals = acceptanceRefusals()
        guard refusals.isEmpty else { return .refused(refusals) }
        var lines: [CalculatedLine] = []
        lines.reserveCapacity(delivery.items.count)
        for place in delivery.items.indices {
            switch dearestLine(for: place) {
            case .success(let line): lines.append(line)
            case .failure(let refusal): refusals.append(refusal)
            }
        }
        guard refusals.isEmpty else { return .refused(refusals) }
        guard let (priced, extras) = tariff.summed(lines, of: delivery) else {
            return .refused([CalculatedRefusal(.amountTooLarge)])
        }
        return .calculated(
            Calculation(
                lines: priced, extras: extras, quota: memory.uses,
                deposit: tariff.deposit(for: priced, of: delivery)))
    }

    /// The line of an item; of a mixed load, the dearest of its fractions.
    private mutating func dearestLine(for place: Int) -> Result<CalculatedLine, CalculatedRefusal> {
        let item = delivery.items[place]
        guard !item.mixedWith.isEmpty else { return keep(line(for: item.fraction, at: place)) }
        guard tariff.rules.mixture != nil else {
            return .failure(CalculatedRefusal(.mixedLoad, item: place))
        }
        var dearest: CalculatedLine?
        for fraction in item.fractions {
            switch line(for: fraction, at: place) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let line):
                if dearest.map({ $0.gross < line.gross }) ?? true { dearest = line }
            }
        }
        return keep(
            dearest.map { .success($0) } ?? .failure(CalculatedRefusal(.mixedLoad, item: place)))
    }

    /// Notes what a line takes, so that the next items count on.
    private mutating func keep(
        _ result: Result<CalculatedLine, CalculatedRefusal>
    ) -> Result<CalculatedLine, CalculatedRefusal> {
        guard case .success(let line) = result else { return result }
        load.add(line)
        let priced = tariff.index[line.position]
        if let free = priced.freeQuantity, free.counts(line.amount) || line.allowance.free > 0 {
            memory.take(
                free.measure == .delivery ? 1 : line.allowance.free, of: free, kind: .free,
                rule: priced.position.number, by: delivery)
        }
        if let limit = priced.limit, limit.counts(line.amount) {
            memory.take(
                limit.measure == .delivery ? 1 : line.amount.number, of: limit, kind: .limit,
                rule: priced.position.number, by: delivery)
        }
        return result
    }

    private func line(
        for fraction: FractionID, at place: Int
    ) -> Result<CalculatedLine, CalculatedRefusal> {
        let item = delivery.items[place]
        let circumstances = Circumstances(of: delivery, item)
        do throws(CalculatedRefusal) {
            let amount = try priceableAmount(of: item, as: fraction, circumstances, at: place)
            let match = try position(for: fraction, amount, circumstances, at: place)
            try checkWeight(item, amount, as: fraction, priced: match, at: place)
            try checkRequirements(of: match, circumstances, at: place)
            try checkLimit(of: match, amount, at: place)
            let allowance = try allowance(of: match, fraction, amount, at: place)
            let charged = allowance.isExempt ? 0 : amount.number - allowance.free
            let earlier =
                tariff.index[match].countsTogether ? load.charged(of: fraction, at: match) : 0
            let charge = try charge(match, amount, earlier + charged, isFree: charged == 0, place)
            let price = try price(charge, match, circumstances, at: place)
            var (already, exact) = (Cents.zero, price.exact)
            if earlier > 0, charged > 0 {
                let before = try self.price(
                    try self.charge(match, amount, earlier, isFree: false, place), match,
                    circumstances, at: place)
                already = before.rounded
                exact = exact.minus(before.exact) ?? Ratio(price.rounded - already)
            }
            return .success(
                CalculatedLine(
                    item: place, position: match, fraction: fraction, amount: amount,
                    allowance: allowance, earlier: charged == 0 ? 0 : earlier, charge: charge,
                    adjusted: price.adjusted, bound: price.bound, cumulated: price.rounded,
                    alreadyCharged: already, exact: exact, gross: price.rounded - already,
                    reduction: nil))
        } catch {
            return .failure(error)
        }
    }

    private func position(
        for fraction: FractionID, _ amount: Amount, _ circumstances: Circumstances, at place: Int
    ) throws(CalculatedRefusal) -> Int {
        let matches = tariff.index.matches(fraction, of: circumstances, in: amount.measure)
        if let match = matches.first { return match }
        guard tariff.catalogue.fraction(fraction) != nil else {
            throw CalculatedRefusal(.unknownFraction, item: place, fraction: fraction)
        }
        let known = tariff.measures(of: fraction, in: circumstances)
        throw CalculatedRefusal(
            known.isEmpty ? .noPosition : .wrongMeasure, item: place, fraction: fraction)
    }

    private func checkRequirements(
        of match: Int, _ circumstances: Circumstances, at place: Int
    ) throws(CalculatedRefusal) {
        let required = tariff.index[match].position.requires
        guard !required.isEmpty else { return }
        let missing = required.subtracting(circumstances.features)
        guard missing.isEmpty else {
            throw CalculatedRefusal(
                .requirementMissing, item: place, position: match, missing: missing)
        }
    }

    private func charge(
        _ match: Int, _ amount: Amount, _ number: Int64, isFree: Bool, _ place: Int
    ) throws(CalculatedRefusal) -> Charge {
        let method = tariff.index[match].method
        guard !isFree || !method.isPriced else { return .nothing }
        switch method.charge(number: number, of: amount) {
        case .charged(let charge) where charge.exact.isInReach: return charge
        case .byVolume:
            throw CalculatedRefusal(.belowMinimumLoad, item: place, position: match)
        case .tooMuch:
            throw CalculatedRefusal(
                .tooMuch, item: place, position: match, limit: method.lastLimit)
        case .charged, .overflow:
            throw CalculatedRefusal(.amountTooLarge, item: place, position: match)
        case .unpublished:
            throw CalculatedRefusal(.noPricePublished, item: place, position: match)
        case .none:
            throw CalculatedRefusal(.notAccepted, item: place, position: match)
        }
    }

    /// Factors and discounts, line minimum and maximum, tax where the printed prices are net, then
    /// the one rounding.
    private func price(
        _ charge: Charge, _ match: Int, _ circumstances: Circumstances, at place: Int
    ) throws(CalculatedRefusal) -> LinePrice {
        let priced = tariff.index[match]
        let rate =
            tariff.priceBasis == .net
            ? priced.position.vat.value(for: circumstances.group, on: circumstances.day).rate
            : .zero
        guard
            let price = LinePrice(
                of: charge, at: priced, features: circumstances.features, addingTax: rate,
                tariff.rounding)
        else { throw CalculatedRefusal(.amountTooLarge, item: place, position: match) }
        return price
    }
}

/// The price of a line from its charge.
struct LinePrice {
    /// After factors and discounts, on the printed basis.
    let adjusted: Ratio
    let bound: CalculatedLine.Bound?
    /// After minimum and tax.
    let exact: Ratio
    /// Rounded by the line's rule; to the cent where only the sum is rounded.
    let rounded: Cents

    /// Nil above any payment, or where the figures grow out of reach.
    init?(
        of charge: Charge, at position: PricedPosition, features: Set<FeatureID>,
        addingTax rate: VATRate, _ profile: RoundingProfile
    ) {
        var exact = charge.exact
        for adjustment in position.adjustments where adjustment.features.isSubset(of: features) {
            guard let changed = adjustment.change.applied(to: exact) else { return nil }
            exact = changed
        }
        adjusted = exact
        guard exact.numerator > 0 else {
            (bound, self.exact, rounded) = (nil, exact, .zero)
            return
        }
        (exact, bound) = Self.bounded(exact, position)
        guard let taxed = exact.adding(tax: rate), taxed.isBelow(Self.limit) else { return nil }
        self.exact = taxed
        rounded = profile.roundedLine(taxed)
    }

    /// No line may cost more; payments end far below.
    private static let limit: Int64 = 1_000_000_000_000

    private static func bounded(
        _ exact: Ratio, _ position: PricedPosition
    ) -> (Ratio, CalculatedLine.Bound?) {
        if exact.isBelow(position.lineMinimum.value) {
            return (Ratio(position.lineMinimum), .minimum(position.lineMinimum))
        }
        if let most = position.lineMaximum, Ratio(most).isBelow(exact) {
            return (Ratio(most), .maximum(most))
        }
        return (exact, nil)
    }
}

extension Adjustment.Change {
    /// The exact price after the change; never below zero; nil where the figures grow out of reach.
    func applied(to exact: Ratio) -> Ratio? {
        switch self {
        case .factor(let factor): exact.times(Ratio(Int128(factor), over: 10_000))
        case .discountPercent(let points):
            exact.times(Ratio(Int128(max(0, 10_000 - points)), over: 10_000))
        case .discount(let amount): exact.minus(Ratio(amount)).map(\.positivePart)
        }
    }
}
