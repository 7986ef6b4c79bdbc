package import Journal
package import Sales
import Storage
package import Units

/// An entry of a log as those see it who follow what happens; never personal data.
package struct LogEvent: Hashable, Sendable {
    package let yard: YardID
    package let index: Int64
    package let kind: RecordKind
    package let received: Timestamp
    package let flags: [RecordFlag]
    /// Receipt, state and gross total of a terminal's record; nil beside the server's own.
    package let receipt: SaleReference?
    package let state: String?
    package let total: Cents?
    /// Goes on behind this event.
    package let cursor: String
}

/// Events in the order of their yards' logs.
package struct EventPage: Sendable {
    package let events: [LogEvent]
    /// Goes on behind the last one, now or whenever there is more.
    package let next: String
    package let hasMore: Bool
}

extension Installation {
    /// Most events on a page.
    package static let eventsMax = 500

    /// The entries of all logs behind `cursor`, or from the first on: by time of receipt, those of
    /// one yard in the order of its log. The same cursor goes on at the same entries, for ever.
    ///
    /// - Throws: ``OperationsError/cursorInvalid``, also for one behind the end of a log: entries
    ///   that it followed were lost.
    package func events(after cursor: String?, limit: Int = 100) throws -> EventPage {
        let limit = min(max(limit, 1), Self.eventsMax)
        var place = try cursor.map { try EventCursor($0, key: plates.key) } ?? EventCursor()
        let yards = self.yards
        return try database.read { reading in
            for yard in yards {
                guard let next = place.next[yard.number] else { continue }
                guard try next <= reading.logSize(yard: yard.number) else {
                    throw OperationsError.cursorInvalid
                }
            }
            var waiting = try yards.map { yard in
                try Self.entries(of: yard, from: place.next[yard.number] ?? 0, limit + 1, reading)
            }
            var events: [LogEvent] = []
            while events.count < limit, let (yard, index, entry) = Self.takeEarliest(&waiting) {
                place.next[yard.number] = index + 1
                events.append(
                    try event(entry, index, at: yard, place.text(key: plates.key), reading))
            }
            return EventPage(
                events: events, next: place.text(key: plates.key),
                hasMore: waiting.contains { !$0.isEmpty })
        }
    }

    /// The cursor behind everything that is recorded now.
    package func newestCursor() throws -> String {
        let yards = self.yards
        return try database.read { reading in
            var place = EventCursor()
            for yard in yards { place.next[yard.number] = try reading.logSize(yard: yard.number) }
            return place.text(key: plates.key)
        }
    }

    private typealias Waiting = (yard: Yard, index: Int64, entry: LogEntry)

    private static func entries(
        of yard: Yard, from start: Int64, _ count: Int, _ reading: Reading
    ) throws -> ArraySlice<Waiting> {
        var found: [Waiting] = []
        try reading.entries(yard: yard.number, from: start, to: start + Int64(count)) {
            index, bytes in
            guard let entry = LogEntry(bytes: bytes) else {
                throw DamagedRow(
                    table: "entry", position: LogPosition(yard: yard.number, index: index).number)
            }
            found.append((yard, index, entry))
        }
        return found[...]
    }

    /// The entry received first of those that are next in their logs; of two the yard's with the
    /// lower number.
    private static func takeEarliest(_ waiting: inout [ArraySlice<Waiting>]) -> Waiting? {
        var best: Int?
        for (number, entries) in waiting.enumerated() {
            guard let entry = entries.first?.entry else { continue }
            if let known = best, let first = waiting[known].first?.entry,
                first.received.milliseconds <= entry.received.milliseconds
            {
                continue
            }
            best = number
        }
        return best.flatMap { waiting[$0].popFirst() }
    }

    private func event(
        _ entry: LogEntry, _ index: Int64, at yard: Yard, _ cursor: String, _ reading: Reading
    ) throws -> LogEvent {
        let row = try reading.record(at: LogPosition(yard: yard.number, index: index))
        let terminal = try row.flatMap { try reading.terminalID(number: $0.terminal) }
        return LogEvent(
            yard: yard.id, index: index, kind: entry.kind, received: entry.received,
            flags: entry.flags,
            receipt: terminal.flatMap { terminal in
                row.map { SaleReference(terminal: terminal, sequence: $0.sequence) }
            },
            state: row?.state, total: row?.total, cursor: cursor)
    }
}
