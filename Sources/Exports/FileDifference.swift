/// What differs between an export's file as registered and as somebody has it.
package enum FileDifference {
    /// Sentences, the most telling first; empty for equal bytes.
    package static func words(registered: [UInt8], found: [UInt8]) -> [String] {
        guard registered != found else { return [] }
        if let word = wholeChange(registered, found) { return [word] }
        let (before, after) = (lines(of: registered), lines(of: found))
        var words = ["\(registered.count) bytes are registered, \(found.count) were found."]
        let prefix = zip(before, after).prefix { $0 == $1 }.count
        let rest = min(before.count, after.count) - prefix
        let suffix = zip(before.reversed(), after.reversed()).prefix(rest)
            .prefix { $0 == $1 }.count
        let (old, new) = (before.count - suffix - prefix, after.count - suffix - prefix)
        if old == new {
            let cells = CellNames(before)
            for offset in 0..<old where before[prefix + offset] != after[prefix + offset] {
                guard words.count <= lineCountMax else {
                    words.append("More lines differ.")
                    break
                }
                let line = prefix + offset
                words += cells.differences(before[line], after[line], line: line + 1)
            }
        } else {
            words += moved(prefix + 1, old: old, new: new)
        }
        return words
    }

    private static let lineCountMax = 10

    private static func moved(_ line: Int, old: Int, new: Int) -> [String] {
        func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
        if old == 0 { return ["\(lines(new)) from line \(line) on were added."] }
        if new == 0 { return ["\(lines(old)) from line \(line) on are missing."] }
        return ["From line \(line) on, \(lines(old)) became \(lines(new))."]
    }

    /// What an editor or a spreadsheet does to every line at once.
    private static func wholeChange(_ registered: [UInt8], _ found: [UInt8]) -> String? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if found == mark + registered { return "A byte order mark was put in front." }
        if mark + found == registered { return "The byte order mark in front is missing." }
        let isReturn = { (byte: UInt8) in byte != 0x0D }
        if registered.filter(isReturn) == found.filter(isReturn) {
            return "All lines are the same, but their ends were changed."
        }
        if found.isEmpty { return "The file is empty." }
        if registered.starts(with: found) {
            return "The file is cut off after \(found.count) of \(registered.count) bytes."
        }
        let texts = [registered, found].map(text)
        return texts[0].utf8.elementsEqual(texts[1].utf8)
            ? "The text is the same, but it was saved in another character set." : nil
    }

    /// As UTF-8 where it is that, else byte by byte.
    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func lines(of bytes: [UInt8]) -> [[UInt8]] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

/// The names of the columns of a file, where it has a line that names them.
private struct CellNames {
    private let separator: UInt8?
    private let names: [[UInt8]]

    init(_ lines: [[UInt8]]) {
        let first = lines.first ?? []
        let counts = [0x3B, 0x2C, 0x09, 0x7C].map { (mark: UInt8) in
            (mark, first.count { $0 == mark })
        }
        let most = counts.max { $0.1 < $1.1 }
        guard let most, most.1 > 0 else {
            (separator, names) = (nil, [])
            return
        }
        separator = most.0
        // The first line of a DATEV file is about the batch; the second one names the columns.
        let isDATEV = first.starts(with: Array("\"EXTF\"".utf8))
        let place = isDATEV ? 1 : 0
        names = lines.indices.contains(place) ? Self.cells(of: lines[place], most.0) : []
    }

    func differences(_ old: [UInt8], _ new: [UInt8], line: Int) -> [String] {
        guard let separator else { return ["Line \(line) differs."] }
        let (before, after) = (Self.cells(of: old, separator), Self.cells(of: new, separator))
        guard before.count == after.count else {
            return ["Line \(line) has \(after.count) cells instead of \(before.count)."]
        }
        return before.indices.filter { before[$0] != after[$0] }.map { place in
            let name =
                names.indices.contains(place) && line > 1 ? Self.text(names[place]) : "\(place + 1)"
            return "Line \(line), column \(name): registered \(Self.text(before[place])), "
                + "found \(Self.text(after[place]))."
        }
    }

    private static func cells(of line: [UInt8], _ separator: UInt8) -> [[UInt8]] {
        var cells: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line where byte != 0x0D {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == separator && !isQuoted {
                cells.append([])
            } else {
                cells[cells.count - 1].append(byte)
            }
        }
        return cells
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
