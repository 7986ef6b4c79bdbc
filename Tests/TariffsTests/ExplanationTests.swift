import Testing
import Units

@testable import Tariffs

/// The sentences that citizens read. No-break spaces are written as plain ones here.
struct ExplanationTests {
    static let table = "preis:\n  Kombi:\n    bis 50 %: 15,00 €\n    bis 100 %: 30,00 €"

    @Test(arguments: [
        ("preis: kostenlos", "700 l laub", "700 l Laub sind kostenlos (Nr. 1)."),
        ("preis: kostenlos", "1 Stück laub", "1 Stück Laub ist kostenlos (Nr. 1)."),
        ("preis: kostenlos", "1 Anlieferung laub", "Laub: Die Annahme ist kostenlos (Nr. 1)."),
        ("preis: kostenlos", "2 Säcke laub", "Laub: 2 Säcke sind kostenlos (Nr. 1)."),
        (
            "preis: kostenlos", "1 Sack laub, halb voll",
            "Laub: 1 Sack, halb voll, ist kostenlos (Nr. 1)."
        ),
        ("preis: kostenlos", "Kombi: laub", "Laub: Eine Ladung (Kombi) ist kostenlos (Nr. 1)."),
        (
            "preis: 6,00 € pauschal", "3 kg laub",
            "Laub: Es gilt ein fester Preis von 6,00 € je Anlieferung (Nr. 1)."
        ),
        ("preis: 4,00 € je Stück", "1 Stück laub", "1 Stück Laub kostet 4,00 € (Nr. 1)."),
        (
            "preis: 4,00 € je Stück", "1.000 Stück laub",
            "1.000 Stück Laub kosten je 4,00 €, zusammen 4.000,00 € (Nr. 1)."
        ),
        (
            "preis: 11,00 € je angefangene 500 l", "700 l laub",
            "700 l Laub sind 2 angefangene 500 l zu je 11,00 €, zusammen 22,00 € (Nr. 1)."
        ),
        (
            "preis: 11,00 € je angefangene 500 l", "300 l laub",
            "300 l Laub zählen als angefangene 500 l und kosten 11,00 € (Nr. 1)."
        ),
        (
            "preis: 11,00 € je angefangene 500 l", "1 l laub",
            "1 l Laub zählt als angefangene 500 l und kostet 11,00 € (Nr. 1)."
        ),
        (
            "preis: 11,00 € je angefangene 500 l", "500 l laub",
            "500 l Laub kosten 11,00 € (Nr. 1)."
        ),
        (
            "preis: 11,00 € je angefangene 500 l", "1.000 l laub",
            "1.000 l Laub sind 2 mal 500 l zu je 11,00 €, zusammen 22,00 € (Nr. 1)."
        ),
        (
            "preis: 5,00 € je angefangenen m³", "0,3 m³ laub",
            "0,3 m³ Laub zählen als angefangener m³ und kosten 5,00 € (Nr. 1)."
        ),
        (
            "preis: 5,00 € je angefangenen m³", "2,3 m³ laub",
            "2,3 m³ Laub sind 3 angefangene m³ zu je 5,00 €, zusammen 15,00 € (Nr. 1)."
        ),
        (
            "preis: 49,00 € je m³, in angefangenen Schritten von 0,25 m³", "1,6 m³ laub",
            "1,6 m³ Laub werden in Schritten von 0,25 m³ auf 1,75 m³ aufgerundet; "
                + "zu 49,00 € je m³ sind das 85,75 € (Nr. 1)."
        ),
        (
            "preis: 170,00 € je t, anteilig", "840 kg laub",
            "840 kg Laub zu 170,00 € je t kosten 142,80 € (Nr. 1)."
        ),
        (
            "preis: 49,69 € je m³, anteilig", "0,5 m³ laub",
            "0,5 m³ Laub zu 49,69 € je m³ kosten 24,845 €, gerundet 24,85 € (Nr. 1)."
        ),
        (
            "preis: 126,00 € je t, anteilig\nmindestens: 26,00 €", "150 kg laub",
            "150 kg Laub zu 126,00 € je t kosten 18,90 €; "
                + "berechnet wird der Mindestpreis von 26,00 € (Nr. 1)."
        ),
        ("preis: 5,40 € je Sack", "1 Sack laub", "Laub: 1 Sack kostet 5,40 € (Nr. 1)."),
        (
            "preis: 5,40 € je Sack", "2 Säcke laub",
            "Laub: 2 Säcke kosten je 5,40 €, zusammen 10,80 € (Nr. 1)."
        ),
        (
            "preis: 5,40 € je Sack", "1 Sack laub, halb voll",
            "Laub: 1 Sack, halb voll, kostet so viel wie voll: 5,40 € (Nr. 1)."
        ),
        (
            "preis: 5,40 € je Sack, halb volle zur Hälfte", "1 Sack laub, halb voll",
            "Laub: 1 Sack, halb voll, kostet die Hälfte von 5,40 €, also 2,70 € (Nr. 1)."
        ),
        (
            "preis: 5,40 € je Sack, halb volle zur Hälfte", "3 Säcke laub, halb voll",
            "Laub: 3 Säcke, je halb voll, kosten je die Hälfte von 5,40 €, "
                + "zusammen 8,10 € (Nr. 1)."
        ),
        (
            "preis: 5,40 € je Sack, anteilig nach Füllung", "1 Sack laub, zu 37 % voll",
            "Laub: 1 Sack, zu 37 % voll, kostet 37 % von 5,40 €, "
                + "also 1,998 €, gerundet 2,00 € (Nr. 1)."
        ),
        (
            "preis:\n  Kombi: 8,50 €", "Kombi: laub",
            "Laub: Eine Ladung (Kombi) kostet 8,50 € (Nr. 1)."
        ),
        (
            table, "Kombi, zu 51 % beladen: laub",
            "Laub: Eine Ladung (Kombi, zu 51 % beladen) kostet 30,00 €, "
                + "den Preis für bis zu 100 % (Nr. 1)."
        ),
        (
            PricingTests.staircase, "0,5 m³ laub",
            "0,5 m³ Laub kosten 8,00 €, den Preis für bis zu 1 m³ (Nr. 1)."
        ),
        (
            PricingTests.staircase, "2,5 m³ laub",
            "2,5 m³ Laub kosten 8,00 € bis 1 m³ und 2 mal 8,00 € für je weitere angefangene "
                + "1 m³, zusammen 24,00 € (Nr. 1)."
        ),
        (
            PricingTests.uneven, "100 l laub",
            "100 l Laub sind kostenlos, wie alles bis zu 100 l (Nr. 1)."
        ),
    ])
    func `a line says in German why it costs what it costs`(
        _ price: String, _ phrase: String, _ sentence: String
    ) throws {
        let line = try SmallFile(price: price).tariff().quote(phrase).lines[0]

        #expect(plain(line.explanation.german) == sentence)
    }

    @Test(arguments: [
        (
            "preis: kostenlos", "1.500 l schutt",
            "There is nothing to pay for 1.5 m³ of rubble (no. 9)."
        ),
        ("preis: kostenlos", "1 Stück schutt", "There is nothing to pay for 1 × rubble (no. 9)."),
    ])
    func `a line says in English why it costs nothing`(
        _ price: String, _ phrase: String, _ sentence: String
    ) throws {
        let line = try SmallFile(price: price).tariff().quote(phrase).lines[0]

        #expect(plain(line.explanation.english) == sentence)
    }

    @Test(arguments: [
        (
            "11,00 € je angefangene 500 l", "700 l schutt",
            "700 l of rubble counts as 2 started portions of 500 l at €11.00 each, "
                + "together €22.00 (no. 9)."
        ),
        (
            "5,00 € je angefangenen m³", "0,3 m³ schutt",
            "0.3 m³ of rubble counts as one started portion of 1 m³ and costs €5.00 (no. 9)."
        ),
        ("4,00 € je Stück", "1 Stück schutt", "1 × rubble costs €4.00 (no. 9)."),
        (
            "4,00 € je Stück", "2 Stück schutt",
            "2 × rubble cost €4.00 each, together €8.00 (no. 9)."
        ),
        (
            "1.234,50 € je t, anteilig", "2 t schutt",
            "2 t of rubble at €1,234.50 per t costs €2,469.00 (no. 9)."
        ),
        (
            "5,40 € je Sack, halb volle zur Hälfte", "1 Sack schutt, halb voll",
            "1 sack of rubble, half full, costs half of €5.40, that is €2.70 (no. 9)."
        ),
        (
            "5,40 € je Sack", "2 Säcke schutt",
            "2 sacks of rubble cost €5.40 each, together €10.80 (no. 9)."
        ),
        (
            "6,00 € pauschal", "1 kg schutt",
            "There is a fixed price of €6.00 per delivery for rubble (no. 9)."
        ),
    ])
    func `a line says in English why it costs what it costs`(
        _ price: String, _ phrase: String, _ sentence: String
    ) throws {
        var file = SmallFile()
        file.rest = "abfallarten: schutt, wer: alle, preis: \"\(price)\""

        let line = try file.tariff().quote(phrase).lines[0]

        #expect(plain(line.explanation.english) == sentence)
    }

    @Test func `a second item says what stands above already`() throws {
        let lines = try SmallFile(price: PricingTests.started).tariff()
            .quote("300 l laub; 400 l laub").lines

        #expect(
            plain(lines[1].explanation.german)
                == "Zusammen mit der Menge weiter oben: 700 l Laub sind 2 angefangene 500 l zu je "
                + "11,00 €, zusammen 22,00 €; davon stehen 11,00 € schon weiter oben, "
                + "es bleiben 11,00 € (Nr. 1).")
        #expect(lines[1].gross == Cents(1100))
    }

    @Test func `net prices name the tax`() throws {
        var file = SmallFile(price: "preis: 20,00 € je t, anteilig")
        file.basis = "netto"
        file.vat = "umsatzsteuer: 19 % zuzüglich"

        let line = try file.tariff().quote("2,35 t laub").lines[0]

        #expect(
            plain(line.explanation.german)
                == "2,35 t Laub zu 20,00 € je t kosten 47,00 €; "
                + "mit 19 % Umsatzsteuer 55,93 € (Nr. 1)."
        )
    }

    @Test(arguments: TariffFiles.names)
    func `every line of every example explains itself in both languages`(_ name: String) throws {
        let tariff = try TariffFiles.tariff(name)

        for example in tariff.examples {
            guard case .priced(let quote) = tariff.price(example.delivery) else { continue }
            for line in quote.lines {
                #expect(line.explanation.german.hasSuffix("(Nr. \(line.position))."))
                #expect(line.explanation.english.hasSuffix("(no. \(line.position))."))
                #expect(says(line.explanation.german, line.gross), "\(line.explanation.german)")
            }
        }
    }
}

/// Whether a sentence says what a line costs: the amount itself, not one that only ends like it, or
/// of a line that costs nothing that it is free.
private func says(_ sentence: String, _ gross: Cents) -> Bool {
    if gross == .zero, sentence.contains("kostenlos") { return true }
    return sentence.ranges(of: GermanFormat.euros(gross)).contains { range in
        guard let before = sentence[..<range.lowerBound].last else { return true }
        return !before.isNumber && before != "."
    }
}

private func plain(_ sentence: String) -> String {
    String(sentence.map { $0 == "\u{A0}" ? " " : $0 })
}
