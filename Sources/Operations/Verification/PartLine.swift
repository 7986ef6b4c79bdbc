import Dispatch
import Foundation

/// Works on numbered parts with several threads and takes up the results in order.
///
/// No thread runs far ahead of the part that is to be taken up next, so that memory stays flat
/// however long the line is.
final class PartLine<Result: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let count: Int
    private let aheadMax: Int
    // All below is touched under the condition's lock.
    private var started = 0
    private var taken = 0
    private var ready: [Int: Result] = [:]
    private var isTaking = false
    private var failure: (any Error)?

    init(count: Int, workers: Int) {
        self.count = count
        aheadMax = 4 * workers
    }

    /// Runs until every part is taken up, or something throws.
    ///
    /// - Parameters:
    ///   - prepare: makes what one thread keeps for itself.
    ///   - work: makes a part's result; several at once.
    ///   - take: takes up results in the order of their parts, never two at once.
    func run<Tool>(
        workers: Int, prepare: @Sendable () throws -> Tool,
        work: @Sendable (Int, Tool) throws -> Result, take: @Sendable (Result) throws -> Void
    ) throws {
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            do {
                let tool = try prepare()
                while let number = next() { try deliver(number, try work(number, tool), take) }
            } catch {
                stop(error)
            }
        }
        if let failure { throw failure }
    }

    private func next() -> Int? {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, started < count, started >= taken + aheadMax { condition.wait() }
        guard failure == nil, started < count else { return nil }
        started += 1
        return started - 1
    }

    private func deliver(_ number: Int, _ result: Result, _ take: (Result) throws -> Void) throws {
        condition.lock()
        defer { condition.unlock() }
        ready[number] = result
        guard !isTaking else { return }
        isTaking = true
        defer { isTaking = false }
        while failure == nil, let next = ready.removeValue(forKey: taken) {
            do {
                condition.unlock()
                defer { condition.lock() }
                try take(next)
            }
            // A part that was not taken up holds up all behind it until everybody has stopped.
            taken += 1
            condition.broadcast()
        }
    }

    private func stop(_ error: any Error) {
        condition.lock()
        failure = failure ?? error
        condition.broadcast()
        condition.unlock()
    }
}
