import Calendars
import DayClosing
import Exports
import Journal
import Sales
import Signing
import Storage
import Text
import Units

/// Checks the closes, audit snapshots and exports of a yard against its records.
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
        let rows = try database.read { try foldedRows(.close, $0) }
        try database.close()
        guard rows.keys.sorted() == book.closes else {
            throw LogMisfit(
                nil, "the table of closes differs from the journal",
                "a close is hidden or added in the table")
        }
        for (index, close) in closes {
            let wanted = FoldedTable.words(
                book.yard.number, close.number, close.day.ordinal, close.to)
            guard rows[index] == [wanted] else {
                throw LogMisfit(
                    index, "the table of closes says something else than close \(close.number)",
                    "a sale may be taken for closed that is not; the journal itself fits")
            }
        }
        let all = closes.map(\.1)
        let line = PartLine<LogMisfit?>(count: closes.count, workers: workers)
        try line.run(workers: min(workers, max(1, closes.count))) {
            try ReadOnlyDatabase(path: path)
        } work: { number, database in
            let (index, close) = closes[number]
            let earlier = all[..<number]
            return try database.read { try misfit(of: close, at: index, after: earlier, $0) }
        } take: { misfit in
            if let misfit { throw misfit }
        }
        var series = CloseSeries()
        for (index, close) in closes { try series.add(close, at: index) }
        return closes.count
    }

    private func foldedRows(_ table: FoldedTable, _ reading: Reading) throws -> [Int64: [String]] {
        let (from, to) = (
            LogPosition(yard: book.yard.number, index: 0),
            LogPosition(yard: book.yard.number, index: book.size)
        )
        return try reading.foldedRows(table, from: from, to: to)
    }

    func close(at index: Int64, _ reading: Reading) throws -> DayClose {
        guard case .server(let record) = try fact(at: index, reading),
            case .close(let body) = record.fact
        else { throw DamagedRow(table: "entry", position: index) }
        let position = LogPosition(yard: book.yard.number, index: index)
        do { return try CloseBody.read(body, of: book.yard.id, at: position, reading) } catch {
            throw LogMisfit.unreadableClose(at: index, error)
        }
    }

    func fact(at index: Int64, _ reading: Reading) throws -> StoredRecord.Fact {
        let position = LogPosition(yard: book.yard.number, index: index)
        guard let bytes = try reading.entry(at: position) else {
            throw DamagedRow(table: "entry", position: position.number)
        }
        return try StoredRecord(position: position, bytes: bytes).fact
    }

    private func misfit(
        of close: DayClose, at index: Int64, after earlier: ArraySlice<DayClose>, _ reading: Reading
    ) throws -> LogMisfit? {
        let previous = earlier.last
        if let misfit = close.misfit(after: previous, at: index) { return misfit }
        let held = HeldSpan(close.from..<max(close.from, close.to), on: close.day, after: previous)
        let plan = try plan(close.accountPlanDigest, at: index, reading)
        let tellings = try tellings(of: held, plan: plan, reading)
        guard tellings.contains(where: { $0.agrees(with: close.totals) }) else {
            return LogMisfit(
                index, "close \(close.number) says other totals than its records",
                "the close was made by another program or the records differ")
        }
        return close.misfitOfAccounts(plan, after: earlier).map {
            LogMisfit(
                index, "close \(close.number) \($0)",
                "the close was made by another program or a close differs")
        }
    }

    /// What is added up for a close or a snapshot.
    struct HeldSpan {
        let indexes: Range<Int64>
        let day: BusinessDay
        let unresolvedBefore: [SaleReference]

        init(_ indexes: Range<Int64>, on day: BusinessDay, after previous: DayClose?) {
            self.indexes = indexes
            self.day = day
            unresolvedBefore = previous?.totals.unknown ?? []
        }
    }

    /// The account plan that the entry at `index` names, as it was kept.
    func plan(_ digest: String, at index: Int64, _ reading: Reading) throws -> AccountPlan {
        do { return try FinancePlan.kept(digest, reading) } catch is OperationsError {
            throw LogMisfit(
                index, "the account plan \(digest) that it was made with is not kept as it was",
                "its totals cannot be added up again; a backup may hold the plan")
        }
    }

    /// What a close or a snapshot of `held` may say.
    func tellings(
        of held: HeldSpan, plan: AccountPlan, _ reading: Reading
    ) throws -> [CloseTotals] {
        let reader = ClosedRecordReader(
            reading: reading, yard: book.yard.number, plan: plan, calendar: calendar)
        var running = RunningTotals(
            businessDay: held.day, unresolvedBefore: held.unresolvedBefore)
        let (from, to) = (held.indexes.lowerBound, held.indexes.upperBound)
        try reader.each(from: from, to: to) { running.add($0) }
        return running.tellings(terminals: try reader.terminalRanges(from: from, to: to))
    }

    /// The stored files of each export have the hashes that the journal names.
    ///
    /// - Returns: how many exports there are.
    func exports() throws -> Int {
        let database = try ReadOnlyDatabase(path: path)
        let rows = try database.read { try foldedRows(.export, $0) }
        for index in book.exports {
            try database.read { try checkExport(at: index, row: rows[index], $0) }
        }
        try database.close()
        guard rows.count == book.exports.count else {
            throw LogMisfit(
                nil, "the table of exports differs from the journal",
                "an export is added in the table")
        }
        return book.exports.count
    }

    private func checkExport(at index: Int64, row: [String]?, _ reading: Reading) throws {
        guard case .server(let record) = try fact(at: index, reading),
            case .export(let body) = record.fact
        else { throw DamagedRow(table: "entry", position: index) }
        let export = try ExportBatch(json: body)
        guard
            row == [FoldedTable.words(book.yard.number, export.number, export.profile)]
        else {
            throw LogMisfit(
                index, "the table of exports says something else than export \(export.number)",
                "an export is hidden, or stands under another format")
        }
        for file in export.files {
            let digest = try digest(ofFile: file.name, export.number, reading)
            guard digest == file.digest else {
                throw LogMisfit(
                    index, "the file \(file.name) of export \(export.number) has another hash",
                    "do not import it; make the export again")
            }
        }
    }

    /// Of the bytes that are kept; nil where there are none, or a part is missing.
    private func digest(ofFile name: String, _ number: Int64, _ reading: Reading) throws -> Digest?
    {
        let kept = try reading.exportFile(yard: book.yard.number, number: number, name: name)
        guard let kept else { return nil }
        var hash = Digest.Stream()
        do { try reading.eachPart(of: kept) { hash.append($0) } } catch is DamagedRow { return nil }
        return hash.finish()
    }
}

/// Closes of a yard one after the other: what they say of their batch cuts, and leave out.
struct CloseSeries {
    private var cuts = CutSequence()
    private var last: DayClose?

    /// - Throws: ``LogMisfit`` for a close that does not fit to those added before.
    mutating func add(_ close: DayClose, at index: Int64) throws {
        if let words = close.misfit(after: last, cuts: cuts) {
            throw LogMisfit(
                index, "close \(close.number) \(words)",
                "the close was made by another program or was altered")
        }
        cuts.add(close.cuts, of: close.number)
        last = close
    }
}

extension LogMisfit {
    static func unreadableClose(at index: Int64, _ error: any Error) -> LogMisfit {
        LogMisfit(
            index, "the close cannot be read (\(error))",
            "its stored detail is missing, or it was altered")
    }
}

extension DayClose {
    /// What does not continue the close before, or does not fit in itself; nil if all does.
    func misfit(after previous: DayClose?, at index: Int64) -> LogMisfit? {
        misfit(after: previous?.mark ?? .start).map {
            LogMisfit(index, "close \(number) \($0)", "a close is missing, was added or altered")
        }
    }
}
