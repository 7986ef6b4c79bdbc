import Calendars
import DayClosing
import FinanceSamples
import Foundation
import HTTPTypes
import Journal
import Operations
import People
import Sales
import Testing
import Units

@testable import Console

/// A refund by bank transfer at the console: whom it is paid to, and who may see that.
struct PayeeJourneyTests {
    private static let transfer = [
        "art": "refund", "betrag-0": "1,00", "weg": "bank-transfer", "grund": "Falsche Menge",
    ]

    @Test func `a transfer is asked for with its payee, who is shown for a purpose`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen", "pruefung"]) { browsers in
            let (cashier, approving, finance) = (browsers[0], browsers[1], browsers[2])
            let form = "/verkaeufe/t1/1/erstattung"
            let transfer = Self.transfer
            let nobody = try await cashier.post(form, transfer)
            #expect(nobody.status == 422 && nobody.text.contains("Nennen Sie den Empfänger."))
            #expect(nobody.text.contains("Geben Sie die IBAN ein."))
            let unkept = #/name="(empfaenger|iban)"[^>]* autocomplete="off"/#
            #expect(nobody.text.matches(of: unkept).count == 2)
            let named = transfer.merging(["empfaenger": "Erika Beispiel"]) { $1 }
            let wrong = try await cashier.post(
                form, named.merging(["iban": "DE02 1203 0000 0000 2020 52"]) { $1 })
            #expect(wrong.status == 422 && wrong.text.contains("Die Prüfziffern passen nicht"))

            let both = transfer.merging(
                ["empfaenger": String(repeating: "x", count: 71), "iban": "DE02 1203"]) { $1 }
            let told = try await cashier.post(form, both).text
            #expect(told.contains("href=\"#empfaenger\"") && told.contains("href=\"#iban\""))

            let right = named.merging(["iban": "de02 1203 0000 0000 2020 51"]) { $1 }
            let check = try await cashier.post(form, right)
            #expect(check.status == 200 && check.text.contains("Erika Beispiel"))
            #expect(check.text.contains("**** **** **** **** **20 51"))
            let changing = try await cashier.post(
                form, right.merging(["bestaetigt": "aendern"]) { $1 })
            #expect(changing.status == 200 && !changing.text.contains("Prüfen Sie den Antrag."))
            for kept in ["value=\"1,00\"", "value=\"Erika Beispiel\"", ">Falsche Menge<"] {
                #expect(changing.text.contains(kept), "\(kept)")
            }
            let confirmed = right.merging(["bestaetigt": "ja"]) { $1 }
            for _ in 1...2 {
                #expect(try await cashier.post(form, confirmed).location == "/erstattungen/1")
            }
            // The same again for somebody else is another request.
            let other = confirmed.merging(["empfaenger": "Max Beispiel"]) { $1 }
            #expect(try await cashier.post(form, other).location == "/erstattungen/2")

            let hidden = try await approving.get("/erstattungen/1")
            #expect(hidden.text.contains("**** **** **** **** **20 51"))
            #expect(!hidden.text.contains("Erika") && hidden.text.contains("name=\"zweck\""))
            let unsaid = try await approving.post("/erstattungen/1", ["zweck": " "])
            #expect(unsaid.status == 422 && !unsaid.text.contains("Erika"))
            let shown = try await approving.post("/erstattungen/1", ["zweck": "Freigabe"])
            #expect(shown.status == 200 && shown.text.contains("Erika Beispiel"))
            #expect(!shown.text.contains("1203 0000"))
            let approved = try await approving.post("/erstattungen/1/genehmigen")
            #expect(approved.location == "/erstattungen/1")
            let whole = try await finance.post("/erstattungen/1", ["zweck": "Überweisung"])
            #expect(whole.text.contains("DE02 1203 0000 0000 2020 51"))

            let audit = try await browsers[3].get("/erstattungen/1")
            #expect(!audit.text.contains("20 51") && !audit.text.contains("name=\"zweck\""))
            #expect(try await browsers[3].post("/erstattungen/1", ["zweck": "x"]).status == 403)
            let sale = try await finance.get("/verkaeufe/t1/1")
            #expect(sale.text.contains("Es gibt personenbezogene Angaben"))
            #expect(!sale.text.contains("Erika"))
        }
    }

    @Test func `an export that names people is fetched by finance alone, whoever made it`()
        async throws
    {
        let yard = try await ConsoleYard()
        let installation = yard.installation
        let profiles = DataDirectory(yard.folder).exportProfiles
        let text = String(
            decoding: try Samples.file("finance/profil-sollstellung.yaml"), as: UTF8.self)
        try Data(text.replacing("wert: hof-1", with: "wert: nord").utf8)
            .write(to: URL(filePath: "\(profiles)/profil-sollstellung.yaml"))
        // Together these roles fetch exports and see names.
        let both = Person(
            id: try #require(PersonID("beides")), name: "Beides", roles: [.auditor, .cashier])
        try await installation.save(both, password: ConsoleYard.password)
        let claim = try await yard.sell(.onAccount)
        let (finance, approver) = (
            try ConsoleYard.person("finanzen"), try ConsoleYard.person("freigabe")
        )
        try await installation.nameDebtor(
            "Bau GmbH, Weg 1", of: claim, reason: "fehlte", at: yard.yard, by: finance)
        try await installation.countClose(
            [:], day: installation.calendar.day(of: installation.clock()), at: yard.yard,
            by: try ConsoleYard.person("kasse"))
        _ = try await installation.approveClose(at: yard.yard, by: approver)
        let export = try await installation.createExport(
            "sollstellung", of: [1], at: yard.yard, by: approver)
        #expect(export.people == [.debtor])
        let name = try #require(export.files.first).name
        let paths = ["/exporte/1/\(name)", "/exporte/1/dateien.zip"]
        try await yard.browsing(["finanzen", "freigabe", "pruefung", "beides"]) { browsers in
            #expect(try await browsers[0].get("/exporte/1").text.contains(paths[0]))
            for path in paths {
                for browser in browsers.dropFirst() {
                    let refused = try await browser.get(path)
                    #expect(refused.status == 403 && !refused.text.contains("Bau GmbH"))
                    let page = try await browser.get("/exporte/1").text
                    #expect(!page.contains(path) && page.contains("Nennt Personen"))
                }
                let fetched = try await browsers[0].get(path)
                #expect(fetched.status == 200 && fetched.text.contains("Bau GmbH, Weg 1"))
            }
        }
    }

    @Test func `the debtor of a claim is named from the list of open claims`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell(.onAccount)
        try await yard.sell()
        try await yard.browsing(["finanzen", "pruefung", "kasse"]) { browsers in
            let (finance, audit, cashier) = (browsers[0], browsers[1], browsers[2])
            let form = "/verkaeufe/t1/1/schuldner"
            #expect(try await finance.get("/abgleich").text.contains("Schuldner fehlt"))
            let prepare = try await cashier.get("/abschluss/vorbereiten")
            #expect(prepare.text.contains("Forderungen ohne Schuldner: 1"))
            // Everybody is led where they may go: the board is not for the cashier, nor the form
            // for the auditor.
            #expect(prepare.text.contains("href=\"/verkaeufe/t1/1\">Verkauf t1-000001 ansehen"))
            #expect(try await cashier.get("/verkaeufe/t1/1").text.contains("href=\"\(form)\""))
            #expect(try await finance.get("/abgleich").text.contains("href=\"\(form)\""))
            let audited = try await audit.get("/abgleich").text
            #expect(audited.contains("Schuldner fehlt") && !audited.contains(form))
            #expect(try await finance.get("/verkaeufe/t1/1").text.contains("Schuldner benennen"))
            #expect(try await audit.get(form).status == 403)
            let paid = try await finance.get("/verkaeufe/t1/2/schuldner")
            #expect(paid.status == 422)

            #expect(try await finance.get(form).text.contains("ist niemand benannt"))
            let empty = try await finance.post(form, ["schuldner": " ", "grund": ""])
            #expect(empty.status == 422 && empty.text.contains("Nennen Sie Name und Anschrift."))
            let named = try await finance.post(
                form, ["schuldner": "Bau GmbH\nWeg 1\n12345 Musterstadt", "grund": "fehlte"])
            #expect(named.location == "/verkaeufe/t1/1")

            #expect(try await !finance.get("/abgleich").text.contains("Schuldner fehlt"))
            let sale = try await finance.get("/verkaeufe/t1/1")
            #expect(sale.text.contains("Schuldner berichtigen") && !sale.text.contains("Bau GmbH"))
            let seen = try await finance.post("/verkaeufe/t1/1", ["zweck": "Rechnung"])
            #expect(seen.text.contains("Bau GmbH"))
        }
    }

    @Test func `who will owe is named before a payment becomes a claim`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell(.unknown(cardTerminal: nil))
        try await yard.browsing(["kasse"]) { browsers in
            let path = "/zahlungen/t1/1"
            let fields = [
                "befund": "not-charged-claim", "beweis": "totals",
                "vermerk": "Kein Umsatz am Gerät.", "schuldner": "Bau GmbH\r\nWeg 1",
            ]
            let check = try await browsers[0].post(path, fields)
            #expect(check.status == 200)
            #expect(check.text.contains("<dt>Schuldner</dt><dd>Bau GmbH Weg 1</dd>"))
            let void = fields.merging(["befund": "not-charged-void"]) { $1 }
            let other = try await browsers[0].post(path, void)
            #expect(other.status == 200 && !other.text.contains("<dt>Schuldner</dt>"))
        }
    }
}
