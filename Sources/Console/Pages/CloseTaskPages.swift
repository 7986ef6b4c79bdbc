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
    /// That the count was sent back, and why; nil if it was not.
    let sentBack: Panel?
    /// What turned up after the count; nil where nothing did.
    let news: Panel?
    let tasks: [Task]
    /// Whether the totals since the last close are open to this person.
    let hasInterim: Bool

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
            case .prepare: "Offene Punkte ansehen und klären."
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
        open: Set<Step> = Set(Step.allCases), sentBack: Panel? = nil, news: Panel? = nil,
        hasInterim: Bool = true
    ) {
        self.hasInterim = hasInterim
        self.sentBack = sentBack
        self.news = news
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

/// `GET /abschluss/vorbereiten`; `POST` with the checkbox `bekannt` = `ja` and hidden `offen` where
/// something is open.
struct ClosePreparePage: Page {
    static let template = "console-close-prepare"
    let title = "Abschluss vorbereiten"
    let problems: [FormProblem]
    let facts: [Fact]
    let points: [Panel]
    let hasPoints: Bool
    /// Whether the cashier has to say that open points are carried over.
    let mustAcknowledge: Bool
    /// Names the points shown, so that nothing else is confirmed.
    let mark: String
    let error: String?
    let hasError: Bool

    /// - Parameters:
    ///   - facts: what the close would hold: terminals with first and last number, records.
    ///   - points: unresolved payments, terminals with a queue, gaps; each with its link.
    ///   - mark: empty where none of them has to be known.
    init(facts: [Fact], points: [Panel], mark: String, error: String? = nil) {
        self.facts = facts
        self.points = points
        hasPoints = !points.isEmpty
        self.mark = mark
        mustAcknowledge = !mark.isEmpty
        self.error = error
        hasError = error != nil
        problems = [error].compactMap { $0.map { FormProblem(field: "bekannt", message: $0) } }
    }
}

/// The names of the close's form fields for a card terminal and scheme, such as
/// `anzahl-60012345-girocard`; from the second cut on with its place, `anzahl-60012345-girocard-2`.
enum CloseField {
    /// The text of a file of cuts, pasted.
    static let cutText = "datei"
    /// The file itself.
    static let cutFile = "schnittdatei"

    static func count(_ key: CardKey, _ cut: Int = 1) -> String { name("anzahl", key) + place(cut) }
    static func amount(_ key: CardKey, _ cut: Int = 1) -> String {
        name("betrag", key) + place(cut)
    }
    static func reason(_ key: CardKey) -> String { name("grund", key) }
    static func text(_ key: CardKey) -> String { name("text", key) }
    static func cut(_ terminal: String, _ cut: Int) -> String { "schnitt-\(terminal)" + place(cut) }
    static func time(_ terminal: String, _ cut: Int) -> String { "zeit-\(terminal)" + place(cut) }

    private static func name(_ field: String, _ key: CardKey) -> String {
        "\(field)-\(key.cardTerminal)-\(key.scheme.rawValue)"
    }

    private static func place(_ cut: Int) -> String { cut == 1 ? "" : "-\(cut)" }
}

extension TerminalRange {
    /// The first and the last number, such as `000032 bis 000036`; one alone stands alone.
    var words: String {
        first == last ? padded(first, 6) : "\(padded(first, 6)) bis \(padded(last, 6))"
    }
}
