/// Lays out plain text for terminals and printers; one character is one column.
struct TextLayout {
    /// Columns of a line, from ``widthMin`` to ``widthMax``.
    let width: Int

    static let widthMin = 40
    static let widthMax = 1_000

    init(width: Int) { self.width = min(Self.widthMax, max(Self.widthMin, width)) }

    /// The lines of a text behind an indent.
    func paragraph(_ text: String, indent: Int = 0) -> [String] {
        Self.wrapped(text, width: width - indent).map { Self.spaces(indent) + $0 }
    }

    /// The lines of a label in a left column and other texts one below the other right of it.
    func beside(_ label: String, _ texts: [String], indent: Int, column: Int) -> [String] {
        let left = Self.wrapped(label, width: column - indent - 2)
        let right = texts.flatMap { Self.wrapped($0, width: width - column, hanging: 2) }
        return (0..<max(left.count, right.count)).map { row in
            let label = row < left.count ? Self.spaces(indent) + left[row] : ""
            guard row < right.count else { return label }
            return Self.padded(label, to: column) + right[row]
        }
    }

    /// A table with its head; every column gets the width it needs, the last one the rest.
    ///
    /// Columns named in `right` are aligned to the right.
    func table(_ head: [String], _ rows: [[String]], right: Set<Int> = []) -> [String] {
        let widths = widths(of: [head] + rows)
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([head, rule] + rows).flatMap { cells in
            let columns = cells.enumerated().map { Self.wrapped($1, width: widths[$0]) }
            return (0..<(columns.map(\.count).max() ?? 0)).map { line in
                let parts = columns.enumerated().map { column, lines in
                    let text = line < lines.count ? lines[line] : ""
                    return right.contains(column)
                        ? Self.spaces(widths[column] - text.count) + text
                        : Self.padded(text, to: widths[column])
                }
                return Self.trimmed(parts.joined(separator: "  "))
            }
        }
    }

    /// Widths that fit the line: the widest columns give way.
    private func widths(of rows: [[String]]) -> [Int] {
        var widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        let gaps = 2 * max(0, widths.count - 1)
        while widths.reduce(gaps, +) > width {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
                widths[widest] > Self.columnMin
            else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private static let columnMin = 8

    /// The text in lines of at most `width` columns, broken at spaces; not empty.
    ///
    /// - Parameter hanging: columns by which every line but the first is indented.
    static func wrapped(_ text: String, width: Int, hanging: Int = 0) -> [String] {
        var lines: [String] = []
        var line = ""
        // A paragraph sign stays with its number.
        let text = text.replacing("§ ", with: "§\u{A0}")
        for word in text.split(whereSeparator: { $0 == " " || $0.isNewline }) {
            for piece in pieces(of: word, width: max(1, width - hanging)) {
                if line.isEmpty {
                    line = piece
                } else if line.count + 1 + piece.count <= width {
                    line += " " + piece
                } else {
                    lines.append(line)
                    line = spaces(hanging) + piece
                }
            }
        }
        return lines + [line]
    }

    private static func pieces(of word: Substring, width: Int) -> [String] {
        guard word.count > width else { return [String(word)] }
        return [String(word.prefix(width))] + pieces(of: word.dropFirst(width), width: width)
    }

    static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    private static func padded(_ text: String, to width: Int) -> String {
        text + spaces(width - text.count)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}
