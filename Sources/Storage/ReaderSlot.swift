import GRDB
import Synchronization

/// One connection that only reads, and since when somebody does.
final class ReaderSlot: Sendable {
    private let queue: DatabaseQueue
    private let max: Duration
    private let began = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter max: how long a read may hold up a checkpoint.
    init(_ queue: DatabaseQueue, max: Duration) {
        self.queue = queue
        self.max = max
    }

    func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        do {
            return try queue.read { connection in
                began.withLock { $0 = .now }
                defer { began.withLock { $0 = nil } }
                return try body(Reading(connection))
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            throw StorageError.readTooLong
        }
    }

    /// Ends a read that has gone on for too long, at its next step through rows.
    func endIfTooLong() {
        let limit = ContinuousClock.now - max
        let isTooLong = began.withLock { $0.map { $0 < limit } ?? false }
        if isTooLong { queue.interrupt() }
    }

    func close() throws { try queue.close() }
}
