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
