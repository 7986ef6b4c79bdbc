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
