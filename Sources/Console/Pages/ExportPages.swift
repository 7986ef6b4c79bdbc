import Pages
import Units

/// `GET /exporte`; `POST /exporte` creates: fields `abschluss` (a number, or `offen` for all that
/// the format does not hold yet), `format`.
struct ExportsPage: Page {
    static let template = "console-exports"
    let title = "Exporte"
    let problems: [FormProblem]
    let rows: [ExportRow]
    let isEmpty: Bool
    let completeness: [ExportCompletenessRow]
    let hasCompleteness: Bool
    let fields: [Field]
    let mayCreate: Bool

    /// - Parameters:
    ///   - completeness: a row for each format that must be complete.
    ///   - closes: value and label of each approved close, newest first; empty for a person who
    ///     may not create exports.
    init(
        rows: [ExportRow], completeness: [ExportCompletenessRow] = [], closes: [Field.Option],
        formats: [Field.Option], values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        self.rows = rows
        isEmpty = rows.isEmpty
        self.completeness = completeness
        hasCompleteness = !completeness.isEmpty
        mayCreate = !closes.isEmpty
        let all = closes.isEmpty ? [] : [Field.Option("offen", "Alle noch nicht ausgegebenen")]
        fields = [
            Field(
                "abschluss", "Abschluss", .select(all + closes), value: values["abschluss"] ?? "",
                error: errors["abschluss"]),
            Field(
                "format", "Format", .select(formats), value: values["format"] ?? "",
                error: errors["format"]),
        ]
        problems = fields.compactMap(\.problem)
    }
}

/// Whether a format holds each close exactly once.
struct ExportCompletenessRow: Sendable {
    let format: String
    let state: Badge
    let text: String

    /// - Parameter text: what is missing or twice, or what is not acknowledged yet.
    init(format: String, isComplete: Bool, text: String) {
        self.format = format
        state =
            isComplete ? Badge("Vollständig", .success) : Badge("Nicht vollständig", .warning)
        self.text = text
    }
}

/// A row of the list of exports.
struct ExportRow: Sendable {
    let id: String
    let path: String
    let format: String
    let closes: String
    let created: String
    let rows: String
    let sum: String
    let state: Badge
    /// Nil where each of its closes is witnessed.
    let seal: Badge?
    let files: [PageLink]

    /// - Parameters:
    ///   - rows: receipts of the closes.
    ///   - sum: turnover of the closes.
    ///   - seal: that a close in it is not witnessed yet.
    init(
        number: Int64, format: String, closes: String, created: String, rows: Int64, sum: Cents,
        state: ExportState, seal: Badge? = nil, files: [PageLink]
    ) {
        id = "X-\(number)"
        path = "/exporte/\(number)"
        self.format = format
        self.closes = closes
        self.created = created
        self.rows = rows.german
        self.sum = sum.german
        self.state = state.badge
        self.seal = seal
        self.files = files
    }
}

/// `GET /exporte/{n}`; forms `POST …/uebergeben` (field `ziel`), `POST …/quittieren` (field
/// `nummer`), `POST …/zurueckweisen` (field `grund`).
struct ExportPage: Page {
    static let template = "console-export"
    let title: String
    let problems: [FormProblem]
    let state: Badge
    /// Nil where each of its closes is witnessed.
    let seal: Badge?
    let facts: [Fact]
    let files: [ExportFileRow]
    let hasFiles: Bool
    /// Leads to all files in one; nil where there is one, or for a person who may not fetch them.
    let archive: PageLink?
    let sums: [ExportSumRow]
    let hasSums: Bool
    let total: String
    let timeline: [TimelineEvent]
    /// What may come next for this person.
    let handover: HandoverForm?
    let acknowledgement: AnswerForm?
    let rejection: AnswerForm?
    /// Why there is nothing to do for this person.
    let waitingFor: String?
    /// What this person does first, where no form says it; nil otherwise.
    let next: String?

    struct HandoverForm: Sendable {
        let action: String
        let targets: [Field]
    }

    struct AnswerForm: Sendable {
        let action: String
        let fields: [Field]
    }

    /// What this person may do next.
    struct Choices: Sendable {
        /// Names of places to hand over to; empty where it may not be done.
        var targets: [String] = []
        var mayAcknowledge = false
        var mayReject = false
        var waitingFor: String?
        var next: String?
    }

    init(
        number: Int64, state: ExportState, seal: Badge? = nil, facts: [Fact],
        files: [ExportFileRow],
        sums: [ExportSumRow], archive: PageLink? = nil, total: Cents, timeline: [TimelineEvent],
        choices: Choices, values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        title = "Export X-\(number)"
        self.state = state.badge
        self.seal = seal
        self.facts = facts
        self.files = files
        hasFiles = !files.isEmpty
        self.archive = archive
        self.sums = sums
        hasSums = !sums.isEmpty
        self.total = total.german
        self.timeline = timeline
        waitingFor = choices.waitingFor
        next = choices.next
        let path = "/exporte/\(number)"
        let target = Field(
            "ziel", "Ziel", .select(choices.targets.map { Field.Option($0, $0) }),
            value: values["ziel"] ?? "", error: errors["ziel"])
        let reference = Field(
            "nummer", "Nummer in der Finanzsoftware", value: values["nummer"] ?? "",
            hint: "Darf leer bleiben.", error: errors["nummer"])
        let reason = Field(
            "grund", "Grund", .textArea, value: values["grund"] ?? "",
            hint: "Was die Finanzsoftware nicht angenommen hat. Keine Namen von Kunden.",
            error: errors["grund"])
        handover =
            choices.targets.isEmpty
            ? nil : HandoverForm(action: "\(path)/uebergeben", targets: [target])
        acknowledgement =
            choices.mayAcknowledge
            ? AnswerForm(action: "\(path)/quittieren", fields: [reference]) : nil
        rejection =
            choices.mayReject
            ? AnswerForm(action: "\(path)/zurueckweisen", fields: [reason]) : nil
        let shown =
            (handover?.targets ?? []) + (acknowledgement?.fields ?? []) + (rejection?.fields ?? [])
        problems = shown.compactMap(\.problem)
    }
}

/// A file of an export.
struct ExportFileRow: Sendable {
    let name: String
    /// Nil for a person who may not fetch it.
    let path: String?
    let rows: String
    let size: String
    let digest: String

    init(name: String, path: String?, rows: Int64?, byteCount: Int64, digest: String) {
        self.name = name
        self.path = path
        self.rows = rows?.german ?? "–"
        size = "\(byteCount.german) Byte"
        self.digest = digest
    }
}

/// A sum of an export.
struct ExportSumRow: Sendable {
    let year: String
    let channel: String
    let budgetLine: String
    let count: String
    let amount: String

    init(year: Int, channel: String, budgetLine: String, count: Int64, amount: Cents) {
        self.year = String(year)
        self.channel = channel
        self.budgetLine = budgetLine
        self.count = count.german
        self.amount = amount.german
    }
}
