package import Calendars
package import DayClosing
import Journal
import Ledger
package import Sales
package import Storage
import Units

/// Reads money-relevant records of a log as closes and exports see them.
package struct ClosedRecordReader {
    let reading: Reading
    let yard: Int64
    private let maker: ClosedRecordMaker
    private var plan: AccountPlan { maker.plan }
    var calendar: LocalCalendar { maker.calendar }

    package init(reading: Reading, yard: Int64, plan: AccountPlan, calendar: LocalCalendar) {
        self.init(
            reading: reading, yard: yard, ClosedRecordMaker(plan: plan, calendar: calendar))
    }

    init(reading: Reading, yard: Int64, _ maker: ClosedRecordMaker) {
        self.reading = reading
        self.yard = yard
        self.maker = maker
    }

    /// Gives each record between two log positions (the second exclusive), in order.
    package func each(from: Int64, to: Int64, _ body: (ClosedRecord) throws -> Void) throws {
        try reading.entries(yard: yard, from: from, to: to) { index, bytes in
            let stored = try StoredRecord(
                position: LogPosition(yard: yard, index: index), bytes: bytes)
            if let record = try record(stored) { try body(record) }
        }
    }

    /// The record at a position as the close sees it; nil for one without bearing on money.
    package func record(_ stored: StoredRecord) throws -> ClosedRecord? {
        try record(try maker.make(stored))
    }

    /// What was made of a record, with the earlier one that it is about.
    func record(_ made: ClosedRecordMaker.Made) throws -> ClosedRecord? {
        switch made {
        case .nothing: return nil
        case .record(let record): return record
        case .reversal(let reversal, var place, let at, let approval):
            place.approvedBy = try approval.flatMap(approver(at:))
            return try self.reversal(reversal, place, at: at)
        case .resolution(let resolution, let place, let at):
            return try self.resolution(resolution, place, at: at)
        case .decision(let decision, let position): return try decided(decision, at: position)
        }
    }

    private typealias Place = ClosedRecordMaker.Place

    /// Who approved at a log position; nil if no approval stands there.
    private func approver(at index: Int64) throws -> PersonID? {
        guard let bytes = try reading.entry(at: LogPosition(yard: yard, index: index)),
            case .server(let record) = try StoredRecord.fact(of: bytes),
            case .approve(let approval) = record.fact
        else { return nil }
        return approval.approvedBy
    }

    /// A record under a revoked key, at the place where it was decided that it counts.
    private func decided(_ decision: RecordDecision, at position: LogPosition) throws
        -> ClosedRecord?
    {
        guard decision.counts,
            let bytes = try reading.entry(at: LogPosition(yard: yard, index: decision.index))
        else { return nil }
        let stored = try StoredRecord(
            position: LogPosition(yard: yard, index: decision.index), bytes: bytes)
        guard case .terminal(let record) = stored.fact else { return nil }
        let place = Place(stored, at: position, by: record.head.attendant)
        return try self.record(try maker.make(record, place))
    }

    private func reversal(_ reversal: Reversal, _ place: Place, at: Timestamp) throws
        -> ClosedRecord?
    {
        guard let (position, sale) = try original(reversal.original), position < place.position,
            reversal.concerns(sale)
        else { return try unmatched(place, at: at) }
        let before = try earlier(than: place.position, of: position)
        let entry = try plan.entry(
            reversal: reversal, of: sale, earlier: before.reversals,
            finding: before.resolution?.finding)
        var record = maker.make(
            place, at: at, day: calendar.day(of: at), .reversal(reversal, of: sale), entry)
        record.takesClaimBack = reversal.takesClaimBack(
            of: sale, finding: before.resolution?.finding)
        return record
    }

    private func resolution(
        _ resolution: PaymentResolution, _ place: Place, at: Timestamp
    ) throws -> ClosedRecord? {
        guard let (position, sale) = try original(resolution.original),
            position < place.position, sale.settlement.isUnknown
        else { return try unmatched(place, at: at) }
        let before = try earlier(than: place.position, of: position)
        guard before.resolution == nil else { return try unmatched(place, at: at) }
        let entry = try plan.entry(resolution: resolution, of: sale, earlier: before.reversals)
        return maker.make(
            place, at: at, day: calendar.day(of: at), .resolution(resolution, of: sale), entry)
    }

    /// What moves nothing and stands with its flags; nil for a record of the server.
    private func unmatched(_ place: Place, at: Timestamp) throws -> ClosedRecord? {
        try place.number.map { number in
            maker.make(
                place, at: at, day: calendar.day(of: at), .unmatched(number), try Entry([]))
        }
    }

    func original(_ reference: SaleReference) throws -> (LogPosition, Sale)? {
        guard let position = try reading.position(of: reference, yard: yard),
            let bytes = try reading.entry(at: position),
            case .terminal(let record) = try StoredRecord(position: position, bytes: bytes).fact,
            case .sale(let sale) = record.fact
        else { return nil }
        return (position, sale)
    }

    private func earlier(than position: LogPosition, of original: LogPosition) throws
        -> (reversals: [Reversal], resolution: PaymentResolution?)
    {
        try Consequences.read(of: original, before: position, reading)
    }

    /// The sequence numbers of each terminal between two log positions.
    package func terminalRanges(from: Int64, to: Int64) throws -> [TerminalRange] {
        let (start, end) = (
            LogPosition(yard: yard, index: from), LogPosition(yard: yard, index: to)
        )
        let spans = try reading.sequenceSpans(from: start, to: end)
        return try terminalRanges(spans) { terminal in
            let head = try reading.sequenceHead(terminal: terminal, before: end)
            return head.hasGaps
                ? try reading.missingSequences(terminal: terminal, before: end) : []
        }
    }

    /// - Parameters:
    ///   - spans: what stands between the two positions, by terminal.
    ///   - missing: the numbers that did not come before the second one, of a terminal with a span.
    func terminalRanges(
        _ spans: [Int64: SequenceSpan], missing: (_ terminal: Int64) throws -> [Int64]
    ) throws -> [TerminalRange] {
        try reading.terminals(yard: yard).compactMap { terminal in
            guard let span = spans[terminal.number] else { return nil }
            return TerminalRange(
                terminal: terminal.id, first: span.first, last: span.last, count: span.count,
                missing: try missing(terminal.number))
        }.sorted { $0.terminal < $1.terminal }
    }
}

/// What became of a sale later.
enum Consequences {
    /// Reversals and the first resolution of `original` that concern it, those before `limit` if
    /// one is given.
    static func read(of original: LogPosition, before limit: LogPosition?, _ reading: Reading)
        throws -> (reversals: [Reversal], resolution: PaymentResolution?)
    {
        var reversals: [Reversal] = []
        var resolution: PaymentResolution?
        for (_, what) in try concerning(original, before: limit, reading) {
            switch what {
            case .takenBack(let reversal): reversals.append(reversal)
            case .resolved(let found): resolution = found
            }
        }
        return (reversals, resolution)
    }

    /// The records that say what became of `original`, in the order in which they came to count:
    /// reversals that concern it, and of an unknown payment the first resolution; none for what is
    /// no sale.
    static func concerning(
        _ original: LogPosition, before limit: LogPosition?, _ reading: Reading
    ) throws -> [(stored: StoredRecord, what: SaleStep.What)] {
        let found = try counted(of: original, before: limit, reading).compactMap { stored in
            SaleStep.What(stored.fact).map { (stored: stored, what: $0) }
        }
        guard !found.isEmpty, let bytes = try reading.entry(at: original),
            case .terminal(let record) = try StoredRecord.fact(of: bytes),
            case .sale(let sale) = record.fact
        else { return [] }
        let first = found.first { $0.what.isResolution }?.stored.position
        return found.filter { stored, what in
            switch what {
            case .takenBack(let reversal): reversal.concerns(sale)
            case .resolved: sale.settlement.isUnknown && stored.position == first
            }
        }
    }

    /// The records about `original` that count, in the order in which they came to count.
    private static func counted(
        of original: LogPosition, before limit: LogPosition?, _ reading: Reading
    ) throws -> [StoredRecord] {
        var found: [(at: LogPosition, stored: StoredRecord)] = []
        for (_, position) in try reading.references(of: original) {
            guard let bytes = try reading.entry(at: position) else { continue }
            let stored = try StoredRecord(position: position, bytes: bytes)
            guard let place = try Withholding.effective(stored, reading),
                limit.map({ place < $0 }) ?? true
            else { continue }
            found.append((place, stored))
        }
        return found.sorted { $0.at < $1.at }.map(\.stored)
    }
}
