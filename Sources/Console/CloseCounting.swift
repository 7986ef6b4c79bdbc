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

// The first two steps of a close: preparing and counting.
extension ConsoleRoutes {
    func preparePage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        let ranges = progress.totals.terminals
        var facts = [Fact("Abschluss", "Nr. \(progress.number.german)")]
        if progress.isHidden(from: visit.person) {
            facts.append(Fact("Umsatz", "wird nach dem Zählen gezeigt"))
        } else {
            facts += [
                Fact("Belege", ranges.map(\.count).reduce(0, +).german),
                Fact("Umsatz", progress.totals.turnover.german),
            ]
        }
        facts += ranges.map { range in
            Fact(
                "Terminal \(range.terminal.text)",
                "\(padded(range.first, 6)) bis \(padded(range.last, 6))")
        }
        let points = try installation.closePoints(progress)
        let page = ClosePreparePage(
            facts: facts, points: points.map { $0.panel(installation.calendar) },
            mustAcknowledge: points.contains { $0.mustBeAcknowledged },
            error: errors["bekannt"])
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// Goes on to counting once the open points are known.
    func prepare(_ visit: Visit) async throws -> Response {
        let points = try installation.closePoints(
            try installation.closeProgress(of: visit.yard))
        guard isKnown(visit) || !points.contains(where: { $0.mustBeAcknowledged })
        else {
            return try preparePage(
                visit,
                errors: ["bekannt": "Klären Sie die Punkte, oder bestätigen Sie den Vortrag."])
        }
        return .redirect("/abschluss/zaehlen" + (isKnown(visit) ? "?bekannt=ja" : ""))
    }

    private func isKnown(_ visit: Visit) -> Bool { visit.form["bekannt"] == "ja" }

    /// The day that most likely is to be closed: that of the newest record not closed yet, so
    /// that a day forgotten yesterday is offered first.
    func suggestedDay(_ progress: CloseProgress) -> BusinessDay {
        let today = installation.calendar.day(of: installation.clock())
        return min(progress.newestDay ?? today, today)
    }

    func countPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let asked =
            visit.form["schnitte"].isEmpty
            ? visit.arrival.query("schnitte") : visit.form["schnitte"]
        var values = visit.form.values
        if values["geraet"] == nil { values["geraet"] = visit.arrival.query("geraet") }
        var errors = errors
        if let named = values["geraet"], !named.isEmpty, !CardSlip.isCode(named) {
            errors["geraet"] = "Geben Sie Ziffern oder Großbuchstaben ein, höchstens 16."
        }
        let progress = try installation.closeProgress(of: visit.yard)
        let page = CloseCountPage(
            day: suggestedDay(progress), cardTerminals: try cardTerminals(visit),
            cuts: CutForm.count(asked), isCounted: progress.draft != nil,
            unknown: try installation.unresolvedPayments(of: visit.yard).map(\.1),
            isKnown: isKnown(visit) || visit.arrival.query("bekannt") == "ja",
            values: values, errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// The card terminals of this close, of the one before, and one that the person names.
    private func cardTerminals(_ visit: Visit) throws -> [String] {
        let progress = try installation.closeProgress(of: visit.yard)
        let earlier = progress.previous?.comparisons.map(\.key.cardTerminal) ?? []
        let counted = progress.draft?.cuts.map(\.cardTerminal) ?? []
        let named = [visit.arrival.query("geraet"), visit.form["geraet"]]
            .filter(CardSlip.isCode)
        let all = progress.totals.cards.keys.map(\.cardTerminal) + earlier + counted + named
        return Set(all).sorted()
    }

    func count(_ visit: Visit) async throws -> Response {
        let form = CutForm(
            visit.form, file: visit.arrival.files[CloseField.cutFile],
            terminals: try cardTerminals(visit))
        guard form.errors.isEmpty else { return try refuse(visit, form.errors) }
        do {
            try await installation.countClose(
                cuts: form.cuts,
                day: form.day ?? installation.calendar.day(of: installation.clock()),
                at: visit.yard, by: visit.person,
                unknown: isKnown(visit) ? .carriedOver : .refused)
        } catch OperationsError.unknownPayments(_) {
            return try refuse(
                visit, ["bekannt": "Klären Sie die Zahlungen, oder bestätigen Sie den Vortrag."])
        } catch OperationsError.input(field: "day", _) {
            return try refuse(
                visit, ["tag": "Wählen Sie einen Tag vom letzten Abschluss bis heute."])
        }
        return .redirect("/abschluss/vergleichen")
    }

    /// The form again with what was typed. No browser keeps a chosen file, and a count without it
    /// would pass for whole: so it is asked for again.
    private func refuse(_ visit: Visit, _ found: [String: String]) throws -> Response {
        var errors = found
        if let file = visit.arrival.files[CloseField.cutFile], errors[CloseField.cutFile] == nil {
            errors[CloseField.cutFile] =
                "\(file.shownName) ist noch nicht gespeichert. Wählen Sie die Datei noch einmal."
        }
        return try countPage(visit, errors: errors)
    }
}

extension ClosePoint {
    /// The point as the page of the preparation shows it.
    fileprivate func panel(_ calendar: LocalCalendar) -> Panel {
        switch self {
        case .unknownPayments(let sales, let total):
            Panel(
                .warning, "Ungeklärte Zahlungen: \(sales.count)",
                "\(Self.list(sales)), zusammen \(total.german); sie werden vorgetragen.",
                link: PageLink("Zahlungen klären", "/zahlungen"))
        case .unknownAtTerminal(let terminal, let count):
            Panel(
                .warning, "Terminal \(terminal.text): Zahlung ungeklärt",
                "Am Gerät, noch nicht gesendet: \(count.german). Klären Sie das dort.")
        case .unsent(let terminal, let count):
            Panel(
                .warning, "Terminal \(terminal.text) hat noch Belege",
                "Noch nicht gesendet: \(count.german). Das käme in den nächsten Abschluss.")
        case .silent(let terminal, let since):
            Panel(
                .info, "Terminal \(terminal.text) meldet sich nicht",
                since.map { "Zuletzt am \(calendar.german($0))." } ?? "Noch nie gemeldet.")
        case .missing(let terminal, let numbers):
            Panel(
                .danger, "Terminal \(terminal.text): Nummern fehlen",
                numbers.map { padded($0, 6) }.listed(50))
        case .quarantined(let terminal):
            Panel(
                .danger, "Terminal \(terminal.text) ist in Quarantäne",
                "Seine Belege zählen mit und sind gekennzeichnet.")
        case .withheld(let count):
            Panel(
                .warning, "Zurückgehaltene Belege: \(count.german)",
                "Sie kamen unter einem gesperrten Schlüssel und zählen nicht, bis entschieden ist.")
        case .refundsOpen(let requests):
            Panel(
                .warning, "Erstattungen auf Karte ohne Beleg: \(requests.count)",
                requests.map { "E-\($0)" }.joined(separator: ", "),
                link: PageLink("Erstattungen ansehen", "/erstattungen"))
        case .late(let sales):
            Panel(
                .info, "Nachträge früherer Tage: \(sales.count)",
                "\(Self.list(sales)). Sie stehen mit ihrem eigenen Tag im Abschluss.")
        case .carried(let open):
            Panel(
                .warning, "Vorgetragene Abweichungen: \(open.count)",
                open.map {
                    "\($0.scheme.label) an Gerät \($0.cardTerminal) \($0.amount.german) seit "
                        + "Abschluss Nr. \($0.since.german)"
                }.joined(separator: "; ") + ". Sie sollten sich jetzt ausgleichen.")
        case .flagged(let count):
            Panel(
                .info, "Auffällige Einträge: \(count.german)",
                "Der Server hat sie mit einem Hinweis versehen.")
        case .debtorMissing(let sales):
            Panel(
                .warning, "Forderungen ohne Schuldner: \(sales.count)",
                "\(Self.list(sales)). Benennen Sie ihn auf der Seite des Verkaufs, bevor die "
                    + "Forderung exportiert wird.",
                link: PageLink("Offene Forderungen ansehen", "/abgleich"))
        }
    }

    private static func list(_ sales: [SaleReference]) -> String {
        sales.map(\.receiptNumber).listed(20)
    }
}
