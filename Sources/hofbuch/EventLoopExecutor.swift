import HummingbirdCore
import Logging
import NIOCore

/// Runs the tasks of a connection on the event loop that reads and writes it.
///
/// Otherwise every request crosses from the event loop to the task pool and back, twice
/// (docs/measurements.md has the figures). What takes long leaves the loop: see ``OffTheLoop``.
struct LoopBound<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    /// Makes what sees the requests of a connection before a task does.
    let first: @Sendable () -> (any ChannelHandler)?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            if let first = first() {
                let pipeline = channel.pipeline.syncOperations
                let counting = try pipeline.handler(type: HTTPConnectionStateHandler.self)
                try pipeline.addHandler(first, position: .after(counting))
            }
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        let executor = EventLoopExecutor(value.channel.eventLoop)
        await withTaskExecutorPreference(executor) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// An event loop as an executor of tasks.
private final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
