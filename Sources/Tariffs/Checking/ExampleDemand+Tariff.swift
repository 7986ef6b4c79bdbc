import Units

extension Tariff {
    /// All that examples must show, in file order: positions, then acceptance rules, then days.
    func exampleDemands() -> [ExampleDemand] {
        positions.indices.flatMap { demands(ofPosition: $0) }
            + rules.acceptance.indices.flatMap { demands(ofRule: $0) } + dayDemands()
            + weekdayDemands()
    }

    private func demands(ofPosition place: Int) -> [ExampleDemand] {
        let position = positions[place]
        let subject = ExampleDemand.Subject.position(place)
        var demands = [
            ExampleDemand(subject: subject, evidence: .any, label: "die Position", sample: nil)
        ]
        demands += position.method.demands(subject, free: position.freeQuantity?.most ?? 0)
        demands +=
            position.freeQuantity.map { $0.demands(subject, named: "Freimenge", isFree: true) }
            ?? []
        demands += position.exemption.map { $0.demands(subject) } ?? []
        demands += position.limit.map { $0.demands(subject, named: "Höchstmenge") } ?? []
        if !position.requires.isEmpty { demands.append(.missingRequirement(subject)) }
        return demands
    }

    private func demands(ofRule place: Int) -> [ExampleDemand] {
        let subject = ExampleDemand.Subject.rule(place)
        switch rules.acceptance[place].demand {
        case .refused:
            return [
                ExampleDemand(
                    subject: subject, evidence: .refusal(.notAccepted), label: "die Ablehnung",
                    sample: nil)
            ]
        case .requires: return [.missingRequirement(subject)]
        case .atMost(let limit): return limit.demands(subject, named: "Höchstmenge")
        }
    }
}

extension ExampleDemand {
    fileprivate static func missingRequirement(_ subject: Subject) -> ExampleDemand {
        ExampleDemand(
            subject: subject, evidence: .refusal(.requirementMissing),
            label: "„abgelehnt: \(RefusalCode.requirementMissing.german)“", sample: nil)
    }
}

extension Exemption {
    fileprivate func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        guard let unit = limit.unit else { return limit.demands(subject, named: "Freigrenze") }
        return ExampleEdge(limit: limit.most, unit: unit, isIncluded: includesThreshold)
            .demands(subject)
    }
}

extension Limit {
    /// At the limit and above it; of what is free also below.
    fileprivate func demands(
        _ subject: ExampleDemand.Subject, named name: String, isFree: Bool = false
    ) -> [ExampleDemand] {
        func demand(_ totals: ClosedRange<Int64>, _ number: Int64, _ label: String) -> ExampleDemand
        {
            ExampleDemand(
                subject: subject, evidence: .total(totals, self), label: "\(name), \(label)",
                sample: sample(number))
        }
        let finest = unit?.finest ?? 1
        let below = most > 1 ? [demand(1...most - 1, max(1, most - finest), "darunter")] : []
        return (isFree ? below : []) + [
            demand(most...most, most, "genau"),
            demand(most + 1...Int64.max, most + finest, "darüber"),
        ]
    }

    private func sample(_ number: Int64) -> SampleAmount? {
        if let unit { return SampleAmount(number, in: unit) }
        if case .containers(let kind) = measure {
            return SampleAmount(.containers(count: number, kind: kind, fillPercent: 100))
        }
        return nil
    }
}

extension Tariff {
    /// The last and first days on both sides of each window that opens or closes.
    private func dayDemands() -> [ExampleDemand] {
        var fractions: [BorderDay: Set<FractionID>] = [:]
        var order: [BorderDay] = []
        for position in positions {
            for day in position.condition.windows.flatMap({ $0.borders(in: validity) }) {
                if fractions[day] == nil { order.append(day) }
                fractions[day, default: []].formUnion(position.fractions)
            }
        }
        return order.compactMap { border in
            guard let day = border.first(in: validity) else { return nil }
            return ExampleDemand(
                subject: .fractions(fractions[border] ?? []), evidence: .day(border),
                label: "den \(border.words(for: day))", sample: nil)
        }
    }

    /// A day inside each set of weekdays and one outside.
    private func weekdayDemands() -> [ExampleDemand] {
        var fractions: [Set<Weekday>: Set<FractionID>] = [:]
        var order: [Set<Weekday>] = []
        for position in positions {
            let days = position.condition.weekdays
            guard !days.isEmpty, days.count < Weekday.allCases.count else { continue }
            if fractions[days] == nil { order.append(days) }
            fractions[days, default: []].formUnion(position.fractions)
        }
        return order.flatMap { days in
            [true, false].map { isInside in
                let wanted = isInside ? days : Set(Weekday.allCases).subtracting(days)
                return ExampleDemand(
                    subject: .fractions(fractions[days] ?? []),
                    evidence: .weekday(days, isInside: isInside),
                    label: GermanWeekday.names(of: wanted), sample: nil)
            }
        }
    }
}

extension BorderDay {
    /// `30.11.2025`, `31.03.` of every year.
    fileprivate func words(for day: BusinessDay) -> String {
        switch self {
        case .fixed: GermanFormat.day(day)
        case .yearly: "\(GermanFormat.day(day).prefix(6))"
        }
    }
}

extension DateWindow {
    /// The days on both sides of its ends; none where it opens or closes with the validity.
    fileprivate func borders(in validity: DateRange) -> [BorderDay] {
        switch self {
        case .from(let day): Self.opening(day, in: validity)
        case .until(let day): Self.closing(day, in: validity)
        case .range(let range):
            Self.opening(range.from, in: validity)
                + (range.to.map { Self.closing($0, in: validity) } ?? [])
        case .yearly(let from, let to):
            [from.neighbour(-1), from, to, to.neighbour(1)].compactMap(\.self)
                .map { .yearly($0) }
        }
    }

    private static func opening(_ day: BusinessDay, in validity: DateRange) -> [BorderDay] {
        guard let before = day.adding(days: -1), validity.contains(before),
            validity.contains(day)
        else { return [] }
        return [.fixed(before), .fixed(day)]
    }

    private static func closing(_ day: BusinessDay, in validity: DateRange) -> [BorderDay] {
        day.adding(days: 1).map { opening($0, in: validity) } ?? []
    }
}

extension MonthDay {
    /// The day so many days later in a year that has this day.
    fileprivate func neighbour(_ days: Int) -> MonthDay? {
        let year = month == 2 && day == 29 ? 2000 : 2001
        return inYear(year)?.adding(days: days).map { MonthDay(of: $0) }
    }
}
