import Foundation
import Pages
import Testing

@testable import Console

/// What every page keeps, checked on the rendered text; the browser checks go further.
struct PageShapeTests {
    static let pages = ConsoleFixtures.all() + TerminalFixtures.all
    static let names = pages.map(\.name)

    private func html(_ name: String) throws -> String {
        try #require(Self.pages.first { $0.name == name }).html
    }

    @Test(arguments: names)
    func `a page has one heading of level one, one main part and a language`(name: String) throws {
        let html = try html(name)

        #expect(html.components(separatedBy: "<h1").count == 2)
        #expect(html.components(separatedBy: "<main").count == 2)
        #expect(html.contains("<html lang=\"de\""))
    }

    @Test(arguments: names)
    func `nothing is inline and no tag of a template is left`(name: String) throws {
        let html = try html(name)

        #expect(!html.contains("{{") && !html.contains("}}"))
        #expect(!html.contains("style=\""))
        #expect(html.firstMatch(of: #/\son[a-z]+=/#) == nil)
        #expect(html.components(separatedBy: "<script").count == 2)
    }

    @Test(arguments: names)
    func `every form that changes something carries the token`(name: String) throws {
        for form in try html(name).components(separatedBy: "<form").dropFirst() {
            let part = form.components(separatedBy: "</form>")[0]
            guard part.contains("method=\"post\"") else { continue }
            #expect(part.contains("name=\"csrf\" value=\"token-1\""))
        }
    }

    @Test(arguments: names)
    func `ids are unique and every reference to one is met`(name: String) throws {
        let html = try html(name)
        let ids = html.matches(of: #/\sid="([^"]+)"/#).map { String($0.1) }
        let uses = html.matches(of: #/(?:for|aria-labelledby|aria-controls|data-copy)="([^"]+)"/#)
            .map { String($0.1) }
        let described = html.matches(of: #/aria-describedby="([^"]+)"/#)
            .flatMap { $0.1.split(separator: " ").map(String.init) }
        let anchors = html.matches(of: #/href="#([^"]+)"/#).map { String($0.1) }

        #expect(Set(ids).count == ids.count)
        for use in uses + described + anchors { #expect(ids.contains(use), "\(use)") }
    }
}
