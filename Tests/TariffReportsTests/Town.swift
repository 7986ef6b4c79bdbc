import Text
import Units

@testable import Tariffs

/// The tariff of a made-up town, as readers of reports would meet it.
enum Town {
    static let fractions = [
        Made.fraction(
            "bauschutt", "Bauschutt", also: ["Ziegel", "Beton"],
            belongs: ["Mauerwerk", "Fliesen", "Waschbecken"], excluded: ["Gips", "Asbest"]),
        Made.fraction("gruen", "Grünabfall", also: ["Laub", "Äste"]),
        Made.fraction("asbest", "Asbest"),
        Made.fraction("metall", "Metall"),
        Made.fraction("bigbag", "Big Bag", isGoods: true),
        Made.fraction("holz", "Altholz"),
    ]

    static let positions = [
        Position.made(
            "1.1", ["bauschutt"], .started(1100, 500, .litre), .made([.household]),
            modifiers: [.lineMinimum(Cents(500))],
            wording: "Bauschutt je angefangene 500 Liter 11,00 Euro",
            note: "Bitte vorher sortieren."),
        Position.made(
            "1.2", ["bauschutt"], .proRata(4900, .tonne), .made([.commercial]),
            vat: GroupedFact(
                household: Made.dated([("2020-01-01", .outsideScope)]),
                commercial: Made.dated([
                    ("2020-01-01", .taxable(VATRate(basisPoints: 1900)))
                ]))),
        Position.made(
            "2", ["gruen"], .started(300, 100, .litre), .made([.household]),
            modifiers: [
                .free(Made.limit(1, .cubicMetre, .day, .household)),
                .limit(Made.limit(3, .cubicMetre, .day, .household)),
            ],
            assumption: "Die Freimenge gilt je Haushalt, nicht je Fahrzeug."),
        Position.made(
            "2.1", ["gruen"], .refused, .made([.commercial]), reason: "Bitte zum Kompostwerk."),
        Position.made("3", ["asbest"], Sample.scale(.flat(Cents(2800))), requires: ["dicht"]),
        Position.made("4", ["metall"], .free(nil)),
        Position.made("5", ["bigbag"], .started(450, 1, .piece)),
        Position.made("6", ["holz"], .staircase(Sample.staircase(.refused))),
        Position.made(
            "6.1", ["holz"], .free(nil),
            .made(windows: [.yearly(from: Made.monthDay(1, 1), to: Made.monthDay(1, 31))]),
            exceptionTo: ["6"]),
    ]

    static let rules = DeliveryRules(
        acceptance: [
            AcceptanceRule(
                number: "A1", paragraph: "§ 3 Abs. 1", condition: .made(from: [.nonResident]),
                fractions: nil, demand: .refused,
                reason: Explanation(
                    german: "Angenommen wird nur, was aus der Stadt kommt.", english: "No."),
                place: Made.place),
            AcceptanceRule(
                number: "A2", paragraph: "§ 3 Abs. 2", condition: .always,
                fractions: Made.ids(["bauschutt", "holz"]),
                demand: .atMost(Made.limit(2, .cubicMetre, .week, .person)),
                reason: Explanation(german: "Fragen Sie die Deponie.", english: "Ask there."),
                place: Made.place),
        ],
        oncePerVisit: [OncePerVisit(name: "Bauabfall", paragraph: "§ 6", positions: ["1.1", "3"])],
        mixture: MixtureRule(paragraph: "§ 7"), scaleFailure: ScaleFailureRule(paragraph: "§ 8"),
        surcharges: [
            Surcharge(
                name: "Unbedeckte Ladung", englishName: "Open load", paragraph: "§ 9",
                condition: .made(with: ["offen"]), positions: nil, charge: .factor(20_000),
                legalForm: Made.fact(.fee), vat: Made.fact(.outsideScope), place: Made.place)
        ],
        minimum: DeliveryMinimum(
            amount: Cents(300), paragraph: "§ 10", legalForm: Made.fact(.fee),
            vat: Made.fact(.outsideScope)),
        maximum: nil,
        deposit: Deposit(
            amount: Cents(5000), paragraph: "§ 11", condition: .made([.commercial])))

    static let tariff = Tariff.made(
        positions, title: "Gebührensatzung Musterstadt", fractions: fractions, rules: rules,
        note: "Testmaterial, kein geltendes Recht.")

    /// The tariff of the next year: dearer rubble, a smaller free quantity, tyres new, no goods.
    static let next = Tariff.made(
        [
            .made(
                "1.1", ["bauschutt"], .started(1200, 500, .litre), .made([.household]),
                modifiers: [.lineMinimum(Cents(600))],
                wording: "Bauschutt je angefangene 500 Liter 12,00 Euro",
                note: "Bitte vorher sortieren."), positions[1],
            .made(
                "2", ["gruen"], .started(300, 100, .litre), .made([.household]),
                modifiers: [.free(Made.limit(500, .litre, .day, .household))],
                assumption: "Die Freimenge gilt je Haushalt, nicht je Fahrzeug."),
        ] + positions[3...5] + positions[7...]
            + [.made("7", ["reifen"], .started(350, 1, .piece), .made([.household]))],
        id: "muster-2027", title: "Gebührensatzung Musterstadt",
        fractions: fractions.filter { !$0.isGoods } + [Made.fraction("reifen", "Reifen")],
        rules: DeliveryRules(
            acceptance: rules.acceptance, oncePerVisit: [], mixture: rules.mixture,
            scaleFailure: rules.scaleFailure, surcharges: rules.surcharges,
            minimum: DeliveryMinimum(
                amount: Cents(400), paragraph: "§ 10", legalForm: Made.fact(.fee),
                vat: Made.fact(.outsideScope)), maximum: nil, deposit: rules.deposit),
        validity: Made.range("2027-01-01"), note: "Testmaterial, kein geltendes Recht.")
}

extension QuotaPeriod {
    static let week = QuotaPeriod.weeks(1)
}
