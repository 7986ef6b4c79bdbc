import Units

/// The German sentence of a line.
struct GermanLine {
    private let facts: LineFacts
    private var name: String { facts.fraction.name }
    private var price: String { GermanFormat.euros(facts.printed) }

    init(_ facts: LineFacts) { self.facts = facts }

    var sentence: String {
        "\(together)\(core)\(minimum)\(tax)\(remainder) (Nr. \(facts.position.number))."
    }

    private var core: String {
        switch facts.position.method {
        case .free: free
        case .flat: "\(name): Es gilt ein fester Preis von \(price) je Anlieferung"
        case .unit(let rate): unit(rate)
        case .container(let rate): container(rate)
        case .table(let rows): vehicle(rows)
        case .staircase(let staircase): step(of: staircase)
        case .refused, .unpublished: "\(name) hat keinen Preis"
        }
    }

    private var together: String {
        guard facts.line.earlier > 0 else { return "" }
        return "Zusammen mit der Menge weiter oben: "
    }

    private var minimum: String {
        guard facts.isBelowMinimum else { return "" }
        return "; berechnet wird der Mindestpreis von "
            + GermanFormat.euros(facts.position.lineMinimum)
    }

    private var tax: String {
        guard facts.addsTax else { return "" }
        return "; mit \(GermanText.percent(facts.rate)) Umsatzsteuer "
            + GermanFormat.euros(facts.line.cumulated)
    }

    private var remainder: String {
        guard facts.line.earlier > 0 else { return "" }
        return "; davon stehen \(GermanFormat.euros(facts.line.alreadyCharged)) schon weiter oben, "
            + "es bleiben \(GermanFormat.euros(facts.line.gross))"
    }

    /// The amount with the name of the fraction, such as `700 l Grünabfall`.
    ///
    /// Names stand in the nominative everywhere, so that no ending can go wrong.
    private var load: String {
        switch facts.amount {
        case .pieces, .volume, .weight, .area: "\(quantity) \(name)"
        case .containers(let count, _, let fill):
            "\(name): \(containers(count))\(GermanText.fill(fill, count: count))"
        case .vehicle: "\(name): Eine Ladung (\(vehicle))"
        case .delivery: "\(name): Die Annahme"
        }
    }

    private var vehicle: String { facts.vehicle?.name ?? "" }

    private var quantity: String {
        guard let unit = facts.amount.unit(preferred: facts.position.method.unit) else { return "" }
        return GermanText.quantity(facts.number, unit)
    }

    /// Whether the verb stands in the singular.
    private var isOne: Bool {
        facts.amount.unit(preferred: facts.position.method.unit).map { $0.size == facts.number }
            ?? (facts.amount.number == 1)
    }

    private func containers(_ count: Int64) -> String {
        let container = facts.container
        let word = count == 1 ? container?.name : container?.plural
        return "\(GermanFormat.grouped(count))\u{A0}\(word ?? "")"
    }

    /// The price, with its exact value where it had to be rounded.
    private var rounded: String {
        guard !facts.isExact else { return price }
        guard let exact = facts.exactTenThousandths else { return "gerundet \(price)" }
        return "\(GermanText.unitPrice(UnitPrice(tenThousandths: exact))), gerundet \(price)"
    }
}

extension GermanLine {
    private var free: String {
        let comma = facts.amount.isPartlyFilled ? "," : ""
        return "\(load)\(comma) \(isOne ? "ist" : "sind") kostenlos"
    }

    private func unit(_ rate: UnitRate) -> String {
        let each = GermanText.unitPrice(rate.price)
        let per = GermanText.per(rate.per)
        guard case .started(let size) = rate.step, facts.line.charge.billed != facts.number else {
            return whole(rate, each: each, per: per)
        }
        guard size == rate.per.value else {
            let steps = GermanText.quantity(size, rate.per.unit)
            let billed = GermanText.quantity(facts.line.charge.billed, rate.per.unit)
            return "\(load) \(isOne ? "wird" : "werden") in Schritten von \(steps) auf \(billed) "
                + "aufgerundet; zu \(each) je \(per) sind das \(rounded)"
        }
        let count = facts.line.charge.billed / size
        guard count > 1 else {
            return "\(load) \(isOne ? "zählt" : "zählen") als \(GermanText.started(rate.per)) und "
                + "\(isOne ? "kostet" : "kosten") \(rounded)"
        }
        return "\(load) sind \(GermanFormat.grouped(count)) angefangene \(per) zu je \(each), "
            + "zusammen \(rounded)"
    }

    /// An amount without a started part.
    private func whole(_ rate: UnitRate, each: String, per: String) -> String {
        let count = facts.number / rate.per.value
        let isMultiple = facts.number % rate.per.value == 0
        guard !(isMultiple && count == 1) else {
            return "\(load) \(isOne ? "kostet" : "kosten") \(rounded)"
        }
        if rate.per.unit == .piece, rate.per.value == 1 {
            return "\(load) kosten je \(each), zusammen \(rounded)"
        }
        guard isMultiple, rate.per.value != rate.per.unit.size else {
            return "\(load) zu \(each) je \(per) \(isOne ? "kostet" : "kosten") \(rounded)"
        }
        return "\(load) sind \(GermanFormat.grouped(count)) mal \(per) zu je \(each), "
            + "zusammen \(rounded)"
    }

    private func container(_ rate: ContainerRate) -> String {
        let count = facts.amount.number
        let each = GermanText.unitPrice(rate.price)
        let percent = facts.line.charge.billed / count
        let verb = count == 1 ? "kostet" : "kosten je"
        let sum = count == 1 ? "" : ", zusammen \(rounded)"
        guard percent == 100 else {
            let part = percent == 50 ? "die Hälfte" : "\(percent)\u{A0}%"
            return "\(load), \(verb) \(part) von \(each)"
                + (count == 1 ? ", also \(rounded)" : sum)
        }
        guard facts.amount.fillPercent < 100 else {
            return "\(load) \(verb) \(count == 1 ? rounded : each)\(sum)"
        }
        return "\(load), \(verb) so viel wie voll: \(count == 1 ? rounded : each)\(sum)"
    }

    private func vehicle(_ rows: [VehicleRow]) -> String {
        let fill = facts.amount.fillPercent
        let row = rows.first { .vehicle($0.vehicle) == facts.amount.measure }
        guard let row, row.levels.count > 1, let level = row.level(at: fill) else {
            return "\(load) kostet \(price)"
        }
        return "\(name): Eine Ladung (\(vehicle), zu \(fill)\u{A0}% beladen) kostet \(price), "
            + "den Preis für bis zu \(level.percentMax)\u{A0}%"
    }

    private func step(of staircase: Staircase) -> String {
        let number = facts.number
        if let tier = staircase.tiers.first(where: { number <= $0.limit.value }) {
            let limit = GermanText.quantity(tier.limit.value, tier.limit.unit)
            guard tier.price > .zero else {
                return "\(load) \(isOne ? "ist" : "sind") kostenlos, wie alles bis zu \(limit)"
            }
            return "\(load) \(isOne ? "kostet" : "kosten") \(price), den Preis für bis zu \(limit)"
        }
        guard case .further(let each, let size) = staircase.beyond, let last = staircase.tiers.last
        else { return "\(load) \(isOne ? "kostet" : "kosten") \(price)" }
        let count = (facts.line.charge.billed - last.limit.value) / size.value
        let limit = GermanText.quantity(last.limit.value, last.limit.unit)
        let further = GermanText.quantity(size.value, size.unit)
        return "\(load) kosten \(GermanFormat.euros(last.price)) bis \(limit) und "
            + "\(GermanFormat.grouped(count)) mal \(GermanFormat.euros(each)) "
            + "für je weitere angefangene \(further), zusammen \(price)"
    }
}
