import DayClosing
package import Text
import Units

extension ReportGrouping {
    /// The German word, as a heading of rows.
    package var german: String {
        switch self {
        case .fraction: "Abfallart"
        case .position: "Position"
        case .hour: "Uhrzeit"
        case .weekday: "Wochentag"
        case .day: "Tag"
        case .month: "Monat"
        case .method: "Zahlart"
        case .yard: "Hof"
        }
    }
}

extension SalesReport {
    package func table(_ period: ReportPeriod) -> ReportTable {
        ReportTable(
            title: "Umsatz nach \(grouping.german), \(period.german)",
            headings: [grouping.german, countHeading] + ReportFigures.headings,
            rows: rows.map { [.text($0.label)] + $0.figures.cells },
            total: [.text("Summe")] + total.cells)
    }

    /// docs/formats/reports.md.
    package func json(_ period: ReportPeriod) -> JSONValue {
        .fields([
            "report": "sales", "by": .string(grouping.rawValue), "period": period.json,
            "rows": .array(
                rows.map {
                    .fields([
                        "code": .string($0.code), "label": .string($0.label),
                        "figures": $0.figures.json,
                    ])
                }), "total": total.json,
        ])
    }

    private var countHeading: String { grouping.isByLine ? "Zeilen" : "Belege" }
}

extension YearComparison {
    package func table(_ period: ReportPeriod) -> ReportTable {
        ReportTable(
            title: "Umsatz nach \(grouping.german), \(period.german), mit dem Vorjahr",
            headings: [
                grouping.german, "Umsatz", "Umsatz Vorjahr", "Veränderung", "in %",
                "Anzahl", "Anzahl Vorjahr", "Gewicht in kg", "Gewicht Vorjahr in kg",
            ],
            rows: rows.map { Self.cells($0.label, $0.now, $0.before) },
            total: Self.cells("Summe", now, before))
    }

    package func json(_ period: ReportPeriod) -> JSONValue {
        .fields([
            "report": "year-comparison", "by": .string(grouping.rawValue), "period": period.json,
            "rows": .array(
                rows.map {
                    .fields([
                        "code": .string($0.code), "label": .string($0.label),
                        "now": $0.now.json, "before": $0.before.json,
                    ])
                }), "now": now.json, "before": before.json,
        ])
    }

    private static func cells(_ label: String, _ now: ReportFigures, _ before: ReportFigures)
        -> [ReportTable.Cell]
    {
        let change = now.turnover - before.turnover
        return [
            .text(label), .number(GermanFormat.euros(now.turnover)),
            .number(GermanFormat.euros(before.turnover)), .number(GermanFormat.euros(change)),
            .number(percent(change, of: before.turnover)), .number(GermanFormat.grouped(now.count)),
            .number(GermanFormat.grouped(before.count)), .number(now.kilograms),
            .number(before.kilograms),
        ]
    }

    /// With one decimal; empty where there was nothing to compare with.
    private static func percent(_ change: Cents, of before: Cents) -> String {
        guard before > .zero else { return "" }
        let tenths = Ratio(Int128(change.value) * 1_000, over: Int128(before.value))
            .rounded(.halfUp)
        return GermanFormat.decimal(tenths, scale: 10)
    }
}

extension ReportFigures {
    static let headings = ["Umsatz", "Gewicht in kg", "Volumen in l", "Stück"]

    var cells: [ReportTable.Cell] {
        [
            .number(GermanFormat.grouped(count)), .number(GermanFormat.euros(turnover)),
            .number(kilograms), .number(litres), .number(GermanFormat.grouped(pieces)),
        ]
    }

    var kilograms: String { GermanFormat.decimal(weight.value, scale: 1_000) }
    var litres: String { GermanFormat.decimal(volume.value, scale: 1_000) }

    var json: JSONValue {
        .fields([
            "count": .integer(count), "turnover": .integer(turnover.value),
            "weightGrams": .integer(weight.value), "volumeMillilitres": .integer(volume.value),
            "pieces": .integer(pieces),
        ])
    }
}

extension DifferenceReport {
    package func table(_ period: ReportPeriod) -> ReportTable {
        ReportTable(
            title: "Abweichungen der Kartengeräte, \(period.german)",
            headings: [
                "Kartengerät", "Monat", "Abschlüsse", "davon mit Abweichung", "Summe",
                "Summe ohne Vorzeichen", "Gründe",
            ],
            rows: rows.map { row in
                [
                    .text(row.cardTerminal), .text(row.monthName),
                    .number(GermanFormat.grouped(row.closes)),
                    .number(GermanFormat.grouped(row.differing)),
                    .number(GermanFormat.euros(row.sum)), .number(GermanFormat.euros(row.moved)),
                    .text(
                        row.sortedReasons.map { "\($0.reason.german) (\($0.count))" }
                            .joined(separator: ", ")),
                ]
            }, total: nil)
    }

    package func json(_ period: ReportPeriod) -> JSONValue {
        .fields([
            "report": "differences", "period": period.json,
            "rows": .array(
                rows.map { row in
                    .fields([
                        "cardTerminal": .string(row.cardTerminal), "month": .string(row.month),
                        "closes": .integer(row.closes), "differing": .integer(row.differing),
                        "sum": .integer(row.sum.value), "moved": .integer(row.moved.value),
                        "reasons": .array(
                            row.sortedReasons.map {
                                .fields([
                                    "reason": .string($0.reason.rawValue),
                                    "count": .integer($0.count),
                                ])
                            }),
                    ])
                }),
        ])
    }
}
