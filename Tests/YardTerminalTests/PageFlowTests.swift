import CardTerminals
import HTTPTypes
import TerminalOperations
import Testing

@testable import YardTerminal

struct PageFlowTests {
    @Test func `from the first tap to the slip with a connected card terminal`() async throws {
        try await PageYard.with([]) { yard in
            let start = try await yard.get("/")
            #expect(start.body.contains("Reifen"))
            let path = try await yard.tyres()
            let delivery = try await yard.get(path)
            #expect(delivery.body.contains("10,00"))

            let paid = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])

            #expect(paid.location == "/beleg/1")
            let slip = try await yard.get("/beleg/1")
            #expect(slip.status == .ok)
            #expect(slip.body.contains("t1-000001"))
            #expect(slip.body.contains("/beleg/1/storno"))
            #expect(try await yard.get(path).location == "/beleg/1")
            let today = try await yard.get("/heute")
            #expect(today.body.contains("t1-000001"))
            #expect(today.body.contains("wartet"))
        }
    }

    @Test func `a typed slip is checked field by field`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres()
            let begun = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            #expect(begun.location == path + "/zahlung")
            let form = try await yard.get(path + "/zahlung")
            #expect(form.body.contains("51234567"))

            let wrong = try await yard.post(
                path + "/zahlung",
                [
                    "ergebnis": "approved", "tid": "51234567", "marke": "girocard",
                    "belegnummer": "42", "tracenummer": "siebzehn",
                ])
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.body.contains("Schreiben Sie die Trace-Nr. vom Beleg ab: 1 bis 9"))
            #expect(wrong.body.contains("value=\"42\""))
            let right = try await yard.post(
                path + "/zahlung",
                [
                    "ergebnis": "approved", "tid": "51234567", "marke": "girocard",
                    "belegnummer": "42", "tracenummer": "17",
                ])
            #expect(right.location == "/beleg/1")
        }
    }

    @Test func `a declined card leads back and the claim names its debtor`() async throws {
        try await PageYard.with([.decline]) { yard in
            let path = try await yard.tyres()
            let declined = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            #expect(declined.location == path)
            #expect(try await yard.get(path).body.contains("Karte abgelehnt"))

            let empty = try await yard.post(path + "/forderung", ["schuldner": " "])
            #expect(empty.status == .unprocessableContent)
            #expect(empty.body.contains("name=\"betrag\" value=\"1000\""))
            let debtor = "Erika <b>Muster</b>\r\nWeg 1\r\n37073 Stadt"
            let other = try await yard.post(
                path + "/forderung", ["schuldner": debtor, "betrag": "900"])
            #expect(other.status == .conflict && other.body.contains("price-changed"))
            let claimed = try await yard.post(
                path + "/forderung", ["schuldner": debtor, "betrag": "1000"])

            #expect(claimed.location == "/beleg/1")
            let slip = try await yard.get("/beleg/1")
            #expect(!slip.body.contains("<b>Muster"))
            #expect(slip.body.contains("Erika"))
        }
    }

    @Test func `an unknown payment is asked for, not repeated`() async throws {
        try await PageYard.with([.silentAfterApproval]) { yard in
            let path = try await yard.tyres()
            let begun = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            let unknown = try #require(begun.location)
            #expect(unknown.hasPrefix("/ungeklaert/"))
            #expect(try await yard.get("/").body.contains(unknown))
            let again = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            #expect(again.status == .conflict)

            #expect(try await yard.post(unknown + "/abfragen").location == "/beleg/1")
        }
    }

    @Test func `what is not settled stays on the start page after midnight`() async throws {
        try await PageYard.with { yard in
            let sold = try await yard.tyres()
            _ = try await yard.post(sold + "/zahlung/beginnen", ["betrag": "1000"])
            _ = try await yard.post(sold + "/zahlung", Self.approved("42"))
            _ = try await yard.post("/beleg/1/storno", ["grund": "vertippt"])
            let silent = try await yard.tyres()
            _ = try await yard.post(silent + "/zahlung/beginnen", ["betrag": "1000"])
            let begun = try await yard.post(silent + "/zahlung", ["ergebnis": "unknown"])
            let unknown = try #require(begun.location)
            #expect(try await yard.post(unknown + "/unterschreiben").location == "/beleg/2")

            yard.clock.advance(milliseconds: 86_400_000)

            let start = try await yard.get("/").body
            #expect(start.contains("/beleg/1/storno") && start.contains("Storno offen"))
            #expect(start.contains("/beleg/2/klaeren"))
            _ = try await yard.post("/beleg/1/storno", ["ergebnis": "unknown"])
            #expect(try await yard.get("/").body.contains("/beleg/1/storno"))
            _ = try await yard.post("/beleg/1/storno", Self.approved("43"))
            #expect(try await !yard.get("/").body.contains("/beleg/1/storno"))
        }
    }

    @Test func `a slip of another payment says that this card was not charged`() async throws {
        try await PageYard.with { yard in
            let sold = try await yard.tyres()
            _ = try await yard.post(sold + "/zahlung/beginnen", ["betrag": "1000"])
            _ = try await yard.post(sold + "/zahlung", Self.approved("42"))
            let silent = try await yard.tyres()
            _ = try await yard.post(silent + "/zahlung/beginnen", ["betrag": "1000"])
            let begun = try await yard.post(silent + "/zahlung", ["ergebnis": "unknown"])
            let unknown = try #require(begun.location)

            let answer = try await yard.post(unknown, Self.approved("0042"))

            #expect(answer.body.contains("zu Beleg t1-000001"))
            #expect(answer.body.contains("wurde die Karte jetzt nicht belastet"))
            #expect(answer.body.contains("value=\"0042\""))
        }
    }

    @Test func `the slip names the yard as the server's receipts do`() async throws {
        try await PageYard.with([]) { yard in
            let path = try await yard.tyres()
            _ = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])

            let slip = try await yard.get("/beleg/1").body

            #expect(slip.contains("Hof Süd\n") && !slip.contains("Kasse 1"))
            #expect(slip.contains("  Am Hof 1\n") && slip.contains("  12345 Musterstadt\n"))
            #expect(slip.contains("https://hof.musterstadt.example/b/t1/1#"))
        }
    }

    @Test func `a record that the server refuses does not look as if it waited`() async throws {
        try await PageYard.with([], isRefusing: true) { yard in
            let path = try await yard.tyres()
            _ = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            while try await yard.session.queueLength() > 0 {
                _ = try await yard.session.flush()
            }

            let today = try await yard.get("/heute").body
            #expect(today.contains("abgelehnt") && !today.contains("wartet"))
        }
    }

    @Test func `a town's own template makes the slip`() async throws {
        try await PageYard.with([], slip: "Quittung {{number}} der Stadt\n") { yard in
            let path = try await yard.tyres()
            _ = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])

            #expect(
                try await yard.get("/beleg/1").body.contains("Quittung t1-000001 der Stadt"))
        }
    }

    @Test func `a resolved payment gets its receipt`() async throws {
        try await PageYard.with([.silentAfterApproval]) { yard in
            let path = try await yard.tyres()
            let begun = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            let unknown = try #require(begun.location)
            _ = try await yard.post(unknown + "/unterschreiben")
            #expect(try await yard.get("/beleg/1").body.contains("ZAHLUNG UNGEKLÄRT"))

            _ = try await yard.post(
                "/beleg/1/klaeren",
                [
                    "befund": "charged", "beweis": "repeat-receipt", "vermerk": "Belegkopie",
                    "tid": "51234567", "marke": "girocard", "belegnummer": "42",
                    "tracenummer": "17",
                ])

            let receipt = try await yard.get("/beleg/2").body
            #expect(receipt.contains("Gebührenquittung") && receipt.contains("Zu Beleg t1-000001"))
            #expect(receipt.contains("10,00") && receipt.contains("/b/t1/2#"))
            #expect(!receipt.contains("UNGEKLÄRT"))
        }
    }

    /// The form of an approval with a slip of this number.
    private static func approved(_ number: String) -> KeyValuePairs<String, String> {
        [
            "ergebnis": "approved", "tid": "51234567", "marke": "girocard",
            "belegnummer": number, "tracenummer": number,
        ]
    }

    @Test func `an unknown payment can be signed and settled later`() async throws {
        try await PageYard.with([.silentAfterApproval]) { yard in
            let path = try await yard.tyres()
            let begun = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            let unknown = try #require(begun.location)
            #expect(try await yard.get(unknown).status == .ok)
            #expect(try await yard.post(unknown + "/unterschreiben").location == "/beleg/1")
            #expect(try await yard.get("/beleg/1/klaeren").status == .ok)
            let empty = try await yard.post("/beleg/1/klaeren")
            #expect(empty.status == .unprocessableContent)

            let settled = try await yard.post(
                "/beleg/1/klaeren",
                ["befund": "not-charged-void", "beweis": "person", "vermerk": "Ware geht zurück"])

            #expect(settled.location == "/beleg/2")
            #expect(try await yard.get("/beleg/2").status == .ok)
            #expect(try await yard.session.status().unknown == 0)
        }
    }

    @Test func `a void on a stand-alone card terminal is begun before it is typed`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres()
            _ = try await yard.post(path + "/zahlung/beginnen", ["betrag": "1000"])
            let fields: KeyValuePairs = [
                "ergebnis": "approved", "tid": "51234567", "marke": "girocard",
                "belegnummer": "42", "tracenummer": "17",
            ]
            _ = try await yard.post(path + "/zahlung", fields)
            #expect(try await !yard.get("/beleg/1/storno").body.contains("Storno-Beleg"))

            let begun = try await yard.post("/beleg/1/storno", ["grund": "vertippt"])
            #expect(begun.location == "/beleg/1/storno")
            #expect(try await yard.get("/beleg/1/storno").body.contains("Storno-Beleg"))
            let done = try await yard.post(
                "/beleg/1/storno",
                [
                    "ergebnis": "approved", "tid": "51234567", "marke": "girocard",
                    "belegnummer": "43", "tracenummer": "18",
                ])

            #expect(done.location == "/beleg/2")
            #expect(try await yard.get("/beleg/2").body.contains("STORNO"))
        }
    }

    @Test func `weigh in, put aside, take up, weigh out`() async throws {
        try await PageYard.with { yard in
            let started = try await yard.post(
                "/anlieferung", ["gruppe": "commercial", "abfall": "bauschutt"])
            let path = String(
                try #require(started.location).split(separator: "?")[0].dropLast("/position".count))
            let button = try await yard.post(path + "/einwiegen", ["abfall": "bauschutt"])
            #expect(button.location == path + "/einwiegen?abfall=bauschutt")
            #expect(try await yard.get(path + "/einwiegen?abfall=bauschutt").status == .ok)
            let empty = try await yard.post(
                path + "/einwiegen", ["abfall": "bauschutt", "gewicht": "viel"])
            #expect(empty.status == .unprocessableContent)
            _ = try await yard.post(
                path + "/einwiegen",
                ["abfall": "bauschutt", "waage": "W1", "wiegenummer": "7", "gewicht": "3.400"])
            #expect(try await yard.get(path).body.contains("3.400"))
            #expect(try await yard.post(path + "/parken").location == "/")
            #expect(try await yard.get("/").body.contains(path))
            #expect(try await yard.get(path).status == .ok)
            #expect(try await yard.get(path + "/auswiegen").status == .ok)
            let out = try await yard.post(
                path + "/auswiegen", ["wiegenummer": "8", "gewicht": "2.150"])

            #expect(out.location == path)
            #expect(try await yard.get(path).body.contains("125,00"))
        }
    }

    @Test func `the price appears while the amount is typed`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres()
            let price = try await yard.get(
                path + "/preis?abfall=reifen&einheit=stueck&menge=3&herkunft=gezaehlt")
            #expect(price.body.contains("15,00"))
            let half = try await yard.get(path + "/preis?abfall=reifen&einheit=stueck&menge=1,5")
            #expect(half.body.contains(#""amount":"""#))
        }
    }

    @Test func `what the tariff refuses can be ended as refused`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres()
            _ = try await yard.post(path + "/gruppe", ["gruppe": "commercial"])
            #expect(try await yard.get(path).body.contains("Nicht angenommen"))
            let nothing = try await yard.post(path + "/beenden", ["grund": "so"])
            #expect(nothing.status == .unprocessableContent)

            let ended = try await yard.post(
                path + "/beenden", ["art": "refuse", "grund": "Reifen nur von Privat"])

            #expect(ended.location == "/")
            #expect(try await yard.session.queueLength() == 1)
        }
    }

    @Test func `what is refused still says how much of it there is`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres()
            _ = try await yard.post(path + "/gruppe", ["gruppe": "commercial"])

            let page = try await yard.get(path).body

            #expect(page.contains("Nicht angenommen"))
            #expect(page.contains("<span class=\"reason\">2\u{A0}Stück"))
        }
    }

    @Test func `too much is not called too little`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres() + "/position"
            for (number, words) in [
                ("2000000000", "So viel ist nicht möglich."), ("0", "Zahl größer als null"),
            ] {
                let refused = try await yard.post(
                    path, ["abfall": "reifen", "einheit": "stueck", "menge": number])
                #expect(refused.status == .unprocessableContent && refused.body.contains(words))
            }
        }
    }

    @Test func `a plate has letters and digits and is no longer than plates are`() async throws {
        try await PageYard.with { yard in
            let path = try await yard.tyres()
            for plate in ["\u{1F600}", "-", "GÖ AB/1", String(repeating: "A", count: 21)] {
                let refused = try await yard.post(path + "/kennzeichen", ["kennzeichen": plate])
                #expect(refused.status == .unprocessableContent, "\(plate)")
                #expect(refused.body.contains("Schreiben Sie das Kennzeichen mit"), "\(plate)")
            }
            for plate in ["GÖ-AB 123E", "gu\u{308}-x 1", "Š 1-ABC-23", "А 123 ВС 77", " "] {
                let taken = try await yard.post(path + "/kennzeichen", ["kennzeichen": plate])
                #expect(taken.location == path, "\(plate)")
            }
        }
    }

    @Test func `without an attendant the name comes first`() async throws {
        try await PageYard.with(isSignedIn: false) { yard in
            #expect(try await yard.get("/").location == "/anmelden")
            let people = try await yard.get("/anmelden")
            #expect(people.body.contains("Frau &lt;Müller&gt;"))
            let refused = try await yard.post("/anlieferung", ["gruppe": "household"])
            #expect(refused.status == .conflict)
            #expect(try await yard.post("/anmelden", ["person": "mueller"]).location == "/")
            #expect(try await yard.get("/").status == .ok)
        }
    }

    @Test(arguments: ["/anlieferung/999", "/beleg/999", "/anlieferung/x", "/ungeklaert/999"])
    func `what is not there has a page that says so`(path: String) async throws {
        try await PageYard.with { yard in
            let answer = try await yard.get(path)
            #expect(answer.status == .conflict || answer.status == .notFound)
            #expect(answer.body.contains("<h1>"))
        }
    }
}
