package import Units

/// A report beside the same days of the year before.
package struct YearComparison: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let code: String
        package let label: String
        package let now: ReportFigures
        package let before: ReportFigures
        package var change: Cents { now.turnover - before.turnover }
    }

    package let grouping: ReportGrouping
    /// Rows of this year in their order, then those that only the year before had.
    package let rows: [Row]
    package let now: ReportFigures
    package let before: ReportFigures

    /// Compares two reports of one grouping; days and months meet those a year later, so that a
    /// period may be longer than a year.
    package init(_ now: SalesReport, before: SalesReport) {
        grouping = now.grouping
        var earlier: [String: SalesReport.Row] = [:]
        for row in before.rows { earlier[now.grouping.yearLater(row.code)] = row }
        var rows: [Row] = []
        for row in now.rows {
            let old = earlier.removeValue(forKey: row.code)
            rows.append(
                Row(
                    code: row.code, label: row.label, now: row.figures,
                    before: old?.figures ?? ReportFigures()))
        }
        for row in before.rows where earlier[now.grouping.yearLater(row.code)] != nil {
            rows.append(
                Row(code: row.code, label: row.label, now: ReportFigures(), before: row.figures))
        }
        self.rows = rows
        self.now = now.total
        self.before = before.total
    }
}
