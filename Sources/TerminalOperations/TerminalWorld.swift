package import Calendars
import Keys
package import Units

/// What a terminal takes from the world around it, so that tests can say what it is.
package struct TerminalWorld: Sendable {
    package let now: @Sendable () -> Timestamp
    package let localDay: @Sendable (Timestamp) -> BusinessDay
    /// `14:03:27` at the yard.
    package let localTime: @Sendable (Timestamp) -> String
    /// So many random bytes, unpredictable.
    package let random: @Sendable (Int) -> [UInt8]
    /// Version of the program, for the heartbeat.
    package let version: String

    package init(
        now: @escaping @Sendable () -> Timestamp,
        localDay: @escaping @Sendable (Timestamp) -> BusinessDay,
        localTime: @escaping @Sendable (Timestamp) -> String,
        random: @escaping @Sendable (Int) -> [UInt8], version: String
    ) {
        self.now = now
        self.localDay = localDay
        self.localTime = localTime
        self.random = random
        self.version = version
    }

    /// The system's clock and randomness, and the local days of `calendar`.
    package static func system(calendar: LocalCalendar, version: String) -> TerminalWorld {
        TerminalWorld(
            now: SystemClock.now, localDay: calendar.day(of:),
            localTime: calendar.time(of:), random: SystemRandom.bytes, version: version)
    }

    var today: BusinessDay { localDay(now()) }
}
