/// One screen: a value whose stored properties are what its template may name.
///
/// Only stored properties are visible to a template, so derived texts are stored at init.
package protocol Page: Sendable {
    /// The name of the embedded template, without `.mustache`.
    static var template: String { get }
    /// The page's main heading and, with the town, the title of the browser's tab.
    var title: String { get }
    /// What is wrong with a form that came back, in the order of its fields.
    var problems: [FormProblem] { get }
}

extension Page {
    /// None: most pages have no form.
    package var problems: [FormProblem] { [] }
}

/// Something wrong with one field, in the words that also stand at the field.
package struct FormProblem: Hashable, Sendable {
    /// The `id` of the field to jump to.
    package let field: String
    /// A sentence that says what is wrong and how to put it right.
    package let message: String

    /// A problem of the field with this `id`.
    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

/// What the layout template sees.
struct Screen {
    let frame: PageFrame
    let page: any Page
    let title: String
    let documentTitle: String
    let hasErrors: Bool
    let errors: [FormProblem]
    let assets: AssetPaths

    init(_ page: some Page, in frame: PageFrame) {
        self.frame = frame
        self.page = page
        title = page.title
        errors = page.problems
        hasErrors = !page.problems.isEmpty
        documentTitle =
            (hasErrors ? "Fehler: " : "") + "\(page.title) – \(frame.yard ?? frame.town) – Hofbuch"
        assets = AssetPaths()
    }
}

/// The paths that every page refers to.
struct AssetPaths {
    let style = Asset.path(of: "hofbuch.css")
    let script = Asset.path(of: "hofbuch.js")
    let icon = Asset.path(of: "favicon.svg")
}
