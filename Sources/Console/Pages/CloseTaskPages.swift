import DayClosing
import Pages
import Receipts
import Sales
import Units

/// `GET /abschluss`: the close as a list of tasks.
struct ClosePage: Page {
    static let template = "console-close"
    let title: String
    let lead: String
    let tasks: [Task]

    /// One task of the close.
    struct Task: Sendable {
        let name: String
        /// Nil while it cannot be begun.
        let path: String?
        let state: Badge
        /// What it is about, or who did it and when.
        let note: String
    }

    /// The five tasks in their order.
    enum Step: String, CaseIterable, Sendable {
        case prepare = "vorbereiten"
        case count = "zaehlen"
        case compare = "vergleichen"
        case explain = "erklaeren"
        case approve = "freigeben"

        var name: String {
            switch self {
            case .prepare: "Vorbereiten"
            case .count: "Zählen"
            case .compare: "Vergleichen"
            case .explain: "Erklären"
            case .approve: "Freigeben"
            }
        }

        var purpose: String {
            switch self {
            case .prepare: "Offene Punkte ansehen und den Abschluss festlegen."
            case .count: "Summen der Kartengeräte vom Kassenschnitt abschreiben."
            case .compare: "Hofbuch und Kartengeräte gegenüberstellen."
            case .explain: "Jede Abweichung benennen."
            case .approve: "Eine zweite Person prüft und gibt frei."
            }
        }
    }

    /// - Parameters:
    ///   - number: the number that the close will get.
    ///   - states: of each step; a missing one counts as blocked.
    ///   - notes: who did a step and when, instead of its purpose.
    ///   - open: the steps whose pages this person may see.
    init(
        number: Int64, day: BusinessDay, states: [Step: TaskState], notes: [Step: String] = [:],
        open: Set<Step> = Set(Step.allCases)
    ) {
        title = "Tagesabschluss Nr. \(number.german)"
        lead = "Abschlusstag \(GermanFormat.day(day))"
        tasks = Step.allCases.map { step in
            let state = states[step] ?? .blocked
            return Task(
                name: step.name,
                path: state == .blocked || !open.contains(step)
                    ? nil : "/abschluss/\(step.rawValue)",
                state: state.badge, note: notes[step] ?? step.purpose)
        }
    }
}

/// `GET /abschluss/vorbereiten`, `POST` to fix the cut (no fields).
struct ClosePreparePage: Page {
    static let template = "console-close-prepare"
    let title = "Abschluss vorbereiten"
    let facts: [Fact]
    let points: [Panel]
    let hasPoints: Bool
    /// False while something must be settled first.
    let mayGoOn: Bool

    /// - Parameters:
    ///   - facts: what the close would hold: terminals with first and last number, records.
    ///   - points: unresolved payments, terminals with a queue, gaps; each with its link.
    init(facts: [Fact], points: [Panel], mayGoOn: Bool) {
        self.facts = facts
        self.points = points
        hasPoints = !points.isEmpty
        self.mayGoOn = mayGoOn
    }
}

/// The names of the close's form fields for a card terminal and scheme, such as
/// `anzahl-60012345-girocard`.
enum CloseField {
    static func count(_ key: CardKey) -> String { name("anzahl", key) }
    static func amount(_ key: CardKey) -> String { name("betrag", key) }
    static func reason(_ key: CardKey) -> String { name("grund", key) }
    static func text(_ key: CardKey) -> String { name("text", key) }

    private static func name(_ field: String, _ key: CardKey) -> String {
        "\(field)-\(key.cardTerminal)-\(key.scheme.rawValue)"
    }
}

/// `GET/POST /abschluss/zaehlen`: fields of ``CloseField`` `count` and `amount`; both empty is
/// zero. Blind: nothing of the expected figures is shown.
struct CloseCountPage: Page {
    static let template = "console-close-count"
    let title = "Kartengeräte zählen"
    let problems: [FormProblem]
    let terminals: [Terminal]

    struct Terminal: Sendable {
        let heading: String
        let rows: [Row]
    }

    struct Row: Sendable {
        let scheme: String
        let count: Cell
        let amount: Cell
    }

    /// One input of the table; its label names terminal, scheme and what to type.
    struct Cell: Sendable {
        let id: String
        let label: String
        let value: String
        let error: String?
        let hasError: Bool
    }

    /// - Parameters:
    ///   - cardTerminals: in the order of their numbers.
    ///   - values: what was typed, by field name.
    init(
        cardTerminals: [String], schemes: [CardScheme] = CardScheme.allCases,
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        var found: [FormProblem] = []
        func cell(_ id: String, _ label: String) -> Cell {
            if let error = errors[id] { found.append(FormProblem(field: id, message: error)) }
            return Cell(
                id: id, label: label, value: values[id] ?? "", error: errors[id],
                hasError: errors[id] != nil)
        }
        terminals = cardTerminals.map { terminal in
            let rows = schemes.map { scheme in
                let key = CardKey(cardTerminal: terminal, scheme: scheme)
                return Row(
                    scheme: scheme.label,
                    count: cell(CloseField.count(key), "Anzahl \(scheme.label), Gerät \(terminal)"),
                    amount: cell(
                        CloseField.amount(key), "Summe \(scheme.label) in Euro, Gerät \(terminal)"))
            }
            return Terminal(heading: "Kartengerät \(terminal)", rows: rows)
        }
        problems = found
    }
}

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
        countedCount = comparison.counted.count.german
        counted = comparison.counted.amount.german
        difference = comparison.difference.german
        state = comparison.agrees ? Badge("Stimmt", .success) : Badge("Weicht ab", .warning)
        explanation =
            [comparison.reason?.german, comparison.explanation]
            .compactMap { $0 }.joined(separator: ": ").nilIfEmpty
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
    let verdict: Panel
    let next: PageLink
    let recountPath = "/abschluss/zaehlen"

    init(_ comparisons: [CardComparison]) {
        self.comparisons = comparisons.map(ComparisonRow.init)
        let open = comparisons.filter { !$0.agrees }
        guard !open.isEmpty else {
            verdict = Panel(
                .success, "Alles stimmt", "Hofbuch und Kartengeräte nennen dieselben Zahlen.")
            next = PageLink("Weiter zur Freigabe", "/abschluss/freigeben")
            return
        }
        let total = open.map(\.difference).sum().german
        verdict = Panel(
            .warning, "\(open.count) von \(comparisons.count) Zeilen weichen ab",
            "Zusammen \(total). Zählen Sie noch einmal nach, bevor Sie erklären.")
        next = PageLink("Abweichungen erklären", "/abschluss/erklaeren")
    }
}

/// `GET/POST /abschluss/erklaeren`: fields of ``CloseField`` `reason` and `text` for each
/// difference.
struct CloseExplainPage: Page {
    static let template = "console-close-explain"
    let title = "Abweichungen erklären"
    let problems: [FormProblem]
    let differences: [Difference]

    struct Difference: Sendable {
        let heading: String
        let facts: [Fact]
        let reason: Field
        let text: Field
    }

    /// - Parameter comparisons: those that differ; others are left out.
    init(
        _ comparisons: [CardComparison], values: [String: String] = [:],
        errors: [String: String] = [:]
    ) {
        differences = comparisons.filter { !$0.agrees }.map { comparison in
            Self.difference(comparison, values: values, errors: errors)
        }
        problems = differences.flatMap { [$0.reason.problem, $0.text.problem] }.compactMap { $0 }
    }

    private static func difference(
        _ comparison: CardComparison, values: [String: String], errors: [String: String]
    ) -> Difference {
        let key = comparison.key
        let (reason, text) = (CloseField.reason(key), CloseField.text(key))
        let options = DifferenceReason.allCases.map { Field.Option($0.rawValue, $0.german) }
        return Difference(
            heading: "\(key.scheme.label) an Gerät \(key.cardTerminal)",
            facts: [
                Fact(
                    "Hofbuch",
                    "\(comparison.expected.count.german) Zahlungen, "
                        + comparison.expected.amount.german),
                Fact(
                    "Kartengerät",
                    "\(comparison.counted.count.german) Zahlungen, "
                        + comparison.counted.amount.german),
                Fact("Abweichung", comparison.difference.german),
            ],
            reason: Field(
                reason, "Grund der Abweichung",
                .select([Field.Option("", "Bitte wählen")] + options),
                value: values[reason] ?? comparison.reason?.rawValue ?? "", error: errors[reason]),
            text: Field(
                text, "Erläuterung", .textArea, value: values[text] ?? comparison.explanation ?? "",
                hint: "Was ist geschehen, und was folgt daraus?", error: errors[text]))
    }
}
