import Foundation
package import Units

/// The wall clock of a yard: turns instants into local days and times.
///
/// The only place that knows time zones; it needs full Foundation (ICU data).
package struct LocalCalendar: Sendable {
    /// The time zone of the yards.
    package static let yardZone = "Europe/Berlin"

    private let zone: TimeZone

    /// Nil if the system does not know the time zone, such as `Europe/Berlin`.
    package init?(zone identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        self.zone = zone
    }

    /// Seconds east of Greenwich at that instant.
    package func offsetSeconds(at instant: Timestamp) -> Int64 {
        let seconds = TimeInterval(instant.milliseconds / 1_000)
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)))
    }

    package func day(of instant: Timestamp) -> BusinessDay {
        shifted(instant).dayUTC
    }

    /// `22.11.2026, 08:14:03 Uhr`.
    package func german(_ instant: Timestamp) -> String {
        "\(GermanFormat.day(day(of: instant))), \(time(of: instant)) Uhr"
    }

    /// `2026-11-22 08:14:03`.
    package func iso(_ instant: Timestamp) -> String {
        "\(day(of: instant).iso) \(time(of: instant))"
    }

    /// `08:14:03`.
    package func time(of instant: Timestamp) -> String {
        let seconds = secondsOfDay(at: instant)
        return "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):"
            + padded(seconds % 60, 2)
    }

    /// The hour on the wall, 0 to 23.
    package func hour(of instant: Timestamp) -> Int64 { secondsOfDay(at: instant) / 3_600 }

    /// Seconds since midnight on the wall.
    private func secondsOfDay(at instant: Timestamp) -> Int64 {
        let local = shifted(instant)
        return (local.milliseconds - Int64(local.dayUTC.ordinal) * 86_400_000) / 1_000
    }

    private func shifted(_ instant: Timestamp) -> Timestamp {
        instant.adding(milliseconds: offsetSeconds(at: instant) * 1_000)
    }
}

/// The system's clock.
package enum SystemClock {
    package static func now() -> Timestamp {
        let milliseconds = Int64(Date().timeIntervalSince1970 * 1_000)
        guard let now = Timestamp(milliseconds: milliseconds) else {
            preconditionFailure("the system clock stands between the years 1900 and 2199")
        }
        return now
    }
}
