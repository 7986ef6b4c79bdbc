import Operations
import Sales
import Signing
import Testing

@testable import Console

/// The public page of a receipt whose payment was unknown.
struct ResolvedReceiptTests {
    @Test(arguments: [true, false])
    func `it says how the payment turned out`(isCharged: Bool) async throws {
        let yard = try await ConsoleYard()
        let reference = try await yard.sell(.unknown(cardTerminal: "51234567"))
        let code = try yard.installation.saleDetail(reference, of: yard.yard)
            .stored.statement.base64url
        let slip = try #require(ConsoleYard.slip)
        try await yard.browsing([""]) { browsers in
            let path = "/b/t1/1?pruefcode=\(code)"
            let before = try await browsers[0].get(path)
            #expect(before.text.contains("wird geklärt"))

            try await yard.installation.resolve(
                PaymentResolution(
                    original: reference, finding: isCharged ? .charged(slip) : .notChargedVoid,
                    evidence: .totals, note: "Kassenschnitt"), debtor: nil, at: yard.yard,
                by: try ConsoleYard.person("kasse"))

            let after = try await browsers[0].get(path)
            #expect(!after.text.contains("wird geklärt"))
            #expect(after.text.contains("Die Karte wurde belastet") == isCharged)
            #expect(after.text.contains("es ist nichts zu zahlen") == !isCharged)
        }
    }
}
