import Pages
import Units

/// Something about keys that waits for a person with the role of an approver; forms
/// `POST /schluessel/{request}/freigeben` and `…/ablehnen`.
struct PendingKey: Sendable {
    let heading: String
    let text: String
    /// The new key, to be compared with what the terminal shows; nil for a revocation.
    let key: String?
    let actions: [ActionButton]
    let waitingFor: String?

    /// - Parameter waitingFor: why this person may not decide; nil if they may.
    init(request: Int64, heading: String, text: String, key: String?, waitingFor: String?) {
        self.heading = heading
        self.text = text
        self.key = key
        self.waitingFor = waitingFor
        let path = "/schluessel/\(request)"
        actions =
            waitingFor == nil
            ? [
                ActionButton("\(heading): freigeben", "\(path)/freigeben"),
                ActionButton("\(heading): ablehnen", "\(path)/ablehnen", isSecondary: true),
            ] : []
    }
}

/// `GET/POST /terminals/{id}/sperren`: asks to revoke a terminal's keys; fields `nummer`, `grund`.
struct TerminalRevocationPage: Page {
    static let template = "console-terminal-revoke"
    let title: String
    let problems: [FormProblem]
    let fields: [Field]
    let action: String

    init(id: String, values: [String: String] = [:], errors: [String: String] = [:]) {
        title = "Terminal \(id) sperren"
        action = "/terminals/\(id)/sperren"
        fields = [
            Field(
                "nummer", "Letzte Belegnummer, der Sie trauen", value: values["nummer"] ?? "",
                hint: "Die Zahl am Ende der Belegnummer, etwa 42. Trauen Sie keiner: 0.",
                error: errors["nummer"]),
            Field(
                "grund", "Was ist geschehen?", .textArea, value: values["grund"] ?? "",
                error: errors["grund"]),
        ]
        problems = fields.compactMap(\.problem)
    }
}

/// A record of a revoked terminal; form `POST /terminals/{id}/zweifel`.
struct DoubtfulRow: Sendable {
    let receipt: PageLink
    let what: String
    let amount: String
    let state: Badge
}

/// `GET /terminals/{id}/zweifel`: what a revoked terminal said since it was last trusted; the form
/// has `nummer`, `zaehlt`, `grund`.
struct DoubtfulPage: Page {
    static let template = "console-terminal-doubtful"
    let title: String
    let problems: [FormProblem]
    let facts: [Fact]
    let rows: [DoubtfulRow]
    let isEmpty: Bool
    let mayDecide: Bool
    let fields: [Field]
    let action: String

    /// - Parameter open: numbers that wait for a decision; without any there is no form.
    init(
        id: String, facts: [Fact], rows: [DoubtfulRow], open: [Int64], mayDecide: Bool,
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        title = "Zweifelhafte Belege von \(id)"
        self.facts = facts
        self.rows = rows
        isEmpty = rows.isEmpty
        self.mayDecide = mayDecide && !open.isEmpty
        action = "/terminals/\(id)/zweifel"
        fields = [
            Field(
                "nummer", "Beleg",
                .select(open.map { Field.Option("\($0)", "\(id)-\(padded($0, 6))") }),
                value: values["nummer"] ?? "", error: errors["nummer"]),
            Field(
                "zaehlt", "Zählt der Beleg?",
                .select([
                    Field.Option("", "Bitte wählen"),
                    Field.Option("ja", "Ja, er zählt ab jetzt"),
                    Field.Option("nein", "Nein, er bleibt draußen"),
                ]), value: values["zaehlt"] ?? "", error: errors["zaehlt"]),
            Field(
                "grund", "Woher wissen Sie das?", .textArea, value: values["grund"] ?? "",
                hint: "Zum Beispiel: Bon und Abbuchung liegen vor.", error: errors["grund"]),
        ]
        problems = fields.compactMap(\.problem)
    }
}
