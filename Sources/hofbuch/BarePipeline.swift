import Foundation
import Keys
import Synchronization

/// The least that a durable sale needs between its request and its answer, on the same cores: its
/// connection's event loop checks and prices it, one thread writes the rows of all that wait and
/// signs once for them. No admission, no chain, no tree, no proof; the answer is bytes of its size.
///
/// So the answers of a held rate cannot come sooner than from here, whoever writes the program.
final class BarePipeline: Sendable {
    /// What it does, where a figure is beside it.
    static let words = "bare HTTP, signature, price, rows and a signature a commit"

    private let rows: BareLedger
    private let check: BareCheck
    private let key: Ed25519PrivateKey
    private let condition = NSCondition()
    private nonisolated(unsafe) var queue: [(body: [UInt8], answer: @Sendable () -> Void)] = []
    private nonisolated(unsafe) var isStopping = false
    private nonisolated(unsafe) var hasStopped = false
    private let failure = Mutex<(any Error)?>(nil)

    init(rows: BareLedger, check: BareCheck) throws {
        self.rows = rows
        self.check = check
        key = try Ed25519PrivateKey.generate()
        let thread = Thread { self.run() }
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Checks a sale and calls `answer` from the writer's thread once its rows are durable. It is
    /// called after a failure too, so that nobody waits for ever; ``stop()`` throws it.
    func take(_ body: [UInt8], answer: @escaping @Sendable () -> Void) {
        attempt { try check(body) }
        condition.lock()
        defer { condition.unlock() }
        queue.append((body, answer))
        if queue.count == 1 { condition.signal() }
    }

    /// Ends the thread.
    ///
    /// - Throws: the first failure.
    func stop() throws {
        condition.lock()
        isStopping = true
        condition.broadcast()
        while !hasStopped { condition.wait() }
        condition.unlock()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func run() {
        while let waiting = next() {
            attempt {
                try rows.write(waiting.map(\.body)[...])
                _ = try key.sign(Array(BareLedger.note.utf8))
            }
            for sale in waiting { sale.answer() }
            attempt { try rows.lookAfter(isQuiet: condition.withLock { queue.isEmpty }) }
        }
        condition.lock()
        hasStopped = true
        condition.broadcast()
        condition.unlock()
    }

    /// Keeps the first failure.
    private func attempt(_ work: () throws -> Void) {
        do { try work() } catch { failure.withLock { $0 = $0 ?? error } }
    }

    /// What waits, up to a full batch; nil when it is time to stop.
    private func next() -> [(body: [UInt8], answer: @Sendable () -> Void)]? {
        condition.lock()
        defer { condition.unlock() }
        while queue.isEmpty, !isStopping { condition.wait() }
        guard !queue.isEmpty else { return nil }
        let waiting = Array(queue.prefix(BenchYard.batchMax))
        queue.removeFirst(waiting.count)
        return waiting
    }
}
