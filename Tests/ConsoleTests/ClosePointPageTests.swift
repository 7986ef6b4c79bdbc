import DayClosing
import Operations
import Pages
import Sales
import Testing

@testable import Console

/// What turns up while somebody is on the way through the close.
struct ClosePointPageTests {
    private static let steps = ["", "/vergleichen", "/erklaeren", "/freigeben"]
    private static let said = "Seit der Zählung"

    @Test func `what came after the preparation is asked for when counting`() async throws {
        let yard = try await ConsoleYard()
        try await yard.report(queued: 2)
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            let known = ["bekannt": "ja", "offen": try yard.openMark]
            let path = try #require(
                try await cashier.post("/abschluss/vorbereiten", known).location)
            #expect(try await cashier.get(path).text.contains("Terminal t1 hat noch Belege"))

            try await yard.report(queued: 2, unknown: 1)
            let shown = try await cashier.get(path).text
            #expect(shown.contains("nicht mehr die der Vorbereitung"))
            #expect(shown.contains("Terminal t1: Zahlung ungeklärt"))
            #expect(!shown.contains("value=\"ja\" checked"))
            let refused = try await cashier.post("/abschluss/zaehlen", known)
            #expect(refused.status == 422 && refused.text.contains("href=\"#bekannt\""))
            #expect(refused.text.contains("hat sich die Liste geändert"))
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)

            let again = ["bekannt": "ja", "offen": try yard.openMark]
            #expect(try await cashier.post("/abschluss/zaehlen", again).status == 303)
        }
    }

    @Test func `what came after the count stands on every step, with the way back`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["beide", "freigabe"]) { browsers in
            let (cashier, approver) = (browsers[0], browsers[1])
            _ = try await cashier.post("/abschluss/zaehlen")
            for step in Self.steps {
                #expect(try await !cashier.get("/abschluss\(step)").text.contains(Self.said))
            }
            try await yard.report(queued: 3)
            for step in Self.steps {
                let page = try await cashier.get("/abschluss\(step)").text
                #expect(page.contains(Self.said), "\(step)")
                #expect(page.contains("Terminal t1 hat noch Belege"), "\(step)")
                #expect(page.contains("href=\"/abschluss/vorbereiten\""), "\(step)")
                // Who does not count is not sent where he may not go.
                let other = try await approver.get("/abschluss\(step)")
                guard other.status == 200 else { continue }
                #expect(other.text.contains("Terminal t1 hat noch Belege"), "\(step)")
                #expect(!other.text.contains("href=\"/abschluss/vorbereiten\""), "\(step)")
            }
            #expect(
                try await cashier.get("/abschluss").text.contains("Begonnen, unvollständig"))
        }
    }

    @Test func `the approval asks for what came after the count, by name`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let approver = browsers[1]
            _ = try await browsers[0].post("/abschluss/zaehlen")
            try await yard.report(queued: 3)
            let progress = try yard.installation.closeProgress(of: yard.yard)
            let fields = ["geprueft": "ja", "stand": try #require(progress.draft).mark]
            let asked = try await approver.post("/abschluss/freigeben", fields)
            #expect(asked.status == 409 && asked.text.contains("href=\"#neu\""))
            #expect(asked.text.contains("Bestätigen Sie, dass Sie es wissen"))

            let seen = try yard.installation.newClosePoints(progress).mark
            #expect(asked.text.contains("name=\"offen\" value=\"\(seen)\""))
            try await yard.report(queued: 3, unknown: 1)
            let known = fields.merging(["neu": "ja", "offen": seen]) { $1 }
            let stale = try await approver.post("/abschluss/freigeben", known)
            #expect(stale.status == 409 && stale.text.contains("Zahlung ungeklärt"))
            #expect(stale.text.contains("Sehen Sie noch einmal nach."))
            #expect(try yard.installation.closes(of: yard.yard).isEmpty)

            let now = try yard.installation.newClosePoints(
                try yard.installation.closeProgress(of: yard.yard)
            ).mark
            let done = try await approver.post(
                "/abschluss/freigeben", known.merging(["offen": now]) { $1 })
            #expect(done.location == "/abschluesse/1")
        }
    }

    @Test func `what a terminal calls unknown is told before it is sent`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            let clear = "Zu jeder Kartenzahlung liegt ein Ergebnis vor."
            let done = "Keine Zahlung ist offen"
            #expect(try await cashier.get("/zahlungen").text.contains(clear))
            #expect(try await cashier.get("/heute").text.contains(done))

            try await yard.report(queued: 1, unknown: 1)

            for path in ["/heute", "/zahlungen"] {
                let page = try await cashier.get(path).text
                #expect(page.contains("Terminal t1: Zahlung ungeklärt"), "\(path)")
                #expect(page.contains("Am Gerät, noch nicht gesendet: 1."), "\(path)")
                #expect(!page.contains(clear) && !page.contains(done), "\(path)")
            }
            try await yard.sell(.unknown(cardTerminal: nil))
            let both = try await cashier.get("/zahlungen").text
            #expect(both.contains("t1-000001 klären") && both.contains("Am Gerät"))
        }
    }
}
