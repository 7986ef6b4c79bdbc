package import DayClosing
import Foundation
import Sales
import Storage
import Units

extension Installation {
    /// What may explain each difference of the counted close that has no reason yet or one: the
    /// sales to look at first, by card terminal and scheme; none where the card terminal's total
    /// is unknown. Reads the records of the close again.
    ///
    /// - Throws: ``OperationsError/notCounted``.
    package func suspicions(at yard: Yard) throws -> [CardKey: [Suspicion]] {
        let progress = try closeProgress(of: yard)
        guard let draft = progress.draft else { throw OperationsError.notCounted }
        let open = draft.comparisons.filter { $0.isKnown && !$0.agrees }
        guard !open.isEmpty else { return [:] }
        let search = DifferenceSearch(
            try movements(progress, upto: draft.upto), among: draft.comparisons)
        return Dictionary(
            uniqueKeysWithValues: open.map { ($0.key, search.suspicions(about: $0)) })
    }

    /// The card movements of the close, and earlier sales whose payment is still unknown.
    private func movements(_ progress: CloseProgress, upto: Int64) throws -> CardMovements {
        let yard = progress.yard.number
        let found = Growing(CardMovements())
        try database.read { reading in
            let reader = ClosedRecordReader(reading: reading, yard: yard, recordMaker)
            for reference in progress.previous?.totals.unknown ?? [] {
                if let (_, sale) = try reader.original(reference) {
                    found.value.add(unknown: reference, sale.total)
                }
            }
        }
        let pages = ClosedPages(database: database, yard: yard, maker: recordMaker)
        try pages.each(
            from: progress.previous?.to ?? 0, to: upto,
            workers: ProcessInfo.processInfo.activeProcessorCount
        ) { page in
            for record in page.records { found.value.add(record) }
        }
        return found.value
    }
}
