import DayClosing
import Operations
import Testing
import Units

@testable import Console

/// The steps of a close as somebody meets them who does not go the usual way.
struct ClosePageTests {
    private static let count = "anzahl-51234567-girocard"
    private static let amount = "betrag-51234567-girocard"

    @Test func `a further card terminal that is none is told at its field`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse"]) { browsers in
            let wrong = try await browsers[0].get("/abschluss/zaehlen?geraet=ab-1")
            #expect(wrong.status == 422 && wrong.text.contains("href=\"#geraet\""))
            let right = try await browsers[0].get("/abschluss/zaehlen?geraet=51234599")
            #expect(right.status == 200 && right.text.contains("Kartengerät 51234599"))
        }
    }

    @Test func `two cuts of one number are told at the second, of a file at the file`() async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let typed = try await browsers[0].post(
                "/abschluss/zaehlen",
                [
                    "schnitte": "2", Self.count: "1", Self.amount: "1,00",
                    "schnitt-51234567": "7", Self.count + "-2": "1", Self.amount + "-2": "2,00",
                    "schnitt-51234567-2": "7",
                ])
            #expect(typed.status == 422 && typed.text.contains("href=\"#schnitt-51234567-2\""))
            let file = try await browsers[0].post(
                "/abschluss/zaehlen",
                [
                    Self.count: "1", Self.amount: "1,00", "schnitt-51234567": "7",
                    "datei": "\(BatchCutFile.header)\n51234567;7;;girocard;1;1,00",
                ])
            #expect(file.status == 422 && file.text.contains("href=\"#datei\""))
            #expect(file.text.contains("<details open>"))
        }
    }
}
