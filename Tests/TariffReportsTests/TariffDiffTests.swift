import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

struct TariffDiffTests {
    private func diff(_ old: [Position], _ new: [Position]) -> [String] {
        TariffDiff(from: .made(old), to: .made(new)).sections.flatMap { section in
            section.changes.flatMap(\.sentences).map(\.plain)
        }
    }

    @Test func `a tariff does not differ from itself`() {
        let diff = TariffDiff(from: Town.tariff, to: Town.tariff)

        #expect(diff.isEmpty)
        #expect(diff.text().contains("Kein Unterschied."))
        #expect(diff.sections.first { $0.kind == .prices }?.unchanged == 9)
    }

    @Test func `a price that rises is told with amount and share`() {
        let changes = diff(
            [.made("9", ["bauschutt"], .started(2200, 500, .litre))],
            [.made("9", ["bauschutt"], .started(2400, 500, .litre))])

        #expect(
            changes == [
                "Bauschutt (Nr. 9): je angefangene 500 l 22,00 € → 24,00 € (+2,00 €, +9,1 %)"
            ])
    }

    @Test(arguments: [
        (
            PricingMethod.flat(Cents(600)), PricingMethod.flat(Cents(400)),
            "pauschal 6,00 € → 4,00 € (−2,00 €, −33,3 %)"
        ),
        (.free(nil), .flat(Cents(400)), "kostenlos → 4,00 € pauschal"),
        (.flat(Cents(400)), .free(nil), "4,00 € pauschal → kostenlos"),
        (.flat(Cents(400)), .refused, "Preis: 4,00 € pauschal → wird nicht angenommen"),
        (
            .started(1100, 500, .litre), .started(1100, 250, .litre),
            "Preis: 11,00 € je angefangene 500 l → 11,00 € je angefangene 250 l"
        ),
        (
            .container(540, "sack"), .container(540, "sack", .halves),
            "Preis: 5,40 € je Sack → 5,40 € je Sack, halb volle zur Hälfte"
        ),
        (
            Sample.scale(.flat(Cents(2800))), Sample.scale(.flat(Cents(3000))),
            "unter 200 kg pauschal 28,00 € → 30,00 € (+2,00 €, +7,1 %)"
        ),
        (
            .staircase(Sample.staircase(.refused)),
            .staircase(Sample.staircase(.further(price: Cents(3800), step: .of(1, .cubicMetre)))),
            "Preis: bis 0,1 m³ kostenlos, bis 0,5 m³ 20,00 €, darüber abgelehnt → "
                + "bis 0,1 m³ kostenlos, bis 0,5 m³ 20,00 €, "
                + "darüber 38,00 € zusätzlich je weiteren angefangenen m³"
        ),
        (
            .proRata(10, .pound),
            .unit(
                UnitRate(
                    price: UnitPrice(tenThousandths: 1013), per: .of(1, .pound), step: .proRata)),
            "je lb, anteilig 0,10 € → 0,1013 € (+0,0013 €, +1,3 %)"
        ),
    ])
    func `every kind of price change has words`(
        old: PricingMethod, new: PricingMethod, expected: String
    ) {
        let changes = diff([.made("1", ["holz"], old)], [.made("1", ["holz"], new)])

        #expect(changes == ["Holz (Nr. 1): \(expected)"])
    }

    @Test(arguments: Sample.methods.indices)
    func `every change between two methods is noticed`(place: Int) {
        for (other, method) in Sample.methods.enumerated() where other != place {
            let changes = diff(
                [.made("1", ["holz"], Sample.methods[place].method)],
                [.made("1", ["holz"], method.method)])

            #expect(changes.count >= 1, "\(method.words)")
        }
    }

    @Test func `renumbered positions are found by fraction and conditions`() {
        let changes = diff(
            [
                .made("1", ["holz"], .flat(Cents(100)), .made([.household])),
                .made("2", ["holz"], .flat(Cents(300)), .made([.commercial])),
            ],
            [
                .made("3.1", ["holz"], .flat(Cents(100)), .made([.household])),
                .made("3.2", ["holz"], .flat(Cents(350)), .made([.commercial])),
            ])

        #expect(
            changes == [
                "Holz, privat (Nr. 3.1): Nummer: 1 → 3.1",
                "Holz, privat (Nr. 3.1): Fundstelle: § 5 Nr. 1 → § 5 Nr. 3.1",
                "Holz, gewerblich (Nr. 3.2): pauschal 3,00 € → 3,50 € (+0,50 €, +16,7 %)",
                "Holz, gewerblich (Nr. 3.2): Nummer: 2 → 3.2",
                "Holz, gewerblich (Nr. 3.2): Fundstelle: § 5 Nr. 2 → § 5 Nr. 3.2",
            ])
    }

    @Test func `a number that now stands for something else is dropped and new`() {
        let changes = TariffDiff(
            from: .made([.made("1", ["holz"], .flat(Cents(100)))]),
            to: .made([.made("1", ["laub"], .flat(Cents(200)))])
        ).sections.first { $0.kind == .prices }?.changes

        #expect(changes?.map(\.kind) == [.added, .dropped])
    }

    @Test func `every property of a position is compared`() {
        let base = Position.made("1", ["holz", "laub"], .flat(Cents(100)))
        let variants: [Position] = [
            .made("1", ["holz"], .flat(Cents(100))),
            .made("1", ["holz", "laub"], .flat(Cents(100)), .made([.household])),
            .made("1", ["holz", "laub"], .flat(Cents(100)), .made(weekdays: [.monday])),
            .made("1", ["holz", "laub"], .flat(Cents(100)), .made(without: ["offen"])),
            .made("1", ["holz", "laub"], .flat(Cents(100)), exceptionTo: ["2"]),
            .made("1", ["holz", "laub"], .flat(Cents(100)), modifiers: [.lineMinimum(Cents(9))]),
            .made("1", ["holz", "laub"], .flat(Cents(100)), requires: ["dicht"]),
            .made("1", ["holz", "laub"], .flat(Cents(100)), vat: Made.fact(.exempt)),
            .made("1", ["holz", "laub"], .flat(Cents(100)), wording: "Holz und Laub"),
            .made("1", ["holz", "laub"], .flat(Cents(100)), reason: "Darum."),
            .made("1", ["holz", "laub"], .flat(Cents(100)), note: "Bitte trennen."),
            .made("1", ["holz", "laub"], .flat(Cents(100)), assumption: "Unklar."),
        ]

        for variant in variants {
            #expect(!diff([base], [variant]).isEmpty)
            #expect(!diff([variant], [base]).isEmpty)
        }
    }

    private static let laws: [(DeliveryRules, String?)] = [
        (.made(), nil),
        (.made(reason: "Never."), "Annahmeregel A1: Grund auf Englisch: No. → Never."),
        (
            .made(english: "Work gloves"),
            "Zuschlag: Handschuhe: Englischer Name: Gloves → Work gloves"
        ),
        (.made(form: .charge), "Zuschlag: Handschuhe: Rechtsform: Gebühr → Entgelt"),
        (
            .made(vat: .exempt),
            "Zuschlag: Handschuhe: Umsatzsteuer: nicht steuerbar → steuerfrei"
        ),
        (.made(minimumForm: .charge), "Mindestbetrag: Rechtsform: Gebühr → Entgelt"),
        (
            .made(minimumVAT: .standard),
            "Mindestbetrag: Umsatzsteuer: nicht steuerbar → 19 % Umsatzsteuer enthalten"
        ),
    ]

    @Test(arguments: laws)
    func `law and English words of a rule are compared`(new: DeliveryRules, expected: String?) {
        let positions = [Position.made("1", ["holz"], .flat(Cents(100)))]

        let diff = TariffDiff(
            from: .made(positions, rules: .made()), to: .made(positions, rules: new))

        #expect(
            diff.sections.flatMap(\.changes).flatMap(\.sentences).map(\.plain)
                == (expected.map { [$0] } ?? []))
    }

    @Test func `a new name is one change, not one at every position`() {
        let old = Made.fraction("holz", "Holz")
        let new = Made.fraction("holz", "Altholz")
        let positions = [
            Position.made("1", ["holz"], .flat(Cents(100)), .made([.household])),
            .made("2", ["holz"], .flat(Cents(100)), .made([.commercial])),
        ]

        let diff = TariffDiff(
            from: .made(positions, fractions: [old]), to: .made(positions, fractions: [new]))

        #expect(
            diff.sections.flatMap(\.changes).flatMap(\.sentences)
                == ["Altholz: Name: Holz → Altholz"])
    }

    @Test func `a whole change reads like an article in the paper`() {
        let text = TariffDiff(from: Town.tariff, to: Town.next).text()

        #expect(text.plain == Self.article)
    }

    @Test func `the data carry amounts before and after`() {
        let json = TariffDiff(from: Town.tariff, to: Town.next).json

        let prices = json["sections"]?.array?.first { $0["kind"]?.string == "prices" }
        let fact = prices?["changes"]?.array?.first?["facts"]?.array?.first
        #expect(json["equal"]?.bool == false)
        #expect(fact?["oldTenThousandths"]?.integer == 110_000)
        #expect(fact?["newTenThousandths"]?.integer == 120_000)
        #expect(fact?["percentTenths"]?.integer == 91)
    }
}
