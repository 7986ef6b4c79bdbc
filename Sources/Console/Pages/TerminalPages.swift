import Pages
import Units

/// `GET /terminals`; `POST /terminals` makes an enrolment code: fields `kennung`, `name`.
struct TerminalsPage: Page {
    static let template = "console-terminals"
    let title = "Terminals"
    let problems: [FormProblem]
    let rows: [TerminalRow]
    let isEmpty: Bool
    let pending: [PendingTerminal]
    let hasPending: Bool
    let keys: [PendingKey]
    let hasKeys: Bool
    let fields: [Field]
    let mayEnrol: Bool

    init(
        rows: [TerminalRow], pending: [PendingTerminal], keys: [PendingKey] = [], mayEnrol: Bool,
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        self.rows = rows
        isEmpty = rows.isEmpty
        self.pending = pending
        hasPending = !pending.isEmpty
        self.keys = keys
        hasKeys = !keys.isEmpty
        self.mayEnrol = mayEnrol
        fields = [
            Field(
                "kennung", "Kennung", value: values["kennung"] ?? "",
                hint: "Kleinbuchstaben und Ziffern, zum Beispiel t3. Steht auf jedem Beleg.",
                error: errors["kennung"]),
            Field(
                "name", "Name", value: values["name"] ?? "",
                hint: "Zum Beispiel: Waage Einfahrt.", error: errors["name"]),
        ]
        problems = fields.compactMap(\.problem)
    }
}

/// A yard terminal in the list.
struct TerminalRow: Sendable {
    let id: String
    let name: String
    let state: Badge
    let last: String
    let seen: String
    let queue: String
    let note: String?
    let actions: [PageLink]

    /// - Parameters:
    ///   - last: last sequence number received; nil before the first.
    ///   - seen: such as "vor 2 Minuten".
    ///   - queue: records the terminal has not sent, as it said last; nil if unknown.
    ///   - mayRelease: whether this person may release it; leads to `/terminals/{id}/entlassen`.
    ///   - mayRevoke: whether this person may ask to revoke its keys; leads to
    ///     `/terminals/{id}/sperren`. What came under revoked keys is at `/terminals/{id}/zweifel`.
    init(
        id: String, name: String, state: TerminalState, last: Int64?, seen: String,
        queue: Int64?, note: String? = nil, mayRelease: Bool = false, mayRevoke: Bool = false
    ) {
        self.id = id
        self.name = name
        self.state = state.badge
        self.last = last.map { padded($0, 6) } ?? "–"
        self.seen = seen
        self.queue = queue?.german ?? "nicht bekannt"
        self.note = note
        var actions: [PageLink] = []
        if mayRelease, state == .quarantined {
            actions.append(PageLink("\(id) wieder zulassen", "/terminals/\(id)/entlassen"))
        }
        if state == .revoked {
            actions.append(PageLink("Belege von \(id) prüfen", "/terminals/\(id)/zweifel"))
        } else if mayRevoke, state != .pending {
            actions.append(PageLink("\(id) sperren", "/terminals/\(id)/sperren"))
        }
        self.actions = actions
    }
}

/// A terminal that asked to be enrolled; forms
/// `POST /terminals/anmeldungen/{request}/freigeben` and `…/ablehnen`.
struct PendingTerminal: Sendable {
    let id: String
    let name: String
    let requested: String
    let actions: [ActionButton]
    let waitingFor: String?

    /// - Parameters:
    ///   - request: number of the request.
    ///   - waitingFor: why this person may not approve; nil if they may.
    init(
        request: Int64, id: String, name: String, requested: String, waitingFor: String? = nil
    ) {
        self.id = id
        self.name = name
        self.requested = requested
        self.waitingFor = waitingFor
        let path = "/terminals/anmeldungen/\(request)"
        actions =
            waitingFor == nil
            ? [
                ActionButton("Terminal \(id) freigeben", "\(path)/freigeben"),
                ActionButton(
                    "Anmeldung von \(id) ablehnen", "\(path)/ablehnen", isSecondary: true),
            ] : []
    }
}

/// `GET/POST /terminals/{id}/entlassen`: release from quarantine; field `grund`.
struct TerminalReleasePage: Page {
    static let template = "console-terminal-release"
    let title: String
    let problems: [FormProblem]
    let facts: [Fact]
    let action: String
    let reason: Field

    /// - Parameter facts: what contradicted what, with links to both records.
    init(id: String, facts: [Fact], value: String = "", error: String? = nil) {
        title = "Terminal \(id) wieder zulassen"
        self.facts = facts
        action = "/terminals/\(id)/entlassen"
        reason = Field(
            "grund", "Warum ist das Terminal wieder vertrauenswürdig?", .textArea, value: value,
            error: error)
        problems = [reason.problem].compactMap { $0 }
    }
}

/// The enrolment code, shown once after `POST /terminals`.
struct EnrolmentCodePage: Page {
    static let template = "console-enrolment-code"
    let title: String
    let code: String
    /// How long it is good for, such as "zehn Minuten lang ab der Freigabe".
    let validUntil: String
    let command: String

    init(id: String, code: String, validUntil: String, server: String) {
        title = "Code für Terminal \(id)"
        self.code = code
        self.validUntil = validUntil
        command = "hofbuch terminal enrol --server \(server) \(code)"
    }
}
