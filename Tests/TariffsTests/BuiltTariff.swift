import Text
import Units

@testable import Tariffs

/// Builds identifiers, days and positions in tests without a file.
enum Built {
    static func id<Kind>(_ text: String) -> Identifier<Kind> {
        Identifier(text) ?? { preconditionFailure("not an identifier: \(text)") }()
    }

    static func day(_ iso: String) -> BusinessDay {
        BusinessDay(iso: iso) ?? { preconditionFailure("not a day: \(iso)") }()
    }

    static func monthDay(_ month: Int, _ day: Int) -> MonthDay {
        MonthDay(month: month, day: day) ?? { preconditionFailure("not a day of the year") }()
    }

    static func range(_ from: String, _ to: String?) -> DateRange {
        DateRange(from: day(from), to: to.map { day($0) })
            ?? { preconditionFailure("runs backwards") }()
    }

    static func fact<Value>(_ value: Value) -> GroupedFact<Value> {
        guard let dated = DatedFact([.init(from: day("1990-01-01"), value: value)]) else {
            preconditionFailure("one entry is in order")
        }
        return GroupedFact(household: dated, commercial: dated)
    }

    static func place(_ line: Int) -> SourcePosition { SourcePosition(line: line, column: 1) }

    static func fraction(
        _ id: String, wasteCodes: [String] = [], isGoods: Bool = false
    ) -> Fraction {
        Fraction(
            id: self.id(id), name: id.prefix(1).uppercased() + id.dropFirst(), englishName: id,
            also: [], wasteCodes: wasteCodes, isGoods: isGoods, belongs: [], excluded: [],
            gramsPerCubicMetre: nil, gramsPerPiece: nil, measures: [], place: place(1))
    }

    static func feature(_ id: String, _ name: String? = nil) -> Feature {
        Feature(
            id: self.id(id), name: name ?? id, englishName: id, question: nil, scope: .delivery,
            isEntitlement: false)
    }
}

extension Condition {
    static func built(
        groups: Set<CustomerGroup> = Set(CustomerGroup.allCases),
        origins: Set<Origin> = Set(Origin.allCases), windows: [DateWindow] = [],
        weekdays: Set<Weekday> = [], with: [String] = [], without: [String] = []
    ) -> Condition {
        Condition(
            groups: groups, origins: origins, windows: windows, weekdays: weekdays,
            with: Set(with.map { Built.id($0) }), without: Set(without.map { Built.id($0) }))
    }
}

extension Position {
    static func built(
        _ number: String, of fractions: [String] = ["laub"], _ method: PricingMethod,
        _ condition: Condition = .always, exceptionTo: [String] = [], modifiers: [Modifier] = [],
        requires: [String] = [], wording: String? = nil, line: Int = 1
    ) -> Position {
        Position(
            number: number, paragraph: "§ \(number)", wording: wording,
            fractions: fractions.map { Built.id($0) }, condition: condition,
            exceptionTo: exceptionTo, legalForm: Built.fact(.fee), vat: Built.fact(.outsideScope),
            method: method, modifiers: modifiers, requires: Set(requires.map { Built.id($0) }),
            reason: nil, note: nil, staffNote: nil, assumption: nil, place: Built.place(line))
    }
}

extension Tariff {
    static func built(
        _ positions: [Position], id: String = "probe", fractions: [Fraction]? = nil,
        features: [Feature] = [], vehicles: [VehicleClass] = [], containers: [Container] = [],
        rules: DeliveryRules = .none, validity: DateRange = Built.range("2024-01-01", "2025-12-31"),
        scales: [ScaleProfile] = [], examples: [WorkedExample] = [], currency: Currency = .euro,
        replaces: String? = nil
    ) -> Tariff {
        let named = Set(positions.flatMap(\.fractions)).sorted().map { Built.fraction($0.text) }
        return Tariff(
            reference: TariffReference(id: id, title: "Probe", digest: ""), kind: .statute,
            validity: validity,
            heading: TariffHeading(
                town: "Probestadt", yard: "Probehof", legalBasis: "Satzung", decision: nil,
                replaces: replaces, residentArea: nil, source: "eigene Probe", note: ""),
            currency: currency, priceBasis: .gross, rounding: .commercial, assumptions: [],
            scales: scales, allowsManualWeights: true, positions: positions, rules: rules,
            examples: examples,
            catalogue: Catalogue(
                fractions: fractions ?? named, containers: containers, vehicleClasses: vehicles,
                features: features),
            index: PositionIndex(positions))
    }
}

extension DeliveryRules {
    static func built(
        acceptance: [AcceptanceRule] = [], surcharges: [Surcharge] = []
    ) -> DeliveryRules {
        DeliveryRules(
            acceptance: acceptance, oncePerVisit: [], mixture: nil, scaleFailure: nil,
            surcharges: surcharges, minimum: nil, maximum: nil, deposit: nil)
    }
}

extension AcceptanceRule {
    static func built(
        _ number: String, _ demand: Demand, _ condition: Condition = .always,
        of fractions: [String]? = nil, line: Int = 1
    ) -> AcceptanceRule {
        AcceptanceRule(
            number: number, paragraph: "§ 3", condition: condition,
            fractions: fractions.map { Set($0.map { Built.id($0) }) }, demand: demand,
            reason: Explanation(german: "Nein.", english: "No."), place: Built.place(line))
    }
}
