import SourceFiles
import Testing
import Text
import Units

@testable import Tariffs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// docs/formats/tariff.schema.json says the same as the decoder.
struct SchemaTests {
    /// A schema or a part of it, as far as these tests look at it.
    final class Schema: Decodable {
        let description: String?
        let properties: [String: Schema]?
        let required: [String]?
        let pattern: String?
        let `enum`: [String]?
        let anyOf: [Schema]?
        let items: Schema?
        let reference: String?
        let definitions: [String: Schema]?
        private let additionalProperties: Closed?

        /// `additionalProperties` is `false` or a schema.
        private enum Closed: Decodable {
            case closed
            case open

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if (try? value.decode(Bool.self)) == false { self = .closed } else { self = .open }
            }
        }

        private enum CodingKeys: String, CodingKey {
            case description, properties, required, pattern, `enum`, anyOf, items
            case additionalProperties
            case reference = "$ref"
            case definitions = "$defs"
        }

        var isClosed: Bool {
            switch additionalProperties {
            case .closed: true
            case .open, nil: false
            }
        }
    }

    static func schema() throws -> Schema {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/formats/tariff.schema.json")
        return try JSONDecoder().decode(Schema.self, from: try Data(contentsOf: path))
    }

    /// The schema of a block; the file as a whole is the root.
    static func schema(of form: BlockForm) throws -> Schema {
        let root = try schema()
        return form == .tariff ? root : try #require(root.definitions?[form.rawValue])
    }

    private func pattern(of name: String) throws -> String {
        try #require(try Self.schema().definitions?[name]?.pattern)
    }

    @Test(arguments: BlockForm.allCases)
    func `a block has the same keys in the schema as in the program`(_ form: BlockForm) throws {
        let schema = try Self.schema(of: form)

        #expect(Set(schema.properties?.keys.map(\.self) ?? []) == Set(form.keys))
        #expect(Set(schema.required ?? []) == Set(form.required))
        #expect(Set(form.keys).count == form.keys.count, "a key stands twice")
        #expect(schema.isClosed)
    }

    @Test(arguments: BlockForm.allCases)
    func `every key says in German what it means`(_ form: BlockForm) throws {
        for (key, property) in try Self.schema(of: form).properties ?? [:] {
            let words = property.description ?? ""
            #expect(words.count > 5 && words.hasSuffix("."), "\(form.rawValue).\(key): \(words)")
        }
    }

    @Test func `every block of the schema is one that the program reads`() throws {
        let blocks = try Self.schema().definitions?.filter {
            $0.value.isClosed && $0.value.required != nil
        }
        let priceBlocks: Set = ["staffel", "stufen"]

        #expect(
            Set(blocks?.keys.map(\.self) ?? []).subtracting(priceBlocks)
                == Set(BlockForm.allCases.map(\.rawValue)).subtracting([BlockForm.tariff.rawValue]))
    }

    @Test func `the words of refusals are those of the program`() throws {
        let words = try Self.schema(of: .example).properties?["abgelehnt"]?.enum

        #expect(words == RefusalCode.allCases.map(\.german))
    }

    @Test(arguments: [
        ("art", "art: Satzung"), ("währung", "währung: EUR"), ("preisbasis", "preisbasis: brutto"),
    ])
    func `each word that the schema knows in the head is read`(
        _ key: String, _ line: String
    ) throws {
        let words = try #require(try Self.schema().properties?[key]?.enum)

        for word in words {
            var file = SmallFile(basis: "ohne Umsatzsteuer", price: "preis: kostenlos")
            file.head = file.head.replacing(line, with: "\(key): \(word)")
            if key == "preisbasis" { file.basis = word }
            #expect(try file.problems().map(\.code) == [], "\(key): \(word)")
        }
    }

    @Test(arguments: [
        "kostenlos", "nicht veröffentlicht", "6,00 € pauschal", "4,00 € je Stück",
        "4,00 € je 1 Stück", "11,00 € je angefangene 500 l", "11,00€ je angefangene 500l",
        "1.100,00 € je angefangenen m³", "49,00 € je m³, in angefangenen Schritten von 0,25 m³",
        "0,0130 € je kg, anteilig", "5,40 € je Sack", "5,40 € je Sack, halb volle zur Hälfte",
        "5,40 € je Sack, anteilig nach Füllung", "30,00 € je angefangene 15 Minuten",
        "10,00 € je angefangene 5 m² und angefangene Woche", "2-fach von Nr. 9.1",
        "1,5-fach von Nr. 9.1", "Nr. 9.1 zuzüglich 2,00 €", "Nr. 9.1 abzüglich 0,5000 €",
        "gratis", "6 € pauschal", "6,0 € pauschal", "6,00 pauschal", "€ 6,00 pauschal",
        "4,00 € je m³", "4,00 € je 100 l", "4,00 € je t", "4,00 €", "2-fach", "2-fach von 9.1",
        "Nr. 9.1 plus 2,00 €", "Nr. 9.1 zuzüglich 2 €", "Kostenlos", "10.00,00 € pauschal",
    ])
    func `the schema takes a price in words where the program does`(_ phrase: String) throws {
        var file = SmallFile(price: "preis: \(phrase)\ngrund: Grund")
        file.more = """
              - {nr: 9.1, fundstelle: § 9, abfallarten: schutt, wer: alle,
                 preis: "3,00 € je Stück"}
            """
        file.rest = "abfallarten: blech, wer: alle, preis: kostenlos"
        file.fractions = file.fractions.replacing(
            "behälter:", with: "  - {kennung: blech, name: Blech}\nbehälter:")
        let isRead = try file.problems().isEmpty

        #expect(try pattern(of: "preis-in-worten").fits(phrase) == isRead)
    }

    @Test(arguments: [
        "1 m³", "0,5m³", "5 Stück je Tag und Haushalt", "1 Anlieferung je Jahr und Karte",
        "3 m³ je Woche und Person", "1.000 l je 4 Wochen und Grundstück", "2 Säcke", "1 Sack",
        "100 kg je Halbjahr und Haushalt", "1 m³ je Anlieferung",
        "1 m³ je Tag", "1 m³ je Monat und Haushalt", "viel", "5", "1 m³ je Tag und Familie",
        "m³", "1 m³ je Anlieferung und Haushalt",
    ])
    func `the schema takes a limit where the program does`(_ phrase: String) throws {
        let catalogue = try SmallFile.rich.tariff().catalogue
        let isRead = (try? Limit(phrase, catalogue)) != nil

        #expect(try pattern(of: "grenze").fits(phrase) == isRead)
    }

    @Test(arguments: [
        "0,25 m³", "1.350 l", "1 Stück", "3 Liter", "15 Minuten", "9 Tage", "1,5 yd³", "82 gal",
        "2 Tonnen", "5 x", "l", "5", "1. l", "12.34 l", "0.500 l", "5 l l", "5 lo", "1 tons",
    ])
    func `the schema takes a quantity where the program does`(_ phrase: String) throws {
        let isRead = (try? ValuePhrase.quantity(phrase)) != nil

        #expect(try pattern(of: "menge").fits(phrase) == isRead)
    }

    @Test(arguments: [
        "0,01 €", "1.234,50 €", "0,00€", "11,0000 €", "1 €", "1,0 €", "1,001 €", "1,00", "€ 1,00",
        "-1,00 €", "1,00 ¥",
    ])
    func `the schema takes an amount where the program does`(_ phrase: String) throws {
        let isRead = (try? ValuePhrase.cents(phrase, in: .euro)) != nil

        #expect(try pattern(of: "betrag").fits(phrase) == isRead)
    }

    @Test(arguments: [
        "16.10.2023 bis 16.12.2023", "ab 01.01.2022", "bis 31.12.2017",
        "jedes Jahr 01.11. bis 31.03.", "jedes Jahr 1.11. bis 31.3.", "01.11. bis 31.03.",
        "ab 1.1.2022", "16.10.2023", "immer", "ab 32.01.2022",
    ])
    func `the schema takes a window of days where the program does`(_ phrase: String) throws {
        let isRead = (try? ValuePhrase.window(phrase)) != nil

        #expect(try pattern(of: "zeitraum").fits(phrase) == isRead)
    }

    @Test(arguments: [
        "Samstag", "Montag bis Freitag", "Freitag bis Montag", "Mo", "Montag-Freitag",
    ])
    func `the schema takes weekdays where the program does`(_ phrase: String) throws {
        let isRead = (try? ValuePhrase.weekdays(phrase)) != nil

        #expect(try pattern(of: "wochentag").fits(phrase) == isRead)
    }

    @Test(arguments: ["a", "17-3", "laub.1", "Laub", "grün", "-a", ".a", "a b", ""])
    func `the schema takes an id where the program does`(_ text: String) throws {
        #expect(try pattern(of: "kennung").fits(text) == (FractionID(text) != nil))
    }
}

extension String {
    /// Whether a text fits this pattern.
    fileprivate func fits(_ text: String) throws -> Bool {
        try text.contains(Regex(self).matchingSemantics(.unicodeScalar))
    }
}
