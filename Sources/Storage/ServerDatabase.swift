import Foundation
import GRDB

/// Why a database cannot be opened or used.
package enum StorageError: Error, Hashable, Sendable {
    case notAHofbuchDatabase(path: String)
    case newerVersion(path: String, found: Int, known: Int)
    /// A database opened for reading only cannot be brought to the newest version.
    case olderVersion(path: String, found: Int, known: Int)
    /// A setting that durability depends on did not take.
    case setting(name: String, wanted: String, found: String)
}

/// The server's database: one connection that writes and checkpoints, others that only read
/// (design decision 7; trust.md 10).
package final class ServerDatabase: Sendable {
    private let writer: DatabaseQueue
    private let readers: [DatabaseQueue]
    private let turn = Turn()

    /// Opens or creates the file at `path` and brings it to the newest schema version.
    ///
    /// - Throws: ``StorageError``, or what SQLite says.
    package init(path: String, faults: ProvokedFaults = .none) throws {
        try Self.requireOurs(path: path)
        writer = try DatabaseQueue(path: path, configuration: Self.writing)
        try Self.harden(writer)
        try Self.migrate(writer, faults)
        readers = try (0..<2).map { _ in
            try DatabaseQueue(path: path, configuration: Self.reading)
        }
    }

    #if DEBUG
    /// What a broken build would do: commits reach the disk some time later.
    package func weakenForTests() throws {
        try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
    }
    #endif

    /// Writes in one immediate transaction; durable when it returns.
    package func write<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try writer.writeWithoutTransaction { connection in
            var value: Value?
            try connection.inTransaction(.immediate) {
                value = try body(Transaction(connection))
                return .commit
            }
            guard let value else { preconditionFailure("a committed transaction has a value") }
            return value
        }
    }

    /// Reads in one snapshot. Keep it short: a reader holds up checkpoints.
    package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        try readers[turn.next() % readers.count].read { try body(Reading($0)) }
    }

    /// Moves what the write-ahead log holds into the main file, as far as readers let it.
    package func checkpoint() throws {
        try writer.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    }

    /// Empties the write-ahead log and closes every connection.
    package func close() throws {
        for reader in readers { try reader.close() }
        try writer.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try writer.close()
    }

    /// The settings as SQLite reads them back, for `doctor` and the tests.
    package func settings() throws -> [String: String] {
        try writer.writeWithoutTransaction { connection in
            var found: [String: String] = [:]
            for name in Self.wanted.map(\.name) {
                let text = try DatabaseValue.fetchOne(connection, sql: "PRAGMA \(name)")
                found[name] = text.map { "\($0)" } ?? ""
            }
            return found
        }
    }

    private static let wanted: [(name: String, value: String)] = [
        ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"),
        ("recursive_triggers", "1"), ("trusted_schema", "0"), ("cell_size_check", "1"),
        ("mmap_size", "0"), ("wal_autocheckpoint", "0"), ("secure_delete", "1"),
    ]

    private static var writing: Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.label = "hofbuch.writer"
        return configuration
    }

    fileprivate static var reading: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.label = "hofbuch.reader"
        return configuration
    }

    /// Sets what durability depends on, after GRDB's own set-up, and reads it back.
    private static func harden(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { connection in
            for (name, value) in wanted {
                try connection.execute(sql: "PRAGMA \(name) = \(value)")
                let found = try DatabaseValue.fetchOne(connection, sql: "PRAGMA \(name)")
                let text: String =
                    switch found?.storage {
                    case .int64(let number): String(number)
                    case .string(let text): text
                    default: "0"
                    }
                guard text == value else {
                    throw StorageError.setting(name: name, wanted: value, found: text)
                }
            }
        }
    }

    /// Looks at a file without changing it: opening it for writing already would.
    fileprivate static func requireOurs(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let queue = try DatabaseQueue(path: path, configuration: reading)
        try queue.read { connection in
            let application = try Int32.fetchOne(connection, sql: "PRAGMA application_id") ?? 0
            let found = try Int.fetchOne(connection, sql: "PRAGMA user_version") ?? 0
            let tables = try Int.fetchOne(connection, sql: "SELECT count(*) FROM sqlite_schema")
            let isEmpty = application == 0 && found == 0 && tables == 0
            guard application == Schema.applicationID || isEmpty else {
                throw StorageError.notAHofbuchDatabase(path: path)
            }
            guard found <= Schema.version else {
                throw StorageError.newerVersion(path: path, found: found, known: Schema.version)
            }
        }
        try queue.close()
    }

    private static func migrate(_ queue: DatabaseQueue, _ faults: ProvokedFaults) throws {
        try queue.writeWithoutTransaction { connection in
            let found = try Int.fetchOne(connection, sql: "PRAGMA user_version") ?? 0
            for (version, sql) in Schema.migrations where version > found {
                try connection.inTransaction(.immediate) {
                    try connection.execute(sql: sql)
                    try connection.execute(sql: "PRAGMA user_version = \(version)")
                    try connection.execute(
                        sql: "PRAGMA application_id = \(Schema.applicationID)")
                    faults.reach(.beforeMigrationCommit)
                    return .commit
                }
            }
        }
    }
}

/// Hands out numbers in turn.
private final class Turn: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var count = 0

    func next() -> Int {
        lock.withLock {
            count &+= 1
            return count & 0xFFFF
        }
    }
}

/// Read access inside one snapshot.
package struct Reading {
    let connection: Database

    init(_ connection: Database) {
        self.connection = connection
    }
}

/// Write access inside one transaction; also reads what it wrote.
package struct Transaction {
    let connection: Database

    init(_ connection: Database) {
        self.connection = connection
    }

    package var reading: Reading { Reading(connection) }

    /// Runs `body` so that an error takes back only what `body` wrote.
    package func nested<Value>(_ body: () throws -> Value) throws -> Value {
        var value: Value?
        try connection.inSavepoint {
            value = try body()
            return .commit
        }
        guard let value else { preconditionFailure("a committed savepoint has a value") }
        return value
    }
}

/// A server database opened for reading only, beside a running server or without one.
package final class ReadOnlyDatabase: Sendable {
    private let queue: DatabaseQueue

    /// - Throws: ``StorageError`` if it is not ours or of another version; what SQLite says, also
    ///   if there is no file.
    package init(path: String) throws {
        try ServerDatabase.requireOurs(path: path)
        queue = try DatabaseQueue(path: path, configuration: ServerDatabase.reading)
        let found = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard found == Schema.version else {
            throw StorageError.olderVersion(path: path, found: found, known: Schema.version)
        }
    }

    /// Reads in one snapshot.
    package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        try queue.read { try body(Reading($0)) }
    }
}

extension Error {
    /// Whether the database itself failed (disk, memory, damage), so that the outcome of the
    /// transaction is unknown; a refused constraint is not such a failure.
    package var isStorageFailure: Bool {
        guard let error = self as? DatabaseError else { return false }
        return error.resultCode != .SQLITE_CONSTRAINT && error.resultCode != .SQLITE_BUSY
    }
}
