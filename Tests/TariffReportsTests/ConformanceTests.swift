import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

struct ConformanceTests {
    private func delivery(_ litres: Int64, household: String = "a") -> Delivery {
        Delivery(
            day: Made.day("2026-03-02"), group: .household, features: Made.ids(["offen"]),
            holders: [.household: Made.id(household)],
            items: [
                DeliveryItem(
                    fraction: Made.id("gruen"), amount: .volume(Millilitres(litres * 1000)),
                    source: .counted)
            ])
    }

    private func example(
        _ number: String, _ delivery: Delivery, after earlier: [Delivery] = [],
        _ expected: WorkedExample.Expectation, by person: String? = nil
    ) -> WorkedExample {
        WorkedExample(
            number: number, delivery: delivery, earlier: earlier, phrases: ["Grünabfall"],
            expected: expected, checkedBy: person, place: SourcePosition(line: 1, column: 1))
    }

    private var table: Conformance {
        let free = Made.limit(1, .cubicMetre, .day, .household)
        return Conformance(
            of: .made(
                [
                    .made(
                        "4.2", ["gruen"], .started(300, 100, .litre), .made([.household]),
                        modifiers: [.free(free)], wording: "Grünabfall je 100 l 3,00 Euro",
                        assumption: "Die Freimenge gilt je Tag."),
                    .made("4.3", ["gruen"], .refused, .made([.commercial]), exceptionTo: ["9"]),
                ], assumptions: ["Gerundet wird kaufmännisch."],
                examples: [
                    example("E1", delivery(1100), .total(Cents(300), lines: []), by: "M. Muster"),
                    example(
                        "E2", delivery(500), after: [delivery(900)],
                        .total(Cents(1200), lines: [])),
                    example("E3", delivery(500), .refused(.tooMuch)),
                    example("E4", delivery(500), .total(Cents(100), lines: [])),
                ]))
    }

    @Test func `each position stands beside the words of the statute`() {
        let row = table.positions[0]

        #expect(row.paragraph == "§ 5 Nr. 4.2" && row.number == "4.2")
        #expect(row.wording == "Grünabfall je 100 l 3,00 Euro")
        #expect(row.scope == "privat" && row.fractions == "Gruen")
        #expect(row.price.words.plain == "3,00 € je angefangene 100 l")
        #expect(row.details.map(\.phrase.plain) == ["Freimenge: 1 m³ je Tag und Haushalt"])
        #expect(row.assumption == "Die Freimenge gilt je Tag.")
        #expect(row.legalForm == "Gebühr" && row.vat == "nicht steuerbar")
        #expect(table.positions[1].details.map(\.phrase) == ["Ausnahme von: Nr. 9"])
    }

    @Test func `examples are run, earlier deliveries included`() {
        let rows = table.examples

        #expect(
            rows.map(\.expected.plain) == ["3,00 €", "12,00 €", "abgelehnt: zu viel", "1,00 €"])
        #expect(rows.map(\.found.plain) == ["3,00 €", "12,00 €", "0,00 €", "0,00 €"])
        #expect(table.failing.map(\.number) == ["E3", "E4"])
        #expect(rows[0].delivery == "privat, mit „unbedeckte Ladung“: Grünabfall")
        #expect(rows[0].checkedBy == "M. Muster")
    }

    @Test func `the text says which examples do not come out right`() {
        let text = table.text(width: 100).plain

        #expect(text.contains("§ 5 Nr. 4.2             „Grünabfall je 100 l 3,00 Euro“"))
        #expect(text.contains("- Gerundet wird kaufmännisch."))
        #expect(text.contains("2 von 4 Beispielen gehen nicht auf."))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `a rule that charges shows its legal form and its tax`() {
        let table = Conformance(
            of: .made(
                [.made("1", ["gruen"], .flat(Cents(100)))],
                rules: .made(form: .charge, vat: .standard, minimumForm: .charge)))

        let laws = table.rules.map { $0.law.map(\.words.plain) }
        #expect(
            laws == [
                [], ["Entgelt", "19 % Umsatzsteuer enthalten"], ["Entgelt", "nicht steuerbar"],
            ])
        #expect(table.text().plain.contains("Entgelt, 19 % Umsatzsteuer enthalten\n"))
        #expect(table.html.contains("<li>Entgelt, nicht steuerbar</li>"))
        let rules = table.json["rules"]?.array
        #expect(rules?.first?["law"] == nil)
        #expect(rules?.last?["law"]?.array?.first?["words"]?.string == "Entgelt")
    }

    @Test func `the page is well formed and has room to sign`() {
        let html = table.html

        #expect(Page.isBalanced(html))
        #expect(html.contains("geprüft, Unterschrift") && html.contains("M. Muster"))
        #expect(html.contains("class=\"wrong\""))
    }

    @Test func `the data carry every row`() {
        let json = table.json

        #expect(json["failing"]?.integer == 2)
        #expect(json["positions"]?.array?.count == 2)
        #expect(json["examples"]?.array?[1]["earlier"]?.integer == 1)
        #expect(json["examples"]?.array?[0]["passes"]?.bool == true)
    }
}
