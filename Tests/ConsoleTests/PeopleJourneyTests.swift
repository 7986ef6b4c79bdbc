import Operations
import People
import Testing

@testable import Console

/// What people change about themselves and others, in the browser.
struct PeopleJourneyTests {
    @Test func `somebody changes the own password and signs in with the new one`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse", "kasse"]) { browsers in
            let (first, other) = (browsers[0], browsers[1])
            #expect(try await first.get("/verkaeufe").text.contains("href=\"/passwort\""))
            #expect(try await first.get("/passwort").status == 200)
            let new = "ein ganz neues Passwort"
            for (fields, words) in [
                ([ConsoleYard.password, new, new + "x"], "Das ist ein anderes Passwort."),
                (["nicht dieses hier", new, new], "Das ist nicht Ihr Passwort."),
                ([ConsoleYard.password, "zu kurz", "zu kurz"], "mindestens zehn Zeichen"),
                (
                    [ConsoleYard.password, ConsoleYard.password, ConsoleYard.password],
                    "Das ist Ihr altes Passwort."
                ),
            ] {
                let refused = try await first.post("/passwort", Self.form(fields))
                #expect(refused.status == 422 && refused.text.contains(words), "\(words)")
            }

            let changed = try await first.post(
                "/passwort", Self.form([ConsoleYard.password, new, new]))

            #expect(changed.location == "/anmelden?ziel=%2Fheute&neu=ja")
            // Every session of the person has ended, also that of another browser.
            for browser in [first, other] {
                let location = try await browser.get("/verkaeufe").location
                #expect(location?.hasPrefix("/anmelden") == true)
            }
            let page = try await first.get("/anmelden?ziel=%2Fheute&neu=ja")
            #expect(page.text.contains("Passwort geändert"))
            let old = try await first.post(
                "/anmelden", ["name": "kasse", "passwort": ConsoleYard.password])
            #expect(old.status == 401)
            let signedIn = try await first.post("/anmelden", ["name": "kasse", "passwort": new])
            #expect(signedIn.status == 303 && signedIn.location == "/heute")
        }
    }

    private static func form(_ fields: [String]) -> [String: String] {
        ["passwort": fields[0], "neu": fields[1], "wiederholt": fields[2]]
    }

    @Test func `the auditor sees who changed whose roles`() async throws {
        let yard = try await ConsoleYard()
        let kasse = try ConsoleYard.person("kasse")
        let more = Person(id: kasse.id, name: kasse.name, roles: [.cashier, .approver])
        try await yard.installation.save(
            more, password: nil, by: try ConsoleYard.person("betrieb").id)
        try await yard.browsing(["pruefung"]) { browsers in
            let page = try await browsers[0].get("/pruefung").text
            #expect(page.contains("Rollen: Kasse → Kasse, Freigabe (zweite Person)"))
            #expect(page.contains("am Rechner des Servers"))
        }
    }
}
