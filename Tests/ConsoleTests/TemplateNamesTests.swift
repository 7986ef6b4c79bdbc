import Pages
import Testing

@testable import Console
@testable import Receipts
@testable import YardTerminal

/// A misspelt name in a template renders as nothing; so every name that a template uses must be
/// a stored property of something that a fixture renders.
struct TemplateNamesTests {
    @Test(arguments: PageTemplates.embeddedNames)
    func `every name in a template exists in the values`(template: String) throws {
        let text = try #require(PageTemplates.embeddedText(named: template))
        let names = text.matches(of: #/\{\{[#^]?\.?([a-zA-Z][a-zA-Z.]*)\}\}/#)
            .flatMap { $0.1.split(separator: ".").map(String.init) }
        for name in names where !Self.known.contains(name) {
            Issue.record("\(name) in \(template)")
        }
    }

    @Test(arguments: PageTemplates.embeddedNames)
    func `only names that end in HTML are left unescaped`(template: String) throws {
        let text = try #require(PageTemplates.embeddedText(named: template))
        for use in text.matches(of: #/\{\{(?:\{|&)\s*([^}\s]+)/#) {
            #expect(use.1.hasSuffix("HTML"), "\(use.1) in \(template)")
        }
    }

    /// The labels of all stored properties in the fixtures, by reflection.
    private static let known: Set<String> = {
        var labels: Set<String> = [
            "frame", "page", "title", "documentTitle", "errors", "hasErrors",
            "assets", "style", "script", "icon",
        ]
        var pages: [any Page] = []
        let collect: ConsoleFixtures.Add = { _, page, _, _ in pages.append(page) }
        ConsoleFixtures.addGeneral(collect)
        ConsoleFixtures.addSales(collect)
        ConsoleFixtures.addReversals(collect)
        ConsoleFixtures.addCloses(collect)
        ConsoleFixtures.addOperation(collect)
        ConsoleFixtures.addSettlements(collect)
        ConsoleFixtures.addBankFiles(collect)
        TerminalFixtures.add { _, page, _ in pages.append(page) }
        gather(ConsoleFixtures.frame(back: PageLink("a", "b")), into: &labels)
        gather(FormProblem(field: "a", message: "b"), into: &labels)
        gather(ReceiptView(ConsoleFixtures.receipt, for: .customer), into: &labels)
        for page in pages { gather(page, into: &labels) }
        return labels
    }()

    private static func gather(_ value: Any, into labels: inout Set<String>) {
        for child in Mirror(reflecting: value).children {
            if let label = child.label { labels.insert(label) }
            gather(child.value, into: &labels)
        }
    }
}
