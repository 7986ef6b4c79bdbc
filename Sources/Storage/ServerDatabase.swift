import Foundation
import GRDB
import Glibc

/// Why a database cannot be opened or used.
package enum StorageError: Error, Hashable, Sendable {
    case notAHofbuchDatabase(path: String)
    case newerVersion(path: String, found: Int, known: Int)
    /// A database opened for reading only cannot be brought to the newest version.
    case olderVersion(path: String, found: Int, known: Int)
    /// A setting that durability depends on did not take.
    case setting(name: String, wanted: String, found: String)
    /// Another program held the write lock for five seconds; nothing was begun.
    case busy(path: String)
    /// It was opened for reading only.
    case readOnly(path: String)
    /// No space was left for the transaction; it was taken back whole.
    case full(path: String)
    /// A read held up the checkpoints for too long and was ended.
    case readTooLong
    /// The file, or what SQLite needs beside it, cannot be opened; `message` is SQLite's.
    case unreachable(path: String, message: String)
}

/// The server's database: one connection that writes and checkpoints, others that only read
/// (design decision 7; trust.md 10).
package final class ServerDatabase: Sendable {
    package let path: String
    /// Nil where the database is only to be read.
    private let writer: DatabaseQueue?
    private let readers: [ReaderSlot]
    private let turn = Turn()
    private let wal = WriteAheadLog()
    private let syncDelay: Duration
    private let faults: ProvokedFaults
    private let noticing: @Sendable (_ damage: String) -> Void

    /// Opens or creates the file at `path` and brings it to the newest schema version.
    ///
    /// - Parameters:
    ///   - readMax: how long a read may hold up a checkpoint (trust.md 10: seconds).
    ///   - syncDelay: how much longer each commit takes, for measuring a slow disk.
    ///   - noticing: called with what SQLite says when a read meets damage.
    /// - Throws: ``StorageError``, also ``StorageError/full(path:)`` where there is no space for
    ///   the newest schema; what SQLite says.
    package init(
        path: String, readMax: Duration = .seconds(10), syncDelay: Duration = .zero,
        faults: ProvokedFaults = .none,
        noticing: @escaping @Sendable (_ damage: String) -> Void = { _ in }
    ) throws {
        self.syncDelay = syncDelay
        self.faults = faults
        self.noticing = noticing
        try Self.requireOurs(path: path)
        self.path = path
        let writer = try Self.writer(path: path)
        try writer.writeWithoutTransaction { [wal] connection in
            try DatabaseSettings.apply(to: connection, faults)
            wal.watch(connection)
        }
        do { try Self.migrate(writer, faults) } catch let error as DatabaseError
            where error.resultCode == .SQLITE_FULL
        {
            // A migration is one transaction: it was taken back whole.
            throw StorageError.full(path: path)
        }
        self.writer = writer
        readers = try Self.readers(path: path, readMax)
    }

    /// Opens the file at `path` so that nothing can write to it.
    ///
    /// - Throws: ``StorageError``, also for another version; what SQLite says.
    package init(
        readOnly path: String,
        noticing: @escaping @Sendable (_ damage: String) -> Void = { _ in }
    ) throws {
        try ReadOnlyDatabase(path: path).close()
        syncDelay = .zero
        faults = .none
        self.noticing = noticing
        self.path = path
        writer = nil
        readers = try Self.readers(path: path, .seconds(10))
    }

    /// Where a file cannot have a write-ahead log, GRDB fails before the settings are read back.
    private static func writer(path: String) throws -> DatabaseQueue {
        do {
            return try DatabaseQueue(path: path, configuration: writing)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            let plain = try DatabaseQueue(path: path)
            let found = try plain.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } ?? ""
            try plain.close()
            guard found != "wal" else { throw error }
            throw StorageError.setting(name: "journal_mode", wanted: "wal", found: found)
        }
    }

    private static func readers(path: String, _ readMax: Duration) throws -> [ReaderSlot] {
        try (0..<2).map { _ in
            ReaderSlot(try reader(path: path), max: readMax)
        }
    }

    #if DEBUG
    /// What a broken build would do: commits reach the disk some time later.
    package func weakenForTests() throws {
        try writing { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
    }
    #endif

    /// Writes in one immediate transaction; durable when it returns.
    ///
    /// - Throws: ``StorageError/busy(path:)`` and ``StorageError/full(path:)``, after which nothing
    ///   of it is in the database; what `body` throws, the same; anything else that SQLite says
    ///   leaves the outcome unknown (``isStorageFailure``).
    package func write<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        guard let writer else { throw StorageError.readOnly(path: path) }
        return try writer.writeWithoutTransaction { connection in
            var (value, hasBegun): (Value?, Bool) = (nil, false)
            do {
                try connection.inTransaction(.immediate) {
                    hasBegun = true
                    value = try body(Transaction(connection))
                    if syncDelay > .zero { Thread.sleep(forTimeInterval: syncDelay / .seconds(1)) }
                    return .commit
                }
            } catch let error as DatabaseError {
                throw certain(error, hasBegun: hasBegun)
            }
            guard let value else { preconditionFailure("a committed transaction has a value") }
            return value
        }
    }

    func writing(_ body: (Database) throws -> Void) throws {
        try writer?.writeWithoutTransaction(body)
    }

    /// A failure after which it is certain that nothing was written, as one of ours.
    private func certain(_ error: DatabaseError, hasBegun: Bool) -> any Error {
        switch error.resultCode {
        case .SQLITE_BUSY where !hasBegun: StorageError.busy(path: path)
        case .SQLITE_FULL: StorageError.full(path: path)
        default: error
        }
    }

    /// Reads in one snapshot. Keep it short: a reader holds up checkpoints, and one that does so
    /// for long is ended.
    ///
    /// - Throws: ``StorageError/readTooLong``, what `body` throws, what SQLite says.
    package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        do { return try readers[turn.next() % readers.count].read(body) } catch {
            if let damage = error.databaseDamage { noticing(damage) }
            throw error
        }
    }

    /// Moves what the write-ahead log holds into the main file, as far as readers let it.
    ///
    /// - Throws: ``StorageError/full(path:)`` where the main file cannot grow: all of it stays in
    ///   the log. Any other failure is one of the disk (``isStorageFailure``).
    package func checkpoint() throws {
        guard !faults.isBroken(.neverCheckpoints) else { return }
        try writer?.writeWithoutTransaction { connection in
            do { try wal.checkpoint(connection) } catch let error as DatabaseError {
                throw certain(error, hasBegun: true)
            }
        }
    }

    /// Does so only if the log has grown over its limit; ends own readers that stand in the way
    /// for long. Call it between transactions.
    ///
    /// - Parameter isQuiet: whether nobody waits, so that a short checkpoint now costs least.
    /// - Returns: how large the log is and since when somebody holds it up.
    package func checkpointIfDue(isQuiet: Bool = false) throws -> WriteAheadLog.State {
        guard wal.isDue(isQuiet: isQuiet) else { return wal.state }
        try checkpoint()
        if wal.state.heldUp != nil { for reader in readers { reader.endIfTooLong() } }
        return wal.state
    }

    /// Empties the write-ahead log and closes every connection. What a reader of another program
    /// needs, or what the main file has no space for, stays in the log; nothing is lost by that.
    package func close() throws {
        for reader in readers { try reader.close() }
        do { _ = try emptyLog() } catch StorageError.full {}
        try writer?.close()
    }

    /// The settings of the connection that writes as SQLite reads them back, by name; none where
    /// nothing writes.
    package func settings() throws -> [String: String] {
        try writer?.writeWithoutTransaction { try DatabaseSettings.readAll($0) } ?? [:]
    }

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

    /// A connection that only reads. Even so SQLite makes files beside the database; where it
    /// cannot, as on a write-protected medium, a file that nobody can be writing to is read as it
    /// stands.
    ///
    /// - Throws: ``StorageError`` (`unreachable`, `full`, `busy`); what SQLite says.
    fileprivate static func reader(path: String) throws -> DatabaseQueue {
        do {
            return try DatabaseQueue(path: path, configuration: reading)
        } catch let error as DatabaseError where error.isAccessFailure {
            let failure = error.accessFailure(path: path)
            guard case .unreachable = failure, FileManager.default.isReadableFile(atPath: path),
                hasNoWriter(path: path)
            else { throw failure }
            let address = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
            return try DatabaseQueue(path: address, configuration: reading)
        }
    }

    /// Whether the main file holds everything and nobody has it open: whoever writes has the index
    /// of a write-ahead log beside it. An empty log may be left of an attempt to open it.
    private static func hasNoWriter(path: String) -> Bool {
        var log = stat()
        let isLogEmpty = stat(path + "-wal", &log) != 0 || log.st_size == 0
        return isLogEmpty && !FileManager.default.fileExists(atPath: path + "-shm")
    }

    /// Looks at a file without changing it: opening it for writing already would.
    fileprivate static func requireOurs(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let queue = try reader(path: path)
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
            for migration in Schema.migrations where migration.version > found {
                let marking = "PRAGMA user_version = \(migration.version)"
                if faults.isBroken(.splitMigration) {
                    try migration.run(on: connection)
                    faults.reach(.beforeMigrationCommit)
                    try connection.execute(sql: marking)
                    continue
                }
                try connection.inTransaction(.immediate) {
                    try migration.run(on: connection)
                    try connection.execute(sql: marking)
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
    /// The version of its schema.
    package let schema: Int
    /// Whether an older program wrote it, so that not every table is as this program reads it.
    package var isOlder: Bool { schema < Schema.version }
    /// The version of the schema that this program writes.
    package static var newestSchema: Int { Schema.version }

    /// - Parameter anyVersion: whether older schemas are read too; the log's own tables (`yard`,
    ///   `entry`, `tile`, `checkpoint`, `server_record`) and `reference` are the same in all.
    /// - Throws: ``StorageError`` if it is not ours, of another version, or cannot be opened, also
    ///   if there is no file; what SQLite says.
    package init(path: String, anyVersion: Bool = false) throws {
        try ServerDatabase.requireOurs(path: path)
        queue = try ServerDatabase.reader(path: path)
        schema = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard schema == Schema.version || anyVersion else {
            throw StorageError.olderVersion(path: path, found: schema, known: Schema.version)
        }
    }

    package func close() throws { try queue.close() }

    /// Writes a copy of one moment to a new file at `path`, also while another process writes;
    /// meanwhile the write-ahead log cannot be emptied.
    ///
    /// - Throws: ``StorageError/full(path:)`` where there is no space for it; what SQLite says.
    package func copy(into path: String) throws {
        do {
            try queue.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw StorageError.full(path: path)
        }
    }

    /// Reads in one snapshot.
    package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        try queue.read { try body(Reading($0)) }
    }
}
