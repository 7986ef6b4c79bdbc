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
    func approvePage(
        _ visit: Visit, errors: [String: String] = [:],
        status: HTTPResponse.Status = .unprocessableContent
    ) throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        guard let draft = progress.draft else { return .redirect("/abschluss") }
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        let totals = progress.totals
        let news = try installation.newClosePoints(progress)
        var errors = errors
        if news.isEmpty { errors["neu"] = nil }
        let page = CloseApprovePage(
            number: progress.number, turnover: totals.turnover,
            records: totals.terminals.map(\.count).reduce(0, +), comparisons: draft.comparisons,
            facts: [
                Fact("Abschlusstag", GermanFormat.day(draft.day)),
                Fact(
                    "Gezählt von",
                    "\(names[draft.countedBy]), \(calendar.german(draft.countedAt))"),
                Fact("Nachgezählt", draft.recounts == 0 ? "nein" : "\(draft.recounts.german)-mal"),
                Fact("Umsatzsteuer", totals.vat.map(\.tax).sum().german),
            ]
                + totals.terminals.map {
                    Fact(
                        "Belege von Terminal \($0.terminal.text)", $0.words)
                },
            carried: totals.carried
                + CutWords.panels(try installation.cutFindings(at: visit.yard)), mark: draft.mark,
            news: (news.map { $0.panel(calendar) }, news.mark),
            prepare: Self.openPointsLink(visit),
            waitingFor: Self.waitingFor(draft, isExplained: progress.isExplained, visit),
            maySendBack: visit.may(.approveClose) && draft.countedBy != visit.person.id,
            reason: visit.form["grund"], errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : status)
    }

    /// Why this person cannot approve now; nil if they can.
    private static func waitingFor(
        _ draft: CloseProgress.Draft, isExplained: Bool, _ visit: Visit
    ) -> String? {
        guard visit.may(.approveClose) else {
            return "Eine Person mit der Rolle „\(Role.approver.german)“ gibt frei."
        }
        guard draft.countedBy != visit.person.id else {
            return "Sie haben gezählt; freigeben muss jemand anderes."
        }
        guard !draft.comparisons.contains(where: { $0.explainedBy == visit.person.id }) else {
            return "Sie haben eine Abweichung erklärt; freigeben muss jemand anderes."
        }
        return isExplained ? nil : "Die Kasse erklärt zuerst jede Abweichung."
    }

    func approve(_ visit: Visit) async throws -> Response {
        guard visit.form["geprueft"] == "ja" else {
            return try approvePage(
                visit, errors: ["geprueft": "Bestätigen Sie, dass Sie geprüft haben."])
        }
        let knowsNews = visit.form["neu"] == "ja"
        do {
            let close = try await installation.approveClose(
                at: visit.yard, by: visit.person, seen: visit.form["stand"],
                news: knowsNews ? visit.form["offen"] : "")
            return .redirect("/abschluesse/\(close.number)")
        } catch OperationsError.closeChanged {
            // The new figures, so that nobody approves what was not looked at.
            return try approvePage(
                visit,
                errors: [
                    "geprueft": "Inzwischen wurde noch einmal gezählt oder erklärt. Prüfen Sie die "
                        + "neuen Zahlen."
                ], status: .conflict)
        } catch OperationsError.pointsNew(_) {
            return try approvePage(
                visit,
                errors: [
                    "neu": knowsNews
                        ? "Inzwischen hat sich geändert, was neu ist. Sehen Sie noch einmal nach."
                        : "Seit der Zählung kam etwas dazu. Bestätigen Sie, dass Sie es wissen, "
                            + "oder geben Sie den Abschluss zurück."
                ], status: .conflict)
        } catch OperationsError.notCounted {
            return try afterApproval(visit)
        }
    }

    /// How long after an approval a form about the same close is taken for one.
    private static let overtakenMilliseconds: Int64 = 15 * 60_000

    /// A second click finds the close that the first one made. Who was overtaken by another
    /// approver is told by whom.
    private func afterApproval(_ visit: Visit) throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        let now = installation.clock()
        guard let last = progress.previous, progress.draft == nil, progress.sentBack.isEmpty,
            now.milliseconds - last.approvedAt.milliseconds < Self.overtakenMilliseconds
        else { throw OperationsError.notCounted }
        let path = "/abschluesse/\(last.number)"
        if last.approvedBy == visit.person.id { return .redirect(path) }
        let name = PersonNames(try installation.people())[last.approvedBy]
        let page = ErrorPage(
            title: "Abschluss Nr. \(last.number.german) ist schon freigegeben",
            what: "\(name) hat ihn freigegeben: "
                + "\(installation.calendar.german(last.approvedAt)).",
            saved: "Von Ihnen wurde nichts gespeichert; es ist nichts mehr zu tun.",
            todo: ["Sehen Sie sich den Abschluss an."],
            code: "\(OperationsError.notCounted.code) \(visit.arrival.id)",
            links: [PageLink("Abschluss Nr. \(last.number.german)", path)])
        return show(page, visit, at: "/abschluss", back: Self.closeTasks, status: .conflict)
    }

    func reject(_ visit: Visit) async throws -> Response {
        let error = visit.form.problem(
            ofText: "grund",
            missing: "Schreiben Sie in einem Satz, was noch einmal zu prüfen ist.",
            what: "den Text")
        if let error { return try approvePage(visit, errors: ["grund": error]) }
        do {
            try await installation.rejectClose(
                reason: visit.form.line("grund"), at: visit.yard, by: visit.person,
                seen: visit.form["stand"])
        } catch OperationsError.closeChanged {
            return try approvePage(
                visit,
                errors: [
                    "grund": "Inzwischen wurde noch einmal gezählt oder erklärt. Prüfen Sie die "
                        + "neuen Zahlen, bevor Sie sie zurückgeben."
                ], status: .conflict)
        } catch OperationsError.notCounted {
            return try afterApproval(visit)
        }
        return .redirect("/abschluss")
    }
}

extension CloseTotals {
    /// What a close names one by one, for the person who approves.
    fileprivate var carried: [Panel] {
        func panel(_ heading: String, _ sales: [SaleReference]) -> Panel? {
            sales.isEmpty
                ? nil
                : Panel(
                    .warning, "\(heading): \(sales.count)",
                    sales.map(\.receiptNumber).joined(separator: ", "))
        }
        let entries = flagged.map(\.german).joined(separator: ", ")
        return [
            panel("Ungeklärte Zahlungen, vorgetragen", unknown), panel("Nachträge", late),
            flagged.isEmpty
                ? nil : Panel(.warning, "Auffällige Einträge: \(flagged.count)", entries),
        ].compactMap(\.self)
    }
}
