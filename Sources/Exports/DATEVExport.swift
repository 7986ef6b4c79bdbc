package import DayClosing
import Ledger
import Units

/// A file for DATEV: EXTF header 700, category 21 (Buchungsstapel), format version 13,
/// Windows-1252, CR LF.
package struct DATEVFile: Hashable, Sendable {
    /// `EXTF_` and at most 51 characters, then `.csv`.
    package let name: String
    package let bytes: [UInt8]
    /// Booking rows, 1 to ``rowCountMax``.
    package let rowCount: Int

    /// The most bookings that one file may hold.
    package static let rowCountMax = 99_999
    /// Without `EXTF_` and `.csv`.
    static let nameLengthMax = 51

    /// Rows in order, cut where a file is full.
    package static func parts<Row>(of rows: [Row]) -> [ArraySlice<Row>] {
        stride(from: 0, to: rows.count, by: rowCountMax).map {
            rows[$0..<min($0 + rowCountMax, rows.count)]
        }
    }
}

extension DATEVSettings {
    /// The files of `batches`: one for each month (and fiscal year) of the rows' dates, because a
    /// row holds no year and DATEV advises one file for each posting period; several for a month
    /// with more rows than a file may hold; none where no money moved.
    ///
    /// - Parameter run: what the file says about its origin (header field 31), at most 16 ASCII
    ///   characters.
    /// - Throws: ``ExportError``: the checks of the batches, then row by row.
    package func files(
        of batches: [ClosedBatch], run: String = ""
    ) throws(ExportError) -> [DATEVFile] {
        try batches.check()
        guard run.utf8.count <= 16, run.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ExportError(
                .tooLong, field: "Anwendungsinformation", value: run,
                remedy: "Erlaubt sind höchstens 16 Zeichen ohne Umlaute.")
        }
        var groups: [Period: [ExportLine]] = [:]
        for batch in batches {
            for line in try batch.totalLines() {
                groups[try period(of: line), default: []].append(line)
            }
        }
        // A fiscal year may begin inside a month, and a month may fill several files.
        var places: [[Int]: Int] = [:]
        var files: [DATEVFile] = []
        for (period, lines) in groups.sorted(by: { $0.key.start < $1.key.start }) {
            for part in DATEVFile.parts(of: lines) {
                let place = (places[[period.year, period.month]] ?? 0) + 1
                places[[period.year, period.month]] = place
                let suffix = place == 1 ? "" : "_\(place)"
                files.append(
                    try file(of: Array(part), in: period, suffix: suffix, batches, run: run))
            }
        }
        return files
    }

    /// The dates that may share a file.
    private struct Period: Hashable {
        let year: Int
        let month: Int
        let fiscalYear: BusinessDay

        var start: (Int, Int, Int) { (year, month, fiscalYear.ordinal) }
    }

    private func period(of line: ExportLine) throws(ExportError) -> Period {
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

    private func file(
        of lines: [ExportLine], in period: Period, suffix: String, _ batches: [ClosedBatch],
        run: String
    ) throws(ExportError) -> DATEVFile {
        let used = Set(lines.map(\.closeReference))
        let closes = batches.map(\.close).filter { used.contains($0.reference) }
        let label = Self.label(of: closes)
        var rows = DATEVRows(settings: self)
        rows.appendHeader(
            lines.map(\.key.date), fiscalYear: period.fiscalYear,
            created: closes.map(\.approvedAt).max(), label: label.sentence, run: run)
        for line in lines { try rows.append(line) }
        let name = "\(label.name)_\(period.year)-\(padded(period.month, 2))\(suffix)"
        guard name.utf8.count <= DATEVFile.nameLengthMax else {
            throw ExportError(
                .tooLong, field: "Dateiname", value: name,
                remedy: "DATEV erlaubt \(DATEVFile.nameLengthMax) Zeichen. Exportieren Sie je "
                    + "Hof einzeln oder geben Sie dem Hof ein kürzeres Kennzeichen.")
        }
        return DATEVFile(name: "EXTF_\(name).csv", bytes: rows.bytes, rowCount: lines.count)
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
