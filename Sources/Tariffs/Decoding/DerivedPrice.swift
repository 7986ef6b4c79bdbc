import Units

extension Derived {
    /// The longest chain of positions that rest on each other.
    private static let chainMax = 8

    /// `2-fach von Nr. 5.1`, `Nr. 5.1 zuzüglich 2,00 €` or `Nr. 5.1 abzüglich 0,50 €`; nil for
    /// any other phrase. Its method is still unknown.
    init?(phrase text: String, in currency: Currency) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        if let factor = scanner.takeFactor() {
            guard scanner.take("von Nr."), !scanner.isAtEnd else { return nil }
            self.init(
                base: String(scanner.rest), change: .factor(factor), method: .unpublished)
            return
        }
        guard scanner.take("Nr.") else { return nil }
        let words = scanner.rest.split(separator: " ")
        guard let place = words.firstIndex(where: { $0 == "zuzüglich" || $0 == "abzüglich" }),
            place > 0
        else { return nil }
        var amount = PhraseScanner(words[(place + 1)...].joined(separator: " "))
        let price = try ValuePhrase.unitPrice(&amount, in: currency).tenThousandths
        guard amount.isAtEnd, price > 0 else { return nil }
        self.init(
            base: words[..<place].joined(separator: " "),
            change: .difference(
                UnitPrice(tenThousandths: words[place] == "zuzüglich" ? price : -price)),
            method: .unpublished)
    }

    /// The same with the method that it rests on, found among the positions of the file.
    ///
    /// - Parameter past: numbers of the positions that rest on this one, the first one first.
    /// - Throws: `T-E13` for a number that no position has, `T-E21` for a circle, a chain of more
    ///   than eight, a position without a price or without one amount to change, or a result out
    ///   of range.
    func resolved(
        among methods: [String: PricingMethod], past: [String]
    ) throws(PhraseProblem) -> Derived {
        guard !past.contains(base) else {
            throw PhraseProblem(
                .derivedNotPossible,
                "Nr. \((past + [base]).joined(separator: " → Nr. ")) führt im Kreis. Nennen Sie "
                    + "bei einer dieser Positionen den Preis selbst.")
        }
        guard past.count < Self.chainMax else {
            throw PhraseProblem(
                .derivedNotPossible,
                "Nr. \(past[0]) hängt über mehr als \(Self.chainMax) Positionen an Nr. \(base). "
                    + "Leiten Sie den Preis unmittelbar ab.")
        }
        guard var method = methods[base] else {
            throw PhraseProblem(
                .nameNotKnown,
                "Nr. \(base) gibt es nicht. Nennen Sie die Nummer einer anderen Position.")
        }
        if case .derived(let derived) = method {
            method = .derived(try derived.resolved(among: methods, past: past + [base]))
        }
        guard method.isPriced else {
            throw PhraseProblem(
                .derivedNotPossible,
                "Nr. \(base) hat keinen Preis, aus dem einer folgen könnte. Schreiben Sie den "
                    + "Preis aus.")
        }
        guard case .difference(let difference) = change else {
            return Derived(base: base, change: change, method: method)
        }
        return Derived(
            base: base, change: change, method: try method.changed(by: difference, base: base))
    }
}

extension PricingMethod {
    /// The method with `difference` added to its unit price or to each of its amounts.
    fileprivate func changed(
        by difference: UnitPrice, base: String
    ) throws(PhraseProblem) -> PricingMethod {
        let change = PriceChange(difference: difference, base: base)
        switch self {
        case .flat(let price): return .flat(try change.of(price))
        case .unit(let rate):
            return .unit(
                UnitRate(price: try change.of(rate.price), per: rate.per, step: rate.step))
        case .areaTime(let rate):
            return .areaTime(
                AreaTimeRate(price: try change.of(rate.price), area: rate.area, time: rate.time))
        case .container(let rate):
            return .container(
                ContainerRate(
                    price: try change.of(rate.price), kind: rate.kind, filling: rate.filling))
        case .table(let rows):
            return .table(try rows.map { row throws(PhraseProblem) in try change.of(row) })
        case .staircase(let staircase): return .staircase(try change.of(staircase))
        case .derived(let derived):
            guard case .difference = derived.change else { throw change.noSingleAmount }
            return try derived.method.changed(by: difference, base: base)
        case .free, .tiers, .scaleSwitch, .refused, .unpublished: throw change.noSingleAmount
        }
    }
}

/// A difference that is added to prices, none of which may leave the range of prices.
private struct PriceChange {
    let difference: UnitPrice
    let base: String

    func of(_ price: UnitPrice) throws(PhraseProblem) -> UnitPrice {
        let sum = price.tenThousandths + difference.tenThousandths
        guard (0...Cents.entryLimit * 100).contains(sum) else { throw outOfRange }
        return UnitPrice(tenThousandths: sum)
    }

    func of(_ price: Cents) throws(PhraseProblem) -> Cents {
        let sum = try of(UnitPrice(price)).tenThousandths
        guard sum % 100 == 0 else { throw outOfRange }
        return Cents(sum / 100)
    }

    func of(_ row: VehicleRow) throws(PhraseProblem) -> VehicleRow {
        VehicleRow(
            vehicle: row.vehicle,
            levels: try row.levels.map { level throws(PhraseProblem) in
                VehicleRow.Level(percentMax: level.percentMax, price: try of(level.price))
            })
    }

    func of(_ staircase: Staircase) throws(PhraseProblem) -> Staircase {
        Staircase(
            tiers: try staircase.tiers.map { tier throws(PhraseProblem) in
                Staircase.Tier(limit: tier.limit, price: try of(tier.price))
            }, beyond: staircase.beyond, unit: staircase.unit)
    }

    var noSingleAmount: PhraseProblem {
        PhraseProblem(
            .derivedNotPossible,
            "Nr. \(base) hat keinen Betrag, zu dem etwas zugezählt werden könnte. Schreiben Sie "
                + "den Preis aus.")
    }

    private var outOfRange: PhraseProblem {
        PhraseProblem(
            .derivedNotPossible,
            "Der Preis von Nr. \(base) würde damit negativ, größer als 10.000,00 oder ein "
                + "Festpreis in Bruchteilen der kleinsten Münze. Ändern Sie den Unterschied.")
    }
}
