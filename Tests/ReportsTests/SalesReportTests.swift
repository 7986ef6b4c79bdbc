import Foundation
import Sales
import Tariffs
import Testing
import Text
import Units

@testable import Reports

/// Invented sales of one yard.
enum ReportSamples {
    static func named<Kind>(_ text: String) -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(text) else { fatalError("no identifier: \(text)") }
        return identifier
    }

    static func day(_ text: String) -> BusinessDay {
        guard let day = BusinessDay(iso: text) else { fatalError("no day: \(text)") }
        return day
    }

    static let slip: CardSlip = {
        let slip = CardSlip(
            cardTerminal: "60012345", scheme: .girocard, receiptNumber: "0815",
            traceNumber: "004711", authorisation: "A1B2C3", lastFour: "1234")
        guard let slip else { fatalError("no slip") }
        return slip
    }()

    static func sale(
        _ day: String, _ lines: [(fraction: String, amount: Amount, cents: Int64)],
        _ settlement: Settlement? = nil
    ) throws -> Sale {
        let items = lines.map {
            DeliveryItem(fraction: named($0.fraction), amount: $0.amount, source: .counted)
        }
        let priced = lines.enumerated().map { place, line in
            SaleLine(
                position: "\(place + 1)", paragraph: "§ 1", fraction: named(line.fraction),
                name: line.fraction.capitalized, billed: 1, legalForm: .fee, vat: .outsideScope,
                gross: Cents(line.cents), explanation: Explanation(german: "", english: ""))
        }
        return try Sale(
            delivery: Delivery(day: Self.day(day), group: .household, items: items),
            tariff: TariffReference(id: "t", title: "T", digest: "d"), lines: priced, quota: [],
            settlement: settlement ?? .card(slip), attempts: [])
    }

    static func record(
        _ change: ReportedRecord.Change, _ day: String, hour: Int64 = 10, yard: String = "nord"
    ) -> ReportedRecord {
        ReportedRecord(
            yard: named(yard), yardName: yard.capitalized, day: Self.day(day), hour: hour,
            change: change)
    }

    static func lines(of sale: Sale, _ cents: [Int: Int64]) -> [Reversal.Line] {
        cents.sorted { $0.key < $1.key }.map { place, gross in
            Reversal.Line(
                index: place, position: sale.lines[place].position, legalForm: .fee,
                vat: .outsideScope, gross: Cents(gross))
        }
    }
}

struct SalesReportTests {
    private typealias Samples = ReportSamples
    private let period = ReportPeriod(
        from: ReportSamples.day("2026-11-01"), to: ReportSamples.day("2026-11-30"))

    private func twoMaterials() throws -> Sale {
        try Samples.sale(
            "2026-11-20",
            [("bauschutt", .weight(Grams(620_000)), 9_672), ("reifen", .pieces(4), 2_000)])
    }

    @Test func `materials add up lines, amounts and turnover, the largest first`() throws {
        var report = SalesReport(by: .fraction)
        report.add(Samples.record(.sold(try twoMaterials()), "2026-11-20"))
        report.add(Samples.record(.sold(try twoMaterials()), "2026-11-20"))

        #expect(report.rows.map(\.code) == ["bauschutt", "reifen"])
        #expect(report.rows[0].figures.weight == Grams(1_240_000))
        #expect(report.rows[1].figures.pieces == 8)
        #expect(report.rows.map(\.figures.count) == [2, 2])
        #expect(report.total.turnover == Cents(23_344))
    }

    @Test(arguments: ReportGrouping.allCases)
    func `every grouping gives the same turnover and a count of its own kind`(
        grouping: ReportGrouping
    ) throws {
        var report = SalesReport(by: grouping)
        report.add(Samples.record(.sold(try twoMaterials()), "2026-11-20"))

        #expect(report.total.turnover == Cents(11_672))
        #expect(report.total.count == (grouping.isByLine ? 2 : 1))
    }

    @Test func `a void takes amounts back, a refund money only`() throws {
        let sale = try twoMaterials()
        let lines = Samples.lines(of: sale, [0: 9_672, 1: 2_000])
        for (withAmounts, weight, count) in [(true, Int64(0), Int64(0)), (false, 620_000, 1)] {
            var report = SalesReport(by: .month)
            report.add(Samples.record(.sold(sale), "2026-11-20"))
            report.add(
                Samples.record(
                    .takenBack(lines, of: sale, withAmounts: withAmounts), "2026-11-21"))

            #expect(report.total.turnover == .zero)
            #expect(report.total.weight == Grams(weight))
            #expect(report.total.count == count)
        }
    }

    @Test func `hours, weekdays and months follow the calendar`() throws {
        var hours = SalesReport(by: .hour)
        var weekdays = SalesReport(by: .weekday)
        for (day, hour) in [("2026-11-21", Int64(15)), ("2026-11-20", 9), ("2026-11-23", 8)] {
            let sale = try Samples.sale(day, [("holz", .pieces(1), 100)])
            hours.add(Samples.record(.sold(sale), day, hour: hour))
            weekdays.add(Samples.record(.sold(sale), day, hour: hour))
        }

        #expect(hours.rows.map(\.code) == ["08", "09", "15"])
        #expect(weekdays.rows.map(\.label) == ["Montag", "Freitag", "Samstag"])
    }

    @Test func `a year beside the one before meets by month, leftovers last`() throws {
        var now = SalesReport(by: .month)
        var before = SalesReport(by: .month)
        let sale = try Samples.sale("2026-11-20", [("holz", .pieces(1), 300)])
        let old = try Samples.sale("2025-11-20", [("holz", .pieces(1), 200)])
        now.add(Samples.record(.sold(sale), "2026-11-20"))
        before.add(Samples.record(.sold(old), "2025-11-20"))
        before.add(Samples.record(.sold(old), "2025-10-20"))

        let rows = YearComparison(now, before: before).rows

        #expect(rows.map(\.label) == ["November 2026", "Oktober 2025"])
        #expect(rows[0].change == Cents(100))
        #expect(rows[1].now == ReportFigures())
    }

    @Test func `over more than a year each month stands beside that of the year before`() throws {
        var now = SalesReport(by: .month)
        var before = SalesReport(by: .month)
        func add(_ day: String, _ cents: Int64, to report: inout SalesReport) throws {
            let sale = try Samples.sale(day, [("holz", .pieces(1), cents)])
            report.add(Samples.record(.sold(sale), day))
        }
        try add("2025-10-20", 200, to: &now)
        try add("2026-10-20", 300, to: &now)
        try add("2024-10-20", 50, to: &before)
        try add("2025-10-20", 200, to: &before)

        let rows = YearComparison(now, before: before).rows

        #expect(rows.map(\.label) == ["Oktober 2025", "Oktober 2026"])
        #expect(rows.map(\.before.turnover) == [Cents(50), Cents(200)])
        #expect(rows.map(\.change) == [Cents(150), Cents(100)])
    }

    @Test func `a leap day of the year before stands alone`() throws {
        var now = SalesReport(by: .day)
        var before = SalesReport(by: .day)
        let sale = try Samples.sale("2028-02-29", [("holz", .pieces(1), 300)])
        now.add(Samples.record(.sold(sale), "2029-03-01"))
        before.add(Samples.record(.sold(sale), "2028-02-29"))

        let rows = YearComparison(now, before: before).rows

        #expect(rows.map(\.code) == ["2029-03-01", "2028-02-29"])
        #expect(rows.map(\.change) == [Cents(300), Cents(-300)])
    }

    @Test func `a leap day is compared with the twenty-eighth`() {
        #expect(Samples.day("2028-02-29").yearBefore == Samples.day("2027-02-28"))
        #expect(ReportPeriod(from: Samples.day("2026-02-02"), to: Samples.day("2026-02-01")) == nil)
    }

    @Test func `A19: a spreadsheet gets numbers as numbers and no formula`() throws {
        let period = try #require(period)
        let evil = try Samples.sale("2026-11-20", [("holz", .pieces(1), 123_456)])
        var report = SalesReport(by: .fraction)
        report.add(Samples.record(.sold(evil), "2026-11-20"))
        let harmless = String(decoding: report.table(period).csv.dropFirst(3), as: UTF8.self)
        let table = ReportTable(
            title: "", headings: ["a"], rows: [[.text("=1+1")], [.text("\u{FF1D}1")]], total: nil)

        #expect(report.table(period).csv.prefix(3) == [0xEF, 0xBB, 0xBF])
        #expect(harmless.contains("\"Holz\";1;1234,56;0;0;1\r\n"), "\(harmless)")
        let text = String(decoding: table.csv.dropFirst(3), as: UTF8.self)
        #expect(text == "\"a\"\r\n\"'=1+1\"\r\n\"'\u{FF1D}1\"\r\n")
    }

    @Test func `data and text say the same figures`() throws {
        let period = try #require(period)
        var report = SalesReport(by: .method)
        report.add(Samples.record(.sold(try twoMaterials()), "2026-11-20"))

        let json = report.json(period)
        #expect(json["rows"]?.array?.first?["figures"]?["turnover"]?.integer == 11_672)
        #expect(report.table(period).text.contains("Debitkarte"))
        #expect(report.table(period).text.contains("116,72"))
    }
}
