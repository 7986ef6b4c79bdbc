import Testing
import Text
import Units

@testable import Tariffs

/// Every finding of the linter, provoked, beside a neighbour that is in order.
struct LintTests {
    /// A tariff with one fault, and the same without it.
    struct Case: CustomTestStringConvertible {
        let problem: TariffProblem
        let name: String
        /// What the message must say.
        let words: String
        let bad: Tariff
        let good: Tariff
        var testDescription: String { "\(problem.rawValue) \(name)" }

        init(
            _ problem: TariffProblem, _ name: String, _ words: String, bad: Tariff, good: Tariff
        ) {
            self.problem = problem
            self.name = name
            self.words = words
            self.bad = bad
            self.good = good
        }
    }

    static let cases = scaleCases + curveCases + wasteCases + otherCases

    @Test(arguments: cases)
    func `a fault is found and its neighbour is not`(_ one: Case) throws {
        let found = one.bad.lint().filter { $0.code == one.problem.rawValue }

        let problem = try #require(found.first, "\(one.bad.lint())")
        #expect(found.count == 1)
        #expect(problem.message.contains(one.words), "\(problem.message)")
        #expect(problem.message.count > 60)
        #expect(problem.severity == one.problem.severity)
        #expect(problem.position != nil)
        #expect(!one.good.lint().contains { $0.code == one.problem.rawValue })
    }

    @Test func `every code of checking a tariff is provoked`() {
        let elsewhere: [TariffProblem] = [
            .coverageUndecided, .noExample, .versionsDisagree, .positionNotUsed, .priceChangedMuch,
            .onlyWordsChanged, .onlyPriceChanged, .exampleMissing, .quotaChanged,
        ]
        let codes = TariffProblem.allCases.filter { $0.rawValue >= "T-E40" }

        #expect(Set(Self.cases.map(\.problem) + elsewhere) == Set(codes))
    }

    @Test func `errors come first, then warnings, each in file order`() {
        let tariff = Tariff.built(
            [
                .built("1", Self.flatThenTonne(100, 1, 57_190_000), line: 5),
                .built("2", .flat(Cents(1)), .built(with: ["x"], without: ["x"]), line: 9),
                .built("3", of: ["schutt"], Self.flatThenTonne(150, 1, 57_190_000), line: 2),
            ], scales: [Self.scale])

        #expect(
            tariff.lint().map(\.line).map { $0.prefix(9) } == [
                "2:1 T-E41", "5:1 T-E41", "2:1 T-W03", "5:1 T-W03", "9:1 T-W12",
            ])
    }

    @Test func `what is wrong with a fraction or a surcharge has its place`() throws {
        var file = SmallFile.rich
        file.fractions = file.fractions
            .replacing("name: Laub", with: "name: Laub\n    avv: [17 06 05, 17 09 05]")
            .replacing("merkmale:", with: "merkmale:\n  - {kennung: karte, name: Kartenzahlung}")
        file.extra +=
            "\nzuschläge: {name: Gebühr, fundstelle: § 2, betrag: \"1,00 €\", nur mit: karte}"

        let problems = try file.tariff().lint()

        func places(_ code: String) -> [SourcePosition?] {
            problems.filter { $0.code == code }.map(\.position)
        }
        let leaves = file.place(of: "kennung: laub")
        #expect(leaves != nil)
        #expect(places("T-E43") == [leaves])
        #expect(places("T-E44") == [leaves])
        #expect(places("T-W11") == [file.place(of: "{name: Gebühr")])
    }

    @Test func `positions without a sale are named`() {
        let tariff = Tariff.built([
            .built("1", .flat(Cents(1)), line: 3),
            .built("2", of: ["schutt"], .flat(Cents(2)), line: 7),
        ])

        #expect(tariff.lint(usedInSales: ["1", "2"]).isEmpty)
        let problems = tariff.lint(usedInSales: ["1"])
        #expect(problems.map(\.code) == ["T-W07"])
        #expect(problems.first?.position?.line == 7)
    }
}

extension LintTests {
    static let scale = ScaleProfile(
        id: "w1", name: "Fahrzeugwaage", interval: Grams(10_000), minimumLoad: Grams(200_000),
        accuracyClass: "III", verifiedUntil: nil, fractions: nil)
    static let fineScale = ScaleProfile(
        id: "w2", name: "Tischwaage", interval: Grams(100), minimumLoad: Grams(2_000),
        accuracyClass: "III", verifiedUntil: nil, fractions: [Built.id("laub")])

    /// - Parameters:
    ///   - threshold: kilograms.
    ///   - flat: cents.
    ///   - tonne: ten-thousandths of a Euro.
    static func flatThenTonne(_ threshold: Int64, _ flat: Int64, _ tonne: Int64) -> PricingMethod {
        .scaleSwitch(
            ScaleSwitch(
                threshold: Quantity(threshold * 1_000, in: .kilogram), below: .flat(Cents(flat)),
                rate: UnitRate(
                    price: UnitPrice(tenThousandths: tonne), per: Quantity(1_000_000, in: .tonne),
                    step: .proRata)))
    }

    /// - Parameter steps: limits in kilograms, prices in cents.
    static func staircase(
        _ steps: [(Int64, Int64)], beyond: Staircase.Beyond = .refused
    ) -> PricingMethod {
        .staircase(
            Staircase(
                tiers: steps.map {
                    .init(limit: Quantity($0.0 * 1_000, in: .kilogram), price: Cents($0.1))
                }, beyond: beyond, unit: .kilogram))
    }

    static func perLitre(_ cents: Int64, _ litres: Int64 = 1) -> UnitRate {
        UnitRate(
            price: UnitPrice(Cents(cents)), per: Quantity(litres * 1_000, in: .litre),
            step: .started(litres * 1_000))
    }

    /// Up to so many kilograms.
    static func exemption(_ kilograms: Int64) -> Exemption {
        Exemption(
            limit: Limit(
                measure: .weight, most: kilograms * 1_000, unit: .kilogram, scope: .visit),
            includesThreshold: true)
    }

    static func one(
        _ method: PricingMethod, scales: [ScaleProfile] = [], modifiers: [Modifier] = []
    ) -> Tariff {
        .built([.built("1", method, modifiers: modifiers)], scales: scales)
    }

    static let scaleCases: [Case] = [
        Case(
            .gradedBelowMinimumLoad, "a staircase",
            "bei 100\u{A0}kg, unter der Mindestlast von 200",
            bad: one(staircase([(100, 500), (300, 900)]), scales: [scale]),
            good: one(staircase([(200, 500), (300, 900)]), scales: [scale])),
        Case(
            .gradedBelowMinimumLoad, "a switch", "199\u{A0}kg",
            bad: one(flatThenTonne(199, 2_800, 2_417_200), scales: [scale]),
            good: one(flatThenTonne(200, 2_800, 2_417_200), scales: [scale])),
        Case(
            .gradedBelowMinimumLoad, "derived from a staircase", "Fahrzeugwaage",
            bad: one(
                .derived(
                    Derived(base: "0", change: .factor(20_000), method: staircase([(100, 500)]))),
                scales: [scale]),
            good: one(staircase([(100, 500)]), scales: [scale, fineScale])),
        Case(
            .gradedBelowMinimumLoad, "an exemption", "bei 5\u{A0}kg, unter der Mindestlast von 200",
            bad: one(
                flatThenTonne(200, 2_800, 2_417_200), scales: [scale],
                modifiers: [.exempt(exemption(5))]),
            good: one(
                flatThenTonne(200, 2_800, 2_417_200), scales: [scale],
                modifiers: [.exempt(exemption(200))])),
        Case(
            .gradedBelowMinimumLoad, "what is free of a fixed price", "bei 100\u{A0}kg",
            bad: one(
                .flat(Cents(600)), scales: [scale], modifiers: [.free(exemption(100).limit)]),
            good: one(
                .unit(
                    UnitRate(
                        price: UnitPrice(tenThousandths: 2_417_200),
                        per: Quantity(1_000_000, in: .tonne), step: .proRata)),
                scales: [scale], modifiers: [.free(exemption(100).limit)])),
        Case(
            .gradedBelowMinimumLoad, "a finer scale for other waste", "100\u{A0}kg",
            bad: .built(
                [.built("1", of: ["schutt"], staircase([(100, 500)]))], scales: [scale, fineScale]),
            good: one(staircase([(100, 500)]))),
    ]

    static let curveCases: [Case] = [
        Case(
            .priceJumps, "at the switch of a scale",
            "190\u{A0}kg 4,00\u{A0}€ → 200\u{A0}kg 11,44\u{A0}€",
            bad: one(flatThenTonne(200, 400, 571_900), scales: [scale]),
            good: one(flatThenTonne(200, 1_000, 571_900), scales: [scale])),
        Case(
            .priceJumps, "behind a staircase", "20\u{A0}kg 5,00\u{A0}€ → 21\u{A0}kg 10,01\u{A0}€",
            bad: one(
                staircase(
                    [(10, 1), (20, 500)],
                    beyond: .further(price: Cents(501), step: Quantity(10_000, in: .kilogram)))),
            good: one(
                staircase(
                    [(10, 1), (20, 500)],
                    beyond: .further(price: Cents(500), step: Quantity(10_000, in: .kilogram))))),
        Case(
            .priceFalls, "at the switch of a scale",
            "190\u{A0}kg 12,00\u{A0}€ → 200\u{A0}kg 11,44\u{A0}€",
            bad: one(flatThenTonne(200, 1_200, 571_900), scales: [scale]),
            good: one(
                flatThenTonne(200, 1_200, 571_900), scales: [scale],
                modifiers: [.lineMinimum(Cents(1_200))])),
        Case(
            .priceFalls, "in a staircase", "10\u{A0}kg 5,00\u{A0}€ → 11\u{A0}kg 4,99\u{A0}€",
            bad: one(staircase([(10, 500), (20, 499)])),
            good: one(staircase([(10, 500), (20, 500)]))),
        Case(
            .priceFalls, "in tiers of the whole quantity", "2\u{A0}l 4,00\u{A0}€ → 3\u{A0}l 3,00",
            bad: one(tiers(.whole)), good: one(tiers(.slice))),
        Case(
            .priceFalls, "with the fill of a vehicle", "bis 50 % 9,00",
            bad: one(.table([row(900, 800)])), good: one(.table([row(900, 900)]))),
    ]

    static func tiers(_ scope: Tiers.Scope) -> PricingMethod {
        .tiers(
            Tiers(
                scope: scope,
                tiers: [
                    .init(
                        limit: Quantity(2_000, in: .litre), includesLimit: true,
                        price: .rate(perLitre(200)))
                ], beyond: .rate(perLitre(100)), unit: .litre))
    }

    static func row(_ half: Int64, _ full: Int64) -> VehicleRow {
        VehicleRow(
            vehicle: Built.id("kombi"),
            levels: [
                .init(percentMax: 50, price: Cents(half)),
                .init(percentMax: 100, price: Cents(full)),
            ])
    }

    static func coded(
        _ code: String, requires: [String] = ["dicht"], rules: DeliveryRules = .none
    ) -> Tariff {
        .built(
            [.built("1", .flat(Cents(100)), requires: requires)],
            fractions: [Built.fraction("laub", wasteCodes: [code])], rules: rules)
    }

    static let wasteCases: [Case] = [
        Case(
            .hazardMark, "no asterisk", "Schreiben Sie „17 06 05*“",
            bad: coded("17 06 05"), good: coded("17 06 05*")),
        Case(
            .hazardMark, "an asterisk too many", "nicht gefährlich",
            bad: coded("17 09 04*"), good: coded("17 09 04")),
        Case(
            .wasteCodeNotListed, "no such code", "17 09 05 gibt es",
            bad: coded("17 09 05"), good: coded("16 03 07*")),
        Case(
            .packingNotRequired, "asbestos", "„Laub“ ist gefährlicher Abfall, aber bei Nr. 1",
            bad: coded("17 06 05*", requires: []), good: coded("17 06 05*")),
        Case(
            .packingNotRequired, "a rule for other waste", "Nr. 1",
            bad: coded("17 06 05*", requires: [], rules: packing("schutt")),
            good: coded("17 06 05*", requires: [], rules: packing("laub"))),
        Case(
            .cardSurcharge, "paid by card", "§ 270a BGB",
            bad: surcharged("zahlung-mit-karte", .euro),
            good: surcharged("sperrmuellkarte", .euro)),
        Case(
            .cardSurcharge, "paid by card, by name", "„Zuschlag“",
            bad: surcharged("k", .euro, "bezahlt mit Karte"),
            good: surcharged("k", .dollar, "bezahlt mit Karte")),
    ]

    static func packing(_ fraction: String) -> DeliveryRules {
        .built(acceptance: [.built("A1", .requires([Built.id("dicht")]), of: [fraction])])
    }

    static func surcharged(_ id: String, _ currency: Currency, _ name: String? = nil) -> Tariff {
        .built(
            [.built("1", .flat(Cents(100)))], features: [Built.feature(id, name)],
            rules: .built(surcharges: [
                Surcharge(
                    name: "Zuschlag", englishName: "fee", paragraph: "§ 9",
                    condition: .built(with: [id]), positions: nil, charge: .amount(Cents(200)),
                    legalForm: Built.fact(.fee), vat: Built.fact(.outsideScope),
                    place: Built.place(1))
            ]), currency: currency)
    }

    static func litres(_ cents: [Int64]) -> Tariff {
        .built(
            cents.enumerated().map { place, price in
                .built(
                    "\(place)", of: ["f\(place)"],
                    place == 0 ? .unit(perLitre(price)) : .unit(perLitre(price, 100)))
            })
    }

    static func chain(_ base: PricingMethod, _ modifiers: [Modifier] = []) -> Tariff {
        let derived = Derived(base: "2", change: .factor(20_000), method: base)
        return .built([
            .built("1", .flat(Cents(100))), .built("2", of: ["schutt"], base),
            .built("3", of: ["holz"], .derived(derived), modifiers: modifiers),
        ])
    }

    static let otherCases: [Case] = [
        Case(
            .priceOutOfLine, "per litre instead of per hundred",
            "8,00\u{A0}€ je l, mehr als das 20-fache",
            bad: litres([800, 350, 870, 1_750]), good: litres([70, 350, 870, 1_750])),
        Case(
            .priceOutOfLine, "just above twenty times the median", "Nr. 0",
            bad: litres([201, 500, 1_000, 2_000]), good: litres([200, 500, 1_000, 2_000])),
        Case(
            .factorChain, "derived of derived", "Nr. 3",
            bad: chain(
                .derived(Derived(base: "1", change: .factor(20_000), method: .flat(Cents(100))))),
            good: chain(.flat(Cents(200)))),
        Case(
            .factorChain, "a factor on a derived price", "Nr. 3",
            bad: chain(.flat(Cents(200)), [change(.factor(20_000))]),
            good: chain(.flat(Cents(200)), [change(.discountPercent(1_000))])),
        Case(
            .positionUnreachable, "over before it begins", "Nr. 2",
            bad: .built([
                .built("1", .flat(Cents(1))),
                .built(
                    "2", .flat(Cents(2)), .built(windows: [.until(Built.day("2023-12-31"))]),
                    exceptionTo: ["1"]),
            ]),
            good: .built([
                .built("1", .flat(Cents(1))),
                .built(
                    "2", .flat(Cents(2)), .built(windows: [.until(Built.day("2024-01-01"))]),
                    exceptionTo: ["1"]),
            ])),
    ]

    static func change(_ change: Adjustment.Change) -> Modifier {
        .adjustment(Adjustment(change: change, features: [Built.id("nass")]))
    }
}
