import Text
package import Units

/// What is wrong in a DATEV file, in which line (from 1, the batch's own line first) and column.
package struct DATEVProblem: Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    /// From 1; nil for what is about the whole line.
    package let column: Int?
    package let words: String

    package var description: String {
        "line \(line)\(column.map { ", column \($0)" } ?? ""): \(words)"
    }
}

/// A booking batch read back, tolerantly: what DATEV itself writes is read, older layouts too, and
/// refused is only what an import would take for something else.
package struct DATEVBatch: Hashable, Sendable {
    package struct Booking: Hashable, Sendable {
        /// In the file, the batch's own line being 1.
        package let line: Int
        package let amount: Cents
        /// Whether ``account`` is debited (S).
        package let isDebit: Bool
        package let account: String
        package let contra: String
        package let date: BusinessDay
        package let documentField: String
        package let text: String
        /// Generalumkehr, by its column or by a tax key in the twenties.
        package let isReversal: Bool
        /// Nil where the file says nothing, which locks.
        package let isLocked: Bool?
    }

    package let version: Int
    /// 116, 120, 124 or 125.
    package let columnCount: Int
    package let from: BusinessDay
    package let to: BusinessDay
    package let bookings: [Booking]

    /// Debits less credits by account; both legs of a booking count, so all add up to zero.
    package var balances: [String: Cents] {
        bookings.reduce(into: [:]) { sums, booking in
            let amount = booking.isDebit ? booking.amount : -booking.amount
            sums[booking.account, default: .zero] += amount
            sums[booking.contra, default: .zero] += -amount
        }
    }
}

extension DATEVBatch {
    /// Whether these bytes begin as a DATEV file does.
    package static func isDATEV(_ bytes: [UInt8]) -> Bool {
        ["\"EXTF\";", "\"DTVF\";", "EXTF;", "DTVF;"].contains { mark in
            bytes.starts(with: mark.utf8)
                || bytes.starts(with: [0xEF, 0xBB, 0xBF] + Array(mark.utf8))
        }
    }

    /// Reads Windows-1252 or UTF-8, with CR LF or LF.
    ///
    /// - Returns: the batch, nil if its first line is none of a booking batch or the file is
    ///   larger than DATEV takes; all problems.
    package static func read(
        _ bytes: [UInt8]
    ) -> (batch: DATEVBatch?, problems: [DATEVProblem]) {
        if let problem = tooLarge(Int64(bytes.count)) { return (nil, [problem]) }
        var reader = DATEVFileReader(bytes)
        let batch = reader.read()
        return (batch, reader.problems)
    }

    /// The same; what is larger than DATEV takes is not read into memory.
    package static func read(
        _ file: PiecedFile
    ) throws -> (batch: DATEVBatch?, problems: [DATEVProblem]) {
        if let problem = tooLarge(file.byteCount) { return (nil, [problem]) }
        return read(try file.bytes)
    }

    private static func tooLarge(_ byteCount: Int64) -> DATEVProblem? {
        guard byteCount > DATEVFile.byteCountMax else { return nil }
        let words = "\(byteCount) bytes; DATEV takes \(DATEVFile.byteCountMax)"
        return DATEVProblem(line: 1, column: nil, words: words)
    }
}

private struct DATEVFileReader {
    private(set) var problems: [DATEVProblem] = []
    /// Those with something in them, each with its number in the file.
    private let lines: [(number: Int, cells: [String])]
    /// Characters of the first line.
    private let headLength: Int
    private var window: (from: BusinessDay, to: BusinessDay)?

    init(_ bytes: [UInt8]) {
        let plain = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
        let text =
            String(validating: plain, as: UTF8.self)
            ?? String(String.UnicodeScalarView(plain.map { Unicode.Scalar($0) }))
        let rows = text.replacing("\r\n", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.isEmpty }
        headLength = rows.first?.element.unicodeScalars.count ?? 0
        lines = rows.map { (number: $0.offset + 1, cells: Self.cells(of: $0.element)) }
    }

    private static func cells(of line: Substring) -> [String] {
        var cells = [""]
        var isQuoted = false
        for scalar in line.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
            } else if scalar == ";" && !isQuoted {
                cells.append("")
            } else {
                cells[cells.count - 1].unicodeScalars.append(scalar)
            }
        }
        return cells
    }

    private static let columnCounts = [7: 116, 9: 120, 12: 124, 13: 125]

    mutating func read() -> DATEVBatch? {
        guard let header = lines.first?.cells, header.count >= 21, lines.count >= 2 else {
            note(1, nil, "it has no line about the batch with its fields, or no headings")
            return nil
        }
        guard ["EXTF", "DTVF"].contains(header[0]), header[1] == "700", header[2] == "21" else {
            let found = header[..<3].joined(separator: ", ")
            note(1, 3, "it is no booking batch (EXTF, 700, 21), but \(found)")
            return nil
        }
        guard let version = Int(header[4]), let wanted = Self.columnCounts[version] else {
            note(1, 5, "format version \(header[4]) is unknown; known are 7, 9, 12 and 13")
            return nil
        }
        guard let from = Self.day(header[14]), let to = Self.day(header[15]), from <= to,
            from.year == to.year
        else {
            note(1, 15, "\(header[14]) to \(header[15]) is no period within one year")
            return nil
        }
        window = (from, to)
        if headLength > DATEVFile.headLengthMax {
            note(1, nil, "\(headLength) characters; DATEV takes \(DATEVFile.headLengthMax)")
        }
        let headings = lines[1]
        if headings.cells.count != wanted {
            note(
                headings.number, nil, "\(headings.cells.count) headings instead of \(wanted)")
        }
        if lines.count - 2 > DATEVFile.rowCountMax {
            note(1, nil, "\(lines.count - 2) bookings; DATEV takes \(DATEVFile.rowCountMax)")
        }
        var bookings: [DATEVBatch.Booking] = []
        for line in lines.dropFirst(2) {
            guard let booking = booking(line.cells, line.number, wanted) else { continue }
            bookings.append(booking)
        }
        return DATEVBatch(
            version: version, columnCount: wanted, from: from, to: to, bookings: bookings)
    }

    private mutating func note(_ line: Int, _ column: Int?, _ words: String) {
        problems.append(DATEVProblem(line: line, column: column, words: words))
    }

    private mutating func booking(
        _ cells: [String], _ line: Int, _ count: Int
    ) -> DATEVBatch.Booking? {
        guard cells.count == count else {
            note(line, nil, "\(cells.count) cells instead of \(count)")
            return nil
        }
        let before = problems.count
        let amount = amount(cells[0], line)
        if !["S", "H"].contains(cells[1]) { note(line, 2, "\(cells[1]) is neither S nor H") }
        for column in [7, 8] where !Self.isAccount(cells[column - 1]) {
            note(line, column, "\(cells[column - 1]) is no account")
        }
        if cells[6] == cells[7] { note(line, 8, "account and contra account are the same") }
        let date = date(cells[9], line)
        guard let amount, let date, problems.count == before else { return nil }
        let lock = count >= 114 ? cells[113] : ""
        let isReversed = count >= 118 && cells[117] == "1"
        return DATEVBatch.Booking(
            line: line, amount: amount, isDebit: cells[1] == "S", account: cells[6],
            contra: cells[7], date: date, documentField: cells[10], text: cells[13],
            isReversal: isReversed || Self.isReversalKey(cells[8]),
            isLocked: lock.isEmpty ? nil : lock == "1")
    }

    /// A key of two digits whose first says general reversal.
    private static func isReversalKey(_ key: String) -> Bool {
        key.utf8.count == 2 && key.hasPrefix("2")
    }

    private mutating func amount(_ text: String, _ line: Int) -> Cents? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let isNumber = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard isNumber, parts.count <= 2, parts[0].utf8.count <= 10,
            let whole = Int64(parts[0]), parts.count == 1 || parts[1].utf8.count <= 2,
            let fraction = Int64(parts.count == 1 ? "0" : parts[1])
        else {
            note(line, 1, "\(text) is no amount like 412,50, without sign")
            return nil
        }
        let isTenths = parts.count == 2 && parts[1].utf8.count == 1
        let cents = whole * 100 + (isTenths ? fraction * 10 : fraction)
        guard cents > 0 else {
            note(line, 1, "an amount of zero")
            return nil
        }
        return Cents(cents)
    }

    private static func isAccount(_ text: String) -> Bool {
        (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && text.utf8.contains { $0 != 0x30 }
    }

    private mutating func date(_ text: String, _ line: Int) -> BusinessDay? {
        guard text.utf8.count == 4, let number = decimal(Array(text.utf8)[...]), let window else {
            note(
                line, 10,
                text.utf8.count == 3
                    ? "\(text) has three digits: a spreadsheet took the leading zero away"
                    : "\(text) is no day and month of four digits")
            return nil
        }
        let day = BusinessDay(
            year: window.from.year, month: number % 100, day: number / 100)
        guard let day, (window.from...window.to).contains(day) else {
            note(line, 10, "\(text) lies outside \(window.from.iso) to \(window.to.iso)")
            return nil
        }
        return day
    }

    private static func day(_ text: String) -> BusinessDay? {
        guard text.utf8.count == 8, let number = decimal(Array(text.utf8)[...]) else { return nil }
        return BusinessDay(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }
}
