/// Lays out the text of a slip in columns of one width.
///
/// A tab in a line pushes the rest to the right edge; a leading `^` centres; a line of three or
/// more `-` or `=` becomes a rule; other lines wrap between words, further lines indented like
/// the first. Widths count characters. No-break spaces hold words together and come out as
/// spaces; blank lines never follow each other.
enum SlipLayout {
    /// The width of a slip of 80 mm paper in font A: 42 characters.
    static let width = 42

    static func format(_ text: String, width: Int = Self.width) -> String {
        var out: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let rows = rows(of: line, width: width)
            if rows == [""], out.last?.isEmpty ?? true { continue }
            out.append(contentsOf: rows)
        }
        while out.last?.isEmpty == true { out.removeLast() }
        let joined = out.joined(separator: "\n") + "\n"
        return String(joined.map { $0 == "\u{A0}" ? " " : $0 })
    }

    private static func rows(of line: Substring, width: Int) -> [String] {
        if let first = line.first, first == "-" || first == "=", line.count >= 3,
            line.allSatisfy({ $0 == first })
        {
            return [String(repeating: first, count: width)]
        }
        if line.first == "^" {
            return wrap(line.dropFirst(), width: width).map { row in
                String(repeating: " ", count: (width - row.count) / 2) + row
            }
        }
        guard let tab = line.firstIndex(of: "\t") else { return wrap(line, width: width) }
        return columns(
            left: line[..<tab], right: String(line[line.index(after: tab)...]), width: width)
    }

    /// The left text wrapped beside its right-aligned value, which stands in the first row.
    private static func columns(left: Substring, right: String, width: Int) -> [String] {
        let room = width - right.count - 1
        guard room >= width / 4 else {
            return wrap(left, width: width) + wrap(Substring(right), width: width)
        }
        var rows = wrap(left, width: room)
        rows[0] += String(repeating: " ", count: width - right.count - rows[0].count) + right
        return rows
    }

    private static func wrap(_ line: Substring, width: Int) -> [String] {
        let indent = String(line.prefix { $0 == " " }.prefix(width / 2))
        var rows: [String] = []
        var row = indent
        for word in line.split(separator: " ") {
            var word = String(word)
            let isEmpty = row.count == indent.count
            if !isEmpty, row.count + 1 + word.count > width {
                rows.append(row)
                row = indent
            } else if !isEmpty {
                row += " "
            }
            while row.count + word.count > width {
                let room = width - row.count
                rows.append(row + word.prefix(room))
                word = String(word.dropFirst(room))
                row = indent
            }
            row += word
        }
        rows.append(row.count == indent.count ? "" : row)
        return rows
    }
}
