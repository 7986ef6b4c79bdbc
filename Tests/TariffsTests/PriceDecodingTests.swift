import Testing
import Text
import Units

@testable import Tariffs

/// Every form of a price becomes the method that it says.
struct PriceDecodingTests {
    struct Case: CustomTestStringConvertible {
        let price: String
        let method: PricingMethod
        var testDescription: String { price }

        init(_ price: String, _ method: PricingMethod) {
            self.price = price
            self.method = method
        }
    }

    static func price(_ tenThousandths: Int64) -> UnitPrice {
        UnitPrice(tenThousandths: tenThousandths)
    }

    static func rate(
        _ tenThousandths: Int64, _ per: Int64, _ unit: MeasureUnit, _ step: Step
    ) -> UnitRate {
        UnitRate(price: price(tenThousandths), per: Quantity(per, in: unit), step: step)
    }

    static let tonne = rate(2_417_200, 1_000_000, .tonne, .proRata)

    static let phrases = [
        Case("kostenlos", .free(nil)), Case("abgelehnt", .refused),
        Case("nicht veröffentlicht", .unpublished), Case("6,00 € pauschal", .flat(Cents(600))),
        Case("4,00 € je Stück", .unit(rate(40_000, 1, .piece, .started(1)))),
        Case(
            "11,00 € je angefangene 500 l",
            .unit(rate(110_000, 500_000, .litre, .started(500_000)))),
        Case(
            "49,00 € je m³, in angefangenen Schritten von 0,25 m³",
            .unit(rate(490_000, 1_000_000, .cubicMetre, .started(250_000)))),
        Case(
            "30,00 € je angefangene 15 Minuten", .unit(rate(300_000, 15, .minute, .started(15)))),
        Case("5,00 € je angefangene Stunde", .unit(rate(50_000, 60, .hour, .started(60)))),
        Case("5,00 € je angefangenen Tag", .unit(rate(50_000, 1_440, .day, .started(1_440)))),
        Case("5,00 € je Woche, anteilig", .unit(rate(50_000, 10_080, .week, .proRata))),
        Case("0,0130 € je lb, anteilig", .unit(rate(130, 10, .pound, .proRata))),
        Case("78,80 € je ton, anteilig", .unit(rate(788_000, 20_000, .shortTon, .proRata))),
        Case("20,38 € je yd³, anteilig", .unit(rate(203_800, 4_665_600, .cubicYard, .proRata))),
        Case(
            "2,50 € je angefangene 41 gal",
            .unit(rate(25_000, 947_100, .gallon, .started(947_100)))),
        Case(
            "10,00 € je angefangene 5 m² und angefangene Woche",
            .areaTime(
                AreaTimeRate(
                    price: price(100_000), area: Quantity(50_000, in: .squareMetre),
                    time: Quantity(10_080, in: .week)))),
        Case(
            "1,00 € je angefangenen m² und angefangene 3 Tage",
            .areaTime(
                AreaTimeRate(
                    price: price(10_000), area: Quantity(10_000, in: .squareMetre),
                    time: Quantity(4_320, in: .day)))),
        Case("5,40 € je Sack", sack(54_000, .whole)),
        Case("5,40 € je Sack, halb volle zur Hälfte", sack(54_000, .halves)),
        Case("5,40 € je Sack, anteilig nach Füllung", sack(54_000, .proRata)),
    ]

    static func sack(_ price: Int64, _ filling: ContainerRate.Filling) -> PricingMethod {
        ContainerID("sack").map {
            .container(ContainerRate(price: Self.price(price), kind: $0, filling: filling))
        } ?? .refused
    }

    @Test(arguments: phrases)
    func `a phrase becomes its method`(_ expected: Case) throws {
        let file = SmallFile(price: "preis: \(expected.price)\ngrund: Nein.")

        #expect(try file.position().method == expected.method)
    }

    static let tier = Quantity(500_000, in: .cubicMetre)
    static let cubicMetre = rate(380_000, 1_000_000, .cubicMetre, .started(1_000_000))

    static let blocks = [
        Case(
            "bis 0,5 m³: kostenlos\n  darüber: 38,00 € je weitere angefangene 1 m³",
            .staircase(
                Staircase(
                    tiers: [.init(limit: tier, price: .zero)],
                    beyond: .further(
                        price: Cents(3_800), step: Quantity(1_000_000, in: .cubicMetre)),
                    unit: .cubicMetre))),
        Case(
            "berechnung: ganze Menge\n  bis 0,5 m³: 20,00 €\n"
                + "  darüber: 38,00 € je angefangene 1 m³",
            .tiers(
                Tiers(
                    scope: .whole,
                    tiers: [
                        .init(limit: tier, includesLimit: true, price: .amount(Cents(2_000)))
                    ], beyond: .rate(cubicMetre), unit: .cubicMetre))),
        Case(
            "berechnung: je Stufe\n  unter 0,5 m³: kostenlos\n"
                + "  bis 1 m³: 38,00 € je angefangene 1 m³\n  darüber: abgelehnt",
            .tiers(
                Tiers(
                    scope: .slice,
                    tiers: [
                        .init(limit: tier, includesLimit: false, price: .amount(.zero)),
                        .init(
                            limit: Quantity(1_000_000, in: .cubicMetre), includesLimit: true,
                            price: .rate(cubicMetre)),
                    ], beyond: .refused, unit: .cubicMetre))),
        Case(
            "unter 200 kg: 28,00 € pauschal\n  ab 0,2 t: 241,72 € je t, anteilig",
            .scaleSwitch(
                ScaleSwitch(
                    threshold: Quantity(200_000, in: .kilogram), below: .flat(Cents(2_800)),
                    rate: tonne))),
        Case(
            "unter 200 kg: nicht veröffentlicht\n  ab 200 kg: 241,72 € je t, anteilig",
            .scaleSwitch(
                ScaleSwitch(
                    threshold: Quantity(200_000, in: .kilogram), below: .unpublished,
                    rate: tonne))),
        Case(
            "Kombi:\n    bis 50 %: 15,00 €\n    bis 100 %: 30,00 €",
            VehicleClassID("kombi").map {
                .table([
                    VehicleRow(
                        vehicle: $0,
                        levels: [
                            .init(percentMax: 50, price: Cents(1_500)),
                            .init(percentMax: 100, price: Cents(3_000)),
                        ])
                ])
            } ?? .refused),
        Case(
            "unter 200 kg: 28,00 € pauschal\n  ab 200 kg: nicht veröffentlicht",
            .scaleSwitch(
                ScaleSwitch(
                    threshold: Quantity(200_000, in: .kilogram), below: .flat(Cents(2_800)),
                    rate: nil))),
    ]

    @Test(arguments: blocks)
    func `a block becomes its method`(_ expected: Case) throws {
        let file = SmallFile(price: "preis:\n  \(expected.price)")

        #expect(try file.position().method == expected.method)
    }

    @Test func `a light load may be left to its volume`() throws {
        var file = SmallFile(
            price: "preis:\n  unter 200 kg: nach Volumen\n  ab 200 kg: 241,72 € je t, anteilig")
        file.more =
            "  - {nr: 2, fundstelle: § 2, abfallarten: laub, wer: alle, "
            + "preis: \"1,00 € je m³, anteilig\"}"

        #expect(
            try file.position().method
                == .scaleSwitch(
                    ScaleSwitch(
                        threshold: Quantity(200_000, in: .kilogram), below: .byVolume,
                        rate: Self.tonne)))
    }

    @Test func `a vehicle may be called like a step`() throws {
        var file = SmallFile(price: "preis:\n  bis 2 m Höhe: 4,00 €")
        file.fractions = file.fractions.replacing("name: Kombi", with: "name: bis 2 m Höhe")

        guard case .table(let rows) = try file.position().method else {
            Issue.record("no table")
            return
        }
        #expect(rows.map(\.vehicle.text) == ["kombi"])
    }

    @Test func `a container may be called like a unit with its content`() throws {
        var file = SmallFile(price: "preis: 4,00 € je Tonne 120 l")
        file.fractions = file.fractions.replacing("name: Sack\n", with: "name: Tonne 120 l\n")

        #expect(try file.position().method == Self.sack(40_000, .whole))
    }

    /// A price of position 1 and what a price that rests on it becomes.
    struct Derivation: CustomTestStringConvertible {
        let base: String
        let price: String
        let change: Derived.Change
        let method: PricingMethod
        var testDescription: String { "\(price) of \(base)" }

        init(
            _ base: String, _ price: String, _ change: Derived.Change, _ method: PricingMethod
        ) {
            self.base = base
            self.price = price
            self.change = change
            self.method = method
        }

        static func plus(_ base: String, _ method: PricingMethod) -> Derivation {
            Derivation(
                base, "Nr. 1 zuzüglich 2,00 €", .difference(PriceDecodingTests.price(20_000)),
                method)
        }
    }

    static let pieces = PricingMethod.unit(rate(40_000, 1, .piece, .started(1)))

    static let derivations = [
        Derivation("preis: 4,00 € je Stück", "2-fach von Nr. 1", .factor(20_000), pieces),
        Derivation("preis: 4,00 € je Stück", "0,3333-fach von Nr. 1", .factor(3_333), pieces),
        Derivation("preis: kostenlos", "1,5-fach von Nr. 1", .factor(15_000), .free(nil)),
        Derivation(
            "preis: 4,00 € je Stück", "Nr. 1 abzüglich 4,00 €", .difference(price(-40_000)),
            .unit(rate(0, 1, .piece, .started(1)))),
        Derivation(
            "preis: 0,0130 € je lb, anteilig", "Nr. 1 abzüglich 0,003 €",
            .difference(price(-30)), .unit(rate(100, 10, .pound, .proRata))),
        .plus("preis: 6,00 € pauschal", .flat(Cents(800))),
        .plus("preis: 5,40 € je Sack", sack(74_000, .whole)),
        .plus(
            "preis: 1,00 € je angefangenen m² und angefangenen Tag",
            .areaTime(
                AreaTimeRate(
                    price: price(30_000), area: Quantity(10_000, in: .squareMetre),
                    time: Quantity(1_440, in: .day)))),
        .plus(
            "preis:\n  bis 0,5 m³: 1,00 €\n  darüber: abgelehnt",
            .staircase(
                Staircase(
                    tiers: [.init(limit: tier, price: Cents(300))], beyond: .refused,
                    unit: .cubicMetre))),
        .plus(
            "preis:\n  Kombi: 6,00 €",
            VehicleClassID("kombi").map {
                .table([
                    VehicleRow(
                        vehicle: $0, levels: [.init(percentMax: 100, price: Cents(800))])
                ])
            } ?? .refused),
    ]

    @Test(arguments: derivations)
    func `a derived price holds the method it rests on`(_ derivation: Derivation) throws {
        var file = SmallFile(price: derivation.base)
        file.rest = "abfallarten: schutt, wer: alle, preis: \"\(derivation.price)\""

        let method = try #require(file.tariff().positions.first).method

        #expect(
            method
                == .derived(
                    Derived(base: "1", change: derivation.change, method: derivation.method)))
    }

    @Test func `derived prices may rest on derived ones, in any order`() throws {
        var file = SmallFile(price: "preis: Nr. 3.1 zuzüglich 1,00 €")
        file.more = """
              - {nr: 2, fundstelle: § 2, abfallarten: schutt, wer: privat, zeitraum: bis 01.01.2000,
                 preis: 2-fach von Nr. 1}
              - {nr: 3.1, fundstelle: § 3, abfallarten: schutt, wer: privat,
                 zeitraum: bis 01.01.1999, preis: "4,00 € je Stück"}
            """

        let positions = try file.tariff().positions

        let dearer = PricingMethod.derived(
            Derived(
                base: "3.1", change: .difference(Self.price(10_000)),
                method: .unit(Self.rate(50_000, 1, .piece, .started(1)))))
        #expect(positions[1].method == dearer)
        #expect(
            positions[2].method
                == .derived(Derived(base: "1", change: .factor(20_000), method: dearer)))
        #expect(positions[2].method.prices(.pieces))
    }

    @Test(arguments: [
        ("4,00 € je Stück", [MeasureUnit.piece]), ("kostenlos", [nil]),
        ("2,00 € je angefangene Stunde", [.hour]), ("1,00 € je lb, anteilig", [.pound]),
        ("1,00 € je angefangenen m² und angefangenen Tag", [.squareMetre]),
    ])
    func `a fraction can be entered in what its positions price`(
        _ price: String, _ units: [MeasureUnit?]
    ) throws {
        let tariff = try SmallFile(price: "preis: \(price)").tariff()

        #expect(tariff.fractions[0].measures.map(\.unit) == units)
    }

    @Test(arguments: Currency.allCases)
    func `prices are in the currency of the file`(_ currency: Currency) throws {
        var file = SmallFile(price: "preis: 4,00 \(currency.sign) je Stück")
        file.head = file.head.replacing("EUR", with: currency.rawValue)

        let tariff = try file.tariff()

        #expect(tariff.currency == currency)
        #expect(tariff.positions[1].method == Self.pieces)
    }
}
