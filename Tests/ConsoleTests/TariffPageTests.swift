import Calendars
import Defaults
import Foundation
import HTTPTypes
import Operations
import People
import Storage
import Testing
import Units

@testable import Console

/// The tariff book in the console: what waits, who may, what comes of it.
struct TariffPageTests {
    /// The sample tariff with another id and first day.
    private func file(_ id: String, from day: String) throws -> [UInt8] {
        let sample = try #require(DefaultFile.named("tariffs/goettingen-2024.yaml")).bytes
        return Array(
            String(decoding: sample, as: UTF8.self)
                .replacing("tarif: goettingen-2024", with: "tarif: \(id)")
                .replacing("gültig ab: 05.01.2024", with: "gültig ab: \(day)")
                .replacing("datum: 05.01.2024", with: "datum: \(day)").utf8)
    }

    private func propose(_ bytes: [UInt8], at yard: ConsoleYard) async throws -> String {
        let id = try #require(PersonID("betrieb"))
        let person = try #require(try yard.installation.people().first { $0.id == id })
        return try await yard.installation.proposeTariff(bytes, for: yard.yard, by: person)
    }

    @Test func `a proposal says what it ends and is approved by another person`() async throws {
        let yard = try await ConsoleYard()
        let bytes = try file("neu-2027", from: "01.01.2027")
        let digest = try await propose(bytes, at: yard)
        try await yard.browsing(["betrieb", "kasse", "freigabe"]) { browsers in
            let (office, cashier, approver) = (browsers[0], browsers[1], browsers[2])
            let path = "/tarife/\(digest)/freigeben"
            let own = try await office.get("/tarife").text
            #expect(own.contains("Sie haben diesen Tarif vorgeschlagen"))
            #expect(!own.contains(path) && own.contains("/tarife/\(digest)/zurueckziehen"))
            let other = try await cashier.get("/tarife").text
            #expect(other.contains("Eine Person mit der Rolle „Freigabe (zweite Person)“"))
            #expect(!other.contains("zurueckziehen"))
            for browser in [office, cashier] {
                #expect(try await browser.post(path).status == 403)
            }

            let page = try await approver.get("/tarife").text
            #expect(page.contains("Mit der Freigabe endet goettingen-2024 am 31.12.2026."))
            #expect(page.contains("01.01.2027 bis auf Weiteres") && page.contains(digest))
            for _ in 0..<2 {
                let done = try await approver.post(path)
                #expect(done.status == 303 && done.location == "/tarife")
            }

            let after = try await approver.get("/tarife").text
            #expect(!after.contains("Warten auf Freigabe"))
            #expect(after.contains("05.01.2024 bis 31.12.2026") && after.contains("In Kraft"))
            #expect(after.contains("Freigegeben, gilt später"))
            #expect(after.contains("Name betrieb") && after.contains("Name freigabe"))
            let file = try await cashier.get("/tarife/\(digest)/datei")
            #expect(file.status == 200 && Array(file.text.utf8) == bytes)
            #expect(
                file.headers[.contentDisposition] == "attachment; filename=\"neu-2027.yaml\"")
            #expect(try await cashier.get("/tarife/00/datei").status == 404)
        }
    }

    @Test func `a proposal is withdrawn, and one that does not fit says why`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        let late = try await propose(try file("neu", from: "19.11.2026"), at: yard)
        let today = GermanFormat.day(
            yard.installation.calendar.day(of: yard.installation.clock()))
        #expect(today == "18.11.2026")
        try await yard.browsing(["freigabe"]) { browsers in
            let done = try await browsers[0].post("/tarife/\(late)/zurueckziehen")
            #expect(done.status == 303)
            let page = try await browsers[0].get("/tarife").text
            #expect(page.contains("Zurückgezogen") && !page.contains("Warten auf Freigabe"))
            let again = try await browsers[0].post("/tarife/\(late)/freigeben")
            #expect(again.status == 409)
            #expect(again.text.contains("Über den Vorschlag ist schon entschieden"))
        }
    }

    @Test func `a proposal that a later sale stands against has no button`() async throws {
        let yard = try await ConsoleYard()
        let digest = try await propose(try file("neu", from: "18.11.2026"), at: yard)
        try await yard.sell()
        try await yard.browsing(["freigabe"]) { browsers in
            let page = try await browsers[0].get("/tarife").text
            #expect(page.contains("Der Tarif beginnt zu früh."))
            #expect(!page.contains("/tarife/\(digest)/freigeben"))
            let refused = try await browsers[0].post("/tarife/\(digest)/freigeben")
            #expect(refused.status == 409 && refused.text.contains("tariff-backdated"))
        }
    }
}
