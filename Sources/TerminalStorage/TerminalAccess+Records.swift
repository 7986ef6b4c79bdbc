import Foundation
import GRDB
package import Journal
package import Signing
package import Units

extension TerminalAccess {
    /// Sequence number and statement of the last record; nil if there is none.
    package func lastRecord() throws -> (sequence: Int64, statement: Digest)? {
        let row = try Row.fetchOne(
            connection, sql: "SELECT sequence, statement FROM record ORDER BY sequence DESC LIMIT 1"
        )
        guard let row else { return nil }
        return (try row.value("sequence"), try Self.digest(row, "statement"))
    }

    /// Adds a signed record to the queue; SQLite refuses a gap and a number used before.
    package func add(
        _ record: StoredRecord, previous: Digest, disclosures: [Disclosure]
    ) throws {
        try connection.execute(
            sql: """
                INSERT INTO record(
                  sequence, kind, at, day, total, original, jws, statement, previous, state,
                  changed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)
                """,
            arguments: [
                record.sequence, record.kind.rawValue, record.at.milliseconds, record.day.iso,
                record.total.value, record.original, record.jws.blob, record.statement.bytes.blob,
                previous.bytes.blob, record.at.milliseconds,
            ])
        for disclosure in disclosures {
            try connection.execute(
                sql: "INSERT INTO personal(sequence, name, salt, value) VALUES (?, ?, ?, ?)",
                arguments: [
                    record.sequence, disclosure.name.rawValue, disclosure.salt.blob,
                    disclosure.value,
                ])
        }
    }

    /// The record with this sequence number.
    package func record(_ sequence: Int64) throws -> StoredRecord? {
        try records(where: "sequence = ?", [sequence]).first
    }

    /// The records of a day, ascending.
    package func records(on day: BusinessDay) throws -> [StoredRecord] {
        try records(where: "day = ? ORDER BY sequence", [day.iso])
    }

    /// Voids and resolutions of a sale, ascending.
    package func records(about original: Int64) throws -> [StoredRecord] {
        try records(where: "original = ? ORDER BY sequence", [original])
    }

    /// Queued records from `sequence` on, ascending, at most `limit`; those that a log proved and
    /// then lost are among them.
    ///
    /// Looks only at what waits: `state <> 'acknowledged'` is the condition of the index, and the
    /// plus keeps SQLite from walking through all records instead.
    package func queued(from sequence: Int64, limit: Int) throws -> [StoredRecord] {
        try records(
            where: """
                +sequence >= ? AND sequence IN (
                  SELECT sequence FROM record WHERE state <> 'acknowledged' AND state = 'queued'
                  UNION SELECT sequence FROM lost_proof WHERE waits = 1)
                ORDER BY sequence LIMIT ?
                """, [sequence, limit])
    }

    /// Puts what the ended log `log` acknowledged from `position` on back into the queue, and keeps
    /// what that log proved. Which payments are resolved is asked anew: that may be lost as well.
    ///
    /// - Returns: how many records wait again.
    @discardableResult
    package func sendAgain(from position: Int64, endedLog log: String) throws -> Int {
        try connection.execute(
            sql: """
                INSERT INTO lost_proof(sequence, log, position, entry, proof, waits)
                SELECT sequence, ?, position, entry, proof, 1 FROM record
                WHERE state = 'acknowledged' AND position >= ?
                ON CONFLICT DO NOTHING
                """, arguments: [log, position])
        let count = connection.changesCount
        try connection.execute(sql: "DELETE FROM resolved_elsewhere")
        return count
    }

    /// How many records wait because a log proved and then lost them.
    package func lostCount() throws -> Int {
        try Int.fetchOne(
            connection, sql: "SELECT count(DISTINCT sequence) FROM lost_proof WHERE waits = 1") ?? 0
    }

    /// What ended logs proved of a record: name of the log, entry and proof, by name.
    package func lostProofs(of sequence: Int64) throws -> [(
        log: String, entry: [UInt8], proof: String
    )] {
        try Row.fetchAll(
            connection,
            sql: "SELECT log, entry, proof FROM lost_proof WHERE sequence = ? ORDER BY log",
            arguments: [sequence]
        ).map { (try $0.value("log"), try $0.bytes("entry"), try $0.value("proof")) }
    }

    /// Every record, ascending, one at a time; `body` must not write.
    package func eachRecord(_ body: (StoredRecord) throws -> Void) throws {
        let rows = try Row.fetchCursor(connection, sql: "SELECT * FROM record ORDER BY sequence")
        while let row = try rows.next() { try body(Self.record(row)) }
    }

    /// The personal values beside a record, by name; empty after they were erased.
    package func disclosures(of sequence: Int64) throws -> [Disclosure] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM personal WHERE sequence = ? ORDER BY name",
            arguments: [sequence]
        ).map { row in
            guard let name = PersonalField(rawValue: try row.value("name")) else {
                throw TerminalStoreError.damaged(table: "personal", row: sequence)
            }
            return Disclosure(
                name: name, salt: try row.bytes("salt"), value: try row.value("value"))
        }
    }

    /// Keeps the server's verified answer.
    package func acknowledge(
        _ sequence: Int64, with acknowledgement: Acknowledgement, at time: Timestamp
    ) throws {
        try connection.execute(
            sql: """
                UPDATE record SET state = 'acknowledged', position = ?, entry = ?, proof = ?,
                  problem = NULL, changed = ? WHERE sequence = ?
                """,
            arguments: [
                acknowledgement.index, acknowledgement.entry.blob, acknowledgement.proof,
                time.milliseconds, sequence,
            ])
        try connection.execute(
            sql: "UPDATE lost_proof SET waits = 0 WHERE sequence = ? AND waits = 1",
            arguments: [sequence])
    }

    /// Entry and proof of an acknowledged record.
    package func proof(of sequence: Int64) throws -> (entry: [UInt8], proof: String)? {
        let row = try Row.fetchOne(
            connection,
            sql: "SELECT entry, proof FROM record WHERE sequence = ? AND proof NOT NULL",
            arguments: [sequence])
        return try row.map { (try $0.bytes("entry"), try $0.value("proof")) }
    }

    /// Marks a queued record as refused by the server.
    package func refuse(_ sequence: Int64, problem: String, at time: Timestamp) throws {
        try connection.execute(
            sql: """
                UPDATE record SET state = 'refused', problem = ?, changed = ?
                WHERE sequence = ? AND state = 'queued'
                """, arguments: [problem, time.milliseconds, sequence])
    }

    /// Puts refused records back into the queue.
    package func requeueRefused(at time: Timestamp) throws {
        try connection.execute(
            sql: """
                UPDATE record SET state = 'queued', problem = NULL, changed = ?
                WHERE state = 'refused'
                """, arguments: [time.milliseconds])
    }

    /// What waits, what was refused and the highest number.
    package func queueCount() throws -> QueueCount {
        let row = try Row.fetchOne(
            connection,
            sql: """
                SELECT count(*) FILTER (WHERE state = 'queued')
                    + (SELECT count(DISTINCT sequence) FROM lost_proof WHERE waits = 1) queued,
                  count(*) FILTER (WHERE state = 'refused') refused,
                  min(at) FILTER (WHERE state = 'queued') oldest,
                  (SELECT coalesce(max(sequence), 0) FROM record) head
                FROM record WHERE state <> 'acknowledged'
                """)
        guard let row else { return QueueCount(queued: 0, refused: 0, oldest: nil, head: 0) }
        return QueueCount(
            queued: try row.value("queued"), refused: try row.value("refused"),
            oldest: try row.optional("oldest").flatMap(Timestamp.init(milliseconds:)),
            head: try row.value("head"))
    }

    /// Erases personal values and drafts of what the server acknowledged before `limit`; digests,
    /// signatures and proofs stay as they are.
    package func erasePersonal(acknowledgedBefore limit: Timestamp) throws {
        let old = "SELECT sequence FROM record WHERE state = 'acknowledged' AND changed < ?"
        try connection.execute(
            sql: "DELETE FROM personal WHERE sequence IN (\(old))", arguments: [limit.milliseconds])
        try connection.execute(
            sql: "UPDATE delivery SET draft = '{}' WHERE sequence IN (\(old)) AND draft <> '{}'",
            arguments: [limit.milliseconds])
    }

    private func records(
        where condition: String, _ arguments: StatementArguments
    ) throws -> [StoredRecord] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM record WHERE \(condition)", arguments: arguments
        ).map(Self.record)
    }

    private static func record(_ row: Row) throws -> StoredRecord {
        let sequence: Int64 = try row.value("sequence")
        guard let kind = RecordKind(rawValue: try row.value("kind")),
            let at = Timestamp(milliseconds: try row.value("at")),
            let day = BusinessDay(iso: try row.value("day"))
        else { throw TerminalStoreError.damaged(table: "record", row: sequence) }
        let state: RecordState =
            if let index: Int64 = try row.optional("position") {
                .acknowledged(index: index)
            } else if let problem: String = try row.optional("problem") {
                .refused(problem: problem)
            } else {
                .queued
            }
        return StoredRecord(
            sequence: sequence, kind: kind, at: at, day: day, total: Cents(try row.value("total")),
            original: try row.optional("original"), jws: try row.bytes("jws"),
            statement: try digest(row, "statement"), state: state)
    }

    private static func digest(_ row: Row, _ column: String) throws -> Digest {
        guard let digest = Digest(bytes: try row.bytes(column)) else {
            throw TerminalStoreError.damaged(table: column, row: 0)
        }
        return digest
    }
}
