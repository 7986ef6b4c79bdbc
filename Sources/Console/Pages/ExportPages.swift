import Pages
import Units

/// `GET /exporte`; `POST /exporte` creates: fields `abschluss`, `format`.
struct ExportsPage: Page {
    static let template = "console-exports"
    let title = "Exporte"
    let problems: [FormProblem]
    let rows: [ExportRow]
    let isEmpty: Bool
    let fields: [Field]
    let mayCreate: Bool

    /// - Parameter closes: value and label of each approved close, newest first; empty for a
    ///   person who may not create exports.
    init(
        rows: [ExportRow], closes: [Field.Option], formats: [Field.Option],
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        self.rows = rows
        isEmpty = rows.isEmpty
        mayCreate = !closes.isEmpty
        fields = [
            Field(
                "abschluss", "Abschluss", .select(closes), value: values["abschluss"] ?? "",
                error: errors["abschluss"]),
            Field(
                "format", "Format", .select(formats), value: values["format"] ?? "",
                error: errors["format"]),
        ]
        problems = fields.compactMap(\.problem)
    }
}

/// A row of the list of exports. Forms post to `/exporte/{id}/quittieren` and
/// `/exporte/{id}/zurueckweisen`.
struct ExportRow: Sendable {
    let id: String
    let format: String
    let closes: String
    let created: String
    let rows: String
    let sum: String
    let state: Badge
    let digest: String
    let files: [PageLink]
    let actions: [ActionButton]

    /// - Parameters:
    ///   - digest: SHA-256 of the export, hexadecimal.
    ///   - mayAcknowledge: whether this person may say that finance took it or not.
    init(
        id: String, format: String, closes: String, created: String, rows: Int64, sum: Cents,
        state: ExportState, digest: String, files: [PageLink], mayAcknowledge: Bool
    ) {
        self.id = id
        self.format = format
        self.closes = closes
        self.created = created
        self.rows = rows.german
        self.sum = sum.german
        self.state = state.badge
        self.digest = digest
        self.files = files
        actions =
            mayAcknowledge && state == .handedOver
            ? [
                ActionButton("\(id) quittieren", "/exporte/\(id)/quittieren"),
                ActionButton(
                    "\(id) zurückweisen", "/exporte/\(id)/zurueckweisen", isSecondary: true),
            ] : []
    }
}
