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
            Fact("Belege von Terminal \(range.terminal.text)", range.words)
        }
        let points = try installation.closePoints(progress)
        let page = ClosePreparePage(
            facts: facts, points: points.map { $0.panel(installation.calendar) },
            mark: points.mark, error: errors["bekannt"])
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// Goes on to counting once the open points are known.
    func prepare(_ visit: Visit) async throws -> Response {
        let points = try installation.closePoints(
            try installation.closeProgress(of: visit.yard))
        if let error = Self.unknownError(points, visit) {
            return try preparePage(visit, errors: ["bekannt": error])
        }
        let query = points.mark.isEmpty ? "" : "?bekannt=\(points.mark)"
        return .redirect("/abschluss/zaehlen\(query)")
    }

    /// Why the form does not say that these points are known; nil if it does, or none has to be.
    /// The form names the points that its page showed, so that nobody confirms what came later.
    private static func unknownError(_ points: [ClosePoint], _ visit: Visit) -> String? {
        guard !points.mark.isEmpty else { return nil }
        guard visit.form["bekannt"] == "ja" else {
            return "Klären Sie die Punkte, oder bestätigen Sie den Vortrag."
        }
        return visit.form["offen"] == points.mark
            ? nil : "Inzwischen hat sich die Liste geändert. Sehen Sie sie noch einmal an."
    }

    /// The day that most likely is to be closed: the oldest one after the last close's day with
    /// records that are not closed yet, so that forgotten days are offered first. Where all came
    /// late for closed days, the last close's day, as no close is of an earlier one.
    func suggestedDay(_ progress: CloseProgress) -> BusinessDay {
        let today = installation.calendar.day(of: installation.clock())
        let day = progress.oldestDay ?? progress.newestDay ?? today
        return min(max(day, progress.previous?.day ?? day), today)
    }

    func countPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let asked =
            visit.form["schnitte"].isEmpty
            ? visit.arrival.query("schnitte") : visit.form["schnitte"]
        var values = visit.form.values
        if values["geraet"] == nil { values["geraet"] = visit.arrival.query("geraet") }
        var errors = errors
        if errors["geraet"] == nil, let named = values["geraet"] {
            errors["geraet"] = CutForm.problem(ofNamed: named, in: visit.form, isSaved: false)
        }
        let progress = try installation.closeProgress(of: visit.yard)
        if errors["tag"] == nil { errors["tag"] = Self.otherClose(visit, progress) }
        let terminals = cardTerminals(visit, progress)
        let page = CloseCountPage(
            number: progress.number, day: suggestedDay(progress), cardTerminals: terminals,
            newest: try installation.newestCuts(at: visit.yard),
            cuts: CutForm.count(asked, visit.form, terminals),
            isCounted: progress.draft != nil,
            open: openPoints(try installation.closePoints(progress), visit, errors["bekannt"]),
            values: values, errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// Why figures that were typed for another close are not saved with this one; nil where they
    /// are for this one.
    private static func otherClose(_ visit: Visit, _ progress: CloseProgress) -> String? {
        let shown = visit.form["abschluss"]
        guard !shown.isEmpty, shown != "\(progress.number)" else { return nil }
        let other = Int64(shown).map { "Abschluss Nr. \($0.german)" } ?? "einen anderen Abschluss"
        return "Das Formular war für \(other), inzwischen ist Nr. \(progress.number.german) an der "
            + "Reihe. Prüfen Sie, ob die Zahlen dazu gehören, und speichern Sie noch einmal."
    }

    /// The question whether open points are known; nil where none has to be.
    private func openPoints(
        _ points: [ClosePoint], _ visit: Visit, _ error: String?
    ) -> CloseCountPage.Open? {
        let prepared = visit.arrival.query("bekannt")
        let isKnown =
            Self.unknownError(points, visit) == nil || prepared == points.mark
        return CloseCountPage.Open(
            points.filter(\.mustBeAcknowledged).map { $0.panel(installation.calendar) },
            mark: points.mark, isChecked: isKnown && error == nil,
            hasChanged: !isKnown && !prepared.isEmpty, error: error)
    }

    /// The card terminals of this close, of the one before, and those that the person names or
    /// types figures for.
    private func cardTerminals(_ visit: Visit, _ progress: CloseProgress) -> [String] {
        let earlier = progress.previous?.comparisons.map(\.key.cardTerminal) ?? []
        let counted = progress.draft?.cuts.map(\.cardTerminal) ?? []
        let named = [visit.arrival.query("geraet"), visit.form["geraet"]]
            .flatMap(CutForm.terminals)
        let chosen = (named + CutForm.typed(visit.form)).filter(CardSlip.isCode)
        let all = progress.totals.cards.keys.map(\.cardTerminal) + earlier + counted + chosen
        return Set(all).sorted()
    }

    func count(_ visit: Visit) async throws -> Response {
        if visit.form["anpassen"] == "ja" { return try refuse(visit, [:]) }
        let progress = try installation.closeProgress(of: visit.yard)
        let form = CutForm(
            visit.form, file: visit.arrival.files[CloseField.cutFile],
            terminals: cardTerminals(visit, progress),
            today: installation.calendar.day(of: installation.clock()))
        let points = try installation.closePoints(progress)
        var errors = form.errors
        errors["tag"] = errors["tag"] ?? Self.otherClose(visit, progress)
        errors["bekannt"] = Self.unknownError(points, visit)
        errors["geraet"] = CutForm.problem(
            ofNamed: visit.form["geraet"], in: visit.form, isSaved: true)
        guard errors.isEmpty else { return try refuse(visit, errors) }
        do {
            try await installation.countClose(
                cuts: form.cuts,
                day: form.day ?? installation.calendar.day(of: installation.clock()),
                at: visit.yard, by: visit.person,
                unknown: points.mark.isEmpty ? .refused : .carriedOver)
        } catch OperationsError.unknownPayments(_) {
            return try refuse(
                visit, ["bekannt": "Klären Sie die Zahlungen, oder bestätigen Sie den Vortrag."])
        } catch OperationsError.input(field: "day", _) {
            return try refuse(
                visit, ["tag": "Wählen Sie einen Tag vom letzten Abschluss bis heute."])
        } catch let error as OperationsError {
            guard case .cutCounted(let terminal, let number, let close) = error else {
                throw error
            }
            return try refuse(
                visit,
                [
                    form.field(of: terminal, number): "Gerät \(terminal): Kassenschnitt \(number) "
                        + "steht mit gleichen Summen schon in Abschluss Nr. "
                        + "\(close.german). Lassen Sie ihn weg, oder berichtigen Sie die Nummer."
                ])
        }
        return .redirect("/abschluss/vergleichen")
    }

    /// The form again with what was typed, also where nothing is wrong. No browser keeps a chosen
    /// file, and a count without it would pass for whole: so it is asked for again.
    private func refuse(_ visit: Visit, _ found: [String: String]) throws -> Response {
        var errors = found
        if let file = visit.arrival.files[CloseField.cutFile], errors[CloseField.cutFile] == nil {
            errors[CloseField.cutFile] =
                "\(file.shownName) ist noch nicht gespeichert. Wählen Sie die Datei noch einmal."
        }
        return try countPage(visit, errors: errors)
    }
}
