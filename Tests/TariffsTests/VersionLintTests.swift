import Testing
import Text
import Units

@testable import Tariffs

/// What is found when a tariff follows another.
struct VersionLintTests {
    static func old(
        _ positions: [Position] = [.built("1", .flat(Cents(1_000)))],
        until end: String? = "2023-12-31"
    ) -> Tariff {
        .built(positions, id: "alt", validity: Built.range("2022-01-01", end))
    }

    static func new(
        _ positions: [Position] = [.built("1", .flat(Cents(1_000)))],
        from start: String = "2024-01-01",
        replaces: String? = nil
    ) -> Tariff {
        .built(positions, id: "neu", validity: Built.range(start, nil), replaces: replaces)
    }

    @Test(
        arguments: [
            ("2023-12-31", "2024-01-01", nil, nil),
            ("2023-12-31", "2024-01-02", nil, "gilt keiner"),
            ("2024-01-01", "2024-01-01", nil, "gälten beide"),
            (nil, "2024-01-01", nil, "ersetzt: alt"),
            (nil, "2024-01-01", "anders", "ersetzt: alt"),
            (nil, "2024-01-01", "alt", nil),
            ("2024-01-01", "2024-01-01", "alt", "gälten beide"),
            (nil, "2022-01-01", "alt", "muss nach dem beginnen"),
            ("2023-12-31", "2021-12-31", nil, "muss nach dem beginnen"),
        ] as [(String?, String, String?, String?)])
    func `each day belongs to one version`(
        _ end: String?, _ start: String, _ replaces: String?, _ words: String?
    ) {
        let problems = Self.new(from: start, replaces: replaces).lint(against: Self.old(until: end))

        #expect(problems.map(\.code) == (words == nil ? [] : ["T-E42"]))
        #expect(problems.allSatisfy { $0.severity == .error })
        if let words { #expect(problems.first?.message.contains(words) == true, "\(problems)") }
    }

    @Test(
        arguments: [
            (1_000, 1_250, 25, false), (1_000, 1_251, 25, true), (1_000, 750, 25, false),
            (1_000, 749, 25, true), (0, 1, 25, true), (1_000, 0, 25, true), (0, 0, 25, false),
            (1_000, 1_001, 0, true), (1_000, 1_000, 0, false),
        ] as [(Int64, Int64, Int64, Bool)])
    func `a price that moves too far is named`(
        _ before: Int64, _ after: Int64, _ percent: Int64, _ isFar: Bool
    ) {
        func method(_ cents: Int64) -> PricingMethod {
            cents == 0 ? .free(nil) : .flat(Cents(cents))
        }
        let problems = Self.new([.built("1", method(after))])
            .lint(against: Self.old([.built("1", method(before))]), changePercentMax: percent)

        #expect(problems.map(\.code) == (isFar ? ["T-W08"] : []))
    }

    static let methods: [(String, PricingMethod, PricingMethod, String)] = [
        (
            "per litre instead of per 100 l", .unit(LintTests.perLitre(800, 100)),
            .unit(LintTests.perLitre(800)), "8,00\u{A0}€ je 100\u{A0}l → 8,00\u{A0}€ je l"
        ),
        (
            "a step of a staircase", LintTests.staircase([(10, 100), (20, 200)]),
            LintTests.staircase([(10, 100), (20, 300)]), "2,00\u{A0}€ → 3,00\u{A0}€."
        ),
        (
            "the rate behind a scale switch", LintTests.flatThenTonne(200, 100, 571_900),
            LintTests.flatThenTonne(200, 100, 771_900), "57,19\u{A0}€ je t → 77,19\u{A0}€ je t"
        ),
        (
            "the flat before a scale switch", LintTests.flatThenTonne(200, 100, 571_900),
            LintTests.flatThenTonne(200, 200, 571_900), "1,00\u{A0}€ → 2,00\u{A0}€"
        ),
        (
            "a vehicle row", .table([LintTests.row(100, 200)]), .table([LintTests.row(200, 400)]),
            "1,00\u{A0}€ → 2,00\u{A0}€ und 1 weitere"
        ),
        (
            "a factor",
            .derived(Derived(base: "2", change: .factor(20_000), method: .flat(Cents(100)))),
            .derived(Derived(base: "2", change: .factor(30_000), method: .flat(Cents(100)))),
            "das 2-fache von 1,00\u{A0}€ → das 3-fache von 1,00\u{A0}€"
        ),
    ]

    @Test(arguments: methods.indices)
    func `prices are compared where they mean the same`(_ place: Int) {
        let (name, before, after, words) = Self.methods[place]
        let problems = Self.new([.built("1", after)]).lint(
            against: Self.old([.built("1", before)]))

        #expect(problems.map(\.code) == ["T-W08"], "\(name)")
        #expect(problems.first?.message.contains(words) == true, "\(name): \(problems)")
        #expect(
            Self.new([.built("1", before)]).lint(against: Self.old([.built("1", before)])).isEmpty)
    }

    @Test func `a position with another fraction under its number is not compared`() {
        let problems = Self.new([.built("1", of: ["schutt"], .flat(Cents(9)))])
            .lint(against: Self.old())

        #expect(problems.isEmpty)
    }

    private static func quota(
        _ most: Int64, _ unit: MeasureUnit, _ period: QuotaPeriod, _ holder: Holder? = .household
    ) -> Limit {
        Limit(
            measure: unit.measure, most: most, unit: unit,
            scope: QuotaScope(period: period, holder: holder))
    }

    static let quotas: [(Limit, Limit, [String], Bool)] = [
        (quota(5, .piece, .year), quota(5, .piece, .year), ["laub"], false),
        (quota(5, .piece, .year), quota(9, .piece, .year), ["laub", "schutt"], false),
        (quota(5, .piece, .year), quota(5, .litre, .year), ["laub"], true),
        (quota(5, .piece, .year), quota(5, .piece, .halfYear), ["laub"], true),
        (quota(5, .piece, .year), quota(5, .piece, .year, .person), ["laub"], true),
        (quota(5, .piece, .year), quota(5, .piece, .year), ["schutt"], true),
        (quota(5, .piece, .visit, nil), quota(5, .litre, .year), ["laub"], false),
        (quota(5, .piece, .day), quota(5, .litre, .day), ["laub"], false),
    ]

    /// What grants a quota.
    enum Grant: CaseIterable {
        case free, limit, rule

        func tariff(
            _ limit: Limit, of fractions: [String], _ id: String, _ validity: DateRange
        ) -> Tariff {
            let modifiers: [Modifier] =
                switch self {
                case .free: [.free(limit)]
                case .limit: [.limit(limit)]
                case .rule: []
                }
            let rules: DeliveryRules =
                switch self {
                case .free, .limit: .none
                case .rule:
                    .built(acceptance: [.built("A1", .atMost(limit), of: fractions, line: 7)])
                }
            return .built(
                [.built("1", of: fractions, .free(nil), modifiers: modifiers, line: 7)], id: id,
                rules: rules, validity: validity)
        }
    }

    @Test(arguments: Grant.allCases, quotas.indices)
    func `a quota that counts something else under its number is named`(
        _ grant: Grant, _ place: Int
    ) {
        let (before, after, fractions, isNamed) = Self.quotas[place]
        let old = grant.tariff(
            before, of: ["laub"], "alt", Built.range("2022-01-01", "2024-02-29"))
        let new = grant.tariff(after, of: fractions, "neu", Built.range("2024-03-01", nil))

        let problems = new.lint(against: old)

        #expect(problems.map(\.code) == (isNamed ? ["T-W14"] : []))
        #expect(problems.allSatisfy { $0.position == Built.place(7) && $0.severity == .warning })
        #expect(problems.allSatisfy { $0.message.contains("zählt etwas anderes als in „alt“: 5") })
    }

    @Test(arguments: Grant.allCases)
    func `a quota whose period begins with the version may count something else`(_ grant: Grant) {
        let old = grant.tariff(
            Self.quota(5, .piece, .year), of: ["laub"], "alt",
            Built.range("2022-01-01", "2023-12-31"))
        let new = grant.tariff(
            Self.quota(5, .litre, .halfYear), of: ["laub"], "neu",
            Built.range("2024-01-01", nil))

        #expect(new.lint(against: old).isEmpty)
    }

    @Test func `words and numbers change together`() {
        func tariffs(
            _ words: (String, String), _ cents: (Int64, Int64), _ condition: Condition = .always
        ) -> [String] {
            let before = Position.built("1", .flat(Cents(cents.0)), wording: words.0)
            let after = Position.built("1", .flat(Cents(cents.1)), condition, wording: words.1)
            return Self.new([after]).lint(against: Self.old([before])).map(\.code)
        }

        #expect(tariffs(("je Fuhre 10 Euro", "je  Fuhre\n10 Euro"), (1_000, 1_000)) == [])
        #expect(tariffs(("je Fuhre 10 Euro", "je Fuhre 11 Euro"), (1_000, 1_100)) == [])
        #expect(tariffs(("je Fuhre 10 Euro", "je Fuhre 11 Euro"), (1_000, 1_000)) == ["T-W09"])
        #expect(tariffs(("je Fuhre 10 Euro", "je Fuhre 10 Euro"), (1_000, 1_100)) == ["T-W10"])
        #expect(
            tariffs(
                ("je Fuhre", "je Fuhre aus dem Ort"), (1_000, 1_000),
                .built(origins: [.resident])) == [])
    }
}
