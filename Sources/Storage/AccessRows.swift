import GRDB
package import Units

/// One look at personal data.
package struct AccessRow: Hashable, Sendable {
    package enum Act: String, Hashable, Sendable {
        /// A record's fields were shown.
        case read
        /// A plate was searched for, and this record was found by it.
        case search
    }

    package let id: Int64
    package let at: Timestamp
    package let person: PersonID
    /// Nil for a search that found nothing.
    package let position: LogPosition?
    package let act: Act
    /// Names of the fields.
    package let fields: String
    /// What for, in the person's words.
    package let purpose: String
}

extension Transaction {
    /// Notes who looked at which fields of a record, and what for.
    package func logAccess(
        by person: PersonID, at: Timestamp, yard: Int64, position: LogPosition?,
        act: AccessRow.Act, fields: [String], purpose: String
    ) throws {
        try connection.execute(
            sql: """
                INSERT INTO access_log(at, person, yard, position, act, fields, purpose)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                at.milliseconds, person.text, yard, position?.number, act.rawValue,
                fields.joined(separator: ","), purpose,
            ])
    }
}

extension Reading {
    /// Who looked at personal data of a yard, newest first, at most `limit`, before `id`.
    package func accesses(yard: Int64, before id: Int64?, limit: Int) throws -> [AccessRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM access_log WHERE yard = ? AND id < ? ORDER BY id DESC LIMIT ?
                """, arguments: [yard, id ?? .max, limit]
        ).map { row in
            let (number, position): (Int64, Int64?) = (row["id"], row["position"])
            guard let at = Timestamp(milliseconds: row["at"]),
                let person = PersonID(row["person"] as String),
                let act = AccessRow.Act(rawValue: row["act"])
            else { throw DamagedRow(table: "access_log", position: number) }
            return AccessRow(
                id: number, at: at, person: person, position: position.map { LogPosition($0) },
                act: act, fields: row["fields"], purpose: row["purpose"])
        }
    }
}
