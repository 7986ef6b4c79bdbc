import DayClosing
import Ledger
import Units

/// The lines of DATEV files as bytes: bookings one after the other, heads one at a time.
struct DATEVRows {
    let settings: DATEVSettings
    /// The bookings.
    private(set) var bytes: [UInt8] = []
    /// The bytes of each booking with its line end, in order.
    private(set) var lengths: [Int] = []

    /// The second line of every file.
    static let headings = line(of: DATEVColumn.headings.map(known))

    init(settings: DATEVSettings) {
        self.settings = settings
    }

    /// The first line with its 31 fields and the second with the headings.
    ///
    /// - Parameter dates: not empty, all within one calendar year.
    /// - Throws: ``ExportError`` `X-E08` for a first line that is longer than DATEV reads.
    func head(
        _ dates: [BusinessDay], fiscalYear: BusinessDay, created: Timestamp?, label: String,
        run: String
    ) throws(ExportError) -> [UInt8] {
        let (from, to) = (dates.min() ?? fiscalYear, dates.max() ?? fiscalYear)
        let fields = [
            "\"EXTF\"", "700", "21", "\"Buchungsstapel\"", "13", created.map(Self.stamp) ?? "", "",
            "\"\(settings.origin)\"", "\"Hofbuch\"", "\"\"", String(settings.adviser),
            String(settings.client), Self.yearFirst(fiscalYear), String(settings.accountLength),
            Self.yearFirst(from), Self.yearFirst(to), "\"\(label)\"", "\"\"", "1", "0", lock,
            "\"EUR\"", "", "\"\"", "", "", "\"\(settings.chart)\"", "", "", "\"\"",
            "\"\(Self.doubled(run))\"",
        ]
        let head = Self.line(of: fields.map { Array($0.utf8) })
        let length = head.count - Self.lineEnd.count
        guard length <= DATEVFile.headLengthMax else {
            throw ExportError(
                .tooLong, field: "Kopfzeile", value: "\(length) Zeichen",
                remedy: "DATEV liest in der ersten Zeile \(DATEVFile.headLengthMax) Zeichen. "
                    + "Kürzen Sie die Angaben in den DATEV-Einstellungen.")
        }
        return head + Self.headings
    }

    /// One booking.
    ///
    /// - Throws: ``ExportError`` `X-E06`, `X-E07`, `X-E08`, `X-E10`.
    mutating func append(_ line: ExportLine) throws(ExportError) {
        var row = DATEVRow()
        row.set(.amount, try amount(of: line))
        row.set(.side, line.side == .debit ? "S" : "H")
        row.set(.account, try number(line.account, .account, line))
        row.set(.contra, try number(line.contra, .contra, line))
        row.set(.documentDate, padded(line.key.date.day, 2) + padded(line.key.date.month, 2))
        row.set(.documentField1, try documentField(of: line))
        row.set(.text, bytes: try text(of: line))
        row.set(.costCentre, try costCentre(of: line))
        row.set(.lock, lock)
        row.set(.generalReversal, line.key.kind == .reversal ? "1" : "")
        row.set(
            .settlementReference, try fitted(line.closeReference, 50, .settlementReference, line))
        let start = bytes.count
        row.finish(into: &bytes)
        lengths.append(bytes.count - start)
    }

    private var lock: String { settings.locks ? "1" : "0" }

    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    private static func line(of cells: [[UInt8]]) -> [UInt8] {
        Array(cells.joined(separator: [UInt8(ascii: ";")])) + lineEnd
    }

    private func amount(of line: ExportLine) throws(ExportError) -> String {
        let cents = line.amount.value
        let text = "\(cents / 100),\(padded(cents % 100, 2))"
        return try fitted(text, 13, .amount, line)
    }

    private func number(
        _ account: Account, _ column: DATEVColumn, _ line: ExportLine
    ) throws(ExportError) -> String {
        guard account.number.utf8.count == settings.accountLength,
            account.number.utf8.contains(where: { $0 != UInt8(ascii: "0") })
        else {
            throw ExportError(
                .accountLength, close: line.closeReference, line: line.number,
                field: column.heading, value: account.number,
                remedy: "Die Sachkontenlänge ist \(settings.accountLength). Passen Sie den "
                    + "Kontenplan oder die DATEV-Einstellungen an.")
        }
        return account.number
    }

    /// The open-item key: the close. A full stop in a yard's name becomes a slash, which yard
    /// names do not have, because DATEV allows no full stop here.
    private func documentField(of line: ExportLine) throws(ExportError) -> String {
        let bytes = line.closeReference.utf8.map { $0 == UInt8(ascii: ".") ? 0x2F : $0 }
        return try fitted(String(decoding: bytes, as: UTF8.self), 36, .documentField1, line)
    }

    /// DATEV takes letters without marks, digits, underscores and spaces here.
    private func costCentre(of line: ExportLine) throws(ExportError) -> String {
        let centre = line.key.costCentre ?? ""
        let isPlain = centre.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x20: true
            default: false
            }
        }
        guard isPlain else {
            throw ExportError(
                .characterForbidden, close: line.closeReference, line: line.number,
                field: DATEVColumn.costCentre.heading, value: centre,
                remedy: "DATEV erlaubt in Kostenstellen nur A bis Z, a bis z, Ziffern, "
                    + "Unterstrich und Leerzeichen. Ändern Sie sie im Kontenplan.")
        }
        return try fitted(centre, 36, .costCentre, line)
    }

    private func text(of line: ExportLine) throws(ExportError) -> [UInt8] {
        var encoded: [UInt8] = []
        do throws(EncodingProblem) {
            try FileEncoding.windows1252.append(line.text, to: &encoded)
        } catch {
            throw ExportError(
                error, .windows1252, line, field: DATEVColumn.text.heading)
        }
        guard encoded.count <= 60 else {
            throw ExportError(
                .tooLong, close: line.closeReference, line: line.number,
                field: DATEVColumn.text.heading, value: line.text,
                remedy: "DATEV erlaubt 60 Zeichen. Kürzen Sie den Namen des Kontos im "
                    + "Kontenplan.")
        }
        return encoded
    }

    private func fitted(
        _ text: String, _ length: Int, _ column: DATEVColumn, _ line: ExportLine
    ) throws(ExportError) -> String {
        guard text.utf8.count <= length else {
            throw ExportError(
                .tooLong, close: line.closeReference, line: line.number, field: column.heading,
                value: text, remedy: "DATEV erlaubt hier höchstens \(length) Zeichen.")
        }
        return text
    }

    /// Texts of this file that Windows-1252 is known to have.
    private static func known(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    private static func doubled(_ text: String) -> String {
        text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    }

    private static func yearFirst(_ day: BusinessDay) -> String {
        "\(day.year)\(padded(day.month, 2))\(padded(day.day, 2))"
    }

    /// `20261120174447123`: date and time in UTC, with milliseconds.
    private static func stamp(_ timestamp: Timestamp) -> String {
        String(decoding: timestamp.iso.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self)
    }
}

/// One row, set column by column from left to right; columns left out stay empty.
private struct DATEVRow {
    private var bytes: [UInt8] = []
    private var next = 1

    private static let quote = UInt8(ascii: "\"")
    /// The empty row, and where each column begins in it; the separator comes before a column.
    private static let blank: (bytes: [UInt8], starts: [Int]) = {
        var (bytes, starts): ([UInt8], [Int]) = ([], [0])
        for column in 1...DATEVColumn.count {
            starts.append(bytes.count)
            if column > 1 { bytes.append(UInt8(ascii: ";")) }
            if DATEVColumn.texts.contains(column) { bytes += [quote, quote] }
        }
        starts.append(bytes.count)
        return (bytes, starts)
    }()

    mutating func set(_ column: DATEVColumn, _ text: String) {
        set(column, bytes: Array(text.utf8))
    }

    mutating func set(_ column: DATEVColumn, bytes value: [UInt8]) {
        skip(to: column.rawValue)
        if column.rawValue > 1 { bytes.append(UInt8(ascii: ";")) }
        let isText = DATEVColumn.texts.contains(column.rawValue)
        if isText { bytes.append(Self.quote) }
        for byte in value {
            if byte == Self.quote { bytes.append(byte) }
            bytes.append(byte)
        }
        if isText { bytes.append(Self.quote) }
        next = column.rawValue + 1
    }

    mutating func finish(into out: inout [UInt8]) {
        skip(to: DATEVColumn.count + 1)
        out.append(contentsOf: bytes)
        out.append(contentsOf: [0x0D, 0x0A])
    }

    private mutating func skip(to column: Int) {
        bytes.append(
            contentsOf: Self.blank.bytes[Self.blank.starts[next]..<Self.blank.starts[column]])
    }
}
