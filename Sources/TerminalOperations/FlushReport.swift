package import Remote

/// How an attempt to hand the queue to the server went.
package struct FlushReport: Hashable, Sendable {
    /// Why it ended before the queue was empty; nil if it did not.
    package enum Stop: Hashable, Sendable {
        /// The server cannot be reached, wants us to wait or does not know us.
        case server(ServerFailure)
        /// An acknowledgement proves nothing: the record with this number stays queued.
        case unproven(sequence: Int64, AcknowledgementFault)
        /// Another flush was running.
        case busy
    }

    package var acknowledged = 0
    package var refused = 0
    package var queued = 0
    package var stop: Stop?
    /// What the server says of the terminal; nil if it was not heard.
    package var standing: TerminalStanding?

    package init() {}

    package var isComplete: Bool { stop == nil && queued == 0 }
}

/// How long to wait before the next attempt: doubling from two seconds to five minutes while the
/// server is away.
package struct FlushPace: Hashable, Sendable {
    private var failures = 0

    package init() {}

    /// The seconds to wait after an attempt that went like `report`.
    package mutating func waitSeconds(after report: FlushReport) -> Int {
        switch report.stop {
        case nil, .busy:
            failures = 0
            return Self.idleSeconds
        case .server(.busy(let retryAfterSeconds)):
            failures += 1
            return min(max(retryAfterSeconds ?? 0, backoff), Self.longestSeconds)
        case .server, .unproven:
            failures += 1
            return backoff
        }
    }

    private var backoff: Int { min(1 << min(failures, 9), Self.longestSeconds) }

    /// Between two attempts while all is well; a new sale flushes at once.
    package static let idleSeconds = 30
    private static let longestSeconds = 300
}
