import DayClosing
import HTTPTypes
import Operations
import Reports
import Testing
import Units

@testable import Console

/// The page of reports: what it shows, how it takes nonsense.
struct ReportPageTests {
    @Test func `sales of the month stand in table, chart and file`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["finanzen"]) { browsers in
            let page = try await browsers[0].get("/auswertung").text
            #expect(page.contains("<div class=\"chart\""))
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

    @Test func `the chart draws what is asked for, beside the year before`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["finanzen"]) { browsers in
            let count = try await browsers[0].get("/auswertung?nach=month&groesse=count").text
            #expect(count.contains("<h2>Anzahl nach Monat</h2>"))
            #expect(count.contains("aria-label=\"Balken, Anzahl nach Monat: November 2026 1.\""))
            #expect(count.contains("<option value=\"count\" selected>Anzahl</option>"))

            let compared = try await browsers[0].get(
                "/auswertung?nach=month&vergleich=ja&groesse=count"
            ).text
            #expect(compared.contains("November 2026: 1, Vorjahr 0</p>"))
            // Nothing was weighed: no chart, but the table.
            let weight = try await browsers[0].get("/auswertung?nach=month&groesse=weight").text
            #expect(!weight.contains("<div class=\"chart\"") && weight.contains("Gewicht in kg"))
        }
    }

    @Test func `a difference of a close stands in table, chart and file`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let expected = try yard.installation.closeProgress(of: yard.yard).totals.turnover
            let counted = expected + Cents(1_234)
            _ = try await browsers[0].post(
                "/abschluss/zaehlen",
                [
                    "anzahl-51234567-girocard": "2",
                    "betrag-51234567-girocard": String(counted.german.dropLast(2)),
                ])
            _ = try await browsers[0].post(
                "/abschluss/erklaeren",
                [
                    "grund-51234567-girocard": "test-transaction",
                    "text-51234567-girocard": "Probe nach dem Papierwechsel.",
                    "stand": try yard.mark,
                ])
            #expect(try await yard.approve(browsers[1]).location == "/abschluesse/1")

            let page = try await browsers[2].get("/auswertung?nach=abweichungen").text
            #expect(page.contains("<div class=\"chart\""))
            #expect(page.contains("Gerät 51234567, November 2026: 12,34\u{A0}€</p>"))
            let file = try await browsers[2].get("/auswertung.csv?nach=abweichungen").text
            #expect(
                file.contains(
                    "\"51234567\";\"November 2026\";1;1;12,34;12,34;\"Testzahlung (1)\""))
        }
    }

    @Test func `bars have the length of their amount, the year before below, losses apart`()
        throws
    {
        func row(_ value: Int64, _ before: Int64?) -> ReportChart.Row {
            ReportChart.Row(
                label: "a", bar: ReportChart.Bar(value: value, text: "\(value)"),
                before: before.map { ReportChart.Bar(value: $0, text: "\($0)") })
        }
        let rows = [row(300, 600), row(0, 1), row(-150, 0)]
        let chart = try #require(ReportPage.Chart(ReportChart(heading: "h", rows: rows)))

        #expect(chart.rows.map { $0.bars.map(\.width) } == [["50.0", "100.0"], ["0.2"], ["25.0"]])
        #expect(
            chart.rows.map { $0.bars.map(\.style) } == [["now", "before"], ["before"], ["below"]])
        #expect(chart.words == "Balken, h: a 300, Vorjahr 600; a 0, Vorjahr 1; a -150, Vorjahr 0.")
        #expect(!chart.hasNote)
        #expect(ReportPage.Chart(ReportChart(heading: "h", rows: [row(0, 0)])) == nil)
        let many = ReportChart(heading: "h", rows: Array(repeating: row(1, nil), count: 32))
        let month = try #require(ReportPage.Chart(many))
        #expect(month.rows.count == 31)
        #expect(month.note == "Gezeichnet sind 31 von 32 Zeilen der Tabelle.")
    }

    @Test func `days that make no period are told and the month is shown`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["finanzen"]) { browsers in
            let page = try await browsers[0].get("/auswertung?von=2026-11-30&bis=2026-11-01").text
            #expect(page.contains("Der letzte Tag liegt vor dem ersten"))
        }
    }

    @Test func `days that are none give no file of other days`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["finanzen"]) { browsers in
            for query in ["von=2026-11-01&bis=2026-02-30", "von=2026-11-30&bis=2026-11-01"] {
                for path in ["/auswertung", "/auswertung.csv"] {
                    let answer = try await browsers[0].get("\(path)?\(query)")
                    #expect(answer.status == 422, "\(path)?\(query)")
                    #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
                    #expect(answer.text.contains("href=\"#bis\""))
                }
            }
        }
    }
}
