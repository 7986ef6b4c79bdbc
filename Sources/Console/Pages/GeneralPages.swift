import Pages

/// `GET/POST /anmelden`: fields `name`, `passwort`, hidden `ziel`.
struct SignInPage: Page {
    static let template = "console-sign-in"
    let title = "Anmelden"
    let problems: [FormProblem]
    let fields: [Field]
    /// The path to go on to after signing in.
    let target: String
    let panel: Panel?

    /// - Parameters:
    ///   - problem: why signing in failed, without saying which of the two was wrong.
    ///   - panel: that the session ended, or the account is locked for a while.
    init(name: String = "", target: String = "/", problem: String? = nil, panel: Panel? = nil) {
        fields = [
            Field(
                "name", "Anmeldename", value: name, error: problem, isRequired: true,
                autocomplete: "username"),
            Field(
                "passwort", "Passwort", .password, isRequired: true,
                autocomplete: "current-password"),
        ]
        problems = fields.compactMap(\.problem)
        self.target = target
        self.panel = panel
    }
}

/// Check before a final act: what will happen, to be confirmed or changed.
struct CheckPage: Page {
    static let template = "console-check"
    let title: String
    let lead: String
    let facts: [Fact]
    let consequences: [String]
    let hidden: [HiddenField]
    let action: String
    let confirm: String
    let confirmStyle: String

    /// - Parameters:
    ///   - title: a question that names the effect, such as "22,50 € erstatten?".
    ///   - hidden: the form's values; the template adds `bestaetigt=ja`, or `aendern` to see the
    ///     form again with them.
    ///   - confirm: the button, verb and object.
    init(
        title: String, lead: String, facts: [Fact], consequences: [String],
        hidden: [HiddenField], action: String, confirm: String, isDangerous: Bool = false
    ) {
        self.title = title
        self.lead = lead
        self.facts = facts
        self.consequences = consequences
        self.hidden = hidden
        self.action = action
        self.confirm = confirm
        confirmStyle = isDangerous ? "danger" : ""
    }
}

/// The result of a final act, at a path of its own that may be loaded again.
struct ConfirmationPage: Page {
    static let template = "console-confirmation"
    let title: String
    let referenceLabel: String
    let reference: String
    let next: [String]
    let links: [PageLink]
}

/// Something went wrong or is not there.
struct ErrorPage: Page {
    static let template = "console-error"
    /// What happened, such as "Diese Seite gibt es nicht".
    let title: String
    let what: String
    /// Whether something was saved, in a sentence.
    let saved: String
    let todo: [String]
    /// Code and request number, to tell to the people who run the installation.
    let code: String
    let links: [PageLink]
}

/// The person may not do this.
struct ForbiddenPage: Page {
    static let template = "console-forbidden"
    let title = "Dafür fehlt Ihnen die Berechtigung"
    /// What was tried, such as "Abschluss freigeben".
    let act: String
    /// The roles that may, in German.
    let roles: [String]
    /// Why, where it is not the role: the same person as in the first step.
    let reason: String?
    /// Who has one of these roles, by name.
    let people: String
    /// Who can grant the role.
    let contact: String
}
