import Calendars
import Hummingbird
import Journal
import Operations
import Pages
import People
import Sales
import Storage
import Text
import Units

extension ConsoleRoutes {
    /// Keys: what waits for an approver, revocation, and what came under revoked keys.
    var keyRoutes: [ConsoleRoute] {
        [
            .post("/schluessel/{number}/freigeben", .approveKey) { visit -> Response in
                try await installation.approveKeyRequest(
                    try visit.arrival.number("number"), at: visit.yard, by: visit.person)
                return .redirect("/terminals")
            },
            .post("/schluessel/{number}/ablehnen", .approveKey) { visit -> Response in
                try await installation.rejectKeyRequest(
                    try visit.arrival.number("number"), at: visit.yard, by: visit.person)
                return .redirect("/terminals")
            },
            .get("/terminals/{terminal}/sperren", .requestRevocation) { visit -> Response in
                try revocationPage(visit)
            },
            .post("/terminals/{terminal}/sperren", .requestRevocation, revoke),
            .get("/terminals/{terminal}/zweifel", .readAudit) { visit -> Response in
                try doubtfulPage(visit)
            },
            .post("/terminals/{terminal}/zweifel", .decideRecord, decide),
        ]
    }

    func pendingKeys(_ visit: Visit) throws -> [PendingKey] {
        let names = PersonNames(try installation.people())
        return try installation.openKeyRequests(of: visit.yard).map { row in
            var waitingFor: String?
            if row.requestedBy == visit.person.id {
                waitingFor = "Sie haben es beantragt; freigeben muss jemand anderes."
            } else if !visit.may(.approveKey) {
                waitingFor = "Eine Person mit der Rolle „\(Role.approver.german)“ gibt frei."
            }
            let asked = row.requestedBy.map { names[$0] } ?? "das Terminal selbst"
            let when = installation.calendar.german(row.requestedAt)
            return PendingKey(
                request: row.id, heading: row.heading,
                text: "\(row.meaning) Beantragt \(when), \(asked).", key: row.newKey,
                waitingFor: waitingFor)
        }
    }

    private func terminal(_ visit: Visit) throws -> Storage.TerminalRow {
        let id = visit.arrival.parameter("terminal")
        let rows = try installation.terminals(of: visit.yard)
        guard let row = rows.first(where: { $0.id.text == id }) else {
            throw OperationsError.terminalUnknown(id)
        }
        return row
    }

    private func revocationPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let row = try terminal(visit)
        guard row.state != .revoked else { return .redirect("/terminals/\(row.id)/zweifel") }
        return show(
            TerminalRevocationPage(
                id: row.id.text, values: visit.form.values, errors: errors), visit,
            at: "/terminals", back: PageLink("Terminals", "/terminals"),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func revoke(_ visit: Visit) async throws -> Response {
        let row = try terminal(visit)
        var errors = Self.reasonErrors(visit.form)
        let trusted = Int64(visit.form["nummer"])
        if trusted ?? -1 < 0 { errors["nummer"] = "Geben Sie eine Zahl ein, oder 0 für keinen." }
        guard let trusted, errors.isEmpty else { return try revocationPage(visit, errors: errors) }
        do {
            _ = try await installation.requestRevocation(
                of: row.id, trusted: trusted, reason: visit.form.line("grund"), at: visit.yard,
                by: visit.person)
        } catch OperationsError.saleUnknown {
            return try revocationPage(
                visit, errors: ["nummer": "Diese Belegnummer ist nicht eingegangen."])
        }
        return .redirect("/terminals")
    }

    private static func reasonErrors(_ form: FormValues) -> [String: String] {
        var errors: [String: String] = [:]
        errors["grund"] = form.problem(
            ofText: "grund", missing: "Nennen Sie einen Grund.", what: "den Grund")
        return errors
    }

    private func doubtfulPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let row = try terminal(visit)
        guard let (revocation, index) = try installation.revocation(of: row.id, at: visit.yard)
        else { return .redirect("/terminals") }
        let names = PersonNames(try installation.people())
        let records = try installation.doubtfulRecords(of: row.id, at: visit.yard)
        let last = SaleReference(terminal: row.id, sequence: max(revocation.trusted, 1))
        let page = DoubtfulPage(
            id: row.id.text,
            facts: [
                Fact("Gesperrt wegen", revocation.reason),
                Fact("Eintrag", index.german, path: "/pruefung/\(index)"),
                Fact(
                    "Letzter guter Beleg",
                    revocation.trusted == 0 ? "keiner" : last.receiptNumber),
                Fact("Beantragt von", names[revocation.requestedBy]),
                Fact("Freigegeben von", names[revocation.approvedBy]),
            ],
            rows: records.map(DoubtfulRow.init),
            open: records.filter { $0.state == .withheld }.map(\.reference.sequence),
            mayDecide: visit.may(.decideRecord), values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/terminals", back: PageLink("Terminals", "/terminals"),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func decide(_ visit: Visit) async throws -> Response {
        let row = try terminal(visit)
        let answer = visit.form["zaehlt"]
        var errors = Self.reasonErrors(visit.form)
        if !["ja", "nein"].contains(answer) { errors["zaehlt"] = "Wählen Sie Ja oder Nein." }
        guard let sequence = Int64(visit.form["nummer"]), sequence > 0, errors.isEmpty else {
            return try doubtfulPage(visit, errors: errors)
        }
        do {
            try await installation.decide(
                SaleReference(terminal: row.id, sequence: sequence), counts: answer == "ja",
                reason: visit.form.line("grund"), at: visit.yard, by: visit.person)
        } catch OperationsError.decidedBefore {
            // Somebody was faster; the page shows how it was decided.
        }
        return .redirect("/terminals/\(row.id)/zweifel")
    }
}

extension KeyRequestRow {
    fileprivate var heading: String {
        switch kind {
        case .rotate: "Neuer Schlüssel für \(terminal?.text ?? "")"
        case .revoke: "\(terminal?.text ?? "") sperren"
        case .rotateLog: "Neuer Schlüssel des Protokolls"
        case .rotateRecord: "Neuer Schlüssel des Servers"
        }
    }

    fileprivate var meaning: String {
        switch kind {
        case .rotate: "Vergleichen Sie ihn mit dem, den das Gerät nennt."
        case .revoke:
            "\(revocation?.reason ?? "") Letzte gute Belegnummer: \(revocation?.trusted ?? 0)."
        case .rotateLog: "Er unterschreibt künftig die Prüfpunkte."
        case .rotateRecord: "Er unterschreibt künftig die Einträge des Servers."
        }
    }
}

extension DoubtfulRow {
    fileprivate init(_ record: DoubtfulRecord) {
        let badge =
            switch record.state {
            case .before: Badge("Zählt, kam vor der Sperre", .info)
            case .withheld: Badge("Zählt noch nicht", .warning)
            case .counted: Badge("Zählt", .success)
            case .refused: Badge("Zählt nicht")
            }
        self.init(
            receipt: PageLink(
                record.reference.receiptNumber,
                "/verkaeufe/\(record.reference.terminal)/\(record.reference.sequence)"),
            what: record.row.subject, amount: record.row.total.german, state: badge)
    }
}
