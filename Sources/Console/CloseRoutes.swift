import Calendars
import DayClosing
import HTTPTypes
import Hummingbird
import Operations
import Pages
import People
import Sales
import Text
import Units

extension ConsoleRoutes {
    /// The next close, step by step; closes that are final stand in ``closeSheetRoutes``.
    var closeRoutes: [ConsoleRoute] {
        [
            .get("/abschluss", .readSales, closePage),
            .get("/abschluss/vorbereiten", .countClose) { visit -> Response in
                try preparePage(visit)
            },
            .post("/abschluss/vorbereiten", .countClose, prepare),
            .get("/abschluss/zaehlen", .countClose) { visit -> Response in
                try countPage(visit)
            },
            .upload("/abschluss/zaehlen", .countClose, count),
            .get("/abschluss/vergleichen", .readSales, comparePage),
            .get("/abschluss/erklaeren", .explainClose) { visit -> Response in
                try explainPage(visit)
            },
            .post("/abschluss/erklaeren", .explainClose, explain),
            .get("/abschluss/freigeben", .readSales) { visit -> Response in
                try approvePage(visit)
            },
            .post("/abschluss/freigeben", .approveClose, approve),
            .post("/abschluss/zurueckgeben", .approveClose, reject),
        ].map(addedUp) + closeSheetRoutes
    }

    /// The same after the day was added up: a large one takes long the first time, and that not on
    /// a thread that other pages come from.
    func addedUp(_ route: ConsoleRoute) -> ConsoleRoute {
        guard case .people(let act, let answer) = route.access else { return route }
        return ConsoleRoute(
            method: route.method, path: route.path,
            access: .people(act) { visit in
                try await installation.addUp(visit.yard)
                return try await answer(visit)
            }, takesFile: route.takesFile)
    }

    static let closeTasks = PageLink("Aufgaben des Abschlusses", "/abschluss")

    private func closePage(_ visit: Visit) async throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        let calendar = installation.calendar
        let names = PersonNames(try installation.people())
        let news = try installation.newClosePoints(progress)
        var notes: [ClosePage.Step: String] = [:]
        var states = progress.states
        if !news.isEmpty { states[.prepare] = .incomplete }
        if let draft = progress.draft {
            // Who approves may send back what is not explained yet.
            if visit.may(.approveClose) { states[.approve] = .notStarted }
            let carried = draft.carriedOver.prefix(20).map(\.receiptNumber)
            notes[.count] =
                "\(names[draft.countedBy]), \(calendar.german(draft.countedAt))"
                + (carried.isEmpty
                    ? ""
                    : "; ungeklärt vorgetragen: \(carried.joined(separator: ", "))")
            if draft.comparisons.allSatisfy(\.agrees) { notes[.explain] = "Keine Abweichung." }
            let people = Set(draft.comparisons.compactMap(\.explainedBy)).sorted()
            if !people.isEmpty {
                notes[.explain] = people.map { names[$0] }.joined(separator: ", ")
            }
        }
        let back = progress.draft == nil ? progress.sentBack.last : nil
        let page = ClosePage(
            number: progress.number, day: progress.draft?.day ?? suggestedDay(progress),
            states: states, notes: notes, open: Self.steps(visit),
            sentBack: back.map {
                Panel(
                    .warning, "Zurückgegeben von \(names[$0.by])",
                    "\(calendar.german($0.at)): \($0.reason)")
            }, news: newsPanel(news, visit), hasInterim: !progress.isHidden(from: visit.person))
        return show(page, visit, at: "/abschluss")
    }

    /// The steps whose pages this person may see.
    private static func steps(_ visit: Visit) -> Set<ClosePage.Step> {
        var steps: Set<ClosePage.Step> = [.compare, .approve]
        if visit.may(.countClose) { steps.formUnion([.prepare, .count]) }
        if visit.may(.explainClose) { steps.insert(.explain) }
        return steps
    }

    // Comparing and explaining

    private func comparePage(_ visit: Visit) async throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        guard let draft = progress.draft else { return .redirect("/abschluss") }
        return show(
            CloseComparePage(
                draft.comparisons, cuts: draft.cuts,
                findings: try installation.cutFindings(at: visit.yard), recounts: draft.recounts,
                suspicions: try installation.suspicions(at: visit.yard),
                mayExplain: visit.may(.explainClose),
                news: newsPanel(try installation.newClosePoints(progress), visit)), visit,
            at: "/abschluss",
            back: Self.closeTasks)
    }

    private func explainPage(
        _ visit: Visit, errors: [String: String] = [:],
        status: HTTPResponse.Status = .unprocessableContent
    ) throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        guard let draft = progress.draft else { return .redirect("/abschluss") }
        let page = CloseExplainPage(
            draft.comparisons, suspicions: try installation.suspicions(at: visit.yard),
            news: newsPanel(try installation.newClosePoints(progress), visit), mark: draft.mark,
            values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : status)
    }

    private func explain(_ visit: Visit) async throws -> Response {
        guard let draft = try installation.closeProgress(of: visit.yard).draft else {
            return .redirect("/abschluss")
        }
        let open = draft.comparisons.filter { !$0.agrees }
        var errors: [String: String] = [:]
        var words: [CardKey: (reason: DifferenceReason, text: String)] = [:]
        for comparison in open {
            let key = comparison.key
            let reason = DifferenceReason(rawValue: visit.form[CloseField.reason(key)])
                .flatMap { comparison.isKnown || $0.fitsUnknown ? $0 : nil }
            if let reason {
                words[key] = (reason: reason, text: visit.form.line(CloseField.text(key)))
            } else {
                errors[CloseField.reason(key)] = "\(key.words): Wählen Sie einen Grund."
            }
            errors[CloseField.text(key)] = visit.form.problem(
                ofText: CloseField.text(key), missing: "Schreiben Sie einen Satz dazu.",
                what: "den Text"
            ).map { "\(key.words): \($0)" }
        }
        guard errors.isEmpty else { return try explainPage(visit, errors: errors) }
        do {
            try await installation.explainDifferences(
                words, seen: visit.form["stand"], at: visit.yard, by: visit.person)
        } catch OperationsError.closeChanged {
            return try explainedMeanwhile(open, words, visit)
        }
        return .redirect("/abschluss")
    }

    /// The form again with the figures as they are now, unless a second click finds what the first
    /// one said.
    private func explainedMeanwhile(
        _ open: [CardComparison],
        _ words: [CardKey: (reason: DifferenceReason, text: String)], _ visit: Visit
    ) throws -> Response {
        let isSaid = open.allSatisfy { comparison in
            guard let said = words[comparison.key] else { return false }
            return comparison.reason == said.reason && comparison.explainedBy == visit.person.id
                && comparison.explanation == said.text
        }
        if isSaid { return .redirect("/abschluss") }
        var errors: [String: String] = [:]
        if let first = open.first {
            errors[CloseField.reason(first.key)] =
                "\(first.key.words): Inzwischen wurde noch einmal gezählt oder erklärt. Prüfen "
                + "Sie, ob Ihre Worte zu den neuen Zahlen passen."
        }
        return try explainPage(visit, errors: errors, status: .conflict)
    }
}

extension CloseProgress {
    /// How far each step is.
    fileprivate var states: [ClosePage.Step: TaskState] {
        guard let draft else { return [.prepare: .notStarted, .count: .notStarted] }
        let agrees = draft.comparisons.allSatisfy(\.agrees)
        return [
            .prepare: .done, .count: .done, .compare: .done,
            .explain: agrees || isExplained ? .done : .notStarted,
            .approve: isExplained ? .notStarted : .blocked,
        ]
    }
}
