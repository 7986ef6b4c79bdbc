import Operations
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

    @Test func `an export of too many closes is told with what to do instead`() {
        let many = GermanWords.words(
            for: .exportRecordTooLarge(closes: Array(301...400), byteCount: 20_345))
        let one = GermanWords.words(for: .exportRecordTooLarge(closes: [317], byteCount: 20_345))

        #expect(many.title == "Das sind zu viele Abschlüsse auf einmal")
        #expect(many.what.contains("Nr. 301 bis 400 hätte 20.345 Byte; er fasst 16.384."))
        #expect(
            many.todo == [
                "Geben Sie weniger Abschlüsse auf einmal aus, zuerst zum Beispiel die bis Nr. 350."
            ])
        #expect(one.what.contains("Abschluss Nr. 317 hätte"))
        #expect(one.todo == ["Geben Sie den Abschluss in einem anderen Format aus."])
    }
}
