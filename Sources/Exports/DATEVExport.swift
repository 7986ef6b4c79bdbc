package import DayClosing
import Ledger
import Signing
import Units

/// What a file for DATEV may hold: EXTF header 700, category 21 (Buchungsstapel), format version
/// 13, Windows-1252, CR LF.
package enum DATEVFile {
    /// The most bookings that one file may hold.
    package static let rowCountMax = 99_999
    /// Of the name, without `EXTF_` and `.csv`.
    static let nameLengthMax = 51
    /// DATEV's 50 MB, in millions of bytes.
    package static let byteCountMax = 50_000_000
    /// Characters of the first line, without its line end.
    static let headLengthMax = 1_000
    /// What the first two lines, at their longest, leave for rows.
    static let rowByteCountMax = byteCountMax - headLengthMax - 2 - DATEVRows.headings.count

    /// Rows in order, cut where a file is full: by their number or by their bytes.
    ///
    /// - Parameter lengths: the bytes of each row with its line end.
    static func parts(ofRowLengths lengths: [Int]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var (start, byteCount) = (0, 0)
        for (place, length) in lengths.enumerated() {
            let isFull =
                place - start == rowCountMax || byteCount + length > rowByteCountMax
            if isFull && place > start {
                parts.append(start..<place)
                (start, byteCount) = (place, 0)
            }
            byteCount += length
        }
        return start < lengths.count ? parts + [start..<lengths.count] : parts
    }
}

/// Writes the files for DATEV: one for each month (and fiscal year) of the rows' dates, because a
/// row holds no year and DATEV advises one file for each posting period; several for a month with
/// more rows or bytes than a file may hold; none where no money moved.
///
/// Rows are totals, so that what is held does not grow with the records.
package struct DATEVWriter: ExportWriter {
    private let settings: DATEVSettings
    private let run: String
    private var closes: [PlannedClose] = []
    private var groups: [Period: [ExportLine]] = [:]
    private var files: [GrowingFile] = []

    /// - Parameter run: what the file says about its origin (header field 31), at most 16 ASCII
    ///   characters.
    package init(_ settings: DATEVSettings, run: String = "") {
        self.settings = settings
        self.run = run
    }

    package mutating func begin(_ close: PlannedClose) { closes.append(close) }

    package mutating func add(_ record: ClosedRecord) {}

    package mutating func end(_ totals: TotalLines) throws(ExportError) {
        guard let close = closes.last else { return }
        for line in try totals.lines(of: close) {
            groups[try settings.period(of: line), default: []].append(line)
        }
    }

    package mutating func finish() throws(ExportError) {
        guard run.utf8.count <= 16, run.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ExportError(
                .tooLong, field: "Anwendungsinformation", value: run,
                remedy: "Erlaubt sind höchstens 16 Zeichen ohne Umlaute.")
        }
        // A fiscal year may begin inside a month, and a month may fill several files.
        var places: [[Int]: Int] = [:]
        for (period, lines) in groups.sorted(by: { $0.key.start < $1.key.start }) {
            var rows = DATEVRows(settings: settings)
            for line in lines { try rows.append(line) }
            var start = 0
            for part in DATEVFile.parts(ofRowLengths: rows.lengths) {
                let place = (places[[period.year, period.month]] ?? 0) + 1
                places[[period.year, period.month]] = place
                let suffix = place == 1 ? "" : "_\(place)"
                let end = start + rows.lengths[part].reduce(0, +)
                files.append(
                    try settings.file(
                        of: lines[part], rows.bytes[start..<end], in: period, suffix: suffix,
                        closes.map(\.close), run: run))
                start = end
            }
        }
        groups = [:]
    }

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        for place in files.indices { try body(&files[place]) }
    }
}

extension [PlannedClose] {
    /// What a file for DATEV says about its origin: 16 hexadecimal digits that exports of the same
    /// closes have in common, and no others.
    package var runMark: String {
        let closes = map { "\($0.reference) \($0.close.approvedAt.iso)\n" }.joined()
        return String(Digest.sha256([UInt8](closes.utf8)).hex.prefix(16))
    }
}

/// The dates that may share a file.
private struct Period: Hashable {
    let year: Int
    let month: Int
    let fiscalYear: BusinessDay

    var start: (Int, Int, Int) { (year, month, fiscalYear.ordinal) }
}

extension DATEVSettings {
    fileprivate func period(of line: ExportLine) throws(ExportError) -> Period {
        let date = line.key.date
        guard (2000...2099).contains(date.year), let start = fiscalYear(of: date),
            start.year >= 2000
        else {
            throw ExportError(
                .dateOutOfRange, close: line.closeReference, line: line.number,
                field: DATEVColumn.documentDate.heading, value: date.iso,
                remedy: "DATEV kennt nur die Jahre 2000 bis 2099. Prüfen Sie die Uhr des "
                    + "Terminals.")
        }
        return Period(year: date.year, month: date.month, fiscalYear: start)
    }

    fileprivate func file(
        of lines: ArraySlice<ExportLine>, _ rows: ArraySlice<UInt8>, in period: Period,
        suffix: String, _ all: [DayClose], run: String
    ) throws(ExportError) -> GrowingFile {
        let used = Set(lines.map(\.closeReference))
        let closes = all.filter { used.contains($0.reference) }
        let label = Self.label(of: closes)
        let head = try DATEVRows(settings: self).head(
            lines.map(\.key.date), fiscalYear: period.fiscalYear,
            created: closes.map(\.approvedAt).max(), label: label.sentence, run: run)
        let name = "\(label.name)_\(period.year)-\(padded(period.month, 2))\(suffix)"
        guard name.utf8.count <= DATEVFile.nameLengthMax else {
            throw ExportError(
                .tooLong, field: "Dateiname", value: name,
                remedy: "DATEV erlaubt \(DATEVFile.nameLengthMax) Zeichen. Exportieren Sie je "
                    + "Hof einzeln oder geben Sie dem Hof ein kürzeres Kennzeichen.")
        }
        return GrowingFile(
            name: "EXTF_\(name).csv", bytes: head + rows, rowCount: Int64(lines.count))
    }

    /// The batch in a file name and in header field 17 (at most 30 of letters, digits, `_.-/ `).
    private static func label(of closes: [DayClose]) -> (name: String, sentence: String) {
        let yards = Set(closes.map(\.yard.text)).sorted()
        let numbers = closes.map(\.number).sorted()
        guard let first = numbers.first, let last = numbers.last else { return ("", "") }
        let range = first == last ? "\(first)" : "\(first)-\(last)"
        let yard = yards.count == 1 ? yards[0] : "\(yards.count)_hoefe"
        let name =
            first == last
            ? "\(yard)_\(padded(first, 6))" : "\(yard)_\(padded(first, 6))-\(padded(last, 6))"
        return (name, "Abschluss \(range)".prefix(30).description)
    }
}
