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
        "preis:\n  berechnung: je Stufe\n  bis 1 m³: kostenlos\n"
            + "  bis 3 m³: 1,00 € je angefangene 1 m³\n  darüber: 2,00 € je angefangene 0,7 m³",
        "preis: 3,80 € je angefangene 100 l\nfreimenge: 1 m³ je Anlieferung",
        "preis: 2,00 € je angefangene 100 l\nmindestens: 5,00 €\nhöchstens: 40,00 €",
        "preis: 4,00 € je m³, anteilig\nfreigrenze: unter 500 l",
    ]
    /// The larger amount has the lower price, for all of it.
    static let falling =
        "preis:\n  berechnung: ganze Menge\n  bis 1 m³: 45,00 € je m³, anteilig\n"
        + "  darüber: 37,00 € je m³, anteilig"
    /// Without those that give something free in each delivery: that is worth the more, the more
    /// deliveries there are.
    static let withoutFreePart = methods.filter {
        !$0.contains("kostenlos\n") && !$0.contains("frei")
    }
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

    @Test(arguments: methods.filter { !$0.contains("anteilig") } + [falling], seeds)
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

    @Test(arguments: methods + [falling], seeds)
    func `no line is below zero, however the total is rounded`(
        _ price: String, _ seed: UInt64
    ) throws {
        let tariffs = try ["kaufmännisch je Zeile", "abgerundet nur die Summe auf 0,50 €"].map {
            try SmallFile(rounding: $0, price: price).tariff()
        }
        var random = Seeded(seed)

        for _ in 0..<100 {
            let parts = (0...random.next(below: 4)).map { _ in random.volume() }
            for tariff in tariffs {
                let lines = try amounts(tariff, parts)
                #expect(lines.allSatisfy { !$0.isNegative }, "seed \(seed): \(parts)")
            }
        }
    }

    @Test(arguments: seeds)
    func `splitting a load of a group that is paid once changes nothing`(_ seed: UInt64) throws {
        var file = SmallFile(price: "preis: 2,00 € je angefangene 100 l")
        file.rest = "abfallarten: schutt, wer: alle, preis: \"3,00 € je angefangene 100 l\""
        file.extra = "einmal je anlieferung: {name: x, fundstelle: § 7, positionen: [1, 9]}"
        let tariff = try file.tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let parts = (0...random.next(below: 3)).map { _ in random.volume() }
            let rubble = [random.volume()]
            #expect(
                try amounts(tariff, parts, rubble: rubble).sum()
                    == amounts(tariff, [parts.reduce(0, +)], rubble: rubble).sum(),
                "seed \(seed): \(parts) \(rubble)")
        }
    }

    @Test(arguments: withoutFreePart, seeds)
    func `two deliveries never cost less than one with both loads`(
        _ price: String, _ seed: UInt64
    ) throws {
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
    func `a rounded total with a minimum is a multiple and reaches it where anything costs`(
        _ price: String, _ seed: UInt64
    ) throws {
        var file = SmallFile(price: price)
        let bare = try file.tariff()
        file.rounding = "abgerundet nur die Summe auf 0,50 €"
        file.extra = "mindestbetrag: {betrag: \"3,00 €\", fundstelle: § 3}"
        let tariff = try file.tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let volume = random.volume() % 500_000 + 1
            let total = try cents(tariff, [volume])
            #expect(total % 50 == 0, "seed \(seed): \(volume)")
            let least: Int64 = try cents(bare, [volume]) > 0 ? 300 : 0
            #expect(least == 0 ? total == 0 : total >= least, "seed \(seed): \(volume)")
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

    @Test(arguments: TariffFiles.all, seeds)
    func `the lines of a random delivery add up, and pricing again gives the same`(
        _ name: String, _ seed: UInt64
    ) throws {
        let tariff = try TariffFiles.tariff(name)
        var random = Seeded(seed)

        for _ in 0..<40 {
            let delivery = random.delivery(for: tariff)
            switch tariff.price(delivery) {
            case .priced(let quote):
                #expect(quote.lines.count >= delivery.items.count, "seed \(seed)")
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
    func `a deducted quantity is no larger when the load comes in parts`(_ seed: UInt64) throws {
        let tariff = try SmallFile(
            price: "preis: 3,80 € je m³, anteilig\nfreimenge: 1 m³ je Tag und Haushalt"
        ).tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let parts = (0...random.next(below: 4)).map { _ in random.volume() }
            let whole = try #require(tariff.charged([parts.reduce(0, +)], quota: []))
            var (quota, charged): ([QuotaUse], Int64) = ([], 0)
            for part in parts {
                let quote = try #require(tariff.charged([part], quota: quota))
                charged += quote.charged
                quota = quota.after(quote.quota)
            }
            #expect(charged == whole.charged, "seed \(seed): \(parts)")
        }
    }

    @Test(arguments: seeds)
    func `taking a sale back gives the next price back`(_ seed: UInt64) throws {
        let tariff = try SmallFile(
            price: "preis: 3,80 € je angefangene 100 l\nfreimenge: 1 m³ je Woche und Person"
        ).tariff()
        var random = Seeded(seed)

        for _ in 0..<200 {
            let earlier = try #require(
                tariff.charged([random.volume() % 900_000 + 1], quota: [])?.quota)
            let before = [].after(earlier)
            let first = try #require(tariff.charged([random.volume()], quota: before))
            let used = before.after(first.quota)
            let restored = used.map { use in
                let taken = first.quota.first { $0.key == use.key }?.taken ?? 0
                return QuotaUse(key: use.key, used: use.used - taken, taken: 0)
            }
            let volume = random.volume()
            #expect(
                tariff.charged([volume], quota: before)?.quote.total
                    == tariff.charged([volume], quota: restored)?.quote.total, "seed \(seed)")
        }
    }

    @Test(arguments: TariffFiles.all)
    func `a refused delivery has no amounts, whatever was used before`(_ name: String) throws {
        let tariff = try TariffFiles.tariff(name)
        for example in tariff.examples {
            var used = UsedQuotas()
            for delivery in example.earlier + [example.delivery] {
                let before = used.state(before: delivery, under: tariff)
                switch tariff.price(delivery, quota: before) {
                case .priced(let quote): used.add(quote.quota)
                case .refused: #expect(tariff.amounts(of: delivery, quota: before) == nil)
                }
            }
        }
    }

    private func cents(_ tariff: Tariff, _ volumes: [Int64]) throws -> Int64 {
        try amounts(tariff, volumes).sum().value
    }

    /// What each load of leaves costs, and then each of rubble.
    private func amounts(
        _ tariff: Tariff, _ leaves: [Int64], rubble: [Int64] = []
    ) throws -> [Cents] {
        let laub = try #require(FractionID("laub"))
        let schutt = try #require(FractionID("schutt"))
        let loads = leaves.map { (laub, $0) } + rubble.map { (schutt, $0) }
        let delivery = Delivery(
            day: try ValuePhrase.day("01.06.2024"), group: .household,
            items: loads.map { fraction, volume in
                DeliveryItem(
                    fraction: fraction, amount: .volume(Millilitres(volume)), source: .estimated)
            })
        return try #require(tariff.amounts(of: delivery))
    }
}

extension Tariff {
    /// What a delivery of leaves costs and takes, by a household and person of its own.
    fileprivate func charged(
        _ volumes: [Int64], quota: [QuotaUse]
    ) -> (quote: Quote, charged: Int64, quota: [QuotaUse])? {
        guard let laub = FractionID("laub"), let key = HolderKey("a"),
            let day = BusinessDay(year: 2024, month: 6, day: 1)
        else { return nil }
        let delivery = Delivery(
            day: day, group: .household, holders: [.household: key, .person: key],
            items: volumes.map {
                DeliveryItem(fraction: laub, amount: .volume(Millilitres($0)), source: .estimated)
            })
        guard case .priced(let quote) = price(delivery, quota: quota) else { return nil }
        return (quote, quote.lines.compactMap(\.figures?.charged).reduce(0, +), quote.quota)
    }
}

extension [QuotaUse] {
    /// The state after a delivery that took `uses`.
    fileprivate func after(_ uses: [QuotaUse]) -> [QuotaUse] {
        filter { old in !uses.contains { $0.key == old.key } }
            + uses.map { QuotaUse(key: $0.key, used: $0.used + $0.taken, taken: 0) }
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

    mutating func delivery(for tariff: Tariff) -> Delivery {
        let items = (0...next(below: 4)).map { _ in item(of: tariff) }
        let day = tariff.validity.from.adding(days: next(below: 3_000)) ?? tariff.validity.from
        let holders = Holder.allCases.compactMap { holder in
            HolderKey("h-1").map { (holder, $0) }
        }
        return Delivery(
            day: day, group: CustomerGroup.allCases[next(below: 2)],
            origin: Origin.allCases[next(below: 2)], features: features(of: tariff),
            holders: next(below: 5) == 0 ? [:] : Dictionary(uniqueKeysWithValues: holders),
            isScaleBroken: next(below: 6) == 0, items: items)
    }

    private mutating func features(of tariff: Tariff) -> Set<FeatureID> {
        let all = tariff.features.map(\.id)
        return Set(all.filter { _ in next(below: 2) == 0 })
    }

    private mutating func item(of tariff: Tariff) -> DeliveryItem {
        let fraction = tariff.fractions[next(below: tariff.fractions.count)]
        let other = tariff.fractions[next(below: tariff.fractions.count)].id
        let number = Int64(next(below: 3_000_000)) + 1
        let options = fraction.measures.map(\.measure) + [.pieces, .volume]
        let isMixed = next(below: 9) == 0 && other != fraction.id
        return DeliveryItem(
            fraction: fraction.id, amount: amount(number, in: options[next(below: options.count)]),
            source: .counted, features: features(of: tariff), mixedWith: isMixed ? [other] : [])
    }

    private mutating func amount(_ number: Int64, in measure: Measure) -> Amount {
        let fill = Int64(next(below: 100)) + 1
        return switch measure {
        case .pieces: .pieces(number % 50 + 1)
        case .volume: .volume(Millilitres(number))
        case .weight: .weight(Grams(number))
        case .area: .area(SquareCentimetres(number))
        case .duration: .duration(Minutes(number % 20_000 + 1))
        case .areaTime: .areaTime(SquareCentimetres(number), Minutes(number % 20_000 + 1))
        case .pounds: .pounds(DeciPounds(number))
        case .cubicInches: .cubicInches(CentiCubicInches(number))
        case .containers(let kind):
            .containers(count: number % 9 + 1, kind: kind, fillPercent: fill)
        case .vehicle(let kind): .vehicle(class: kind, fillPercent: fill)
        case .delivery: .delivery
        }
    }
}
