import Calendars
import DayClosing
import Sales
import Storage
import Synchronization
import Units

/// What a close would hold: log positions from the close before up to, but without, `to`.
struct CloseSpan: Hashable {
    let from: Int64
    let to: Int64
    let day: BusinessDay
    let unresolvedBefore: [SaleReference]

    init(after previous: DayClose?, to: Int64, day: BusinessDay) {
        from = previous?.to ?? 0
        self.to = to
        self.day = day
        unresolvedBefore = previous?.totals.unknown ?? []
    }
}

/// The totals since each yard's last close as far as they were added up, so that looking again
/// costs only what came since.
///
/// Only what a committed state showed is kept: a fold made inside a transaction could hold entries
/// that never come to be.
final class CloseFolds: Sendable {
    private struct Fold {
        let span: CloseSpan
        let running: RunningTotals
    }

    private let folds = Mutex<[Int64: Fold]>([:])

    /// Where to go on for `span`: nothing added yet, or a kept fold of a shorter span.
    func start(_ span: CloseSpan, yard: Int64) -> (from: Int64, running: RunningTotals) {
        let kept = folds.withLock { $0[yard] }
        guard let kept, kept.span.from == span.from, kept.span.day == span.day,
            kept.span.to <= span.to, kept.span.unresolvedBefore == span.unresolvedBefore
        else {
            return (
                span.from,
                RunningTotals(businessDay: span.day, unresolvedBefore: span.unresolvedBefore)
            )
        }
        return (kept.span.to, kept.running)
    }

    /// Up to where a yard's entries are added up; 0 for none.
    func end(yard: Int64) -> Int64 { folds.withLock { $0[yard]?.span.to ?? 0 } }

    func keep(_ running: RunningTotals, _ span: CloseSpan, yard: Int64) {
        folds.withLock { $0[yard] = Fold(span: span, running: running) }
    }
}

extension Installation {
    /// - Parameter keepingFold: whether `reading` shows a committed state.
    func totals(of yard: Yard, _ span: CloseSpan, _ reading: Reading, keepingFold: Bool) throws
        -> CloseTotals
    {
        let reader = closedRecords(of: yard, reading)
        let running = try fold(of: yard, span, reader)
        if keepingFold { closeFolds.keep(running, span, yard: yard.number) }
        return running.totals(terminals: try reader.terminalRanges(from: span.from, to: span.to))
    }

    /// So many entries are added up in one read.
    private static let foldStep: Int64 = 1_024

    /// Adds up a step of what the next close of a yard will hold, so that the evening finds it
    /// done. A read of its own, so that none holds up the write-ahead log for long.
    ///
    /// - Parameter step: how many entries are added; fewer are left to whoever looks.
    /// - Returns: whether there may be more to add.
    package func addUpAStep(of yard: Yard, step: Int64? = nil) throws -> Bool {
        let step = step ?? Self.foldStep
        // Cheap, and mostly the answer: the close before need not be read.
        let size = try database.read { try $0.logSize(yard: yard.number) }
        guard size - closeFolds.end(yard: yard.number) >= step else { return false }
        return try addStep(of: yard, step)
    }

    /// Adds up all but the last step of what the next close would hold, also where the kept fold
    /// is of another day or goes beyond the cut.
    func addUpSteps(of yard: Yard) throws {
        while try addStep(of: yard, Self.foldStep) {}
    }

    private func addStep(of yard: Yard, _ step: Int64) throws -> Bool {
        try database.read { reading in
            let whole = try span(of: yard, reading)
            let from = closeFolds.start(whole.span, yard: yard.number).from
            guard whole.span.to - from >= step else { return false }
            let span = CloseSpan(after: whole.previous, to: from + step, day: whole.span.day)
            closeFolds.keep(
                try fold(of: yard, span, closedRecords(of: yard, reading)), span,
                yard: yard.number)
            return true
        }
    }

    private func fold(of yard: Yard, _ span: CloseSpan, _ reader: ClosedRecordReader) throws
        -> RunningTotals
    {
        var (from, running) = closeFolds.start(span, yard: yard.number)
        try reader.each(from: from, to: span.to) { running.add($0) }
        return running
    }

    private func closedRecords(of yard: Yard, _ reading: Reading) -> ClosedRecordReader {
        ClosedRecordReader(
            reading: reading, yard: yard.number, plan: plan.plan, calendar: calendar)
    }
}
