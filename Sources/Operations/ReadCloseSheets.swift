import Calendars
package import CloseSheets
import DayClosing
import Foundation
import Journal
package import People
import Signing
import Storage
import Transparency
import Units

extension Installation {
    /// The sheet of a close that is final: a function of its record, so the same every time.
    ///
    /// - Throws: ``OperationsError/closeUnknown(_:)``.
    package func closeSheet(_ number: Int64, of yard: Yard) throws -> CloseSheet {
        try database.read { reading in
            let row = try row(ofClose: number, yard, reading)
            let close = try close(row, of: yard, reading)
            return CloseSheet(close, try facts(of: close, at: row.position, yard, reading))
        }
    }

    /// The archive file of a close (PDF/A-1b). Blocks a thread of its own while it is made.
    ///
    /// - Throws: ``OperationsError`` (`closeUnknown`, `sheetProgram`, `sheetFailed`).
    package func closeFile(_ number: Int64, of yard: Yard) async throws -> [UInt8] {
        let document = try closeSheet(number, of: yard).typst
        let printer = sheets
        let outcome: Result<[UInt8], SheetPrinterError> =
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<[UInt8], SheetPrinterError>, Never>) in
                Thread.detachNewThread {
                    continuation.resume(
                        returning: Result { () throws(SheetPrinterError) in
                            try printer.pdf(document)
                        })
                }
            }
        switch outcome {
        case .success(let bytes): return bytes
        case .failure(.missing(let path)): throw OperationsError.sheetProgram(path: path)
        case .failure(.failed(let words)): throw OperationsError.sheetFailed(words)
        }
    }

    /// The totals since the last close as a sheet (X report); numbered by nothing, closes nothing.
    /// While a count waits, who counts blind sees what is counted, and everybody else all there is.
    ///
    /// - Throws: ``OperationsError/countFirst``.
    package func interimSheet(of yard: Yard, for person: Person) throws -> CloseSheet {
        let progress = try closeProgress(of: yard)
        guard !progress.isHidden(from: person) else { throw OperationsError.countFirst }
        let isMore = progress.draft != nil && !(progress.isBlind && person.countsDays)
        let (previous, totals) =
            try isMore
            ? openTotals(of: yard) : (previous: progress.previous, totals: progress.totals)
        let now = clock()
        return CloseSheet(
            interim: "Zwischenbericht (X)", of: totals,
            before: previous?.grandTotalAfter ?? .zero,
            at: now, subtitle: "\(yard.genesis.town), \(yard.genesis.yardName)",
            facts: [
                CloseSheet.Fact("Stand", calendar.german(now)),
                CloseSheet.Fact(
                    "Letzter Abschluss",
                    previous.map { "Nr. \(GermanFormat.grouped($0.number))" } ?? "keiner"),
            ])
    }

    /// An audit snapshot as a sheet.
    ///
    /// - Throws: as ``snapshot(_:of:for:)``.
    package func snapshotSheet(_ number: Int64, of yard: Yard, for person: Person) throws
        -> CloseSheet
    {
        let (snapshot, position) = try snapshot(number, of: yard, for: person)
        let taker = try database.read { try $0.person(snapshot.by) }?.person
        return CloseSheet(
            interim: "Zwischenprüfung Nr. \(GermanFormat.grouped(number))", of: snapshot.totals,
            before: snapshot.grandTotalBefore, at: snapshot.at,
            subtitle: "\(yard.genesis.town), \(yard.genesis.yardName)",
            facts: [
                CloseSheet.Fact("Festgehalten", calendar.german(snapshot.at)),
                CloseSheet.Fact("Von", taker?.name ?? snapshot.by.text),
                CloseSheet.Fact("Anlass", snapshot.reason),
                CloseSheet.Fact(
                    "Letzter Abschluss",
                    snapshot.afterClose == 0
                        ? "keiner" : "Nr. \(GermanFormat.grouped(snapshot.afterClose))"),
                CloseSheet.Fact("Eintrag im Protokoll", GermanFormat.grouped(position.index)),
            ])
    }

    private func facts(
        of close: DayClose, at position: LogPosition, _ yard: Yard, _ reading: Reading
    ) throws -> CloseSheetFacts {
        let calendar = calendar
        var ends: (first: CloseSheetFacts.Entry, last: CloseSheetFacts.Entry)?
        if close.to > close.from, let first = try entry(close.from, of: yard, reading),
            let last = try entry(close.to - 1, of: yard, reading)
        {
            ends = (first: first, last: last)
        }
        return CloseSheetFacts(
            town: yard.genesis.town, yard: yard.genesis.yardName, address: yard.genesis.address,
            log: yard.origin, index: position.index,
            leafHash: try entry(position.index, of: yard, reading)?.leafHash ?? "",
            entries: ends,
            names: try names(of: close, at: yard, reading),
            previous: close.number == 1 ? nil : close.number - 1,
            localTime: { calendar.german($0) })
    }

    private func entry(_ index: Int64, of yard: Yard, _ reading: Reading) throws
        -> CloseSheetFacts.Entry?
    {
        guard index >= 0,
            let bytes = try reading.entry(at: LogPosition(yard: yard.number, index: index)),
            let entry = LogEntry(bytes: bytes)
        else { return nil }
        return CloseSheetFacts.Entry(
            index: index, received: entry.received, leafHash: MerkleTree.leafHash(bytes).hex)
    }
}
