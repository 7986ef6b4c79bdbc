import Testing
import Text
import Units

@testable import Tariffs

/// Head, conditions, modifiers, facts, scales and rules of the delivery.
struct RuleDecodingTests {
    static func ids<Kind>(_ names: String...) -> Set<Identifier<Kind>> {
        Set(names.compactMap { Identifier($0) })
    }

    @Test func `the head is read`() throws {
        let file = SmallFile.rich.with(
            "beschluss: Rat am 01.12.2023\nersetzt: probe-2023\neinzugsgebiet: die Stadt\n"
                + "annahmen: [eine, noch eine]\nhinweis: nur eine Probe")

        let tariff = try file.tariff()

        #expect(tariff.kind == .statute)
        #expect(tariff.heading.decision == "Rat am 01.12.2023")
        #expect(tariff.heading.replaces == "probe-2023")
        #expect(tariff.heading.residentArea == "die Stadt")
        #expect(tariff.heading.note == "nur eine Probe")
        #expect(tariff.assumptions == ["eine", "noch eine"])
        #expect(tariff.currency == .euro)
    }

    @Test(arguments: [
        ("kaufmännisch je Zeile", RoundingProfile.commercial),
        ("abgerundet je Zeile", RoundingProfile(scope: .line, mode: .down, increment: Cents(1))),
        (
            "aufgerundet nur die Summe",
            RoundingProfile(scope: .total, mode: .up, increment: Cents(1))
        ),
        (
            "kaufmännisch je Zeile auf 0,05 €",
            RoundingProfile(scope: .line, mode: .halfUp, increment: Cents(5))
        ),
        (
            "abgerundet nur die Summe auf 1,00 €",
            RoundingProfile(scope: .total, mode: .down, increment: Cents(100))
        ),
    ])
    func `rounding says which way, where and to what`(
        _ text: String, _ profile: RoundingProfile
    ) throws {
        #expect(try SmallFile(rounding: text).tariff().rounding == profile)
    }

    @Test func `the catalogue holds goods, features and facts about waste`() throws {
        var file = SmallFile.rich
        file.fractions = file.fractions.replacing(
            "name: Laub",
            with: "name: Laub\n    gehört dazu: [Gras, Moos]\n    gehört nicht dazu: Erde\n"
                + "    kg je m³: 250\n    kg je stück: 1.000\n    avv: [20 02 01, 17 06 05*]")

        let tariff = try file.tariff()

        let leaves = tariff.fractions[0]
        #expect(leaves.belongs == ["Gras", "Moos"])
        #expect(leaves.excluded == ["Erde"])
        #expect(leaves.gramsPerCubicMetre == Grams(250_000))
        #expect(leaves.gramsPerPiece == Grams(1_000_000))
        #expect(leaves.wasteCodes == ["20 02 01", "17 06 05*"])
        #expect(tariff.fractions.map(\.isGoods) == [false, false, true])
        #expect(tariff.fractions.map(\.id.text) == ["laub", "schutt", "big-bag"])
        #expect(tariff.features.map(\.scope) == [.delivery, .delivery, .item, .item])
        #expect(tariff.features.map(\.isEntitlement) == [false, true, false, false])
        #expect(tariff.features[0].question == "Ist die Ladung bedeckt?")
        #expect(tariff.features[3].englishName == "wet")
        #expect(tariff.positions[2].fractions.map(\.text) == ["big-bag"])
    }

    @Test func `scales are read, and say whether typed-in weights may price`() throws {
        let scales = try SmallFile.rich.tariff().scales

        #expect(scales.map(\.id) == ["w1", "w2"])
        #expect(scales.map(\.interval) == [Grams(10_000), Grams(500)])
        #expect(scales.map(\.minimumLoad) == [Grams(200_000), Grams(10_000)])
        #expect(scales.map(\.accuracyClass) == ["III", "IIII"])
        #expect(scales.map { $0.verifiedUntil?.iso } == ["2028-12-31", nil])
        #expect(scales.map(\.fractions) == [Self.ids("schutt"), nil])
        #expect(try !SmallFile.rich.tariff().allowsManualWeights)
        #expect(try SmallFile().tariff().allowsManualWeights)
        #expect(try SmallFile.rich.with("handeingabe: erlaubt").tariff().allowsManualWeights)
        #expect(try !SmallFile().with("handeingabe: nicht erlaubt").tariff().allowsManualWeights)
    }

    @Test func `a position has all its conditions`() throws {
        var file = SmallFile.rich
        file.more += """

              - nr: 2
                fundstelle: § 2
                wortlaut: Laub am Samstag ist frei.
                abfallarten: laub
                wer: privat
                herkunft: auswärtig
                zeitraum: [jedes Jahr 01.11. bis 31.03., ab 01.05.2025]
                wochentage: [Samstag bis Montag, Mittwoch]
                nur mit: [Sperrmüllkarte, nass]
                nicht mit: unbedeckt
                ausnahme von: 1
                verlangt: staubdicht verpackt
                preis: kostenlos
                hinweis: Bitte vorn anhalten.
                hinweis personal: Karte zeigen lassen.
                annahme: Der Mittwoch ist geraten.
            """

        let position = try #require(file.tariff().positions.last)

        #expect(position.wording == "Laub am Samstag ist frei.")
        #expect(position.condition.groups == [.household])
        #expect(position.condition.origins == [.nonResident])
        #expect(position.condition.windows.count == 2)
        #expect(position.condition.weekdays == [.saturday, .sunday, .monday, .wednesday])
        #expect(position.condition.with == Self.ids("sperrmuellkarte", "nass"))
        #expect(position.condition.without == Self.ids("unbedeckt"))
        #expect(position.exceptionTo == ["1"])
        #expect(position.requires == Self.ids("staubdicht"))
        #expect(position.note == "Bitte vorn anhalten.")
        #expect(position.staffNote == "Karte zeigen lassen.")
        #expect(position.assumption == "Der Mittwoch ist geraten.")
    }

    static let household = QuotaScope(period: .day, holder: .household)

    static let limits: [(String, Limit)] = [
        ("1 Stück", Limit(measure: .pieces, most: 1, unit: .piece, scope: .visit)),
        (
            "5 Stück je Tag und Haushalt",
            Limit(measure: .pieces, most: 5, unit: .piece, scope: household)
        ),
        (
            "1 Stück je Anlieferung",
            Limit(measure: .pieces, most: 1, unit: .piece, scope: .visit)
        ),
        (
            "3 Stück je Woche und Person",
            Limit(
                measure: .pieces, most: 3, unit: .piece,
                scope: QuotaScope(period: .weeks(1), holder: .person))
        ),
        (
            "3 Stück je 4 Wochen und Grundstück",
            Limit(
                measure: .pieces, most: 3, unit: .piece,
                scope: QuotaScope(period: .weeks(4), holder: .parcel))
        ),
        (
            "3 Stück je Halbjahr und Karte",
            Limit(
                measure: .pieces, most: 3, unit: .piece,
                scope: QuotaScope(period: .halfYear, holder: .card))
        ),
        (
            "2 Anlieferungen je Jahr und Haushalt",
            Limit(
                measure: .delivery, most: 2, unit: nil,
                scope: QuotaScope(period: .year, holder: .household))
        ),
    ]

    @Test(arguments: limits)
    func `a quantity says for how long and for whom`(_ text: String, _ limit: Limit) throws {
        let price = "preis: 4,00 € je Stück\nfreimenge: \(text)\nhöchstmenge: \(text)"

        let position = try SmallFile(price: price).position()

        #expect(position.freeQuantity == limit)
        #expect(position.limit == limit)
    }

    @Test func `containers are counted too`() throws {
        let price =
            "preis: 4,00 € je Sack\nfreigrenze: bis 1 Sack\n"
            + "freimenge: 2 Säcke je Tag und Haushalt"

        let position = try SmallFile(price: price).position()
        let free = try #require(position.freeQuantity)

        #expect(position.exemption?.limit.measure == free.measure)
        #expect(position.exemption?.includesThreshold == true)

        #expect(free.measure == .containers(try #require(ContainerID("sack"))))
        #expect(free.most == 2)
        #expect(free.scope == Self.household)
    }

    @Test(arguments: [
        ("höchstmenge: 1 m³", PricingMethod.free(.volume)),
        ("freimenge: 4 Stück je Tag und Haushalt", .free(.pieces)),
        ("freimenge: 1 m³\nhöchstmenge: 2 m³", .free(.volume)),
        ("höchstmenge: 1 Anlieferung je Jahr und Haushalt", .free(nil)),
        ("höchstmenge: 1 Anlieferung je Tag und Person\nfreimenge: 5 kg", .free(.weight)),
    ])
    func `what is free is free in the measure of its quantity`(
        _ keys: String, _ method: PricingMethod
    ) throws {
        #expect(try SmallFile(price: "preis: kostenlos\n\(keys)").position().method == method)
    }

    @Test func `a position has all its modifiers`() throws {
        var file = SmallFile.rich
        file.price = """
            preis: 100,00 € je t, anteilig
            freigrenze: unter 5 kg
            mindestens: 2,00 €
            höchstens: 80,00 €
            faktor: [2-fach bei unbedeckt, "1,5-fach"]
            nachlass: [10 % bei sperrmuellkarte und nass, "2,00 € bei staubdicht verpackt"]
            vorautorisierung: 50,00 €
            """

        let position = try file.position()

        #expect(
            position.exemption
                == Exemption(
                    limit: Limit(measure: .weight, most: 5_000, unit: .kilogram, scope: .visit),
                    includesThreshold: false))
        #expect(position.lineMinimum == Cents(200))
        #expect(position.lineMaximum == Cents(8_000))
        #expect(position.deposit == Cents(5_000))
        #expect(
            position.adjustments == [
                Adjustment(change: .factor(20_000), features: Self.ids("unbedeckt")),
                Adjustment(change: .factor(15_000), features: []),
                Adjustment(
                    change: .discountPercent(1_000), features: Self.ids("sperrmuellkarte", "nass")),
                Adjustment(change: .discount(Cents(200)), features: Self.ids("staubdicht")),
            ])
    }

    @Test func `legal form and tax may differ by group and day`() throws {
        var file = SmallFile()
        file.legalForm = """
            rechtsform:
              - {wer: privat, gilt: Gebühr}
              - {wer: gewerblich, ab: 01.01.2024, gilt: Gebühr}
              - {wer: gewerblich, ab: 01.01.2025, gilt: Entgelt}
            """
        file.vat = """
            umsatzsteuer:
              - {gilt: nicht steuerbar}
              - {wer: gewerblich, ab: 01.01.2025, gilt: 19 % enthalten}
            """

        let position = try file.position()

        let (before, after) = (
            try ValuePhrase.day("31.12.2024"), try ValuePhrase.day("01.01.2025")
        )
        #expect(position.legalForm.value(for: .household, on: after) == .fee)
        #expect(position.legalForm.value(for: .commercial, on: before) == .fee)
        #expect(position.legalForm.value(for: .commercial, on: after) == .charge)
        #expect(position.vat.value(for: .household, on: after) == .outsideScope)
        #expect(position.vat.value(for: .commercial, on: before) == .outsideScope)
        #expect(
            position.vat.value(for: .commercial, on: after)
                == .taxable(VATRate(basisPoints: 1_900)))
    }

    @Test func `a group that a position does not speak of needs no fact, the head fills gaps`()
        throws
    {
        var file = SmallFile()
        file.legalForm = "rechtsform: [{wer: gewerblich, gilt: Entgelt}]"
        file.rest = "abfallarten: schutt, wer: alle, rechtsform: Gebühr, preis: kostenlos"
        file.price = "rechtsform: [{wer: privat, gilt: Gebühr}]\npreis: kostenlos"

        let positions = try file.tariff().positions

        let day = try ValuePhrase.day("01.06.2024")
        #expect(positions[0].legalForm.value(for: .commercial, on: day) == .fee)
        #expect(positions[1].legalForm.value(for: .household, on: day) == .fee)
        #expect(positions[1].legalForm.value(for: .commercial, on: day) == .charge)
    }

    static let rules = """
        annahmeregeln:
          - {nr: A1, fundstelle: § 3, herkunft: auswärtig, grund: Nein., grund englisch: No.}
          - {nr: A2, fundstelle: § 4, abfallarten: laub, verlangt: nass, grund: Nass machen.}
          - {nr: A3, fundstelle: § 6, wer: privat, höchstmenge: 3 m³ je Woche und Person,
             grund: Zu viel.}
        einmal je anlieferung:
          - {name: Kleinmengen, fundstelle: § 7, positionen: [1, 9]}
        gemischte ladung: {fundstelle: § 10, regel: teuerste Abfallart}
        waagenausfall: {fundstelle: § 11, regel: geschätztes Volumen}
        zuschläge:
          - {name: Offen, englisch: open, fundstelle: § 12, nur mit: unbedeckt, faktor: 2-fach}
          - {name: Samstag, fundstelle: § 13, wochentage: Samstag, betrag: "4,00 €",
             rechtsform: Entgelt, umsatzsteuer: 19 % enthalten}
          - {name: Ferne, fundstelle: § 14, herkunft: auswärtig, positionen: 1, prozent: "12,5 %"}
        mindestbetrag: {betrag: "5,00 €", fundstelle: § 15}
        höchstbetrag: {betrag: "500,00 €", fundstelle: § 16}
        vorautorisierung: {betrag: "50,00 €", fundstelle: § 17, wer: gewerblich}
        """

    @Test func `the rules of the delivery are read`() throws {
        let rules = try SmallFile.rich.with(Self.rules).tariff().rules

        #expect(rules.acceptance.map(\.number) == ["A1", "A2", "A3"])
        #expect(rules.acceptance[0].condition.origins == [.nonResident])
        #expect(rules.acceptance[0].demand == .refused)
        #expect(rules.acceptance[0].fractions == nil)
        #expect(rules.acceptance[0].reason == Explanation(german: "Nein.", english: "No."))
        #expect(rules.acceptance[1].fractions == Self.ids("laub"))
        #expect(rules.acceptance[1].demand == .requires(Self.ids("nass")))
        #expect(
            rules.acceptance[2].demand
                == .atMost(
                    Limit(
                        measure: .volume, most: 3_000_000, unit: .cubicMetre,
                        scope: QuotaScope(period: .weeks(1), holder: .person))))
        #expect(
            rules.oncePerVisit
                == [OncePerVisit(name: "Kleinmengen", paragraph: "§ 7", positions: ["1", "9"])])
        #expect(rules.mixture == MixtureRule(paragraph: "§ 10"))
        #expect(rules.scaleFailure == ScaleFailureRule(paragraph: "§ 11"))
        #expect(
            rules.surcharges.map(\.charge)
                == [.factor(20_000), .amount(Cents(400)), .percent(1_250)])
        #expect(rules.surcharges.map(\.positions) == [nil, nil, ["1"]])
        #expect(rules.surcharges.map(\.englishName) == ["open", "Samstag", "Ferne"])
        #expect(rules.surcharges[1].condition.weekdays == [.saturday])
        #expect(rules.surcharges[1].legalForm.household.entries.map(\.value) == [.charge])
        #expect(rules.minimum?.amount == Cents(500))
        #expect(rules.minimum?.vat.household.entries.map(\.value) == [.outsideScope])
        #expect(rules.maximum == DeliveryMaximum(amount: Cents(50_000), paragraph: "§ 16"))
        #expect(rules.deposit?.amount == Cents(5_000))
        #expect(rules.deposit?.condition.groups == [.commercial])
    }

    @Test func `a file without rules has none`() throws {
        #expect(try SmallFile().tariff().rules == .none)
    }
}
