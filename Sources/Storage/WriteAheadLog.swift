import CDatabase
import GRDB
import Synchronization

/// How long the write-ahead log is, and whether a reader keeps it from being emptied.
///
/// The log is moved into the main file by the writer itself, between transactions (trust.md 10 and
/// 11): a checkpoint that SQLite starts would fall into somebody's commit.
package final class WriteAheadLog: Sendable {
    package struct State: Hashable, Sendable {
        /// Pages in the log after the last commit or checkpoint.
        package var pages = 0
        /// Since when a reader keeps a checkpoint from reaching the end; nil if none does.
        package var heldUp: ContinuousClock.Instant?

        package init(pages: Int = 0, heldUp: ContinuousClock.Instant? = nil) {
            self.pages = pages
            self.heldUp = heldUp
        }
    }

    /// A checkpoint is due when the log holds more pages.
    package static let pagesMax = 1_000
    /// One is due after so many pages where nobody waits, since whoever comes while it runs waits
    /// the shorter the fewer it moves; and again after one that got further than the one before,
    /// but not to the end: short readers stood in its way, and the log must not grow until none
    /// happens to.
    package static let pagesSoon = 200
    /// Pages over which a log that is held up is worth an alarm (64 MB).
    package static let alarmPages = 16_384

    /// Written by SQLite and read here, both on the thread of whoever holds the connection.
    private nonisolated(unsafe) let counter: UnsafeMutablePointer<Int32>
    private let known = Mutex((state: State(), tried: 0, moved: 0, isFurther: false))

    init() {
        counter = .allocate(capacity: 1)
        counter.initialize(to: 0)
    }

    deinit { counter.deallocate() }

    var state: State { known.withLock { $0.state } }

    func watch(_ connection: Database) {
        guard let handle = connection.sqliteConnection else { preconditionFailure("it is open") }
        hofbuch_watch_wal(UnsafeMutableRawPointer(handle), counter)
    }

    /// Whether the log grew so far that a checkpoint should run. One that a reader holds up is
    /// tried again as many pages later.
    func isDue(isQuiet: Bool) -> Bool {
        known.withLock { known in
            let isSoon = isQuiet || known.isFurther
            return Int(counter.pointee) - known.tried > (isSoon ? Self.pagesSoon : Self.pagesMax)
        }
    }

    /// Somebody else who moves it at this moment holds it up like a reader.
    func checkpoint(_ connection: Database) throws {
        var (pages, moved) = (Int(counter.pointee), 0)
        do {
            (pages, moved) = try connection.checkpoint(.passive)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {}
        known.withLock { known in
            let isHeldUp = moved < pages
            // A reader that stands in the way of a short log is no news.
            let isLong = isHeldUp && pages > Self.pagesMax
            known.state = State(pages: pages, heldUp: isLong ? known.state.heldUp ?? .now : nil)
            known.tried = isHeldUp ? pages : 0
            known.isFurther = isHeldUp && moved > known.moved
            known.moved = isHeldUp ? moved : 0
            // The next commit starts the log anew; until then there is nothing to move.
            if !isHeldUp { counter.pointee = 0 }
        }
    }
}

extension ServerDatabase {
    /// Moves the write-ahead log into the main file and empties it, so that no bytes of rows that
    /// were removed stay in either (the main file overwrites them: `secure_delete`). Call it
    /// between transactions.
    ///
    /// - Returns: whether it is empty; false while a reader or another program needs it.
    /// - Throws: as ``checkpoint()``.
    package func emptyLog() throws -> Bool {
        try checkpoint()
        var isEmpty = false
        try writing { connection in
            // Sales must not wait for a reader as long as they wait for a writer.
            try connection.execute(sql: "PRAGMA busy_timeout = 100")
            do {
                _ = try connection.checkpoint(.truncate)
                isEmpty = true
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                isEmpty = false
            }
            try connection.execute(sql: "PRAGMA busy_timeout = 5000")
        }
        return isEmpty
    }
}

extension ServerDatabase {
    /// Lets the file grow to `count` pages at most, as a full disk would: for tests of what happens
    /// then.
    package func limitPages(_ count: Int) throws {
        try writing { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
    }
}
