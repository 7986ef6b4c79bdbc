import Foundation
import GRDB
package import Journal

extension Reading {
    /// The stored checkpoints of a yard with sizes above `from`, up to `to`, ascending.
    package func checkpoints(yard: Int64, above from: Int64, upTo to: Int64) throws
        -> [(size: Int64, note: String)]
    {
        try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT size, note FROM checkpoint
                    WHERE yard = ? AND size > ? AND size <= ? ORDER BY size
                    """),
            arguments: [yard, from, to]
        ).map { ($0[0], $0[1]) }
    }

    /// The numbers of the yards that entries, tiles and checkpoints are of, ascending, whatever the
    /// table of yards says. Each is found by a jump in an index, however long the logs are.
    package func loggedYards() throws -> [Int64] {
        var numbers: Set<Int64> = []
        var position = try Int64.fetchOne(connection, sql: "SELECT min(position) FROM entry")
        while let yard = position.map({ LogPosition($0).yard }) {
            numbers.insert(yard)
            position = try Int64.fetchOne(
                connection, sql: "SELECT min(position) FROM entry WHERE position > ?",
                arguments: [LogPosition(yard: yard, index: 1 << 40 - 1).number])
        }
        for table in ["tile", "checkpoint"] {
            var yard = try Int64.fetchOne(connection, sql: "SELECT min(yard) FROM \(table)")
            while let found = yard {
                numbers.insert(found)
                yard = try Int64.fetchOne(
                    connection, sql: "SELECT min(yard) FROM \(table) WHERE yard > ?",
                    arguments: [found])
            }
        }
        return numbers.sorted()
    }

    /// Every item of a settlement with the position of its record.
    package func settledItems() throws -> [(item: String, position: LogPosition)] {
        try Row.fetchAll(
            connection,
            sql: "SELECT printf('%s', item), CAST(position AS INTEGER) FROM settled_item"
        ).map { ($0[0], LogPosition($0[1] as Int64? ?? 0)) }
    }

    /// The positions of all server records of a yard, ascending.
    package func serverRecords(yard: Int64) throws -> [LogPosition] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM server_record
                WHERE position >= ? AND position < ? ORDER BY position
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]
        ).map { LogPosition($0) }
    }

    /// The rows of a folded table as text (``FoldedTable/words(_:)``), by the log index of the
    /// entry that made them: between two positions of a yard, the second exclusive. Whatever a
    /// damaged file holds is read.
    package func foldedRows(_ table: FoldedTable, from: LogPosition, to: LogPosition) throws
        -> [Int64: [String]]
    {
        let cursor = try Row.fetchCursor(
            connection.cachedStatement(
                sql: """
                    SELECT CAST(position AS INTEGER), \(table.wordsInSQL) FROM \(table.rawValue)
                    WHERE position >= ? AND position < ? ORDER BY 2
                    """),
            arguments: [from.number, to.number])
        var rows: [Int64: [String]] = [:]
        while let row = try cursor.next() {
            rows[LogPosition(row[0]).index, default: []].append(row[1])
        }
        return rows
    }

    /// The rows of the search table between two positions, the second exclusive, ascending.
    package func records(from: LogPosition, to: LogPosition) throws -> [RecordRow] {
        let cursor = try Row.fetchCursor(
            connection.cachedStatement(
                sql: """
                    SELECT \(RecordRow.columns) FROM record
                    WHERE position >= ? AND position < ? ORDER BY position
                    """),
            arguments: [from.number, to.number])
        var rows: [RecordRow] = []
        while let row = try cursor.next() { rows.append(try RecordRow(row)) }
        return rows
    }

    /// What SQLite finds wrong with the file's structure; nil if nothing is.
    package func structureFault() throws -> String? {
        let found = try String.fetchOne(connection, sql: "PRAGMA integrity_check(1)")
        return found == "ok" ? nil : found ?? "the structure cannot be checked"
    }

    /// The tables with an index, by name: of those a damaged index hides rows.
    package func indexedTables() throws -> [String] {
        try String.fetchAll(
            connection,
            sql:
                "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY tbl_name"
        )
    }

    /// What SQLite finds wrong with a table or one of its indexes; nil if nothing is.
    package func structureFault(ofTable name: String) throws -> String? {
        let found = try String.fetchOne(connection, sql: "PRAGMA integrity_check(\"\(name)\")")
        return found == "ok" ? nil : found ?? "the structure cannot be checked"
    }

    /// The first table, index, view or trigger, by name, that is not as this program makes it, or
    /// that it does not make; nil if there is none. Without a trigger of ours rows can be altered,
    /// and one of somebody else's alters what is written.
    package func alteredSchemaItem() throws -> String? {
        let found = try SchemaItem.all(in: connection)
        let wanted = try DatabaseQueue().write { model in
            for migration in Schema.migrations { try migration.run(on: model) }
            return try SchemaItem.all(in: model)
        }
        return found.symmetricDifference(wanted).map(\.name).min()
    }

    /// A table with rows of entries that a log of this size does not have; nil if there is none.
    package func tableBeyondEnd(yard: Int64, size: Int64) throws -> String? {
        let (end, next) = (
            LogPosition(yard: yard, index: size), LogPosition(yard: yard + 1, index: 0)
        )
        let tables = [
            "record", "server_record", "reference", "personal", "standing", "finding", "close",
            "export", "legal_hold", "sale_line", "plate_search", "bank_statement",
            "acquirer_file", "settled_item",
        ]
        for table in tables {
            let found = try Int64.fetchOne(
                connection,
                sql: "SELECT 1 FROM \(table) WHERE position >= ? AND position < ? LIMIT 1",
                arguments: [end.number, next.number])
            if found != nil { return table }
        }
        // A quota counts for the yard that its row names, wherever the position leads.
        let quota = try Int64.fetchOne(
            connection, sql: "SELECT 1 FROM quota_use WHERE yard = ? AND position >= ? LIMIT 1",
            arguments: [yard, end.number])
        return quota == nil ? nil : "quota_use"
    }

    /// The positions whose standing a later record changed, or that are such a record, ascending.
    package func standingPositions(yard: Int64) throws -> [LogPosition] {
        let (first, next) = (
            LogPosition(yard: yard, index: 0), LogPosition(yard: yard + 1, index: 0)
        )
        return try Int64.fetchAll(
            connection,
            sql: """
                SELECT original FROM reference WHERE original >= ?1 AND original < ?2
                UNION SELECT position FROM record
                  WHERE kind = 'resolution' AND position >= ?1 AND position < ?2
                ORDER BY 1
                """, arguments: [first.number, next.number]
        ).map { LogPosition($0) }
    }

    /// A standing of a record that nothing refers to; nil if there is none.
    package func standingWithoutCause(yard: Int64) throws -> LogPosition? {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT position FROM standing WHERE position >= ? AND position < ?
                  AND NOT EXISTS (SELECT 1 FROM reference WHERE original = standing.position)
                  AND NOT EXISTS (SELECT 1 FROM record
                    WHERE record.position = standing.position AND kind = 'resolution')
                ORDER BY 1 LIMIT 1
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]
        ).map { LogPosition($0) }
    }

    /// How lists show a record: as a later one left it, or as it came; nil if it is in none.
    package func listedStanding(at position: LogPosition) throws -> SaleStanding? {
        if let changed = try changedStanding(at: position) { return changed }
        return try String.fetchOne(
            connection.cachedStatement(sql: "SELECT state FROM record WHERE position = ?"),
            arguments: [position.number]
        ).map(SaleStanding.init(state:))
    }

    /// How many rows the search table has of a yard.
    package func recordCount(yard: Int64) throws -> Int64 {
        try Int64.fetchOne(
            connection,
            sql: "SELECT count(*) FROM record WHERE position >= ? AND position < ?",
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]) ?? 0
    }

    /// Disclosed personal fields by log index, between two positions, the second exclusive.
    package func personal(from: LogPosition, to: LogPosition) throws -> [Int64: [Disclosure]] {
        var found: [Int64: [Disclosure]] = [:]
        let rows = try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT position, name, salt, value FROM personal
                    WHERE position >= ? AND position < ?
                    """),
            arguments: [from.number, to.number])
        for row in rows {
            let salt: Data = row[2]
            guard let name = PersonalField(rawValue: row[1]) else { continue }
            found[LogPosition(row[0]).index, default: []].append(
                Disclosure(name: name, salt: Array(salt), value: row[3]))
        }
        return found
    }

    /// Every row of a yard's quotas from entries below `size` as text (``QuotaRow/words``),
    /// streamed in no order.
    package func quotaRows(yard: Int64, below size: Int64, _ body: (String) throws -> Void) throws {
        let cursor = try Row.fetchCursor(
            connection,
            sql: """
                SELECT rule || '|' || kind || '|' || holder || '|' || key || '|' || start
                  || '|' || position || '|' || taken
                FROM quota_use WHERE yard = ? AND position < ?
                """, arguments: [yard, LogPosition(yard: yard, index: size).number])
        while let row = try cursor.next() { try body(row[0] as String? ?? "") }
    }
}

/// Tables whose rows each stand for one entry of a log, beside the search table.
package enum FoldedTable: String, Sendable {
    case reference, close, export, finding
    case serverRecord = "server_record"

    /// Without the entry's own position.
    private var columns: [String] {
        switch self {
        case .reference: ["original", "kind"]
        case .close: ["yard", "number", "day", "upto"]
        case .export: ["yard", "number", "profile"]
        case .finding: ["yard", "terminal", "code", "lower(hex(statement))"]
        case .serverRecord: ["kind", "at"]
        }
    }

    fileprivate var wordsInSQL: String {
        let places = columns.map { _ in "%s" }.joined(separator: "|")
        return "printf('\(places)', \(columns.joined(separator: ", ")))"
    }

    /// A row with these values as text: `reference` original (as a number) and kind; `close` yard,
    /// number, day (as a number) and the index after its last entry; `export` yard, number and
    /// profile; `finding` yard, number of the terminal, code and statement in hexadecimal;
    /// `server_record` kind and time in milliseconds.
    package static func words(_ values: any CustomStringConvertible...) -> String {
        values.map(\.description).joined(separator: "|")
    }
}
