import Mustache
import Text

/// The templates of all pages, and those of a town in their place.
///
/// Every value is escaped for HTML unless the template says `{{{…}}}`; the embedded ones do so
/// only for names that end in `HTML`.
package struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// The embedded templates.
    package static let embedded: PageTemplates = {
        do {
            return try PageTemplates(replacing: [:])
        } catch {
            preconditionFailure("an embedded template is malformed: \(error)")
        }
    }()

    /// The embedded templates with some replaced or added.
    ///
    /// - Parameter texts: Mustache text by template name without `.mustache`.
    /// - Throws: ``TemplateError`` for the first malformed text, by name.
    package init(replacing texts: [String: String]) throws(TemplateError) {
        EscapedHTML.register()
        var all: [String: MustacheTemplate] = [:]
        let given = Self.embeddedTexts.merging(texts) { _, new in new }
        for (name, text) in given.sorted(by: { $0.key < $1.key }) {
            all[name] = try Self.parse(text, named: name)
        }
        library = MustacheLibrary(templates: all)
    }

    /// The whole HTML document of a page.
    ///
    /// - Precondition: the template that the page names exists.
    package func render(_ page: some Page, in frame: PageFrame) -> String {
        render(Screen(page, in: frame), template: type(of: page).template)
    }

    /// The text that the template makes of the stored properties of `value`.
    ///
    /// - Precondition: there is a template of that name.
    package func render(_ value: some Sendable, template name: String) -> String {
        guard let text = library.render(value, withTemplate: name) else {
            preconditionFailure("no template \(name)")
        }
        return text
    }

    /// The text of the embedded template `name` (without `.mustache`); nil if there is none.
    package static func embeddedText(named name: String) -> String? { embeddedTexts[name] }

    /// The names of the embedded templates, sorted.
    package static var embeddedNames: [String] { embeddedTexts.keys.sorted() }

    private static let embeddedTexts: [String: String] = {
        let suffix = ".mustache"
        let templates = embeddedFiles.filter { $0.name.hasSuffix(suffix) }
        return Dictionary(
            uniqueKeysWithValues: templates.map { file in
                (
                    String(file.name.dropLast(suffix.count)),
                    String(decoding: file.bytes, as: UTF8.self)
                )
            })
    }()

    /// Texts of the name `….txt` are plain; all others start with our own escaping.
    private static func parse(_ text: String, named name: String) throws(TemplateError)
        -> MustacheTemplate
    {
        let type = name.hasSuffix(".txt") ? "TEXT" : EscapedHTML.name
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(type)}}" + text)
        } catch {
            throw TemplateError(template: name, problem: "\(error)")
        }
    }
}

/// A template that cannot be read.
package struct TemplateError: Error, Hashable, Sendable {
    /// The stable code of this error.
    package let code = "template-malformed"
    /// Its name without `.mustache`.
    package let template: String
    /// The parser's words, in English.
    package let problem: String

    /// A problem of the template with this name.
    package init(template: String, problem: String) {
        self.template = template
        self.problem = problem
    }
}

/// Escaping for HTML text and quoted attributes, byte by byte; the library's own works on
/// characters.
private struct EscapedHTML: MustacheContentType {
    static let name = "HTML-BYTES"

    static func register() { MustacheContentTypes.register(EscapedHTML(), named: name) }

    func escapeText(_ text: String) -> String { text.markupEscaped() }
}
