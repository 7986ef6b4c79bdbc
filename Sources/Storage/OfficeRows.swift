import Foundation
import GRDB
package import People
package import Units

/// A session of a signed-in person.
package struct SessionRow: Hashable, Sendable {
    package let person: PersonID
    package let csrf: String
    package let created: Timestamp
    package let used: Timestamp

    package init(person: PersonID, csrf: String, created: Timestamp, used: Timestamp) {
        self.person = person
        self.csrf = csrf
        self.created = created
        self.used = used
    }
}

/// A request to take money back, on its way through two people.
package struct ReversalRequestRow: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case requested, approved, completed, rejected
    }

    package let id: Int64
    package let original: LogPosition
    /// JSON of what is asked for.
    package let body: String
    package let state: State
    package let requestedBy: PersonID
    package let requestedAt: Timestamp
    package let decidedBy: PersonID?
    /// Log index of the approval.
    package let approval: Int64?
    /// Log index of the reversal itself.
    package let completed: Int64?
}

/// A close being prepared.
package struct CloseDraftRow: Hashable, Sendable {
    package let day: BusinessDay
    /// The log position after the last one held.
    package let upto: Int64
    /// JSON of the counted totals, and of the explanations given so far.
    package let counted: String
    package let countedBy: PersonID
    package let countedAt: Timestamp
    package let explained: String

    package init(
        day: BusinessDay, upto: Int64, counted: String, countedBy: PersonID, countedAt: Timestamp,
        explained: String
    ) {
        self.day = day
        self.upto = upto
        self.counted = counted
        self.countedBy = countedBy
        self.countedAt = countedAt
        self.explained = explained
    }
}

/// Where a close or an export stands in the log.
package struct NumberedRow: Hashable, Sendable {
    package let number: Int64
    package let position: LogPosition
}

extension Transaction {
    package func insertSession(
        tokenDigest: [UInt8], person: PersonID, csrf: String, at: Timestamp
    ) throws {
        try connection.execute(
            sql: "INSERT INTO session VALUES (?, ?, ?, ?, ?)",
            arguments: [
                Data(tokenDigest), person.text, csrf, at.milliseconds, at.milliseconds,
            ])
    }

    /// Forgets sessions that are too old to be used again.
    package func deleteSessions(createdBefore: Timestamp) throws {
        try connection.execute(
            sql: "DELETE FROM session WHERE created < ?", arguments: [createdBefore.milliseconds])
    }

    package func touchSession(tokenDigest: [UInt8], at: Timestamp) throws {
        try connection.execute(
            sql: "UPDATE session SET used = ? WHERE token = ?",
            arguments: [at.milliseconds, Data(tokenDigest)])
    }

    package func deleteSession(tokenDigest: [UInt8]) throws {
        try connection.execute(
            sql: "DELETE FROM session WHERE token = ?", arguments: [Data(tokenDigest)])
    }

    package func insertReversalRequest(
        original: LogPosition, body: String, by person: PersonID, at: Timestamp
    ) throws -> Int64 {
        try connection.execute(
            sql: """
                INSERT INTO reversal_request(
                  yard, original, body, state, requested_by, requested_at)
                VALUES (?, ?, ?, 'requested', ?, ?)
                """,
            arguments: [original.yard, original.number, body, person.text, at.milliseconds])
        return connection.lastInsertedRowID
    }

    package func decideReversal(
        _ id: Int64, state: ReversalRequestRow.State, by person: PersonID, approval: Int64?
    ) throws {
        try connection.execute(
            sql: "UPDATE reversal_request SET state = ?, decided_by = ?, approval = ? WHERE id = ?",
            arguments: [state.rawValue, person.text, approval, id])
    }

    /// Puts what was approved in the place of what was asked for.
    package func replaceReversal(_ id: Int64, body: String) throws {
        try connection.execute(
            sql: "UPDATE reversal_request SET body = ? WHERE id = ?", arguments: [body, id])
    }

    package func completeReversal(_ id: Int64, at index: Int64) throws {
        try connection.execute(
            sql: "UPDATE reversal_request SET state = 'completed', completed = ? WHERE id = ?",
            arguments: [index, id])
    }

    package func save(_ draft: CloseDraftRow, yard: Int64) throws {
        try connection.execute(
            sql: "INSERT OR REPLACE INTO close_draft VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                yard, draft.day.ordinal, draft.upto, draft.counted, draft.countedBy.text,
                draft.countedAt.milliseconds, draft.explained,
            ])
    }

    package func deleteCloseDraft(yard: Int64) throws {
        try connection.execute(sql: "DELETE FROM close_draft WHERE yard = ?", arguments: [yard])
    }

    package func insertClose(
        yard: Int64, number: Int64, position: LogPosition, day: BusinessDay, upto: Int64
    ) throws {
        try connection.execute(
            sql: "INSERT INTO close VALUES (?, ?, ?, ?, ?)",
            arguments: [yard, number, position.number, day.ordinal, upto])
    }

    package func set(_ name: String, to value: String) throws {
        try connection.execute(
            sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [name, value])
    }
}

extension Reading {
    package func setting(_ name: String) throws -> String? {
        try String.fetchOne(
            connection, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }

    package func people() throws -> [Person] {
        try Row.fetchAll(connection, sql: "SELECT * FROM person ORDER BY id")
            .compactMap(Person.init)
    }

    package func person(_ id: PersonID) throws -> (person: Person, password: String)? {
        let row = try Row.fetchOne(
            connection, sql: "SELECT * FROM person WHERE id = ?", arguments: [id.text])
        guard let row, let person = Person(row) else { return nil }
        return (person, row["password"])
    }

    package func session(tokenDigest: [UInt8]) throws -> SessionRow? {
        let row = try Row.fetchOne(
            connection, sql: "SELECT * FROM session WHERE token = ?",
            arguments: [Data(tokenDigest)])
        guard let row, let person = PersonID(row["person"] as String),
            let created = Timestamp(milliseconds: row["created"]),
            let used = Timestamp(milliseconds: row["used"])
        else { return nil }
        return SessionRow(person: person, csrf: row["csrf"], created: created, used: used)
    }

    /// Newest first.
    package func reversalRequests(yard: Int64) throws -> [ReversalRequestRow] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM reversal_request WHERE yard = ? ORDER BY id DESC",
            arguments: [yard]
        ).compactMap(ReversalRequestRow.init)
    }

    /// Requests about a sale that are approved and not recorded yet, oldest first.
    package func approvedReversals(of original: LogPosition) throws -> [ReversalRequestRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM reversal_request WHERE original = ? AND state = 'approved'
                ORDER BY id
                """,
            arguments: [original.number]
        ).compactMap(ReversalRequestRow.init)
    }

    package func reversalRequest(_ id: Int64) throws -> ReversalRequestRow? {
        try Row.fetchOne(
            connection, sql: "SELECT * FROM reversal_request WHERE id = ?", arguments: [id]
        ).flatMap(ReversalRequestRow.init)
    }

    package func closeDraft(yard: Int64) throws -> CloseDraftRow? {
        let row = try Row.fetchOne(
            connection, sql: "SELECT * FROM close_draft WHERE yard = ?", arguments: [yard])
        guard let row, let day = BusinessDay(ordinal: row["day"]),
            let person = PersonID(row["counted_by"] as String),
            let at = Timestamp(milliseconds: row["counted_at"])
        else { return nil }
        return CloseDraftRow(
            day: day, upto: row["upto"], counted: row["counted"], countedBy: person, countedAt: at,
            explained: row["explained"])
    }

    /// The earliest business day of a terminal's record at log index `index` or later; nil if
    /// there is none.
    ///
    /// - Parameter day: only days after this one are looked for.
    package func firstDay(
        yard: Int64, from index: Int64, after day: BusinessDay? = nil
    ) throws -> BusinessDay? {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT min(+day) FROM record
                WHERE position >= ? AND position < ? AND +day > ?
                """,
            arguments: [
                LogPosition(yard: yard, index: index).number,
                LogPosition(yard: yard + 1, index: 0).number, day?.ordinal ?? Int.min,
            ]
        ).flatMap { BusinessDay(ordinal: Int($0)) }
    }

    /// Ascending by number.
    package func closes(yard: Int64) throws -> [NumberedRow] {
        try numbered("close", yard: yard)
    }

    /// At most `limit` closes recorded before `position`, nil for the newest; descending by number.
    package func closes(yard: Int64, before position: LogPosition?, limit: Int) throws
        -> [NumberedRow]
    {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT number, position FROM close WHERE yard = ? AND position < ?
                ORDER BY number DESC LIMIT ?
                """,
            arguments: [yard, position?.number ?? Int64.max, limit]
        ).map { NumberedRow(number: $0[0], position: LogPosition($0[1])) }
    }

    /// The number of the close that holds the entry at `position`; nil if none does yet.
    package func closeNumber(holding position: LogPosition) throws -> Int64? {
        try Int64.fetchOne(
            connection,
            sql: "SELECT min(number) FROM close WHERE yard = ? AND upto > ?",
            arguments: [position.yard, position.index])
    }

    /// Ascending by number.
    package func exports(yard: Int64) throws -> [NumberedRow] {
        try numbered("export", yard: yard)
    }

    /// Nil if there is none of this number.
    package func export(_ number: Int64, yard: Int64) throws -> NumberedRow? {
        try exports(yard: yard).first { $0.number == number }
    }

    /// Those of one format, ascending by number.
    package func exports(yard: Int64, profile: String) throws -> [NumberedRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT number, position FROM export WHERE yard = ? AND profile = ? ORDER BY number
                """,
            arguments: [yard, profile]
        ).map { NumberedRow(number: $0[0], position: LogPosition($0[1])) }
    }

    private func numbered(_ table: String, yard: Int64) throws -> [NumberedRow] {
        try Row.fetchAll(
            connection,
            sql: "SELECT number, position FROM \(table) WHERE yard = ? ORDER BY number",
            arguments: [yard]
        ).map { NumberedRow(number: $0[0], position: LogPosition($0[1])) }
    }
}

extension ReversalRequestRow {
    fileprivate init?(_ row: Row) {
        let decidedBy: String? = row["decided_by"]
        guard let state = State(rawValue: row["state"]),
            let requestedBy = PersonID(row["requested_by"] as String),
            let requestedAt = Timestamp(milliseconds: row["requested_at"])
        else { return nil }
        self.init(
            id: row["id"], original: LogPosition(row["original"]), body: row["body"], state: state,
            requestedBy: requestedBy, requestedAt: requestedAt,
            decidedBy: decidedBy.flatMap(PersonID.init), approval: row["approval"],
            completed: row["completed"])
    }
}
