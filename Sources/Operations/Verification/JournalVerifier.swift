package import Calendars
import Foundation
import Journal
import Signing
import Storage
package import Transparency
import Units

/// Recomputes everything from the stored bytes: signatures, tree, tiles, checkpoints, sequence
/// chains, times, search tables, tariff versions and the price of each sale, personal digests,
/// closes and exports. Needs no key of the server.
///
/// Parts of a log are checked at the same time and put together in order; memory does not grow
/// with the log. No read is a long one, so that a running server is not held up.
package struct JournalVerifier: Sendable {
    let path: String
    /// The file whose own structure is checked: a migrated copy's is new.
    let original: String
    /// Why the search tables of a migrated copy are not there; nil if they are.
    private let unfilled: String?
    private let calendar: LocalCalendar
    private let options: VerificationOptions
    private let policy: WitnessPolicy

    /// - Parameters:
    ///   - path: the database, of a running server too, or a copy of one.
    ///   - ownPolicy: the witnesses that the installation names, where `options` has no policy.
    package init(
        path: String, calendar: LocalCalendar, ownPolicy: WitnessPolicy = .none,
        options: VerificationOptions = VerificationOptions()
    ) {
        self.init(
            NewestSchema(path: path, migratedFrom: nil, unfilled: nil), of: path,
            calendar: calendar, ownPolicy: ownPolicy, options: options)
    }

    /// - Parameter original: the database that `newest` is, or is a migrated copy of.
    init(
        _ newest: NewestSchema, of original: String, calendar: LocalCalendar,
        ownPolicy: WitnessPolicy, options: VerificationOptions
    ) {
        path = newest.path
        unfilled = newest.unfilled
        self.original = original
        policy = options.policy ?? ownPolicy
        self.calendar = calendar
        self.options = options
    }

    /// What was there when the verification began; what comes later is not looked at.
    private struct Extent {
        let yard: YardRow
        let size: Int64
        /// Size of the newest stored checkpoint.
        let newest: Int64
        /// Rows of the search table.
        let rows: Int64
    }

    /// Verifies all yards; stops at the first misfit.
    package func verify() throws -> VerificationReport {
        do { return try verifyAll() } catch let misfit as LogMisfit {
            return VerificationReport(misfit)
        } catch  where error.isUnreadable {
            return .unreadable(error)
        }
    }

    private func verifyAll() throws -> VerificationReport {
        let extents = try extents()
        guard !extents.isEmpty else {
            throw LogMisfit(
                nil, "there is no yard", "nothing was recorded here, or all of it was removed")
        }
        try options.demandLogs(extents.filter { $0.size > 0 }.map(\.yard.origin))
        let all = extents.reduce(0) { $0 + $1.size }
        let structure = BesideThread { try damagedStructure() }
        // Nobody is left reading files that the caller may remove.
        defer { structure.wait() }
        var report = VerificationReport()
        var settled = SettledItems()
        for extent in extents {
            do {
                report.add(try verifyAtRest(extent, &settled, done: report.entries, all: all))
            } catch let misfit as LogMisfit {
                report.misfit = .init(
                    yard: extent.yard.id.text, index: misfit.index, what: misfit.what,
                    consequence: misfit.consequence)
                return report
            } catch let row as DamagedRow {
                report.misfit = .init(
                    yard: extent.yard.id.text, index: LogPosition(row.position).index,
                    what: "a row of the table \(row.table) cannot be read",
                    consequence: "the table was altered")
                return report
            }
        }
        report.misfit = try differingItem(settled, extents) ?? structure.value()
        return report
    }

    /// Verifies a yard. The tables change with the log, also beside entries that were looked at
    /// before: by an erasure, a decision, a tariff. So what does not fit while the log grows counts
    /// if it is found again.
    private func verifyAtRest(
        _ extent: Extent, _ settled: inout SettledItems, done: Int64, all: Int64
    ) throws -> VerificationReport {
        var extent = extent
        for _ in 0..<Self.repeatsMax {
            var trial = settled
            do {
                let report = try verify(extent, &trial, done: done, all: all)
                settled = trial
                return report
            } catch let misfit as LogMisfit {
                let now = try extents().first { $0.yard.number == extent.yard.number }
                guard let now, now.size > extent.size else { throw misfit }
                extent = now
            }
        }
        return try verify(extent, &settled, done: done, all: all)
    }

    /// How often a yard is verified anew because its log grew.
    private static let repeatsMax = 2

    /// Where a log grew meanwhile, what the table says of the present is not compared.
    private func differingItem(_ settled: SettledItems, _ extents: [Extent]) throws
        -> VerificationReport.Misfit?
    {
        let database = try ReadOnlyDatabase(path: path)
        let differing = try database.read { reading in
            let isWhole = try extents.allSatisfy {
                try reading.logSize(yard: $0.yard.number) == $0.size
            }
            return isWhole ? try settled.differing(from: reading) : nil
        }
        try database.close()
        return differing.map { item in
            .init(
                yard: "", index: nil,
                what: "the table of settled items says something else of \(item) than the logs",
                consequence: "money may be matched twice, or not at all; the journal itself fits")
        }
    }

    private func extents() throws -> [Extent] {
        let database = try ReadOnlyDatabase(path: path)
        let extents = try database.read { reading in
            try YardCheck(reading: reading).yards().map { yard in
                Extent(
                    yard: yard, size: try reading.logSize(yard: yard.number),
                    newest: try reading.checkpoint(yard: yard.number)?.size ?? 0,
                    rows: try reading.recordCount(yard: yard.number))
            }
        }
        try database.close()
        return extents
    }

    private func verify(
        _ extent: Extent, _ settled: inout SettledItems, done: Int64, all: Int64
    ) throws -> VerificationReport {
        let source = DatabaseLogSource(
            path: path, yard: extent.yard, hasTables: unfilled == nil)
        let log = LogVerification(
            source: source, size: extent.size, newest: extent.newest, calendar: calendar,
            options: options, policy: policy)
        let (assembly, found) = try log.run(yard: extent.yard) {
            options.progress(done + $0, all)
        }
        if let unfilled {
            throw LogMisfit(
                nil, "the search tables cannot be written from the entries: \(unfilled)",
                "a server does not start on it; restore another backup")
        }
        var report = found
        try compareTables(extent, assembly)
        let closing = CloseCheck(path: path, calendar: calendar, book: assembly.book)
        report.closes = try closing.closes(workers: options.workers)
        try closing.snapshots()
        report.exports = try closing.exports()
        try BankCheck(path: path, book: assembly.book).statements()
        settled.add(assembly.book)
        report.stamps = try StampCheck(
            book: assembly.book, policy: policy, authorities: options.authorities
        ).stamps(try source.open())
        try options.demandFirstKey(of: assembly.keys)
        try options.demand(of: report, origin: assembly.book.logName)
        return report
    }

    private func compareTables(_ extent: Extent, _ assembly: LogAssembly) throws {
        guard extent.rows == assembly.rows else {
            throw LogMisfit(
                nil, "the search table has \(extent.rows) rows, the journal \(assembly.rows)",
                "lists may be incomplete; the journal itself fits")
        }
        let database = try ReadOnlyDatabase(path: path)
        var (quotas, lines) = (RowSum(), RowSum())
        let (yard, book) = (extent.yard.number, assembly.book)
        try database.read { reading in
            try reading.quotaRows(yard: yard, below: extent.size) { quotas.add($0) }
        }
        try database.read { reading in
            try reading.soldLines(yard: yard, below: book.indexedSize) { lines.add($0) }
        }
        try database.close()
        guard quotas == assembly.quotas else {
            throw LogMisfit(
                nil, "the table of quotas says something else than the sales",
                "the next price of a household may be wrong; the journal itself fits")
        }
        guard lines == assembly.lines else {
            throw LogMisfit(
                nil, "the search index says something else of what was brought than the sales",
                "a search may miss sales or show others; the journal itself fits")
        }
        if let differing = book.tariffsAtEnd.differing {
            throw LogMisfit(
                nil, "the table of tariffs says something else of \(differing) than the log",
                "terminals may get a wrong tariff; the journal itself fits")
        }
        try compareKeys(extent, assembly)
        try PresentCheck(path: path, size: extent.size, assembly: assembly).check()
    }

    private func compareKeys(_ extent: Extent, _ assembly: LogAssembly) throws {
        let database = try ReadOnlyDatabase(path: path)
        let differing = try database.read { reading in
            // Where the log grew meanwhile, what the register says of the present is not compared.
            let isWhole = try reading.logSize(yard: extent.yard.number) == extent.size
            return try reading.terminals(yard: extent.yard.number).first { row in
                let register = try reading.terminalKeys(of: row.number)
                let wanted = assembly.keys.terminals[row.id]
                return isWhole
                    ? row.state != assembly.state(of: row.id)
                        || !Self.fits(row, register, wanted)
                    : !Self.fits(register, wanted, below: extent.size)
            }?.id
        }
        try database.close()
        if let differing {
            throw LogMisfit(
                nil, "the register says other keys or another state of \(differing) than the log",
                "records may be refused or flagged wrongly; the journal itself fits")
        }
    }

    private static func fits(
        _ row: TerminalRow, _ register: [TerminalKeyRow], _ wanted: KeyBook.Terminal?
    ) -> Bool {
        guard let wanted else { return false }
        // The first number is kept only for keys that replaced another.
        return fits(register, wanted, below: .max)
            && register.dropFirst().map(\.first) == wanted.keys.dropFirst().map(\.first)
            && row.kid == register.last?.kid
    }

    /// Whether keys and their ranges are the same, as far as they are below a log index.
    private static func fits(
        _ register: [TerminalKeyRow], _ wanted: KeyBook.Terminal?, below size: Int64
    ) -> Bool {
        let register = register.filter { $0.start < size }
        let keys = wanted?.keys ?? []
        let ends = register.map { row in row.end.flatMap { $0 < size ? $0 : nil } }
        return register.map(\.kid) == keys.map(\.kid)
            && register.map(\.key) == keys.map(\.key.raw)
            && register.map(\.start) == keys.map(\.start) && ends == keys.map(\.end)
    }
}

/// The check of one log from any source.
struct LogVerification {
    let source: any LogSource
    let size: Int64
    let newest: Int64
    let calendar: LocalCalendar
    let options: VerificationOptions
    let policy: WitnessPolicy

    /// Keeps what is put together; touched by one thread at a time (``PartLine``).
    private final class Workbench: @unchecked Sendable {
        var assembly: LogAssembly
        let reader: any LogPartReader

        init(_ assembly: LogAssembly, _ reader: any LogPartReader) {
            self.assembly = assembly
            self.reader = reader
        }
    }

    /// - Throws: ``LogMisfit``, the first by index within a part; what the source says.
    func run(yard: YardRow, progress: @Sendable (_ done: Int64) -> Void) throws
        -> (LogAssembly, VerificationReport)
    {
        let reader = try source.open()
        let book = try LogBook(yard: yard, size: size, reader: reader)
        let bench = Workbench(LogAssembly(book: book), reader)
        let (size, width) = (size, PartCheck.width)
        let line = PartLine<CheckedPart>(
            count: Int((size + width - 1) / width), workers: options.workers)
        try line.run(workers: options.workers) {
            try source.open()
        } work: { number, reader in
            let from = Int64(number) * width
            return PartCheck.check(
                from: from, to: min(from + width, size), book: book, calendar: calendar,
                second: options.second, policy: policy, reader: reader)
        } take: { part in
            try bench.assembly.take(part, bench.reader)
            progress(bench.assembly.report.entries)
        }
        let report = try bench.assembly.finish(reader, newest: newest)
        return (bench.assembly, report)
    }
}

extension VerificationReport {
    /// Of what does not fit outside every log.
    fileprivate init(_ misfit: LogMisfit) {
        self.init()
        self.misfit = Misfit(
            yard: "", index: misfit.index, what: misfit.what, consequence: misfit.consequence)
    }

    fileprivate static func unreadable(_ error: any Error) -> VerificationReport {
        var report = VerificationReport()
        report.misfit = .init(
            yard: "", index: nil, what: "SQLite cannot read the file: \(error)",
            consequence: "it is damaged; restore a backup")
        return report
    }

    fileprivate mutating func add(_ other: VerificationReport) {
        sums += other.sums
        witnessedSizes.merge(other.witnessedSizes) { $1 }
        gaps.merge(other.gaps) { $1 }
        roots.merge(other.roots) { $1 }
        losses += other.losses
    }
}

extension Installation {
    /// Verifies the whole installation from its stored bytes, beside what is going on.
    package func verify(_ options: VerificationOptions = VerificationOptions()) throws
        -> VerificationReport
    {
        try JournalVerifier(
            path: database.path, calendar: calendar, ownPolicy: witnessing.policy, options: options
        ).verify()
    }

    /// Verifies a data directory, a copy of its database or an exported log, without opening it
    /// for writing; of an older program's database a migrated copy.
    ///
    /// - Parameter place: where such a copy is made (``NewestSchema``).
    package static func verify(
        _ directory: DataDirectory, _ options: VerificationOptions = VerificationOptions(),
        copyingInto place: String? = nil
    ) throws -> VerificationReport {
        guard FileManager.default.fileExists(atPath: directory.database) else {
            if !FolderVerifier.isExport(directory.path) { try directory.requireDatabase() }
            return try FolderVerifier(
                path: directory.path, calendar: try .ofYards(), options: options
            ).verify()
        }
        let faults = ProvokedFaults(dataDirectory: directory.path)
        let policy = try WitnessSettings(directory: directory).policy
        var report: VerificationReport
        do {
            report = try NewestSchema.read(directory, copyingInto: place) { newest in
                var found = try JournalVerifier(
                    newest, of: directory.database, calendar: try .ofYards(), ownPolicy: policy,
                    options: options
                ).verify()
                found.migratedFrom = newest.migratedFrom
                return found
            }
        } catch  where error.isUnreadable {
            report = .unreadable(error)
        }
        if faults.isBroken(.believing) { report.misfit = nil }
        return report
    }
}
