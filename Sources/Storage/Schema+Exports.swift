import Foundation
import GRDB

extension Schema {
    /// Files of exports are kept in parts: each comes in a short transaction of its own, and the
    /// row that names the file in the one with the journal record (decision 0015). Parts that no
    /// such row names belong to an export that is being made, or was given up, and may go.
    static let exportParts = """
        ALTER TABLE export_file RENAME TO whole_file;
        CREATE TABLE export_file(
          yard INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
          file INTEGER NOT NULL UNIQUE, PRIMARY KEY(yard, number, name)) STRICT;
        CREATE TABLE export_part(
          file INTEGER NOT NULL, number INTEGER NOT NULL,
          bytes BLOB NOT NULL CHECK(length(bytes) BETWEEN 1 AND 262144),
          PRIMARY KEY(file, number)) STRICT;
        """

    /// Copies files that stood whole in a row into parts. Each is read once and one after the
    /// other: `substr` in SQL reads a file from its beginning for each of its parts.
    @Sendable static func copyWholeFiles(_ connection: Database) throws {
        let partMax = 262_144
        let insert = try connection.makeStatement(sql: "INSERT INTO export_part VALUES (?, ?, ?)")
        let files = try Row.fetchCursor(connection, sql: "SELECT rowid, bytes FROM whole_file")
        while let row = try files.next() {
            let file: Int64 = row[0]
            try row.withUnsafeData(atIndex: 1) { found in
                let bytes = found ?? Data()
                for start in stride(from: 0, to: bytes.count, by: partMax) {
                    let part = Data(bytes[start..<min(start + partMax, bytes.count)])
                    try insert.execute(arguments: [file, start / partMax, part])
                }
            }
        }
    }

    /// Names the copied files, and closes them against changes.
    static let exportPartsKept =
        """
        INSERT INTO export_file SELECT yard, number, name, rowid FROM whole_file;
        DROP TABLE whole_file;
        CREATE TRIGGER export_part_no_update BEFORE UPDATE ON export_part
        BEGIN SELECT RAISE(ABORT, 'export_part is append-only'); END;
        CREATE TRIGGER export_part_no_delete BEFORE DELETE ON export_part
        WHEN EXISTS(SELECT 1 FROM export_file WHERE file = OLD.file)
        BEGIN SELECT RAISE(ABORT, 'export_part is append-only'); END;
        CREATE TRIGGER export_part_no_insert BEFORE INSERT ON export_part
        WHEN EXISTS(SELECT 1 FROM export_file WHERE file = NEW.file)
        BEGIN SELECT RAISE(ABORT, 'export_part is append-only'); END;

        """ + appendOnly("export_file")
}
