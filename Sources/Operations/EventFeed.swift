import Synchronization

/// Wakes those who follow the logs when entries were committed; never makes the writer wait.
package final class EventFeed: Sendable {
    /// Most streams at once: each holds a connection for as long as it likes.
    package static let streamsMax = 32

    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var count = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Somebody who follows, until nobody holds it any more. Rings that come while one waits are
    /// one ring; after the last the server stops.
    package final class Listener: Sendable {
        package let rings: AsyncStream<Void>
        private let feed: EventFeed
        private let number: Int

        fileprivate init(_ rings: AsyncStream<Void>, _ feed: EventFeed, _ number: Int) {
            self.rings = rings
            self.feed = feed
            self.number = number
        }

        deinit { feed.leave(number) }

        /// Whether the server stops.
        package var isClosed: Bool { feed.state.withLock { $0.isClosed } }

        /// Wakes this one, as if something had happened.
        package func ring() { feed.ring(number) }
    }

    /// - Throws: ``OperationsError/tooManyStreams`` above ``streamsMax``, `stopping` once closed.
    package func listen() throws(OperationsError) -> Listener {
        let (rings, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed, state.listeners.count < Self.streamsMax else { return nil }
            state.count += 1
            state.listeners[state.count] = continuation
            return state.count
        }
        guard let number else {
            let isClosed = state.withLock { $0.isClosed }
            throw isClosed ? OperationsError.stopping : OperationsError.tooManyStreams
        }
        return Listener(rings, self, number)
    }

    private func leave(_ number: Int) {
        state.withLock { $0.listeners.removeValue(forKey: number) }?.finish()
    }

    private func ring(_ number: Int) {
        state.withLock { $0.listeners[number] }?.yield()
    }

    /// Wakes everybody.
    func ring() {
        state.withLock { state in
            for continuation in state.listeners.values { continuation.yield() }
        }
    }

    /// Ends every stream and takes no further ones: the server stops.
    package func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.values.map { $0 }
        }
        for continuation in listeners { continuation.finish() }
    }
}
