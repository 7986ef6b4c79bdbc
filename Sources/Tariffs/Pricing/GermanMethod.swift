import Units

/// What the method does to the amount, in German.
extension GermanLine {
    var method: String { words(of: facts.position.method) }

    private func words(of method: PricingMethod) -> String {
        switch method {
        case .free: free
        case .flat: "\(name): Es gilt ein fester Preis von \(price) je Anlieferung"
        case .unit(let rate): unit(rate)
        case .areaTime(let rate): areaTime(rate)
        case .container(let rate): container(rate)
        case .table(let rows): vehicle(rows)
        case .staircase(let staircase): step(of: staircase)
        case .tiers(let tiers): tier(of: tiers)
        case .scaleSwitch(let scale): weighed(scale)
        case .derived(let derived): self.derived(derived)
        case .refused, .unpublished: "\(name) hat keinen Preis"
        }
    }

    /// The price, with its exact value where it had to be rounded.
    private var rounded: String {
        guard !facts.isExact else { return price }
        guard let exact = facts.exactTenThousandths else { return "gerundet \(price)" }
        return "\(unitPrice(UnitPrice(tenThousandths: exact))), gerundet \(price)"
    }

    private var free: String {
        let comma = facts.amount.isPartlyFilled ? "," : ""
        return "\(load)\(comma) \(isOne ? "ist" : "sind") kostenlos"
    }

    private func unit(_ rate: UnitRate) -> String {
        let each = unitPrice(rate.price)
        let per = GermanText.per(rate.per)
        switch facts.unit(rate) {
        case .single: return "\(load) \(costs) \(rounded)"
        case .pieces: return "\(load) kosten je \(each), zusammen \(rounded)"
        case .rated: return "\(load) zu \(each) je \(per) \(costs) \(rounded)"
        case .portions(let count):
            return "\(load) sind \(GermanFormat.grouped(count)) mal \(per) zu je \(each), "
                + "zusammen \(rounded)"
        case .startedOne:
            return "\(load) \(isOne ? "zählt" : "zählen") als \(GermanText.started(rate.per)) und "
                + "\(costs) \(rounded)"
        case .started(let count):
            return "\(load) sind \(GermanText.started(count, of: rate.per)) zu je \(each), "
                + "zusammen \(rounded)"
        case .stepped(let step, let billed):
            let steps = GermanText.quantity(step, rate.per.unit)
            let sum = GermanText.quantity(billed, rate.per.unit)
            return "\(load) \(isOne ? "wird" : "werden") in Schritten von \(steps) auf \(sum) "
                + "aufgerundet; zu \(each) je \(per) sind das \(rounded)"
        }
    }

    private func areaTime(_ rate: AreaTimeRate) -> String {
        let (areas, times) = facts.started(rate)
        return "\(brought) sind \(GermanText.started(areas, of: rate.area)) mal "
            + "\(GermanText.started(times, of: rate.time)) zu je \(unitPrice(rate.price)), "
            + "zusammen \(rounded)"
    }

    private func container(_ rate: ContainerRate) -> String {
        let each = unitPrice(rate.price)
        let isOne = facts.number == 1
        let verb = isOne ? "kostet" : "kosten je"
        let sum = isOne ? "" : ", zusammen \(rounded)"
        let full = isOne ? rounded : each
        switch facts.filling {
        case .part(let percent):
            let part = percent == 50 ? "die Hälfte" : "\(percent)\u{A0}%"
            return "\(load), \(verb) \(part) von \(each)" + (isOne ? ", also \(rounded)" : sum)
        case .full: return "\(load) \(verb) \(full)\(sum)"
        case .asFull: return "\(load), \(verb) so viel wie voll: \(full)\(sum)"
        }
    }

    private func vehicle(_ rows: [VehicleRow]) -> String {
        guard let level = facts.level(in: rows) else { return "\(brought) kostet \(price)" }
        let fill = facts.amount.fillPercent
        return "\(name): Eine Ladung (\(facts.vehicle?.name ?? ""), zu \(fill)\u{A0}% beladen) "
            + "kostet \(price), den Preis für bis zu \(level.percentMax)\u{A0}%"
    }

    private func step(of staircase: Staircase) -> String {
        switch facts.place(in: staircase) {
        case .upTo(let tier):
            let limit = GermanText.quantity(tier.limit.value, tier.limit.unit)
            return tier.price > .zero
                ? "\(load) \(costs) \(price), den Preis für bis zu \(limit)"
                : "\(load) \(isOne ? "ist" : "sind") kostenlos, wie alles bis zu \(limit)"
        case .further(let count, let each, let step, let last):
            let limit = GermanText.quantity(last.limit.value, last.limit.unit)
            return "\(load) kosten \(money(last.price)) bis \(limit) und "
                + "\(GermanFormat.grouped(count)) mal \(money(each)) je "
                + "\(GermanText.furtherAfterPer(step)), zusammen \(price)"
        case nil: return "\(load) \(costs) \(price)"
        }
    }

    private func tier(of tiers: Tiers) -> String {
        guard tiers.scope == .slice else {
            let range = tiers.words(for: facts.place(in: tiers))
            switch tiers.price(reachedBy: facts.number) {
            case .rate(let rate): return "\(unit(rate)) (Preis für \(range))"
            case .amount(.zero):
                return "\(load) \(isOne ? "ist" : "sind") kostenlos, wie alles \(range)"
            case .amount: return "\(load) \(costs) \(price), den Preis für \(range)"
            case .refused: return "\(name) hat keinen Preis"
            }
        }
        let parts = facts.slices(in: tiers).map { amount, place, cost in
            "\(GermanText.quantity(amount, tiers.unit)) (\(tiers.words(for: place))) "
                + (cost == .zero ? "kostenlos" : "für \(money(cost))")
        }
        return "\(load) \(costs) \(price): \(GermanText.all(parts))"
    }

    private func weighed(_ scale: ScaleSwitch) -> String {
        guard facts.number < scale.threshold.value else {
            return scale.rate.map { unit($0) } ?? "\(name) hat keinen Preis"
        }
        let limit = GermanText.quantity(scale.threshold.value, scale.threshold.unit)
        return "\(load) \(isOne ? "liegt" : "liegen") unter \(limit), dafür gilt ein fester Preis "
            + "von \(price)"
    }

    private func derived(_ derived: Derived) -> String {
        switch derived.change {
        case .factor(let factor):
            "\(load) \(costs) das \(GermanText.times(factor)) von Nr. \(derived.base): \(rounded)"
        case .difference: words(of: derived.method)
        }
    }
}

extension Tiers {
    /// `bis 1 m³`, `über 1 m³ bis 3 m³`, `über 3 m³`.
    fileprivate func words(for place: Int) -> String {
        let (lower, own) = neighbours(of: place)
        let start = lower.map { tier in
            (tier.includesLimit ? "über " : "ab ")
                + GermanText.quantity(tier.limit.value, tier.limit.unit)
        }
        let end = own.map { tier in
            (tier.includesLimit ? "bis " : "unter ")
                + GermanText.quantity(tier.limit.value, tier.limit.unit)
        }
        return [start, end].compactMap(\.self).joined(separator: " ")
    }
}
