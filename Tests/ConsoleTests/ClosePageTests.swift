import Calendars
import DayClosing
import Operations
import Pages
import Sales
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

    @Test func `a number that is none is told with card terminal and scheme`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let refused = try await browsers[0].post(
                "/abschluss/zaehlen", [Self.count: "1", Self.amount: "zwölf"]
            ).text
            #expect(
                refused.contains(
                    ">Summe girocard in Euro, Gerät 51234567: Geben Sie einen Betrag ein, etwa "
                        + "1.234,50.</a>"))
            #expect(refused.contains("value=\"zwölf\""))
        }
    }

    @Test func `a count asks for unknown payments, whichever way somebody came`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell(.unknown(cardTerminal: "51234567"))
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            let refused = try await cashier.post("/abschluss/zaehlen")
            #expect(refused.status == 422 && refused.text.contains("href=\"#bekannt\""))
            #expect(refused.text.contains("Ungeklärte Zahlungen: 1</h3>"))
            #expect(refused.text.contains("€; sie wird vorgetragen."))
            #expect(!refused.text.contains("value=\"ja\" checked"))
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)

            let mark = try yard.openMark
            let known = ["bekannt": "ja", "offen": mark]
            let stale = try await cashier.post("/abschluss/vorbereiten", ["bekannt": "ja"])
            #expect(stale.status == 422 && stale.text.contains("hat sich die Liste geändert"))
            let prepared = try await cashier.post("/abschluss/vorbereiten", known)
            let path = try #require(prepared.location)
            #expect(path == "/abschluss/zaehlen?bekannt=\(mark)")
            let asked = try await cashier.get(path).text
            #expect(asked.contains("name=\"bekannt\" value=\"ja\" checked"))
            let more = known.merging(["anpassen": "ja", "schnitte": "2"]) { $1 }
            let roomier = try await cashier.post("/abschluss/zaehlen", more).text
            #expect(roomier.contains("name=\"bekannt\" value=\"ja\" checked"))
            #expect(try await cashier.post("/abschluss/zaehlen", known).status == 303)
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.carriedOver.map(\.receiptNumber) == ["t1-000001"])
            let tasks = try await cashier.get("/abschluss").text
            #expect(tasks.contains("ungeklärt vorgetragen: t1-000001"))
        }
    }

    @Test func `a day without cards needs no explanation and has no empty table`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["beide", "freigabe"]) { browsers in
            let (cashier, approver) = (browsers[0], browsers[1])
            #expect(try await !cashier.get("/abschluss").text.contains("zwischenbericht"))
            _ = try await cashier.post("/abschluss/zaehlen")
            #expect(try await cashier.get("/abschluss").text.contains("zwischenbericht"))
            #expect(
                try await cashier.get("/abschluss/zaehlen").text.contains("Es ist schon gezählt"))

            let compared = try await cashier.get("/abschluss/vergleichen").text
            #expect(compared.contains("Keine Kartenzahlungen") && !compared.contains("<table"))
            let explained = try await cashier.get("/abschluss/erklaeren").text
            #expect(explained.contains("Nichts zu erklären"))
            #expect(!explained.contains("Erklärungen speichern"))
            #expect(try await !approver.get("/abschluss/freigeben").text.contains("<table"))
            #expect(try await yard.approve(approver).location == "/abschluesse/1")
            let sheet = try await approver.get("/abschluesse/1").text
            #expect(sheet.contains("kam kein Beleg") && !sheet.contains("<table"))
        }
    }

    @Test func `who approves what changed meanwhile is shown the new figures`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let (cashier, approver) = (browsers[0], browsers[1])
            let explanation = [
                "grund-51234567-girocard": "straddling",
                "text-51234567-girocard": "Kassenschnitt zu früh.",
            ]
            for amount in ["10,00", "11,00"] {
                _ = try await cashier.post(
                    "/abschluss/zaehlen", [Self.count: "1", Self.amount: amount])
                let empty = try await cashier.post("/abschluss/erklaeren")
                #expect(empty.text.contains("girocard an Gerät 51234567: Wählen Sie einen Grund."))
                let said = explanation.merging(["stand": try yard.mark]) { $1 }
                _ = try await cashier.post("/abschluss/erklaeren", said)
            }
            let compared = try await cashier.get("/abschluss/vergleichen").text
            #expect(compared.contains("1 von 1 Zeilen weicht ab"))
            #expect(
                compared.contains("Jede ist erklärt.") && compared.contains("Weiter zur Freigabe"))

            let stale = try await approver.post(
                "/abschluss/freigeben", ["geprueft": "ja", "stand": "0123456789abcdef"])
            #expect(stale.status == 409 && stale.text.contains("11,00"))
            #expect(stale.text.contains("href=\"#geprueft\""))
            let long = try await approver.post(
                "/abschluss/zurueckgeben", ["grund": String(repeating: "ü", count: 201)])
            #expect(long.status == 422 && long.text.contains("Höchstens 200 Zeichen."))
            let reason = String(repeating: "ü", count: 200)
            let unseen = try await approver.post(
                "/abschluss/zurueckgeben", ["grund": reason, "stand": "0123456789abcdef"])
            #expect(unseen.status == 409 && unseen.text.contains("href=\"#grund\""))
            #expect(unseen.text.contains("11,00") && unseen.text.contains(reason))
            #expect(try yard.installation.closeProgress(of: yard.yard).sentBack.isEmpty)
            let fits = try await approver.post(
                "/abschluss/zurueckgeben", ["grund": reason, "stand": try yard.mark])
            #expect(fits.status == 303)
        }
    }

    @Test func `words for old figures go to no new ones, and a card number to none`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            func count(_ amount: String) async throws {
                _ = try await cashier.post(
                    "/abschluss/zaehlen", [Self.count: "1", Self.amount: amount])
            }
            let text = "text-51234567-girocard"
            try await count("10,00")
            let words = [
                "grund-51234567-girocard": "straddling", text: "Kassenschnitt zu früh.",
                "stand": try yard.mark,
            ]
            let unseen = try await cashier.post(
                "/abschluss/erklaeren", words.filter { $0.key != "stand" })
            #expect(unseen.status == 409)
            let form = try await cashier.get("/abschluss/erklaeren").text
            #expect(form.contains("name=\"stand\" value=\"\(try yard.mark)\""))
            let card = try await cashier.post(
                "/abschluss/erklaeren", words.merging([text: "Karte 4111 1111 1111 1111"]) { $1 })
            #expect(card.status == 422 && card.text.contains(FormValues.cardNumber))
            #expect(card.text.contains("href=\"#\(text)\""))

            try await count("11,00")
            let stale = try await cashier.post("/abschluss/erklaeren", words)
            #expect(stale.status == 409 && stale.text.contains("zu den neuen Zahlen passen"))
            #expect(stale.text.contains("11,00") && stale.text.contains("Kassenschnitt zu früh."))
            #expect(try !yard.installation.closeProgress(of: yard.yard).isExplained)

            let fresh = words.merging(["stand": try yard.mark]) { $1 }
            for _ in 1...2 {
                let done = try await cashier.post("/abschluss/erklaeren", fresh)
                #expect(done.location == "/abschluss")
            }
        }
    }

    @Test func `the list of closes goes on behind fifty, and knows gaps of all pages`()
        async throws
    {
        let yard = try await ConsoleYard()
        let (cashier, approver) = (
            try ConsoleYard.person("kasse"), try ConsoleYard.person("freigabe")
        )
        let day = yard.installation.calendar.day(of: yard.installation.clock())
        for _ in 1...51 {
            try await yard.installation.countClose([:], day: day, at: yard.yard, by: cashier)
            _ = try await yard.installation.approveClose(at: yard.yard, by: approver)
        }
        try await yard.browsing(["pruefung"]) { browsers in
            let page = try await browsers[0].get("/abschluesse").text
            #expect(page.contains(">Nr. 51</a>") && page.contains(">Nr. 2</a>"))
            #expect(!page.contains(">Nr. 1</a>") && page.contains("Ohne Lücke"))
            let link = try #require(
                page.firstMatch(of: #/href="(\/abschluesse\?ab=[^"]+)">Weitere Abschlüsse</#))
            let rest = try await browsers[0].get(String(link.1))
            #expect(rest.status == 200 && rest.text.contains(">Nr. 1</a>"))
            #expect(!rest.text.contains(">Nr. 2</a>") && rest.text.contains("Ohne Lücke"))
            #expect(!rest.text.contains("Weitere Abschlüsse"))
            #expect(try await browsers[0].get("/abschluesse?ab=51").status == 422)
        }
    }

    @Test func `a rejected export is no longer offered with its close`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let finance = browsers[2]
            let link = try await yard.exported(browsers)
            #expect(try await finance.get("/abschluesse/1").text.contains(link.path))
            _ = try await finance.get(link.path)
            _ = try await finance.post("/exporte/1/zurueckweisen", ["grund": "Konto gesperrt"])
            #expect(try await !finance.get("/abschluesse/1").text.contains(link.path))
            #expect(try await finance.get("/abschluesse").text.contains("Zurückgewiesen"))
            _ = try await finance.post("/exporte", ["abschluss": "1", "format": "json"])
            #expect(try await !finance.get("/abschluesse").text.contains("Zurückgewiesen"))
        }
    }

    @Test(arguments: [(1, ", 1 Tag."), (4, ", 4 Tage.")])
    func `a card terminal without a cut is named with its days`(days: Int, words: String) throws {
        let since = try #require(BusinessDay(iso: "2026-11-20"))
        let panel = OverdueCut(cardTerminal: "51234567", since: since, days: days).panel
        #expect(panel.heading == "Kartengerät 51234567 ohne Kassenschnitt")
        #expect(panel.text.contains("20.11.2026" + words))
    }

    @Test func `an empty card terminal is unknown, a typed zero is not`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let (cashier, approver) = (browsers[0], browsers[1])
            _ = try await cashier.post("/abschluss/zaehlen")
            let compared = try await cashier.get("/abschluss/vergleichen").text
            #expect(compared.contains("1 von 1 Zeilen ohne Kassenschnitt"))
            #expect(compared.contains("Kein Kassenschnitt, nicht bekannt: Gerät 51234567."))
            #expect(!compared.contains("Wo Sie zuerst nachsehen"))
            let form = try await cashier.get("/abschluss/erklaeren").text
            #expect(form.contains("kein Kassenschnitt, nicht bekannt"))
            #expect(form.contains("value=\"cut-missing\" selected"))
            #expect(!form.contains("value=\"charged-twice\""))
            let claimed = try await cashier.post(
                "/abschluss/erklaeren",
                [
                    "grund-51234567-girocard": "charged-twice",
                    "text-51234567-girocard": "Zweimal.",
                ])
            #expect(claimed.status == 422 && claimed.text.contains("Wählen Sie einen Grund."))

            _ = try await cashier.post(
                "/abschluss/zaehlen", [Self.count: "0", Self.amount: "0,00"])
            let zero = try await cashier.get("/abschluss/vergleichen").text
            #expect(zero.contains("1 von 1 Zeilen weicht ab"))

            _ = try await cashier.post("/abschluss/zaehlen")
            _ = try await cashier.post(
                "/abschluss/erklaeren",
                [
                    "grund-51234567-girocard": "cut-missing",
                    "text-51234567-girocard": "Bonrolle leer.", "stand": try yard.mark,
                ])
            let approval = try await approver.get("/abschluss/freigeben").text
            #expect(approval.contains("Ohne Kassenschnitt"))
            #expect(try await yard.approve(approver).location == "/abschluesse/1")
            let sheet = try await approver.get("/abschluesse/1").text
            #expect(sheet.contains("Kein Kassenschnitt") && sheet.contains("nicht bekannt"))
            #expect(
                try await approver.get("/abschluesse").text.contains("dazu 1 nicht bekannt"))
        }
    }

    @Test
    func `a slip of an earlier close is refused at its field, a gap is named to the approver`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let (cashier, approver) = (browsers[0], browsers[1])
            func count(_ number: String) async throws -> Answer {
                try await yard.count(cashier, ["schnitt-51234567": number])
            }
            try await yard.sell()
            #expect(try await count("0017").status == 303)
            _ = try await yard.approve(approver)
            try await yard.sell()
            let form = try await cashier.get("/abschluss/zaehlen").text
            #expect(form.contains("Zuletzt abgeschlossen: 0017."))
            let twice = try await count("17")
            #expect(twice.status == 422 && twice.text.contains("href=\"#schnitt-51234567\""))
            #expect(twice.text.contains("schon in Abschluss Nr. 1."))

            #expect(try await count("0020").status == 303)
            let gap = "Zwischen den Kassenschnitten 0017 und 0020 fehlen 2."
            #expect(try await cashier.get("/abschluss/vergleichen").text.contains(gap))
            #expect(try await approver.get("/abschluss/freigeben").text.contains(gap))
            _ = try await yard.approve(approver)
            #expect(try await approver.get("/abschluesse/2").text.contains(gap))
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

    @Test func `a count that was sent back is a task on the start page until it is done again`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let cashier = browsers[0]
            try await yard.count(cashier)
            let back = try await browsers[1].post(
                "/abschluss/zurueckgeben",
                ["grund": "Gerät 51234568 fehlt.", "stand": try yard.mark])
            #expect(back.location == "/abschluss")

            let told = "Abschluss zurückgegeben von Name freigabe"
            let start = try await cashier.get("/heute").text
            #expect(start.contains(told) && start.contains("Gerät 51234568 fehlt."))
            #expect(start.contains("href=\"/abschluss\">Zum Abschluss"))
            try await yard.count(cashier)
            #expect(try await !cashier.get("/heute").text.contains(told))
        }
    }

    @Test func `who approves what another approved just before is told who did`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "beide"]) { browsers in
            let late = browsers[2]
            try await yard.count(browsers[0])
            let seen = ["geprueft": "ja", "stand": try yard.mark, "grund": "Gerät fehlt."]
            _ = try await late.get("/abschluss/freigeben")
            for _ in 1...2 {
                let first = try await browsers[1].post("/abschluss/freigeben", seen)
                #expect(first.location == "/abschluesse/1")
            }

            for path in ["/abschluss/freigeben", "/abschluss/zurueckgeben"] {
                let told = try await late.post(path, seen)
                #expect(told.status == 409, "\(path)")
                #expect(told.text.contains("Abschluss Nr. 1 ist schon freigegeben"), "\(path)")
                #expect(told.text.contains("Name freigabe hat ihn freigegeben: "), "\(path)")
                #expect(told.text.contains("href=\"/abschluesse/1\""), "\(path)")
            }
        }
    }
}
