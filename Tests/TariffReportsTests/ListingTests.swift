import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

struct ListingTests {
    @Test func `every position has a line`() {
        let listing = Listing(of: Town.tariff)

        #expect(listing.rows.map(\.number) == Town.positions.map(\.number))
        #expect(listing.json["positions"]?.array?.count == 9)
        let lines = listing.text(width: 100).plain.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.contains { $0.hasPrefix("4    Metall") && $0.contains("kostenlos") })
    }

    @Test(arguments: [
        (Ratio(11_000, over: 1), "110,00"), (Ratio(1, over: 1), "0,01"),
        (Ratio(483_44, over: 100), "4,8344"), (Ratio(1, over: 3), "0,003333333333…"),
        (Ratio(123_456_789, over: 1), "1.234.567,89"), (Ratio(0, over: 1), "0,00"),
        (Ratio(-5, over: 2), "−0,025"),
    ])
    func `exact prices show all their decimals`(price: Ratio, expected: String) {
        #expect(price.exactAmount == expected)
    }

    private let tariff = Tariff.made([
        .made(
            "2", ["gruen"], .started(333, 100, .litre), .made([.household]),
            modifiers: [
                .free(Made.limit(1, .cubicMetre, .day, .household)), .lineMinimum(Cents(900)),
            ]),
        .made("3", ["rest"], .container(545, "sack", .halves)),
    ])

    private var delivery: Delivery {
        Delivery(
            day: Made.day("2026-03-02"), group: .household,
            holders: [.household: Made.id("mueller")],
            items: [
                DeliveryItem(
                    fraction: Made.id("gruen"), amount: .volume(Millilitres(1_150_000)),
                    source: .counted),
                DeliveryItem(
                    fraction: Made.id("rest"),
                    amount: .containers(count: 3, kind: Made.id("sack"), fillPercent: 50),
                    source: .counted),
            ])
    }

    private func report(_ delivery: Delivery, used: Int64 = 0) -> PricingReport {
        let keys = tariff.quotas(touchedBy: delivery)
        let quota = keys.map { QuotaUse(key: $0, used: used, taken: 0) }
        return PricingReport(tariff.price(delivery, quota: quota), of: tariff)
    }

    @Test func `an explained price shows every figure`() {
        let text = report(delivery, used: 250_000).text().plain

        for part in [
            "gebracht: 1.150 l", "davon frei: 750 l", "danach noch frei: 0 l",
            "berechnet: 400 l", "nach dem Schritt: 400 l", "genauer Preis: 13,32 €",
            "nach dem Schritt: 1,5 × Sack", "genauer Preis: 8,175 €", "Preis der Zeile: 8,18 €",
            "Freimenge Nr. 2 (Haushalt mueller, seit 02.03.2026): vorher 0,25 m³ genutzt, "
                + "jetzt 0,75 m³, danach 1 m³", "Summe: 21,50 €", "(no. 2).", "(Nr. 2).",
        ] {
            #expect(text.replacing("\n", with: " ").contains(part), "\(part)")
        }
    }

    @Test func `a line that is raised to its minimum names it`() {
        #expect(report(delivery).text().plain.contains("Grenze der Zeile: 9,00 €"))
    }

    @Test func `the data of a price carry figures and quotas`() {
        let json = report(delivery, used: 250_000).json

        let line = json["lines"]?.array?.first
        #expect(json["accepted"]?.bool == true)
        #expect(json["total"]?.integer == 2150)
        #expect(line?["figures"]?["free"]?.integer == 750_000)
        #expect(line?["figures"]?["freeLeft"]?.integer == 0)
        #expect(line?["figures"]?["exact"]?.string == "13,32")
        #expect(json["quota"]?.array?.first?["before"]?.integer == 250_000)
        #expect(json["quota"]?.array?.first?["after"]?.integer == 1_000_000)
    }

    @Test func `a refusal is told in both languages`() {
        let early = Delivery(day: Made.day("2020-01-01"), group: .household, items: delivery.items)

        let report = report(early)

        #expect(report.text().contains("abgelehnt (outside-validity)"))
        #expect(report.text().contains("refused (outside-validity)"))
        #expect(report.json["accepted"]?.bool == false)
        #expect(report.json["refusals"]?.array?.first?["code"]?.string == "outside-validity")
    }

    @Test func `figures without sentences are those of the price`() {
        guard case .priced(let quote) = tariff.price(delivery),
            case .priced(let lines, let quota) = tariff.amountLines(of: delivery)
        else {
            Issue.record("not priced")
            return
        }

        #expect(lines.map(\.gross) == quote.lines.map(\.gross))
        #expect(lines.map(\.position) == quote.lines.map(\.position))
        #expect(quota == quote.quota)
    }
}
