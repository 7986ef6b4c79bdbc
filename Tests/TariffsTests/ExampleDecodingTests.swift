import Testing
import Text
import Units

@testable import Tariffs

/// Worked examples with all that they may say.
struct ExampleDecodingTests {
    static func example(_ text: String) throws -> WorkedExample {
        var file = SmallFile.rich
        file.examples =
            "beispiele:\n  - nr: E1\n    datum: 04.01.2024\n    wer: privat\n"
            + text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        return try file.tariff().examples.first ?? { throw TariffRefused(problems: []) }()
    }

    @Test func `a plain example has the usual circumstances`() throws {
        let example = try Self.example("anlieferung: 2 Stück laub\nsumme: 8,00 €")

        #expect(example.delivery.origin == .resident)
        #expect(example.delivery.holders.isEmpty && example.delivery.features.isEmpty)
        #expect(!example.delivery.isScaleBroken)
        #expect(example.earlier.isEmpty)
        #expect(example.expected == .total(Cents(800), lines: []))
    }

    @Test func `an example names origin, features, holders and the broken scale`() throws {
        let example = try Self.example(
            """
            herkunft: auswärtig
            merkmale: [unbedeckt, Sperrmüllkarte]
            haushalt: A
            person: Frau Müller
            grundstück: Flur 7.2
            karte: 17-3
            waage: ausgefallen
            anlieferung:
              - 150 kg laub mit nass
              - Kombi, halb beladen: schutt
            abgelehnt: Waage ausgefallen
            """)

        let delivery = example.delivery
        #expect(delivery.origin == .nonResident)
        #expect(delivery.features.map(\.text).sorted() == ["sperrmuellkarte", "unbedeckt"])
        #expect(
            delivery.holders.mapValues(\.text) == [
                .household: "a", .person: "frau-mueller", .parcel: "flur-7.2", .card: "17-3",
            ])
        #expect(delivery.isScaleBroken)
        #expect(delivery.items.count == 2)
        #expect(example.expected == .refused(.scaleFailed))
    }

    @Test func `earlier deliveries have their own day, the same holder and a scale in order`()
        throws
    {
        let example = try Self.example(
            """
            haushalt: A
            merkmale: Sperrmüllkarte
            waage: ausgefallen
            vorher:
              - 02.01.2024: 1 m³ laub
              - 03.01.2024:
                - 2 Stück laub
                - Kombi: schutt
              - Kombi: laub
              - 800 l laub; 2 Stück schutt
            anlieferung: 600 l laub
            summe: 0,00 €
            """)

        #expect(
            example.earlier.map(\.day.iso)
                == ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-04"])
        #expect(example.earlier.map(\.items.count) == [1, 2, 1, 2])
        for delivery in example.earlier {
            #expect(delivery.holders == example.delivery.holders)
            #expect(delivery.features == example.delivery.features)
            #expect(delivery.group == .household)
            #expect(!delivery.isScaleBroken)
        }
    }

    @Test func `every refusal has a word of its own`() throws {
        for code in RefusalCode.allCases {
            let example = try Self.example("anlieferung: 1 Stück laub\nabgelehnt: \(code.german)")

            #expect(example.expected == .refused(code))
        }
    }

    @Test func `amounts of an example are in the currency of the file`() throws {
        var file = SmallFile(price: "preis: 4,00 CHF je Stück")
        file.head = file.head.replacing("EUR", with: "CHF")
        file.examples =
            "beispiele:\n  - {nr: 1, datum: 04.01.2024, wer: privat, anlieferung: 1 Stück laub, "
            + "zeilen: [1: \"4,00 CHF\"], summe: \"4,00 CHF\"}"

        let expected = try #require(file.tariff().examples.first).expected

        #expect(
            expected
                == .total(Cents(400), lines: [.init(position: "1", gross: Cents(400))]))
    }
}
