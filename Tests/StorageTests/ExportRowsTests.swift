import Foundation
import GRDB
import Storage
import Testing
import Units

/// Files of exports are kept in parts that nothing may change once an export names them.
struct ExportRowsTests {
    private func withPath(_ body: (String) throws -> Void) throws {
        let files = FileManager.default
        let path = files.temporaryDirectory.path + "/hofbuch-storage-\(UUID().uuidString)"
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try files.removeItem(atPath: path) } }
        try body(path + "/a.sqlite3")
    }

    private func withDatabase(_ body: (ServerDatabase) throws -> Void) throws {
        try withPath { path in
            let database = try ServerDatabase(path: path)
            try body(database)
            try database.close()
        }
    }

    /// No part is like another.
    private static func sample(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 3 &+ $0 / 512 &+ $0 / 262_144) }
    }

    /// Puts the parts of a file there, each in a transaction of its own.
    private func stage(_ name: String, _ bytes: [UInt8], in database: ServerDatabase) throws
        -> StagedFile
    {
        let width = Transaction.exportPartMax
        var file: Int64?
        for (number, start) in stride(from: 0, to: bytes.count, by: width).enumerated() {
            file = try database.write {
                try $0.insertExportPart(
                    Array(bytes[start..<min(start + width, bytes.count)]), number: Int64(number),
                    of: file)
            }
        }
        return StagedFile(name: name, file: file, byteCount: Int64(bytes.count))
    }

    private func stored(_ name: String, ofExport number: Int64, in database: ServerDatabase) throws
        -> [UInt8]?
    {
        try database.read { reading in
            try reading.exportFile(yard: 1, number: number, name: name).map { file in
                let bytes = try (0..<file.partCount).flatMap {
                    try reading.exportPart($0, of: file)
                }
                #expect(Int64(bytes.count) == file.byteCount)
                return bytes
            }
        }
    }

    private func register(
        _ number: Int64, _ files: [StagedFile], in database: ServerDatabase
    ) throws {
        try database.write {
            try $0.insertExport(
                yard: 1, number: number, position: LogPosition(yard: 1, index: 7), profile: "csv",
                files: files)
        }
    }

    @Test(arguments: [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 700_001])
    func `a file of any length is kept byte for byte, beside others`(count: Int) throws {
        try withDatabase { database in
            let bytes = Self.sample(count)
            let first = try stage("a", bytes, in: database)
            let second = try stage("b", [1, 2], in: database)
            #expect(try stored("a", ofExport: 3, in: database) == nil)

            try register(3, [first, second], in: database)

            #expect(try stored("a", ofExport: 3, in: database) == bytes)
            #expect(try stored("b", ofExport: 3, in: database) == [1, 2])
            #expect(try database.read { try $0.exports(yard: 1).map(\.number) } == [3])
            #expect(try database.read { try $0.unnamedExportFiles() } == [])
        }
    }

    @Test func `a file whose parts are not all there is not named`() throws {
        try withDatabase { database in
            let staged = try stage("a", Self.sample(300_000), in: database)
            for wrong in [
                StagedFile(name: "a", file: staged.file, byteCount: 300_001),
                StagedFile(name: "a", file: 99, byteCount: 300_000),
                StagedFile(name: "a", file: nil, byteCount: 1),
            ] {
                #expect(throws: DamagedRow.self) { try register(1, [wrong], in: database) }
            }
            #expect(try database.read { try $0.exports(yard: 1).isEmpty })
            #expect(try stored("a", ofExport: 1, in: database) == nil)
            try register(1, [staged], in: database)
            #expect(try stored("a", ofExport: 1, in: database) == Self.sample(300_000))
        }
    }

    @Test func `parts that no export names can go, those of an export cannot`() throws {
        try withDatabase { database in
            let kept = try stage("a", Self.sample(300_000), in: database)
            try register(1, [kept], in: database)
            let left = try #require(try stage("b", Self.sample(600_000), in: database).file)
            #expect(try database.read { try $0.unnamedExportFiles() } == [left])

            let more = try [2, 2].map { count in
                try database.write { try $0.deleteExportParts(of: left, max: count) }
            }
            let named = try #require(kept.file)
            let refused = try database.write { try $0.deleteExportParts(of: named, max: 9) }

            #expect(more == [true, false] && !refused)
            #expect(try database.read { try $0.unnamedExportFiles() } == [])
            #expect(try stored("a", ofExport: 1, in: database) == Self.sample(300_000))
        }
    }

    @Test func `nothing is changed in, taken from or added to a file that an export names`() throws
    {
        try withPath { path in
            let database = try ServerDatabase(path: path)
            let kept = try stage("a", [1, 2], in: database)
            try register(1, [kept], in: database)
            try database.close()
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA recursive_triggers = 1")
                for statement in [
                    "UPDATE export_part SET bytes = x'00'", "DELETE FROM export_part",
                    "INSERT INTO export_part VALUES (1, 1, x'00')",
                    "INSERT OR REPLACE INTO export_part VALUES (1, 0, x'00')",
                ] {
                    let error = #expect(throws: DatabaseError.self, "\(statement)") {
                        try connection.execute(sql: statement)
                    }
                    #expect(error?.message == "export_part is append-only", "\(statement)")
                }
            }
            try queue.close()
        }
    }

    @Test func `files that older programs kept whole are read as before`() throws {
        let files = [
            ("a", 0), ("b", 1), ("c", 1 << 18), ("d", (1 << 18) + 1), ("e", 700_001),
            ("large", 3_500_009),
        ]
        try withPath { path in
            try ServerDatabase(path: path).close()
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { connection in
                try connection.execute(
                    sql: """
                        ALTER TABLE terminal ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;
                        DROP TABLE reversal_payee;
                        DROP TABLE person_change;
                        DROP TABLE export_part;
                        DROP TABLE export_file;
                        CREATE TABLE export_file(
                          yard INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
                          bytes BLOB NOT NULL, PRIMARY KEY(yard, number, name)) STRICT;
                        CREATE TRIGGER export_file_no_delete BEFORE DELETE ON export_file
                        BEGIN SELECT RAISE(ABORT, 'export_file is append-only'); END;
                        PRAGMA user_version = 9;
                        """)
                for (name, count) in files {
                    try connection.execute(
                        sql: "INSERT INTO export_file VALUES (1, 4, ?, ?)",
                        arguments: [name, Data(Self.sample(count))])
                }
            }
            try queue.close()

            let database = try ServerDatabase(path: path)

            for (name, count) in files {
                #expect(
                    try stored(name, ofExport: 4, in: database) == Self.sample(count), "\(name)")
            }
            let staged = try stage("f", [7], in: database)
            try register(5, [staged], in: database)
            #expect(try stored("f", ofExport: 5, in: database) == [7])
            #expect(try stored("e", ofExport: 4, in: database) == Self.sample(700_001))
            try database.close()
        }
    }
}
