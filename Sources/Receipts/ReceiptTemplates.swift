import Foundation
import Pages

/// Makes slips and HTML of receipts, by the town's templates where it has its own.
package struct ReceiptTemplates: Sendable {
    /// The name of the template of the slip, without `.mustache`.
    package static let slipName = "beleg.txt"
    /// The name of the template of the HTML, without `.mustache`.
    package static let htmlName = "beleg.html"

    private let templates: PageTemplates

    /// The templates that came with the program.
    package static let embedded = ReceiptTemplates(templates: .embedded)

    /// The templates of a folder, and the embedded ones for files that it does not have.
    ///
    /// - Throws: ``Pages/TemplateError`` for a malformed template; the system's error for a file
    ///   that is there but cannot be read.
    package init(folder: String) throws {
        var texts: [String: String] = [:]
        for name in [Self.slipName, Self.htmlName] {
            let path = "\(folder)/\(name).mustache"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            texts[name] = try String(contentsOfFile: path, encoding: .utf8)
        }
        templates = try PageTemplates(replacing: texts)
    }

    private init(templates: PageTemplates) {
        self.templates = templates
    }

    /// The slip: UTF-8 text of at most 42 characters a line, ending with a newline.
    package func slip(_ receipt: Receipt, for audience: ReceiptAudience = .customer) -> String {
        let view = ReceiptView(receipt, for: audience)
        return SlipLayout.format(templates.render(view, template: Self.slipName))
    }

    /// A fragment of HTML with headings from level two, to stand inside a page.
    package func html(_ receipt: Receipt, for audience: ReceiptAudience = .customer) -> String {
        templates.render(ReceiptView(receipt, for: audience), template: Self.htmlName)
    }
}
