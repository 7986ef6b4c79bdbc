import Calendars
import DayClosing
import Hummingbird
import Operations
import Pages
import People
import Receipts
import Sales
import Storage
import Units

extension ConsoleRoutes {
    /// The next close, step by step; closes that are final stand in ``closeSheetRoutes``.
    var closeRoutes: [ConsoleRoute] {
        [
            .get("/abschluss", .readSales, closePage),
            .get("/abschluss/vorbereiten", .countClose, preparePage),
            .post("/abschluss/vorbereiten", .countClose) { _ -> Response in
                .redirect("/abschluss/zaehlen")
            },
            .get("/abschluss/zaehlen", .countClose) { visit -> Response in
                try countPage(visit)
            },
            .post("/abschluss/zaehlen", .countClose, count),
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
        ] + closeSheetRoutes
    }

    static let closeTasks = PageLink("Aufgaben des Abschlusses", "/abschluss")

    private func closePage(_ visit: Visit) async throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        let calendar = installation.calendar
        let names = PersonNames(try installation.people())
        var notes: [ClosePage.Step: String] = [:]
        if let draft = progress.draft {
            notes[.count] = "\(names[draft.countedBy]), \(calendar.german(draft.countedAt))"
            if draft.comparisons.allSatisfy(\.agrees) { notes[.explain] = "Keine Abweichung." }
        }
        let page = ClosePage(
            number: progress.number,
            day: progress.draft?.day ?? calendar.day(of: installation.clock()),
            states: progress.states, notes: notes, open: Self.steps(visit))
        return show(page, visit, at: "/abschluss")
    }

    /// The steps whose pages this person may see.
    private static func steps(_ visit: Visit) -> Set<ClosePage.Step> {
        var steps: Set<ClosePage.Step> = [.compare, .approve]
        if visit.may(.countClose) { steps.formUnion([.prepare, .count]) }
        if visit.may(.explainClose) { steps.insert(.explain) }
        return steps
    }

    // Preparing

    private func preparePage(_ visit: Visit) async throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        let ranges = progress.totals.terminals
        let facts =
            [
                Fact("Abschluss", "Nr. \(progress.number.german)"),
                Fact("Belege", ranges.map(\.count).reduce(0, +).german),
                Fact("Umsatz", progress.totals.turnover.german),
            ]
            + ranges.map { range in
                Fact(
                    "Terminal \(range.terminal.text)",
                    "\(padded(range.first, 6)) bis \(padded(range.last, 6))")
            }
        let page = ClosePreparePage(
            facts: facts, points: try openPoints(progress, visit), mayGoOn: true)
        return show(page, visit, at: "/abschluss", back: Self.closeTasks)
    }

    private func openPoints(_ progress: CloseProgress, _ visit: Visit) throws -> [Panel] {
        var points: [Panel] = []
        let unknown = try installation.unresolvedPayments(of: visit.yard)
        if !unknown.isEmpty {
            points.append(
                Panel(
                    .warning, "Ungeklärte Zahlungen: \(unknown.count)",
                    "Zusammen \(unknown.map(\.0.total).sum().german); sie werden vorgetragen.",
                    link: PageLink("Zahlungen klären", "/zahlungen")))
        }
        for terminal in try installation.terminals(of: visit.yard) where terminal.queued > 0 {
            points.append(
                Panel(
                    .warning, "Terminal \(terminal.id.text) hat noch Belege",
                    "\(terminal.queued.german) sind noch nicht gesendet. Sie kämen in den "
                        + "nächsten Abschluss."))
        }
        for range in progress.totals.terminals where !range.missing.isEmpty {
            let numbers = range.missing.map { padded($0, 6) }.joined(separator: ", ")
            points.append(
                Panel(.danger, "Terminal \(range.terminal.text): Nummern fehlen", numbers))
        }
        return points
    }

    // Counting

    private func countPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let page = CloseCountPage(
            cardTerminals: try cardTerminals(visit.yard), values: visit.form.values,
            errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// The card terminals of this close and of the one before, by number.
    private func cardTerminals(_ yard: Yard) throws -> [String] {
        let progress = try installation.closeProgress(of: yard)
        let earlier = progress.previous?.comparisons.map(\.key) ?? []
        let counted = progress.draft?.comparisons.map(\.key) ?? []
        let all = Array(progress.totals.cards.keys) + earlier + counted
        return Set(all.map(\.cardTerminal)).sorted()
    }

    private func count(_ visit: Visit) async throws -> Response {
        let reading = CountReading(visit.form, terminals: try cardTerminals(visit.yard))
        guard reading.errors.isEmpty else { return try countPage(visit, errors: reading.errors) }
        try await installation.countClose(
            reading.counted, day: installation.calendar.day(of: installation.clock()),
            at: visit.yard, by: visit.person)
        return .redirect("/abschluss/vergleichen")
    }

    // Comparing and explaining

    private func comparePage(_ visit: Visit) async throws -> Response {
        guard let draft = try installation.closeProgress(of: visit.yard).draft else {
            return .redirect("/abschluss")
        }
        return show(
            CloseComparePage(draft.comparisons), visit, at: "/abschluss", back: Self.closeTasks)
    }

    private func explainPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        guard let draft = try installation.closeProgress(of: visit.yard).draft else {
            return .redirect("/abschluss")
        }
        let page = CloseExplainPage(
            draft.comparisons, values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func explain(_ visit: Visit) async throws -> Response {
        guard let draft = try installation.closeProgress(of: visit.yard).draft else {
            return .redirect("/abschluss")
        }
        let open = draft.comparisons.filter { !$0.agrees }.map(\.key)
        var errors: [String: String] = [:]
        var reasons: [CardKey: DifferenceReason] = [:]
        for key in open {
            reasons[key] = DifferenceReason(rawValue: visit.form[CloseField.reason(key)])
            if reasons[key] == nil { errors[CloseField.reason(key)] = "Wählen Sie einen Grund." }
            let text = visit.form[CloseField.text(key)]
            if text.isEmpty { errors[CloseField.text(key)] = "Schreiben Sie einen Satz dazu." }
            if text.utf8.count > 200 {
                errors[CloseField.text(key)] = "Kürzen Sie die Erläuterung auf 200 Zeichen."
            }
        }
        guard errors.isEmpty else { return try explainPage(visit, errors: errors) }
        for (key, reason) in reasons {
            try await installation.explainDifference(
                key, reason: reason, text: visit.form[CloseField.text(key)], at: visit.yard,
                by: visit.person)
        }
        return .redirect("/abschluss")
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

/// What the form of the count says, or what is wrong by field.
private struct CountReading {
    private(set) var counted: [CardKey: Tally] = [:]
    private(set) var errors: [String: String] = [:]

    init(_ form: FormValues, terminals: [String]) {
        for terminal in terminals {
            for scheme in CardScheme.allCases {
                read(CardKey(cardTerminal: terminal, scheme: scheme), form)
            }
        }
    }

    private mutating func read(_ key: CardKey, _ form: FormValues) {
        let (count, amount) = (form[CloseField.count(key)], form[CloseField.amount(key)])
        guard !count.isEmpty || !amount.isEmpty else { return }
        let number = decimal(Array(count.utf8)[...])
        if number == nil || number ?? 0 > 1_000_000 {
            errors[CloseField.count(key)] = "Geben Sie die Anzahl als ganze Zahl ein."
        }
        let cents = GermanAmount.parse(amount)
        if cents == nil {
            errors[CloseField.amount(key)] = "Geben Sie einen Betrag ein, etwa 1.234,50."
        }
        guard let number, let cents else { return }
        counted[key] = Tally(count: Int64(number), amount: cents)
    }
}
