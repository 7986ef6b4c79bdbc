import Pages

/// `GET/POST /verkaeufe/{terminal}/{sequence}/schuldner`: fields `schuldner` (name and address, one
/// line each) and `grund`.
struct DebtorPage: Page {
    static let template = "console-debtor"
    let title: String
    let problems: [FormProblem]
    let lead: String
    let facts: [Fact]
    let action: String
    let fields: [Field]
    let cancelPath: String

    /// - Parameter isNamed: whether somebody is named already.
    init(
        number: String, salePath: String, facts: [Fact], isNamed: Bool,
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        title = "Schuldner zu \(number) benennen"
        lead =
            isNamed
            ? "Es ist schon jemand benannt. Was Sie jetzt angeben, gilt ab sofort stattdessen."
            : "Zu dieser Forderung ist niemand benannt."
        self.facts = facts
        action = "\(salePath)/schuldner"
        cancelPath = salePath
        fields = [
            Field(
                "schuldner", "Name und Anschrift", .textArea, value: values["schuldner"] ?? "",
                hint: "Eine Zeile je Angabe. Steht getrennt vom Protokoll; wer es ansieht, wird "
                    + "verzeichnet.",
                error: errors["schuldner"], isRequired: true),
            Field(
                "grund", "Grund", value: values["grund"] ?? "",
                hint: "Keine Namen: der Grund wird dauerhaft aufbewahrt.", error: errors["grund"],
                isRequired: true),
        ]
        problems = fields.compactMap(\.problem)
    }
}
