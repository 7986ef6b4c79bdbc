import Foundation
import GRDB

/// Every row of the tables that are the journal or are folded from it.
struct JournalContent: Equatable {
    private var rows: [String: [String]] = [:]

    init(database: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: database, configuration: configuration)
        let tables = ["entry", "tile", "record", "server_record", "reference", "personal", "close"]
        rows = try queue.read { connection in
            var rows: [String: [String]] = [:]
            for table in tables {
                rows[table] = try Row.fetchAll(connection, sql: "SELECT * FROM \(table)").map {
                    "\($0)"
                }
                .sorted()
            }
            return rows
        }
        try queue.close()
    }

    /// Whether `other` lacks only the newest of this.
    func isPrefixed(by other: JournalContent) -> Bool {
        rows.allSatisfy { table, rows in Set(rows).isSuperset(of: other.rows[table] ?? []) }
    }

    func difference(to other: JournalContent) -> String {
        rows.keys.filter { rows[$0] != other.rows[$0] }.sorted().joined(separator: ", ")
    }
}
