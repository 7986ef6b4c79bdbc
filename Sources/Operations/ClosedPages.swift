import DayClosing
import Journal
import Storage

/// A stretch of a log as closes and exports see it.
struct ClosedPage: Sendable {
    /// The log position after its last entry.
    let to: Int64
    /// In the order of the log.
    let records: [ClosedRecord]
    /// By terminal number.
    let spans: [Int64: SequenceSpan]
}

/// Reads money-relevant records of a log page by page, each from a short read of its own, so that
/// none holds up the write-ahead log or other readers: entries are taken apart outside of it.
///
/// What is read is the same in all of them, because a record and what it says depend on nothing
/// behind it in the log.
struct ClosedPages: Sendable {
    let database: ServerDatabase
    let yard: Int64
    let maker: ClosedRecordMaker

    /// So many entries are read at a time: some ten milliseconds of work.
    static let width: Int64 = 256

    /// Gives each page between two log positions (the second exclusive), in order.
    func each(from: Int64, to: Int64, _ body: (ClosedPage) throws -> Void) throws {
        for start in stride(from: from, to: to, by: Int64.Stride(Self.width)) {
            try body(try page(from: start, to: min(start + Self.width, to)))
        }
    }

    /// Gives the same pages in the same order, made by several threads.
    ///
    /// - Parameter take: never called twice at once.
    /// - Throws: what is wrong with the first page that cannot be made, after all before it were
    ///   taken; what `take` throws.
    func each(
        from: Int64, to: Int64, workers: Int, _ take: @Sendable (ClosedPage) throws -> Void
    ) throws {
        let count = Int((to - from + Self.width - 1) / Self.width)
        guard workers > 1, count > 1 else { return try each(from: from, to: to, take) }
        let line = PartLine<Result<ClosedPage, any Error>>(count: count, workers: workers)
        try line.run(workers: min(workers, count)) {
        } work: { number, _ in
            let start = from + Int64(number) * Self.width
            return Result { try page(from: start, to: min(start + Self.width, to)) }
        } take: { page in
            try take(page.get())
        }
    }

    private func page(from: Int64, to: Int64) throws -> ClosedPage {
        let (entries, spans) = try database.read { reading in
            var entries: [(index: Int64, bytes: [UInt8])] = []
            try reading.entries(yard: yard, from: from, to: to) { entries.append(($0, $1)) }
            let spans = try reading.sequenceSpans(
                from: LogPosition(yard: yard, index: from), to: LogPosition(yard: yard, index: to))
            return (entries, spans)
        }
        var records: [ClosedRecord] = []
        records.reserveCapacity(entries.count)
        for (index, bytes) in entries {
            let stored = try StoredRecord(
                position: LogPosition(yard: yard, index: index), bytes: bytes)
            if let record = try record(stored) { records.append(record) }
        }
        return ClosedPage(to: to, records: records, spans: spans)
    }

    private func record(_ stored: StoredRecord) throws -> ClosedRecord? {
        let made = try maker.make(stored)
        switch made {
        case .nothing: return nil
        case .record(let record): return record
        case .reversal, .resolution, .decision:
            return try database.read { reading in
                try ClosedRecordReader(reading: reading, yard: yard, maker).record(made)
            }
        }
    }
}

/// What pages are added to; touched by one thread at a time (``PartLine``).
final class Growing<Value>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }
}
