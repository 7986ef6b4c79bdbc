import Testing
import Text
import Units

@testable import Tariffs

/// What holds for every amount, tried on random ones; a failure prints the seed.
struct PropertyTests {
    static let methods = [
        "preis: kostenlos", "preis: 6,00 € pauschal", "preis: 11,00 € je angefangene 500 l",
        "preis: 49,00 € je m³, in angefangenen Schritten von 0,25 m³",
        "preis: 49,69 € je m³, anteilig", PricingTests.staircase,
        "preis:\n  bis 0,1 m³: kostenlos\n  bis 0,5 m³: 20,00 €\n"
            + "  darüber: 38,00 € je weitere angefangene 0,7 m³",
        "preis: 12,60 € je m³, anteilig\nmindestens: 26,00 €",
    ]
    static let seeds: [UInt64] = [1, 20_240_105, .random(in: 0 ... .max)]

    @Test(arguments: methods, seeds)
    func `the price never falls when the amount rises`(_ price: String, _ seed: UInt64) throws {
        let tariff = try SmallFile(price: price).tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let small = random.volume()
            let large = small + random.volume()
            #expect(
                try cents(tariff, [small]) <= cents(tariff, [large]),
                "seed \(seed): \(small) \(large)")
        }
    }

    @Test(arguments: methods.filter { !$0.contains("anteilig") }, seeds)
    func `splitting a load inside a delivery changes nothing`(
        _ price: String, _ seed: UInt64
    ) throws {
        let tariff = try SmallFile(price: price).tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let parts = (0...random.next(below: 3)).map { _ in random.volume() }
            #expect(
                try cents(tariff, parts) == cents(tariff, [parts.reduce(0, +)]),
                "seed \(seed): \(parts)")
        }
    }

    @Test(arguments: methods, seeds)
    func `two deliveries never cost less than one with both loads`(
        _ price: String, _ seed: UInt64
    ) throws {
        guard !price.contains("bis 0,1 m³") else { return }
        let tariff = try SmallFile(price: price).tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let (left, right) = (random.volume(), random.volume())
            let apart = try cents(tariff, [left]) + cents(tariff, [right])
            let rounding: Int64 = price.contains("anteilig") ? 1 : 0
            #expect(
                try cents(tariff, [left + right]) <= apart + rounding,
                "seed \(seed): \(left) \(right)")
        }
    }

    @Test(arguments: methods, seeds)
    func `litres and cubic metres of one volume cost the same`(
        _ price: String, _ seed: UInt64
    ) throws {
        let tariff = try SmallFile(price: price).tariff()
        var random = Seeded(seed)

        for _ in 0..<100 {
            let litres = Int64(random.next(below: 3_000)) + 1
            let metres = GermanFormat.decimal(litres, scale: 1_000)
            #expect(
                try tariff.cents("\(litres) l laub") == tariff.cents("\(metres) m³ laub"),
                "seed \(seed): \(litres)")
        }
    }

    @Test(arguments: TariffFiles.names, seeds)
    func `the lines of a random delivery add up, and pricing again gives the same`(
        _ name: String, _ seed: UInt64
    ) throws {
        let tariff = try TariffFiles.tariff(name)
        var random = Seeded(seed)

        for _ in 0..<200 {
            let delivery = random.delivery(for: tariff)
            switch tariff.price(delivery) {
            case .priced(let quote):
                #expect(quote.lines.count == delivery.items.count, "seed \(seed)")
                #expect(quote.total == quote.lines.map(\.gross).reduce(.zero, +), "seed \(seed)")
                #expect(quote.lines.allSatisfy { !$0.gross.isNegative }, "seed \(seed)")
                #expect(tariff.amounts(of: delivery) == quote.lines.map(\.gross), "seed \(seed)")
                #expect(tariff.price(delivery) == .priced(quote), "seed \(seed)")
            case .refused(let refusals):
                #expect(!refusals.isEmpty, "seed \(seed)")
                #expect(tariff.amounts(of: delivery) == nil, "seed \(seed)")
            }
            #expect(try Delivery(json: delivery.json) == delivery, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func `overlaps and gaps are found exactly where a day by day search finds them`(
        _ seed: UInt64
    ) throws {
        var random = Seeded(seed)
        for _ in 0..<12 {
            var file = SmallFile(price: "zeitraum: \(random.window())\npreis: kostenlos")
            file.more = """
                  - nr: 2
                    fundstelle: § 2
                    abfallarten: laub
                    wer: \(["privat", "gewerblich", "alle"][random.next(below: 3)])
                    zeitraum: [\(random.window()), \(random.window())]
                    preis: \(["4,00 € je Stück", "kostenlos"][random.next(below: 2)])
                """
            let found = Set(try file.problems().map(\.code))
            let searched = try searched(file)
            #expect(found == searched, "seed \(seed): \(file.text)")
        }
    }

    /// The codes that trying every day of the validity gives.
    private func searched(_ file: SmallFile) throws -> Set<String> {
        var reader = SourceReader()
        let positions = try reader.positions(of: file)
        let index = PositionIndex(positions)
        let laub = try #require(FractionID("laub"))
        let first = try ValuePhrase.day("01.01.2024")
        var codes: Set<String> = []
        for day in (0..<731).compactMap({ first.adding(days: $0) }) {
            for group in CustomerGroup.allCases {
                let matches = [Measure.pieces, .delivery].map {
                    index.matches(laub, by: group, on: day, in: $0).count
                }
                if matches.contains(where: { $0 > 1 }) { codes.insert("T-E06") }
                if matches.allSatisfy({ $0 == 0 }) { codes.insert("T-E07") }
            }
        }
        return codes
    }

    private func cents(_ tariff: Tariff, _ volumes: [Int64]) throws -> Int64 {
        let laub = try #require(FractionID("laub"))
        let delivery = Delivery(
            day: try ValuePhrase.day("01.06.2024"), group: .household,
            items: volumes.map {
                DeliveryItem(fraction: laub, amount: .volume(Millilitres($0)), source: .estimated)
            })
        return try #require(tariff.amounts(of: delivery)).sum().value
    }
}

extension SourceReader {
    /// The positions of a small file, whatever is wrong with their windows.
    fileprivate mutating func positions(of file: SmallFile) throws -> [Position] {
        try file.decodedPositions(&self)
    }
}

/// SplitMix64: the same seed gives the same run everywhere.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// Millilitres, often at or beside a step.
    mutating func volume() -> Int64 {
        let steps = Int64(next(below: 20)) * 250_000
        return max(1, [steps, steps + 1, steps - 1, Int64(next(below: 5_000_000))][next(below: 4)])
    }

    /// A window between 2024 and 2025 in any of its forms.
    mutating func window() -> String {
        let days = [day(), day()].sorted()
        let texts = days.map { GermanFormat.day($0) }
        switch next(below: 4) {
        case 0: return "ab \(texts[0])"
        case 1: return "bis \(texts[0])"
        case 2: return "\(texts[0]) bis \(texts[1])"
        default:
            let dates = [day(), day()].map { "\(padded($0.day, 2)).\(padded($0.month, 2))." }
            return "jedes Jahr \(dates[0]) bis \(dates[1])"
        }
    }

    private mutating func day() -> BusinessDay {
        let first = BusinessDay(year: 2024, month: 1, day: 1)?.ordinal ?? 0
        return BusinessDay(
            ordinal: first + [0, 58, 59, 60, 365, 366, 730][next(below: 7)] + next(below: 2))
            ?? self.day()
    }

    mutating func delivery(for tariff: Tariff) -> Delivery {
        let items = (0...next(below: 4)).map { _ in item(of: tariff) }
        let day = tariff.validity.from.adding(days: next(below: 3_000)) ?? tariff.validity.from
        return Delivery(
            day: day, group: CustomerGroup.allCases[next(below: 2)], items: items)
    }

    private mutating func item(of tariff: Tariff) -> DeliveryItem {
        let fraction = tariff.fractions[next(below: tariff.fractions.count)]
        let number = Int64(next(below: 3_000_000)) + 1
        let fill = Int64(next(below: 100)) + 1
        let options = fraction.measures.map(\.measure) + [.pieces, .volume]
        let amount: Amount =
            switch options[next(below: options.count)] {
            case .pieces: .pieces(number % 50 + 1)
            case .volume: .volume(Millilitres(number))
            case .weight: .weight(Grams(number))
            case .area: .area(SquareCentimetres(number))
            case .containers(let kind):
                .containers(count: number % 9 + 1, kind: kind, fillPercent: fill)
            case .vehicle(let kind): .vehicle(class: kind, fillPercent: fill)
            case .delivery: .delivery
            }
        return DeliveryItem(fraction: fraction.id, amount: amount, source: .counted)
    }
}
