import Units

/// What the chart of a report draws of each row.
package enum ReportMeasure: String, Hashable, Sendable, CaseIterable {
    case turnover, weight, volume, pieces
    /// Sales or lines; of differences, the closes that had one.
    case count
}

/// A report as bars, beside the table that has all figures.
package struct ReportChart: Hashable, Sendable {
    package struct Bar: Hashable, Sendable {
        /// Cents, grams, millilitres or a number, as the measure has it; below zero where more was
        /// taken back than sold.
        package let value: Int64
        /// The value in German with its unit.
        package let text: String

        package init(value: Int64, text: String) {
            self.value = value
            self.text = text
        }
    }

    package struct Row: Hashable, Sendable {
        package let label: String
        package let bar: Bar
        /// The same days a year earlier; nil where no year is compared.
        package let before: Bar?

        package init(label: String, bar: Bar, before: Bar?) {
            self.label = label
            self.bar = bar
            self.before = before
        }
    }

    /// What is drawn, in German.
    package let heading: String
    /// In the order of the calendar, or of the measure, the largest first.
    package let rows: [Row]

    package init(heading: String, rows: [Row]) {
        self.heading = heading
        self.rows = rows
    }
}

extension ReportMeasure {
    /// The German word.
    package var german: String {
        switch self {
        case .turnover: "Umsatz"
        case .weight: "Gewicht"
        case .volume: "Volumen"
        case .pieces: "Stück"
        case .count: "Anzahl"
        }
    }

    fileprivate func bar(_ figures: ReportFigures) -> ReportChart.Bar {
        switch self {
        case .turnover: .amount(figures.turnover)
        case .weight:
            ReportChart.Bar(value: figures.weight.value, text: "\(figures.kilograms)\u{A0}kg")
        case .volume:
            ReportChart.Bar(value: figures.volume.value, text: "\(figures.litres)\u{A0}l")
        case .pieces: .number(figures.pieces)
        case .count: .number(figures.count)
        }
    }
}

extension ReportChart.Bar {
    fileprivate static func amount(_ cents: Cents) -> Self {
        Self(value: cents.value, text: GermanFormat.euros(cents))
    }

    fileprivate static func number(_ number: Int64) -> Self {
        Self(value: number, text: GermanFormat.grouped(number))
    }
}

extension SalesReport {
    /// A bar for each row.
    package func chart(_ measure: ReportMeasure) -> ReportChart {
        ReportChart(
            heading: "\(measure.german) nach \(grouping.german)",
            rows: rows.map {
                ReportChart.Row(label: $0.label, bar: measure.bar($0.figures), before: nil)
            }.ordered(grouping))
    }
}

extension YearComparison {
    /// Two bars for each row: these days, and the same days a year earlier.
    package func chart(_ measure: ReportMeasure) -> ReportChart {
        ReportChart(
            heading: "\(measure.german) nach \(grouping.german), darunter das Vorjahr",
            rows: rows.map {
                ReportChart.Row(
                    label: $0.label, bar: measure.bar($0.now), before: measure.bar($0.before))
            }.ordered(grouping))
    }
}

extension DifferenceReport {
    /// A bar for each card terminal and month: the differences without their signs, so that none
    /// hides another, or how many closes had one.
    package func chart(_ measure: ReportMeasure) -> ReportChart {
        let isCounted = measure == .count
        return ReportChart(
            heading: isCounted
                ? "Abschlüsse mit Abweichung je Kartengerät und Monat"
                : "Abweichungen ohne Vorzeichen je Kartengerät und Monat",
            rows: rows.map {
                ReportChart.Row(
                    label: "Gerät \($0.cardTerminal), \($0.monthName)",
                    bar: isCounted ? .number($0.differing) : .amount($0.moved), before: nil)
            })
    }
}

extension [ReportChart.Row] {
    /// The calendar stays as it is; else the largest comes first, equal ones as they were.
    fileprivate func ordered(_ grouping: ReportGrouping) -> [ReportChart.Row] {
        guard !grouping.isByTime else { return self }
        return enumerated().sorted { left, right in
            left.element.bar.value == right.element.bar.value
                ? left.offset < right.offset
                : left.element.bar.value > right.element.bar.value
        }.map(\.element)
    }
}
