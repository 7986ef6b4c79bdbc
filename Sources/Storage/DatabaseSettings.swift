import CDatabase
import GRDB

/// The settings that durability and integrity depend on (trust.md 10): set after opening, since
/// GRDB sets some of its own, then read back.
enum DatabaseSettings {
    /// Pragmas, in the order in which they are set.
    static let wanted: [(name: String, value: String)] = [
        ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"),
        ("recursive_triggers", "1"), ("trusted_schema", "0"), ("cell_size_check", "1"),
        ("mmap_size", "0"), ("wal_autocheckpoint", "0"), ("secure_delete", "1"),
    ]

    /// The flag that is no pragma: SQL cannot write to shadow tables or the schema table.
    static let defensive = "defensive"

    /// Sets everything on a connection that writes and reads it back.
    ///
    /// - Throws: ``StorageError/setting(name:wanted:found:)`` for the first that did not take.
    static func apply(to connection: Database, _ faults: ProvokedFaults = .none) throws {
        for (name, value) in wanted {
            try connection.execute(sql: "PRAGMA \(name) = \(value)")
        }
        if let stuck = faults.stuckSetting?.split(separator: " "), stuck.count == 2 {
            try connection.execute(sql: "PRAGMA \(stuck[0]) = \(stuck[1])")
        }
        try require(readAll(connection))
    }

    /// Every setting as SQLite says it now, by name. Reading the flag also sets it.
    static func readAll(_ connection: Database) throws -> [String: String] {
        guard let handle = connection.sqliteConnection else { preconditionFailure("it is open") }
        var found = try read(connection)
        found[defensive] = String(hofbuch_set_defensive(UnsafeMutableRawPointer(handle)))
        return found
    }

    private static func read(_ connection: Database) throws -> [String: String] {
        var found: [String: String] = [:]
        for (name, _) in wanted {
            let value = try DatabaseValue.fetchOne(connection, sql: "PRAGMA \(name)")
            found[name] =
                switch value?.storage {
                case .int64(let number): String(number)
                case .string(let text): text
                // `mmap_size` gives no row where it is compiled out, which is as good as none.
                default: "0"
                }
        }
        return found
    }

    private static func require(_ found: [String: String]) throws {
        for (name, value) in wanted + [(defensive, "1")] where found[name] != value {
            throw StorageError.setting(name: name, wanted: value, found: found[name] ?? "")
        }
    }
}

extension Reading {
    /// What the file and the library say of themselves, by name: `sqlite_version`, `journal_mode`,
    /// `user_version`, `page_size`, `page_count`.
    package func engine() throws -> [String: String] {
        var found = ["sqlite_version": "SELECT sqlite_version()"]
        for name in ["journal_mode", "user_version", "page_size", "page_count"] {
            found[name] = "PRAGMA \(name)"
        }
        return try found.mapValues { sql in
            try String.fetchOne(connection, sql: sql) ?? ""
        }
    }

    /// The first faults in the structure of the file, in SQLite's words; reads all of it.
    package func structuralFaults() throws -> [String] {
        let found = try String.fetchAll(connection, sql: "PRAGMA quick_check(3)")
        return found == ["ok"] ? [] : found.flatMap { $0.split(separator: "\n") }.map { String($0) }
    }
}

extension ServerDatabase {
    /// What this program and the installed library set on a database that writes, tried in a new
    /// file at `path`.
    package static func trialSettings(path: String) throws -> [String: String] {
        let database = try ServerDatabase(path: path)
        let settings = try database.settings()
        try database.close()
        return settings
    }
}
