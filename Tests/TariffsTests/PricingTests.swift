import Testing
import Text
import Units

@testable import Tariffs

/// Each pricing method at its edges.
struct PricingTests {
    struct Case: CustomTestStringConvertible {
        let price: String
        let phrase: String
        let cents: Int64
        let billed: Int64
        var testDescription: String { "\(price) \(phrase)" }

        init(_ price: String, _ phrase: String, _ cents: Int64, _ billed: Int64) {
            self.price = price
            self.phrase = phrase
            self.cents = cents
            self.billed = billed
        }
    }

    static let staircase =
        "preis:\n  bis 1 m³: 8,00 €\n  darüber: 8,00 € je weitere angefangene 1 m³"
    static let uneven = "preis:\n  bis 100 l: kostenlos\n  bis 0,5 m³: 5,00 €\n  darüber: abgelehnt"
    static let table = "preis:\n  Kombi:\n    bis 50 %: 15,00 €\n    bis 100 %: 30,00 €"
    static let started = "preis: 11,00 € je angefangene 500 l"
    static let quarters = "preis: 49,00 € je m³, in angefangenen Schritten von 0,25 m³"

    @Test(arguments: [
        Case("preis: kostenlos", "7 kg laub", 0, 7000),
        Case("preis: kostenlos", "1 Anlieferung laub", 0, 1),
        Case("preis: 6,00 € pauschal", "7 kg laub", 600, 7000),
        Case("preis: 6,00 € pauschal", "1 Anlieferung laub", 600, 1),
        Case("preis: 4,00 € je Stück", "1 Stück laub", 400, 1),
        Case("preis: 4,00 € je Stück", "250 Stück laub", 100_000, 250),
        Case("preis: 5,00 € je angefangene 3 Stück", "4 Stück laub", 1000, 6),
        Case(started, "1 l laub", 1100, 500_000),
        Case(started, "499,999 l laub", 1100, 500_000),
        Case(started, "500 l laub", 1100, 500_000),
        Case(started, "500,001 l laub", 2200, 1_000_000),
        Case(quarters, "0,25 m³ laub", 1225, 250_000),
        Case(quarters, "0,251 m³ laub", 2450, 500_000),
        Case(quarters, "1 m³ laub", 4900, 1_000_000),
        Case("preis: 170,00 € je t, anteilig", "1 kg laub", 17, 1000),
        Case("preis: 170,00 € je t, anteilig", "840 kg laub", 14280, 840_000),
        Case("preis: 49,69 € je m³, anteilig", "0,5 m³ laub", 2485, 500_000),
        Case("preis: 0,0130 € je kg, anteilig", "100 kg laub", 130, 100_000),
        Case("preis: 6,80 € je m², anteilig", "3 m² laub", 2040, 30_000),
        Case("preis: 5,40 € je Sack", "1 Sack laub, zu 1 % voll", 540, 100),
        Case("preis: 5,40 € je Sack", "3 Säcke laub", 1620, 300),
        Case("preis: 5,40 € je Sack, halb volle zur Hälfte", "1 Sack laub, halb voll", 270, 50),
        Case("preis: 5,40 € je Sack, halb volle zur Hälfte", "1 Sack laub, zu 51 % voll", 540, 100),
        Case("preis: 5,40 € je Sack, anteilig nach Füllung", "2 Säcke laub, zu 37 % voll", 400, 74),
        Case(table, "Kombi, zu 50 % beladen: laub", 1500, 1),
        Case(table, "Kombi, zu 51 % beladen: laub", 3000, 1),
        Case(table, "Kombi: laub", 3000, 1),
        Case(staircase, "1 m³ laub", 800, 1_000_000),
        Case(staircase, "1,001 m³ laub", 1600, 2_000_000),
        Case(staircase, "3.000 l laub", 2400, 3_000_000),
        Case(uneven, "100 l laub", 0, 100_000),
        Case(uneven, "101 l laub", 500, 101_000),
        Case(uneven, "500 l laub", 500, 500_000),
    ])
    func `a method prices an amount`(_ example: Case) throws {
        let tariff = try SmallFile(price: example.price).tariff()

        let quote = try tariff.quote(example.phrase)

        #expect(quote.total == Cents(example.cents))
        #expect(quote.lines.map(\.billed) == [example.billed])
        #expect(tariff.amounts(of: quote.delivery) == quote.lines.map(\.gross))
    }

    @Test(arguments: [
        ("kaufmännisch je Zeile", 2485), ("abgerundet je Zeile", 2484),
        ("aufgerundet je Zeile", 2485),
    ])
    func `the tariff names the rounding of a line`(_ rule: String, _ cents: Int64) throws {
        var file = SmallFile(price: "preis: 49,69 € je m³, anteilig")
        file.rounding = rule

        #expect(try file.tariff().cents("0,5 m³ laub") == cents)
    }

    @Test func `each line is rounded on its own`() throws {
        let tariff = try SmallFile(price: "preis: 0,05 € je kg, anteilig").tariff()

        #expect(try tariff.cents("0,1 kg laub") == 1)
        #expect(try tariff.cents("0,1 kg laub; 0,1 kg laub") == 2)
        #expect(try tariff.cents("0,2 kg laub") == 1)
    }

    @Test func `what a delivery brings of one fraction is stepped together`() throws {
        let tariff = try SmallFile(price: Self.started).tariff()

        let quote = try tariff.quote("300 l laub; 200 l laub; 1 l laub")

        #expect(quote.lines.map(\.gross) == [Cents(1100), .zero, Cents(1100)])
    }

    @Test func `a fixed price is due once per delivery and fraction`() throws {
        let tariff = try SmallFile(price: "preis: 6,00 € pauschal").tariff()

        #expect(try tariff.quote("1 m³ laub; 3 kg laub").lines.map(\.gross) == [Cents(600), .zero])
    }

    @Test func `a line minimum holds for what costs something`() throws {
        let price = "preis: 126,00 € je t, anteilig\nmindestens: 26,00 €"
        let tariff = try SmallFile(price: price).tariff()

        #expect(try tariff.cents("150 kg laub") == 2600)
        #expect(try tariff.cents("300 kg laub") == 3780)
    }

    @Test func `a free tier stays free under a line minimum`() throws {
        let tariff = try SmallFile(price: Self.uneven + "\nmindestens: 6,00 €").tariff()

        #expect(try tariff.cents("100 l laub") == 0)
        #expect(try tariff.cents("101 l laub") == 600)
        #expect(try tariff.quote("101 l laub; 1 l laub").lines.map(\.gross) == [Cents(600), .zero])
    }

    @Test func `the delivery minimum is a line of its own and spares free deliveries`() throws {
        var file = SmallFile(price: "preis: 4,00 € je Stück")
        file.extra = "mindestbetrag: {betrag: \"10,00 €\", fundstelle: § 3}"
        let tariff = try file.tariff()

        let quote = try tariff.quote("2 Stück laub; 1 Anlieferung schutt")

        #expect(quote.lines.map(\.gross) == [Cents(800), .zero, Cents(200)])
        #expect(quote.lines[2].item.amount == .delivery)
        #expect(quote.lines[2].paragraph == "§ 3")
        #expect(tariff.amounts(of: quote.delivery) == quote.lines.map(\.gross))
        #expect(try tariff.cents("3 Stück laub") == 1200)
        #expect(try tariff.cents("1 Anlieferung schutt") == 0)
    }

    @Test(arguments: [
        ("50 l laub", [0, 200]), ("100 l laub", [100, 100]), ("200 l laub", [200]),
        ("300 l laub", [300]), ("1 l schutt", [0]),
    ])
    func `the delivery minimum is due where the rounded total loses what something costs`(
        _ phrase: String, _ cents: [Int64]
    ) throws {
        var file = SmallFile(price: "preis: 10,45 € je m³, anteilig")
        file.rounding = "abgerundet nur die Summe auf 1,00 €"
        file.extra = "mindestbetrag: {betrag: \"2,00 €\", fundstelle: § 3}"

        #expect(try file.tariff().quote(phrase).lines.map(\.gross) == cents.map { Cents($0) })
    }

    @Test func `the delivery minimum of net prices is rounded with its tax`() throws {
        var file = SmallFile(price: "preis: 0,10 € je Stück")
        file.basis = "netto"
        file.vat = "umsatzsteuer: 19 % zuzüglich"
        file.rounding = "abgerundet nur die Summe auf 0,05 €"
        file.extra = "mindestbetrag: {betrag: \"2,51 €\", fundstelle: § 3}"

        let quote = try file.tariff().quote("1 Stück laub")

        // 11.9 cents become 10, 298.69 become 295.
        #expect(quote.lines.map(\.gross) == [Cents(10), Cents(285)])
    }

    @Test(arguments: [
        ("mindestbetrag", "2,50 €", "1,00 €", true), ("mindestbetrag", "2,00 €", "1,00 €", false),
        ("höchstbetrag", "9,99 €", "0,05 €", true), ("höchstbetrag", "9,95 €", "0,05 €", false),
        ("höchstbetrag", "9,99 €", "0,01 €", false),
    ])
    func `a bound of the delivery is a multiple of what the total is rounded to`(
        _ key: String, _ amount: String, _ step: String, _ isRefused: Bool
    ) throws {
        var file = SmallFile(price: "preis: 4,00 € je Stück")
        file.rounding = "kaufmännisch nur die Summe auf \(step)"
        file.extra = "\(key): {betrag: \"\(amount)\", fundstelle: § 3}"

        let problems = try file.problems()

        #expect(problems.map(\.code) == (isRefused ? ["T-E24"] : []))
        #expect(problems.allSatisfy { $0.position == file.place(of: "{betrag") })
    }

    @Test func `tax is added to net prices before the one rounding`() throws {
        var file = SmallFile(price: "preis: 20,00 € je t, anteilig")
        file.basis = "netto"
        file.vat = "umsatzsteuer: 19 % zuzüglich"

        let line = try file.tariff().quote("2,35 t laub").lines[0]

        #expect(line.gross == Cents(5593))
        #expect(line.vat.rate.taxContained(in: line.gross) == Cents(893))
    }

    @Test func `legal form and tax change on their day`() throws {
        var file = SmallFile()
        file.legalForm =
            "rechtsform: [{ab: 01.01.2024, gilt: Gebühr}, {ab: 01.01.2025, gilt: Entgelt}]"
        file.vat = """
            umsatzsteuer:
              - {ab: 01.01.2024, gilt: nicht steuerbar}
              - {ab: 01.01.2025, gilt: 19 % enthalten}
            """
        let tariff = try file.tariff()

        let before = try tariff.quote("1 Stück laub", on: "31.12.2024").lines[0]
        let after = try tariff.quote("1 Stück laub", on: "01.01.2025").lines[0]

        #expect(before.legalForm == .fee)
        #expect(before.vat == .outsideScope)
        #expect(after.legalForm == .charge)
        #expect(after.vat == .taxable(VATRate(basisPoints: 1900)))
    }

    @Test func `an exception displaces the rule that it names, in its window only`() throws {
        var file = SmallFile(price: "preis: 4,00 € je Stück")
        file.more = """
              - nr: 2
                fundstelle: § 2
                ausnahme von: 1
                abfallarten: laub
                wer: privat
                zeitraum: jedes Jahr 15.12. bis 10.01.
                preis: kostenlos
            """
        let tariff = try file.tariff()

        #expect(try tariff.cents("1 Stück laub", on: "14.12.2024") == 400)
        #expect(try tariff.cents("1 Stück laub", on: "15.12.2024") == 0)
        #expect(try tariff.cents("1 Stück laub", on: "10.01.2025") == 0)
        #expect(try tariff.cents("1 Stück laub", on: "11.01.2025") == 400)
        #expect(try tariff.cents("gewerblich: 1 Stück laub", on: "15.12.2024") == 400)
    }
}
