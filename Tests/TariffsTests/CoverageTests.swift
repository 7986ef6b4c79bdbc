import Testing
import Text
import Units

@testable import Tariffs

/// Overlaps and gaps are found exactly: small random tariffs give what trying every delivery gives.
struct CoverageTests {
    @Test(arguments: [1, 20_240_105, UInt64.random(in: 0 ... .max)])
    func `the decision agrees with trying every delivery`(_ seed: UInt64) {
        var random = CoverageDice(seed)
        var (overlaps, gaps, sound) = (0, 0, 0)

        for round in 0..<3_334 {
            let tariff = random.tariff()
            let tried = TriedDeliveries(tariff)
            let findings = tariff.coverageFindings()
            let found = TriedDeliveries.Outcome(findings)

            #expect(found == tried.outcome, "seed \(seed), round \(round): \(tariff.positions)")
            for finding in findings where !finding.isShown(by: tariff) {
                Issue.record("seed \(seed), round \(round): \(finding) is not shown")
            }
            overlaps += found.pairs.isEmpty ? 0 : 1
            gaps += found.gaps.isEmpty ? 0 : 1
            sound += findings.isEmpty ? 1 : 0
        }

        #expect(min(overlaps, gaps, sound) > 50, "the tariffs are too much alike")
    }

    @Test(arguments: [7, UInt64.random(in: 0 ... .max)])
    func `without an end every pattern of windows and weekdays until 2199 has a sample`(
        _ seed: UInt64
    ) {
        var random = CoverageDice(seed)

        for round in 0..<4 {
            let conditions = Set((0...random.below(2)).map { _ in random.dayCondition() })
            let validity = Built.range("2024-02-27", nil)
            let samples = DaySamples(conditions, in: validity)
            let sampled = Set(samples.days.map { day in conditions.map { $0.holds(on: day) } })
            var all: Set<[Bool]> = []
            var day: BusinessDay? = validity.from
            while let current = day {
                all.insert(conditions.map { $0.holds(on: current) })
                day = current.adding(days: 1)
            }

            #expect(sampled == all, "seed \(seed), round \(round): \(conditions)")
            #expect(samples.days.count == all.count)
        }
    }

    @Test func `a leap day on a Sunday is found though it comes after forty years`() {
        let leapDay = Condition.built(
            windows: [.yearly(from: Built.monthDay(2, 29), to: Built.monthDay(2, 29))],
            weekdays: [.sunday])
        let tariff = Tariff.built(
            [.built("1", .flat(Cents(100))), .built("2", .flat(Cents(200)), leapDay)],
            validity: Built.range("2089-01-01", nil))

        guard case .overlap(_, let example)? = tariff.coverageFindings().first else {
            Issue.record("no overlap")
            return
        }
        #expect(example.circumstances.day == Built.day("2128-02-29"))
    }

    @Test func `thirty features that do not touch each other are decided at once`() {
        let features = (0..<30).map { "f\($0)" }
        let exceptions = features.enumerated().map { place, feature in
            Position.built(
                "\(place + 1)", .flat(Cents(100)),
                .built(with: [feature], without: Array(features[..<place])), exceptionTo: ["0"])
        }
        let tariff = Tariff.built([.built("0", .flat(Cents(1)))] + exceptions)

        #expect(tariff.coverageFindings().isEmpty)
    }

    @Test func `more features than can be told apart are refused, not guessed`() {
        let features = (0..<65).map { "f\($0)" }
        let tariff = Tariff.built([.built("1", .flat(Cents(1)), .built(without: features))])

        #expect(tariff.coverageFindings() == [.undecided(Built.id("laub"))])
    }

    @Test func `a light load that goes by volume needs a position for it`() {
        let scale = PricingMethod.scaleSwitch(
            ScaleSwitch(
                threshold: Quantity(200_000, in: .kilogram), below: .byVolume,
                rate: UnitRate(
                    price: UnitPrice(Cents(10_000)), per: Quantity(1_000_000, in: .tonne),
                    step: .proRata)))
        let volume = PricingMethod.unit(
            UnitRate(
                price: UnitPrice(Cents(5_000)), per: Quantity(1_000_000, in: .cubicMetre),
                step: .proRata))

        #expect(Tariff.built([.built("1", scale), .built("2", volume)]).coverageFindings().isEmpty)
        let half = Tariff.built([
            .built("1", scale), .built("2", volume, .built(groups: [.household])),
        ])
        guard case .volumeMissing(position: 0, let example)? = half.coverageFindings().first else {
            Issue.record("nothing found")
            return
        }
        #expect(example.circumstances.group == .commercial)
    }

    @Test func `a position that no delivery reaches is named`() {
        let never = Condition.built(windows: [.until(Built.day("2023-12-31"))])
        let contradiction = Condition.built(with: ["nass"], without: ["nass"])
        let tariff = Tariff.built([
            .built("1", .flat(Cents(1))), .built("2", .flat(Cents(2)), never),
            .built("3", .flat(Cents(3)), contradiction),
        ])

        #expect(
            tariff.coverageFindings() == [.unreachable(position: 1), .unreachable(position: 2)])
    }

    @Test func `each finding that keeps a tariff from loading is reported with its place`() {
        let named = (0..<65).map { "f\($0)" }
        let tariff = Tariff.built([
            .built("1", .flat(Cents(1)), .built(groups: [.household]), line: 3),
            .built("2", .flat(Cents(2)), .built(with: ["nass"]), line: 7),
            .built("3", of: ["schutt"], .flat(Cents(3)), .built(without: named), line: 9),
        ])
        var reader = SourceReader()
        reader.checkCoverage(
            of: tariff,
            fractions: [
                SourceNode(.scalar(""), at: Built.place(20)),
                SourceNode(.scalar(""), at: Built.place(21)),
            ])

        #expect(reader.problems.map(\.code) == ["T-E06", "T-E07", "T-E40"])
        #expect(reader.problems.map(\.position?.line) == [7, 20, 21])
        #expect(
            reader.problems.map(\.message).contains {
                $0.contains("„am 01.01.2024 (Montag), privat, mit „nass“: 1 m³ Laub“")
            })
    }

    @Test func `a counterexample reads as a delivery`() {
        let catalogue = Tariff.built(
            [.built("1", .flat(Cents(1)))], features: [Built.feature("nass", "nasse Ladung")]
        ).catalogue
        let example = Counterexample(
            fraction: Built.id("laub"),
            circumstances: Circumstances(
                group: .household, origin: .nonResident, day: Built.day("2023-10-16"),
                features: [Built.id("nass")]), measure: .volume)

        #expect(
            example.words(catalogue)
                == "am 16.10.2023 (Montag), privat, auswärtig, mit „nasse Ladung“: 1 m³ Laub")
    }
}

extension CoverageFinding {
    /// Whether the counterexample really fails.
    fileprivate func isShown(by tariff: Tariff) -> Bool {
        switch self {
        case .overlap(let places, let example):
            Set(places).isSubset(of: tariff.matches(example, in: example.measure))
        case .gap(let example):
            TriedDeliveries.measures.allSatisfy { tariff.matches(example, in: $0).isEmpty }
        case .volumeMissing, .unreachable, .undecided: true
        }
    }
}

extension Tariff {
    fileprivate func matches(_ example: Counterexample, in measure: Measure) -> [Int] {
        index.matches(example.fraction, of: example.circumstances, in: measure)
    }
}
