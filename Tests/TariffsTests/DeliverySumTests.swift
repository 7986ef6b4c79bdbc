import Testing
import Units

@testable import Tariffs

/// What the parts of one delivery do to each other.
struct DeliverySumTests {
    private func plain(_ sentence: String) -> String { sentence.replacing("\u{A0}", with: " ") }

    @Test(arguments: ["kaufmännisch je Zeile", "kaufmännisch nur die Summe"])
    func `a lower price of the whole amount is taken off the lines before`(
        _ rounding: String
    ) throws {
        var file = SmallFile(price: PropertyTests.falling)
        file.rounding = rounding
        let tariff = try file.tariff()

        let lines = try tariff.quote("1 m³ laub; 10 l laub").lines

        #expect(lines.map(\.gross) == [Cents(3_737), .zero])
        #expect(try tariff.cents("1,01 m³ laub") == 3_737)
        #expect(
            plain(lines[0].explanation.german).contains(
                "; mit der Menge weiter unten gilt ein niedrigerer Preis, hier zählen noch 37,37 €")
        )
        #expect(
            plain(lines[1].explanation.german).contains(
                "; das sind 7,63 € weniger als für die Menge weiter oben allein und dort "
                    + "abgezogen, es bleiben 0,00 €"))
        #expect(
            lines[0].explanation.english.contains("a lower price applies, €37.37 counts here"))
        #expect(
            lines[1].explanation.english.contains(
                "; that is €7.63 less than for the amount above alone and taken off there, "
                    + "€0.00 remains"))
    }

    @Test func `the last line before gives back first`() throws {
        let tariff = try SmallFile(price: PropertyTests.falling).tariff()

        let lines = try tariff.quote("0,5 m³ laub; 0,5 m³ laub; 10 l laub; 1 m³ laub").lines

        #expect(lines.map(\.gross) == [Cents(2_250), Cents(1_487), .zero, Cents(3_700)])
        #expect(try tariff.cents("2,01 m³ laub") == 7_437)
    }

    private static func group(_ price: String, _ other: String) -> SmallFile {
        var file = SmallFile(price: "preis: \(price)")
        file.rest = "abfallarten: schutt, wer: alle, preis: \"\(other)\""
        file.extra = "einmal je anlieferung: {name: x, fundstelle: § 7, positionen: [1, 9]}"
        return file
    }

    @Test(
        arguments: [
            ("200 l laub", [400]),
            ("100 l laub; 100 l laub", [200, 200]),
            ("200 l laub; 100 l schutt", [400, 0]),
            ("100 l laub; 100 l laub; 100 l schutt", [200, 200, 0]),
            ("100 l laub; 100 l schutt; 100 l laub", [200, 0, 200]),
            ("100 l laub; 200 l schutt", [0, 600]),
            ("150 l laub; 100 l schutt", [400, 0]),
        ] as [(String, [Int64])])
    func `of a group the dearest fraction is charged with all its lines`(
        _ phrase: String, _ cents: [Int64]
    ) throws {
        let tariff = try Self.group("2,00 € je angefangene 100 l", "3,00 € je angefangene 100 l")
            .tariff()

        #expect(try tariff.quote(phrase).lines.map(\.gross) == cents.map { Cents($0) })
    }

    @Test func `a line that is not charged names the position that is`() throws {
        let tariff = try Self.group("2,00 € je angefangene 100 l", "3,00 € je angefangene 100 l")
            .tariff()

        let lines = try tariff.quote("100 l laub; 100 l laub; 100 l schutt").lines

        #expect(plain(lines[2].explanation.german).contains("der steht bei Nr. 1"))
    }

    @Test func `what is not charged is not rounded with the total either`() throws {
        var file = Self.group("0,004 € je l, anteilig", "0,003 € je l, anteilig")
        file.rounding = "kaufmännisch nur die Summe"

        let quote = try file.tariff().quote("1 l laub; 1 l schutt")

        #expect(quote.lines.map(\.gross) == [.zero, .zero])
    }

    @Test func `a surcharge on a total that is rounded once is reckoned on exact prices`() throws {
        var file = SmallFile(price: "preis: 10,0050 € je Stück")
        file.rest = "abfallarten: schutt, wer: alle, preis: \"10,0050 € je Stück\""
        file.extra = "zuschläge: {name: Offen, fundstelle: § 12, prozent: 100 %}"
        file.rounding = "kaufmännisch nur die Summe"

        let lines = try file.tariff().quote("1 Stück laub; 1 Stück schutt").lines

        #expect(lines.map(\.gross) == [Cents(1_001), Cents(1_000), Cents(2_001)])
        #expect(
            plain(lines[2].explanation.german)
                == "Offen: Dafür kommen 100 % von 20,01 € dazu, das sind 20,01 € (§ 12).")
    }

    @Test func `a surcharge on rounded lines is reckoned on what they show`() throws {
        var file = SmallFile(price: "preis: 10,0050 € je Stück")
        file.rest = "abfallarten: schutt, wer: alle, preis: \"10,0050 € je Stück\""
        file.extra = "zuschläge: {name: Offen, fundstelle: § 12, prozent: 100 %}"

        let lines = try file.tariff().quote("1 Stück laub; 1 Stück schutt").lines

        #expect(lines.map(\.gross) == [Cents(1_001), Cents(1_001), Cents(2_002)])
    }

    private static var weighed: SmallFile {
        var file = SmallFile(price: "preis: 94,00 € je t, anteilig\nfreigrenze: bis 5 kg")
        file.rest = "abfallarten: schutt, wer: alle, preis: \"45,00 € je t, anteilig\""
        file.fractions = file.fractions
            .replacing("name: Laub", with: "name: Laub\n    kg je m³: 300")
            .replacing("name: Schutt", with: "name: Schutt\n    kg je m³: 1.600")
        file.extra = """
            gemischte ladung: {fundstelle: § 10, regel: teuerste Abfallart}
            waagenausfall: {fundstelle: § 11, regel: geschätztes Volumen}
            """
        return file
    }

    @Test(
        arguments: [
            ("5 kg laub", 0), ("3 kg laub; 3 kg laub", 56),
            ("1,24 t laub gemischt mit schutt", 11_656),
            ("1,24 t schutt gemischt mit laub", 11_656),
            ("4 kg laub; 1,24 t schutt gemischt mit laub", 38 + 11_656),
            ("privat, Waage ausgefallen: 10 l laub", 0),
            ("privat, Waage ausgefallen: 4 m³ laub", 11_280),
            ("privat, Waage ausgefallen: 10 l laub; 10 l laub", 56),
        ] as [(String, Int64)])
    func `an exemption looks at all that is brought of a fraction`(
        _ phrase: String, _ cents: Int64
    ) throws {
        #expect(try Self.weighed.tariff().cents(phrase) == cents)
    }

    @Test(
        arguments: [
            ("3 m³ laub", nil), ("4 m³ laub", "too-much"), ("3 m³ laub; 1 m³ laub", "too-much"),
            ("1 m³ schutt", nil), ("1 m³ schutt gemischt mit laub", nil),
            ("4 m³ schutt gemischt mit laub", "too-much"),
        ] as [(String, String?)])
    func `while the scale is broken a limit by weight counts volumes as weight`(
        _ load: String, _ code: String?
    ) throws {
        let tariff = try Self.weighed.with(
            "annahmeregeln: {nr: A, fundstelle: § 3, abfallarten: laub, höchstmenge: 1 t, "
                + "grund: Zu viel.}"
        ).tariff()

        let refusals = try tariff.refusals("privat, Waage ausgefallen: \(load)")

        #expect(refusals.map(\.code) == (code.map { [$0] } ?? []))
    }
}
