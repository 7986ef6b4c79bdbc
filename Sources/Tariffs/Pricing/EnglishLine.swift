import Units

/// The English sentence of a line.
struct EnglishLine {
    private let facts: LineFacts
    private var name: String { facts.fraction.englishName }
    private var price: String { EnglishText.euros(facts.printed) }

    init(_ facts: LineFacts) { self.facts = facts }

    var sentence: String {
        "\(together)\(core)\(minimum)\(tax)\(remainder) (no. \(facts.position.number))."
    }

    private var core: String {
        switch facts.position.method {
        case .free: "There is nothing to pay for \(load)"
        case .flat: "There is a fixed price of \(price) per delivery for \(name)"
        case .unit(let rate): unit(rate)
        case .container(let rate): container(rate)
        case .table(let rows): vehicle(rows)
        case .staircase(let staircase): step(of: staircase)
        case .refused, .unpublished: "\(name) has no price"
        }
    }

    private var together: String {
        facts.line.earlier > 0 ? "Together with the amount above: " : ""
    }

    private var minimum: String {
        guard facts.isBelowMinimum else { return "" }
        return "; the minimum price of \(EnglishText.euros(facts.position.lineMinimum)) is charged"
    }

    private var tax: String {
        guard facts.addsTax else { return "" }
        return "; with \(EnglishText.percent(facts.rate)) value added tax "
            + EnglishText.euros(facts.line.cumulated)
    }

    private var remainder: String {
        guard facts.line.earlier > 0 else { return "" }
        return "; \(EnglishText.euros(facts.line.alreadyCharged)) of it stands above already, "
            + "\(EnglishText.euros(facts.line.gross)) remains"
    }

    private var load: String {
        switch facts.amount {
        case .pieces: "\(quantity) × \(name)"
        case .volume, .weight, .area: "\(quantity) of \(name)"
        case .containers(let count, _, let fill):
            "\(containers(count)) of \(name)\(EnglishText.fill(fill, count: count))"
        case .vehicle: "one load of \(name)"
        case .delivery: name
        }
    }

    private var quantity: String {
        guard let unit = facts.amount.unit(preferred: facts.position.method.unit) else { return "" }
        return EnglishText.quantity(facts.number, unit)
    }

    /// A quantity of anything is one thing in English; only pieces are counted.
    private var isPlural: Bool {
        if case .pieces = facts.amount { facts.number != 1 } else { false }
    }
    private var cost: String { isPlural ? "cost" : "costs" }
    private var count: String { isPlural ? "count" : "counts" }

    private func containers(_ count: Int64) -> String {
        let container = facts.container
        let word = count == 1 ? container?.englishName : container?.englishPlural
        return "\(EnglishText.count(count))\u{A0}\(word ?? "")"
    }

    private var rounded: String {
        guard !facts.isExact else { return price }
        guard let exact = facts.exactTenThousandths else { return "\(price), rounded" }
        return "\(EnglishText.unitPrice(UnitPrice(tenThousandths: exact))), rounded to \(price)"
    }
}

extension EnglishLine {
    private func unit(_ rate: UnitRate) -> String {
        let each = EnglishText.unitPrice(rate.price)
        let per = EnglishText.per(rate.per)
        guard case .started(let size) = rate.step, facts.line.charge.billed != facts.number else {
            return whole(rate, each: each, per: per)
        }
        guard size == rate.per.value else {
            let steps = EnglishText.quantity(size, rate.per.unit)
            let billed = EnglishText.quantity(facts.line.charge.billed, rate.per.unit)
            return "\(load) is rounded up to \(billed) in steps of \(steps); "
                + "at \(each) per \(per) that is \(rounded)"
        }
        let steps = facts.line.charge.billed / size
        let portion = EnglishText.quantity(size, rate.per.unit)
        guard steps > 1 else {
            return "\(load) \(count) as one started portion of \(portion) and \(cost) \(rounded)"
        }
        return "\(load) \(count) as \(EnglishText.count(steps)) started portions of \(portion) "
            + "at \(each) each, together \(rounded)"
    }

    private func whole(_ rate: UnitRate, each: String, per: String) -> String {
        let times = facts.number / rate.per.value
        let isMultiple = facts.number % rate.per.value == 0
        guard !(isMultiple && times == 1) else { return "\(load) \(cost) \(rounded)" }
        if rate.per.unit == .piece, rate.per.value == 1 {
            return "\(load) \(cost) \(each) each, together \(rounded)"
        }
        guard isMultiple, rate.per.value != rate.per.unit.size else {
            return "\(load) at \(each) per \(per) \(cost) \(rounded)"
        }
        return "\(load) is \(EnglishText.count(times)) times \(per) at \(each) each, "
            + "together \(rounded)"
    }

    private func container(_ rate: ContainerRate) -> String {
        let number = facts.amount.number
        let each = EnglishText.unitPrice(rate.price)
        let percent = facts.line.charge.billed / number
        let verb = number == 1 ? "costs" : "cost"
        let sum = number == 1 ? "" : " each, together \(rounded)"
        guard percent == 100 else {
            let part = percent == 50 ? "half" : "\(percent)%"
            return "\(load), \(verb) \(part) of \(each)"
                + (number == 1 ? ", that is \(rounded)" : sum)
        }
        let full = number == 1 ? rounded : each
        guard facts.amount.fillPercent < 100 else { return "\(load) \(verb) \(full)\(sum)" }
        return "\(load), \(verb) as much as full: \(full)\(sum)"
    }

    private func vehicle(_ rows: [VehicleRow]) -> String {
        let fill = facts.amount.fillPercent
        let vehicle = facts.vehicle?.englishName ?? ""
        let row = rows.first { .vehicle($0.vehicle) == facts.amount.measure }
        guard let row, row.levels.count > 1, let level = row.level(at: fill) else {
            return "One load of \(name) (\(vehicle)) costs \(price)"
        }
        return "One load of \(name) (\(vehicle), \(fill)% loaded) costs \(price), "
            + "the price for up to \(level.percentMax)%"
    }

    private func step(of staircase: Staircase) -> String {
        let number = facts.number
        if let tier = staircase.tiers.first(where: { number <= $0.limit.value }) {
            let limit = EnglishText.quantity(tier.limit.value, tier.limit.unit)
            guard tier.price > .zero else {
                return "There is nothing to pay for \(load) (free up to \(limit))"
            }
            return "\(load) \(cost) \(price), the price for up to \(limit)"
        }
        guard case .further(let each, let size) = staircase.beyond, let last = staircase.tiers.last
        else { return "\(load) \(cost) \(price)" }
        let times = (facts.line.charge.billed - last.limit.value) / size.value
        let limit = EnglishText.quantity(last.limit.value, last.limit.unit)
        return "\(load) \(cost) \(EnglishText.euros(last.price)) up to \(limit) and "
            + "\(EnglishText.count(times)) times \(EnglishText.euros(each)) for each further "
            + "started \(EnglishText.quantity(size.value, size.unit)), together \(price)"
    }
}
