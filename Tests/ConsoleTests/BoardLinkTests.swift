import Calendars
import DayClosing
import Operations
import Sales
import Testing

@testable import Console

/// From the board to one item and its decision, and what it says of clearing.
struct BoardLinkTests {
    @Test func `money of a card terminal without a cut is named so, and not as a difference`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        let installation = yard.installation
        let cashier = try ConsoleYard.person("kasse")
        try await installation.countClose(
            [:], day: installation.calendar.day(of: installation.clock()), at: yard.yard,
            by: cashier)
        try await installation.explainDifference(
            CardKey(cardTerminal: "51234567", scheme: .girocard), reason: .cutMissing,
            text: "Bonrolle leer", at: yard.yard, by: cashier)
        let close = try await installation.approveClose(
            at: yard.yard, by: ConsoleYard.person("freigabe"))
        try await yard.browsing(["finanzen"]) { browsers in
            let board = try await browsers[0].get("/abgleich").text
            #expect(board.contains("Kassenschnitt fehlt noch: Betrag nur aus dem Hofbuch"))
            #expect(board.contains("Abschluss \(close.reference), Gerät 51234567"))
            #expect(!board.contains("Hofbuch und Kartengerät weichen ab"))
        }
    }

    @Test func `a card cut is opened from the board and decided there`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let finance = browsers[2]
            try await yard.count(browsers[0])
            _ = try await yard.approve(browsers[1])

            let board = try await finance.get("/abgleich").text
            let link = try #require(board.firstMatch(of: #/href="(\/abgleich\/posten\/[^"]+)"/#))
            let item = try await finance.get(String(link.1))
            #expect(item.status == 200)
            let action = try #require(
                item.text.firstMatch(of: #/action="(\/abgleich\/posten\/[^"]+)"/#))
            let refused = try await finance.post(String(action.1), ["grund": "steht noch aus"])
            #expect(refused.status == 422 && refused.text.contains("steht noch aus"))
            let clearing = try await finance.post(
                String(action.1),
                ["entscheidung": "match", "unterschied": "clearing:girocard", "grund": "x"])
            #expect(clearing.status == 422)
            #expect(clearing.text.contains("Wählen Sie, was der Unterschied ist."))
            let decided = try await finance.post(
                String(action.1),
                [
                    "entscheidung": "match", "unterschied": "unresolved",
                    "grund": "wird nachgereicht",
                ])
            #expect(decided.status == 303)
            let place = try #require(decided.location)
            #expect(place.hasPrefix("/abgleich/zuordnung/"))
            #expect(try await finance.get(place).status == 200)

            let gone = try await finance.get(String(link.1))
            #expect(gone.status == 404 && gone.text.contains("ist schon zugeordnet"))
        }
    }
}
