import Units

@testable import Tariffs

/// A tariff that uses every kind of price once.
enum Sample {
    static let containers = [
        Container(
            id: Made.id("sack"), name: "Sack", plural: "Säcke", englishName: "bag",
            englishPlural: "bags", content: Millilitres(70_000))
    ]
    static let vehicles = [
        VehicleClass(id: Made.id("pkw"), name: "Pkw, Kofferraum", englishName: "car"),
        VehicleClass(id: Made.id("haenger"), name: "Anhänger bis 750 kg", englishName: "trailer"),
    ]
    static let features = [
        Made.feature("dicht", "staubdicht verpackt"), Made.feature("karte", "Ehrenamtskarte"),
        Made.feature("offen", "unbedeckte Ladung"),
    ]

    /// Each kind of price with its words.
    static let methods: [(method: PricingMethod, words: String)] = [
        (.free(nil), "kostenlos"),
        (.free(.volume), "kostenlos (nach Volumen)"),
        (.free(.containers(Made.id("sack"))), "kostenlos (Sack)"),
        (.free(.delivery), "kostenlos (je Anlieferung)"),
        (.flat(Cents(600)), "6,00 € pauschal"),
        (.started(400, 1, .piece), "4,00 € je Stück"),
        (.started(400, 5, .piece), "4,00 € je angefangene 5 Stück"),
        (.started(1100, 500, .litre), "11,00 € je angefangene 500 l"),
        (.started(1100, 1, .cubicMetre), "11,00 € je angefangenen m³"),
        (.started(3000, 15, .minute), "30,00 € je angefangene 15 Minuten"),
        (
            .unit(
                UnitRate(
                    price: .cents(4900), per: .of(1, .cubicMetre), step: .started(250_000))),
            "49,00 € je m³, in angefangenen Schritten von 0,25 m³"
        ),
        (.proRata(17_000, .tonne), "170,00 € je t, anteilig"),
        (
            .unit(
                UnitRate(
                    price: UnitPrice(tenThousandths: 130), per: .of(1, .pound), step: .proRata)),
            "0,013 € je lb, anteilig"
        ),
        (
            .areaTime(
                AreaTimeRate(
                    price: .cents(1000), area: .of(5, .squareMetre), time: .of(1, .week))),
            "10,00 € je angefangene 5 m² und angefangene Woche"
        ),
        (.container(540, "sack"), "5,40 € je Sack"),
        (.container(540, "sack", .halves), "5,40 € je Sack, halb volle zur Hälfte"),
        (.container(540, "sack", .proRata), "5,40 € je Sack, anteilig nach Füllung"),
        (
            table,
            "Pkw, Kofferraum: 6,00 €; Anhänger bis 750 kg, bis 50 % beladen: 15,00 €; "
                + "Anhänger bis 750 kg, bis 100 % beladen: 30,00 €"
        ),
        (
            .staircase(staircase(.further(price: Cents(3800), step: .of(1, .cubicMetre)))),
            "bis 0,1 m³ kostenlos, bis 0,5 m³ 20,00 €, "
                + "darüber 38,00 € zusätzlich je weiteren angefangenen m³"
        ),
        (
            .staircase(staircase(.further(price: Cents(3800), step: .of(500, .litre)))),
            "bis 0,1 m³ kostenlos, bis 0,5 m³ 20,00 €, "
                + "darüber 38,00 € zusätzlich je weitere angefangene 500 l"
        ),
        (
            .staircase(staircase(.refused)),
            "bis 0,1 m³ kostenlos, bis 0,5 m³ 20,00 €, darüber abgelehnt"
        ),
        (
            .tiers(
                Tiers(
                    scope: .slice,
                    tiers: [
                        tier(1, .amount(.zero)),
                        tier(3, .rate(.started(100, .cubicMetre))),
                    ], beyond: .refused, unit: .cubicMetre)),
            "bis 1 m³ kostenlos, bis 3 m³ 1,00 € je angefangenen m³, darüber abgelehnt "
                + "(jede Stufe gilt nur für ihren Teil der Menge)"
        ),
        (
            .tiers(
                Tiers(
                    scope: .whole,
                    tiers: [
                        Tiers.Tier(
                            limit: .of(10, .cubicYard), includesLimit: false,
                            price: .amount(Cents(2000)))
                    ], beyond: .rate(.proRata(300, .cubicYard)), unit: .cubicYard)),
            "unter 10 yd³ 20,00 €, ab 10 yd³ 3,00 € je yd³, anteilig "
                + "(die erreichte Stufe gilt für die ganze Menge)"
        ),
        (
            scale(.flat(Cents(2800))),
            "unter 200 kg 28,00 € pauschal, ab 200 kg 241,72 € je t, anteilig"
        ),
        (
            scale(.unpublished, nil),
            "unter 200 kg Preis nicht veröffentlicht, ab 200 kg Preis nicht veröffentlicht"
        ),
        (scale(.byVolume), "unter 200 kg nach Volumen, ab 200 kg 241,72 € je t, anteilig"),
        (
            .derived(
                Derived(
                    base: "5.1", change: .factor(20_000), method: .started(400, 1, .piece))),
            "8,00 € je Stück (das 2-fache von Nr. 5.1)"
        ),
        (
            .derived(
                Derived(
                    base: "5.1", change: .factor(13_333),
                    method: .unit(
                        UnitRate(
                            price: UnitPrice(tenThousandths: 131), per: .of(1, .kilogram),
                            step: .proRata)))),
            "das 1,3333-fache von Nr. 5.1: 0,0131 € je kg, anteilig"
        ),
        (
            .derived(
                Derived(
                    base: "5.1", change: .difference(.cents(-50)),
                    method: .started(350, 1, .piece))),
            "3,50 € je Stück (Nr. 5.1 abzüglich 0,50 €)"
        ),
        (.refused, "wird nicht angenommen"),
        (.unpublished, "Preis nicht veröffentlicht"),
    ]

    static let table = PricingMethod.table([
        VehicleRow(vehicle: Made.id("pkw"), levels: [.init(percentMax: 100, price: Cents(600))]),
        VehicleRow(
            vehicle: Made.id("haenger"),
            levels: [
                .init(percentMax: 50, price: Cents(1500)),
                .init(percentMax: 100, price: Cents(3000)),
            ]),
    ])

    static func staircase(_ beyond: Staircase.Beyond) -> Staircase {
        Staircase(
            tiers: [
                .init(limit: Quantity(100_000, in: .cubicMetre), price: .zero),
                .init(limit: Quantity(500_000, in: .cubicMetre), price: Cents(2000)),
            ], beyond: beyond, unit: .cubicMetre)
    }

    static func tier(_ limit: Int64, _ price: Tiers.TierPrice) -> Tiers.Tier {
        Tiers.Tier(limit: .of(limit, .cubicMetre), includesLimit: true, price: price)
    }

    static func scale(
        _ below: ScaleSwitch.Below, _ rate: UnitRate? = .proRata(24_172, .tonne)
    ) -> PricingMethod {
        .scaleSwitch(ScaleSwitch(threshold: .of(200, .kilogram), below: below, rate: rate))
    }
}

extension UnitRate {
    static func started(_ cents: Int64, _ unit: MeasureUnit) -> UnitRate {
        UnitRate(price: .cents(cents), per: .of(1, unit), step: .started(unit.size))
    }
}
