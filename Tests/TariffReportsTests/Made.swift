import Text
import Units

@testable import Tariffs

/// Builds parts of tariffs in tests without a file.
enum Made {
    static func id<Kind>(_ text: String) -> Identifier<Kind> {
        Identifier(text) ?? { preconditionFailure("not an identifier: \(text)") }()
    }

    static func ids<Kind>(_ texts: [String]) -> Set<Identifier<Kind>> { Set(texts.map { id($0) }) }

    static func day(_ iso: String) -> BusinessDay {
        BusinessDay(iso: iso) ?? { preconditionFailure("not a day: \(iso)") }()
    }

    /// Where everything stands.
    static let place = SourcePosition(line: 1, column: 1)

    static func monthDay(_ month: Int, _ day: Int) -> MonthDay {
        MonthDay(month: month, day: day) ?? { preconditionFailure("not a day of the year") }()
    }

    static func range(_ from: String, _ to: String? = nil) -> DateRange {
        DateRange(from: day(from), to: to.map { day($0) })
            ?? { preconditionFailure("runs backwards") }()
    }

    static func fact<Value>(_ value: Value) -> GroupedFact<Value> {
        GroupedFact(
            household: dated([("2020-01-01", value)]), commercial: dated([("2020-01-01", value)]))
    }

    static func dated<Value>(_ values: [(String, Value)]) -> DatedFact<Value> {
        DatedFact(values.map { .init(from: day($0), value: $1) })
            ?? { preconditionFailure("not in order") }()
    }

    static func fraction(
        _ id: String, _ name: String, also: [String] = [], belongs: [String] = [],
        excluded: [String] = [], isGoods: Bool = false
    ) -> Fraction {
        Fraction(
            id: self.id(id), name: name, englishName: "english \(id)", also: also, wasteCodes: [],
            isGoods: isGoods, belongs: belongs, excluded: excluded, gramsPerCubicMetre: nil,
            gramsPerPiece: nil, measures: [], place: place)
    }

    static func feature(_ id: String, _ name: String) -> Feature {
        Feature(
            id: self.id(id), name: name, englishName: id, question: nil, scope: .delivery,
            isEntitlement: false)
    }

    static func limit(
        _ most: Int64, _ unit: MeasureUnit, _ period: QuotaPeriod = .visit, _ holder: Holder? = nil
    ) -> Limit {
        Limit(
            measure: unit.measure, most: most * unit.size, unit: unit,
            scope: QuotaScope(period: period, holder: holder))
    }
}

extension DeliveryRules {
    /// A rule that refuses, an amount on top and a least amount, each with its law.
    static func made(
        reason: String = "No.", english: String = "Gloves",
        charge: Surcharge.Charge = .amount(Cents(200)), form: LegalForm = .fee,
        vat: VATTreatment = .outsideScope, minimumForm: LegalForm = .fee,
        minimumVAT: VATTreatment = .outsideScope, maximum: Cents? = nil
    ) -> DeliveryRules {
        DeliveryRules(
            acceptance: [
                AcceptanceRule(
                    number: "A1", paragraph: "§ 3", condition: .made(from: [.nonResident]),
                    fractions: nil, demand: .refused,
                    reason: Explanation(german: "Nein.", english: reason), place: Made.place)
            ], oncePerVisit: [], mixture: nil, scaleFailure: nil,
            surcharges: [
                Surcharge(
                    name: "Handschuhe", englishName: english, paragraph: "§ 9",
                    condition: .always, positions: nil, charge: charge,
                    legalForm: Made.fact(form), vat: Made.fact(vat), place: Made.place)
            ],
            minimum: DeliveryMinimum(
                amount: Cents(250), paragraph: "§ 10", legalForm: Made.fact(minimumForm),
                vat: Made.fact(minimumVAT)),
            maximum: maximum.map { DeliveryMaximum(amount: $0, paragraph: "§ 11") }, deposit: nil)
    }
}

extension VATTreatment {
    static let standard = VATTreatment.taxable(VATRate(basisPoints: 1900))
}

extension Quantity {
    static func of(_ number: Int64, _ unit: MeasureUnit) -> Quantity {
        Quantity(number * unit.size, in: unit)
    }
}

extension UnitPrice {
    static func cents(_ cents: Int64) -> UnitPrice { UnitPrice(Cents(cents)) }
}

extension PricingMethod {
    /// A price for started units.
    static func started(_ cents: Int64, _ number: Int64, _ unit: MeasureUnit) -> PricingMethod {
        let per = Quantity.of(number, unit)
        return .unit(UnitRate(price: .cents(cents), per: per, step: .started(per.value)))
    }

    static func proRata(_ cents: Int64, _ unit: MeasureUnit) -> PricingMethod {
        .unit(.proRata(cents, unit))
    }

    static func container(
        _ cents: Int64, _ kind: String, _ filling: ContainerRate.Filling = .whole
    ) -> PricingMethod {
        .container(ContainerRate(price: .cents(cents), kind: Made.id(kind), filling: filling))
    }
}

extension UnitRate {
    static func proRata(_ cents: Int64, _ unit: MeasureUnit) -> UnitRate {
        UnitRate(price: .cents(cents), per: .of(1, unit), step: .proRata)
    }
}

extension Condition {
    static func made(
        _ groups: [CustomerGroup] = CustomerGroup.allCases,
        from origins: [Origin] = Origin.allCases, windows: [DateWindow] = [],
        weekdays: Set<Weekday> = [], with: [String] = [], without: [String] = []
    ) -> Condition {
        Condition(
            groups: Set(groups), origins: Set(origins), windows: windows, weekdays: weekdays,
            with: Made.ids(with), without: Made.ids(without))
    }
}

extension Position {
    static func made(
        _ number: String, _ fractions: [String], _ method: PricingMethod,
        _ condition: Condition = .always, exceptionTo: [String] = [], modifiers: [Modifier] = [],
        requires: [String] = [], vat: GroupedFact<VATTreatment> = Made.fact(.outsideScope),
        wording: String? = nil, reason: String? = nil, note: String? = nil,
        assumption: String? = nil
    ) -> Position {
        Position(
            number: number, paragraph: "§ 5 Nr. \(number)", wording: wording,
            fractions: fractions.map { Made.id($0) }, condition: condition,
            exceptionTo: exceptionTo, legalForm: Made.fact(.fee), vat: vat, method: method,
            modifiers: modifiers, requires: Made.ids(requires),
            reason: reason.map { Explanation(german: $0, english: $0) }, note: note,
            staffNote: nil, assumption: assumption, place: SourcePosition(line: 1, column: 1))
    }
}

extension Tariff {
    /// A tariff of these positions; fractions that are not given are named after their id.
    static func made(
        _ positions: [Position], id: String = "muster-2026", title: String = "Gebührensatzung",
        fractions: [Fraction]? = nil, rules: DeliveryRules = .none,
        validity: DateRange = Made.range("2026-01-01"), note: String = "",
        basis: PriceBasis = .gross, assumptions: [String] = [], examples: [WorkedExample] = [],
        containers: [Container] = Sample.containers,
        vehicles: [VehicleClass] = Sample.vehicles, features: [Feature] = Sample.features
    ) -> Tariff {
        let named = Set(positions.flatMap(\.fractions)).sorted()
            .map { Made.fraction($0.text, $0.text.capitalized) }
        return Tariff(
            reference: TariffReference(id: id, title: title, digest: "d1"), kind: .statute,
            validity: validity,
            heading: TariffHeading(
                town: "Musterstadt", yard: "Wertstoffhof Nord",
                legalBasis: "Satzung der Stadt Musterstadt", decision: nil, replaces: nil,
                residentArea: "Stadt Musterstadt", source: "Amtsblatt 12/2025", note: note),
            currency: .euro, priceBasis: basis, rounding: .commercial, assumptions: assumptions,
            scales: [], allowsManualWeights: true, positions: positions, rules: rules,
            examples: examples,
            catalogue: Catalogue(
                fractions: fractions ?? named, containers: containers, vehicleClasses: vehicles,
                features: features), index: PositionIndex(positions))
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }

    /// With ordinary spaces, as a person types it.
    var plain: String { String(map { $0 == "\u{A0}" ? " " : $0 }) }
}
