import Pages
import Units

/// `GET/POST /abgleich/einlesen`, `multipart/form-data`: fields `art` (a profile of an acquirer, or
/// empty for the bank) and the file `datei`.
struct BankUploadPage: Page {
    static let template = "console-bank-upload"
    let title = "Bankdatei einlesen"
    let problems: [FormProblem]
    let fields: [Field]

    /// - Parameter acquirers: profile and title of each whose files can be read.
    init(
        acquirers: [Field.Option], values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        fields = [
            Field(
                "art", "Von wem ist die Datei?",
                .select([Field.Option("", "Von der Bank: Kontoauszug")] + acquirers),
                value: values["art"] ?? "", error: errors["art"]),
            Field(
                "datei", "Datei", .file,
                hint: "Von der Bank camt.053, camt.054 oder MT940, so wie sie kam; ZIP-Dateien "
                    + "vorher auspacken. Höchstens 20 MB.", error: errors["datei"],
                isRequired: true),
        ]
        problems = fields.compactMap(\.problem)
    }
}

/// `GET /abgleich/einlesen/{code}`: what a file is, or what became of it; `POST` takes it in.
struct BankFilePage: Page {
    static let template = "console-bank-file"
    let title: String
    let verdict: Panel
    let facts: [Fact]
    let caption: String
    let rows: [Row]
    let hasRows: Bool
    let findings: [Panel]
    let hasFindings: Bool
    /// Where the form posts to; nil where there is nothing to take in.
    let action: String?
    /// Whether the rules failed after the file was taken in and can be let go again.
    let mayMatchAgain: Bool

    /// A statement, or an acquirer's whole file.
    struct Row: Sendable {
        let name: String
        let kind: String
        let account: String
        let days: String
        let lines: String
        let total: String
        let closing: String
        let state: Badge
    }

    /// How many rows and findings a page shows; a year's file has hundreds.
    static let rowsMax = 100
    static let findingsMax = 20

    init(
        title: String, verdict: Panel, facts: [Fact], rows: [Row], findings: [Panel],
        action: String? = nil, mayMatchAgain: Bool = false
    ) {
        self.title = title
        self.verdict = verdict
        self.facts = facts
        caption =
            "Was in der Datei steht"
            + (rows.count > Self.rowsMax ? ", die ersten \(Self.rowsMax)" : "")
        self.rows = Array(rows.prefix(Self.rowsMax))
        hasRows = !rows.isEmpty
        self.findings = Array(findings.prefix(Self.findingsMax))
        hasFindings = !findings.isEmpty
        self.action = action
        self.mayMatchAgain = mayMatchAgain
    }
}
