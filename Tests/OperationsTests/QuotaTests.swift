import Foundation
import Journal
import Operations
import Sales
import Tariffs
import Testing
import Units

/// Quotas over several deliveries: what the server knows was used, and what a sale says.
struct QuotaTests {
    /// The sample tariff with a free cubic metre of green waste a day and household.
    private static let tariff: [UInt8] = {
        var text = String(decoding: TestYard.tariff, as: UTF8.self)
            .replacing(
                "preis: 12,00 € je m³, in angefangenen Schritten von 0,25 m³",
                with: "preis: 12,00 € je m³, in angefangenen Schritten von 0,25 m³\n"
                    + "    freimenge: 1 m³ je Tag und Haushalt")
        guard let start = text.range(of: "\nbeispiele:\n") else { return [] }
        let mark = "\n  - nr: "
        let kept = "\n\(text[start.upperBound...])".components(separatedBy: mark).dropFirst()
            .filter { !$0.contains("m³ grünabfall") && !$0.contains("l grünabfall") }
        let own =
            "Freimenge\n    datum: 05.01.2024\n    wer: privat\n    haushalt: a\n"
            + "    anlieferung: 1,25 m³ grünabfall\n    summe: 3,00 €\n"
        text = text[..<start.upperBound] + (kept + [own]).map { mark.dropFirst() + $0 }.joined()
        return Array(text.utf8)
    }()

    private static func sale(_ volume: Int64, used: Int64) throws -> Sale {
        let tariff = try TariffFile.decode(tariff)
        let household: HolderKey = TestYard.named("a")
        let delivery = Delivery(
            day: try #require(BusinessDay(iso: "2026-11-20")), group: .household,
            holders: [.household: household],
            items: [
                DeliveryItem(
                    fraction: TestYard.named("gruenabfall"), amount: .volume(Millilitres(volume)),
                    source: .estimated)
            ])
        let before = tariff.quotas(touchedBy: delivery).map {
            QuotaUse(key: $0, used: used, taken: 0)
        }
        guard case .priced(let quote) = tariff.price(delivery, quota: before) else {
            throw Unexpected("refused")
        }
        let settlement: Settlement = quote.total == .zero ? .free : .card(TestYard.slip(2))
        return try Sale(quote: quote, settlement: settlement, attempts: [])
    }

    @Test func `a terminal that did not know of a use is flagged, and the cents are named`()
        async throws
    {
        try await withYard(terminals: 2, hasTariff: false) { yard in
            try await yard.installation.activate(Self.tariff, at: yard.yard)

            let known = try await yard.admit(
                yard.terminals[0].sign(.sale(try Self.sale(800_000, used: 0))))
            let unaware = try yard.terminals[1].sign(.sale(try Self.sale(600_000, used: 0)))
            let late = try await yard.admit(unaware)

            #expect(known.flags == [])
            #expect(late.flags == ["quota-differs"])
            let again = try yard.installation.reprice(unaware.reference, of: yard.yard)
            #expect(again.agrees)
            #expect(again.quotaDifference == Cents(600))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a sale taken back gives its quota back`() async throws {
        try await withYard(hasTariff: false) { yard in
            try await yard.installation.activate(Self.tariff, at: yard.yard)
            let sale = try Self.sale(1_250_000, used: 0)
            let signed = try yard.terminal.sign(.sale(sale))
            _ = try await yard.admit(signed)
            let keys = sale.quota.map(\.key)
            #expect(try yard.installation.quotas(keys, of: yard.yard).map(\.used) == [1_000_000])

            let void = try Reversal.make(
                .void, of: sale, reference: signed.reference, earlier: [], amounts: nil,
                reason: "vertippt", settlement: .card(TestYard.slip(2)))
            _ = try await yard.admit(yard.terminal.sign(.void(void)))

            #expect(try yard.installation.quotas(keys, of: yard.yard).map(\.used) == [0])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }
}
