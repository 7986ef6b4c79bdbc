import Foundation
import GRDB
package import Units

/// A key of a terminal as stored: what the journal says, for quick answers.
package struct TerminalKeyRow: Hashable, Sendable {
    package let kid: String
    /// Number of the terminal.
    package let terminal: Int64
    /// 64 bytes, raw P-256.
    package let key: [UInt8]
    /// Log index of the record that brought it in.
    package let start: Int64
    /// Log index of the record that replaced it; nil for the last one.
    package let end: Int64?
    /// The lowest sequence number recorded under it, for keys that replaced another.
    package let first: Int64?
}

/// Something about keys that waits for a second person, or no longer.
package struct KeyRequestRow: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case rotate, revoke
        case rotateLog = "rotate-log"
        case rotateRecord = "rotate-record"
    }

    package enum State: String, Hashable, Sendable {
        case requested, approved, rejected
    }

    package let id: Int64
    package let yard: Int64
    package let kind: Kind
    /// Nil for the server's own keys.
    package let terminal: TerminalID?
    /// JSON of the use case that asked.
    package let body: String
    /// Nil if a terminal asked.
    package let requestedBy: PersonID?
    package let requestedAt: Timestamp
    package let state: State
    package let decidedBy: PersonID?
}

extension Transaction {
    package func insertKey(
        _ key: [UInt8], kid: String, ofTerminal number: Int64, start: Int64
    ) throws {
        try connection.execute(
            sql: "INSERT INTO terminal_key(kid, terminal, key, start) VALUES (?, ?, ?, ?)",
            arguments: [kid, number, Data(key), start])
    }

    /// Puts a terminal's next key in place of the one in force.
    package func replaceKey(
        ofTerminal number: Int64, by key: [UInt8], kid: String, at index: Int64
    ) throws {
        try connection.execute(
            sql: "UPDATE terminal_key SET finish = ? WHERE terminal = ? AND finish IS NULL",
            arguments: [index, number])
        try insertKey(key, kid: kid, ofTerminal: number, start: index)
        try connection.execute(
            sql: "UPDATE terminal SET key = ?, kid = ? WHERE number = ?",
            arguments: [Data(key), kid, number])
    }

    /// Notes that a record with this number came under a key.
    package func lowerFirst(of kid: String, to sequence: Int64) throws {
        try connection.cachedStatement(
            sql: """
                UPDATE terminal_key SET first = ?1
                WHERE kid = ?2 AND (first IS NULL OR first > ?1)
                """
        ).execute(arguments: [sequence, kid])
    }

    /// Puts an active terminal into quarantine; another state stays.
    package func quarantine(terminal number: Int64) throws {
        try connection.execute(
            sql: "UPDATE terminal SET state = 'quarantined' WHERE number = ? AND state = 'active'",
            arguments: [number])
    }

    package func insertKeyRequest(
        _ kind: KeyRequestRow.Kind, yard: Int64, terminal: TerminalID?, body: String,
        by person: PersonID?, at: Timestamp
    ) throws -> Int64 {
        try connection.execute(
            sql: """
                INSERT INTO key_request(
                  yard, kind, terminal, body, requested_by, requested_at, state)
                VALUES (?, ?, ?, ?, ?, ?, 'requested')
                """,
            arguments: [
                yard, kind.rawValue, terminal?.text, body, person?.text, at.milliseconds,
            ])
        return connection.lastInsertedRowID
    }

    package func decideKeyRequest(_ id: Int64, _ state: KeyRequestRow.State, by person: PersonID?)
        throws
    {
        try connection.execute(
            sql: "UPDATE key_request SET state = ?, decided_by = ? WHERE id = ?",
            arguments: [state.rawValue, person?.text, id])
    }
}

extension Reading {
    /// The keys of a terminal, or of all, in the order in which they came.
    package func terminalKeys(of number: Int64? = nil) throws -> [TerminalKeyRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM terminal_key WHERE ?1 IS NULL OR terminal = ?1
                ORDER BY terminal, start
                """,
            arguments: [number]
        ).map { row in
            let key: Data = row["key"]
            return TerminalKeyRow(
                kid: row["kid"], terminal: row["terminal"], key: Array(key), start: row["start"],
                end: row["finish"], first: row["first"])
        }
    }

    /// The first stored checkpoint of a yard over more than `size` entries.
    package func checkpoint(yard: Int64, above size: Int64) throws -> (size: Int64, note: String)? {
        try Row.fetchOne(
            connection,
            sql: """
                SELECT size, note FROM checkpoint WHERE yard = ? AND size > ? ORDER BY size LIMIT 1
                """,
            arguments: [yard, size]
        ).map { ($0[0], $0[1]) }
    }

    /// Log index of the newest `rotate` record of a yard.
    package func lastRotation(yard: Int64) throws -> Int64? {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT max(start) FROM terminal_key JOIN terminal ON number = terminal
                WHERE yard = ? AND start > enrolled
                """,
            arguments: [yard])
    }

    /// The lowest sequence number recorded under a key that came after this one.
    package func firstSequence(afterKey kid: String) throws -> Int64? {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT min(later.first) FROM terminal_key AS own JOIN terminal_key AS later
                ON later.terminal = own.terminal AND later.start > own.start WHERE own.kid = ?
                """,
            arguments: [kid])
    }

    package func keyRequest(_ id: Int64) throws -> KeyRequestRow? {
        try Row.fetchOne(connection, sql: "SELECT * FROM key_request WHERE id = ?", arguments: [id])
            .flatMap(KeyRequestRow.init)
    }

    /// Requests that wait for a decision, newest first.
    package func openKeyRequests(yard: Int64) throws -> [KeyRequestRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM key_request WHERE yard = ? AND state = 'requested' ORDER BY id DESC
                """,
            arguments: [yard]
        ).compactMap(KeyRequestRow.init)
    }

    /// The records of a terminal above a sequence number or recorded from a position on, by number:
    /// what has to be looked at when its key is revoked.
    package func records(
        ofTerminal number: Int64, above sequence: Int64, orFrom position: LogPosition?
    ) throws -> [RecordRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT \(RecordRow.columns) FROM record
                WHERE terminal = ?1 AND (seq > ?2 OR position >= ?3) ORDER BY seq
                """,
            arguments: [number, sequence, position?.number ?? .max]
        ).map(RecordRow.init)
    }
}

extension KeyRequestRow {
    fileprivate init?(_ row: Row) {
        let terminal: String? = row["terminal"]
        let requestedBy: String? = row["requested_by"]
        let decidedBy: String? = row["decided_by"]
        guard let kind = Kind(rawValue: row["kind"]), let state = State(rawValue: row["state"]),
            let at = Timestamp(milliseconds: row["requested_at"])
        else { return nil }
        self.init(
            id: row["id"], yard: row["yard"], kind: kind,
            terminal: terminal.flatMap(TerminalID.init), body: row["body"],
            requestedBy: requestedBy.flatMap(PersonID.init), requestedAt: at, state: state,
            decidedBy: decidedBy.flatMap(PersonID.init))
    }
}
