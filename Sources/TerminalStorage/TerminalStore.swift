import GRDB
import Synchronization

/// Why a terminal's database cannot be opened or used.
package enum TerminalStoreError: Error, Hashable, Sendable {
    case notATerminalDatabase(path: String)
    case newerVersion(path: String, found: Int, known: Int)
    /// A setting that durability depends on did not take.
    case setting(name: String, wanted: String, found: String)
    /// An earlier write failed at the disk: what is stored is only known after a restart.
    case failedBefore
    /// A row holds what this program never writes.
    case damaged(table: String, row: Int64)
}

/// The terminal's own database: one file, one connection, each write durable when it returns
/// (docs/formats/terminal-store.md; trust.md 10).
package final class TerminalStore: Sendable {
    private let queue: DatabaseQueue
    private let hasFailed = Mutex(false)

    /// Opens or creates the file at `path` and brings it to the newest schema version.
    ///
    /// - Throws: ``TerminalStoreError``, or what SQLite says.
    package init(path: String) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.label = "hofbuch.terminal"
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try Self.harden(queue)
        try Self.migrate(queue, path: path)
    }

    /// Writes in one immediate transaction.
    ///
    /// After an error of the disk nothing more is written: the failed commit may be there after
    /// all, and only a restart can tell (trust.md 10).
    package func write<Value>(_ body: (TerminalAccess) throws -> Value) throws -> Value {
        guard !hasFailed.withLock({ $0 }) else { throw TerminalStoreError.failedBefore }
        do {
            return try queue.writeWithoutTransaction { connection in
                var value: Value?
                try connection.inTransaction(.immediate) {
                    value = try body(TerminalAccess(connection))
                    return .commit
                }
                guard let value else { preconditionFailure("a committed transaction has a value") }
                return value
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
            hasFailed.withLock { $0 = true }
            throw error
        }
    }

    /// Reads in one snapshot.
    package func read<Value>(_ body: (TerminalAccess) throws -> Value) throws -> Value {
        try queue.read { try body(TerminalAccess($0)) }
    }

    /// Empties the write-ahead log and closes the file.
    package func close() throws {
        try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try queue.close()
    }

    private static let wanted: [(name: String, value: String)] = [
        ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"),
        ("recursive_triggers", "1"), ("trusted_schema", "0"), ("cell_size_check", "1"),
        ("mmap_size", "0"),
    ]

    /// Sets what durability depends on, after GRDB's own set-up, and reads it back.
    private static func harden(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { connection in
            for (name, value) in wanted {
                try connection.execute(sql: "PRAGMA \(name) = \(value)")
                let found = try Row.fetchOne(connection, sql: "PRAGMA \(name)")
                let text =
                    found.flatMap { String.fromDatabaseValue($0.databaseValue(at: 0)) }
                    ?? found.flatMap { Int64.fromDatabaseValue($0.databaseValue(at: 0)) }
                    .map { String($0) } ?? "nothing"
                guard text == value else {
                    throw TerminalStoreError.setting(name: name, wanted: value, found: text)
                }
            }
        }
    }

    private static func migrate(_ queue: DatabaseQueue, path: String) throws {
        try queue.writeWithoutTransaction { connection in
            let application = try Int32.fetchOne(connection, sql: "PRAGMA application_id") ?? 0
            let found = try Int.fetchOne(connection, sql: "PRAGMA user_version") ?? 0
            guard application == TerminalSchema.applicationID || (application == 0 && found == 0)
            else { throw TerminalStoreError.notATerminalDatabase(path: path) }
            guard found <= TerminalSchema.version else {
                throw TerminalStoreError.newerVersion(
                    path: path, found: found, known: TerminalSchema.version)
            }
            for (version, sql) in TerminalSchema.migrations where version > found {
                try connection.inTransaction(.immediate) {
                    try connection.execute(sql: sql)
                    try connection.execute(sql: "PRAGMA user_version = \(version)")
                    try connection.execute(
                        sql: "PRAGMA application_id = \(TerminalSchema.applicationID)")
                    return .commit
                }
            }
        }
    }
}

extension Row {
    fileprivate func databaseValue(at index: Int) -> DatabaseValue { self[index] }
}

/// What one transaction or snapshot of a terminal's database can do.
package struct TerminalAccess {
    let connection: Database

    init(_ connection: Database) {
        self.connection = connection
    }
}
