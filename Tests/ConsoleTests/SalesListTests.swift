import Operations
import Sales
import Storage
import Testing

@testable import Console

/// Searching in the console: filters of the list, and plates.
struct SalesListTests {
    @Test func `a filter that is not understood is told at its field, and nothing is listed`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let page = try await browsers[0].get("/verkaeufe?betrag=viel&letzte4=12")
            #expect(page.status == 422 && page.text.contains("Es gibt ein Problem"))
            #expect(page.text.contains("Schreiben Sie den Betrag wie 14,40."))
            #expect(page.text.contains("Schreiben Sie die letzten vier Ziffern der Karte."))
            #expect(!page.text.contains("t1-000001") && !page.text.contains("Keine Verkäufe"))

            let turned = try await browsers[0].get(
                "/verkaeufe?tag=2026-11-18&bis=2026-11-17&betrag=5&betrag-bis=4,99")
            #expect(turned.status == 422)
            #expect(turned.text.contains("Der letzte Tag liegt vor dem ersten."))
            #expect(turned.text.contains("Der höchste Betrag ist kleiner als der erste."))
            let one = try await browsers[0].get("/verkaeufe?tag=2026-11-18&bis=2026-11-18")
            #expect(one.status == 200 && one.text.contains("t1-000001"))
        }
    }

    @Test func `receipt number, last four digits, day and what was brought find a sale`()
        async throws
    {
        let yard = try await ConsoleYard()
        for _ in 1...2 { try await yard.sell() }
        let slip = CardSlip(
            cardTerminal: "51234567", scheme: .girocard, receiptNumber: "3", traceNumber: "4",
            lastFour: "4711")
        try await yard.sell(.card(try #require(slip)))
        try await yard.browsing(["kasse"]) { browsers in
            let found = try await browsers[0].get("/verkaeufe?beleg=t1-2").text
            #expect(found.contains("t1-000002") && !found.contains("t1-000001"))
            let card = try await browsers[0].get("/verkaeufe?letzte4=4711").text
            #expect(card.contains("t1-000003") && !card.contains("t1-000002"))
            let day = try await browsers[0].get("/verkaeufe?tag=2026-11-18").text
            #expect(day.contains("t1-000001") && day.contains("t1-000003"))
            for filter in ["letzte4=0000", "tag=2026-11-17", "tag=2026-11-19"] {
                let none = try await browsers[0].get("/verkaeufe?\(filter)").text
                #expect(none.contains("<dt>Belege</dt><dd>0</dd>"), "\(filter)")
            }
            let strange = try await browsers[0].get("/verkaeufe?abfall=%25").text
            #expect(strange.contains("<dt>Belege</dt><dd>0</dd>"))
        }
    }

    @Test func `a plate is found by those who may see it and say what for`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell(plate: "MU-X 123")
        try await yard.browsing(["kasse", "pruefung"]) { browsers in
            let cashier = browsers[0]
            #expect(try await cashier.get("/verkaeufe").text.contains("href=\"/kennzeichen\""))
            #expect(try await !browsers[1].get("/verkaeufe").text.contains("/kennzeichen"))

            let wish = ["kennzeichen": "mu x123", "zweck": "Reklamation"]
            let found = try await cashier.post("/kennzeichen", wish)
            #expect(found.status == 200 && found.text.contains("t1-000001"))
            let other = try await cashier.post(
                "/kennzeichen", ["kennzeichen": "MU-X 124", "zweck": "Reklamation"])
            #expect(other.text.contains("Nichts gefunden"))
            let both = try await cashier.post("/kennzeichen").text
            #expect(both.contains("href=\"#kennzeichen\"") && both.contains("href=\"#zweck\""))
            for wrong in [["kennzeichen": "--", "zweck": "x"], ["kennzeichen": "MU-X 123"]] {
                let page = try await cashier.post("/kennzeichen", wrong)
                #expect(page.status == 422 && page.text.contains("Es gibt ein Problem"))
                #expect(!page.text.contains("t1-000001"))
            }
            #expect(try await browsers[1].post("/kennzeichen", wish).status == 403)
            let log = try yard.installation.accessLog(
                of: yard.yard, by: try ConsoleYard.person("pruefung")
            ).rows
            #expect(log.map(\.act.rawValue) == ["search", "search"])
        }
    }
}
