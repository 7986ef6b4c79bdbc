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

    /// A bar for each row, the longest as wide as the drawing.
    struct Chart: Sendable {
        struct Bar: Sendable {
            let label: String
            let value: String
            let width: String
            let barTop: String
            let textTop: String
        }

        /// Said in place of the drawing.
        let words: String
        let height: String
        let bars: [Bar]
    }

    init(_ question: ReportQuestion, _ answer: ReportAnswer, problems: [FormProblem]) {
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
        isEmpty = table.rows.isEmpty
        chart = Chart(answer.bars)
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
            Field("von", "Erster Tag", .day, value: question.period.from.iso),
            Field(
                "bis", "Letzter Tag", .day, value: question.period.to.iso,
                error: problems.first?.message),
            Field(
                "nach", "Zusammengefasst nach",
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
        ]
    }
}

extension ReportPage.Chart {
    /// At most so many bars; the table has all rows.
    private static let barsMax = 24
    private static let rowHeight = 34
    private static let widthMax: Int64 = 600

    /// Nil where nothing was turned over.
    init?(_ all: [(label: String, turnover: Cents)]) {
        let shown = all.filter { $0.turnover > .zero }.prefix(Self.barsMax)
        guard let longest = shown.map(\.turnover).max() else { return nil }
        bars = shown.enumerated().map { place, bar in
            let share = Ratio(
                Int128(bar.turnover.value) * Int128(Self.widthMax), over: Int128(longest.value))
            return Bar(
                label: bar.label, value: bar.turnover.german,
                width: String(max(1, share.rounded(.halfUp))),
                barTop: String(place * Self.rowHeight + 16),
                textTop: String(place * Self.rowHeight + 12))
        }
        height = String(bars.count * Self.rowHeight)
        words =
            "Balken für den Umsatz: "
            + bars.map { "\($0.label) \($0.value)" }.joined(separator: "; ") + "."
    }
}
