import Testing
import Units

@testable import Tariffs

struct DeliveryQuestionsTests {
    private static let features = """
        merkmale:
          - {kennung: dicht, name: dicht verpackt, gilt für: Abfallart}
          - {kennung: nass, name: nass, gilt für: Abfallart}
          - {kennung: offen, name: offene Ladung}
        """

    private func tariff(
        _ extra: String = "", price: String = "preis: 4,00 € je Stück", more: String = ""
    ) throws -> Tariff {
        var file = SmallFile()
        (file.extra, file.price, file.more) = (extra, price, more)
        return try decoded(Array(file.text.utf8)).get()
    }

    @Test func `a plain tariff asks for nothing`() throws {
        let tariff = try tariff()

        #expect(tariff.questions.isEmpty)
        #expect(!tariff.pricesMixtures)
        #expect(tariff.itemFeatures(of: tariff.fractions.map(\.id)).isEmpty)
    }

    @Test(arguments: [
        ("preis: 4,00 € je kg, anteilig", true), ("preis: 4,00 € je lb, anteilig", true),
        ("preis: 4,00 € je m³, anteilig", false),
    ])
    func `whether the scale works matters where weight has a price`(
        price: String, asks: Bool
    ) throws {
        #expect(try tariff(price: price).questions.asksScale == asks)
    }

    @Test func `the origin is asked where a rule depends on it`() throws {
        let rule = """
            annahmeregeln:
              - {nr: A1, fundstelle: § 3, wer: alle, herkunft: auswärtig, grund: Nein., \
            grund englisch: No.}
            """

        #expect(try tariff(rule).questions.asksOrigin)
    }

    @Test(arguments: [
        ("freimenge: 2 Stück je Jahr und Haushalt", [Holder.household]),
        (
            "höchstmenge: 2 Stück je Tag und Person\ngrund: Mehr nicht.\ngrund englisch: No more.",
            [.person]
        ),
        ("freimenge: 2 Stück je Anlieferung", []),
    ])
    func `holders are those whose quantities are counted`(line: String, holders: [Holder]) throws {
        let tariff = try tariff(price: "preis: 4,00 € je Stück\n\(line)")

        #expect(tariff.questions.holders == holders)
    }

    @Test func `an entitlement asks for its card`() throws {
        let tariff = try tariff(
            "merkmale:\n  - {kennung: karte, name: Sperrmüllkarte, berechtigung: ja}")

        #expect(tariff.questions.holders == [.card])
        #expect(tariff.questions.features.map(\.id.text) == ["karte"])
    }

    @Test func `features of an item are asked where something depends on them`() throws {
        let tariff = try tariff(
            Self.features, price: "preis: 4,00 € je Stück\nverlangt: dicht")
        let leaves = tariff.fractions[0].id
        let rubble = tariff.fractions[1].id

        #expect(tariff.questions.features.map(\.id.text) == ["offen"])
        #expect(tariff.itemFeatures(of: [leaves]).map(\.id.text) == ["dicht"])
        #expect(tariff.itemFeatures(of: [rubble]).isEmpty)
        #expect(tariff.itemFeatures(of: [rubble, leaves]).map(\.id.text) == ["dicht"])
    }

    @Test func `a rule for every fraction speaks about all of them`() throws {
        let rule = """
            annahmeregeln:
              - {nr: A1, fundstelle: § 3, wer: alle, nur mit: nass, grund: Nein., \
            grund englisch: No.}
            """
        let tariff = try tariff(Self.features + "\n" + rule)

        for fraction in tariff.fractions {
            #expect(tariff.itemFeatures(of: [fraction.id]).map(\.id.text) == ["nass"])
        }
    }
}
