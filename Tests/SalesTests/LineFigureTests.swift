import Tariffs
import Testing
import Units

@testable import Sales

/// What a line says beside its sentence.
struct LineFigureTests {
    private func words(
        _ amount: Amount, billed: Int64, cents: Int64, _ figures: LineFigures?,
        source: AmountSource = .counted
    ) throws -> [String] {
        let fraction = try #require(FractionID("stoff"))
        let line = SaleLine(
            position: "1", paragraph: "§ 1", fraction: fraction, name: "Stoff", billed: billed,
            legalForm: .fee, vat: .outsideScope, gross: Cents(cents),
            explanation: Explanation(german: "", english: ""), figures: figures)
        let item = DeliveryItem(fraction: fraction, amount: amount, source: source)
        return line.figures(of: item).map { "\($0.label): \($0.value)" }
            .map { $0.replacing("\u{A0}", with: " ") }
    }

    @Test func `a counted amount at its plain price says its amount only`() throws {
        let figures = LineFigures(
            free: 0, freeLeft: nil, charged: 2, exact: Ratio(1_190, over: 1), bound: nil)

        #expect(try words(.pieces(2), billed: 2, cents: 1_190, figures) == ["Menge: 2 Stück"])
    }

    @Test func `free quantity, rest and step are told in this order`() throws {
        let figures = LineFigures(
            free: 1_000_000, freeLeft: 0, charged: 350_000, exact: Ratio(1_520, over: 1),
            bound: nil)

        #expect(
            try words(.volume(Millilitres(1_350_000)), billed: 400_000, cents: 1_520, figures)
                == [
                    "Menge: 1.350 l", "Davon frei: 1.000 l", "Danach noch frei: 0 l",
                    "Berechnet: 400 l",
                ])
    }

    @Test func `a price that was rounded or bound says where it came from`() throws {
        let rounded = LineFigures(
            free: 0, freeLeft: nil, charged: 1_240_000, exact: Ratio(1_172_048, over: 100),
            bound: nil)
        let bound = LineFigures(
            free: 0, freeLeft: nil, charged: 150_000, exact: Ratio(1_890, over: 1),
            bound: Cents(2_600))

        #expect(
            try words(.weight(Grams(1_240_000)), billed: 1_240_000, cents: 11_720, rounded)
                == ["Menge: 1.240 kg", "Ausgangspreis: 117,2048 €"])
        #expect(
            try words(.weight(Grams(150_000)), billed: 150_000, cents: 2_600, bound)
                == ["Menge: 150 kg", "Ausgangspreis: 18,90 €", "Mindest-/Höchstpreis: 26,00 €"])
    }

    @Test func `a weighed amount stands with its weighing, not again`() throws {
        let weighing = try #require(
            Weighing(scale: "W-1", ticket: "7", gross: Grams(1_250_000), tare: Grams(10_000)))
        let figures = LineFigures(
            free: 0, freeLeft: nil, charged: 1_240_000, exact: Ratio(12_400, over: 1), bound: nil)

        #expect(
            try words(
                .weight(Grams(1_240_000)), billed: 1_240_000, cents: 12_400, figures,
                source: .weighed(weighing)
            ).isEmpty)
    }

    @Test func `containers are not counted in the hundredths that are billed`() throws {
        let kind = try #require(ContainerID("sack"))
        let figures = LineFigures(
            free: 0, freeLeft: nil, charged: 2, exact: Ratio(800, over: 1), bound: nil)

        #expect(
            try words(
                .containers(count: 2, kind: kind, fillPercent: 50), billed: 100, cents: 800,
                figures) == ["Menge: 2 Behälter"])
    }

    @Test func `a line of the delivery as a whole has no figures`() throws {
        #expect(try words(.delivery, billed: 1, cents: 500, nil).isEmpty)
    }
}
