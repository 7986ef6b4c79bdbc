import Units

@testable import Tariffs

/// What trying every delivery of a small tariff finds, written without regard for speed and
/// without the code that it checks.
struct TriedDeliveries {
    /// What the decision must find.
    struct Outcome: Hashable {
        var pairs: Set<[Int]> = []
        var gaps: Set<[String]> = []
        var unreachable: Set<Int> = []
    }

    /// The measures of random tariffs, and one that none of them names.
    static let measures: [Measure] = [.volume, .weight, .pieces, .area]
    static let features = ["a", "b", "c"]

    private(set) var outcome = Outcome()
    private var reached: Set<Int> = []

    init(_ tariff: Tariff) {
        let rules = tariff.rules.acceptance.filter { $0.demand == .refused }
        let conditions = tariff.positions.map(\.condition) + rules.map(\.condition)
        let days = Set(
            Self.days(of: tariff.validity).map { day in
                Self.places(conditions) { Self.holds($0, on: day) }
            })
        let tables = Tables(tariff.positions)
        for fraction in tariff.fractions.map(\.id) {
            let named =
                tariff.positions.map { $0.fractions.contains(fraction) }
                + rules.map { $0.fractions?.contains(fraction) ?? true }
            let own = Self.places(named) { $0 }
            for group in CustomerGroup.allCases {
                var tried: Set<UInt> = []
                for situation in Self.situations() {
                    let here = Self.places(conditions) {
                        Self.holds($0, group, situation.origin, situation.ticked)
                    }
                    for day in days where tried.insert(day & here & own).inserted {
                        tryMeasures(day & here & own, tables, fraction, group)
                    }
                }
            }
        }
        outcome.unreachable = Set(tariff.positions.indices).subtracting(reached)
    }

    /// Tries one delivery in every measure.
    ///
    /// - Parameter matching: bits of the positions, then of the refusing rules.
    private mutating func tryMeasures(
        _ matching: UInt, _ tables: Tables, _ fraction: FractionID, _ group: CustomerGroup
    ) {
        var isAnswered = matching >> tables.exceptions.count != 0
        for pricing in tables.pricing where matching & pricing != 0 {
            let candidates = matching & pricing
            let left = tables.exceptions.indices.filter {
                candidates & 1 << $0 != 0 && candidates & tables.exceptions[$0] == 0
            }
            reached.formUnion(left)
            isAnswered = isAnswered || !left.isEmpty
            guard left.count > 1 else { continue }
            for right in left {
                for other in left where other < right { outcome.pairs.insert([other, right]) }
            }
        }
        if !isAnswered { outcome.gaps.insert([fraction.text, group.rawValue]) }
    }

    /// What of the positions does not depend on the delivery.
    private struct Tables {
        /// For each measure, bits of the positions that price it.
        let pricing: [UInt]
        /// For each position, bits of its exceptions.
        let exceptions: [UInt]

        init(_ positions: [Position]) {
            pricing = measures.map { measure in
                places(positions) { $0.prices(measure) }
            }
            exceptions = positions.map { general in
                places(positions) { $0.exceptionTo.contains(general.number) }
            }
        }
    }

    private static func places<Element>(
        _ elements: [Element], where holds: (Element) -> Bool
    ) -> UInt {
        elements.enumerated().reduce(0) { $0 | (holds($1.element) ? 1 << $1.offset : 0) }
    }

    private static func situations() -> [Situation] {
        Origin.allCases.flatMap { origin in
            (0..<(1 << features.count)).map { mask in
                let ticked = features.indices.filter { mask & (1 << $0) != 0 }
                return Situation(
                    origin: origin, ticked: Set(ticked.map { Built.id(features[$0]) }))
            }
        }
    }

    private struct Situation {
        let origin: Origin
        let ticked: Set<FeatureID>
    }

    private static func days(of validity: DateRange) -> [BusinessDay] {
        var days: [BusinessDay] = []
        var day: BusinessDay? = validity.from
        while let current = day, validity.contains(current) {
            days.append(current)
            day = current.adding(days: 1)
        }
        return days
    }

    private static func holds(_ condition: Condition, on day: BusinessDay) -> Bool {
        (condition.windows.isEmpty || condition.windows.contains { $0.contains(day) })
            && (condition.weekdays.isEmpty
                || condition.weekdays.contains { $0.rawValue == day.weekday })
    }

    private static func holds(
        _ condition: Condition, _ group: CustomerGroup, _ origin: Origin, _ ticked: Set<FeatureID>
    ) -> Bool {
        condition.groups.contains(group) && condition.origins.contains(origin)
            && condition.with.isSubset(of: ticked) && condition.without.isDisjoint(with: ticked)
    }
}

extension TriedDeliveries.Outcome {
    init(_ findings: [CoverageFinding]) {
        for finding in findings {
            switch finding {
            case .overlap(let positions, _): pairs.insert(positions)
            case .gap(let example):
                gaps.insert([example.fraction.text, example.circumstances.group.rawValue])
            case .unreachable(let position): unreachable.insert(position)
            case .volumeMissing, .undecided: break
            }
        }
    }
}

/// Makes small random tariffs; the same seed makes the same ones.
struct CoverageDice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// True once in so many times.
    mutating func once(in times: Int) -> Bool { below(times) == 0 }

    private mutating func some<Element: Hashable>(of all: [Element]) -> Set<Element> {
        let chosen = all.filter { _ in once(in: 2) }
        return Set(chosen.isEmpty ? all : chosen)
    }

    mutating func tariff() -> Tariff {
        let names = once(in: 2) ? ["laub"] : ["laub", "schutt"]
        let isGeneral = !once(in: 3)
        var positions: [Position] = []
        if isGeneral { positions.append(.built("1", of: names, .flat(Cents(100)))) }
        for number in positions.count...(positions.count + below(4)) {
            let exceptions = positions.map(\.number).filter { _ in !once(in: 3) }
            positions.append(
                .built(
                    "\(number + 1)", of: names.filter { _ in !once(in: 3) } + [one(of: names)],
                    method(), condition(), exceptionTo: exceptions))
        }
        let rules = once(in: 3) ? [rule(names)] : []
        let length = once(in: 100) ? 800 : 1 + below(45)
        let start = Built.day("2023-12-01").adding(days: below(120)) ?? Built.day("2024-01-01")
        let validity = DateRange(from: start, to: start.adding(days: length))
        return .built(
            positions, fractions: names.map { Built.fraction($0) },
            rules: .built(acceptance: rules),
            validity: validity ?? Built.range("2024-01-01", "2024-01-31"))
    }

    private mutating func rule(_ names: [String]) -> AcceptanceRule {
        .built(
            "A1", once(in: 4) ? .requires([Built.id("a")]) : .refused, condition(),
            of: once(in: 2) ? nil : [one(of: names)])
    }

    private mutating func method() -> PricingMethod {
        let rate = UnitRate(
            price: UnitPrice(Cents(100)), per: Quantity(1_000, in: one(of: [.litre, .kilogram])),
            step: .proRata)
        return one(of: [
            .flat(Cents(100)), .free(nil), .free(.volume), .refused, .unpublished, .unit(rate),
            .unit(rate),
            .derived(Derived(base: "1", change: .factor(20_000), method: .unit(rate))),
        ])
    }

    private mutating func condition() -> Condition {
        let day = once(in: 2) ? dayCondition() : DayCondition(.always)
        let features = TriedDeliveries.features
        return .built(
            groups: some(of: CustomerGroup.allCases), origins: some(of: Origin.allCases),
            windows: day.windows, weekdays: day.weekdays,
            with: features.filter { _ in once(in: 5) },
            without: features.filter { _ in once(in: 5) })
    }

    mutating func dayCondition() -> DayCondition {
        let windows = (0..<below(3)).map { _ in window() }
        let weekdays = once(in: 2) ? some(of: Weekday.allCases) : []
        return DayCondition(.built(windows: windows, weekdays: weekdays))
    }

    private mutating func window() -> DateWindow {
        let start = Built.day("2023-11-20").adding(days: below(200)) ?? Built.day("2024-01-01")
        switch below(4) {
        case 0: return .from(start)
        case 1: return .until(start)
        case 2:
            let end = start.adding(days: below(60))
            return DateRange(from: start, to: end).map { .range($0) } ?? .from(start)
        default:
            let days = [(2, 28), (2, 29), (3, 1), (12, 31), (1, 1), (1, 15), (2, 10), (3, 20)]
            let (from, to) = (one(of: days), one(of: days))
            return .yearly(from: Built.monthDay(from.0, from.1), to: Built.monthDay(to.0, to.1))
        }
    }
}
