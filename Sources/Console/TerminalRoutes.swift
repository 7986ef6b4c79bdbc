import Calendars
import Hummingbird
import Operations
import Pages
import People
import Storage
import Text
import Units

extension ConsoleRoutes {
    /// Yard terminals: list, enrolment with two people, release from quarantine.
    var terminalRoutes: [ConsoleRoute] {
        let enrolment = "/terminals/anmeldungen/{number}"
        return [
            .get("/terminals", .readAudit) { visit -> Response in try terminalsPage(visit) },
            .post("/terminals", .requestEnrolment, requestEnrolment),
            .get("\(enrolment)/code", .requestEnrolment, enrolmentCode),
            .post("\(enrolment)/freigeben", .approveEnrolment, approveEnrolment),
            .post("\(enrolment)/ablehnen", .approveEnrolment, rejectEnrolment),
            .get("/terminals/{terminal}/entlassen", .releaseTerminal) { visit -> Response in
                try releasePage(visit)
            },
            .post("/terminals/{terminal}/entlassen", .releaseTerminal, release),
        ]
    }

    private func terminalsPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let now = installation.clock()
        let rows = try installation.terminals(of: visit.yard).map { row in
            TerminalRow(
                id: row.id.text, name: row.name, state: row.shown(now: now),
                last: row.highest == 0 ? nil : row.highest,
                seen: row.seen.map { Self.seen($0, now: now) } ?? "noch nie",
                queue: row.seen == nil ? nil : row.queued,
                note: row.unknown > 0 ? "Ungeklärte Zahlungen: \(row.unknown.german)" : nil,
                mayRelease: visit.may(.releaseTerminal), mayRevoke: visit.may(.requestRevocation))
        }
        let page = TerminalsPage(
            rows: rows, pending: try pending(visit), keys: try pendingKeys(visit),
            mayEnrol: visit.may(.requestEnrolment), values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/terminals", status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private static func seen(_ instant: Timestamp, now: Timestamp) -> String {
        let age = age(of: instant, now: now)
        return age == "seit eben" ? "gerade eben" : "vor" + age.dropFirst("seit".count)
    }

    private func pending(_ visit: Visit) throws -> [PendingTerminal] {
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        return try installation.openEnrolments(of: visit.yard).map { row in
            var waitingFor: String?
            if let approved = row.approvedAt {
                let end = approved.adding(milliseconds: Installation.codeMilliseconds)
                waitingFor =
                    "Freigegeben. Der Code gilt bis \(calendar.time(of: end)) Uhr."
            } else if row.requestedBy == visit.person.id {
                waitingFor = "Sie haben angemeldet; freigeben muss jemand anderes."
            } else if !visit.may(.approveEnrolment) {
                waitingFor = "Eine Person mit der Rolle „\(Role.approver.german)“ gibt frei."
            }
            return PendingTerminal(
                request: row.id, id: row.terminal.text, name: row.name,
                requested: "\(calendar.german(row.requestedAt)), \(names[row.requestedBy])",
                waitingFor: waitingFor)
        }
    }

    // Enrolment

    private func requestEnrolment(_ visit: Visit) async throws -> Response {
        let (id, name) = (visit.form["kennung"], visit.form["name"])
        var errors: [String: String] = [:]
        let terminal = TerminalID(id)
        if terminal == nil {
            errors["kennung"] = "Nur Kleinbuchstaben und Ziffern, zum Beispiel t3."
        }
        if name.isEmpty { errors["name"] = "Geben Sie einen Namen ein, etwa Waage Einfahrt." }
        if name.isLonger(than: 100) { errors["name"] = "Kürzen Sie den Namen auf 100 Zeichen." }
        guard let terminal, errors.isEmpty else { return try terminalsPage(visit, errors: errors) }
        do {
            let (request, code) = try await installation.requestEnrolment(
                terminal, name: name, at: visit.yard, by: visit.person)
            memory.keep(
                .init(terminal: terminal, code: code, person: visit.person.id), request: request)
            return .redirect("/terminals/anmeldungen/\(request)/code")
        } catch OperationsError.terminalExists {
            return try terminalsPage(
                visit, errors: ["kennung": "\(id) ist schon angemeldet. Wählen Sie eine andere."])
        }
    }

    private func enrolmentCode(_ visit: Visit) async throws -> Response {
        let request = try visit.arrival.number("number")
        guard let found = memory.take(request, for: visit.person.id) else {
            return .redirect("/terminals")
        }
        let page = EnrolmentCodePage(
            id: found.terminal.text, code: found.code,
            validUntil: "zehn Minuten lang ab der Freigabe durch eine zweite Person",
            server: visit.arrival.origin)
        return show(page, visit, at: "/terminals", back: PageLink("Terminals", "/terminals"))
    }

    private func approveEnrolment(_ visit: Visit) async throws -> Response {
        let request = try visit.arrival.number("number")
        let row = try installation.openEnrolments(of: visit.yard).first { $0.id == request }
        // A second click finds that the first one did it.
        if row?.approvedBy != visit.person.id {
            try await installation.approveEnrolment(request, at: visit.yard, by: visit.person)
        }
        return .redirect("/terminals")
    }

    private func rejectEnrolment(_ visit: Visit) async throws -> Response {
        let request = try visit.arrival.number("number")
        do {
            try await installation.rejectEnrolment(request, at: visit.yard, by: visit.person)
        } catch OperationsError.requestState(_, "rejected", _) {
            // A second click finds that the first one did it.
        }
        return .redirect("/terminals")
    }

    // Release

    private func releasePage(_ visit: Visit, error: String? = nil) throws -> Response {
        let id = visit.arrival.parameter("terminal")
        guard
            let row = try installation.terminals(of: visit.yard).first(where: { $0.id.text == id })
        else { throw OperationsError.terminalUnknown(id) }
        guard row.state == .quarantined else { return .redirect("/terminals") }
        let facts = try installation.findings(of: row).map { code, index in
            Fact(
                code == "equivocation" ? "Widersprüchlicher Beleg" : "Prüfsumme passt nicht",
                "Eintrag \(index.german)", path: "/pruefung/\(index)")
        }
        let page = TerminalReleasePage(
            id: id, facts: facts, value: visit.form["grund"], error: error)
        return show(
            page, visit, at: "/terminals", back: PageLink("Terminals", "/terminals"),
            status: error == nil ? .ok : .unprocessableContent)
    }

    private func release(_ visit: Visit) async throws -> Response {
        guard let id = TerminalID(visit.arrival.parameter("terminal")) else {
            throw ConsoleProblem.notFound
        }
        let error = visit.form.problem(
            ofText: "grund", missing: "Nennen Sie einen Grund.", what: "den Grund")
        if let error { return try releasePage(visit, error: error) }
        do {
            try await installation.release(
                id, at: visit.yard, reason: visit.form.line("grund"), by: visit.person)
        } catch OperationsError.notQuarantined {
            return .redirect("/terminals")
        }
        return .redirect("/terminals")
    }
}

extension Storage.TerminalRow {
    /// Silent after fifteen minutes without a word.
    fileprivate func shown(now: Timestamp) -> TerminalState {
        switch state {
        case .quarantined: return .quarantined
        case .revoked: return .revoked
        case .active:
            guard let seen else { return .silent }
            return now.milliseconds - seen.milliseconds > 900_000 ? .silent : .active
        }
    }
}
