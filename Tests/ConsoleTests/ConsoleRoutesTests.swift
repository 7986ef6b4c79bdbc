import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Operations
import Pages
import Sales
import Storage
import Synchronization
import Testing
import Units

@testable import Console

/// The console through its routes, as a browser meets it.
struct ConsoleRoutesTests {
    @Test func `a stranger is led to the sign-in and from there to the wanted page`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing([""]) { browsers in
            let stranger = browsers[0]
            let first = try await stranger.get("/verkaeufe?tag=2026-11-18")
            #expect(first.status == 303)
            #expect(first.location == "/anmelden?ziel=/verkaeufe%3Ftag%3D2026-11-18")

            let form = try await stranger.get("/anmelden?ziel=/verkaeufe%3Ftag%3D2026-11-18")
            #expect(form.text.contains("name=\"ziel\" value=\"/verkaeufe?tag=2026-11-18\""))

            let done = try await stranger.post(
                "/anmelden",
                [
                    "name": "kasse", "passwort": ConsoleYard.password,
                    "ziel": "/verkaeufe?tag=2026-11-18",
                ])
            #expect(done.status == 303 && done.location == "/verkaeufe?tag=2026-11-18")
            let cookie = try #require(done.headers[.setCookie])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            #expect(cookie.contains("Path=/") && !cookie.contains("Secure"))
            #expect(try await stranger.get("/").location == "/heute")
        }
    }

    @Test func `over HTTPS the session's cookie is bound to the host`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing([""]) { browsers in
            let done = try await browsers[0].post(
                "/anmelden", ["name": "kasse", "passwort": ConsoleYard.password],
                headers: [.origin: "https://localhost"])
            let cookie = try #require(done.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-hofbuch=") && cookie.contains("Secure"))
        }
    }

    @Test func `a wrong password keeps the name, and the sixth try has to wait`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing([""]) { browsers in
            for _ in 1...5 {
                let refused = try await browsers[0].post(
                    "/anmelden", ["name": "kasse", "passwort": "falsch"])
                #expect(refused.status == 401 && refused.text.contains("value=\"kasse\""))
                #expect(refused.text.contains("Anmeldename oder Passwort stimmt nicht."))
            }
            let waiting = try await browsers[0].post(
                "/anmelden", ["name": "kasse", "passwort": ConsoleYard.password])
            #expect(waiting.status == 429 && waiting.text.contains("Zu viele Fehlversuche"))
        }
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", "",
    ])
    func `signing in never leads to another server`(target: String) {
        #expect(LocalPath.checked(target) == nil)
    }

    static let pages: [(path: String, allowed: Set<String>)] = {
        let all: Set<String> = ["kasse", "freigabe", "finanzen", "pruefung", "betrieb"]
        let audit: Set<String> = ["freigabe", "finanzen", "pruefung", "betrieb"]
        return [
            ("/verkaeufe", all), ("/verkaeufe/t1/1", all), ("/verkaeufe/t1/1/nachweis", all),
            ("/verkaeufe/t1/1/eintrag", all), ("/verkaeufe/t1/1/erstattung", ["kasse"]),
            ("/erstattungen", all), ("/zahlungen", all), ("/zahlungen/t1/2", ["kasse"]),
            ("/abschluss", all), ("/abschluss/vorbereiten", ["kasse"]),
            ("/abschluss/zaehlen", ["kasse"]), ("/abschluesse", all), ("/exporte", all),
            ("/auswertung", all), ("/auswertung.csv", audit),
            ("/auswertung.csv?von=2020-01-01&bis=2020-01-01", all),
            ("/abschluss/zwischenbericht", audit),
            ("/kennzeichen", ["kasse", "freigabe", "finanzen"]),
            ("/abgleich", ["freigabe", "finanzen", "pruefung"]),
            ("/abgleich/einlesen", ["finanzen"]),
            ("/tarife", all), ("/terminals", audit), ("/pruefung", audit), ("/pruefpunkt", audit),
        ]
    }()

    @Test func `each page opens for the right roles and names the missing one`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.sell(.unknown(cardTerminal: "51234567"))
        let names = ["kasse", "freigabe", "finanzen", "pruefung", "betrieb"]
        try await yard.browsing(names) { browsers in
            for (name, browser) in zip(names, browsers) {
                for (path, allowed) in Self.pages {
                    let answer = try await browser.get(path)
                    let wanted = allowed.contains(name) ? 200 : 403
                    #expect(answer.status == wanted, "\(path) for \(name)")
                    #expect(answer.headers[.cacheControl] == "no-store")
                    for (header, value) in securityHeaders {
                        let field = try #require(HTTPField.Name(header))
                        #expect(answer.headers[field] == value)
                    }
                    if wanted == 403 {
                        let says = ["Wer das darf", "Erst zählen, dann sehen"]
                        #expect(says.contains { answer.text.contains($0) }, "\(path)")
                    }
                }
            }
        }
    }

    @Test func `what does not exist has a page, and assets are kept for ever`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse"]) { browsers in
            for path in ["/gibtsnicht", "/assets/x.css", "/verkaeufe/t1/99", "/abschluesse/7"] {
                let answer = try await browsers[0].get(path)
                #expect(answer.status == 404 && answer.text.contains("Fehlercode"), "\(path)")
            }
            let asset = try await browsers[0].get(Asset.path(of: "hofbuch.css"))
            #expect(asset.status == 200)
            #expect(asset.headers[.cacheControl]?.contains("immutable") == true)
        }
    }

    @Test func `a form without the token or from elsewhere changes nothing`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            let fields = [
                "art": "refund", "betrag-0": "1,00", "weg": "card", "grund": "Test",
                "bestaetigt": "ja",
            ]
            let path = "/verkaeufe/t1/1/erstattung"
            #expect(try await cashier.post(path, fields, csrf: "falsch").status == 403)
            let foreign: [HTTPFields] = [
                [.origin: "https://evil.example"], [.origin: "null"],
                [try #require(HTTPField.Name("Sec-Fetch-Site")): "cross-site"],
            ]
            for headers in foreign {
                let answer = try await cashier.post(path, fields, headers: headers)
                #expect(answer.status == 403)
            }
            #expect(try yard.installation.reversalRequests(of: yard.yard).isEmpty)

            #expect(try await cashier.post(path, fields).location == "/erstattungen/1")
        }
    }

    @Test(arguments: [
        ("hof.example", "https", true), ("hof.example", "http", false),
        ("localhost", "https", false),
    ])
    func `a browser is told to stay with HTTPS, but not on this machine`(
        host: String, scheme: String, isTold: Bool
    ) async throws {
        let yard = try await ConsoleYard()
        let request = Request(
            head: HTTPRequest(method: .get, scheme: scheme, authority: host, path: "/x"),
            body: .init(buffer: ByteBuffer()))
        let arrival = Arrival(
            request: request, parameters: [:], id: "1", logger: yard.installation.logger)
        let route = ConsoleRoute.open(.get, "/x") { _ -> Response in .redirect("/") }

        let response = try await ConsoleRoutes(yard.installation).answer(route, arrival)

        #expect((response.headers[.strictTransportSecurity] != nil) == isTold)
    }

    @Test func `a proxy that hides the host is told of once`() {
        let memory = ConsoleMemory()
        #expect(memory.isFirstForeignOrigin())
        #expect(!memory.isFirstForeignOrigin())
    }

    @Test func `a form after the end of the session says so and leads back to its page`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.browsing([""]) { browsers in
            let stranger = browsers[0]
            let late = try await stranger.post(
                "/abschluss/zaehlen", headers: [.referer: "http://localhost/abschluss/zaehlen"])
            #expect(late.location == "/anmelden?ziel=/abschluss/zaehlen&grund=abgelaufen")
            let page = try await stranger.get(try #require(late.location)).text
            #expect(page.contains("Das Formular ist nicht gespeichert"))
            #expect(page.contains("name=\"ziel\" value=\"/abschluss/zaehlen\""))

            let foreign = try await stranger.post(
                "/abschluss/zaehlen", headers: [.referer: "https://evil.example/x"])
            #expect(foreign.location == "/anmelden?ziel=/heute&grund=abgelaufen")
            #expect(try await !stranger.get("/anmelden").text.contains("nicht gespeichert"))
        }
    }

    @Test func `a page knows what prolongs its session`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["", "kasse"]) { browsers in
            #expect(try await browsers[0].get("/sitzung").status == 303)
            #expect(try await !browsers[0].get("/anmelden").text.contains("data-session"))
            let page = try await browsers[1].get("/heute").text
            #expect(page.contains("data-session=\"/sitzung\""))
            #expect(try await browsers[1].get("/sitzung").status == 204)
        }
    }

    @Test func `a name is a name in capitals too, and a form to nowhere has a page`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.browsing([""]) { browsers in
            let nowhere = try await browsers[0].post("/gibtsnicht")
            #expect(nowhere.status == 404 && nowhere.text.contains("Fehlercode"))
            let done = try await browsers[0].post(
                "/anmelden", ["name": "Kasse", "passwort": ConsoleYard.password])
            #expect(done.status == 303)
        }
    }

    @Test func `below a known path, and where only forms are sent to, there is a page too`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse", ""]) { browsers in
            for browser in browsers {
                for path in [
                    "/abschluss/x", "/terminals/t1", "/verkaeufe/t1", "/zahlungen/t1",
                    "/abgleich/zuordnung/xyz", "/exporte/11/a/b", "/erstattungen/2/genehmigen",
                    "/abschluss/zurueckgeben",
                ] {
                    let answer = try await browser.get(path)
                    #expect(answer.status == 404, "\(path)")
                    #expect(answer.text.contains("Diese Seite gibt es nicht"), "\(path)")
                    for (header, value) in securityHeaders {
                        let field = try #require(HTTPField.Name(header))
                        #expect(answer.headers[field] == value, "\(path)")
                    }
                }
                let form = try await browser.post("/verkaeufe/t1")
                #expect(form.status == 404 && form.text.contains("Fehlercode"))
            }
        }
    }

    @Test func `signing out ends the session`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse"]) { browsers in
            let first = browsers[0]
            let forged = try await first.post("/abmelden", csrf: "falsch")
            #expect(forged.status == 403)
            #expect(try await first.get("/verkaeufe").status == 200)

            #expect(try await first.post("/abmelden").location == "/anmelden")
            #expect(try await first.get("/verkaeufe").status == 303)
            let form = try await first.get("/anmelden").text
            #expect(form.contains("name=\"ziel\" value=\"/heute\""))
        }
    }

    @Test func `personal data is shown to those who may see it, and the look is noted`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell(plate: "MU-X 123")
        try await yard.browsing(["kasse", "pruefung"]) { browsers in
            let first = browsers[0]
            let page = try await first.get("/verkaeufe/t1/1").text
            #expect(!page.contains("MU-X 123"))
            #expect(page.contains("Wofür brauchen Sie die Angaben?"))
            let unsaid = try await first.post("/verkaeufe/t1/1", ["zweck": " "])
            #expect(unsaid.status == 422 && unsaid.text.contains("Es gibt ein Problem"))
            #expect(!unsaid.text.contains("MU-X 123"))
            let shown = try await first.post("/verkaeufe/t1/1", ["zweck": "Reklamation"])
            #expect(shown.status == 200 && shown.text.contains("MU-X 123"))

            let log = try yard.installation.accessLog(
                of: yard.yard, by: try ConsoleYard.person("pruefung")
            ).rows
            #expect(log.map(\.purpose) == ["Reklamation"])
            #expect(try await browsers[1].post("/verkaeufe/t1/1", ["zweck": "x"]).status == 403)

            let hidden = try await browsers[1].get("/verkaeufe/t1/1").text
            #expect(!hidden.contains("MU-X 123"))
            #expect(hidden.contains("Es gibt personenbezogene Angaben."))
        }
    }

    @Test func `a filter by state counts only what it shows`() async throws {
        let yard = try await ConsoleYard()
        for _ in 1...3 { try await yard.sell() }
        try await yard.sell(.unknown(cardTerminal: nil))
        try await yard.browsing(["kasse"]) { browsers in
            let all = try await browsers[0].get("/verkaeufe").text
            #expect(all.contains("<dt>Belege</dt><dd>4</dd>"))
            let open = try await browsers[0].get("/verkaeufe?zustand=ungeklaert").text
            #expect(open.contains("<dt>Belege</dt><dd>1</dd>"))
            #expect(open.contains("t1-000004") && !open.contains("t1-000003"))
            let other = try await browsers[0].get("/verkaeufe?tag=2020-01-01").text
            #expect(other.contains("Keine Verkäufe am 01.01.2020"))
        }
    }

    @Test func `a form acts on the yard it was shown for`() async throws {
        let yard = try await ConsoleYard()
        let south = try await yard.addYard("sued")
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            let form = try await cashier.get("/abschluss/zaehlen")
            #expect(form.text.contains("Wertstoffhof Nord"))
            let token = try #require(form.text.firstMatch(of: #/name="csrf" value="([^"]+)"/#)?.1)

            let other = try await cashier.get("/verkaeufe?hof=sued")
            #expect(other.text.contains("Hof sued"))
            let chosen = other.headers[values: .setCookie].first { $0.hasPrefix("hofbuch-hof=") }
            #expect(chosen?.contains("hofbuch-hof=sued") == true)
            _ = try await cashier.post("/abschluss/zaehlen?hof=sued", csrf: String(token))

            #expect(try yard.installation.closeProgress(of: yard.yard).draft != nil)
            #expect(try yard.installation.closeProgress(of: south).draft == nil)
        }
    }

    @Test func `an error that nobody expected shows its number and not its words`() async throws {
        struct Secret: Error { let word = "geheim" }
        let yard = try await ConsoleYard()
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/x"),
            body: .init(buffer: ByteBuffer()))
        let arrival = Arrival(
            request: request, parameters: [:], id: "4711", logger: yard.installation.logger)

        let response = try ConsoleRoutes(yard.installation).problem(Secret(), arrival, nil)

        #expect(response.status == .internalServerError)
        let text = try await text(of: response)
        #expect(text.contains("internal 4711") && !text.contains("geheim"))
    }

    private func text(of response: Response) async throws -> String {
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return writer.text.withLock { $0 }
    }
}
