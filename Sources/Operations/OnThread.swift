import Dispatch
import Foundation
import Glibc

/// For whom a thread works.
package enum ThreadUrgency: Sendable {
    /// Somebody waits for it.
    case awaited
    /// Nobody does: it gets a tenth of a core that others want.
    case ahead
}

/// Runs what blocks for long, such as a disk, another program or much arithmetic, on a thread of
/// its own, away from the pool that has one thread a core.
package func onThread<Value: Sendable>(
    _ urgency: ThreadUrgency = .awaited, _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            if urgency == .ahead {
                // Linux takes 0 for the thread that calls. Refused, it is only less considerate.
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            }
            continuation.resume(with: Result { try body() })
        }
    }
}

/// Work that a thread of its own does beside the one that began it, which blocks for it at the end.
final class BesideThread<Value: Sendable>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    /// Written before ``done`` is signalled, read after it.
    private var result: Result<Value, any Error>?

    init(_ work: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread {
            self.result = Result { try work() }
            self.done.signal()
        }
    }

    func wait() {
        done.wait()
        done.signal()
    }

    /// Waits for it. Throws what the work threw.
    func value() throws -> Value {
        wait()
        guard let result else { preconditionFailure("it is there when the thread is done") }
        return try result.get()
    }
}
