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
            "2,5 m³ Laub kosten 8,00 € bis 1 m³ und 2 mal 8,00 € je weiteren angefangenen m³, "
                + "zusammen 24,00 € (Nr. 1)."
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
            "preis: 1,00 € je l, anteilig\nfreigrenze: unter 3 l", "1 l laub",
            "1 l Laub ist kostenlos, denn unter 3 l wird nichts berechnet (Nr. 1)."
        ),
        (
            "preis: 0,50 € je kg, anteilig\nfreigrenze: bis 5 kg", "4 kg laub",
            "4 kg Laub sind kostenlos, denn bis 5 kg wird nichts berechnet (Nr. 1)."
        ),
        (
            "preis: 5,40 € je Sack\nfreigrenze: bis 1 Sack", "1 Sack laub",
            "Laub: 1 Sack ist kostenlos, denn bis 1 Sack wird nichts berechnet (Nr. 1)."
        ),
        (
            "preis: 5,00 € je angefangenen m³\nfreimenge: 1 m³ je Anlieferung", "2 m³ laub",
            "Von 2 m³ Laub ist 1 m³ frei (Freimenge 1 m³ je Anlieferung); "
                + "1 m³ kostet 5,00 € (Nr. 1)."
        ),
        (
            "preis: 5,00 € je angefangenen m³\nfreimenge: 2 m³ je Anlieferung", "3 m³ laub",
            "Von 3 m³ Laub sind 2 m³ frei (Freimenge 2 m³ je Anlieferung); "
                + "1 m³ kostet 5,00 € (Nr. 1)."
        ),
        (
            "preis: 5,40 € je Sack\nfreimenge: 1 Sack je Anlieferung", "3 Säcke laub",
            "Laub: 3 Säcke, davon 1 Sack frei (Freimenge 1 Sack je Anlieferung); "
                + "2 Säcke kosten je 5,40 €, zusammen 10,80 € (Nr. 1)."
        ),
        (
            "preis: 5,00 € je angefangenen m³\nfreimenge: 1 m³ je Anlieferung",
            "1 m³ laub; 2 m³ laub",
            "Frei ist 1 m³ je Anlieferung, und das ist schon genutzt; "
                + "2 m³ Laub zu 5,00 € je m³ kosten 10,00 € (Nr. 1)."
        ),
        (
            "preis: 4,00 € je Stück\nfreimenge: 1 Stück je Anlieferung",
            "1 Stück laub; 1 Stück laub",
            "Frei ist 1 Stück je Anlieferung, und das ist schon genutzt; "
                + "1 Stück Laub kostet 4,00 € (Nr. 1)."
        ),
        (
            "preis: 4,00 € je Stück\nfreimenge: 2 Stück je Anlieferung",
            "2 Stück laub; 1 Stück laub",
            "Frei sind 2 Stück je Anlieferung, und das ist schon genutzt; "
                + "1 Stück Laub kostet 4,00 € (Nr. 1)."
        ),
        (
            "preis: 10,00 € je angefangene 10 m² und angefangene Woche", "10 m² und 1 Woche laub",
            "Laub: 10 m² für 1 Woche sind 1 angefangene 10 m² mal eine angefangene Woche "
                + "zu je 10,00 €, zusammen 10,00 € (Nr. 1)."
        ),
    ])
    func `a line says in German what of it is free, one thing as one`(
        _ price: String, _ phrase: String, _ sentence: String
    ) throws {
        let line = try #require(try SmallFile(price: price).tariff().quote(phrase).lines.last)

        #expect(plain(line.explanation.german) == sentence)
    }

    @Test(arguments: [
        (
            "preis: \"1,00 € je l, anteilig\", freigrenze: unter 3 l", "1 l schutt",
            "There is nothing to pay for 1 l of rubble, because below 3 l nothing is charged "
                + "(no. 9)."
        ),
        (
            "preis: \"0,50 € je kg, anteilig\", freigrenze: bis 5 kg", "4 kg schutt",
            "There is nothing to pay for 4 kg of rubble, because up to 5 kg nothing is charged "
                + "(no. 9)."
        ),
    ])
    func `a line says in English how much lies below the limit`(
        _ price: String, _ phrase: String, _ sentence: String
    ) throws {
        var file = SmallFile()
        file.rest = "abfallarten: schutt, wer: alle, \(price)"

        let line = try file.tariff().quote(phrase).lines[0]

        #expect(plain(line.explanation.english) == sentence)
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

    private static let surcharge = "zuschläge: {name: Offen, fundstelle: § 12, prozent: 10 %}"

    @Test(arguments: [
        ("1 Stück laub", 119, "10 % von 11,90 € dazu, das sind 1,19 € (§ 12)."),
        (
            "2 Stück laub", 120,
            "10 % von 23,80 € dazu, das sind 2,38 €; der Höchstbetrag der Anlieferung ist "
                + "erreicht, hier zählen noch 1,20 € (§ 12)."
        ),
        (
            "3 Stück laub", 0,
            "10 % von 35,70 € dazu, das sind 3,57 €; der Höchstbetrag der Anlieferung ist "
                + "erreicht, hier zählen noch 0,00 € (§ 12)."
        ),
    ])
    func `a surcharge that is cut says what it is and what counts of it`(
        _ phrase: String, _ cents: Int64, _ end: String
    ) throws {
        var file = SmallFile(price: "preis: 11,90 € je Stück")
        file.extra = Self.surcharge + "\nhöchstbetrag: {betrag: \"25,00 €\", fundstelle: § 13}"
        let tariff = try file.tariff()

        let quote = try tariff.quote(phrase)

        #expect(quote.lines.map(\.position) == ["1", "Zuschlag"])
        #expect(quote.lines[1].gross == Cents(cents))
        #expect(plain(quote.lines[1].explanation.german) == "Offen: Dafür kommen " + end)
        #expect(tariff.amounts(of: quote.delivery) == quote.lines.map(\.gross))
    }

    @Test func `a surcharge in a rounded total says what it is and what counts of it`() throws {
        var file = SmallFile(price: "preis: 2,45 € je Stück")
        file.rounding = "abgerundet nur die Summe auf 1,00 €"
        file.extra = Self.surcharge

        let lines = try file.tariff().quote("3 Stück laub").lines

        #expect(lines.map(\.gross) == [Cents(700), Cents(100)])
        #expect(
            plain(lines[1].explanation.german)
                == "Offen: Dafür kommen 10 % von 7,35 € dazu, das sind 0,74 €; "
                + "die Summe wird gerundet, hier zählen 1,00 € (§ 12).")
        #expect(
            plain(lines[1].explanation.english)
                == "Offen: 10% of €7.35 is added, that is €0.74; "
                + "the total is rounded, €1.00 counts here (§ 12).")
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
