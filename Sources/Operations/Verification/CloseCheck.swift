import Calendars
import DayClosing
import Exports
import Journal
import Signing
import Storage
import Text
import Units

/// Checks the closes and exports of a yard against its records.
struct CloseCheck {
    let path: String
    let calendar: LocalCalendar
    let book: LogBook

    /// The closes continue each other, and each says what its records say.
    ///
    /// - Returns: how many there are.
    func closes(workers: Int) throws -> Int {
        let database = try ReadOnlyDatabase(path: path)
        let closes = try database.read { reading in
            try book.closes.map { ($0, try close(at: $0, reading)) }
        }
        let rows = try database.read { try $0.closes(yard: book.yard.number) }
        try database.close()
        guard rows.map(\.position.index) == book.closes else {
            throw LogMisfit(
                nil, "the table of closes differs from the journal",
                "a close is hidden or added in the table")
        }
        let line = PartLine<LogMisfit?>(count: closes.count, workers: workers)
        try line.run(workers: min(workers, max(1, closes.count))) {
            try ReadOnlyDatabase(path: path)
        } work: { number, database in
            let (index, close) = closes[number]
            let previous = number > 0 ? closes[number - 1].1 : nil
            return try database.read { try misfit(of: close, at: index, after: previous, $0) }
        } take: { misfit in
            if let misfit { throw misfit }
        }
        return closes.count
    }

    private func close(at index: Int64, _ reading: Reading) throws -> DayClose {
        guard case .server(let record) = try fact(at: index, reading),
            case .close(let body) = record.fact
        else { throw DamagedRow(table: "entry", position: index) }
        return try DayClose(json: body, yard: book.yard.id)
    }

    private func fact(at index: Int64, _ reading: Reading) throws -> StoredRecord.Fact {
        let position = LogPosition(yard: book.yard.number, index: index)
        guard let bytes = try reading.entry(at: position) else {
            throw DamagedRow(table: "entry", position: position.number)
        }
        return try StoredRecord(position: position, bytes: bytes).fact
    }

    private func misfit(
        of close: DayClose, at index: Int64, after previous: DayClose?, _ reading: Reading
    ) throws -> LogMisfit? {
        if let misfit = close.misfit(after: previous, at: index) { return misfit }
        let totals = try totals(of: close, after: previous, reading)
        guard totals == close.totals else {
            return LogMisfit(
                index, "close \(close.number) says other totals than its records",
                "the close was made by another program or the records differ")
        }
        return nil
    }

    private func totals(of close: DayClose, after previous: DayClose?, _ reading: Reading) throws
        -> CloseTotals
    {
        let plan = try FinancePlan.kept(close.accountPlanDigest, reading)
        let reader = ClosedRecordReader(
            reading: reading, yard: book.yard.number, plan: plan, calendar: calendar)
        var running = RunningTotals(
            businessDay: close.day, unresolvedBefore: previous?.totals.unknown ?? [])
        for from in stride(from: close.from, to: close.to, by: 1_024) {
            for record in try reader.records(from: from, to: min(from + 1_024, close.to)) {
                running.add(record)
            }
        }
        return running.totals(
            terminals: try reader.terminalRanges(from: close.from, to: close.to))
    }

    /// The stored files of each export have the hashes that the journal names.
    ///
    /// - Returns: how many exports there are.
    func exports() throws -> Int {
        let database = try ReadOnlyDatabase(path: path)
        for index in book.exports {
            try database.read { try checkExport(at: index, $0) }
        }
        try database.close()
        return book.exports.count
    }

    private func checkExport(at index: Int64, _ reading: Reading) throws {
        guard case .server(let record) = try fact(at: index, reading),
            case .export(let body) = record.fact
        else { throw DamagedRow(table: "entry", position: index) }
        let export = try ExportBatch(json: body)
        for file in export.files {
            let stored = try reading.exportFile(
                yard: book.yard.number, number: export.number, name: file.name)
            guard let stored, Digest.sha256(stored) == file.digest else {
                throw LogMisfit(
                    index, "the file \(file.name) of export \(export.number) has another hash",
                    "do not import it; make the export again")
            }
        }
    }
}
