import Operations
import Sales
import Storage
import Testing
import Units

@testable import Console

/// Who took back or resolved what, and when: on the page of the sale and of the request.
struct SaleTrailTests {
    private static let refund = [
        "art": "refund", "betrag-0": "1,00", "weg": "card", "grund": "Falsche Menge",
        "bestaetigt": "ja",
    ]
    private static let slip = [
        "tid": "51234567", "marke": "girocard", "belegnummer": "909", "tracenummer": "8080",
    ]

    @Test func `a refund names its people, its request and its slip`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "pruefung"]) { browsers in
            let (cashier, approving, auditor) = (browsers[0], browsers[1], browsers[2])
            _ = try await cashier.post("/verkaeufe/t1/1/erstattung", Self.refund)
            _ = try await approving.post("/erstattungen/1/genehmigen")
            let waiting = try await auditor.get("/erstattungen/1").text
            #expect(waiting.contains("Freigegeben") && !waiting.contains("8080"))
            let before = try await auditor.get("/verkaeufe/t1/1").text
            #expect(!before.contains("Erstattet"))
            _ = try await cashier.post("/erstattungen/1/ausfuehren", Self.slip)

            let request = try await auditor.get("/erstattungen/1").text
            #expect(request.contains("Gutschrift auf die Karte verzeichnet"))
            #expect(request.contains("909") && request.contains("8080"))
            let sale = try await auditor.get("/verkaeufe/t1/1").text
            #expect(sale.contains("href=\"/erstattungen/1\""))
            #expect(sale.contains("Name kasse, freigegeben von Name freigabe"))
            #expect(sale.contains("<p>Erstattet: 1,00\u{A0}€</p>"))
        }
    }

    @Test func `a sale that was refunded whole is called refunded, not voided`() async throws {
        let yard = try await ConsoleYard()
        let installation = yard.installation
        let sale = try await yard.sell(.onAccount)
        for kind in [Reversal.Kind.refund, .void] {
            let original = kind == .refund ? sale : try await yard.sell(.onAccount)
            let id = try await installation.requestReversal(
                ReversalWish(
                    kind: kind, original: original, amounts: nil, reason: "vertippt",
                    method: .noMoney), payee: nil, at: yard.yard,
                by: try ConsoleYard.person("kasse"))
            try await installation.approveReversal(
                id, at: yard.yard, by: try ConsoleYard.person("freigabe"))
        }
        let badges = try ([1, 2] as [Int64]).map { number in
            try installation.saleDetail(
                SaleReference(terminal: sale.terminal, sequence: number), of: yard.yard
            ).badge.text
        }
        #expect(badges == ["Erstattet", "Storniert"])
        let listed = SaleState.reversed.badge.text
        #expect(listed == "Zurückgenommen")
        try await yard.browsing(["kasse"]) { browsers in
            // Nothing flows, and the check page does not say that it does.
            _ = try await yard.sell(.onAccount)
            let check = try await browsers[0].post(
                "/verkaeufe/t1/3/erstattung",
                ["art": "void", "weg": "no-money", "grund": "vertippt"])
            #expect(check.status == 200 && check.text.contains("Es fließt kein Geld"))
            #expect(!check.text.contains("Erst danach fließt Geld"))
        }
    }

    @Test func `a resolution names who found it, and when`() async throws {
        let yard = try await ConsoleYard()
        let sale = try await yard.sell(.unknown(cardTerminal: "51234567"))
        try await yard.installation.resolve(
            PaymentResolution(
                original: sale, finding: .notChargedVoid, evidence: .totals, note: "Schnitt"),
            debtor: nil, at: yard.yard, by: try ConsoleYard.person("kasse"))

        let steps = try yard.installation.steps(
            of: try yard.installation.saleDetail(sale, of: yard.yard))
        #expect(steps.map(\.by.text) == ["kasse"])
        #expect(steps.map(\.at) == [yard.installation.clock()])
        try await yard.browsing(["pruefung"]) { browsers in
            let page = try await browsers[0].get("/verkaeufe/t1/1")
            #expect(page.text.contains("Zahlung geklärt: "))
        }
    }

    @Test func `a rejection from a page that is out of date keeps the approval`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "beide"]) { browsers in
            let (cashier, approving, late) = (browsers[0], browsers[1], browsers[2])
            _ = try await cashier.post("/verkaeufe/t1/1/erstattung", Self.refund)
            #expect(try await late.get("/erstattungen/1").text.contains("Antrag ablehnen"))
            _ = try await approving.post("/erstattungen/1/genehmigen")

            let refused = try await late.post("/erstattungen/1/ablehnen")

            #expect(refused.status == 409 && refused.text.contains("Der Antrag ist schon weiter"))
            let done = try await cashier.post("/erstattungen/1/ausfuehren", Self.slip)
            #expect(done.location == "/erstattungen/1")
        }
    }
}
