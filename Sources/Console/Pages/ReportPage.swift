import Pages
import Reports
import Units

/// `GET /auswertung`.
struct ReportPage: Page {
    static let template = "console-report"
    let title = "Auswertung"
    let problems: [FormProblem]
    let filters: [Field]
    let caption: String
    let headings: [Cell]
    let rows: [Row]
    let total: [Cell]
    let hasTotal: Bool
    let isEmpty: Bool
    let hasRows: Bool
    /// Why nothing is shown to a person who has to count first; nil for everybody else.
    let hidden: Panel?
    let chart: Chart?
    let downloadPath: String

    /// A cell of the table.
    struct Cell: Sendable {
        let text: String
        /// Of its column, for narrow screens.
        let heading: String
        let style: String
        let isFirst: Bool
    }

    struct Row: Sendable {
        let cells: [Cell]
    }

    /// One or two bars for each row, the longest as wide as the drawing.
    struct Chart: Sendable {
        struct Row: Sendable {
            let label: String
            let value: String
            let bars: [Bar]
        }

        struct Bar: Sendable {
            /// In percent of the longest, which is as wide as the drawing.
            let width: String
            let height: String
            let style: String
        }

        let heading: String
        /// Said in place of the drawing.
        let words: String
        let rows: [Row]
        let note: String
        let hasNote: Bool
    }

    private static let countFirst = Panel(
        .info, "Erst zählen, dann sehen",
        "An diesem Hof wird blind gezählt: Was noch in keiner Zählung ist, zeigt das Hofbuch "
            + "danach.",
        link: PageLink("Zum Tagesabschluss", "/abschluss"))

    /// - Parameter hiddenUntilCounted: whether the person has to count first.
    init(
        _ question: ReportQuestion, _ answer: ReportAnswer, problems: [FormProblem],
        hiddenUntilCounted: Bool = false
    ) {
        self.problems = problems
        filters = Self.filters(question, problems)
        let table = answer.table
        caption = table.title
        headings = table.headings.enumerated().map { place, text in
            let isNumber = table.rows.first?[place].isNumber ?? (place > 0)
            return Cell(
                text: text, heading: text, style: isNumber ? "numeric" : "", isFirst: place == 0)
        }
        rows = table.rows.map { Row(cells: Self.cells($0, table.headings)) }
        total = table.total.map { Self.cells($0, table.headings) } ?? []
        hasTotal = table.total != nil
        hasRows = !table.rows.isEmpty
        hidden = hiddenUntilCounted ? Self.countFirst : nil
        isEmpty = table.rows.isEmpty && !hiddenUntilCounted
        chart = answer.chart.flatMap { Chart($0) }
        downloadPath = "/auswertung.csv?\(question.query)"
    }

    private static func cells(_ cells: [ReportTable.Cell], _ headings: [String]) -> [Cell] {
        cells.enumerated().map { place, cell in
            Cell(
                text: cell.text, heading: headings[place], style: cell.isNumber ? "numeric" : "",
                isFirst: place == 0)
        }
    }

    private static func filters(_ question: ReportQuestion, _ problems: [FormProblem]) -> [Field] {
        let groupings = ReportGrouping.allCases.map { Field.Option($0.rawValue, $0.german) }
        var (grouping, isCompared) = (ReportQuestion.differences, false)
        if case .sales(let asked, let withYearBefore) = question.subject {
            (grouping, isCompared) = (asked.rawValue, withYearBefore)
        }
        return [
            day("von", "Erster Tag", question.period.from, problems),
            day("bis", "Letzter Tag", question.period.to, problems),
            Field(
                "nach", "Aufgeteilt nach",
                .select(
                    groupings + [
                        Field.Option(ReportQuestion.differences, "Abweichungen der Kartengeräte")
                    ]), value: grouping),
            Field(
                "vergleich", "Vorjahr",
                .select([Field.Option("", "ohne"), Field.Option("ja", "daneben")]),
                value: isCompared ? "ja" : ""),
            Field(
                "hoefe", "Höfe",
                .select([Field.Option("", "dieser Hof"), Field.Option("alle", "alle Höfe")]),
                value: question.isAllYards ? "alle" : ""),
            Field(
                "groesse", "Diagramm zeigt", .select(measures(question)),
                value: question.measure.rawValue),
        ]
    }

    private static func day(
        _ name: String, _ label: String, _ day: BusinessDay, _ problems: [FormProblem]
    ) -> Field {
        Field(
            name, label, .day, value: day.iso,
            error: problems.first { $0.field == name }?.message)
    }

    /// Differences have an amount and a number only.
    private static func measures(_ question: ReportQuestion) -> [Field.Option] {
        guard question.subject == .differences else {
            return ReportMeasure.allCases.map { Field.Option($0.rawValue, $0.german) }
        }
        return [
            Field.Option(ReportMeasure.turnover.rawValue, "Betrag"),
            Field.Option(ReportMeasure.count.rawValue, ReportMeasure.count.german),
        ]
    }
}

extension ReportPage.Chart {
    /// At most so many rows, a month of days; the table has all.
    private static let rowsMax = 31
    /// Nil where there is nothing to draw.
    init?(_ chart: ReportChart) {
        let shown = chart.rows.prefix(Self.rowsMax)
        let bars = shown.map(\.bar) + shown.compactMap(\.before)
        let longest = bars.map(\.value.magnitude).max() ?? 0
        guard longest > 0 else { return nil }
        heading = chart.heading
        rows = shown.map { Row($0, longest: longest) }
        words =
            "Balken, \(chart.heading): "
            + rows.map { "\($0.label) \($0.value)" }.joined(separator: "; ") + "."
        hasNote = chart.rows.count > rows.count
        note = "Gezeichnet sind \(rows.count) von \(chart.rows.count) Zeilen der Tabelle."
    }
}

extension ReportPage.Chart.Row {
    fileprivate init(_ row: ReportChart.Row, longest: UInt64) {
        label = row.label
        value = row.bar.text + (row.before.map { ", Vorjahr \($0.text)" } ?? "")
        func width(_ bar: ReportChart.Bar) -> String {
            let share = Ratio(Int128(bar.value.magnitude) * 1_000, over: Int128(longest))
            let thousandths = max(2, share.rounded(.halfUp))
            return "\(thousandths / 10).\(thousandths % 10)"
        }
        var bars: [ReportPage.Chart.Bar] = []
        if row.bar.value != 0 {
            bars.append(
                ReportPage.Chart.Bar(
                    width: width(row.bar), height: "12",
                    style: row.bar.value < 0 ? "below" : "now"))
        }
        if let before = row.before, before.value != 0 {
            bars.append(
                ReportPage.Chart.Bar(
                    width: width(before), height: "8",
                    style: before.value < 0 ? "below" : "before"))
        }
        self.bars = bars
    }
}
