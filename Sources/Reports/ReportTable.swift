import Text
import Units

/// A report as a table of finished cells: what page, text and CSV file show alike.
package struct ReportTable: Hashable, Sendable {
    package struct Cell: Hashable, Sendable {
        /// German number style where it is a number.
        package let text: String
        package let isNumber: Bool

        package static func text(_ text: String) -> Cell { Cell(text: text, isNumber: false) }
        package static func number(_ text: String) -> Cell { Cell(text: text, isNumber: true) }
    }

    package let title: String
    package let headings: [String]
    package let rows: [[Cell]]
    /// The sums; nil where nothing can be added up.
    package let total: [Cell]?

    package init(title: String, headings: [String], rows: [[Cell]], total: [Cell]?) {
        self.title = title
        self.headings = headings
        self.rows = rows
        self.total = total
    }

    /// For spreadsheets of people: UTF-8 with byte order mark, semicolons, CR LF (RFC 4180), every
    /// text quoted. A text that a spreadsheet would run begins with an apostrophe instead.
    package var csv: [UInt8] {
        let lines = [headings.map(Cell.text)] + rows + (total.map { [$0] } ?? [])
        let body = lines.map { $0.map(\.csv).joined(separator: ";") + "\r\n" }.joined()
        return [0xEF, 0xBB, 0xBF] + Array(body.utf8)
    }

    /// Columns side by side, numbers at the right.
    package var text: String {
        let lines = [headings.map(Cell.text)] + rows + (total.map { [$0] } ?? [])
        let widths = headings.indices.map { column in
            lines.map { $0[column].text.count }.max() ?? 0
        }
        let body = lines.map { line in
            line.indices.map { column -> String in
                let cell = line[column]
                let gap = String(repeating: " ", count: widths[column] - cell.text.count)
                let isRight = cell.isNumber || rows.first?[column].isNumber == true
                return isRight ? gap + cell.text : cell.text + gap
            }.joined(separator: "  ").trimmingEnd + "\n"
        }
        let nothing = rows.isEmpty ? "In diesen Tagen ist nichts verzeichnet.\n" : ""
        return title + "\n\n" + body.joined() + nothing
    }
}

extension ReportTable.Cell {
    fileprivate var csv: String {
        if isNumber {
            return text.filter { $0 != "." && $0 != "\u{A0}" && $0 != "€" }
                .replacing("\u{2212}", with: "-")
        }
        let isGuarded = SpreadsheetCell.wouldRun(text.utf8)
        return "\"" + (isGuarded ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
