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

    func keep(_ running: RunningTotals, _ span: CloseSpan, yard: Int64) {
        folds.withLock { $0[yard] = Fold(span: span, running: running) }
    }
}

extension Installation {
    /// - Parameter keepingFold: whether `reading` shows a committed state.
    func totals(of yard: Yard, _ span: CloseSpan, _ reading: Reading, keepingFold: Bool) throws
        -> CloseTotals
    {
        let reader = ClosedRecordReader(
            reading: reading, yard: yard.number, plan: plan.plan, calendar: calendar)
        var (from, running) = closeFolds.start(span, yard: yard.number)
        try reader.each(from: from, to: span.to) { running.add($0) }
        if keepingFold { closeFolds.keep(running, span, yard: yard.number) }
        return running.totals(terminals: try reader.terminalRanges(from: span.from, to: span.to))
    }
}
