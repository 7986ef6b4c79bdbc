import Testing
import Text
import Units

@testable import Tariffs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What examples must show, what shows it, and what is proposed where it is missing.
struct ExampleCoverageTests {
    static let litres = MeasureUnit.litre

    /// A position of leaves, and what its examples must show besides the position itself.
    struct Needed: CustomTestStringConvertible {
        let testDescription: String
        let tariff: Tariff
        let labels: [String]

        init(_ name: String, _ tariff: Tariff, _ labels: [String]) {
            testDescription = name
            self.tariff = tariff
            self.labels = labels.map { $0.replacing("~", with: "\u{A0}") }
        }

        init(
            _ name: String, _ method: PricingMethod, modifiers: [Modifier] = [],
            requires: [String] = [], _ labels: [String]
        ) {
            let position = Position.built(
                "1", method, modifiers: modifiers, requires: requires)
            self.init(
                name,
                .built(
                    [position], features: [Built.feature("dicht")],
                    vehicles: [
                        VehicleClass(id: Built.id("kombi"), name: "Kombi", englishName: "estate")
                    ],
                    containers: [
                        Container(
                            id: Built.id("sack"), name: "Sack", plural: "Säcke",
                            englishName: "sack", englishPlural: "sacks", content: nil)
                    ]), labels)
        }
    }

    static let container = PricingMethod.container(
        ContainerRate(price: UnitPrice(Cents(540)), kind: Built.id("sack"), filling: .halves))
    static let free = Limit(
        measure: .volume, most: 2_000_000, unit: .cubicMetre,
        scope: QuotaScope(period: .day, holder: .household))
    static let visits = Limit(
        measure: .delivery, most: 1, unit: nil,
        scope: QuotaScope(period: .year, holder: .household))
    static let storage = PricingMethod.areaTime(
        AreaTimeRate(
            price: UnitPrice(Cents(1_000)), area: Quantity(50_000, in: .squareMetre),
            time: Quantity(10_080, in: .week)))

    static let needed: [Needed] = [
        Needed("free", .free(nil), []), Needed("flat", .flat(Cents(1)), []),
        Needed("refused", .refused, []), Needed("unpublished", .unpublished, []),
        Needed(
            "pro rata",
            .unit(
                UnitRate(
                    price: UnitPrice(Cents(1)), per: Quantity(1_000, in: .litre), step: .proRata)),
            []),
        Needed(
            "single pieces",
            .unit(
                UnitRate(
                    price: UnitPrice(Cents(1)), per: Quantity(1, in: .piece), step: .started(1))
            ), []),
        Needed(
            "started steps", .unit(LintTests.perLitre(100, 500)),
            ["ganze Schritte von 500~l", "einen angefangenen Schritt von 500~l"]),
        Needed(
            "area and time", storage,
            [
                "ganze Schritte von 5~m²", "mehr als 5~m²", "ganze Schritte von 1~Woche",
                "mehr als 1~Woche",
            ]),
        Needed("containers by halves", container, ["halb voll", "mehr als halb voll"]),
        Needed(
            "a table", .table([LintTests.row(100, 200)]),
            ["genau 50 % beladen", "mehr als 50 % beladen"]),
        Needed(
            "a staircase", LintTests.staircase([(10, 100), (20, 200)]),
            ["genau 10~kg", "knapp über 10~kg", "genau 20~kg", "knapp über 20~kg"]),
        Needed(
            "a staircase that goes on",
            LintTests.staircase(
                [(10, 100)],
                beyond: .further(price: Cents(50), step: Quantity(5_000, in: .kilogram))),
            [
                "genau 10~kg", "knapp über 10~kg", "ganze Schritte von 5~kg",
                "einen angefangenen Schritt von 5~kg",
            ]),
        Needed(
            "tiers without their limit",
            .tiers(
                Tiers(
                    scope: .whole,
                    tiers: [
                        .init(
                            limit: Quantity(10_000, in: .litre), includesLimit: false,
                            price: .amount(Cents(100)))
                    ], beyond: .refused, unit: .litre)),
            ["knapp unter 10~l", "genau 10~l"]),
        Needed(
            "a scale switch", LintTests.flatThenTonne(200, 100, 1),
            ["knapp unter 200~kg", "genau 200~kg"]),
        Needed(
            "a free quantity", .unit(LintTests.perLitre(1, 1)),
            modifiers: [.free(free)],
            [
                "ganze Schritte von 1~l", "einen angefangenen Schritt von 1~l",
                "Freimenge, darunter", "Freimenge, genau", "Freimenge, darüber",
            ]),
        Needed(
            "one free delivery", .flat(Cents(1)), modifiers: [.free(visits)],
            ["Freimenge, genau", "Freimenge, darüber"]),
        Needed(
            "a limit", .flat(Cents(1)), modifiers: [.limit(free)],
            ["Höchstmenge, genau", "Höchstmenge, darüber"]),
        Needed(
            "an exemption", .flat(Cents(1)),
            modifiers: [
                .exempt(
                    Exemption(
                        limit: Limit(
                            measure: .weight, most: 5_000, unit: .kilogram, scope: .visit),
                        includesThreshold: true))
            ], ["genau 5~kg", "knapp über 5~kg"]),
        Needed(
            "a requirement", .flat(Cents(1)), requires: ["dicht"],
            ["„abgelehnt: Nachweis fehlt“"]),
        Needed(
            "acceptance rules",
            .built(
                [.built("1", .flat(Cents(1)))], features: [Built.feature("dicht")],
                rules: .built(acceptance: [
                    .built("A1", .refused, .built(groups: [.commercial])),
                    .built("A2", .atMost(free)), .built("A3", .requires([Built.id("dicht")])),
                ])),
            [
                "die Ablehnung", "Höchstmenge, genau", "Höchstmenge, darüber",
                "„abgelehnt: Nachweis fehlt“",
            ]),
        Needed(
            "a window", windowed([.range(Built.range("2024-03-01", "2024-11-30"))]),
            ["den 29.02.2024", "den 01.03.2024", "den 30.11.2024", "den 01.12.2024"]),
        Needed(
            "a window as long as the validity",
            .built([
                .built(
                    "1", .flat(Cents(1)),
                    .built(windows: [.range(Built.range("2024-01-01", "2025-12-31"))]))
            ]), []),
        Needed(
            "a window of every year that ends on the leap day",
            windowed([.yearly(from: Built.monthDay(11, 1), to: Built.monthDay(2, 29))]),
            ["den 31.10.", "den 01.11.", "den 29.02.", "den 01.03."]),
        Needed(
            "weekdays",
            .built([
                .built(
                    "1", .flat(Cents(1)), .built(weekdays: [.saturday, .sunday]),
                    exceptionTo: ["2"]), .built("2", .flat(Cents(2))),
            ]),
            ["Samstag oder Sonntag", "Montag, Dienstag, Mittwoch, Donnerstag oder Freitag"]),
    ]

    static func windowed(_ windows: [DateWindow]) -> Tariff {
        .built([
            .built("1", .flat(Cents(1)), .built(windows: windows), exceptionTo: ["2"]),
            .built("2", .flat(Cents(2))),
        ])
    }

    @Test(arguments: needed)
    func `each border needs examples on both sides`(_ one: Needed) {
        let demands = one.tariff.exampleDemands().filter { $0.evidence != .any }

        #expect(demands.map(\.label) == one.labels)
    }

    @Test(arguments: needed)
    func `without examples all is missing, and each has its warning`(_ one: Needed) {
        let coverage = one.tariff.exampleCoverage()

        #expect(coverage.given == 0)
        #expect(coverage.needed == one.labels.count + one.tariff.positions.count)
        #expect(coverage.summary == "Abdeckung 0 von \(coverage.needed)")
        #expect(coverage.problems.count == one.labels.count)
        #expect(Set(coverage.problems.map(\.code)).isSubset(of: ["T-W13"]))
        for label in one.labels {
            #expect(coverage.problems.contains { $0.message.contains(label) })
        }
    }

    @Test(arguments: needed)
    func `a proposal shows what was missing`(_ one: Needed) throws {
        for demand in one.tariff.exampleDemands() {
            try ProposalCheck(one.tariff).expectMet(demand)
        }
    }

    /// Amounts beside an edge, and whether they show the lower and the upper side.
    @Test(
        arguments: [
            (9_999, false, false), (10_000, true, false), (10_001, false, true),
            (15_000, false, true),
            (20_000, false, true), (20_001, false, false),
        ] as [(Int64, Bool, Bool)])
    func `at the edge is exact, above it reaches to the next edge`(
        _ grams: Int64, _ isAt: Bool, _ isAbove: Bool
    ) {
        let tariff = Tariff.built(
            [.built("1", LintTests.staircase([(10, 100), (20, 200)]))],
            examples: [.built(.weight(Grams(grams)))])
        let missing = tariff.exampleCoverage().problems.map(\.message)

        #expect(missing.contains { $0.contains("genau 10\u{A0}kg") } == !isAt)
        #expect(missing.contains { $0.contains("knapp über 10\u{A0}kg") } == !isAbove)
    }

    /// What was brought before, on which day, and now, in litres; which of the three it shows.
    @Test(
        arguments: [
            (nil, "2024-03-01", 1_999, 0), (nil, "2024-03-01", 2_000, 1),
            (nil, "2024-03-01", 2_001, 2), (1_500, "2024-03-01", 499, 0),
            (1_500, "2024-03-01", 500, 1), (1_500, "2024-03-01", 501, 2),
            (1_500, "2024-02-29", 501, 0),
        ] as [(Int64?, String, Int64, Int)])
    func `a free quantity counts what was brought before in the period`(
        _ before: Int64?, _ day: String, _ now: Int64, _ shown: Int
    ) {
        let earlier = before.map {
            Delivery.built(.volume(Millilitres($0 * 1_000)), on: Built.day(day))
        }
        let tariff = Tariff.built(
            [.built("1", .flat(Cents(1)), modifiers: [.free(Self.free)])],
            examples: [
                .built(
                    .volume(Millilitres(now * 1_000)),
                    earlier: earlier.map { [$0] } ?? [])
            ])
        let missing = tariff.exampleCoverage().problems.map(\.message)

        let names = ["darunter", "genau", "darüber"]
        #expect(
            names.map { name in !missing.contains { $0.contains("Freimenge, \(name)") } }
                == names.indices.map { $0 == shown })
    }

    @Test func `an example that an acceptance rule refuses shows no position`() {
        let tariff = Tariff.built(
            [.built("1", .flat(Cents(1)))],
            rules: .built(acceptance: [.built("A1", .refused, .built(groups: [.household]))]),
            examples: [.built(.volume(Millilitres(1)), expected: .refused(.notAccepted))])
        let coverage = tariff.exampleCoverage()

        #expect((coverage.given, coverage.needed) == (1, 2))
        #expect(coverage.problems.isEmpty)
    }

    @Test(arguments: try TariffFiles.everyName())
    func `every proposal for a real sheet shows what it is for`(_ name: String) throws {
        let tariff = try TariffFiles.tariff(name)

        for demand in tariff.exampleDemands() {
            try ProposalCheck(tariff).expectMet(demand)
        }
    }
}

extension TariffFiles {
    /// The names of all tariff files of the repository.
    static func everyName() throws -> [String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "tariffs")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()
    }
}

/// Makes an example of a proposal and asks whether it meets the demand.
private struct ProposalCheck {
    let tariff: Tariff

    init(_ tariff: Tariff) { self.tariff = tariff }

    func expectMet(_ demand: ExampleDemand) throws {
        let proposal = try #require(
            ExampleProposals(tariff).proposal(for: demand), "\(tariff.reference.id): \(demand)")
        let delivery = try DeliveryPhrase.parse(
            proposal.phrase, day: proposal.day, tariff: tariff)
        let earlier = Array(repeating: delivery, count: Int(proposal.earlierDeliveries))
        var example = WorkedExample.built(delivery, earlier: earlier)
        switch tariff.outcome(of: example) {
        case .priced(let quote): example = .built(delivery, .total(quote.total, lines: []), earlier)
        case .refused(let refusals):
            let codes = refusals.compactMap { RefusalCode(rawValue: $0.code) }
            let code = try #require(codes.first)
            example = .built(delivery, .refused(code), earlier)
        }
        let isMet = tariff.with(example).meets(demand)
        #expect(
            isMet,
            "\(tariff.reference.id): \(demand.label), \(proposal.words), \(example.expected)")
    }
}

extension Tariff {
    fileprivate func with(_ example: WorkedExample) -> Tariff {
        Tariff(
            reference: reference, kind: kind, validity: validity, heading: heading,
            currency: currency, priceBasis: priceBasis, rounding: rounding,
            assumptions: assumptions, scales: scales, allowsManualWeights: allowsManualWeights,
            positions: positions, rules: rules, examples: [example], catalogue: catalogue,
            index: index)
    }

    /// Whether an example shows what is demanded.
    fileprivate func meets(_ demand: ExampleDemand) -> Bool { missing(of: [demand]).isEmpty }
}

extension Delivery {
    fileprivate static func built(_ amount: Amount, on day: BusinessDay) -> Delivery {
        Delivery(
            day: day, group: .household, holders: [.household: Built.id("a")],
            items: [DeliveryItem(fraction: Built.id("laub"), amount: amount, source: .estimated)])
    }
}

extension WorkedExample {
    static func built(
        _ amount: Amount, earlier: [Delivery] = [],
        expected: Expectation = .total(Cents(1), lines: [])
    ) -> WorkedExample {
        .built(.built(amount, on: Built.day("2024-03-01")), expected, earlier)
    }

    static func built(
        _ delivery: Delivery, _ expected: Expectation = .total(Cents(1), lines: []),
        _ earlier: [Delivery] = []
    ) -> WorkedExample {
        WorkedExample(
            number: "E1", delivery: delivery, earlier: earlier, phrases: [], expected: expected,
            checkedBy: nil, place: Built.place(99))
    }

    fileprivate static func built(_ delivery: Delivery, earlier: [Delivery]) -> WorkedExample {
        .built(delivery, .total(Cents(1), lines: []), earlier)
    }
}
