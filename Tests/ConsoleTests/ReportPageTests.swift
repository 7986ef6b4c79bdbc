import Testing

@testable import Console

/// The page of reports: what it shows, how it takes nonsense.
struct ReportPageTests {
    @Test func `sales of the month stand in table, chart and file`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["finanzen"]) { browsers in
            let page = try await browsers[0].get("/auswertung").text
            #expect(page.contains("<svg class=\"chart\""))
            #expect(page.contains("Umsatz nach Abfallart") && page.contains("Summe"))

            let file = try await browsers[0].get("/auswertung.csv?nach=fraction").text
            #expect(file.contains("\"Abfallart\";\"Zeilen\";\"Umsatz\""))
        }
    }

    @Test func `every grouping, the year before and the differences have a page`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["finanzen"]) { browsers in
            for words in ["hour", "weekday", "day", "month", "method", "yard", "position"] {
                for compared in ["", "ja"] {
                    let page = try await browsers[0].get(
                        "/auswertung?nach=\(words)&vergleich=\(compared)")
                    #expect(page.status == 200)
                    #expect(page.text.contains("CSV-Datei"))
                }
            }
            let differences = try await browsers[0].get("/auswertung?nach=abweichungen").text
            #expect(differences.contains("Nichts verzeichnet"))
        }
    }

    @Test func `days that make no period are told and the month is shown`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["finanzen"]) { browsers in
            let page = try await browsers[0].get("/auswertung?von=2026-11-30&bis=2026-11-01").text
            #expect(page.contains("Der letzte Tag liegt vor dem ersten"))
        }
    }
}
