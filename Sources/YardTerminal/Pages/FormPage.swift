import Pages

/// A page with one form of text fields: weighing in, weighing out, plate.
struct FormPage: Page {
    static let template = "terminal-form"
    static let text = """
        {{<layout}}
        {{$main}}
        {{#page}}
        <div class="narrow">
        <h1>{{title}}</h1>
        <p class="lead">{{lead}}</p>
        <form method="post" action="{{action}}" novalidate>
        {{>csrf}}
        {{#hidden}}<input type="hidden" name="abfall" value="{{.}}">{{/hidden}}
        {{#fields}}{{>field}}{{/fields}}
        <p class="actions"><button class="button large" type="submit">{{submit}}</button> \
        <a class="button secondary" href="{{cancel}}">Abbrechen</a></p>
        </form>
        </div>
        {{/page}}
        {{/main}}
        {{/layout}}
        """

    let title: String
    let problems: [FormProblem]
    let lead: String
    let action: String
    let cancel: String
    /// Id of the fraction, where the form is about one.
    let hidden: String?
    let fields: [Field]
    let submit: String

    init(
        title: String, lead: String, action: String, cancel: String, hidden: String? = nil,
        fields: [Field], submit: String
    ) {
        self.title = title
        problems = fields.compactMap(\.problem)
        self.lead = lead
        self.action = action
        self.cancel = cancel
        self.hidden = hidden
        self.fields = fields
        self.submit = submit
    }
}
