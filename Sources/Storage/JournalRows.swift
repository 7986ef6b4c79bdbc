import Foundation
import GRDB
package import Journal
package import Sales
package import Signing
package import Units

extension Transaction {
    /// Runs `refill` where a new schema version emptied the search tables.
    package func refillRecords(_ refill: () throws -> Void) throws {
        guard try reading.setting(Schema.staleRecords) != nil else { return }
        try refill()
        try connection.execute(
            sql: "DELETE FROM setting WHERE name = ?", arguments: [Schema.staleRecords])
    }

    package func append(_ bytes: [UInt8], at position: LogPosition) throws {
        try connection.cachedStatement(sql: "INSERT INTO entry VALUES (?, ?)")
            .execute(arguments: [position.number, Data(bytes)])
    }

    package func insertTile(yard: Int64, level: Int, number: Int64, hashes: [UInt8]) throws {
        try connection.cachedStatement(sql: "INSERT INTO tile VALUES (?, ?, ?, ?)")
            .execute(arguments: [yard, level, number, Data(hashes)])
    }

    /// A checkpoint for a size that has one already is left alone: it is the same.
    package func insertCheckpoint(yard: Int64, size: Int64, note: String) throws {
        try connection.cachedStatement(sql: "INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?)")
            .execute(arguments: [yard, size, note])
    }

    package func insert(_ row: RecordRow) throws {
        try connection.cachedStatement(
            sql: "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            row.position.number, row.terminal, row.sequence, row.kind.rawValue,
            Data(row.statement.bytes), Data(row.previous.bytes), row.at.milliseconds,
            row.day.ordinal, row.total.value, row.state, row.flags.joined(separator: ","),
            row.subject, row.scheme, row.lastFour,
        ])
    }

    package func insertServerRecord(_ kind: RecordKind, at: Timestamp, position: LogPosition) throws
    {
        try connection.execute(
            sql: "INSERT INTO server_record VALUES (?, ?, ?)",
            arguments: [position.number, kind.rawValue, at.milliseconds])
    }

    /// Notes that `position` takes back, resolves or approves something about `original`.
    package func insertReference(
        _ kind: RecordKind, of original: LogPosition, at position: LogPosition
    )
        throws
    {
        try connection.execute(
            sql: "INSERT INTO reference VALUES (?, ?, ?)",
            arguments: [original.number, position.number, kind.rawValue])
    }

    package func insert(_ disclosures: [Disclosure], at position: LogPosition) throws {
        for disclosure in disclosures {
            try connection.cachedStatement(sql: "INSERT INTO personal VALUES (?, ?, ?, ?)")
                .execute(arguments: [
                    position.number, disclosure.name.rawValue, Data(disclosure.salt),
                    disclosure.value,
                ])
        }
    }

    package func insertFinding(
        _ code: String, terminal: Int64, statement: Digest, at position: LogPosition
    ) throws {
        try connection.execute(
            sql: """
                INSERT INTO finding(yard, position, terminal, code, statement)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [position.yard, position.number, terminal, code, Data(statement.bytes)])
    }
}

extension Reading {
    /// What is recorded around a sequence number of a terminal.
    package func surroundings(of terminal: Int64, sequence: Int64) throws -> ChainSurroundings {
        let state = try Row.fetchOne(
            connection.cachedStatement(
                sql: """
                    SELECT \(TerminalRow.highest), state = 'quarantined', state = 'revoked'
                    FROM terminal WHERE number = ?
                    """),
            arguments: [terminal])
        let rows = try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT seq, position, statement, previous, at FROM record
                    WHERE terminal = ? AND seq BETWEEN ? AND ?
                    """),
            arguments: [terminal, sequence - 1, sequence + 1])
        var found: [Int64: ChainSurroundings.Recorded] = [:]
        for row in rows {
            let number: Int64 = row[1]
            let index = LogPosition(number).index
            let statement: Data = row[2]
            let previous: Data = row[3]
            guard let statement = Digest(bytes: statement),
                let previous = Digest(bytes: previous), let at = Timestamp(milliseconds: row[4])
            else { throw DamagedRow(table: "record", position: number) }
            found[row[0]] = .init(index: index, statement: statement, previous: previous, at: at)
        }
        return ChainSurroundings(
            highest: state?[0] ?? 0, same: found[sequence], before: found[sequence - 1],
            after: found[sequence + 1], isQuarantined: state?[1] ?? false,
            isRevoked: state?[2] ?? false)
    }

    /// Where the same contradicting statement was kept before.
    package func evidence(_ statement: Digest, terminal: Int64) throws -> LogPosition? {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT position FROM finding
                WHERE terminal = ? AND statement = ? AND code = 'equivocation'
                """,
            arguments: [terminal, Data(statement.bytes)]
        ).map { LogPosition($0) }
    }

    /// What is wrong with a terminal, newest first: code and log index.
    package func findings(terminal: Int64) throws -> [(code: String, index: Int64)] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT code, position FROM finding WHERE terminal = ? ORDER BY id DESC
                """,
            arguments: [terminal]
        ).map { ($0[0], LogPosition($0[1]).index) }
    }

    package func entry(at position: LogPosition) throws -> [UInt8]? {
        try Data.fetchOne(
            connection.cachedStatement(sql: "SELECT bytes FROM entry WHERE position = ?"),
            arguments: [position.number]
        ).map { Array($0) }
    }

    /// The entries of a yard from `from` up to `to` (exclusive), in order, streamed.
    package func entries(
        yard: Int64, from: Int64, to: Int64, _ body: (Int64, [UInt8]) throws -> Void
    ) throws {
        let cursor = try Row.fetchCursor(
            connection,
            sql: """
                SELECT position, bytes FROM entry WHERE position >= ? AND position < ? ORDER BY 1
                """,
            arguments: [
                LogPosition(yard: yard, index: from).number,
                LogPosition(yard: yard, index: to).number,
            ])
        while let row = try cursor.next() {
            let bytes: Data = row[1]
            try body(LogPosition(row[0]).index, Array(bytes))
        }
    }

    /// The number of entries of a yard.
    package func logSize(yard: Int64) throws -> Int64 {
        let last = try Int64.fetchOne(
            connection,
            sql: "SELECT max(position) FROM entry WHERE position >= ? AND position < ?",
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ])
        return last.map { LogPosition($0).index + 1 } ?? 0
    }

    package func tile(yard: Int64, level: Int, number: Int64) throws -> [UInt8]? {
        try Data.fetchOne(
            connection.cachedStatement(
                sql: "SELECT hashes FROM tile WHERE yard = ? AND level = ? AND number = ?"),
            arguments: [yard, level, number]
        ).map { Array($0) }
    }

    /// The newest stored checkpoint of a yard.
    package func checkpoint(yard: Int64) throws -> (size: Int64, note: String)? {
        try Row.fetchOne(
            connection,
            sql: "SELECT size, note FROM checkpoint WHERE yard = ? ORDER BY size DESC LIMIT 1",
            arguments: [yard]
        ).map { ($0[0], $0[1]) }
    }

    /// All stored checkpoints of a yard, ascending.
    package func checkpoints(yard: Int64, _ body: (Int64, String) throws -> Void) throws {
        let cursor = try Row.fetchCursor(
            connection, sql: "SELECT size, note FROM checkpoint WHERE yard = ? ORDER BY size",
            arguments: [yard])
        while let row = try cursor.next() { try body(row[0], row[1]) }
    }

    /// Where the record of a terminal with this sequence number is.
    package func position(of sequence: Int64, terminal: Int64) throws -> LogPosition? {
        try Int64.fetchOne(
            connection,
            sql: "SELECT position FROM record WHERE terminal = ? AND seq = ?",
            arguments: [terminal, sequence]
        ).map { LogPosition($0) }
    }

    /// Where a record is that is named by its terminal and number; nil if it never came.
    package func position(of reference: SaleReference, yard: Int64) throws -> LogPosition? {
        try terminal(yard: yard, id: reference.terminal).flatMap {
            try position(of: reference.sequence, terminal: $0.number)
        }
    }

    /// The records that refer to `original`, ascending by position.
    package func references(of original: LogPosition) throws -> [(
        kind: RecordKind, at: LogPosition
    )] {
        try Row.fetchAll(
            connection,
            sql: "SELECT kind, position FROM reference WHERE original = ? ORDER BY position",
            arguments: [original.number]
        ).compactMap { row in
            RecordKind(rawValue: row[0]).map { ($0, LogPosition(row[1])) }
        }
    }

    /// Which of the positions from `first` to `last` later records refer to.
    package func referredTo(from first: LogPosition, to last: LogPosition) throws -> Set<
        LogPosition
    > {
        Set(
            try Int64.fetchAll(
                connection,
                sql: "SELECT DISTINCT original FROM reference WHERE original BETWEEN ? AND ?",
                arguments: [first.number, last.number]
            ).map { LogPosition($0) })
    }

    package func personal(at position: LogPosition) throws -> [Disclosure] {
        try Row.fetchAll(
            connection, sql: "SELECT name, salt, value FROM personal WHERE position = ?",
            arguments: [position.number]
        ).compactMap { row in
            let salt: Data = row[1]
            return PersonalField(rawValue: row[0]).map {
                Disclosure(name: $0, salt: Array(salt), value: row[2])
            }
        }
    }

    /// Sequence numbers of a terminal's records in a range of positions, ascending.
    package func sequences(terminal: Int64, from: LogPosition, to: LogPosition) throws -> [Int64] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT seq FROM record WHERE terminal = ? AND position >= ? AND position < ?
                ORDER BY seq
                """,
            arguments: [terminal, from.number, to.number])
    }

    /// Server records of a kind in a yard, ascending.
    package func serverRecords(yard: Int64, kind: RecordKind) throws -> [LogPosition] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM server_record
                WHERE position >= ? AND position < ? AND kind = ? ORDER BY position
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
                kind.rawValue,
            ]
        ).map { LogPosition($0) }
    }
}

/// A row that this program cannot have written.
package struct DamagedRow: Error, Hashable, Sendable {
    package let table: String
    package let position: Int64

    package init(table: String, position: Int64) {
        self.table = table
        self.position = position
    }
}
