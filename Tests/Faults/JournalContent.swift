import Foundation
import GRDB

/// Every row of the tables that are the journal or are folded from it.
struct JournalContent: Equatable {
    private var rows: [String: [String]] = [:]

    init(database: String) throws {
        let tables = [
            "entry", "tile", "record", "server_record", "reference", "personal", "close", "export",
            "finding", "standing", "legal_hold", "quota_use", "tariff", "terminal_key",
        ]
        rows = try DatabaseQueue.reading(database) { connection in
            var rows: [String: [String]] = [:]
            for table in tables {
                rows[table] = try Row.fetchAll(connection, sql: "SELECT * FROM \(table)").map {
                    "\($0)"
                }
                .sorted()
            }
            return rows
        }
    }

    /// Whether `other` lacks only the newest of this.
    func isPrefixed(by other: JournalContent) -> Bool {
        rows.allSatisfy { table, rows in Set(rows).isSuperset(of: other.rows[table] ?? []) }
    }

    func difference(to other: JournalContent) -> String {
        rows.keys.filter { rows[$0] != other.rows[$0] }.sorted().joined(separator: ", ")
    }
}

extension DatabaseQueue {
    /// Reads a database in one snapshot, whoever writes it meanwhile.
    static func reading<Value>(
        _ path: String, _ body: (Database) throws -> Value
    ) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let value = try queue.read(body)
        try queue.close()
        return value
    }

    /// What SQLite's own check finds wrong in the database at `path`.
    static func damages(of path: String) throws -> [String] {
        do {
            let found = try reading(path) {
                try String.fetchAll($0, sql: "PRAGMA integrity_check")
            }
            return found == ["ok"] ? [] : found
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return ["\(error)"]
        }
    }
}
