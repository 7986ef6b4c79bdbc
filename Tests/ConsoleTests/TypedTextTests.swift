import Operations
import Storage
import Testing
import Text

@testable import Console

/// Texts as people type, paste and dictate them: none keeps a page from being shown.
struct TypedTextTests {
    private static let odd = [
        "Zeile eins\r\nZeile zwei", "Zeile\teins", "u\u{308}ber Kopf", "Zeile \u{202E}eins",
    ]

    @Test func `a field is read composed and in plain characters`() {
        let form = FormValues([
            "grund": " eins\r\nzwei\t\u{202E}drei\u{85}vier \n", "name": "Mu\u{308}ller",
        ])
        #expect(form["grund"].hasSameBytes(as: "eins\nzwei  drei vier"))
        #expect(form.line("grund").hasSameBytes(as: "eins zwei  drei vier"))
        #expect(form["name"].hasSameBytes(as: "M\u{FC}ller"))
    }

    @Test func `a text is refused at its field when it is missing, too long or a card number`() {
        func problem(_ text: String) -> String? {
            FormValues(["grund": text]).problem(
                ofText: "grund", missing: "Nennen Sie einen Grund.", what: "den Grund")
        }
        #expect(problem(" ") == "Nennen Sie einen Grund.")
        #expect(
            problem(String(repeating: "ü", count: 201))
                == "Höchstens 200 Zeichen. Kürzen Sie den Grund.")
        #expect(problem("Karte 4111 1111\r\n1111 1111") == FormValues.cardNumber)
        #expect(problem(String(repeating: "u\u{308}", count: 200)) == nil)
    }

    @Test func `the reason of a refund stands on one line, and every page opens`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse"]) { browsers in
            for (index, text) in Self.odd.enumerated() {
                let asked = try await browsers[0].post(
                    "/verkaeufe/t1/1/erstattung",
                    [
                        "art": "refund", "betrag-0": "0,1\(index)", "weg": "card", "grund": text,
                        "bestaetigt": "ja",
                    ])
                #expect(asked.location == "/erstattungen/\(index + 1)", "\(text.debugDescription)")
            }
            for path in ["/heute", "/erstattungen", "/erstattungen/1", "/abschluss"] {
                #expect(try await browsers[0].get(path).status == 200, "\(path)")
            }
        }
        let reasons = try yard.installation.reversalRequests(of: yard.yard).map(\.wish.reason)
        #expect(reasons.contains("Zeile eins Zeile zwei"))
        #expect(reasons.allSatisfy { $0.isComposed && $0.unicodeScalars.allSatisfy(\.isPlain) })
    }

    @Test func `an explanation and what sends a count back stand on one line`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe"]) { browsers in
            let (cashier, approver) = (browsers[0], browsers[1])
            for text in Self.odd {
                _ = try await cashier.post(
                    "/abschluss/zaehlen",
                    ["anzahl-51234567-girocard": "1", "betrag-51234567-girocard": "10,00"])
                let explained = try await cashier.post(
                    "/abschluss/erklaeren",
                    [
                        "grund-51234567-girocard": "straddling", "text-51234567-girocard": text,
                        "stand": try yard.mark,
                    ])
                #expect(explained.location == "/abschluss", "\(text.debugDescription)")
                for path in ["", "/vergleichen", "/erklaeren", "/freigeben"] {
                    #expect(try await approver.get("/abschluss\(path)").status != 500)
                }
                let back = try await approver.post(
                    "/abschluss/zurueckgeben", ["grund": text, "stand": try yard.mark])
                #expect(back.location == "/abschluss", "\(text.debugDescription)")
                #expect(try await cashier.get("/abschluss").status == 200)
            }
        }
    }

    @Test func `the reason of a settlement and of its undoing stands on one line`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen"]) { browsers in
            let finance = browsers[2]
            try await yard.count(browsers[0])
            _ = try await yard.approve(browsers[1])
            let long = String(repeating: "ü", count: 201)
            for text in Self.odd {
                let board = try await finance.get("/abgleich").text
                let link = try #require(
                    board.firstMatch(of: #/href="(\/abgleich\/posten\/[^"]+)"/#))
                let wish = ["entscheidung": "match", "unterschied": "unresolved"]
                let refused = try await finance.post(
                    String(link.1), wish.merging(["grund": long]) { $1 })
                #expect(refused.status == 422 && refused.text.contains("href=\"#grund\""))
                let settled = try await finance.post(
                    String(link.1), wish.merging(["grund": text]) { $1 })
                #expect(settled.status == 303, "\(text.debugDescription)")
                let place = try #require(settled.location)
                #expect(try await finance.get(place).status == 200)

                let kept = try await finance.post("\(place)/aufheben", ["grund": long])
                #expect(kept.status == 422 && kept.text.contains("Höchstens 200 Zeichen."))
                let undone = try await finance.post("\(place)/aufheben", ["grund": text])
                #expect(undone.location == "/abgleich", "\(text.debugDescription)")
            }
        }
    }

    @Test(arguments: odd)
    func `a terminal is revoked for any reason`(text: String) async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["betrieb", "freigabe"]) { browsers in
            let asked = try await browsers[0].post(
                "/terminals/t1/sperren", ["nummer": "1", "grund": text])
            #expect(asked.location == "/terminals")
            let id = try #require(try yard.installation.openKeyRequests(of: yard.yard).first?.id)
            let approved = try await browsers[1].post("/schluessel/\(id)/freigeben")
            #expect(approved.location == "/terminals")
            let list = try await browsers[1].get("/terminals").text
            #expect(list.contains("Schlüssel gesperrt"))
        }
    }
}
