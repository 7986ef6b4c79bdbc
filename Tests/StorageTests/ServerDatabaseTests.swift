import Foundation
import GRDB
import Storage
import Testing
import Units

struct ServerDatabaseTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let files = FileManager.default
        let path = files.temporaryDirectory.path + "/hofbuch-storage-\(UUID().uuidString)"
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try files.removeItem(atPath: path) } }
        try body(path)
    }

    /// What was refused has made no table, and opens once nothing is in the way.
    private func expectUntouched(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let count = try queue.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema")
        }
        #expect(count == 0)
        try queue.close()
        try ServerDatabase(path: path).close()
    }

    @Test func `the settings that durability depends on are read back`() throws {
        try withFolder { folder in
            let database = try ServerDatabase(path: folder + "/a.sqlite3")
            let settings = try database.settings()
            for (name, value) in [
                "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
                "recursive_triggers": "1", "trusted_schema": "0", "cell_size_check": "1",
                "mmap_size": "0", "wal_autocheckpoint": "0", "secure_delete": "1",
                "defensive": "1",
            ] {
                #expect(settings[name] == value, "\(name)")
            }
            try database.close()
        }
    }

    @Test(arguments: [
        ("journal_mode", "delete", "wal"), ("synchronous", "1", "2"), ("foreign_keys", "0", "1"),
        ("recursive_triggers", "0", "1"), ("trusted_schema", "1", "0"),
        ("cell_size_check", "0", "1"), ("mmap_size", "65536", "0"),
        ("wal_autocheckpoint", "1000", "0"), ("secure_delete", "0", "1"),
    ])
    func `a setting that does not take is named, and nothing is opened`(
        name: String, found: String, wanted: String
    ) throws {
        try withFolder { folder in
            let path = folder + "/a.sqlite3"
            #expect(throws: StorageError.setting(name: name, wanted: wanted, found: found)) {
                _ = try ServerDatabase(
                    path: path, faults: ProvokedFaults(stuckSetting: "\(name) \(found)"))
            }
            try expectUntouched(path)
        }
    }

    @Test func `without space for the newest schema that is said, and nothing is changed`() throws {
        try withFolder { folder in
            let path = folder + "/a.sqlite3"
            #expect(throws: StorageError.full(path: path)) {
                _ = try ServerDatabase(
                    path: path, faults: ProvokedFaults(stuckSetting: "max_page_count 2"))
            }
            try expectUntouched(path)
        }
    }

    @Test func `a place that cannot hold a write-ahead log is refused`() {
        #expect(
            throws: StorageError.setting(name: "journal_mode", wanted: "wal", found: "memory")
        ) {
            _ = try ServerDatabase(path: ":memory:")
        }
    }

    /// One row for each append-only table.
    private static let rows: [(table: String, values: String, column: String)] = [
        ("entry", "1, x'00'", "bytes"), ("tile", "1, 0, 0, zeroblob(8192)", "hashes"),
        ("checkpoint", "1, 1, 'note'", "note"),
        ("record", "1, 1, 1, 'sale', x'00', x'00', 0, 0, 0, 'card', '', '', '', ''", "total"),
        ("server_record", "1, 'genesis', 0", "at"), ("reference", "1, 2, 'void'", "kind"),
        ("close", "1, 1, 1, 1, 1", "upto"), ("export", "1, 1, 1, 'csv'", "profile"),
        ("export_file", "1, 1, 'a', 1", "name"),
        ("quota_use", "1, '1', 'free', 'card', 'a', 0, 1, 5", "taken"),
        (
            "person_change", "1, 0, NULL, 'anna', NULL, NULL, NULL, 'Anna', 'cashier', 1, 1",
            "roles"
        ),
    ]

    @Test func `rows of the journal are neither changed, deleted nor replaced`() throws {
        try withFolder { folder in
            let path = folder + "/a.sqlite3"
            try ServerDatabase(path: path).close()
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA recursive_triggers = 1")
                for (table, values, column) in Self.rows {
                    try database.execute(sql: "INSERT INTO \(table) VALUES (\(values))")
                    for statement in [
                        "UPDATE \(table) SET \(column) = \(column)", "DELETE FROM \(table)",
                        "INSERT OR REPLACE INTO \(table) VALUES (\(values))",
                    ] {
                        let error = #expect(throws: DatabaseError.self, "\(statement)") {
                            try database.execute(sql: statement)
                        }
                        #expect(error?.message == "\(table) is append-only", "\(statement)")
                    }
                    let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)")
                    #expect(count == 1, "\(table)")
                }
            }
            try queue.close()
        }
    }

    @Test func `a database of a newer version is not opened`() throws {
        try withFolder { folder in
            let path = folder + "/a.sqlite3"
            try ServerDatabase(path: path).close()
            let queue = try DatabaseQueue(path: path)
            let known = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
            try queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = \(known + 1)")
            }
            try queue.close()

            #expect(throws: StorageError.newerVersion(path: path, found: known + 1, known: known)) {
                _ = try ServerDatabase(path: path)
            }
        }
    }

    @Test func `a file of another program is not opened`() throws {
        try withFolder { folder in
            let (marked, numbered) = (folder + "/a.sqlite3", folder + "/b.sqlite3")
            for (path, pragma) in [(marked, "application_id = 7"), (numbered, "user_version = 1")] {
                let queue = try DatabaseQueue(path: path)
                try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA \(pragma)") }
                try queue.close()
                let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                #expect(throws: StorageError.notAHofbuchDatabase(path: path)) {
                    _ = try ServerDatabase(path: path)
                }
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
            }
            let text = folder + "/c.sqlite3"
            try Data(repeating: 0x20, count: 4_096).write(to: URL(fileURLWithPath: text))
            #expect(throws: DatabaseError.self) { _ = try ServerDatabase(path: text) }
        }
    }

    @Test func `what an unmarked file already holds keeps it from being taken over`() throws {
        try withFolder { folder in
            let path = folder + "/a.sqlite3"
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "CREATE TABLE address(name TEXT)") }
            try queue.close()
            #expect(throws: StorageError.notAHofbuchDatabase(path: path)) {
                _ = try ServerDatabase(path: path)
            }
        }
    }

    @Test func `opening again makes nothing new`() throws {
        try withFolder { folder in
            let path = folder + "/a.sqlite3"
            func schema() throws -> [String] {
                try ServerDatabase(path: path).close()
                let queue = try DatabaseQueue(path: path)
                defer { #expect(throws: Never.self) { try queue.close() } }
                return try queue.read {
                    try String.fetchAll(
                        $0, sql: "SELECT name || coalesce(sql, '') FROM sqlite_schema")
                }
            }
            let first = try schema()
            #expect(first.count > 40)
            #expect(try schema() == first)
        }
    }

    @Test func `what fails inside a piece of work is taken back alone`() throws {
        struct Stop: Error {}
        try withFolder { folder in
            let database = try ServerDatabase(path: folder + "/a.sqlite3")
            try database.write { transaction in
                try transaction.set("a", to: "1")
                #expect(throws: Stop.self) {
                    try transaction.nested {
                        try transaction.set("b", to: "2")
                        throw Stop()
                    }
                }
            }
            #expect(throws: Stop.self) {
                try database.write { transaction in
                    try transaction.set("c", to: "3")
                    throw Stop()
                }
            }
            let found = try database.read { try ["a", "b", "c"].map($0.setting) }
            #expect(found == ["1", nil, nil])
            try database.close()
        }
    }

    @Test(
        arguments: [(1, 0), (1, 1), (7, 12_345), (1, 1 << 40 - 1), (8_000_000, 0)]
            as [(Int64, Int64)])
    func `a position is one number`(yard: Int64, index: Int64) {
        let position = LogPosition(yard: yard, index: index)
        #expect(LogPosition(position.number) == position)
        #expect(position < LogPosition(yard: yard + 1, index: 0))
    }

    @Test func `where SQLite can make no file beside it, a whole database is read as it stands`()
        throws
    {
        try withFolder { folder in
            let path = folder + "/a b.sqlite3"
            try ServerDatabase(path: path).close()
            let files = FileManager.default
            for ending in ["-wal", "-shm"] where files.fileExists(atPath: path + ending) {
                try files.removeItem(atPath: path + ending)
            }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // Nothing can be made there, whoever asks.
            try files.createSymbolicLink(
                atPath: path + "-shm", withDestinationPath: folder + "/none/none")

            let database = try ReadOnlyDatabase(path: path)
            #expect(try database.read { try $0.yards() }.isEmpty)
            try database.close()
            try ServerDatabase(readOnly: path).close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)

            // A log of writes may hold what the file does not.
            #expect(files.createFile(atPath: path + "-wal", contents: Data([1])))
            let error = #expect(throws: StorageError.self) { _ = try ReadOnlyDatabase(path: path) }
            guard case .unreachable(path, _)? = error else {
                Issue.record("\(error as Any)")
                return
            }
        }
    }

    @Test func `a file that cannot be reached is not called damaged`() {
        let reached: [ResultCode] = [
            .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_CORRUPT, .SQLITE_NOTADB,
        ]
        let unreached: [ResultCode] = [
            .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP,
            .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_CANTOPEN, .SQLITE_FULL,
        ]
        for code in reached {
            let error = DatabaseError(resultCode: code)
            #expect(error.databaseDamage != nil && error.isUnreadable, "\(code)")
        }
        for code in unreached {
            let error = DatabaseError(resultCode: code)
            #expect(error.databaseDamage == nil && !error.isUnreadable, "\(code)")
            #expect(error.isStorageFailure, "\(code)")
        }
    }
}
