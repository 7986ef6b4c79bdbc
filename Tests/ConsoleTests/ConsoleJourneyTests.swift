import DayClosing
import HTTPTypes
import Journal
import Operations
import Pages
import Sales
import Signing
import Storage
import Testing
import Units

@testable import Console

/// Whole errands at the console, with the second person where one is needed.
struct ConsoleJourneyTests {
    private static let refund = [
        "art": "refund", "betrag-0": "1,00", "weg": "card", "grund": "Falsche Menge",
    ]

    @Test func `a refund needs a check, a second person and the slip`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["beide", "freigabe", "kasse"]) { browsers in
            let (asking, approving, cashier) = (browsers[0], browsers[1], browsers[2])
            let form = "/verkaeufe/t1/1/erstattung"
            let high = try await asking.post(
                form, Self.refund.merging(["betrag-0": "999,00"]) { $1 })
            #expect(high.status == 422 && high.text.contains("sind noch zurückzunehmen"))
            #expect(high.text.contains("value=\"999,00\"") && high.text.contains("Falsche Menge"))

            let check = try await asking.post(form, Self.refund)
            #expect(check.status == 200 && check.text.contains("1,00\u{A0}€ erstatten?"))
            #expect(try yard.installation.reversalRequests(of: yard.yard).isEmpty)

            let confirmed = Self.refund.merging(["bestaetigt": "ja"]) { $1 }
            for _ in 1...2 {
                #expect(try await asking.post(form, confirmed).location == "/erstattungen/1")
            }
            #expect(try yard.installation.reversalRequests(of: yard.yard).count == 1)

            let own = try await asking.get("/erstattungen/1")
            #expect(own.text.contains("freigeben muss jemand anderes"))
            #expect(!own.text.contains("/erstattungen/1/genehmigen"))
            let refused = try await asking.post("/erstattungen/1/genehmigen")
            #expect(refused.status == 403)
            #expect(refused.text.contains("den zweiten muss jemand anderes tun"))

            for _ in 1...2 {
                let approved = try await approving.post("/erstattungen/1/genehmigen")
                #expect(approved.location == "/erstattungen/1")
            }
            let empty = try await cashier.post("/erstattungen/1/ausfuehren", ["tid": "x"])
            #expect(empty.status == 422 && empty.text.contains("Es gibt ein Problem"))
            let slip = [
                "tid": "51234567", "marke": "girocard", "belegnummer": "9", "tracenummer": "9",
            ]
            for _ in 1...2 {
                let done = try await cashier.post("/erstattungen/1/ausfuehren", slip)
                #expect(done.location == "/erstattungen/1")
            }
            let sale = try await cashier.get("/verkaeufe/t1/1")
            #expect(sale.text.contains("Teilweise erstattet"))
        }
    }

    @Test func `money goes back only the way it came`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            let wrong = Self.refund.merging(["weg": "no-money", "bestaetigt": "ja"]) { $1 }
            let answer = try await browsers[0].post("/verkaeufe/t1/1/erstattung", wrong)
            #expect(answer.status == 422)
            #expect(answer.text.contains("Der Verkauf wurde mit Karte bezahlt"))
        }
    }

    @Test func `a day is counted, explained, approved by another person and exported`()
        async throws
    {
        let yard = try await ConsoleYard()
        for _ in 1...2 { try await yard.sell() }
        try await yard.browsing(["beide", "freigabe", "finanzen"]) { browsers in
            let (cashier, approving, finance) = (browsers[0], browsers[1], browsers[2])
            let turnover = try yard.installation.closeProgress(of: yard.yard).totals.turnover
            let blind = try await cashier.get("/abschluss/zaehlen")
            #expect(blind.text.contains("51234567") && !blind.text.contains(turnover.german))
            let wrong = try await cashier.post(
                "/abschluss/zaehlen",
                ["anzahl-51234567-girocard": "zwei", "betrag-51234567-girocard": "1,2,3"])
            #expect(wrong.status == 422 && wrong.text.contains("value=\"zwei\""))

            let counted = try await cashier.post(
                "/abschluss/zaehlen",
                ["anzahl-51234567-girocard": "1", "betrag-51234567-girocard": "10,00"])
            #expect(counted.location == "/abschluss/vergleichen")
            #expect(try await cashier.get("/abschluss/vergleichen").text.contains("Weicht ab"))
            let early = try await approving.get("/abschluss/freigeben")
            #expect(early.status == 200 && early.text.contains("erklärt zuerst jede Abweichung"))
            #expect(early.text.contains("/abschluss/zurueckgeben"))
            #expect(!early.text.contains("endgültig freigeben"))

            let explained = try await cashier.post(
                "/abschluss/erklaeren",
                [
                    "grund-51234567-girocard": "straddling",
                    "text-51234567-girocard": "Kassenschnitt zu früh.",
                    "stand": try yard.mark,
                ])
            #expect(explained.location == "/abschluss")
            let own = try await cashier.post("/abschluss/freigeben", ["geprueft": "ja"])
            #expect(own.status == 403)

            let unchecked = try await approving.post("/abschluss/freigeben")
            #expect(unchecked.status == 422)
            #expect(unchecked.text.contains("Bestätigen Sie, dass Sie geprüft haben."))
            let stale = try await approving.post(
                "/abschluss/freigeben", ["geprueft": "ja", "stand": "0123456789abcdef"])
            #expect(stale.status == 409 && stale.text.contains("noch einmal gezählt"))
            let mark = try #require(try yard.installation.closeProgress(of: yard.yard).draft).mark
            #expect(try await approving.get("/abschluss/freigeben").text.contains(mark))
            for _ in 1...2 {
                let done = try await approving.post(
                    "/abschluss/freigeben", ["geprueft": "ja", "stand": mark])
                #expect(done.location == "/abschluesse/1")
            }
            let sheet = try await finance.get("/abschluesse/1")
            #expect(sheet.status == 200 && sheet.text.contains(turnover.german))
            for words in [Program.name, "Erster Beleg", "Geldtransit 181900"] {
                #expect(sheet.text.contains(words), "\(words)")
            }
            let printed = try await finance.get("/abschluesse/1/blatt.txt").text
            #expect(printed.contains(Program.name) && printed.contains("Vorgänge nach Art"))
            #expect(try await finance.get("/abschluesse").text.contains("Ohne Lücke"))

            for _ in 1...2 {
                let made = try await finance.post(
                    "/exporte", ["abschluss": "1", "format": "hledger"])
                #expect(made.location == "/exporte/1")
            }
            let exports = try yard.installation.exports(of: yard.yard)
            #expect(exports.count == 1)
            let link = try #require(exports.first?.links.first)
            let list = try await finance.get("/exporte").text
            #expect(list.contains(link.path))
            // Nobody outside has signed over the close; the export's pages say so as its own do.
            #expect(list.contains("Noch nicht bezeugt"))
            let detail = try await finance.get("/exporte/1").text
            #expect(detail.matches(of: /Noch nicht bezeugt/).count == 2)
            let file = try await finance.get(link.path)
            #expect(file.status == 200)
            #expect(file.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            #expect(try await approving.get(link.path).status == 403)
        }
    }

    @Test func `an export is downloaded, rejected, made again and acknowledged`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen", "pruefung"]) { browsers in
            let (finance, auditor) = (browsers[2], browsers[3])
            try await yard.count(browsers[0])
            let draft = try yard.installation.closeProgress(of: yard.yard).draft
            let approved = try await browsers[1].post(
                "/abschluss/freigeben",
                ["geprueft": "ja", "stand": try #require(draft).mark])
            #expect(approved.location == "/abschluesse/1")
            #expect(try await finance.get("/exporte").text.contains("Noch kein Export"))

            let nothing = try await finance.post("/exporte", ["abschluss": "", "format": "datev"])
            #expect(nothing.status == 422 && nothing.text.contains("Wählen Sie einen Abschluss."))
            let made = try await finance.post(
                "/exporte", ["abschluss": "offen", "format": "datev"])
            #expect(made.location == "/exporte/1")
            #expect(
                try await finance.get("/exporte/1").text.contains("Laden Sie die Dateien unten."))
            let none = try await finance.post(
                "/exporte", ["abschluss": "offen", "format": "datev"])
            #expect(none.status == 422 && none.text.contains("schon ausgegeben"))
            let list = try await finance.get("/exporte").text
            #expect(list.contains(#/DATEV-Buchungsstapel</th>\s*<td[^>]*>[^/]*>Vollständig</#))
            #expect(list.contains("Noch nicht quittiert: Nr. 1."))

            let early = try await finance.post("/exporte/1/quittieren", ["nummer": ""])
            #expect(early.status == 409)
            let link = try #require(try yard.installation.exports(of: yard.yard).first?.links.first)
            #expect(try await auditor.get(link.path).status == 200)
            #expect(try await finance.get("/exporte/1").text.contains("Bereit"))
            #expect(try await finance.get(link.path).status == 200)
            #expect(try await finance.get("/exporte/1").text.contains("Heruntergeladen"))

            let silent = try await finance.post("/exporte/1/zurueckweisen", ["grund": " "])
            #expect(silent.status == 422 && silent.text.contains("was fehlt"))
            #expect(
                try await auditor.post("/exporte/1/zurueckweisen", ["grund": "x"]).status == 403)
            for _ in 1...2 {
                let answer = try await finance.post(
                    "/exporte/1/zurueckweisen", ["grund": "Konto gesperrt <b>"])
                #expect(answer.location == "/exporte/1")
            }
            let rejected = try await finance.get("/exporte/1").text
            #expect(rejected.contains("Zurückgewiesen: Konto gesperrt &lt;b&gt;"))
            #expect(!rejected.contains("Export quittieren"))
            #expect(try await finance.get("/exporte").text.contains("Nicht vollständig"))

            _ = try await finance.post("/exporte", ["abschluss": "1", "format": "datev"])
            #expect(try await finance.get("/exporte/2").text.contains("Berichtigt"))
            let second = try yard.installation.exports(of: yard.yard)[1].links[0]
            _ = try await finance.get(second.path)
            let done = try await finance.post("/exporte/2/quittieren", ["nummer": "4711"])
            #expect(done.location == "/exporte/2")
            let page = try await finance.get("/exporte/2").text
            #expect(page.contains("Quittiert, dort Nr. 4711") && page.contains("432100"))
            #expect(try await finance.get("/exporte").text.contains("Alle sind quittiert."))
            #expect(try await finance.get("/exporte/3").status == 404)
        }
    }

    @Test func `a count that is sent back is gone`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let second = browsers[1]
            let first = browsers[0]
            try await yard.count(first)
            #expect(try yard.installation.closeProgress(of: yard.yard).draft != nil)

            #expect(try await first.post("/abschluss/zurueckgeben").status == 403)
            let silent = try await second.post("/abschluss/zurueckgeben")
            #expect(silent.status == 422 && silent.text.contains("Schreiben Sie in einem Satz"))
            let back = try await second.post(
                "/abschluss/zurueckgeben",
                ["grund": "Gerät 51234567 fehlt.", "stand": try yard.mark])
            #expect(back.status == 303)
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)
            let tasks = try await first.get("/abschluss")
            #expect(tasks.text.contains("Gerät 51234567 fehlt."))
        }
    }

    @Test func `an unknown payment is resolved once, after a check`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell(.unknown(cardTerminal: "51234567"))
        try await yard.browsing(["kasse"]) { browsers in
            let cashier = browsers[0]
            #expect(try await cashier.get("/zahlungen").text.contains("t1-000001"))
            let path = "/zahlungen/t1/1"
            let empty = try await cashier.post(path, ["befund": "charged"])
            #expect(empty.status == 422 && empty.text.contains("Terminal-ID vom Beleg"))

            let claim = [
                "befund": "not-charged-claim", "beweis": "totals", "vermerk": "Nicht im Schnitt.",
                "schuldner": "M. Muster\nWeg 1\n12345 Musterstadt",
            ]
            let check = try await cashier.post(path, claim)
            #expect(check.status == 200 && check.text.contains("so klären?"))
            #expect(try yard.installation.unresolvedPayments(of: yard.yard).count == 1)
            for _ in 1...2 {
                let done = try await cashier.post(path, claim.merging(["bestaetigt": "ja"]) { $1 })
                #expect(done.location == "/verkaeufe/t1/1")
            }
            #expect(try yard.installation.unresolvedPayments(of: yard.yard).isEmpty)
            #expect(try await cashier.get("/verkaeufe/t1/1").text.contains("Auf Rechnung"))
        }
    }

    @Test func `an enrolment code is shown once and approved by somebody else`() async throws {
        let yard = try await ConsoleYard()
        try await yard.browsing(["betrieb", "freigabe"]) { browsers in
            let second = browsers[1]
            let first = browsers[0]
            let wrong = try await first.post("/terminals", ["kennung": "T 9", "name": ""])
            #expect(wrong.status == 422 && wrong.text.contains("value=\"T 9\""))

            let made = try await first.post(
                "/terminals", ["kennung": "t9", "name": "Kiosk"])
            let path = try #require(made.location)
            #expect(try await second.get(path).status == 403)
            #expect(try await first.get(path).text.contains("hofbuch terminal enrol"))
            #expect(try await first.get(path).location == "/terminals")

            let id = try #require(
                try yard.installation.openEnrolments(of: yard.yard).first?.id)
            let approval = "/terminals/anmeldungen/\(id)/freigeben"
            #expect(try await first.get("/terminals").text.contains(approval) == false)
            #expect(try await first.post(approval).status == 403)
            for _ in 1...2 {
                #expect(try await second.post(approval).location == "/terminals")
            }
            _ = try await first.post("/terminals", ["kennung": "t8", "name": "Falsch"])
            let list = try await second.get("/terminals").text
            let reject = try #require(list.firstMatch(of: #/"(\/terminals[^"]+ablehnen)"/#))
            for _ in 1...2 {
                #expect(try await second.post(String(reject.1)).location == "/terminals")
            }
            #expect(try await !second.get("/terminals").text.contains("Falsch"))
        }
    }

    @Test func `a terminal is revoked by two people, and its late sale is decided`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["betrieb", "freigabe"]) { browsers in
            let (first, second) = (browsers[0], browsers[1])
            let path = "/terminals/t1/sperren"
            let wrong = try await first.post(path, ["nummer": "x", "grund": ""])
            #expect(wrong.status == 422 && wrong.text.contains("Geben Sie eine Zahl ein"))
            let unknown = try await first.post(path, ["nummer": "9", "grund": "weg"])
            #expect(unknown.status == 422 && unknown.text.contains("nicht eingegangen"))
            let asked = try await first.post(path, ["nummer": "1", "grund": "Gerät gestohlen"])
            #expect(asked.location == "/terminals")

            let id = try #require(try yard.installation.openKeyRequests(of: yard.yard).first?.id)
            let approval = "/schluessel/\(id)/freigeben"
            #expect(try await first.get("/terminals").text.contains(approval) == false)
            #expect(try await first.post(approval).status == 403)
            #expect(try await second.get("/terminals").text.contains(approval))
            #expect(try await second.post(approval).location == "/terminals")
            #expect(try await second.get("/terminals").text.contains("Schlüssel gesperrt"))

            try await yard.sell()
            let doubt = "/terminals/t1/zweifel"
            #expect(try await second.get(doubt).text.contains("Zählt noch nicht"))
            let undecided = try await second.post(doubt, ["nummer": "2", "grund": "Bon"])
            #expect(undecided.status == 422 && undecided.text.contains("Wählen Sie Ja oder Nein"))
            for _ in 1...2 {
                let decided = try await second.post(
                    doubt, ["nummer": "2", "grund": "Bon liegt vor", "zaehlt": "ja"])
                #expect(decided.location == doubt)
            }
            #expect(try await second.get(doubt).text.contains("Zählt noch nicht") == false)
        }
        let totals = try yard.installation.closeProgress(of: yard.yard).totals
        #expect(totals.counts == ["sale": 2, "withheld": 1])
    }

    @Test func `the auditor sees what is complete and has the log verified`() async throws {
        let yard = try await ConsoleYard()
        for _ in 1...3 { try await yard.sell() }
        try await yard.browsing(["pruefung"]) { browsers in
            let first = browsers[0]
            let before = try await first.get("/pruefung").text
            #expect(before.contains("Belegnummern ohne Lücke"))
            #expect(before.contains("Noch nicht nachgerechnet"))

            #expect(try await first.post("/pruefung").location == "/pruefung")
            #expect(try await first.get("/pruefung").text.contains("Alles passt"))
            let entry = try await first.get("/pruefung/0")
            #expect(entry.status == 200 && entry.text.hasPrefix("wsh-entry/v1"))
        }
    }

    @Test func `a receipt is shown only with its check code`() async throws {
        let yard = try await ConsoleYard()
        let reference = try await yard.sell(plate: "MU-X 123")
        let code = try yard.installation.saleDetail(reference, of: yard.yard)
            .stored.statement.base64url
        try await yard.browsing([""]) { browsers in
            let anyone = browsers[0]
            let form = try await anyone.get("/b/t1/1")
            let unknown = try await anyone.get("/b/t9/77")
            #expect(form.status == 200 && unknown.status == 200)
            #expect(
                form.text.replacing("/b/t1/1", with: "")
                    == unknown.text.replacing(
                        "/b/t9/77", with: ""))

            let wrong = try await anyone.get("/b/t1/1?pruefcode=abc")
            let none = try await anyone.get("/b/t9/77?pruefcode=abc")
            #expect(wrong.status == 404 && none.status == 404)
            #expect(
                wrong.text.replacing("/b/t1/1", with: "")
                    == none.text.replacing(
                        "/b/t9/77", with: ""))
            #expect(try await anyone.get("/b/t1/1/text").status == 404)

            for given in [code, String(code.prefix(16))] {
                let shown = try await anyone.get("/b/t1/1?pruefcode=\(given)")
                #expect(shown.status == 200 && shown.text.contains("t1-000001"))
                #expect(!shown.text.contains("MU-X 123"))
            }
            let slip = try await anyone.get("/b/t1/1/text?pruefcode=\(code)")
            #expect(slip.status == 200 && slip.text.contains("t1-000001"))
        }
    }
}
