import Testing
import Text
import Units

@testable import Tariffs

/// Every problem of a tariff file, provoked, with its place.
struct ProblemTests {
    /// A change of the small file and what it provokes.
    struct Fault: CustomTestStringConvertible {
        let problem: TariffProblem
        let words: String
        let name: String
        let change: @Sendable (inout SmallFile) -> Void
        var testDescription: String { "\(problem.rawValue) \(name)" }

        /// - Parameter words: what stands at the reported place.
        init(
            _ problem: TariffProblem, _ name: String, at words: String,
            _ change: @escaping @Sendable (inout SmallFile) -> Void
        ) {
            self.problem = problem
            self.name = name
            self.words = words
            self.change = change
        }

        static func price(
            _ problem: TariffProblem, _ price: String, at words: String
        ) -> Fault {
            Fault(problem, price, at: words) { $0.price = price }
        }

        static func example(_ problem: TariffProblem, _ text: String, at words: String) -> Fault {
            Fault(problem, text, at: words) { $0.examples = "beispiele:\n  - {\(text)}" }
        }
    }

    static let window = """
          - nr: 2
            fundstelle: § 2
            abfallarten: laub
            wer: privat
            zeitraum: 01.03.2024 bis 31.03.2024
            preis: kostenlos
        """

    static let good = "nr: 1, datum: 01.06.2024, wer: privat, anlieferung: 1 Stück laub"
    static let exception = """
            abfallarten: laub
            wer: alle
            ausnahme von: 1
            preis: kostenlos
        """

    static let faults: [Fault] = [
        Fault(.unknownKey, "in the head", at: "farbe") { $0.extra = "farbe: rot" },
        .price(.unknownKey, "preis: kostenlos\npreiss: 1", at: "preiss"),
        Fault(.unknownKey, "in the catalogue", at: "maß") { $0.fractions += "\n    maß: rot" },
        .example(
            .unknownKey,
            "\(good), summe: \"4,00 €\", wetter: gut",
            at: "wetter"),
        Fault(.duplicateName, "a fraction named twice", at: "kennung: blatt") {
            $0.fractions = $0.fractions.replacing(
                "  - kennung: schutt",
                with: "  - kennung: blatt\n    name: LAUB\n  - kennung: schutt")
        },
        Fault(.duplicateName, "a position number twice", at: "nr: \"9\"") {
            $0.more =
                "  - nr: \"9\"\n    fundstelle: x\n\(exception)"
        },
        .price(.wrongType, "preis: []", at: "[]"),
        .price(.wrongType, "preis: ''", at: "''"),
        Fault(.wrongType, "a position that is a word", at: "wort") { $0.more = "  - wort" },
        Fault(.missingKey, "no town", at: "tarif") {
            $0.head = $0.head.replacing("ort: Probestadt\n", with: "")
        },
        Fault(.missingKey, "no legal form anywhere", at: "{nr: 9") { $0.legalForm = "" },
        Fault(.missingKey, "no tax anywhere", at: "{nr: 9") { $0.vat = "" },
        .price(.missingKey, "preis: abgelehnt", at: "nr: 1"),
        .example(
            .missingKey, "\(good)",
            at: "{nr: 1,"),
        .example(
            .missingKey,
            "\(good), summe: \"4,00 €\", abgelehnt: zu viel",
            at: "{nr: 1,"),
        Fault(.missingParagraph, "no paragraph", at: "nr: 2") {
            $0.more =
                "  - nr: 2\n\(exception)"
        },
        Fault(.overlap, "two prices in March", at: "nr: 2") { $0.more = window },
        Fault(.gap, "nothing for businesses", at: "kennung: laub") {
            $0.price = "preis: kostenlos"
            $0.more = ""
            $0.rest = "abfallarten: schutt, wer: alle, preis: kostenlos"
            $0.price = "zeitraum: bis 30.11.2025\npreis: kostenlos"
        },
        Fault(.gap, "a fraction nobody prices", at: "kennung: schutt") {
            $0.rest = "abfallarten: laub, wer: alle, ausnahme von: 1, preis: kostenlos"
        },
        .price(.priceNotUnderstood, "preis: billig", at: "billig"),
        .price(.priceNotUnderstood, "preis: 4,00 € für alles", at: "4,00 €"),
        .price(.priceNotUnderstood, "preis: 4,00 € je Fass", at: "4,00 €"),
        .price(.priceNotUnderstood, "preis: 4,00 € je angefangene 2 Säcke", at: "4,00 €"),
        .price(.priceNotUnderstood, "preis: 4,00 € je Sack, ungefähr", at: "4,00 €"),
        .price(
            .priceNotUnderstood, "preis:\n  bis 1 l: 1,00 €\n  darüber: 1,00 € je 1 l",
            at: "1,00 € je"),
        .price(.stepNotStated, "preis: 49,00 € je m³", at: "49,00"),
        .price(.stepNotStated, "preis: 11,00 € je 500 l", at: "11,00"),
        .price(.stepNotStated, "preis: 170,00 € je t", at: "170,00"),
        .price(.stepNotStated, "preis: 6,80 € je m²", at: "6,80"),
        .price(.stepNotStated, "preis: 1,00 € je 3 Stück", at: "1,00"),
        Fault(.wasteCodeForm, "no spaces", at: "200307") {
            $0.fractions = $0.fractions.replacing("name: Laub", with: "name: Laub\n    avv: 200307")
        },
        Fault(.wasteCodeForm, "letters", at: "20 03 0x") {
            $0.fractions = $0.fractions.replacing(
                "name: Laub", with: "name: Laub\n    avv: 20 03 0x")
        },
        .price(.dateNotUnderstood, "preis: kostenlos\nzeitraum: März", at: "März"),
        .price(
            .dateNotUnderstood, "preis: kostenlos\nzeitraum: 31.02.2024 bis 01.03.2024",
            at: "31.02."),
        .price(
            .dateNotUnderstood, "preis: kostenlos\nzeitraum: 02.03.2024 bis 01.03.2024",
            at: "02.03."),
        Fault(.dateNotUnderstood, "validity backwards", at: "tarif") {
            $0.head = $0.head.replacing("31.12.2025", with: "31.12.2023")
        },
        Fault(.dateNotUnderstood, "facts that do not ascend", at: "[{ab") {
            $0.legalForm =
                "rechtsform: [{ab: 01.01.2024, gilt: Gebühr}, {ab: 01.01.2024, gilt: Entgelt}]"
        },
        Fault(.dateNotUnderstood, "a fact that begins too late", at: "{nr: 9") {
            $0.legalForm = "rechtsform: [{ab: 02.01.2024, gilt: Gebühr}]"
        },
        Fault(.wordNotKnown, "rounding", at: "irgendwie") { $0.rounding = "irgendwie" },
        Fault(.wordNotKnown, "basis", at: "fast netto") { $0.basis = "fast netto" },
        Fault(.wordNotKnown, "currency", at: "DM") {
            $0.head = $0.head.replacing("EUR", with: "DM")
        },
        Fault(.wordNotKnown, "legal form", at: "Spende") { $0.legalForm = "rechtsform: Spende" },
        Fault(.wordNotKnown, "tax", at: "19 %") { $0.vat = "umsatzsteuer: 19 %" },
        .example(
            .wordNotKnown,
            "\(good), abgelehnt: einfach so",
            at: "einfach so"),
        .price(.nameNotKnown, "preis: kostenlos\nausnahme von: 7", at: "nr: 1"),
        .price(.nameNotKnown, "preis:\n  Fahrrad: 1,00 €", at: "Fahrrad"),
        Fault(.nameNotKnown, "a fraction not in the catalogue", at: "gold") {
            $0.rest = "abfallarten: [schutt, gold], wer: alle, preis: kostenlos"
        },
        .price(.amountNotUnderstood, "preis: 49.00 € je Stück", at: "49.00"),
        .price(.amountNotUnderstood, "preis: 49 € je Stück", at: "49 €"),
        .price(.amountNotUnderstood, "preis: 49,00 Euro je Stück", at: "49,00"),
        .price(.amountNotUnderstood, "preis: 10.000,01 € je Stück", at: "10.000,01"),
        .price(.amountNotUnderstood, "preis: 4,00 € je Stück\nmindestens: 4,001 €", at: "4,001"),
        .price(.amountNotUnderstood, "preis: kostenlos\nhöchstmenge: viel", at: "viel"),
        .price(.amountNotUnderstood, "preis: kostenlos\nhöchstmenge: 0 l", at: "0 l"),
        .price(
            .stepsDisagree, "preis: 1,00 € je l, in angefangenen Schritten von 0,3 l", at: "1,00"),
        .price(
            .stepsDisagree, "preis: 1,00 € je m³, in angefangenen Schritten von 1 kg", at: "1,00"),
        .price(.stepsDisagree, "preis:\n  bis 1 m³: 1,00 €", at: "bis 1 m³"),
        .price(
            .stepsDisagree, "preis:\n  bis 2 m³: 1,00 €\n  bis 1 m³: 2,00 €\n  darüber: abgelehnt",
            at: "bis 2 m³"),
        .price(
            .stepsDisagree, "preis:\n  bis 2 m³: 1,00 €\n  bis 3 t: 2,00 €\n  darüber: abgelehnt",
            at: "bis 2 m³"),
        .price(.stepsDisagree, "preis:\n  Kombi:\n    bis 50 %: 1,00 €", at: "Kombi:"),
        .price(
            .stepsDisagree, "preis:\n  Kombi:\n    oft: 1,00 €\n    bis 100 %: 2,00 €", at: "oft"),
        .price(.stepsDisagree, "preis: 4,00 € je Stück\nhöchstmenge: 1 m³", at: "1 m³"),
        .price(
            .stepsDisagree, "preis: 4,00 € je Stück\nfreimenge: 1 m³ je Tag und Haushalt",
            at: "1 m³"),
        .price(.stepsDisagree, "preis: 4,00 € je Stück\nfreigrenze: bis 5 kg", at: "bis 5 kg"),
        .price(.stepsDisagree, "preis: kostenlos\nfreimenge: 1 m³\nhöchstmenge: 1 t", at: "1 t"),
        .example(
            .deliveryNotUnderstood,
            "nr: 1, datum: 01.06.2024, wer: privat, anlieferung: 1 Stück gold, summe: \"4,00 €\"",
            at: "1 Stück gold"),
        Fault(.taxAgainstBasis, "contained in a net price", at: "19 %") {
            $0.basis = "netto"
            $0.vat = "umsatzsteuer: 19 % enthalten"
        },
        Fault(.taxAgainstBasis, "tax on a list without tax", at: "19 %") {
            $0.basis = "ohne Umsatzsteuer"
            $0.vat = "umsatzsteuer: 19 % enthalten"
        },
        Fault(.identifierForm, "an umlaut", at: "grün") {
            $0.fractions = $0.fractions.replacing("kennung: laub", with: "kennung: grün")
        },
        Fault(.identifierForm, "a capital", at: "GROSS") {
            $0.head = $0.head.replacing("tarif: probe", with: "tarif: GROSS")
        },
    ]

    @Test(arguments: faults + formatFaults)
    func `a fault is reported with its code, its place and what to do`(_ fault: Fault) throws {
        var file = SmallFile()
        fault.change(&file)

        let problems = try file.problems()
        let problem = try #require(
            problems.first { $0.code == fault.problem.rawValue }, "\(problems)")

        let expected = file.place(of: fault.words)
        #expect(problem.position == expected)
        #expect(problem.severity == .error)
        #expect(problem.message.count > 30)
        #expect(problem.message.hasSuffix("."))
        #expect(throws: TariffRefused.self) { try file.tariff() }
    }

    @Test func `the small file itself is without fault`() throws {
        #expect(try SmallFile().problems() == [])
    }

    @Test func `every code that a file can provoke is provoked here`() {
        let provoked = Set(
            (Self.faults + Self.formatFaults).map(\.problem) + [.exampleFails, .noExample])

        let ofLinter = Set(TariffProblem.allCases.filter { $0.rawValue >= "T-E40" })

        #expect(provoked.union(ofLinter) == Set(TariffProblem.allCases))
    }

    @Test func `an overlap names a delivery that both positions match`() throws {
        var file = SmallFile()
        file.more = Self.window

        let message = try #require(try file.problems().first).message

        #expect(message.contains("Nr. 1 und Nr. 2"))
        #expect(message.contains("am 01.03.2024 (Freitag), privat: 1 Stück Laub"))
    }

    @Test func `all faults of a file are reported at once`() throws {
        var file = SmallFile(price: "preis: 49,00 € je m³")
        file.extra = "farbe: rot"
        file.rounding = "irgendwie"

        #expect(Set(try file.problems().map(\.code)) == ["T-E01", "T-E09", "T-E12"])
    }

    static let wrong = "nr: A, datum: 01.06.2024, wer: privat, anlieferung: 2 Stück laub"

    @Test(arguments: [
        ("summe: \"4,01 €\"", "erwartet 4,01\u{A0}€, gefunden 8,00\u{A0}€"),
        ("summe: \"8,00 €\", zeilen: [1: \"4,00 €\"]", "Nr. 1: 4,00\u{A0}€"),
        ("summe: \"8,00 €\", zeilen: [2: \"8,00 €\"]", "Nr. 2: 8,00\u{A0}€"),
        ("abgelehnt: zu viel", "erwartet „zu viel“, gefunden 8,00\u{A0}€"),
    ])
    func `a failing example is an error at its place`(_ expected: String, _ words: String) throws {
        var file = SmallFile()
        file.examples = "beispiele:\n  - {\(Self.wrong), \(expected)}"

        let problems = try file.tariff().check()

        let problem = try #require(problems.first)
        #expect(problem.code == "T-E17")
        #expect(problem.severity == .error)
        #expect(problem.position == file.place(of: "{nr: A"))
        #expect(problem.message.contains(words))
    }

    @Test func `an example that is refused for another reason fails`() throws {
        var file = SmallFile(price: RefusalTests.limited)
        file.examples =
            "beispiele:\n  - {\(Self.wrong)}"
            .replacing("2 Stück laub", with: "9 Stück laub, abgelehnt: nicht angenommen")

        let message = try #require(try file.tariff().check().first).message

        #expect(message.contains("erwartet „nicht angenommen“, gefunden „zu viel“"))
    }

    @Test func `a position without example is an error at its place`() throws {
        var file = SmallFile()
        file.examples = "beispiele:\n  - {\(Self.wrong), summe: \"8,00 €\"}"

        let problems = try file.tariff().check()

        #expect(problems.map(\.code) == ["T-E45"])
        #expect(problems.map(\.severity) == [.error])
        #expect(problems.map(\.position) == [file.place(of: "{nr: 9")])
    }
}
