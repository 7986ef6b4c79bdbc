import GRDB
package import Journal
package import Units

/// The sequence numbers of one terminal in a range of the log.
package struct SequenceSpan: Hashable, Sendable {
    package let first: Int64
    package let last: Int64
    package let count: Int64
    /// The newest own day of the records.
    package let newestDay: BusinessDay

    init(first: Int64, last: Int64, count: Int64, newestDay: BusinessDay) {
        self.first = first
        self.last = last
        self.count = count
        self.newestDay = newestDay
    }

    /// This range and another one together.
    package func joined(with other: SequenceSpan) -> SequenceSpan {
        SequenceSpan(
            first: min(first, other.first), last: max(last, other.last),
            count: count + other.count, newestDay: max(newestDay, other.newestDay))
    }
}

/// How many numbers of a terminal came before a position, and the highest; zero for none.
package struct SequenceHead: Hashable, Sendable {
    package let count: Int64
    package let highest: Int64

    package static let none = SequenceHead(count: 0, highest: 0)

    /// Whether a number below the highest did not come.
    package var hasGaps: Bool { count < highest }

    /// The head behind a range that follows.
    package func advanced(over span: SequenceSpan) -> SequenceHead {
        SequenceHead(count: count + span.count, highest: max(highest, span.last))
    }
}

extension Reading {
    /// By terminal number; terminals without records there are left out.
    package func sequenceSpans(from: LogPosition, to: LogPosition) throws -> [Int64: SequenceSpan] {
        // The pluses keep SQLite on the positions: the range is short, the table is long.
        let rows = try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT +terminal, min(seq), max(seq), count(*), max(+day) FROM record
                    WHERE position >= ? AND position < ? GROUP BY +terminal
                    """),
            arguments: [from.number, to.number])
        return Dictionary(
            try rows.map { row in
                guard let day = BusinessDay(ordinal: row[4]) else {
                    throw DamagedRow(table: "record", position: from.number)
                }
                return (
                    row[0] as Int64,
                    SequenceSpan(first: row[1], last: row[2], count: row[3], newestDay: day)
                )
            }, uniquingKeysWith: { $1 })
    }

    package func sequenceHead(terminal: Int64, before: LogPosition) throws -> SequenceHead {
        let row = try Row.fetchOne(
            connection,
            sql: """
                SELECT count(*), coalesce(max(seq), 0) FROM record
                WHERE terminal = ? AND position < ?
                """,
            arguments: [terminal, before.number])
        return row.map { SequenceHead(count: $0[0], highest: $0[1]) } ?? .none
    }

    /// Numbers of a terminal that did not come before a position, ascending: those between `floor`
    /// and the highest one that did. Costs a look at each number above `floor`.
    package func missingSequences(
        terminal: Int64, above floor: Int64 = 0, before: LogPosition
    ) throws -> [Int64] {
        let cursor = try Int64.fetchCursor(
            connection,
            sql: """
                SELECT seq FROM record WHERE terminal = ? AND seq > ? AND position < ?
                ORDER BY seq
                """,
            arguments: [terminal, floor, before.number])
        var missing: [Int64] = []
        var expected = floor + 1
        while let sequence = try cursor.next() {
            if sequence > expected { missing += expected..<sequence }
            expected = sequence + 1
        }
        return missing
    }

    /// Turnover of a yard in cents as one SQL aggregate over its search table: by kind, state and
    /// scheme, added up. What the totals of a close are measured against.
    package func aggregatedTurnover(yard: Int64) throws -> Int64 {
        let sums = try Row.fetchAll(
            connection,
            sql: """
                SELECT kind, state, scheme, count(*), sum(total) FROM record
                WHERE position >= ? AND position < ? GROUP BY kind, state, scheme
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ])
        return sums.reduce(0) { $0 + ($1[4] as Int64) }
    }

    /// The first record from a log index on whose own day is after `day`.
    package func firstRecord(yard: Int64, from index: Int64, after day: BusinessDay) throws
        -> LogPosition?
    {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT min(position) FROM record WHERE position >= ? AND position < ? AND day > ?
                """,
            arguments: [
                LogPosition(yard: yard, index: index).number,
                LogPosition(yard: yard + 1, index: 0).number, day.ordinal,
            ]
        ).map { LogPosition($0) }
    }

    /// The last record of a terminal between two log indices (the second exclusive); nil for none.
    package func lastRecord(yard: Int64, from: Int64, to: Int64) throws -> LogPosition? {
        try Int64.fetchOne(
            connection,
            sql: "SELECT max(position) FROM record WHERE position >= ? AND position < ?",
            arguments: [
                LogPosition(yard: yard, index: from).number,
                LogPosition(yard: yard, index: to).number,
            ]
        ).map { LogPosition($0) }
    }

    /// What the server recorded between two log indices (the second exclusive), in order.
    package func serverRecords(yard: Int64, from: Int64, to: Int64) throws -> [(
        kind: RecordKind, at: Timestamp, position: LogPosition
    )] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT kind, at, position FROM server_record WHERE position >= ? AND position < ?
                ORDER BY position
                """,
            arguments: [
                LogPosition(yard: yard, index: from).number,
                LogPosition(yard: yard, index: to).number,
            ]
        ).map { row in
            guard let kind = RecordKind(rawValue: row[0]), let at = Timestamp(milliseconds: row[1])
            else { throw DamagedRow(table: "server_record", position: row[2]) }
            return (kind, at, LogPosition(row[2]))
        }
    }

    /// The newest own day of the records from a log index on; nil if there are none.
    package func newestDay(yard: Int64, from index: Int64) throws -> BusinessDay? {
        try Int.fetchOne(
            connection,
            sql: "SELECT max(+day) FROM record WHERE position >= ? AND position < ?",
            arguments: [
                LogPosition(yard: yard, index: index).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]
        ).flatMap { BusinessDay(ordinal: $0) }
    }

    /// Whether a record of these days stands at a log index or later; nil is no limit.
    package func hasRecord(
        yard: Int64, from index: Int64, first: BusinessDay?, last: BusinessDay?
    ) throws -> Bool {
        try Bool.fetchOne(
            connection,
            sql: """
                SELECT EXISTS(SELECT 1 FROM record
                WHERE position >= ? AND position < ? AND +day BETWEEN ? AND ?)
                """,
            arguments: [
                LogPosition(yard: yard, index: index).number,
                LogPosition(yard: yard + 1, index: 0).number, first?.ordinal ?? Int.min,
                last?.ordinal ?? Int.max,
            ]) ?? false
    }
}
