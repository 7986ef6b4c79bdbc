import DayClosing
import Pages
import Receipts
import Sales
import Units

/// A row of the comparison of our totals with those of a card terminal.
struct ComparisonRow: Sendable {
    let cardTerminal: String
    let scheme: String
    let expectedCount: String
    let expected: String
    let countedCount: String
    let counted: String
    let difference: String
    let state: Badge
    let explanation: String?

    init(_ comparison: CardComparison) {
        cardTerminal = comparison.key.cardTerminal
        scheme = comparison.key.scheme.label
        expectedCount = comparison.expected.count.german
        expected = comparison.expected.amount.german
        countedCount = comparison.slip?.count.german ?? "–"
        counted = comparison.slip?.amount.german ?? "nicht bekannt"
        difference = comparison.isKnown ? comparison.difference.german : "nicht bekannt"
        state =
            if !comparison.isKnown { Badge("Kein Kassenschnitt", .warning) } else {
                comparison.agrees ? Badge("Stimmt", .success) : Badge("Weicht ab", .warning)
            }
        let said = [comparison.reason?.german, comparison.explanation]
            .compactMap { $0 }.joined(separator: ": ")
        explanation =
            [comparison.broughtWords, said.nilIfEmpty].compactMap { $0 }
            .joined(separator: " ").nilIfEmpty
    }
}

extension CardComparison {
    /// What the close before left open here, in words.
    var broughtWords: String? {
        brought.map { carried in
            "Vorgetragen seit Abschluss Nr. \(carried.since.german): "
                + "\(carried.tally.amount.german)\(agrees ? ", jetzt ausgeglichen." : ".")"
        }
    }
}

extension String {
    /// Nil instead of the empty text.
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}

/// `GET /abschluss/vergleichen`.
struct CloseComparePage: Page {
    static let template = "console-close-compare"
    let title = "Kartengeräte vergleichen"
    let comparisons: [ComparisonRow]
    let hasComparisons: Bool
    let verdict: Panel
    /// Nil for somebody who may not go on.
    let next: PageLink?
    let recountPath = "/abschluss/zaehlen"
    let mayRecount: Bool
    /// The cuts that were counted, where there are several or some have numbers.
    let cuts: [Fact]
    let hasCuts: Bool
    /// What is odd about the numbers of the cuts.
    let findings: [Panel]
    let hints: [DifferenceHints]
    let hasHints: Bool
    /// What turned up after the count; nil where nothing did.
    let news: Panel?

    /// - Parameters:
    ///   - findings: what is odd about the numbers of the cuts.
    ///   - recounts: how often it was counted again.
    ///   - suspicions: for each difference the sales to look at first.
    ///   - mayExplain: whether the person counts and explains.
    init(
        _ comparisons: [CardComparison], cuts: [BatchCut] = [], findings: [CutFinding] = [],
        recounts: Int64 = 0, suspicions: [CardKey: [Suspicion]] = [:], mayExplain: Bool = true,
        news: Panel? = nil
    ) {
        self.news = news
        self.comparisons = comparisons.map(ComparisonRow.init)
        hasComparisons = !comparisons.isEmpty
        self.cuts = CutWords.facts(cuts)
        hasCuts = !self.cuts.isEmpty
        let open = comparisons.filter { !$0.agrees }
        self.findings = CutWords.panels(findings)
        hints = open.filter(\.isKnown).map { DifferenceHints($0, suspicions[$0.key] ?? []) }
        hasHints = !hints.isEmpty
        mayRecount = mayExplain
        let again = recounts == 0 ? "" : " Nachgezählt: \(recounts.german)-mal."
        guard !open.isEmpty else {
            verdict =
                comparisons.isEmpty
                ? Panel(
                    .success, "Keine Kartenzahlungen",
                    "Weder das Hofbuch noch ein Kartengerät nennt eine.\(again)")
                : Panel(
                    .success, "Alles stimmt",
                    "Hofbuch und Kartengeräte nennen dieselben Zahlen.\(again)")
            next = PageLink("Weiter zur Freigabe", "/abschluss/freigeben")
            return
        }
        let isExplained = open.allSatisfy { $0.reason != nil }
        verdict = Self.verdict(open, of: comparisons.count, isExplained: isExplained, again)
        next =
            isExplained
            ? PageLink("Weiter zur Freigabe", "/abschluss/freigeben")
            : mayExplain ? PageLink("Abweichungen erklären", "/abschluss/erklaeren") : nil
    }

    /// - Parameter again: how often it was counted again, as a sentence.
    private static func verdict(
        _ open: [CardComparison], of count: Int, isExplained: Bool, _ again: String
    ) -> Panel {
        let todo =
            isExplained
            ? "Jede ist erklärt." : "Zählen Sie noch einmal nach, bevor Sie erklären."
        let unknown = open.filter { !$0.isKnown }
        let devices = Set(unknown.map(\.key.cardTerminal)).sorted().joined(separator: ", ")
        let missing =
            unknown.isEmpty ? "" : "Kein Kassenschnitt, nicht bekannt: Gerät \(devices). "
        let differing = open.filter(\.isKnown)
        guard !differing.isEmpty else {
            return Panel(
                .warning, "\(unknown.count) von \(count) Zeilen ohne Kassenschnitt",
                "\(missing)\(todo)\(again)")
        }
        let verb = differing.count == 1 ? "weicht" : "weichen"
        let total = differing.map(\.remaining.amount).sum().atCardTerminal
        return Panel(
            .warning, "\(differing.count) von \(count) Zeilen \(verb) ab",
            "Zusammen \(total). \(missing)\(todo)\(again)")
    }
}

extension Cents {
    /// A difference in words, such as `18,00 € mehr am Kartengerät`; positive where the card
    /// terminal says more than the journal.
    var atCardTerminal: String {
        self == .zero
            ? german : "\(magnitude.german) \(isNegative ? "weniger" : "mehr") am Kartengerät"
    }
}

extension CardKey {
    /// Scheme and card terminal, as headings and messages name them.
    var words: String { "\(scheme.label) an Gerät \(cardTerminal)" }
}

/// Where to look first for one difference.
struct DifferenceHints: Sendable {
    let heading: String
    let hints: [Hint]
    let isEmpty: Bool

    struct Hint: Sendable {
        let text: String
        let sales: [PageLink]
    }

    init(_ comparison: CardComparison, _ suspicions: [Suspicion]) {
        heading = comparison.key.words
        hints = suspicions.map { suspicion in
            Hint(
                text: suspicion.kind.german,
                sales: suspicion.sales.map { PageLink($0.receiptNumber, $0.path) })
        }
        isEmpty = hints.isEmpty
    }
}

extension Suspicion.Kind {
    /// What it would mean, in a sentence that ends before the sales.
    fileprivate var german: String {
        switch self {
        case .equalAmount: "Genau dieser Betrag fehlt am Kartengerät:"
        case .twin: "Das Kartengerät hat diesen Betrag einmal mehr, vielleicht doppelt belastet:"
        case .transposedDigits: "Zahlendreher beim Eintippen würde passen:"
        case .shiftedDigits: "Eine Stelle zu viel oder zu wenig getippt würde passen:"
        case .wrongSign: "Zahlung und Gutschrift vertauscht würde passen:"
        case .nearCut: "Am Rand des Abschlusses, der Schnitt lag vielleicht anders:"
        case .pair: "Diese beiden fehlen zusammen am Kartengerät:"
        case .chargedAfterAll: "Ohne Kartenzahlung verzeichnet, vielleicht doch belastet:"
        case .otherScheme: "Vermutlich unter einer anderen Kartenmarke gezählt:"
        case .givenBack: "Am Kartengerät vielleicht zurückgebucht, ohne dass es hier steht:"
        }
    }
}

/// Batch cuts in words.
enum CutWords {
    /// A card terminal without a cut: what its total is.
    static let unknown = "kein Kassenschnitt, nicht bekannt"

    /// What is odd about the numbers of the cuts, each by itself.
    static func panels(_ findings: [CutFinding]) -> [Panel] {
        findings.map { finding in
            let heading =
                switch finding {
                case .repeated: "Nummer eines Kassenschnitts doppelt"
                case .gap: "Lücke in den Kassenschnitten"
                case .behind: "Kassenschnitte nicht in Folge"
                }
            return Panel(.warning, heading, finding.german)
        }
    }

    /// Empty where each card terminal has one cut without a number: nothing to tell apart.
    static func facts(_ cuts: [BatchCut]) -> [Fact] {
        let isPlain =
            Set(cuts.map(\.cardTerminal)).count == cuts.count
            && cuts.allSatisfy { $0.number == nil && $0.source == .typed }
        guard !isPlain else { return [] }
        return cuts.map { cut in
            let sum = cut.totals.values.map(\.amount).sum()
            let count = cut.totals.values.map(\.count).reduce(0, +)
            return Fact(
                "Gerät \(cut.cardTerminal), Schnitt \(cut.number ?? "ohne Nummer")",
                [
                    cut.printedAt.map(SlipTime.german), count.payments, sum.german,
                    cut.source.german,
                ].compactMap { $0 }.joined(separator: ", "))
        }
    }
}

extension Int64 {
    /// So many payments.
    fileprivate var payments: String { self == 1 ? "1 Zahlung" : "\(german) Zahlungen" }
}

extension BatchCut.Source {
    fileprivate var german: String {
        switch self {
        case .typed: "abgeschrieben"
        case .uploaded: "aus einer Datei"
        case .terminal: "vom Gerät gelesen"
        }
    }
}

/// `GET/POST /abschluss/erklaeren`: fields of ``CloseField`` `reason` and `text` for each
/// difference.
struct CloseExplainPage: Page {
    static let template = "console-close-explain"
    let title = "Abweichungen erklären"
    let problems: [FormProblem]
    let differences: [Difference]
    let isEmpty: Bool
    /// What turned up after the count; nil where nothing did.
    let news: Panel?
    /// What the person looks at, so that the words go to no other figures.
    let mark: String

    struct Difference: Sendable {
        let heading: String
        let facts: [Fact]
        let hints: [DifferenceHints.Hint]
        let reason: Field
        let text: Field
    }

    /// - Parameter comparisons: those that differ; others are left out.
    init(
        _ comparisons: [CardComparison], suspicions: [CardKey: [Suspicion]] = [:],
        news: Panel? = nil, mark: String = "", values: [String: String] = [:],
        errors: [String: String] = [:]
    ) {
        self.news = news
        self.mark = mark
        differences = comparisons.filter { !$0.agrees }.map { comparison in
            Self.difference(
                comparison, suspicions[comparison.key] ?? [], values: values, errors: errors)
        }
        isEmpty = differences.isEmpty
        problems = differences.flatMap { [$0.reason.problem, $0.text.problem] }.compactMap { $0 }
    }

    private static func difference(
        _ comparison: CardComparison, _ suspicions: [Suspicion], values: [String: String],
        errors: [String: String]
    ) -> Difference {
        let key = comparison.key
        let (reason, text) = (CloseField.reason(key), CloseField.text(key))
        let options = DifferenceReason.allCases.filter {
            comparison.isKnown || $0.fitsUnknown
        }.map {
            Field.Option($0.rawValue, $0.german + ($0.isCarried ? " (wird vorgetragen)" : ""))
        }
        let hints = DifferenceHints(comparison, suspicions)
        let chosen =
            values[reason] ?? comparison.reason?.rawValue
            ?? (comparison.isKnown
                ? suspicions.first?.reason.rawValue : DifferenceReason.cutMissing.rawValue)
        return Difference(
            heading: hints.heading,
            facts: [
                Fact(
                    "Hofbuch",
                    "\(comparison.expected.count.payments), "
                        + comparison.expected.amount.german),
                Fact(
                    "Kartengerät",
                    comparison.slip.map { "\($0.count.payments), \($0.amount.german)" }
                        ?? CutWords.unknown),
                Fact(
                    "Abweichung",
                    comparison.isKnown ? comparison.difference.atCardTerminal : "nicht bekannt"),
            ]
                + (comparison.brought.map {
                    [
                        Fact(
                            "Vorgetragen seit Nr. \($0.since.german)", $0.tally.amount.german),
                        Fact("Bleibt", comparison.remaining.amount.german),
                    ]
                } ?? []), hints: hints.hints,
            reason: Field(
                reason, "Grund der Abweichung",
                .select([Field.Option("", "Bitte wählen")] + options),
                value: chosen ?? "", error: errors[reason]),
            text: Field(
                text, "Erläuterung", .textArea, value: values[text] ?? comparison.explanation ?? "",
                hint: "Was ist geschehen, und was folgt daraus? Keine Namen von Kunden.",
                error: errors[text]))
    }
}
