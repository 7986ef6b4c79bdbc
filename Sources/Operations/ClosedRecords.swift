package import Calendars
package import DayClosing
import Journal
import Ledger
package import Sales
package import Storage
import Tariffs
import Units

/// Reads money-relevant records of a log as closes and exports see them.
package struct ClosedRecordReader {
    let reading: Reading
    let yard: Int64
    let plan: AccountPlan
    let calendar: LocalCalendar

    package init(reading: Reading, yard: Int64, plan: AccountPlan, calendar: LocalCalendar) {
        self.reading = reading
        self.yard = yard
        self.plan = plan
        self.calendar = calendar
    }

    /// The records between two log positions (the second exclusive), in order.
    package func records(from: Int64, to: Int64) throws -> [ClosedRecord] {
        var records: [ClosedRecord] = []
        try each(from: from, to: to) { records.append($0) }
        return records
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
        switch stored.fact {
        case .evidence: return nil
        case .terminal(let record):
            guard !stored.entry.isWithheld else {
                return make(
                    Place(stored), at: record.head.at, day: calendar.day(of: record.head.at),
                    .withheld(record.head.reference), try Entry([]))
            }
            return try self.record(record, Place(stored))
        case .server(let record):
            switch record.fact {
            case .reversal(let reversal, _, _):
                return try self.reversal(reversal, Place(stored), at: record.at)
            case .resolution(let resolution, _):
                return try self.resolution(resolution, Place(stored), at: record.at)
            case .decision(let decision): return try self.decided(decision, at: stored.position)
            case .genesis, .enrol, .tariff, .release, .rotate, .revoke, .rotateLog, .rotateRecord,
                .loss, .approve, .close, .export, .snapshot, .handover, .erase, .hold, .lift,
                .bankStatement, .debtor:
                return nil
            case .settled(let settled):
                return make(
                    Place(stored), at: record.at, day: calendar.day(of: record.at),
                    .settlement(settled), try plan.entry(settling: settled.shares))
            }
        }
    }

    /// Where a record counts, and its flags.
    private struct Place {
        let position: LogPosition
        let flags: [String]

        init(_ stored: StoredRecord, at position: LogPosition? = nil) {
            self.position = position ?? stored.position
            flags = stored.entry.flags.map(\.rawValue)
        }
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
        return try self.record(record, Place(stored, at: position))
    }

    private func record(_ record: TerminalRecord, _ place: Place) throws -> ClosedRecord? {
        let head = record.head
        switch record.fact {
        case .sale(let sale):
            return make(
                place, at: head.at, day: sale.delivery.day, .sale(head.reference, sale),
                try plan.entry(sale: sale))
        case .noSale(let noSale):
            return make(
                place, at: head.at, day: noSale.delivery.day, .noSale(head.reference, noSale),
                try plan.entry(noSale: noSale))
        case .void(let reversal): return try self.reversal(reversal, place, at: head.at)
        case .resolution(let resolution):
            return try self.resolution(resolution, place, at: head.at)
        }
    }

    private func reversal(_ reversal: Reversal, _ place: Place, at: Timestamp) throws
        -> ClosedRecord?
    {
        guard let (position, sale) = try original(reversal.original) else { return nil }
        let before = try earlier(than: place.position, of: position)
        let entry = try plan.entry(
            reversal: reversal, of: sale, earlier: before.reversals,
            finding: before.resolution?.finding)
        return make(
            place, at: at, day: calendar.day(of: at), .reversal(reversal, of: sale), entry)
    }

    private func resolution(
        _ resolution: PaymentResolution, _ place: Place, at: Timestamp
    ) throws -> ClosedRecord? {
        guard let (position, sale) = try original(resolution.original),
            case .unknown = sale.settlement
        else { return nil }
        let before = try earlier(than: place.position, of: position)
        guard before.resolution == nil else { return nil }
        let entry = try plan.entry(resolution: resolution, of: sale, earlier: before.reversals)
        return make(
            place, at: at, day: calendar.day(of: at), .resolution(resolution, of: sale), entry)
    }

    private func make(
        _ place: Place, at: Timestamp, day: BusinessDay, _ fact: ClosedRecord.Fact, _ entry: Entry
    ) -> ClosedRecord {
        ClosedRecord(
            index: place.position.index, at: at, day: day, fact: fact, flags: place.flags,
            entry: entry)
    }

    func original(_ reference: SaleReference) throws -> (LogPosition, Sale)? {
        guard let terminal = try reading.terminal(yard: yard, id: reference.terminal),
            let position = try reading.position(
                of: reference.sequence, terminal: terminal.number),
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
        let end = LogPosition(yard: yard, index: to)
        let spans = try reading.sequenceSpans(
            from: LogPosition(yard: yard, index: from), to: end)
        return try reading.terminals(yard: yard).compactMap { terminal in
            guard let span = spans[terminal.number] else { return nil }
            return TerminalRange(
                terminal: terminal.id, first: span.first, last: span.last, count: span.count,
                missing: try missing(terminal.number, before: end))
        }.sorted { $0.terminal < $1.terminal }
    }

    /// Numbers below the terminal's highest that never arrived, ascending.
    private func missing(_ terminal: Int64, before end: LogPosition) throws -> [Int64] {
        let head = try reading.sequenceHead(terminal: terminal, before: end)
        guard head.count < head.highest else { return [] }
        let all = try reading.sequences(
            terminal: terminal, from: LogPosition(yard: yard, index: 0), to: end)
        return Set(1...head.highest).subtracting(all).sorted()
    }
}

/// What became of a sale later.
enum Consequences {
    /// Reversals and the first resolution of `original`, those before `limit` if one is given.
    static func read(of original: LogPosition, before limit: LogPosition?, _ reading: Reading)
        throws -> (reversals: [Reversal], resolution: PaymentResolution?)
    {
        var reversals: [Reversal] = []
        var resolution: PaymentResolution?
        for stored in try counted(of: original, before: limit, reading) {
            switch stored.fact {
            case .terminal(let record):
                switch record.fact {
                case .void(let reversal): reversals.append(reversal)
                case .resolution(let found): resolution = resolution ?? found
                case .sale, .noSale: break
                }
            case .server(let record):
                switch record.fact {
                case .reversal(let reversal, _, _): reversals.append(reversal)
                case .resolution(let found, _): resolution = resolution ?? found
                case .genesis, .enrol, .tariff, .release, .rotate, .revoke, .decision, .rotateLog,
                    .rotateRecord, .loss, .approve, .close, .export, .snapshot, .handover, .erase,
                    .hold, .lift, .bankStatement, .debtor, .settled:
                    break
                }
            case .evidence: break
            }
        }
        return (reversals, resolution)
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
