import Testing
import Units

@testable import Tariffs

/// Refusals are results: each code, its edge, its words.
struct RefusalTests {
    static let limited = "preis: 4,00 € je Stück\nhöchstmenge: 4 Stück"
    static let tiers = "preis:\n  bis 2 m³: kostenlos\n  darüber: abgelehnt\ngrund: Zu groß."

    @Test(arguments: [
        (limited, "5 Stück laub", "too-much"),
        (limited, "3 Stück laub; 2 Stück laub", "too-much"),
        (limited, "1 kg laub", "wrong-measure"),
        (limited, "1 Sack laub", "wrong-measure"),
        (limited, "Kombi: laub", "wrong-measure"),
        (tiers, "2,001 m³ laub", "too-much"),
        (tiers, "1 m³ laub; 1,001 m³ laub", "too-much"),
        ("preis: kostenlos\nhöchstmenge: 2 Säcke", "3 Säcke laub", "too-much"),
        ("preis: kostenlos\nhöchstmenge: 2 Säcke", "1 Stück laub", "wrong-measure"),
        ("preis: abgelehnt\ngrund: Nur am Samstag.", "1 Stück laub", "not-accepted"),
        ("preis: nicht veröffentlicht", "1 Stück laub", "no-price-published"),
        ("preis: 4,00 € je Stück", "2.501 Stück laub", "amount-too-large"),
    ])
    func `a delivery is refused with a stable code`(
        _ price: String, _ phrase: String, _ code: String
    ) throws {
        let refusals = try SmallFile(price: price).tariff().refusals(phrase)

        #expect(refusals.map(\.code) == [code])
        #expect(refusals.allSatisfy { !$0.reason.german.isEmpty && !$0.reason.english.isEmpty })
    }

    @Test func `the limit itself is still accepted`() throws {
        #expect(try SmallFile(price: Self.limited).tariff().cents("4 Stück laub") == 1600)
        #expect(try SmallFile(price: Self.tiers).tariff().cents("2 m³ laub") == 0)
        #expect(
            try SmallFile(price: "preis: 4,00 € je Stück").tariff().cents("2.500 Stück laub")
                == 1_000_000)
    }

    @Test func `a derived price with a limit is refused in another measure too`() throws {
        for (base, cents) in [("6,00 € pauschal", Int64(1_200)), ("kostenlos", 0)] {
            var file = SmallFile(price: "preis: 2-fach von Nr. 9\nhöchstmenge: 5 Stück")
            file.rest = "abfallarten: schutt, wer: alle, preis: \"\(base)\""
            let tariff = try file.tariff()

            #expect(try tariff.cents("5 Stück laub") == cents)
            #expect(try tariff.refusals("6 Stück laub").map(\.code) == ["too-much"])
            #expect(try tariff.refusals("6 m³ laub").map(\.code) == ["wrong-measure"])
        }
    }

    @Test(arguments: [("20 kg laub", 0), ("60 kg laub", 600)] as [(String, Int64)])
    func `a fixed price above a weight is priced by the scale`(
        _ phrase: String, _ cents: Int64
    ) throws {
        var file = SmallFile.rich
        file.price = "preis: 6,00 € pauschal\nfreigrenze: bis 50 kg"
        let tariff = try file.tariff()

        #expect(try tariff.cents(phrase) == cents)
        #expect(try tariff.refusals("9 kg laub").map(\.code) == ["below-minimum-load"])
        #expect(try tariff.refusals("60 kg von Hand laub").map(\.code) == ["weight-not-measured"])
        #expect(try tariff.cents("1 m³ laub") == 600)
    }

    @Test func `a weighed amount is gross less tare`() throws {
        let tariff = try SmallFile(price: "preis: 170,00 € je t, anteilig").tariff()
        let laub = try #require(FractionID("laub"))
        let weighing = try #require(
            Weighing(scale: "w", ticket: "1", gross: Grams(300_000), tare: Grams(100_000)))
        func delivery(_ grams: Int64) throws -> Delivery {
            Delivery(
                day: try ValuePhrase.day("01.06.2024"), group: .household,
                items: [
                    DeliveryItem(
                        fraction: laub, amount: .weight(Grams(grams)), source: .weighed(weighing))
                ])
        }

        #expect(try tariff.amounts(of: delivery(200_000)) == [Cents(3_400)])
        for grams: Int64 in [199_999, 200_001, 500_000] {
            guard case .refused(let refusals) = try tariff.price(delivery(grams)) else {
                Issue.record("\(grams) g were priced")
                continue
            }
            #expect(refusals.map(\.code) == ["invalid-amount"])
        }
    }

    @Test func `a price beyond exact figures is refused and says so`() throws {
        func tariff(_ count: Int) throws -> Tariff {
            let factors = Array(repeating: "\"1,0001-fach\"", count: count)
            return try SmallFile(
                price: "preis: 0,0001 € je t, anteilig\nnachlass: 10,00 €\n"
                    + "faktor: [\(factors.joined(separator: ", "))]"
            ).tariff()
        }

        let refusal = try #require(try tariff(7).refusals("0,001 kg laub").first)

        #expect(refusal.code == "amount-too-large")
        #expect(refusal.item == 0)
        #expect(refusal.reason.german.hasPrefix("Laub: Der Preis ist für eine Zahlung zu hoch"))
        #expect(refusal.reason.english.hasPrefix("Laub: The price is too high for a payment"))
        #expect(try tariff(3).cents("0,001 kg laub") == 0)
    }

    @Test(arguments: [(4, nil), (6, "amount-too-large")] as [(Int, String?)])
    func `a chain of derived prices ends where figures do`(_ count: Int, _ code: String?) throws {
        var file = SmallFile(price: "preis: 1,0001-fach von Nr. 20")
        func position(_ number: Int, _ price: String) -> String {
            "\n  - {nr: \(number), fundstelle: § 1, abfallarten: laub, wer: alle, "
                + "zeitraum: bis 01.01.2000, preis: \"\(price)\"}"
        }
        let last = 19 + count
        for number in 20..<last {
            file.more += position(number, "1,0001-fach von Nr. \(number + 1)")
        }
        file.more += position(last, "2.000,0001 € je t, anteilig")
        let tariff = try file.tariff()

        #expect(
            try tariff.refusals("999,999 kg laub").map(\.code) == (code.map { [$0] } ?? []))
    }

    @Test(arguments: ["31.12.2023", "01.01.2026"])
    func `a day outside the validity is refused`(_ day: String) throws {
        #expect(
            try SmallFile().tariff().refusals("1 Stück laub", on: day).map(\.code) == [
                "outside-validity"
            ])
    }

    @Test(arguments: ["01.01.2024", "31.12.2025"])
    func `both days of the validity are included`(_ day: String) throws {
        #expect(try SmallFile().tariff().cents("1 Stück laub", on: day) == 400)
    }

    @Test func `what no phrase can say is refused too`() throws {
        let tariff = try SmallFile().tariff()
        let day = try ValuePhrase.day("01.06.2024")
        let laub = try #require(FractionID("laub"))
        let gold = try #require(FractionID("gold"))
        func code(_ items: [DeliveryItem]) -> [String] {
            guard
                case .refused(let refusals) = tariff.price(
                    Delivery(day: day, group: .household, items: items))
            else { return [] }
            return refusals.map(\.code)
        }
        func item(_ fraction: FractionID, _ amount: Amount) -> DeliveryItem {
            DeliveryItem(fraction: fraction, amount: amount, source: .counted)
        }
        let sack = try #require(ContainerID("sack"))

        #expect(code([]) == ["empty-delivery"])
        #expect(code([item(gold, .pieces(1))]) == ["unknown-fraction"])
        #expect(code([item(laub, .pieces(0))]) == ["invalid-amount"])
        #expect(code([item(laub, .pieces(-1))]) == ["invalid-amount"])
        #expect(code([item(laub, .pieces(.max))]) == ["invalid-amount"])
        #expect(
            code([item(laub, .containers(count: 1, kind: sack, fillPercent: 0))]) == [
                "invalid-amount"
            ])
        #expect(
            code([item(laub, .containers(count: 1, kind: sack, fillPercent: 101))]) == [
                "invalid-amount"
            ])
        #expect(code(Array(repeating: item(laub, .pieces(1)), count: 101)) == ["invalid-amount"])
        #expect(code(Array(repeating: item(laub, .pieces(1)), count: 100)) == [])
        #expect(
            code(Array(repeating: item(laub, .pieces(Amount.numberMax)), count: 100)) == [
                "amount-too-large"
            ])
    }

    @Test func `every refused item is named, and nothing is priced`() throws {
        let refusals = try SmallFile(price: Self.limited).tariff()
            .refusals("5 Stück laub; 1 Anlieferung schutt; 1 kg laub")

        #expect(refusals.map(\.item) == [0, 2])
    }

    @Test func `a refusal says what, why and what to do`() throws {
        let limited = try SmallFile(price: Self.limited).tariff()
        let tiers = try SmallFile(price: Self.tiers).tariff()

        #expect(
            try limited.refusals("5 Stück laub")[0].reason
                == Explanation(
                    german: "Laub: Mehr als 4\u{A0}Stück je Anlieferung geht hier nicht (Nr. 1). "
                        + "Fragen Sie bitte das Personal.",
                    english:
                        "Laub: No more than 4\u{A0}pieces per delivery is possible here (no. 1). "
                        + "Please ask the staff."))
        #expect(
            try limited.refusals("1 kg laub")[0].reason.german
                == "Laub: Berechnet wird nach Stück. Geben Sie die Menge so an.")
        #expect(
            try tiers.refusals("3 m³ laub")[0].reason.german
                == "Laub: Mehr als 2\u{A0}m³ je Anlieferung geht hier nicht (Nr. 1). Zu groß.")
    }
}
