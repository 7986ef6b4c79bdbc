import Foundation
import GRDB
package import Journal
package import Units

/// A personal value's place and age.
package struct PersonalRow: Hashable, Sendable {
    package let position: LogPosition
    /// Business day of a terminal's record; nil beside a record of the server.
    package let day: BusinessDay?
    /// When the server made its record; nil beside a terminal's.
    package let at: Timestamp?
}

/// Something asked about personal data.
package struct PersonalRequestRow: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case erase, hold, lift
    }

    package enum State: String, Hashable, Sendable {
        case requested, approved, rejected
    }

    package let id: Int64
    package let yard: Int64
    package let kind: Kind
    /// JSON; never a personal value.
    package let body: String
    package let requestedBy: PersonID
    package let requestedAt: Timestamp
    package let state: State
}

extension Reading {
    /// Where values of `field` are stored beside records of a yard, ascending, streamed.
    package func personal(
        _ field: PersonalField, yard: Int64, _ body: (PersonalRow) throws -> Void
    ) throws {
        let cursor = try Row.fetchCursor(
            connection,
            sql: """
                SELECT personal.position, record.day, server_record.at FROM personal
                LEFT JOIN record ON record.position = personal.position
                LEFT JOIN server_record ON server_record.position = personal.position
                WHERE personal.position >= ? AND personal.position < ? AND name = ?
                ORDER BY personal.position
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number, field.rawValue,
            ])
        while let row = try cursor.next() {
            let (day, at): (Int?, Int64?) = (row[1], row[2])
            try body(
                PersonalRow(
                    position: LogPosition(row[0]), day: day.flatMap(BusinessDay.init(ordinal:)),
                    at: at.flatMap(Timestamp.init(milliseconds:))))
        }
    }

    /// Whether the log of who looked at personal data has rows older than `limit`.
    package func hasAccesses(_ yard: Int64, before limit: Timestamp) throws -> Bool {
        try Bool.fetchOne(
            connection,
            sql: "SELECT EXISTS (SELECT 1 FROM access_log WHERE yard = ? AND at < ?)",
            arguments: [yard, limit.milliseconds]) ?? false
    }

    /// The highest number of a hold of a yard; 0 without one.
    package func lastHold(yard: Int64) throws -> Int64 {
        try Int64.fetchOne(
            connection, sql: "SELECT max(number) FROM legal_hold WHERE yard = ?", arguments: [yard]
        ) ?? 0
    }

    /// Positions of the records of holds that were not lifted, by number of the hold.
    package func openHolds(yard: Int64) throws -> [LogPosition] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM legal_hold WHERE yard = ? AND lifted IS NULL ORDER BY number
                """, arguments: [yard]
        ).map { LogPosition($0) }
    }

    package func personalRequest(_ id: Int64) throws -> PersonalRequestRow? {
        try Row.fetchOne(
            connection, sql: "SELECT * FROM personal_request WHERE id = ?", arguments: [id]
        ).map(PersonalRequestRow.init)
    }

    /// Requests that wait for a decision, newest first.
    package func openPersonalRequests(yard: Int64) throws -> [PersonalRequestRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM personal_request WHERE yard = ? AND state = 'requested'
                ORDER BY id DESC
                """, arguments: [yard]
        ).map(PersonalRequestRow.init)
    }
}

extension Transaction {
    /// Removes the values of `field` beside the records of a yard within `range`.
    ///
    /// - Parameter digest: of a plate's value, as the search index holds it.
    /// - Returns: how many there were.
    package func erase(
        _ field: PersonalField, yard: Int64, _ range: ClosedRange<Int64>,
        digest: (String) -> [UInt8]?
    ) throws -> Int64 {
        let bounds = [
            LogPosition(yard: yard, index: range.lowerBound).number,
            LogPosition(yard: yard, index: range.upperBound).number,
        ]
        if field == .plate {
            let plates = try Row.fetchAll(
                connection,
                sql: """
                    SELECT position, value FROM personal
                    WHERE position BETWEEN ? AND ? AND name = 'plate'
                    """, arguments: StatementArguments(bounds))
            for row in plates {
                let position: Int64 = row[0]
                guard let digest = digest(row[1]) else { continue }
                try connection.cachedStatement(
                    sql: "DELETE FROM plate_search WHERE digest = ? AND position = ?"
                ).execute(arguments: [Data(digest), position])
            }
        }
        // Where a page loses many rows SQLite writes its neighbours anew, and copies of rows that
        // go later may stay in what it then takes for free: so none holds a value by then.
        try connection.execute(
            sql: """
                UPDATE personal SET salt = zeroblob(length(salt)),
                  value = substr(
                    hex(zeroblob(length(CAST(value AS BLOB)))), 1, length(CAST(value AS BLOB)))
                WHERE position BETWEEN ? AND ? AND name = ?
                """, arguments: [bounds[0], bounds[1], field.rawValue])
        try connection.execute(
            sql: "DELETE FROM personal WHERE position BETWEEN ? AND ? AND name = ?",
            arguments: [bounds[0], bounds[1], field.rawValue])
        return Int64(connection.changesCount)
    }

    package func insert(_ hold: LegalHold, yard: Int64, at position: LogPosition) throws {
        try connection.execute(
            sql: "INSERT INTO legal_hold VALUES (?, ?, ?, NULL)",
            arguments: [yard, hold.number, position.number])
    }

    package func lift(_ number: Int64, yard: Int64, at position: LogPosition) throws {
        try connection.execute(
            sql: "UPDATE legal_hold SET lifted = ? WHERE yard = ? AND number = ?",
            arguments: [position.number, yard, number])
    }

    package func insertPersonalRequest(
        yard: Int64, kind: PersonalRequestRow.Kind, body: String, by person: PersonID,
        at time: Timestamp
    ) throws -> Int64 {
        try connection.execute(
            sql: """
                INSERT INTO personal_request(yard, kind, body, requested_by, requested_at, state)
                VALUES (?, ?, ?, ?, ?, 'requested')
                """,
            arguments: [yard, kind.rawValue, body, person.text, time.milliseconds])
        return connection.lastInsertedRowID
    }

    package func decidePersonalRequest(
        _ id: Int64, _ state: PersonalRequestRow.State, by person: PersonID
    ) throws {
        try connection.execute(
            sql: "UPDATE personal_request SET state = ?, decided_by = ? WHERE id = ?",
            arguments: [state.rawValue, person.text, id])
    }

    /// Removes what is older than `limit` from the log of who looked at personal data.
    ///
    /// - Returns: how many rows.
    package func eraseAccesses(yard: Int64, before limit: Timestamp) throws -> Int64 {
        try connection.execute(
            sql: "DELETE FROM access_log WHERE yard = ? AND at < ?",
            arguments: [yard, limit.milliseconds])
        return Int64(connection.changesCount)
    }
}

extension PersonalRequestRow {
    fileprivate init(_ row: Row) throws {
        id = row["id"]
        guard let kind = Kind(rawValue: row["kind"]), let state = State(rawValue: row["state"]),
            let person = PersonID(row["requested_by"] as String),
            let at = Timestamp(milliseconds: row["requested_at"])
        else { throw DamagedRow(table: "personal_request", position: id) }
        yard = row["yard"]
        body = row["body"]
        (self.kind, self.state, requestedBy, requestedAt) = (kind, state, person, at)
    }
}
