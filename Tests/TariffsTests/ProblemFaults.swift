import Testing
import Text

@testable import Tariffs

/// Faults in what the format says beyond plain prices; all in the rich file.
extension ProblemTests {
    private static func rich(
        _ problem: TariffProblem, _ name: String, at words: String,
        _ change: @escaping @Sendable (inout SmallFile) -> Void
    ) -> Fault {
        Fault(problem, name, at: words) { file in
            file = .rich
            change(&file)
        }
    }

    private static func head(_ problem: TariffProblem, _ text: String, at words: String) -> Fault {
        rich(problem, text, at: words) { $0 = $0.with(text) }
    }

    private static func catalogue(
        _ problem: TariffProblem, _ text: String, at words: String
    ) -> Fault {
        rich(problem, text, at: words) {
            $0.fractions = $0.fractions.replacing("name: Laub", with: "name: Laub\n    \(text)")
        }
    }

    private static func position(
        _ problem: TariffProblem, _ keys: String, at words: String
    ) -> Fault {
        rich(problem, keys, at: words) { $0.price = keys }
    }

    private static func rule(_ problem: TariffProblem, _ text: String, at words: String) -> Fault {
        head(problem, text, at: words)
    }

    private static func demo(_ problem: TariffProblem, _ text: String, at words: String) -> Fault {
        rich(problem, text, at: words) { file in
            let lines = text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
            file.examples =
                "beispiele:\n  - nr: E\n    datum: 01.06.2024\n    wer: privat\n"
                + "    anlieferung: 1 Stück laub\n    summe: 4,00 €\n\(lines)"
        }
    }

    static let formatFaults =
        headFaults + positionFaults + emptyLists + priceFaults + ruleFaults + exampleFaults

    private static let emptyLists: [Fault] =
        [
            "zeitraum", "wochentage", "nur mit", "nicht mit", "ausnahme von", "verlangt", "faktor",
            "nachlass",
        ].map { position(.missingKey, "preis: kostenlos\n\($0): []", at: "[]") }
        + [
            rich(.missingKey, "no scale in the list", at: "[]") { $0.extra = "waagen: []" },
            rule(.missingKey, "zuschläge: {name: x, fundstelle: x, wochentage: []}", at: "[]"),
        ]

    private static let headFaults: [Fault] = [
        rich(.missingKey, "no kind", at: "tarif") {
            $0.head = $0.head.replacing("art: Satzung\n", with: "")
        },
        rich(.wordNotKnown, "a kind of its own", at: "Brauch") {
            $0.head = $0.head.replacing("Satzung\ntitel", with: "Brauch\ntitel")
        },
        rich(.wordNotKnown, "half a rounding", at: "kaufmännisch") { $0.rounding = "kaufmännisch" },
        rich(.wordNotKnown, "rounding to three", at: "kaufmännisch") {
            $0.rounding = "kaufmännisch je Zeile auf 0,03 €"
        },
        rich(.currencyDiffers, "rounding to francs", at: "kaufmännisch") {
            $0.rounding = "kaufmännisch je Zeile auf 0,05 CHF"
        },
        head(.identifierForm, "ersetzt: Die alte", at: "Die alte"),
        head(.wordNotKnown, "handeingabe: manchmal", at: "manchmal"),
        catalogue(.amountNotUnderstood, "kg je m³: 0,25", at: "0,25"),
        catalogue(.amountNotUnderstood, "kg je stück: 77 kg", at: "77 kg"),
        catalogue(.unknownKey, "kg je l: 5", at: "kg je l"),
        rich(.duplicateName, "goods called like waste", at: "{kennung: big-bag") {
            $0.fractions = $0.fractions.replacing("name: Big-Bag", with: "name: LAUB")
        },
        rich(.duplicateName, "two features of one name", at: "{kennung: nass") {
            $0.fractions = $0.fractions.replacing("name: nass", with: "name: Sperrmüllkarte")
        },
        rich(.duplicateName, "a container called like a unit", at: "kennung: sack") {
            $0.fractions = $0.fractions.replacing("name: Sack\n", with: "name: Tonne\n")
        },
        rich(.duplicateName, "two scales of one id", at: "{kennung: w1, name: Plattform") {
            $0.extra = $0.extra.replacing("kennung: w2", with: "kennung: w1")
        },
        rich(.wordNotKnown, "a feature of nothing", at: "Kunde") {
            $0.fractions = $0.fractions.replacing(
                "verpackt, gilt für: Abfallart", with: "verpackt, gilt für: Kunde")
        },
        rich(.wordNotKnown, "perhaps an entitlement", at: "vielleicht") {
            $0.fractions = $0.fractions.replacing(
                "berechtigung: ja", with: "berechtigung: vielleicht")
        },
        rich(.wordNotKnown, "a class of its own", at: "V,") {
            $0.extra = $0.extra.replacing("klasse: III,", with: "klasse: V,")
        },
        rich(.amountNotUnderstood, "a minimum load in litres", at: "200 l") {
            $0.extra = $0.extra.replacing("200 kg", with: "200 l")
        },
        rich(.missingKey, "a scale without minimum load", at: "{kennung: w1") {
            $0.extra = $0.extra.replacing(" mindestlast: 200 kg,", with: "")
        },
        rich(.nameNotKnown, "a scale for goods", at: "big-bag}") {
            $0.extra = $0.extra.replacing("abfallarten: schutt}", with: "abfallarten: big-bag}")
        },
    ]

    private static let positionFaults: [Fault] = [
        rich(.paragraphForm, "a statute without paragraph", at: "Seite 4") {
            $0.rest = $0.rest + ", wortlaut: x"
            $0.more += "\n  - {nr: 4, fundstelle: Seite 4, \($0.rest), zeitraum: bis 01.01.2000}"
        },
        rich(.missingKey, "neither waste nor goods", at: "{nr: 9") {
            $0.rest = "wer: alle, preis: kostenlos"
        },
        rich(.missingKey, "an empty list of waste", at: "[]") {
            $0.rest = "abfallarten: [], wer: alle, preis: kostenlos"
        },
        rich(.contradiction, "waste and goods", at: "big-bag, wer") {
            $0.rest = "abfallarten: schutt, waren: big-bag, wer: alle, preis: kostenlos"
        },
        rich(.nameNotKnown, "goods as waste", at: "big-bag, wer") {
            $0.rest = "abfallarten: big-bag, wer: alle, preis: kostenlos"
        },
        rich(.nameNotKnown, "waste as goods", at: "schutt, wer") {
            $0.rest = "waren: schutt, wer: alle, preis: kostenlos"
        },
        rich(.duplicateName, "waste named twice", at: "Schutt], wer") {
            $0.rest = "abfallarten: [schutt, Schutt], wer: alle, preis: kostenlos"
        },
        position(.wordNotKnown, "preis: kostenlos\nherkunft: Mars", at: "Mars"),
        position(.wordNotKnown, "preis: kostenlos\nwochentage: Montag bis Ende", at: "Montag bis"),
        position(.nameNotKnown, "preis: kostenlos\nnur mit: [nass, blau]", at: "blau"),
        position(.nameNotKnown, "preis: kostenlos\nverlangt: blau", at: "blau"),
        position(.contradiction, "preis: kostenlos\nnur mit: nass\nnicht mit: [Nass]", at: "[Nass"),
        position(.quotaScope, "preis: kostenlos\nhöchstmenge: 1 l je Tag", at: "1 l je"),
        position(
            .quotaScope, "preis: kostenlos\nhöchstmenge: 1 l je Monat und Haushalt", at: "1 l je"),
        position(
            .quotaScope, "preis: kostenlos\nhöchstmenge: 1 l je Tag und Firma", at: "1 l je"),
        position(
            .quotaScope, "preis: kostenlos\nhöchstmenge: 1 l je Anlieferung und Person",
            at: "1 l je"),
        position(
            .quotaScope, "preis: kostenlos\nhöchstmenge: 1 l je 0 Wochen und Person",
            at: "1 l je"),
        position(
            .quotaScope, "preis: kostenlos\nhöchstmenge: 1 l je 521 Wochen und Person",
            at: "1 l je"),
        position(.quotaScope, "preis: kostenlos\nfreimenge: 1 Anlieferung", at: "1 Anlieferung"),
        position(
            .quotaScope, "preis: kostenlos\nfreigrenze: bis 1 l je Tag und Haushalt",
            at: "bis 1 l"),
        position(.amountNotUnderstood, "preis: kostenlos\nfreigrenze: 77 kg", at: "77 kg"),
        position(.amountNotUnderstood, "preis: kostenlos\nfaktor: doppelt", at: "doppelt"),
        position(.amountNotUnderstood, "preis: kostenlos\nfaktor: 0-fach", at: "0-fach"),
        position(.amountNotUnderstood, "preis: kostenlos\nfaktor: 100,01-fach", at: "100,01"),
        position(.amountNotUnderstood, "preis: kostenlos\nfaktor: 1,00001-fach", at: "1,00001"),
        position(.amountNotUnderstood, "preis: kostenlos\nnachlass: 100,01 %", at: "100,01"),
        position(.amountNotUnderstood, "preis: kostenlos\nnachlass: 3 bei nass", at: "3 bei"),
        position(.nameNotKnown, "preis: kostenlos\nnachlass: 10 % bei blau", at: "10 %"),
        position(.nameNotKnown, "preis: kostenlos\nfaktor: 2-fach mit nass", at: "2-fach mit"),
        position(
            .contradiction, "preis: 1,00 € je Stück\nmindestens: 5,00 €\nhöchstens: 4,99 €",
            at: "4,99"),
        position(
            .contradiction,
            "preis:\n  unter 200 kg: 28,00 € pauschal\n  ab 200 kg: 241,72 € je t, anteilig\n"
                + "freimenge: 100 kg", at: "100 kg"),
        position(
            .currencyDiffers, "preis: kostenlos\nvorautorisierung: 5,00 CHF", at: "5,00 CHF"),
        position(
            .wordNotKnown, "preis: kostenlos\nrechtsform: [{gilt: Steuer}]", at: "Steuer"),
        position(
            .unknownKey, "preis: kostenlos\numsatzsteuer: [{bis: x, gilt: steuerfrei}]",
            at: "bis: x"),
        position(
            .dateNotUnderstood,
            "preis: kostenlos\numsatzsteuer: [{gilt: steuerfrei}, {wer: privat, gilt: steuerfrei}]",
            at: "[{gilt"),
        rich(.missingKey, "a legal form for one group only", at: "{nr: 9") {
            $0.legalForm = "rechtsform: [{wer: privat, gilt: Gebühr}]"
        },
    ]

    private static let priceFaults: [Fault] = [
        .price(.currencyDiffers, "preis: 4,00 $ je Stück", at: "4,00 $"),
        .price(.currencyDiffers, "preis:\n  bis 1 l: 4,00 £\n  darüber: abgelehnt", at: "4,00 £"),
        .price(.stepNotStated, "preis: 4,00 € je Stunde", at: "4,00"),
        .price(.stepNotStated, "preis: 4,00 € je lb", at: "4,00"),
        .price(.priceNotUnderstood, "preis: 4,00 € je m² und angefangene Woche", at: "4,00"),
        .price(
            .priceNotUnderstood, "preis: 4,00 € je angefangene 5 m² und angefangene 2 l",
            at: "4,00"),
        .price(.priceNotUnderstood, "preis: 2-fach", at: "2-fach"),
        .price(.priceNotUnderstood, "preis: Nr. 9 mal zwei", at: "Nr. 9"),
        .price(.priceNotUnderstood, "preis: Nr. 9 zuzüglich 0,00 €", at: "Nr. 9"),
        .price(.amountNotUnderstood, "preis: Nr. 9 zuzüglich viel", at: "Nr. 9"),
        .price(.nameNotKnown, "preis: 2-fach von Nr. 7", at: "2-fach"),
        .price(.derivedNotPossible, "preis: 2-fach von Nr. 1", at: "2-fach"),
        .price(.derivedNotPossible, "preis: Nr. 9 zuzüglich 1,00 €", at: "Nr. 9 zuz"),
        derived(from: "abgelehnt, grund: x", "2-fach von Nr. 9"),
        derived(from: "nicht veröffentlicht", "Nr. 9 zuzüglich 1,00 €"),
        derived(from: "\"4,00 € je Stück\"", "Nr. 9 abzüglich 4,01 €"),
        derived(from: "\"9.999,00 € je Stück\"", "Nr. 9 zuzüglich 1,01 €"),
        derived(from: "\"4,00 € pauschal\"", "Nr. 9 zuzüglich 0,005 €"),
        derived(from: "2-fach von Nr. 8", "Nr. 9 zuzüglich 1,00 €"),
        derived(
            from: "{unter 1 kg: \"1,00 € pauschal\", ab 1 kg: \"1,00 € je kg, anteilig\"}",
            "Nr. 9 zuzüglich 1,00 €"),
        rich(.derivedNotPossible, "a circle of two", at: "3-fach von Nr. 1") {
            $0.rest = "abfallarten: schutt, wer: alle, preis: 3-fach von Nr. 1"
            $0.price = "preis: 2-fach von Nr. 9"
        },
        rich(.derivedNotPossible, "a chain of nine", at: "2-fach von Nr. 20") {
            $0.price = "preis: 2-fach von Nr. 20"
            for number in 20..<28 {
                $0.more +=
                    "\n  - {nr: \(number), fundstelle: § 1, abfallarten: laub, wer: alle, "
                    + "zeitraum: bis 01.01.2000, preis: 3-fach von Nr. \(number + 1)}"
            }
            $0.more +=
                "\n  - {nr: 28, fundstelle: § 1, abfallarten: laub, wer: alle, "
                + "zeitraum: bis 01.01.2000, preis: kostenlos}"
        },
        .price(
            .priceNotUnderstood,
            "preis:\n  bis 1 l: 1,00 € je angefangene 1 l\n  darüber: abgelehnt",
            at: "1,00 € je"),
        .price(
            .stepsDisagree, "preis:\n  unter 1 l: 1,00 €\n  darüber: abgelehnt", at: "unter 1 l"),
        .price(
            .wordNotKnown, "preis:\n  berechnung: halb\n  bis 1 l: 1,00 €\n  darüber: abgelehnt",
            at: "halb"),
        tiers(.stepsDisagree, "je Stufe", "bis 1 l: 1,00 €", "kostenlos", at: "1,00 €"),
        tiers(.stepsDisagree, "je Stufe", "bis 1 l: abgelehnt", "kostenlos", at: "abgelehnt"),
        tiers(
            .stepsDisagree, "ganze Menge", "bis 1 l: 1,00 € je kg, anteilig", "abgelehnt",
            at: "berechnung"),
        tiers(
            .stepsDisagree, "ganze Menge", "bis 2 l: 1,00 €\n  bis 2 l: 2,00 €", "abgelehnt",
            at: "berechnung", second: "unter 2 l"),
        tiers(.stepsDisagree, "ganze Menge", "ab 1 l: 1,00 €", "abgelehnt", at: "ab 1 l"),
        tiers(
            .priceNotUnderstood, "ganze Menge", "bis 1 l: 1,00 € je Sack", "abgelehnt",
            at: "1,00 € je Sack"),
        .price(
            .stepsDisagree, "preis:\n  berechnung: je Stufe\n  bis 1 l: kostenlos",
            at: "berechnung"),
        scale(
            .stepsDisagree, "unter 200 kg: nach Volumen", "ab 201 kg: 1,00 € je kg, anteilig",
            at: "ab 201 kg"),
        scale(
            .stepsDisagree, "unter 200 l: nach Volumen", "ab 200 l: 1,00 € je kg, anteilig",
            at: "unter 200 l"),
        scale(
            .stepsDisagree, "unter 200 kg: nach Volumen", "ab 200 kg: 1,00 € je l, anteilig",
            at: "1,00 €"),
        scale(
            .stepsDisagree, "bis 200 kg: nach Volumen", "ab 200 kg: 1,00 € je kg, anteilig",
            at: "bis 200 kg"),
        scale(
            .stepsDisagree, "unter 200 kg: nicht veröffentlicht", "ab 200 kg: nicht veröffentlicht",
            at: "unter 200 kg"),
        scale(
            .priceNotUnderstood, "unter 200 kg: 0,10 € je kg, anteilig",
            "ab 200 kg: 1,00 € je kg, anteilig", at: "0,10"),
    ]

    private static func derived(from base: String, _ price: String) -> Fault {
        rich(.derivedNotPossible, "\(price) of \(base)", at: price) {
            $0.rest = "abfallarten: schutt, wer: alle, preis: \(base)"
            $0.price = "preis: \(price)"
        }
    }

    private static func tiers(
        _ problem: TariffProblem, _ scope: String, _ step: String, _ beyond: String,
        at words: String, second: String? = nil
    ) -> Fault {
        let steps = second.map { step.replacing("\n  bis 2 l", with: "\n  \($0)") } ?? step
        return .price(
            problem, "preis:\n  berechnung: \(scope)\n  \(steps)\n  darüber: \(beyond)", at: words)
    }

    private static func scale(
        _ problem: TariffProblem, _ below: String, _ above: String, at words: String
    ) -> Fault {
        .price(problem, "preis:\n  \(below)\n  \(above)", at: words)
    }

    private static let ruleFaults: [Fault] = [
        rule(.missingKey, "annahmeregeln: [{nr: A, fundstelle: § 3}]", at: "{nr: A"),
        rule(.missingParagraph, "annahmeregeln: [{nr: A, grund: x}]", at: "{nr: A"),
        rule(
            .unknownKey, "annahmeregeln: [{nr: A, fundstelle: x, grund: x, preis: y}]",
            at: "preis: y"),
        rule(
            .duplicateName, "annahmeregeln: [{nr: 9, fundstelle: x, grund: x}]",
            at: "{nr: 9, fundstelle: x"),
        rule(
            .contradiction,
            "annahmeregeln: [{nr: A, fundstelle: x, grund: x, verlangt: nass, höchstmenge: 1 l}]",
            at: "1 l}"),
        rule(
            .missingKey, "annahmeregeln: [{nr: A, fundstelle: x, grund: x, verlangt: []}]",
            at: "[]}"),
        rule(
            .quotaScope,
            "annahmeregeln: [{nr: A, fundstelle: x, grund: x, höchstmenge: 1 l je Tag}]",
            at: "1 l je"),
        rule(
            .nameNotKnown, "einmal je anlieferung: {name: x, fundstelle: x, positionen: [1, 7]}",
            at: "7]}"),
        rule(
            .missingKey, "einmal je anlieferung: {name: x, fundstelle: x, positionen: []}",
            at: "[]}"),
        rule(
            .wordNotKnown, "gemischte ladung: {fundstelle: x, regel: billigste}", at: "billigste"),
        rule(.wordNotKnown, "waagenausfall: {fundstelle: x, regel: raten}", at: "raten"),
        rule(.missingKey, "zuschläge: {name: x, fundstelle: x}", at: "{name: x"),
        rule(
            .contradiction, "zuschläge: {name: x, fundstelle: x, prozent: 5 %, faktor: 2-fach}",
            at: "{name: x"),
        rule(
            .amountNotUnderstood, "zuschläge: {name: x, fundstelle: x, prozent: viel}", at: "viel"),
        rule(
            .amountNotUnderstood, "zuschläge: {name: x, fundstelle: x, faktor: 1-fach}",
            at: "1-fach"),
        rule(
            .nameNotKnown, "zuschläge: {name: x, fundstelle: x, faktor: 2-fach, positionen: 7}",
            at: "7}"),
        rule(
            .dateNotUnderstood,
            "mindestbetrag: {fundstelle: x, betrag: \"1,00 €\", "
                + "rechtsform: [{ab: 01.01.2025, gilt: Gebühr}]}", at: "{fundstelle: x"),
        rule(.missingParagraph, "höchstbetrag: {betrag: \"1,00 €\"}", at: "{betrag"),
        rule(.missingKey, "vorautorisierung: {fundstelle: x}", at: "{fundstelle: x"),
        rule(
            .contradiction,
            "mindestbetrag: {betrag: \"5,00 €\", fundstelle: x}\n"
                + "höchstbetrag: {betrag: \"4,99 €\", fundstelle: x}", at: "{betrag: \"4,99"),
        rich(.contradiction, "a least amount lifted above the most", at: "{betrag: \"5,94") {
            $0.basis = "netto"
            $0.vat = "umsatzsteuer: 19 % zuzüglich"
            $0 = $0.with(
                "mindestbetrag: {betrag: \"5,00 €\", fundstelle: x}\n"
                    + "höchstbetrag: {betrag: \"5,94 €\", fundstelle: x}")
        },
    ]

    private static let exampleFaults: [Fault] = [
        demo(.wordNotKnown, "herkunft: Mars", at: "Mars"),
        demo(.nameNotKnown, "merkmale: blau", at: "blau"),
        demo(.contradiction, "merkmale: NASS", at: "NASS"),
        demo(.identifierForm, "haushalt: A/B", at: "A/B"),
        demo(.wordNotKnown, "waage: kaputt", at: "kaputt"),
        demo(.deliveryNotUnderstood, "vorher: 1 t gold", at: "1 t gold"),
        demo(.dateNotUnderstood, "vorher: [31.02.2024: 1 l laub]", at: "31.02."),
        demo(.dateNotUnderstood, "vorher: [02.06.2024: 1 l laub]", at: "02.06.2024"),
        demo(.dateNotUnderstood, "vorher: [1 l laub, 31.05.2024: 1 l laub]", at: "31.05."),
        demo(.wrongType, "vorher: [{a: b, c: d}]", at: "{a: b"),
    ]
}
