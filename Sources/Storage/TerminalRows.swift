import Foundation
import GRDB
package import Units

/// A yard as stored; everything else about it stands in its genesis record.
package struct YardRow: Hashable, Sendable {
    package let number: Int64
    package let id: YardID
    package let origin: String

    package init(number: Int64, id: YardID, origin: String) {
        self.number = number
        self.id = id
        self.origin = origin
    }
}

/// A terminal as stored.
package struct TerminalRow: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case active, quarantined, revoked
    }

    package let number: Int64
    package let yard: Int64
    package let id: TerminalID
    package let name: String
    /// 64 bytes, raw P-256.
    package let key: [UInt8]
    package let kid: String
    package let enrolledAt: Int64
    package let state: State
    /// The highest number recorded; 0 if there is none.
    package let highest: Int64
    package let seen: Timestamp?
    /// What the terminal itself said last: its highest signed number, how many wait to be sent,
    /// how many payments are unknown.
    package let head: Int64
    package let queued: Int64
    package let unknown: Int64
}

/// An enrolment request.
package struct EnrolmentRow: Hashable, Sendable {
    package let id: Int64
    package let yard: Int64
    package let terminal: TerminalID
    package let name: String
    package let requestedBy: PersonID
    package let requestedAt: Timestamp
    package let approvedBy: PersonID?
    package let approvedAt: Timestamp?
    /// When it was used; of a request that nobody approved, when it was refused.
    package let endedAt: Timestamp?
}

extension Transaction {
    package func insertYard(_ id: YardID, origin: String) throws -> Int64 {
        try connection.execute(
            sql: "INSERT INTO yard(id, origin) VALUES (?, ?)", arguments: [id.text, origin])
        return connection.lastInsertedRowID
    }

    package func insertTerminal(
        yard: Int64, id: TerminalID, name: String, key: [UInt8], kid: String, enrolledAt: Int64,
        tokenDigest: [UInt8]
    ) throws -> Int64 {
        try connection.execute(
            sql: """
                INSERT INTO terminal(yard, id, name, key, kid, enrolled, state, token)
                VALUES (?, ?, ?, ?, ?, ?, 'active', ?)
                """,
            arguments: [
                yard, id.text, name, Data(key), kid, enrolledAt, Data(tokenDigest),
            ])
        let number = connection.lastInsertedRowID
        try insertKey(key, kid: kid, ofTerminal: number, start: enrolledAt)
        return number
    }

    package func setState(_ state: TerminalRow.State, ofTerminal number: Int64) throws {
        try connection.execute(
            sql: "UPDATE terminal SET state = ? WHERE number = ?",
            arguments: [state.rawValue, number])
    }

    package func heartbeat(
        terminal: Int64, at: Timestamp, head: Int64, queued: Int64, unknown: Int64
    ) throws {
        try connection.execute(
            sql: "UPDATE terminal SET seen = ?, head = ?, queued = ?, unknown = ? WHERE number = ?",
            arguments: [at.milliseconds, head, queued, unknown, terminal])
    }

    package func insertEnrolment(
        yard: Int64, terminal: TerminalID, name: String, codeDigest: [UInt8],
        by person: PersonID, at: Timestamp
    ) throws -> Int64 {
        try connection.execute(
            sql: """
                INSERT INTO enrolment(yard, terminal, name, code, requested_by, requested_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                yard, terminal.text, name, Data(codeDigest), person.text, at.milliseconds,
            ])
        return connection.lastInsertedRowID
    }

    package func approveEnrolment(_ id: Int64, by person: PersonID, at: Timestamp) throws {
        try connection.execute(
            sql: "UPDATE enrolment SET approved_by = ?, approved_at = ? WHERE id = ?",
            arguments: [person.text, at.milliseconds, id])
    }

    /// Ends a request: used if it was approved, else refused. The row stays, since its number must
    /// not come to name another request.
    package func endEnrolment(_ id: Int64, at: Timestamp) throws {
        try connection.execute(
            sql: "UPDATE enrolment SET used_at = ? WHERE id = ?", arguments: [at.milliseconds, id])
    }
}

extension Reading {
    /// Every yard, in the order of their numbers.
    ///
    /// - Throws: ``DamagedRow``; a yard whose name cannot be read must not vanish.
    package func yards() throws -> [YardRow] {
        try Row.fetchAll(connection, sql: "SELECT number, id, origin FROM yard ORDER BY number")
            .map { row in
                guard let id = YardID(row[1] as String) else {
                    throw DamagedRow(table: "yard", position: row[0])
                }
                return YardRow(number: row[0], id: id, origin: row[2])
            }
    }

    package func terminals(yard: Int64? = nil) throws -> [TerminalRow] {
        try Row.fetchAll(
            connection,
            sql: "\(TerminalRow.select) WHERE ?1 IS NULL OR yard = ?1 ORDER BY number",
            arguments: [yard]
        ).compactMap(TerminalRow.init)
    }

    package func terminal(yard: Int64, id: TerminalID) throws -> TerminalRow? {
        try Row.fetchOne(
            connection, sql: "\(TerminalRow.select) WHERE yard = ? AND id = ?",
            arguments: [yard, id.text]
        ).flatMap(TerminalRow.init)
    }

    package func terminal(token digest: [UInt8]) throws -> TerminalRow? {
        try Row.fetchOne(
            connection, sql: "\(TerminalRow.select) WHERE token = ?", arguments: [Data(digest)]
        ).flatMap(TerminalRow.init)
    }

    package func enrolment(code digest: [UInt8]) throws -> EnrolmentRow? {
        try Row.fetchOne(
            connection, sql: "SELECT * FROM enrolment WHERE code = ?", arguments: [Data(digest)]
        ).flatMap(EnrolmentRow.init)
    }

    package func enrolment(id: Int64) throws -> EnrolmentRow? {
        try Row.fetchOne(connection, sql: "SELECT * FROM enrolment WHERE id = ?", arguments: [id])
            .flatMap(EnrolmentRow.init)
    }

    /// Requests that can still lead to a terminal, newest first: not ended, for an id that no
    /// terminal has, and not approved before `earliest`.
    package func openEnrolments(yard: Int64, approvedSince earliest: Timestamp) throws
        -> [EnrolmentRow]
    {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM enrolment WHERE yard = ? AND used_at IS NULL
                AND (approved_at IS NULL OR approved_at >= ?) AND NOT EXISTS(
                  SELECT 1 FROM terminal
                  WHERE terminal.yard = enrolment.yard AND terminal.id = enrolment.terminal)
                ORDER BY id DESC
                """,
            arguments: [yard, earliest.milliseconds]
        ).compactMap(EnrolmentRow.init)
    }
}

extension TerminalRow {
    /// The highest number recorded of a row of `terminal`; 0 if there is none.
    static let highest = """
        (SELECT coalesce(max(seq), 0) FROM record WHERE record.terminal = terminal.number)
        """
    fileprivate static let select = "SELECT *, \(highest) AS highest FROM terminal"

    fileprivate init?(_ row: Row) {
        let key: Data = row["key"]
        let seen: Int64? = row["seen"]
        guard let id = TerminalID(row["id"] as String), let state = State(rawValue: row["state"])
        else { return nil }
        self.init(
            number: row["number"], yard: row["yard"], id: id, name: row["name"], key: Array(key),
            kid: row["kid"], enrolledAt: row["enrolled"], state: state, highest: row["highest"],
            seen: seen.flatMap(Timestamp.init(milliseconds:)), head: row["head"],
            queued: row["queued"],
            unknown: row["unknown"])
    }
}

extension EnrolmentRow {
    fileprivate init?(_ row: Row) {
        let approvedBy: String? = row["approved_by"]
        let approvedAt: Int64? = row["approved_at"]
        let endedAt: Int64? = row["used_at"]
        guard let terminal = TerminalID(row["terminal"] as String),
            let requestedBy = PersonID(row["requested_by"] as String),
            let requestedAt = Timestamp(milliseconds: row["requested_at"])
        else { return nil }
        self.init(
            id: row["id"], yard: row["yard"], terminal: terminal, name: row["name"],
            requestedBy: requestedBy, requestedAt: requestedAt,
            approvedBy: approvedBy.flatMap(PersonID.init),
            approvedAt: approvedAt.flatMap(Timestamp.init(milliseconds:)),
            endedAt: endedAt.flatMap(Timestamp.init(milliseconds:)))
    }
}
