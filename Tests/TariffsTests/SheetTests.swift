import Testing
import Units

@testable import Tariffs

/// The worked examples of the published sheets, with totals worked out by hand beside the files.
struct SheetTests {
    @Test(arguments: TariffFiles.names)
    func `a tariff file of the repository loads, and all its examples come out right`(
        _ name: String
    ) throws {
        let tariff = try TariffFiles.tariff(name)

        #expect(tariff.check() == [])
        #expect(tariff.reference.id == name)
        #expect(!tariff.assumptions.isEmpty)
        #expect(!tariff.heading.note.isEmpty)
    }

    struct Case: CustomTestStringConvertible {
        let number: String
        let sheet: String
        let day: String
        let phrase: String
        let cents: Int64
        var testDescription: String { number }

        init(_ number: String, _ sheet: String, _ day: String, _ phrase: String, _ cents: Int64) {
            self.number = number
            self.sheet = sheet
            self.day = day
            self.phrase = phrase
            self.cents = cents
        }
    }

    static let cases = [
        Case("E01", "haltern-2017", "16.10.2023", "privat: 3 m³ laub", 0),
        Case("E02", "haltern-2017", "16.12.2023", "privat: 1 m³ grünabfall", 0),
        Case("E03", "haltern-2017", "08.11.2017", "privat: 300 l laub-in-gefaessen", 150),
        Case("E04", "haltern-2017", "08.11.2017", "privat: 2 m³ laub", 1000),
        Case("E05", "haltern-2017", "01.06.2022", "privat: 3 Stadtsack restabfall", 1500),
        Case("E06", "haltern-2017", "13.01.2024", "privat: 1 Stück weihnachtsbaum", 0),
        Case("E15", "wadersloh-2022", "04.01.2022", "privat: 500 l bauschutt", 2200),
        Case("E16", "wadersloh-2022", "04.01.2022", "privat: 501 l bauschutt", 4400),
        Case(
            "E17", "wadersloh-2022", "04.01.2022",
            "privat: 700 l grünabfall; 300 l bauschutt; 2 Stück reifen-mit-felge", 5800),
        Case("E21", "remscheid-2020", "01.06.2021", "privat: pkw-kofferraum: haushaltsabfall", 600),
        Case(
            "E22", "remscheid-2020", "01.06.2021",
            "privat: Kombi, Rücksitz umgeklappt: haushaltsabfall; 3 Eimer 20 l bauschutt; "
                + "4 Stück pkw-reifen-ohne-felge", 3420),
        Case(
            "E23", "remscheid-2020", "01.06.2021",
            "privat: Anhänger bis 750 kg, zu 50 % beladen: haushaltsabfall", 1500),
        Case(
            "E24", "remscheid-2020", "01.06.2021",
            "privat: Anhänger bis 750 kg, zu 51 % beladen: haushaltsabfall", 3000),
        Case("E25", "remscheid-2020", "01.06.2021", "gewerblich: 0,84 t haushaltsabfall", 14280),
        Case(
            "E26", "remscheid-2020", "01.06.2021",
            "privat: 0,36 t asbestzement mit staubdicht-verpackt; 2 Stück big-bag",
            8400),
        Case("E27", "goettingen-2024", "05.01.2024", "privat: 1,6 m³ baustellenabfall", 8575),
        Case("E28", "goettingen-2024", "05.01.2024", "privat: 2,0 m³ sperrmüll", 0),
        Case("E29", "goettingen-2024", "05.01.2024", "gewerblich: 1,1 m³ sperrmüll", 6125),
        Case(
            "E30", "goettingen-2024", "05.01.2024",
            "privat: 1 Sack restabfall; 1 Sack restabfall, halb voll", 810),
        Case("E31", "goettingen-2024", "05.01.2024", "gewerblich: 6 Stück fahrradreifen", 300),
    ]

    @Test(arguments: cases)
    func `a published worked example costs what the sheet says`(_ example: Case) throws {
        let tariff = try TariffFiles.tariff(example.sheet)

        let quote = try tariff.quote(example.phrase, on: example.day)

        #expect(quote.total == Cents(example.cents))
        #expect(tariff.examples.contains { $0.number == example.number })
    }

    @Test func `the Göttingen sheet mixes fee and charge on one receipt`() throws {
        let tariff = try TariffFiles.tariff("goettingen-2024")

        let lines = try tariff.quote(
            "gewerblich: 1 m³ sperrmüll; 1 Sack restabfall; 1 Anlieferung papier"
        ).lines

        #expect(lines.map(\.legalForm) == [.charge, .fee, .fee])
        #expect(
            lines.map(\.vat)
                == [.taxable(VATRate(basisPoints: 1900)), .outsideScope, .outsideScope])
        #expect(lines.map(\.gross) == [Cents(4900), Cents(540), .zero])
    }

    @Test func `a fraction without published price is refused by its name`() throws {
        let tariff = try TariffFiles.tariff("haltern-2017")

        let refusals = try tariff.refusals("privat: 1 m³ bauschutt; 2 m³ holz", on: "01.06.2022")

        #expect(refusals.map(\.code) == ["no-price-published", "no-price-published"])
        #expect(refusals.map(\.item) == [0, 1])
        #expect(refusals[1].reason.german.hasPrefix("Holz: Ein Preis ist nicht veröffentlicht"))
        #expect(refusals[1].reason.english.hasPrefix("wood: No price is published"))
    }

    @Test func `tiles can be made from the measures of each fraction`() throws {
        let tariff = try TariffFiles.tariff("remscheid-2020")
        let measures = tariff.fractions.first { $0.id.text == "haushaltsabfall" }?.measures ?? []

        #expect(measures.first?.name == "Müllbeutel")
        #expect(measures.last?.measure == .weight)
        #expect(measures.last?.unit == .tonne)
        #expect(measures.count == 9)
        #expect(measures.contains { $0.name == "Anhänger bis 750 kg" })
    }
}
