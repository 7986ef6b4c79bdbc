import Foundation

/// Runs what blocks for long, such as a disk, another program or much arithmetic, on a thread of
/// its own, away from the pool that has one thread a core.
package func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
