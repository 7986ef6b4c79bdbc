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
        let portion = EnglishText.quantity(rate.per.value, rate.per.unit)
        switch facts.unit(rate) {
        case .single: return "\(load) \(cost) \(rounded)"
        case .pieces: return "\(load) \(cost) \(each) each, together \(rounded)"
        case .rated: return "\(load) at \(each) per \(per) \(cost) \(rounded)"
        case .portions(let count):
            return "\(load) is \(EnglishText.count(count)) times \(per) at \(each) each, "
                + "together \(rounded)"
        case .startedOne:
            return "\(load) \(counts) as one started portion of \(portion) and \(cost) \(rounded)"
        case .started(let count):
            return
                "\(load) \(counts) as \(EnglishText.count(count)) started portions of \(portion) "
                + "at \(each) each, together \(rounded)"
        case .stepped(let step, let billed):
            let steps = EnglishText.quantity(step, rate.per.unit)
            let sum = EnglishText.quantity(billed, rate.per.unit)
            return "\(load) is rounded up to \(sum) in steps of \(steps); "
                + "at \(each) per \(per) that is \(rounded)"
        }
    }

    private func areaTime(_ rate: AreaTimeRate) -> String {
        let (areas, times) = facts.started(rate)
        return "\(brought) counts as \(EnglishText.count(areas)) started portions of "
            + "\(EnglishText.quantity(rate.area.value, rate.area.unit)) for "
            + "\(EnglishText.count(times)) started portions of "
            + "\(EnglishText.quantity(rate.time.value, rate.time.unit)) at "
            + "\(unitPrice(rate.price)) each, together \(rounded)"
    }

    private func container(_ rate: ContainerRate) -> String {
        let each = unitPrice(rate.price)
        let isOne = facts.number == 1
        let verb = isOne ? "costs" : "cost"
        let sum = isOne ? "" : " each, together \(rounded)"
        let full = isOne ? rounded : each
        switch facts.filling {
        case .part(let percent):
            let part = percent == 50 ? "half" : "\(percent)%"
            return "\(load), \(verb) \(part) of \(each)" + (isOne ? ", that is \(rounded)" : sum)
        case .full: return "\(load) \(verb) \(full)\(sum)"
        case .asFull: return "\(load), \(verb) as much as full: \(full)\(sum)"
        }
    }

    private func vehicle(_ rows: [VehicleRow]) -> String {
        let vehicle = facts.vehicle?.englishName ?? ""
        guard let level = facts.level(in: rows) else {
            return "One load of \(name) (\(vehicle)) costs \(price)"
        }
        return "One load of \(name) (\(vehicle), \(facts.amount.fillPercent)% loaded) "
            + "costs \(price), the price for up to \(level.percentMax)%"
    }

    private func step(of staircase: Staircase) -> String {
        switch facts.place(in: staircase) {
        case .upTo(let tier):
            let limit = EnglishText.quantity(tier.limit.value, tier.limit.unit)
            return tier.price > .zero
                ? "\(load) \(cost) \(price), the price for up to \(limit)"
                : "There is nothing to pay for \(load) (free up to \(limit))"
        case .further(let count, let each, let step, let last):
            let limit = EnglishText.quantity(last.limit.value, last.limit.unit)
            return "\(load) \(cost) \(money(last.price)) up to \(limit) and "
                + "\(EnglishText.count(count)) times \(money(each)) for each further "
                + "started \(EnglishText.quantity(step.value, step.unit)), together \(price)"
        case nil: return "\(load) \(cost) \(price)"
        }
    }

    private func tier(of tiers: Tiers) -> String {
        guard tiers.scope == .slice else {
            let range = tiers.englishWords(for: facts.place(in: tiers))
            return switch tiers.price(reachedBy: facts.number) {
            case .rate(let rate): "\(unit(rate)) (price for \(range))"
            case .amount(.zero): "There is nothing to pay for \(load) (free \(range))"
            case .amount: "\(load) \(cost) \(price), the price for \(range)"
            case .refused: "\(name) has no price"
            }
        }
        let parts = facts.slices(in: tiers).map { amount, place, cost in
            "\(EnglishText.quantity(amount, tiers.unit)) (\(tiers.englishWords(for: place))) "
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
        let (lower, own) = neighbours(of: place)
        let start = lower.map { tier in
            (tier.includesLimit ? "above " : "from ")
                + EnglishText.quantity(tier.limit.value, tier.limit.unit)
        }
        let end = own.map { tier in
            (tier.includesLimit ? "up to " : "below ")
                + EnglishText.quantity(tier.limit.value, tier.limit.unit)
        }
        return [start, end].compactMap(\.self).joined(separator: " ")
    }
}
