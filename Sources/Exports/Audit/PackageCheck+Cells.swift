import Units

/// The rows of a table file.
struct TableContent {
    /// Row numbers of the file, counted from 1 with the heading, and cells without quotes. Only
    /// rows of the right length.
    var rows: [(number: Int, cells: [String])] = []
    var keys: Set<[String]> = []
    /// Whether every row could be read.
    var isWhole = true
}

extension PackageCheck {
    /// The rows of a table, with what is wrong about their form and their keys.
    mutating func content(of table: IndexTable, _ bytes: [UInt8]) -> TableContent {
        var content = TableContent()
        guard String(validating: bytes, as: UTF8.self) != nil,
            !bytes.starts(with: [0xEF, 0xBB, 0xBF])
        else {
            note(.tableEncoding, table.address, "it is not UTF-8 without a byte order mark")
            content.isWhole = false
            return content
        }
        var number = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            number += 1
            var row = RowReader(rest)
            let cells = row.cells()
            rest = row.rest
            for problem in row.problems {
                note(problem.code, table.address, row: number, problem.words)
            }
            guard row.problems.isEmpty else {
                content.isWhole = false
                continue
            }
            if number == 1 {
                checkHeading(cells, of: table)
            } else {
                add(cells, number, of: table, to: &content)
            }
        }
        if number == 0 { note(.headingWrong, table.address, "the file is empty") }
        return content
    }

    private mutating func checkHeading(_ cells: [RowReader.Cell], of table: IndexTable) {
        let found = cells.map(\.text)
        guard found != table.columns.map(\.name) else { return }
        note(
            .headingWrong, table.address, row: 1,
            "it names \(found.joined(separator: ", ")) instead of the columns of index.xml")
    }

    private mutating func add(
        _ cells: [RowReader.Cell], _ number: Int, of table: IndexTable,
        to content: inout TableContent
    ) {
        guard cells.count == table.columns.count else {
            note(
                .cellCount, table.address, row: number,
                "\(cells.count) cells instead of \(table.columns.count)")
            content.isWhole = false
            return
        }
        for (cell, column) in zip(cells, table.columns) {
            check(cell, column, table.address, number)
        }
        let texts = cells.map(\.text)
        let key = Array(texts.prefix(table.keyCount))
        if key.contains("") { note(.keyEmpty, table.address, row: number, "its key is empty") }
        if !content.keys.insert(key).inserted {
            note(
                .keyTwice, table.address, row: number,
                "the key \(key.joined(separator: " ")) stands twice")
        }
        content.rows.append((number, texts))
    }

    private mutating func check(
        _ cell: RowReader.Cell, _ column: IndexTable.Column, _ file: String, _ row: Int
    ) {
        func wrong(_ code: PackageProblem.Code, _ words: String) {
            note(code, file, row: row, "\(column.name), \(cell.text): \(words)")
        }
        switch column.kind {
        case nil: break
        case .text:
            if !cell.isQuoted { wrong(.quotes, "a text stands in quotation marks") }
            if AuditTable.control(in: cell.text) != nil {
                wrong(.control, "control characters and line breaks are refused")
            }
        case .number(let digits):
            if cell.isQuoted { return wrong(.quotes, "a number stands without quotation marks") }
            guard let decimals = Self.decimals(of: cell.text) else {
                return wrong(.number, "it is no number")
            }
            if decimals != digits { wrong(.decimals, "wanted are \(digits) decimals") }
        case .date:
            if cell.isQuoted { return wrong(.quotes, "a date stands without quotation marks") }
            if Self.day(cell.text) == nil { wrong(.date, "it is no day like 31.12.2026") }
        }
    }

    /// How many digits stand behind the comma; nil for what is no number in its shortest form.
    private static func decimals(of text: String) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let parts = digits.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first,
            parts.allSatisfy({ part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }), whole == "0" || !whole.hasPrefix("0")
        else { return nil }
        return parts.count == 2 ? parts[1].utf8.count : 0
    }

    static func day(_ text: String) -> BusinessDay? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 2, 4],
            let day = decimal(Array(parts[0].utf8)[...]),
            let month = decimal(Array(parts[1].utf8)[...]),
            let year = decimal(Array(parts[2].utf8)[...])
        else { return nil }
        return BusinessDay(year: year, month: month, day: day)
    }
}

/// Reads one row of a table file: cells between semicolons, texts in quotation marks that are
/// doubled inside, CR LF behind.
struct RowReader {
    struct Cell {
        let text: String
        let isQuoted: Bool
    }

    private(set) var rest: ArraySlice<UInt8>
    private(set) var problems: [(code: PackageProblem.Code, words: String)] = []

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// All cells; `rest` is then what stands behind the row.
    mutating func cells() -> [Cell] {
        var cells = [cell()]
        while rest.first == 0x3B {
            rest.removeFirst()
            cells.append(cell())
        }
        if rest.starts(with: [0x0D, 0x0A]) {
            rest.removeFirst(2)
        } else {
            if problems.isEmpty { problems.append((.rowEnd, "it does not end with CR LF")) }
            rest = rest.drop { $0 != 0x0A }.dropFirst()
        }
        return cells
    }

    private mutating func cell() -> Cell {
        guard rest.first == 0x22 else {
            let bytes = rest.prefix { ![0x3B, 0x0D, 0x0A].contains($0) }
            rest.removeFirst(bytes.count)
            if bytes.contains(0x22) {
                problems.append((.quotes, "a quotation mark inside a cell without them"))
            }
            return Cell(text: String(decoding: bytes, as: UTF8.self), isQuoted: false)
        }
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == 0x22 else {
                bytes.append(byte)
                continue
            }
            guard rest.first == 0x22 else { return closed(bytes) }
            bytes.append(byte)
            rest.removeFirst()
        }
        problems.append((.quotes, "a quotation mark is not closed"))
        return Cell(text: String(decoding: bytes, as: UTF8.self), isQuoted: true)
    }

    private mutating func closed(_ bytes: [UInt8]) -> Cell {
        if let next = rest.first, ![0x3B, 0x0D, 0x0A].contains(next) {
            problems.append((.quotes, "something stands behind a closing quotation mark"))
            rest = rest.drop { ![0x3B, 0x0D, 0x0A].contains($0) }
        }
        return Cell(text: String(decoding: bytes, as: UTF8.self), isQuoted: true)
    }
}
