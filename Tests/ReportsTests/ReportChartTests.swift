import DayClosing
import Sales
import Tariffs
import Testing
import Units

@testable import Reports

/// Differences of card terminals over time, and what charts draw.
struct ReportChartTests {
    private typealias Samples = ReportSamples

    private static func close(_ number: Int64, _ day: String, _ comparisons: [CardComparison])
        throws -> DayClose
    {
        let time = try #require(Timestamp(milliseconds: 1_795_000_000_000))
        return DayClose(
            number: number, yard: Samples.named("nord"), day: Samples.day(day), from: 0, to: 0,
            totals: CloseTotals(), comparisons: comparisons, grandTotalBefore: .zero,
            countedBy: Samples.named("kasse"), countedAt: time,
            approvedBy: Samples.named("freigabe"), approvedAt: time, accountPlan: "musterstadt",
            accountPlanDigest: String(repeating: "a", count: 64))
    }

    private static func comparison(
        _ cardTerminal: String, _ scheme: CardScheme, expected: Int64, counted: Int64?,
        _ reason: DifferenceReason? = nil, brought: Int64? = nil
    ) -> CardComparison {
        CardComparison(
            key: CardKey(cardTerminal: cardTerminal, scheme: scheme),
            expected: Tally(count: 1, amount: Cents(expected)),
            counted: counted.map { Tally(count: 1, amount: Cents($0)) },
            brought: brought.map {
                CarriedDifference(Tally(count: 0, amount: Cents($0)), since: 1)
            }, reason: reason)
    }

    /// Two differences of one month that cancel out, a month without any, and one that stays.
    private static func differences() throws -> DifferenceReport {
        var report = DifferenceReport(try period())
        let closes = [
            try close(
                1, "2026-11-20",
                [
                    comparison("60012345", .girocard, expected: 28_431, counted: 28_431),
                    comparison(
                        "60012345", .visa, expected: 2_145, counted: 4_395, .missingInLedger),
                ]),
            try close(
                2, "2026-11-21",
                [comparison("60012345", .visa, expected: 9_000, counted: 6_750, .amountDiffers)]),
            try close(
                3, "2026-12-01",
                [
                    comparison("60012345", .visa, expected: 900, counted: 900),
                    comparison(
                        "60012346", .girocard, expected: 123_456, counted: 789, .cutMissing),
                ]),
        ]
        for close in closes.reversed() { report.add(close) }
        return report
    }

    private static func period() throws -> ReportPeriod {
        try #require(
            ReportPeriod(from: Samples.day("2026-11-01"), to: Samples.day("2026-12-31")))
    }

    @Test func `what cancels out in a month still shows, and a month without any stands there`()
        throws
    {
        let rows = try Self.differences().rows

        #expect(rows.map(\.cardTerminal) == ["60012345", "60012345", "60012346"])
        #expect(rows.map(\.month) == ["2026-11", "2026-12", "2026-12"])
        #expect(rows.map(\.closes) == [2, 1, 1])
        #expect(rows.map(\.differing) == [2, 0, 1])
        #expect(rows.map(\.sum) == [.zero, .zero, Cents(-122_667)])
        #expect(rows.map(\.moved) == [Cents(4_500), .zero, Cents(122_667)])
        #expect(rows[0].reasons == [.missingInLedger: 1, .amountDiffers: 1])
    }

    /// One card terminal and scheme, a close a day from 28 November on: expected, counted (nil
    /// without a batch cut), brought.
    private static func rows(
        _ days: [(expected: Int64, counted: Int64?, brought: Int64?)], from: String = "2026-11-01"
    ) throws -> [DifferenceReport.Row] {
        var report = DifferenceReport(
            try #require(ReportPeriod(from: Samples.day(from), to: Samples.day("2026-12-31"))))
        for (place, day) in days.enumerated() {
            let date = try #require(Samples.day("2026-11-28").adding(days: place))
            report.add(
                try close(
                    Int64(place) + 1, date.iso,
                    [
                        comparison(
                            "60012345", .girocard, expected: day.expected, counted: day.counted,
                            day.counted == day.expected ? nil : .straddling, brought: day.brought)
                    ]))
        }
        return report.rows
    }

    @Test func `what the next close makes up for leaves no sum, and counts once`() throws {
        let rows = try Self.rows([(300, 100, nil), (100, 300, -200)])

        #expect(rows.map(\.sum) == [.zero] && rows.map(\.moved) == [Cents(200)])
        #expect(rows.map(\.closes) == [2] && rows.map(\.differing) == [1])
        // In the month after, what is made up for is gone from the sum of both.
        let later = try Self.rows([(5, 5, nil), (5, 5, nil), (300, 100, nil), (100, 300, -200)])
        #expect(later.map(\.month) == ["2026-11", "2026-12"])
        #expect(later.map(\.sum) == [Cents(-200), Cents(200)])
        #expect(later.map(\.moved) == [Cents(200), .zero])
        #expect(later.map(\.differing) == [1, 0])
    }

    @Test(arguments: [(500, 0), (450, -50), (520, 20)] as [(Int64, Int64)])
    func `a cut over two days differs by what it lacks of both`(counted: Int64, sum: Int64) throws {
        for from in ["2026-11-01", "2026-11-29"] {
            let rows = try Self.rows([(300, nil, nil), (200, counted, -300)], from: from)

            #expect(rows.map(\.sum) == [Cents(sum)])
            #expect(rows.map(\.moved) == [Cents(sum < 0 ? -sum : sum)])
            #expect(rows.map(\.differing) == [sum == 0 ? 0 : 1])
        }
    }

    @Test func `a cut that lacks the days before differs by them, whatever was said then`() throws {
        let rows = try Self.rows([(300, nil, nil), (200, 200, nil)])

        #expect(rows.map(\.sum) == [Cents(-300)] && rows.map(\.moved) == [Cents(300)])
        #expect(rows.map(\.closes) == [2] && rows.map(\.differing) == [1])
    }

    @Test func `the file of differences has their signs and reasons`() throws {
        let table = try Self.differences().table(try Self.period())
        let lines = String(decoding: table.csv.dropFirst(3), as: UTF8.self)
            .split(separator: "\r\n").map(String.init)

        #expect(
            lines == [
                "\"Kartengerät\";\"Monat\";\"Abschlüsse\";\"davon mit Abweichung\";\"Summe\";"
                    + "\"Summe ohne Vorzeichen\";\"Gründe\"",
                "\"60012345\";\"November 2026\";2;2;0,00;45,00;\"Zahlung nur am Kartengerät, nicht "
                    + "im Hofbuch (1), Betrag am Kartengerät abweichend eingegeben (1)\"",
                "\"60012345\";\"Dezember 2026\";1;0;0,00;0,00;\"\"",
                "\"60012346\";\"Dezember 2026\";1;1;-1226,67;1226,67;\"Kassenschnitt fehlt, Summe "
                    + "unbekannt (1)\"",
            ])
    }

    @Test func `differences are drawn without their signs, or as closes that had one`() throws {
        let report = try Self.differences()

        let amounts = report.chart(.turnover).rows
        #expect(amounts.map(\.bar.value) == [4_500, 0, 122_667])
        #expect(amounts[2].label == "Gerät 60012346, Dezember 2026")
        #expect(amounts[2].bar.text == "1.226,67\u{A0}€")
        #expect(report.chart(.count).rows.map(\.bar.value) == [2, 0, 1])
    }

    private static func report(
        _ grouping: ReportGrouping, _ day: String, cents: Int64, grams: Int64
    ) throws -> SalesReport {
        let sale = try Samples.sale(
            day, [("holz", .weight(Grams(grams)), cents), ("reifen", .pieces(4), 2_000)])
        var report = SalesReport(by: grouping)
        report.add(Samples.record(.sold(sale), day))
        return report
    }

    @Test(
        arguments: [
            (ReportMeasure.turnover, [2_000, 300], ["20,00\u{A0}€", "3,00\u{A0}€"]),
            (.weight, [620_500, 0], ["620,5\u{A0}kg", "0\u{A0}kg"]),
            (.volume, [0, 0], ["0\u{A0}l", "0\u{A0}l"]),
            (.pieces, [4, 0], ["4", "0"]),
            (.count, [1, 1], ["1", "1"]),
        ] as [(ReportMeasure, [Int64], [String])])
    func `a chart draws the measure asked for, the largest first`(
        measure: ReportMeasure, values: [Int64], texts: [String]
    ) throws {
        let chart = try Self.report(.fraction, "2026-11-20", cents: 300, grams: 620_500)
            .chart(measure)

        #expect(chart.rows.map(\.bar.value) == values)
        #expect(chart.rows.map(\.bar.text) == texts)
        #expect(chart.rows.allSatisfy { $0.before == nil })
        #expect(chart.heading == "\(measure.german) nach Abfallart")
    }

    @Test func `a year is drawn beside the one before`() throws {
        let now = try Self.report(.month, "2026-11-20", cents: 300, grams: 1_000)
        var before = try Self.report(.month, "2025-11-20", cents: 200, grams: 3_000)
        let other = try Samples.sale("2025-10-20", [("holz", .pieces(1), 700)])
        before.add(Samples.record(.sold(other), "2025-10-20"))

        let rows = YearComparison(now, before: before).chart(.turnover).rows
        let weights = YearComparison(now, before: before).chart(.weight).rows

        #expect(rows.map(\.label) == ["November 2026", "Oktober 2025"])
        #expect(rows.map(\.bar.value) == [2_300, 0])
        #expect(rows.map { $0.before?.value } == [2_200, 700])
        #expect(weights.map(\.bar.value) == [1_000, 0])
        #expect(weights.map { $0.before?.value } == [3_000, 0])
    }
}
