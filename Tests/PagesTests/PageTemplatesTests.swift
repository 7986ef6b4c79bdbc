import Pages
import Testing

private struct Greeting: Page {
    static let template = "greeting"
    let title: String
    let value: String
    var problems: [FormProblem] = []
}

struct PageTemplatesTests {
    private let frame = PageFrame(
        town: "Musterstadt", yard: "Hof Nord", navigation: [PageLink("Verkäufe", "/verkaeufe")],
        person: SignedInPerson(name: "A. Beispiel", role: "Kasse", signOutPath: "/abmelden"),
        csrf: "token-1")
    private let body =
        "{{<layout}}{{$main}}{{#page}}<p title=\"{{value}}\">{{value}}</p>{{/page}}"
        + "{{/main}}{{/layout}}"

    private func html(_ page: some Page) throws -> String {
        try PageTemplates(replacing: ["greeting": body]).render(page, in: frame)
    }

    @Test func `a page stands inside the layout`() throws {
        let text = try html(Greeting(title: "Guten Tag", value: "drinnen"))

        #expect(text.contains("<title>Guten Tag – Hof Nord – Hofbuch</title>"))
        #expect(text.contains("<p title=\"drinnen\">drinnen</p>"))
        #expect(text.contains("<html lang=\"de\" data-theme=\"auto\">"))
        #expect(text.contains("name=\"csrf\" value=\"token-1\""))
        #expect(text.contains(Asset.path(of: "hofbuch.css")))
    }

    @Test(arguments: [
        ("<b>&'\"", "&lt;b&gt;&amp;&#39;&quot;"),
        ("\"\u{301} onclick=x", "&quot;\u{301} onclick=x"),
        ("<\u{338}script>", "&lt;\u{338}script&gt;"),
        ("Straße Łódź", "Straße Łódź"),
    ])
    func `values are escaped byte by byte`(value: String, escaped: String) throws {
        let text = try html(Greeting(title: "T", value: value))

        #expect(Array(text.utf8).contains(Array("<p title=\"\(escaped)\">\(escaped)</p>".utf8)))
    }

    @Test func `errors are summed up, linked and named in the title`() throws {
        let problem = FormProblem(field: "betrag", message: "Betrag fehlt.")
        let text = try html(Greeting(title: "T", value: "v", problems: [problem]))

        #expect(text.contains("<title>Fehler: T"))
        #expect(text.contains("<a href=\"#betrag\">Betrag fehlt.</a>"))
    }

    @Test func `a malformed template is refused by name`() {
        #expect(throws: TemplateError.self) {
            try PageTemplates(replacing: ["greeting": "{{#open}}"])
        }
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard !other.isEmpty, count >= other.count else { return false }
        return (0...(count - other.count)).contains {
            Array(self[$0..<($0 + other.count)]) == other
        }
    }
}
