import Calendars
import DayClosing
import Foundation
import Sales
import Storage
import Synchronization
import Units

/// What the next close of each yard would hold as far as it was added up, so that looking again
/// costs only what came since.
///
/// Only what a committed state showed is kept: a fold made inside a transaction could hold entries
/// that never come to be. Besides the day at hand the days before stay, because a forgotten day is
/// closed on a later one.
final class CloseFolds: Sendable {
    private static let daysMax = 3

    private let folds = Mutex<[Int64: [CloseFold]]>([:])
    private let lookers = Mutex<Int>(0)
    private let look = NSLock()

    /// The fold from which the least is left to add up to the end of `span`; nil for none.
    func start(_ span: CloseSpan, yard: Int64) -> CloseFold? {
        folds.withLock { $0[yard] ?? [] }.filter { $0.leads(to: span) }.max { $0.to < $1.to }
    }

    /// Up to where a yard's entries are added up for a close of `day`; 0 for none.
    func end(yard: Int64, day: BusinessDay) -> Int64 {
        folds.withLock { $0[yard] ?? [] }.filter { $0.day == day }.map(\.to).max() ?? 0
    }

    func keep(_ fold: CloseFold, yard: Int64) {
        folds.withLock { folds in
            var kept = folds[yard] ?? []
            // Somebody saw a newer close.
            guard !kept.contains(where: { $0.from > fold.from }) else { return }
            kept.removeAll { $0.from < fold.from || $0.day == fold.day && $0.to <= fold.to }
            kept.append(fold)
            folds[yard] = kept.suffix(Self.daysMax)
        }
    }

    /// Runs what somebody waits for; of several one after the other, because the second finds done
    /// what the first did.
    func looking<Value>(_ body: () throws -> Value) rethrows -> Value {
        lookers.withLock { $0 += 1 }
        defer { lookers.withLock { $0 -= 1 } }
        return try look.withLock(body)
    }

    /// Whether somebody waits for totals.
    var isAwaited: Bool { lookers.withLock { $0 > 0 } }
}

extension Installation {
    /// What `span` holds, from a kept fold and what is missing in it.
    ///
    /// - Parameters:
    ///   - ahead: a fold of a committed state that nobody keeps, used where it fits and is longer.
    ///   - keepingFold: whether `reading` shows a committed state.
    func fold(
        of yard: Yard, _ span: CloseSpan, _ reading: Reading, from ahead: CloseFold? = nil,
        keepingFold: Bool
    ) throws -> CloseFold {
        let known = [ahead, closeFolds.start(span, yard: yard.number)].compactMap(\.self)
            .filter { $0.leads(to: span) }
        var fold =
            try known.max { $0.to < $1.to } ?? CloseFold(span, yard: yard.number, reading)
        try fold.add(
            to: span.to, yard: yard.number,
            ClosedRecordReader(reading: reading, yard: yard.number, recordMaker))
        if keepingFold { closeFolds.keep(fold, yard: yard.number) }
        return fold
    }

    func totals(of yard: Yard, _ fold: CloseFold, _ reading: Reading) throws -> CloseTotals {
        let reader = ClosedRecordReader(reading: reading, yard: yard.number, recordMaker)
        return fold.running.totals(
            terminals: try reader.terminalRanges(fold.spans) {
                try fold.missing(from: $0, yard: yard.number, reading)
            })
    }

    /// With the plan in force.
    var recordMaker: ClosedRecordMaker {
        ClosedRecordMaker(plan: plan.plan, calendar: calendar)
    }

    /// So many entries are added up between two looks at who waits.
    private static let foldStep: Int64 = 512

    /// Adds up a step of what the next close of a yard will hold, so that the evening finds it
    /// done. Reads only; nobody who writes waits for it.
    ///
    /// - Parameter step: how many entries are added; fewer are left to whoever looks.
    /// - Returns: whether there may be more to add.
    package func addUpAStep(of yard: Yard, step: Int64? = nil) throws -> Bool {
        let step = step ?? Self.foldStep
        // Cheap, and mostly the answer: the close before need not be read.
        let size = try database.read { try $0.logSize(yard: yard.number) }
        let today = calendar.day(of: clock())
        guard size - closeFolds.end(yard: yard.number, day: today) >= step else { return false }
        let span = try nextSpan(of: yard)
        let kept = closeFolds.start(span, yard: yard.number)
        // To begin a fold takes a look at all numbers of each terminal.
        guard span.to - (kept?.to ?? span.from) >= step else { return false }
        let fold = try kept ?? begin(span, of: yard)
        try add(to: fold.to + step, fold, of: yard, workers: 1)
        return true
    }

    /// Adds up what the next close would hold: somebody waits for it. What comes meanwhile is left.
    ///
    /// Blocks; while one does so, others wait and find it done.
    ///
    /// - Parameter workers: threads that take entries apart; nil for one a core.
    /// - Throws: what is wrong with the first entry that cannot be read.
    package func addUpAll(of yard: Yard, workers: Int? = nil) throws {
        try closeFolds.looking {
            let span = try nextSpan(of: yard)
            let fold = try closeFolds.start(span, yard: yard.number) ?? begin(span, of: yard)
            try add(
                to: span.to, fold, of: yard,
                workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        }
    }

    /// Adds up something else than the next close would hold, such as all there is while that is
    /// counted already. It is kept by whoever asks: kept here, it would push out what the close
    /// needs.
    ///
    /// Blocks as ``addUpAll(of:workers:)``.
    func addedUp(of yard: Yard, _ wanted: (Reading) throws -> CloseSpan) throws -> CloseFold {
        try closeFolds.looking {
            let span = try database.read(wanted)
            let fold = try closeFolds.start(span, yard: yard.number) ?? begin(span, of: yard)
            return try add(
                to: span.to, fold, of: yard,
                workers: ProcessInfo.processInfo.activeProcessorCount, isKept: false)
        }
    }

    private func nextSpan(of yard: Yard) throws -> CloseSpan {
        try database.read { try span(of: yard, $0).span }
    }

    private func begin(_ span: CloseSpan, of yard: Yard) throws -> CloseFold {
        try database.read { try CloseFold(span, yard: yard.number, $0) }
    }

    /// Adds pages to a fold and, unless told otherwise, keeps it now and then, so that nothing done
    /// is lost.
    @discardableResult
    private func add(
        to end: Int64, _ fold: CloseFold, of yard: Yard, workers: Int, isKept: Bool = true
    ) throws -> CloseFold {
        guard fold.to < end else { return fold }
        let growing = Growing(fold)
        let pages = ClosedPages(database: database, yard: yard.number, maker: recordMaker)
        try pages.each(from: fold.to, to: end, workers: workers) { page in
            growing.value.add(page)
            guard isKept else { return }
            let pageCount = (page.to - fold.to) / ClosedPages.width
            if pageCount % Self.keptPages == 0 || page.to == end {
                closeFolds.keep(growing.value, yard: yard.number)
            }
        }
        return growing.value
    }

    private static let keptPages: Int64 = 64
}
