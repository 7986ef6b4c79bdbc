import Foundation
import GRDB

/// What a schema names, as SQLite keeps it; compared byte by byte, whatever a damaged file holds.
struct SchemaItem: Hashable {
    let name: String
    private let type: String
    private let table: String
    /// The statement that made it; nil for the index of a `UNIQUE` or a key.
    private let statement: Data?

    /// All of a database but SQLite's own statistics, which come and go with its commands.
    static func all(in connection: Database) throws -> Set<SchemaItem> {
        let rows = try Row.fetchAll(
            connection,
            sql: """
                SELECT CAST(name AS TEXT), CAST(type AS TEXT), CAST(tbl_name AS TEXT),
                  CAST(sql AS BLOB)
                FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'
                """)
        return Set(
            rows.map { SchemaItem(name: $0[0], type: $0[1], table: $0[2], statement: $0[3]) })
    }
}
