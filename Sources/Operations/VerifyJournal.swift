package import Calendars
import DayClosing
import Journal
import Sales
import Signing
package import Storage
import Text
import Transparency
import Units

/// What verification found.
package struct VerificationReport: Hashable, Sendable {
    /// The first place that does not fit, what does not, and what follows from it.
    package struct Misfit: Hashable, Sendable {
        package let yard: String
        /// Log index, where there is one.
        package let index: Int64?
        package let what: String
        package let consequence: String
    }

    package var entries: Int64 = 0
    package var signatures: Int64 = 0
    package var terminals = 0
    package var checkpoints: Int64 = 0
    package var closes = 0
    package var exports = 0
    /// Sales priced again from the stored tariff files, to the same cent.
    package var repriced: Int64 = 0
    /// Numbers that never arrived, by terminal; told, not an error.
    package var gaps: [String: [Int64]] = [:]
    package var roots: [String: String] = [:]
    package var misfit: Misfit?

    package init() {}
}

/// Recomputes everything from the stored bytes: signatures, tree, tiles, checkpoints, sequence
/// chains, search tables, tariff versions and the price of each sale, personal digests, closes
/// and exports. Needs no key of the server.
package struct JournalVerifier {
    private let reading: Reading
    private let calendar: LocalCalendar
    private var report = VerificationReport()

    private struct Stop: Error {
        let misfit: VerificationReport.Misfit
    }

    package init(reading: Reading, calendar: LocalCalendar) {
        self.reading = reading
        self.calendar = calendar
    }

    /// Verifies all yards; stops at the first misfit.
    package mutating func verify() throws -> VerificationReport {
        do {
            for yard in try reading.yards() { try verify(yard) }
        } catch let stop as Stop {
            report.misfit = stop.misfit
        }
        return report
    }

    private mutating func verify(_ yard: YardRow) throws {
        var log = LogReplay(
            yard: yard, calendar: calendar, tariffs: try reading.tariffs(yard: yard.number))
        let size = try reading.logSize(yard: yard.number)
        var checkpoints = try storedCheckpoints(yard)[...]
        try reading.entries(yard: yard.number, from: 0, to: size) { index, bytes in
            guard index == log.tree.size else {
                throw stop(yard, log.tree.size, "the entry is missing", "records were removed")
            }
            do {
                try log.add(bytes, reading)
            } catch let misfit as LogReplay.Misfit {
                throw stop(yard, index, misfit.what, misfit.consequence)
            }
            while let (size, note) = checkpoints.first, size == log.tree.size {
                try check(note, log, yard)
                checkpoints.removeFirst()
            }
        }
        if let (size, _) = checkpoints.first {
            throw stop(
                yard, size, "a checkpoint over \(size) entries was signed, \(log.tree.size) exist",
                "records at the end were removed")
        }
        report.entries += size
        report.signatures += size
        report.terminals += log.chains.count
        report.repriced += log.tariffs.repriced
        report.roots[yard.origin] = log.tree.root.base64
        for (terminal, missing) in log.gaps() {
            report.gaps["\(yard.id.text)/\(terminal)"] = missing
        }
        try compareTables(yard, log)
        try verifyCloses(yard)
        try verifyExports(yard)
    }

    private func storedCheckpoints(_ yard: YardRow) throws -> [(Int64, String)] {
        var all: [(Int64, String)] = []
        try reading.checkpoints(yard: yard.number) { all.append(($0, $1)) }
        return all
    }

    private mutating func check(_ note: String, _ log: LogReplay, _ yard: YardRow) throws {
        guard let key = log.keys.logKey(size: log.tree.size),
            let checkpoint = Self.checkpoint(in: note, signedBy: key),
            checkpoint.origin == yard.origin, checkpoint.size == log.tree.size
        else {
            throw stop(
                yard, log.tree.size, "the stored checkpoint is not signed by the log's key",
                "the checkpoint table was altered")
        }
        guard checkpoint.root == log.tree.root else {
            throw stop(
                yard, log.tree.size - 1, "the entries up to here do not give the signed root",
                "an entry at or before this index was altered after the checkpoint was signed")
        }
        report.checkpoints += 1
    }

    private static func checkpoint(in note: String, signedBy key: VerifierKey) -> Checkpoint? {
        do {
            let signed = try SignedNote.parse(Array(note.utf8))
            return try signed.verified(by: [key]) == [key] ? Checkpoint(body: signed.text) : nil
        } catch {
            return nil
        }
    }

    private func compareTables(_ yard: YardRow, _ log: LogReplay) throws {
        let stored = try reading.records(yard: yard.number)
        let rebuilt = log.rows.sorted { $0.position > $1.position }
        for (found, wanted) in zip(stored, rebuilt) where found != wanted {
            throw stop(
                yard, wanted.position.index, "the search table says something else than the entry",
                "lists may show wrong figures; the journal itself fits")
        }
        guard stored.count == rebuilt.count else {
            throw stop(
                yard, nil,
                "the search table has \(stored.count) rows, the journal "
                    + "\(rebuilt.count)", "lists may be incomplete; the journal itself fits")
        }
        guard try reading.quotaRows(yard: yard.number) == Set(log.quotaRows.map(\.words)) else {
            throw stop(
                yard, nil, "the table of quotas says something else than the sales",
                "the next price of a household may be wrong; the journal itself fits")
        }
        for row in rebuilt { try comparePersonal(row, yard) }
        try compareKeys(yard, log)
        if let differing = log.tariffs.differing {
            throw stop(
                yard, nil, "the table of tariffs says something else of \(differing) than the log",
                "terminals may get a wrong tariff; the journal itself fits")
        }
    }

    private func compareKeys(_ yard: YardRow, _ log: LogReplay) throws {
        for row in try reading.terminals(yard: yard.number) {
            let wanted = log.keys.terminals[row.id]
            let keys = try reading.terminalKeys(of: row.number)
            // The first number is kept only for keys that replaced another.
            let fits =
                keys.map(\.kid) == wanted?.keys.map(\.kid)
                && keys.map(\.key) == wanted?.keys.map(\.key.raw)
                && keys.map(\.start) == wanted?.keys.map(\.start)
                && keys.map(\.end) == wanted?.keys.map(\.end)
                && keys.dropFirst().map(\.first) == wanted?.keys.dropFirst().map(\.first)
                && row.kid == keys.last?.kid
                && (row.state == .revoked) == (wanted?.revocation != nil)
            guard fits else {
                throw stop(
                    yard, nil, "the register says other keys of \(row.id) than the log",
                    "records may be refused or flagged wrongly; the journal itself fits")
            }
        }
    }

    private func comparePersonal(_ row: RecordRow, _ yard: YardRow) throws {
        let disclosures = try reading.personal(at: row.position)
        guard !disclosures.isEmpty, let bytes = try reading.entry(at: row.position),
            case .terminal(let record) = try StoredRecord(
                position: row.position, bytes: bytes
            ).fact
        else { return }
        for disclosure in disclosures where !record.personal.contains(disclosure.digest) {
            throw stop(
                yard, row.position.index,
                "the personal field \(disclosure.name.rawValue) does not fit its digest",
                "the personal data beside the record was altered")
        }
    }

    private mutating func verifyCloses(_ yard: YardRow) throws {
        var previous: DayClose?
        let positions = try reading.serverRecords(yard: yard.number, kind: .close)
        for position in positions {
            guard let bytes = try reading.entry(at: position),
                case .server(let record) = try StoredRecord(position: position, bytes: bytes).fact,
                case .close(let body) = record.fact
            else { continue }
            let close = try DayClose(json: body, yard: yard.id)
            guard close.number == (previous?.number ?? 0) + 1, close.from == previous?.to ?? 0,
                close.grandTotalBefore == previous?.grandTotalAfter ?? .zero
            else {
                throw stop(
                    yard, position.index, "close \(close.number) does not continue the one before",
                    "a close is missing or was added")
            }
            let plan = try FinancePlan.kept(close.accountPlanDigest, reading)
            let reader = ClosedRecordReader(
                reading: reading, yard: yard.number, plan: plan, calendar: calendar)
            let totals = CloseTotals(
                records: try reader.records(from: close.from, to: close.to),
                businessDay: close.day,
                terminals: try reader.terminalRanges(from: close.from, to: close.to),
                unresolvedBefore: previous?.totals.unknown ?? [])
            guard totals == close.totals else {
                throw stop(
                    yard, position.index,
                    "close \(close.number) says other totals than its records",
                    "the close was made by another program or the records differ")
            }
            previous = close
            report.closes += 1
        }
        let rows = try reading.closes(yard: yard.number)
        guard rows.map(\.position) == positions else {
            throw stop(
                yard, nil, "the table of closes differs from the journal",
                "a close is hidden or added in the table")
        }
    }

    private mutating func verifyExports(_ yard: YardRow) throws {
        for position in try reading.serverRecords(yard: yard.number, kind: .export) {
            guard let bytes = try reading.entry(at: position),
                case .server(let record) = try StoredRecord(position: position, bytes: bytes).fact,
                case .export(let body) = record.fact
            else { continue }
            let export = try ExportBatch(json: body)
            for file in export.files {
                let stored = try reading.exportFile(
                    yard: yard.number, number: export.number, name: file.name)
                guard let stored, Digest.sha256(stored) == file.digest else {
                    throw stop(
                        yard, position.index,
                        "the file \(file.name) of export \(export.number) has another hash",
                        "do not import it; make the export again")
                }
            }
            report.exports += 1
        }
    }

    private func stop(_ yard: YardRow, _ index: Int64?, _ what: String, _ consequence: String)
        -> Stop
    {
        Stop(
            misfit: .init(
                yard: yard.id.text, index: index, what: what, consequence: consequence))
    }
}
