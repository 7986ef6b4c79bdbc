import Pages

/// `GET/POST /passwort`: fields `passwort`, `neu`, `wiederholt`.
struct PasswordPage: Page {
    static let template = "console-password"
    let title = "Passwort ändern"
    let problems: [FormProblem]
    let fields: [Field]

    init(errors: [String: String] = [:]) {
        fields = [
            Field(
                "passwort", "Bisheriges Passwort", .password, error: errors["passwort"],
                isRequired: true, autocomplete: "current-password"),
            Field(
                "neu", "Neues Passwort", .password, hint: "Mindestens zehn Zeichen.",
                error: errors["neu"], isRequired: true, autocomplete: "new-password"),
            Field(
                "wiederholt", "Neues Passwort, noch einmal", .password,
                error: errors["wiederholt"], isRequired: true, autocomplete: "new-password"),
        ]
        problems = fields.compactMap(\.problem)
    }
}
