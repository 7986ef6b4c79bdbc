import Calendars
import DayClosing
import Sales
import Storage
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

/// What a close would hold, as far as it is added up.
struct CloseFold: Sendable {
    let from: Int64
    let day: BusinessDay
    let unresolvedBefore: [SaleReference]
    /// The log position after the last entry that was added.
    private(set) var to: Int64
    private(set) var running: RunningTotals
    /// What came before ``from``, by terminal number.
    private let before: [Int64: SequenceHead]
    /// The numbers that did not come before ``from``, ascending, by terminal number; terminals
    /// without any are left out.
    private let missingBefore: [Int64: [Int64]]
    /// What was added, by terminal number.
    private(set) var spans: [Int64: SequenceSpan] = [:]

    /// Nothing added yet.
    init(_ span: CloseSpan, yard: Int64, _ reading: Reading) throws {
        (from, to, day, unresolvedBefore) = (span.from, span.from, span.day, span.unresolvedBefore)
        running = RunningTotals(businessDay: day, unresolvedBefore: unresolvedBefore)
        let start = LogPosition(yard: yard, index: from)
        var before: [Int64: SequenceHead] = [:]
        var missing: [Int64: [Int64]] = [:]
        for terminal in try reading.terminals(yard: yard).map(\.number) {
            let head = try reading.sequenceHead(terminal: terminal, before: start)
            before[terminal] = head
            guard head.hasGaps else { continue }
            missing[terminal] = try reading.missingSequences(terminal: terminal, before: start)
        }
        self.before = before
        missingBefore = missing
    }

    /// Adds the page that follows.
    mutating func add(_ page: ClosedPage) {
        for record in page.records { running.add(record) }
        take(page.spans, to: page.to)
    }

    /// Adds all up to a log position from one read.
    mutating func add(to end: Int64, yard: Int64, _ reader: ClosedRecordReader) throws {
        guard to < end else { return }
        try reader.each(from: to, to: end) { running.add($0) }
        let spans = try reader.reading.sequenceSpans(
            from: LogPosition(yard: yard, index: to), to: LogPosition(yard: yard, index: end))
        take(spans, to: end)
    }

    private mutating func take(_ more: [Int64: SequenceSpan], to end: Int64) {
        spans.merge(more) { $0.joined(with: $1) }
        to = end
    }

    /// The numbers of a terminal that did not come before ``to``, ascending. Looks only at numbers
    /// from the lowest one that was added on: a terminal's history grows, a close does not.
    func missing(from terminal: Int64, yard: Int64, _ reading: Reading) throws -> [Int64] {
        guard let span = spans[terminal] else { return missingBefore[terminal] ?? [] }
        let head = before[terminal] ?? .none
        guard head.advanced(over: span).hasGaps else { return [] }
        // Nothing that was added lies below the span: what was missing there still is.
        let known = min(head.highest, span.first - 1)
        return (missingBefore[terminal] ?? []).prefix { $0 <= known }
            + (try reading.missingSequences(
                terminal: terminal, above: known, before: LogPosition(yard: yard, index: to)))
    }

    /// The newest own day of what was added.
    var newestDay: BusinessDay? { spans.values.map(\.newestDay).max() }

    /// Whether adding more gives what `span` holds.
    func leads(to span: CloseSpan) -> Bool {
        from == span.from && day == span.day && to <= span.to
            && unresolvedBefore == span.unresolvedBefore
    }
}
