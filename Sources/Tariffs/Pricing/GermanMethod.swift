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
                + "\(costs) \(rounded)"
        }
        return "\(load) sind \(GermanText.started(count, of: rate.per)) zu je \(each), "
            + "zusammen \(rounded)"
    }

    /// An amount without a started part.
    private func whole(_ rate: UnitRate, each: String, per: String) -> String {
        let count = facts.number / rate.per.value
        let isMultiple = facts.number % rate.per.value == 0
        guard !(isMultiple && count == 1) else { return "\(load) \(costs) \(rounded)" }
        if rate.per.unit == .piece, rate.per.value == 1 {
            return "\(load) kosten je \(each), zusammen \(rounded)"
        }
        guard isMultiple, rate.per.value != rate.per.unit.size else {
            return "\(load) zu \(each) je \(per) \(costs) \(rounded)"
        }
        return "\(load) sind \(GermanFormat.grouped(count)) mal \(per) zu je \(each), "
            + "zusammen \(rounded)"
    }

    private func areaTime(_ rate: AreaTimeRate) -> String {
        let areas = facts.line.charge.billed / rate.area.value
        let time = facts.amount.minutes.value
        let times = stepped(time, by: rate.time.value) / rate.time.value
        return "\(brought) sind \(GermanText.started(areas, of: rate.area)) mal "
            + "\(GermanText.started(times, of: rate.time)) zu je \(unitPrice(rate.price)), "
            + "zusammen \(rounded)"
    }

    private func container(_ rate: ContainerRate) -> String {
        let count = facts.number
        let each = unitPrice(rate.price)
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
            return "\(brought) kostet \(price)"
        }
        return "\(name): Eine Ladung (\(facts.vehicle?.name ?? ""), zu \(fill)\u{A0}% beladen) "
            + "kostet \(price), den Preis für bis zu \(level.percentMax)\u{A0}%"
    }

    private func step(of staircase: Staircase) -> String {
        let number = facts.number
        if let tier = staircase.tiers.first(where: { number <= $0.limit.value }) {
            let limit = GermanText.quantity(tier.limit.value, tier.limit.unit)
            guard tier.price > .zero else {
                return "\(load) \(isOne ? "ist" : "sind") kostenlos, wie alles bis zu \(limit)"
            }
            return "\(load) \(costs) \(price), den Preis für bis zu \(limit)"
        }
        guard case .further(let each, let size) = staircase.beyond, let last = staircase.tiers.last
        else { return "\(load) \(costs) \(price)" }
        let count = (facts.line.charge.billed - last.limit.value) / size.value
        let limit = GermanText.quantity(last.limit.value, last.limit.unit)
        let further = GermanText.quantity(size.value, size.unit)
        return "\(load) kosten \(money(last.price)) bis \(limit) und "
            + "\(GermanFormat.grouped(count)) mal \(money(each)) "
            + "für je weitere angefangene \(further), zusammen \(price)"
    }

    private func tier(of tiers: Tiers) -> String {
        guard tiers.scope == .slice else {
            let place = tiers.tiers.firstIndex { $0.reaches(facts.number) }
            let range = tiers.words(for: place ?? tiers.tiers.count)
            switch tiers.price(reachedBy: facts.number) {
            case .rate(let rate): return "\(unit(rate)) (Preis für \(range))"
            case .amount(.zero):
                return "\(load) \(isOne ? "ist" : "sind") kostenlos, wie alles \(range)"
            case .amount: return "\(load) \(costs) \(price), den Preis für \(range)"
            case .refused: return "\(name) hat keinen Preis"
            }
        }
        let parts = (tiers.slices(of: facts.number) ?? []).map { slice in
            let part = GermanText.quantity(slice.number, tiers.unit)
            let cost = Cents(slice.charge.exact.rounded(.halfUp))
            return "\(part) (\(tiers.words(for: slice.place))) "
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
        let lower = place > 0 ? tiers[place - 1] : nil
        let upper = place < tiers.count ? tiers[place] : nil
        let start = lower.map { tier in
            (tier.includesLimit ? "über " : "ab ")
                + GermanText.quantity(tier.limit.value, tier.limit.unit)
        }
        let end = upper.map { tier in
            (tier.includesLimit ? "bis " : "unter ")
                + GermanText.quantity(tier.limit.value, tier.limit.unit)
        }
        return [start, end].compactMap(\.self).joined(separator: " ")
    }
}
