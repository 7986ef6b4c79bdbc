import Units

/// What the method does to the amount, in English.
extension EnglishLine {
    var method: String { words(of: facts.position.method) }

    private func words(of method: PricingMethod) -> String {
        switch method {
        case .free: "There is nothing to pay for \(load)"
        case .flat: "There is a fixed price of \(price) per delivery for \(name)"
        case .unit(let rate): unit(rate)
        case .areaTime(let rate): areaTime(rate)
        case .container(let rate): container(rate)
        case .table(let rows): vehicle(rows)
        case .staircase(let staircase): step(of: staircase)
        case .tiers(let tiers): tier(of: tiers)
        case .scaleSwitch(let scale): weighed(scale)
        case .derived(let derived): self.derived(derived)
        case .refused, .unpublished: "\(name) has no price"
        }
    }

    private var rounded: String {
        guard !facts.isExact else { return price }
        guard let exact = facts.exactTenThousandths else { return "\(price), rounded" }
        return "\(unitPrice(UnitPrice(tenThousandths: exact))), rounded to \(price)"
    }

    private func unit(_ rate: UnitRate) -> String {
        let each = unitPrice(rate.price)
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
            return "\(load) \(counts) as one started portion of \(portion) and \(cost) \(rounded)"
        }
        return "\(load) \(counts) as \(EnglishText.count(steps)) started portions of \(portion) "
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

    private func areaTime(_ rate: AreaTimeRate) -> String {
        let areas = facts.line.charge.billed / rate.area.value
        let times = stepped(facts.amount.minutes.value, by: rate.time.value) / rate.time.value
        return "\(brought) counts as \(EnglishText.count(areas)) started portions of "
            + "\(EnglishText.quantity(rate.area.value, rate.area.unit)) for "
            + "\(EnglishText.count(times)) started portions of "
            + "\(EnglishText.quantity(rate.time.value, rate.time.unit)) at "
            + "\(unitPrice(rate.price)) each, together \(rounded)"
    }

    private func container(_ rate: ContainerRate) -> String {
        let number = facts.number
        let each = unitPrice(rate.price)
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
        return "\(load) \(cost) \(money(last.price)) up to \(limit) and "
            + "\(EnglishText.count(times)) times \(money(each)) for each further "
            + "started \(EnglishText.quantity(size.value, size.unit)), together \(price)"
    }

    private func tier(of tiers: Tiers) -> String {
        guard tiers.scope == .slice else {
            let place = tiers.tiers.firstIndex { $0.reaches(facts.number) }
            let range = tiers.englishWords(for: place ?? tiers.tiers.count)
            return switch tiers.price(reachedBy: facts.number) {
            case .rate(let rate): "\(unit(rate)) (price for \(range))"
            case .amount(.zero): "There is nothing to pay for \(load) (free \(range))"
            case .amount: "\(load) \(cost) \(price), the price for \(range)"
            case .refused: "\(name) has no price"
            }
        }
        let parts = (tiers.slices(of: facts.number) ?? []).map { slice in
            let part = EnglishText.quantity(slice.number, tiers.unit)
            let cost = Cents(slice.charge.exact.rounded(.halfUp))
            return "\(part) (\(tiers.englishWords(for: slice.place))) "
                + (cost == .zero ? "free" : "for \(money(cost))")
        }
        return "\(load) \(cost) \(price): \(EnglishText.all(parts))"
    }

    private func weighed(_ scale: ScaleSwitch) -> String {
        guard facts.number < scale.threshold.value else {
            return scale.rate.map { unit($0) } ?? "\(name) has no price"
        }
        let limit = EnglishText.quantity(scale.threshold.value, scale.threshold.unit)
        return "\(load) is below \(limit), for which there is a fixed price of \(price)"
    }

    private func derived(_ derived: Derived) -> String {
        switch derived.change {
        case .factor(let factor):
            "\(load) \(cost) \(EnglishText.times(factor)) the price of no. \(derived.base): "
                + rounded
        case .difference: words(of: derived.method)
        }
    }
}

extension Tiers {
    /// `up to 1 m³`, `above 1 m³ up to 3 m³`, `above 3 m³`.
    fileprivate func englishWords(for place: Int) -> String {
        let lower = place > 0 ? tiers[place - 1] : nil
        let upper = place < tiers.count ? tiers[place] : nil
        let start = lower.map { tier in
            (tier.includesLimit ? "above " : "from ")
                + EnglishText.quantity(tier.limit.value, tier.limit.unit)
        }
        let end = upper.map { tier in
            (tier.includesLimit ? "up to " : "below ")
                + EnglishText.quantity(tier.limit.value, tier.limit.unit)
        }
        return [start, end].compactMap(\.self).joined(separator: " ")
    }
}
