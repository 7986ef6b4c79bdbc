import Foundation
import HTTPTypes
import Operations
import Pages
import Testing

@testable import Console

/// What the pages of exports say beside their figures.
struct ExportPageTests {
    private static func html(_ name: String) throws -> String {
        try #require(ConsoleFixtures.all().first { $0.name == "console-\(name)" }).html
    }

    @Test func `the sums say what their total is, read aloud with the table`() throws {
        let page = try Self.html("export")

        #expect(page.contains("<table class=\"table\" aria-describedby=\"summen-hinweis\">"))
        let hint = try #require(
            page.firstMatch(of: #/<p class="hint" id="summen-hinweis">([^<]+)</p>/#)
        ).1
        #expect(hint.contains("„Zusammen“ ist die Summe der Zeilen, nicht der Umsatz"))
        #expect(try !Self.html("export-without-money").contains("summen-hinweis"))
    }

    @Test func `an export of too many closes is told with what to do instead`() {
        let many = GermanWords.words(
            for: .exportRecordTooLarge(closes: Array(301...400), byteCount: 20_345))
        let one = GermanWords.words(for: .exportRecordTooLarge(closes: [317], byteCount: 20_345))

        #expect(many.title == "Das sind zu viele Abschlüsse auf einmal")
        #expect(many.what.contains("Nr. 301 bis 400 hätte 20.345 Byte; er fasst 16.384."))
        #expect(
            many.todo == [
                "Geben Sie weniger Abschlüsse auf einmal aus, zuerst zum Beispiel die bis Nr. 350."
            ])
        #expect(one.what.contains("Abschluss Nr. 317 hätte"))
        #expect(one.todo == ["Geben Sie den Abschluss in einem anderen Format aus."])
    }

    @Test func `a profile is called by title and id, and by its id when its file is gone`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        let profile = yard.installation.directory.exportProfiles + "/profil-allgemein.yaml"
        let named = "Allgemeine CSV-Datei, Profil allgemein"
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let finance = browsers[2]
            try await yard.count(browsers[0])
            _ = try await yard.approve(browsers[1])

            #expect(try await finance.get("/exporte").text.contains(">\(named)</option>"))
            _ = try await finance.post("/exporte", ["abschluss": "1", "format": "allgemein"])
            let list = try await finance.get("/exporte").text
            #expect(list.contains("<span class=\"sub\">\(named), "))
            #expect(try await finance.get("/exporte/1").text.contains("<dd>\(named)</dd>"))

            // Broken, then gone: what was exported is shown all the same.
            try Data("profil: [".utf8).write(to: URL(filePath: profile))
            let broken = try await browsers[0].get("/exporte/1")
            #expect(broken.status == 200 && broken.text.contains("<dd>Profil allgemein</dd>"))
            try FileManager.default.removeItem(atPath: profile)
            #expect(try await finance.get("/exporte").text.contains(">Profil allgemein, "))
            #expect(try await finance.get("/exporte/1").text.contains("<dd>Profil allgemein</dd>"))
        }
    }

    @Test func `a second answer with other words is refused, not dropped`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let finance = browsers[2]
            let link = try await yard.exported(browsers)
            _ = try await finance.get(link.path)
            let path = "/exporte/1/quittieren"
            let long = String(repeating: "7", count: 201)
            let wrong = try await finance.post(path, ["nummer": long])
            #expect(wrong.status == 422 && wrong.text.contains("Es gibt ein Problem"))

            for _ in 1...2 {
                #expect(try await finance.post(path, ["nummer": ""]).location == "/exporte/1")
            }

            for number in ["4712", long] {
                let other = try await finance.post(path, ["nummer": number])
                #expect(other.status == 409 && other.text.contains("schon beantwortet"))
            }
            let page = try await finance.get("/exporte/1").text
            #expect(page.contains("Quittiert") && !page.contains("4712"))
        }
    }

    @Test func `a link on another site neither downloads an export nor hands it over`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let finance = browsers[2]
            let link = try await yard.exported(browsers)
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))

            for path in [link.path, "/exporte/1/dateien.zip"] {
                let foreign = try await finance.get(path, headers: [site: "cross-site"])
                #expect(foreign.status == 403 && foreign.text.contains("von einer fremden Seite"))
            }
            #expect(try await finance.get("/exporte/1").text.contains("Bereit"))
            #expect(try await finance.get(link.path, headers: [site: "none"]).status == 200)
            #expect(try await finance.get("/exporte/1").text.contains("Heruntergeladen"))
        }
    }
}
