import Testing

@testable import Console

/// What the pages of exports say beside their figures.
struct ExportPageTests {
    private static func html(_ name: String) throws -> String {
        try #require(ConsoleFixtures.all().first { $0.name == "console-\(name)" }).html
    }

    @Test func `the sums say what their total is, read aloud with the table`() throws {
        let page = try Self.html("export")

        #expect(page.contains("<table class=\"table\" aria-describedby=\"summen-hinweis\">"))
        let hint = try #require(
            page.firstMatch(of: #/<p class="hint" id="summen-hinweis">([^<]+)</p>/#)
        ).1
        #expect(hint.contains("„Zusammen“ ist die Summe der Zeilen, nicht der Umsatz"))
        #expect(try !Self.html("export-without-money").contains("summen-hinweis"))
    }
}
