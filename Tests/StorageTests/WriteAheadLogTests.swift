import Foundation
import GRDB
import Storage
import Testing
import Units

/// What foreign programs and slow readers may do to the writer.
struct WriteAheadLogTests {
    private func withDatabase(
        readMax: Duration = .seconds(10), _ body: (ServerDatabase, String) throws -> Void
    ) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.path + "/hofbuch-storage-\(UUID().uuidString)"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try files.removeItem(atPath: folder) } }
        let path = folder + "/a.sqlite3"
        let database = try ServerDatabase(path: path, readMax: readMax)
        try body(database, path)
        try database.close()
    }

    /// Commits `count` entries of four pages each, from `first` on.
    private func write(_ count: Int64, from first: Int64, to database: ServerDatabase) throws {
        for index in first..<first + count {
            try database.write {
                try $0.append(
                    [UInt8](repeating: 0x61, count: 16_000),
                    at: LogPosition(yard: 1, index: index))
            }
            _ = try database.checkpointIfDue()
        }
    }

    private func walBytes(_ path: String) throws -> Int {
        let found = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size]
        return (found as? NSNumber)?.intValue ?? 0
    }

    @Test func `the write-ahead log is moved when it passes a thousand pages`() throws {
        try withDatabase { database, path in
            try write(1_000, from: 0, to: database)

            // A thousand pages and the commit that passed them, of 4,120 bytes each.
            #expect(try walBytes(path) < 1_020 * 4_120)
            #expect(try database.checkpointIfDue().heldUp == nil)
        }
    }

    @Test func `where nobody waits it is moved sooner, and a short one held up is no news`() throws
    {
        try withDatabase { database, path in
            try write(100, from: 0, to: database)
            let before = try walBytes(path)
            #expect(try database.checkpointIfDue(isQuiet: true).heldUp == nil)
            try write(20, from: 100, to: database)
            #expect(try walBytes(path) == before)

            try database.read { reading in
                try reading.entries(yard: 1, from: 0, to: 100) { index, _ in
                    guard index == 10 else { return }
                    try write(100, from: 120, to: database)
                    #expect(try database.checkpointIfDue(isQuiet: true).heldUp == nil)
                }
            }
        }
    }

    @Test func `a read that holds up the log is ended, and the log is moved again`() throws {
        try withDatabase(readMax: .milliseconds(20)) { database, path in
            try write(300, from: 0, to: database)
            var state = WriteAheadLog.State()

            #expect(throws: StorageError.readTooLong) {
                try database.read { reading in
                    try reading.entries(yard: 1, from: 0, to: 300) { index, _ in
                        guard index == 10 else { return }
                        try write(600, from: 300, to: database)
                        state = try database.checkpointIfDue()
                    }
                }
            }

            #expect(state.heldUp != nil)
            #expect(state.pages > WriteAheadLog.pagesMax)
            let before = try walBytes(path)
            try database.checkpoint()
            try write(300, from: 900, to: database)
            #expect(try database.checkpointIfDue().heldUp == nil)
            #expect(try walBytes(path) == before)
        }
    }

    /// A reader of another program with a snapshot of now, until it is told to end.
    private func reader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { connection in
            try connection.execute(sql: "BEGIN")
            _ = try Int.fetchOne(connection, sql: "SELECT count(*) FROM entry")
        }
        return queue
    }

    private func end(_ reader: DatabaseQueue) throws {
        try reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try reader.close()
    }

    @Test
    func `F27: where readers take turns the log is tried again soon, not a thousand pages later`()
        throws
    {
        try withDatabase { database, path in
            try write(10, from: 0, to: database)
            let first = try reader(path)
            try write(400, from: 10, to: database)
            let before = try database.checkpointIfDue()
            #expect(before.heldUp != nil)
            // The next reader begins before the first one ends, and the next attempt finds it.
            let second = try reader(path)
            try end(first)
            var (next, state) = (Int64(410), before)
            while state.pages == before.pages, next < 1_000 {
                try write(1, from: next, to: database)
                (next, state) = (next + 1, try database.checkpointIfDue())
            }
            #expect(state.heldUp != nil)
            try end(second)

            // Some 250 pages.
            try write(50, from: next, to: database)

            #expect(try database.checkpointIfDue().heldUp == nil)
        }
    }

    @Test func `while another program holds the write lock nothing is begun`() throws {
        try withDatabase { database, path in
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let shell = try DatabaseQueue(path: path, configuration: configuration)
            try shell.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }

            #expect(throws: StorageError.busy(path: path)) {
                try database.write { try $0.set("a", to: "1") }
            }

            try shell.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try shell.close()
            try database.write { try $0.set("a", to: "2") }
            #expect(try database.read { try $0.setting("a") } == "2")
        }
    }

    @Test func `without space nothing is written, and with space it goes on`() throws {
        try withDatabase { database, path in
            try write(10, from: 0, to: database)
            let pages = try database.read { try $0.engine()["page_count"].flatMap { Int($0) } }
            try database.limitPages(try #require(pages) + 8)

            #expect(throws: StorageError.full(path: path)) {
                try write(40, from: 10, to: database)
            }

            let kept = try database.read { try $0.logSize(yard: 1) }
            #expect((10..<50).contains(kept))
            try database.limitPages(1 << 20)
            try write(10, from: kept, to: database)
            #expect(try database.read { try $0.logSize(yard: 1) } == kept + 10)
        }
    }

    @Test func `a database opened for reading is not written to`() throws {
        try withDatabase { database, path in
            try write(1, from: 0, to: database)
            let copy = try ServerDatabase(readOnly: path)
            #expect(throws: StorageError.readOnly(path: path)) {
                try copy.write { try $0.set("a", to: "1") }
            }
            #expect(try copy.read { try $0.logSize(yard: 1) } == 1)
            #expect(try copy.settings().isEmpty)
            try copy.close()
        }
    }
}
