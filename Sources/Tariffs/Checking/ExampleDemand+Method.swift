import Units

extension PricingMethod {
    /// What examples must show of the method: both sides of each threshold and step.
    ///
    /// - Parameter free: smallest units that are free, which steps count from.
    func demands(_ subject: ExampleDemand.Subject, free: Int64) -> [ExampleDemand] {
        switch self {
        case .unit(let rate): rate.demands(subject, from: 0, to: Amount.numberMax, free: free)
        case .areaTime(let rate): rate.demands(subject)
        case .container(let rate): rate.demands(subject)
        case .table(let rows): rows.flatMap { $0.demands(subject) }
        case .staircase(let staircase): staircase.demands(subject)
        case .tiers(let tiers): tiers.demands(subject)
        case .scaleSwitch(let scale): scale.demands(subject)
        case .derived(let derived): derived.method.demands(subject, free: free)
        case .free, .flat, .refused, .unpublished: []
        }
    }
}

extension UnitRate {
    /// Whole steps and what exceeds them, between two limits; nothing for single pieces.
    ///
    /// - Parameter from: where steps begin to count, unless they count from nothing.
    fileprivate func demands(
        _ subject: ExampleDemand.Subject, from: Int64, to: Int64, free: Int64 = 0,
        countsFromStart: Bool = false
    ) -> [ExampleDemand] {
        guard case .started(let size) = step, size > 1, from < to else { return [] }
        let offset = countsFromStart ? from : 0
        let whole = stepped(from + 1 - offset, by: size) + offset + free
        let more = whole + min(per.unit.finest, size - 1)
        let words = "von \(GermanText.quantity(size, per.unit))"
        func demand(_ number: Int64, _ label: String, isWhole: Bool) -> ExampleDemand? {
            guard number <= to else { return nil }
            return ExampleDemand(
                subject: subject,
                evidence: .step(
                    size, per.measure, offset: offset, within: from + 1...to, isWhole: isWhole),
                label: label, sample: SampleAmount(number, in: per.unit))
        }
        return [
            demand(whole, "ganze Schritte \(words)", isWhole: true),
            demand(more, "einen angefangenen Schritt \(words)", isWhole: false),
        ].compactMap(\.self)
    }
}

extension AreaTimeRate {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        let areas = [(area.value, true), (area.value + area.unit.finest, false)].map {
            number, isWhole in
            ExampleDemand(
                subject: subject,
                evidence: .step(
                    area.value, .areaTime, offset: 0, within: 1...Amount.numberMax,
                    isWhole: isWhole),
                label: label(area, isWhole: isWhole),
                sample: sample(area: number, time: time.value))
        }
        let times = [(time.value, true), (time.value + shortTime, false)].map {
            number, isWhole in
            ExampleDemand(
                subject: subject, evidence: .minutes(step: time.value, isWhole: isWhole),
                label: label(time, isWhole: isWhole),
                sample: sample(area: area.value, time: number))
        }
        return areas + times
    }

    private func label(_ quantity: Quantity, isWhole: Bool) -> String {
        isWhole ? "ganze Schritte von \(quantity.words)" : "mehr als \(quantity.words)"
    }

    /// A day where that is less than the step.
    private var shortTime: Int64 {
        time.value > Minutes.perDay ? Minutes.perDay : 1
    }

    private func sample(area: Int64, time: Int64) -> SampleAmount {
        SampleAmount(.areaTime(SquareCentimetres(area), Minutes(time)), unit: self.area.unit)
    }
}

extension ContainerRate {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        guard filling == .halves else { return [] }
        return [(50...50, "halb voll"), (51...100, "mehr als halb voll")].map { fill, label in
            ExampleDemand(
                subject: subject, evidence: .fill(fill, .containers(kind)), label: label,
                sample: SampleAmount(
                    .containers(count: 1, kind: kind, fillPercent: fill.lowerBound)))
        }
    }
}

extension VehicleRow {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        zip(levels, levels.dropFirst()).flatMap { lower, upper in
            [
                (lower.percentMax...lower.percentMax, "genau \(lower.percentMax) % beladen"),
                (lower.percentMax + 1...upper.percentMax, "mehr als \(lower.percentMax) % beladen"),
            ].map { fill, label in
                ExampleDemand(
                    subject: subject, evidence: .fill(fill, .vehicle(vehicle)), label: label,
                    sample: SampleAmount(.vehicle(class: vehicle, fillPercent: fill.lowerBound)))
            }
        }
    }
}

extension Staircase {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        let nexts: [Int64?] = tiers.dropFirst().map(\.limit.value) + [lastEdge]
        let edges = zip(tiers, nexts).flatMap { tier, next in
            ExampleEdge(
                limit: tier.limit.value, unit: tier.limit.unit, isIncluded: true, next: next
            ).demands(subject)
        }
        guard case .further(let price, let step) = beyond, let last = tiers.last?.limit.value else {
            return edges
        }
        let rate = UnitRate(price: UnitPrice(price), per: step, step: .started(step.value))
        return edges
            + rate.demands(subject, from: last, to: Amount.numberMax, countsFromStart: true)
    }

    /// Where the first step above the last limit ends; nil where more is refused.
    private var lastEdge: Int64? {
        guard case .further(_, let step) = beyond, let last = tiers.last else { return nil }
        return last.limit.value + step.value
    }
}

extension Tiers {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        var demands: [ExampleDemand] = []
        var start: Int64 = 0
        for (place, tier) in tiers.enumerated() {
            let next = place + 1 < tiers.count ? tiers[place + 1].limit.value : nil
            demands += steps(subject, tier.price, from: start, to: tier.limit.value)
            demands +=
                ExampleEdge(
                    limit: tier.limit.value, unit: tier.limit.unit, isIncluded: tier.includesLimit,
                    previous: start, next: next
                ).demands(subject)
            start = tier.limit.value
        }
        return demands + steps(subject, beyond, from: start, to: Amount.numberMax)
    }

    private func steps(
        _ subject: ExampleDemand.Subject, _ price: TierPrice, from start: Int64, to end: Int64
    ) -> [ExampleDemand] {
        guard case .rate(let rate) = price else { return [] }
        return rate.demands(subject, from: start, to: end, countsFromStart: scope == .slice)
    }
}

extension ScaleSwitch {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        ExampleEdge(limit: threshold.value, unit: threshold.unit, isIncluded: false)
            .demands(subject)
            + (rate?.demands(subject, from: threshold.value - 1, to: Amount.numberMax) ?? [])
    }
}
