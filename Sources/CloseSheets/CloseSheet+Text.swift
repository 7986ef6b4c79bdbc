extension CloseSheet {
    /// The sheet as lines of text, each ended with a line feed; for a terminal or a plain printer.
    package var text: String {
        var lines = [title, String(repeating: "=", count: title.count), subtitle]
        for part in parts { lines += Self.lines(part) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ part: Part) -> [String] {
        switch part {
        case .heading(let text): ["", text, String(repeating: "-", count: text.count)]
        case .paragraph(let text), .certificate(let text): ["", text]
        case .facts(let facts):
            facts.isEmpty ? [] : [""] + lines(facts)
        case .table(let table): [""] + lines(table)
        }
    }

    private static func lines(_ facts: [Fact]) -> [String] {
        let width = facts.map(\.label.count).max() ?? 0
        return facts.map { "\(padded($0.label, width))  \($0.value)" }
    }

    private static func lines(_ table: Table) -> [String] {
        let all = [table.columns.map(\.name)] + table.rows + [table.total].compactMap(\.self)
        let widths = table.columns.indices.map { column in
            all.map { $0[column].count }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            var text = zip(table.columns.indices, cells).map { column, cell in
                table.columns[column].isNumeric
                    ? padded("", widths[column] - cell.count) + cell : padded(cell, widths[column])
            }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        let rows = table.rows.isEmpty ? ["keine"] : table.rows.map(line)
        return [table.caption + ":", line(table.columns.map(\.name)), rule] + rows
            + (table.total.map { [rule, line($0)] } ?? [])
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
