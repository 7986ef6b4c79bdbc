import Foundation
import SourceFiles
import Tariffs
import Text
import Units

/// What a price costs: CPU time of pricing, and of reading and checking a file.
struct TariffBench {
    let rounds: Int
    /// How often each delivery is priced in a round.
    let deliveries: Int
    let report: BenchReport

    func run() throws {
        for count in [10, 100, 1_000] {
            let tariff = try Self.tariff(positions: count, examples: 3 * count)
            let deliveries = Self.deliveries(deliveries, at: count, on: tariff.validity.from)
            let amounts = median { for delivery in deliveries { _ = tariff.amounts(of: delivery) } }
            let sentences = median { for delivery in deliveries { _ = tariff.price(delivery) } }
            let each = Double(deliveries.count)
            report.add(
                BenchFigure(
                    name: "price-\(count)",
                    what: "price of a delivery of three lines, \(count) positions",
                    value: amounts / each, unit: "µs CPU", aim: "under 10"))
            report.add(
                BenchFigure(
                    name: "price-\(count)-sentences", what: "the same with its sentences",
                    value: sentences / each, unit: "µs CPU"))
        }
        let bytes = Array(Self.text(positions: 100, examples: 300).utf8)
        guard Self.checked(bytes) == 0 else {
            throw Failure("the tariff of the bench has problems", Exit.bug)
        }
        report.add(
            BenchFigure(
                name: "tariff-check",
                what: "a file of 100 positions is read, linted and runs 300 examples",
                value: median { _ = Self.checked(bytes) } / 1_000, unit: "ms CPU",
                aim: "under 50"))
        try report.finish()
    }

    /// CPU microseconds, the median of the rounds.
    private func median(_ body: () -> Void) -> Double {
        (0..<rounds).map { _ in Usage.cpuMicroseconds(body) }.median
    }

    /// The number of problems that reading, linting and the examples find.
    private static func checked(_ bytes: [UInt8]) -> Int {
        do {
            let decoding = Tariff.decode(try SourceFile.tree(of: bytes), digest: "")
            guard let tariff = decoding.tariff else { return decoding.problems.count }
            return decoding.problems.count + tariff.check().count + tariff.lint().count
        } catch {
            return 1
        }
    }

    private static func tariff(positions: Int, examples: Int) throws -> Tariff {
        let bytes = Array(text(positions: positions, examples: examples).utf8)
        let decoding = Tariff.decode(
            try SourceFile.tree(of: bytes), digest: String(repeating: "0", count: 64))
        guard let tariff = decoding.tariff else {
            throw Failure("the tariff of the bench does not load: \(decoding.problems)", Exit.bug)
        }
        return tariff
    }

    private static func deliveries(
        _ count: Int, at positions: Int, on day: BusinessDay
    ) -> [Delivery] {
        (0..<count).map { number in
            let items = (0..<3).compactMap { item in
                FractionID("art-\((number * 3 + item) % positions)").map {
                    DeliveryItem(
                        fraction: $0, amount: .volume(Millilitres(Int64(number * 977 + 1))),
                        source: .estimated)
                }
            }
            return Delivery(day: day, group: .household, items: items)
        }
    }

    /// A file whose positions have a step, a free quantity or a staircase in turn.
    private static func text(positions: Int, examples: Int) -> String {
        let fractions = (0..<positions).map { "  - {kennung: art-\($0), name: Art \($0)}" }
        let prices = [
            "11,00 € je angefangene 500 l", "49,69 € je m³, anteilig",
            "49,00 € je m³, in angefangenen Schritten von 0,25 m³",
        ]
        let blocks = (0..<positions).map { place in
            """
              - nr: \(place + 1)
                fundstelle: § \(place + 1)
                abfallarten: art-\(place)
                wer: alle
                preis: \(prices[place % 3])
            """
        }
        let sums = ["22,00 €", "49,69 €", "49,00 €"]
        let worked = (0..<examples).map { number in
            let place = number % positions
            return """
                  - nr: B\(number)
                    datum: 01.06.2024
                    wer: privat
                    anlieferung: 1.000 l art-\(place)
                    summe: \(sums[place % 3])
                """
        }
        return """
            tarif: messung
            art: Satzung
            titel: Messung
            ort: Musterstadt
            hof: Hof
            rechtsgrundlage: Satzung
            quelle: erzeugt
            gültig ab: 01.01.2024
            währung: EUR
            preisbasis: brutto
            rundung: kaufmännisch je Zeile
            rechtsform: Gebühr
            umsatzsteuer: nicht steuerbar
            abfallarten:
            \(fractions.joined(separator: "\n"))
            positionen:
            \(blocks.joined(separator: "\n"))
            beispiele:
            \(worked.joined(separator: "\n"))
            """
    }
}
