package import Text
import Units

/// How much of what examples must show they show (docs/formats/tariff.md, "Examples").
package struct ExampleCoverage: Hashable, Sendable {
    /// How many things examples must show, and how many of them they show.
    package let needed: Int
    package let given: Int
    /// A warning for each that is missing, in file order, with a delivery that would show it. A
    /// position without any example is for ``Tariff/check()`` to report.
    package let problems: [SourceProblem]

    /// `Abdeckung 37 von 40`.
    package var summary: String { "Abdeckung \(given) von \(needed)" }
}

extension Tariff {
    /// What the examples show of what they must show.
    ///
    /// Asked for are: one example of each position; both sides of each threshold, step, fill level
    /// and limit; below, at and above each free quantity; both sides of each date border; a day
    /// inside and outside each set of weekdays; and each refusal.
    package func exampleCoverage() -> ExampleCoverage {
        let demands = exampleDemands()
        let missing = missing(of: demands)
        let proposals = ExampleProposals(self)
        return ExampleCoverage(
            needed: demands.count, given: demands.count - missing.count,
            problems: missing.compactMap { problem(of: $0, proposals) }.inReadingOrder)
    }

    /// The demands that no example meets.
    func missing(of demands: [ExampleDemand]) -> [ExampleDemand] {
        let shown = examples.filter { validity.contains($0.delivery.day) }
            .map { ShownExample($0, self) }
        return demands.filter { demand in !shown.contains { $0.shows(demand, self) } }
    }

    private func problem(
        of demand: ExampleDemand, _ proposals: ExampleProposals
    ) -> SourceProblem? {
        let isPositionAlone = demand.evidence == .any
        guard !isPositionAlone else { return nil }
        let proposal = proposals.proposal(for: demand).map { ", etwa \($0.words)" } ?? ""
        return TariffProblem.exampleMissing.at(
            place(of: demand.subject),
            "\(name(of: demand.subject)): Es fehlt ein Beispiel für \(demand.label)\(proposal).")
    }

    private func place(of subject: ExampleDemand.Subject) -> SourcePosition? {
        switch subject {
        case .position(let place): positions[place].place
        case .rule: nil
        case .fractions(let fractions):
            positions.first { !fractions.isDisjoint(with: $0.fractions) }?.place
        }
    }

    private func name(of subject: ExampleDemand.Subject) -> String {
        switch subject {
        case .position(let place): return "Nr. \(positions[place].number)"
        case .rule(let place): return "Annahmeregel \(rules.acceptance[place].number)"
        case .fractions(let ids):
            return self.fractions.filter { ids.contains($0.id) }.map { "„\($0.name)“" }
                .joined(separator: ", ")
        }
    }
}

/// What one example shows.
private struct ShownExample {
    private let example: WorkedExample
    private let items: [ShownItem]
    private let ruledOut: Bool

    /// An item, or a part of a mixed one, with the positions that match it.
    private struct ShownItem {
        let item: DeliveryItem
        let places: [Int]
    }

    init(_ example: WorkedExample, _ tariff: Tariff) {
        self.example = example
        items = example.delivery.items.map {
            ShownItem(item: $0, places: tariff.places(of: $0, in: example.delivery))
        }
        ruledOut = tariff.rules.acceptance.contains { rule in
            rule.demand == .refused
                && example.delivery.items.contains { rule.concerns($0, example.delivery) }
        }
    }

    func shows(_ demand: ExampleDemand, _ tariff: Tariff) -> Bool {
        switch demand.evidence {
        case .day(let border): return border.matches(example.delivery.day) && brings(demand.subject)
        case .weekday(let days, let isInside):
            let isOn = days.contains { $0.rawValue == example.delivery.day.weekday }
            return isOn == isInside && brings(demand.subject)
        case .refusal(let code):
            return example.expected == .refused(code) && concerns(demand.subject, tariff)
        case .total(let totals, let limit):
            return showsTotal(totals, limit, of: demand.subject, tariff)
        case .any, .number, .step, .minutes, .fill:
            guard !ruledOut, case .position(let place) = demand.subject else { return false }
            return amounts(at: place).contains {
                shows(demand.evidence, $0, tariff.positions[place], tariff)
            }
        }
    }

    private func brings(_ subject: ExampleDemand.Subject) -> Bool {
        guard case .fractions(let fractions) = subject else { return false }
        return items.contains {
            fractions.contains($0.item.fraction) || !fractions.isDisjoint(with: $0.item.mixedWith)
        }
    }

    private func concerns(_ subject: ExampleDemand.Subject, _ tariff: Tariff) -> Bool {
        switch subject {
        case .position(let place): return !ruledOut && items.contains { $0.places.contains(place) }
        case .rule(let place):
            let rule = tariff.rules.acceptance[place]
            return example.delivery.items.contains { rule.concerns($0, example.delivery) }
        case .fractions: return brings(subject)
        }
    }

    /// The amounts of a position one by one, and together where they have one measure.
    private func amounts(at place: Int) -> [Amount] {
        let own = items.filter { $0.places.contains(place) }.map(\.item.amount)
        guard own.count > 1, let first = own.first, own.allSatisfy({ $0.measure == first.measure }),
            let sum = first.replacing(number: own.reduce(0) { $0 + $1.number })
        else { return own }
        return own + [sum]
    }

    private func shows(
        _ evidence: ExampleDemand.Evidence, _ amount: Amount, _ position: Position,
        _ tariff: Tariff
    ) -> Bool {
        guard evidence != .any else { return true }
        guard example.expected.tellsAboutAmounts else { return false }
        switch evidence {
        case .number(let numbers, let measure):
            return amount.measure == measure && numbers.contains(amount.number)
        case .step(let size, let measure, let offset, let limits, let isWhole):
            let charged = amount.number - free(of: position, tariff)
            return amount.measure == measure && charged > 0 && limits.contains(amount.number)
                && ((charged - offset) % size == 0) == isWhole
        case .minutes(let step, let isWhole):
            return amount.measure == .areaTime && (amount.minutes.value % step == 0) == isWhole
        case .fill(let fills, let measure):
            return amount.measure == measure && fills.contains(amount.fillPercent)
        case .any, .total, .refusal, .day, .weekday: return false
        }
    }

    /// What is still free of a position when the example begins.
    private func free(of position: Position, _ tariff: Tariff) -> Int64 {
        guard let limit = position.freeQuantity,
            let place = tariff.positions.firstIndex(where: { $0.number == position.number })
        else { return 0 }
        return max(0, limit.most - used(limit, of: .position(place), tariff))
    }

    private func showsTotal(
        _ totals: ClosedRange<Int64>, _ limit: Limit, of subject: ExampleDemand.Subject,
        _ tariff: Tariff
    ) -> Bool {
        let now = tariff.taken(limit, of: subject, by: example.delivery)
        guard now > 0, example.expected.tellsAboutAmounts else { return false }
        return totals.contains(used(limit, of: subject, tariff) + now)
    }

    /// What earlier deliveries of the example took in the period.
    private func used(
        _ limit: Limit, of subject: ExampleDemand.Subject, _ tariff: Tariff
    ) -> Int64 {
        guard limit.scope.period != .visit else { return 0 }
        let start = limit.scope.period.start(of: example.delivery.day)
        return example.earlier.filter { limit.scope.period.start(of: $0.day) == start }
            .reduce(0) { $0 + tariff.taken(limit, of: subject, by: $1) }
    }
}

extension Tariff {
    /// The positions that match an item, for a mixed one those of each part.
    fileprivate func places(of item: DeliveryItem, in delivery: Delivery) -> [Int] {
        let circumstances = Circumstances(of: delivery, item)
        return item.fractions.flatMap { fraction in
            let own = index.matches(fraction, of: circumstances, in: item.amount.measure)
            guard own.isEmpty, delivery.isScaleBroken, item.amount.measure == .volume else {
                return own
            }
            return index.matches(fraction, of: circumstances, in: .weight)
        }
    }

    /// What a delivery takes of a limit.
    fileprivate func taken(
        _ limit: Limit, of subject: ExampleDemand.Subject, by delivery: Delivery
    ) -> Int64 {
        let items = delivery.items.filter { item in
            switch subject {
            case .position(let place): places(of: item, in: delivery).contains(place)
            case .rule(let place): rules.acceptance[place].concerns(item, delivery)
            case .fractions: false
            }
        }
        guard limit.measure != .delivery else { return items.isEmpty ? 0 : 1 }
        return items.reduce(0) { $0 + number(of: $1.amount, in: limit.measure) }
    }
}

extension WorkedExample.Expectation {
    /// Whether the amount decides what comes out.
    fileprivate var tellsAboutAmounts: Bool {
        switch self {
        case .total: true
        case .refused(let code):
            code == .tooMuch || code == .belowMinimumLoad || code == .amountTooLarge
                || code == .noPricePublished
        }
    }
}

extension Amount {
    /// The same measure with another number; nil for a load or a delivery.
    fileprivate func replacing(number: Int64) -> Amount? {
        switch self {
        case .pieces: .pieces(number)
        case .containers(_, let kind, let fill):
            .containers(count: number, kind: kind, fillPercent: fill)
        case .volume: .volume(Millilitres(number))
        case .weight: .weight(Grams(number))
        case .area: .area(SquareCentimetres(number))
        case .duration: .duration(Minutes(number))
        case .areaTime(_, let minutes): .areaTime(SquareCentimetres(number), minutes)
        case .pounds: .pounds(DeciPounds(number))
        case .cubicInches: .cubicInches(CentiCubicInches(number))
        case .vehicle, .delivery: nil
        }
    }
}
