/// An instant in UTC with millisecond precision; leap seconds are not counted (POSIX time).
package struct Timestamp: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, between the years 1900 and 2199.
    package let milliseconds: Int64

    /// 1900-01-01T00:00:00.000Z to 2199-12-31T23:59:59.999Z.
    private static let supported: ClosedRange<Int64> = -2_208_988_800_000...7_258_118_399_999

    /// Nil outside the supported years.
    package init?(milliseconds: Int64) {
        guard Self.supported.contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    /// Reads `2026-11-22T17:24:47.123Z` (RFC 3339 in UTC with exactly three fractional digits).
    package init?(iso text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "."),
            bytes[23] == UInt8(ascii: "Z"),
            let day = BusinessDay(iso: bytes[0..<10]),
            let hour = decimal(bytes[11..<13]), hour < 24,
            let minute = decimal(bytes[14..<16]), minute < 60,
            let second = decimal(bytes[17..<19]), second < 60,
            let fraction = decimal(bytes[20..<23])
        else { return nil }
        let seconds = ((day.ordinal * 24 + hour) * 60 + minute) * 60 + second
        milliseconds = Int64(seconds) * 1_000 + Int64(fraction)
    }

    /// The date in UTC; for a local date see `Calendars`.
    package var dayUTC: BusinessDay {
        let ordinal = Int(
            (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000)
        guard let day = BusinessDay(ordinal: ordinal) else {
            preconditionFailure("a timestamp lies within the supported years")
        }
        return day
    }

    /// `2026-11-22T17:24:47.123Z`.
    package var iso: String {
        let ofDay = milliseconds - Int64(dayUTC.ordinal) * 86_400_000
        let (hour, minute) = (ofDay / 3_600_000, ofDay / 60_000 % 60)
        let (second, fraction) = (ofDay / 1_000 % 60, ofDay % 1_000)
        return "\(dayUTC.iso)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))."
            + "\(padded(fraction, 3))Z"
    }

    /// The instant `milliseconds` later; the same instant if that leaves the supported years.
    package func adding(milliseconds: Int64) -> Timestamp {
        let (sum, isTooFar) = self.milliseconds.addingReportingOverflow(milliseconds)
        return isTooFar ? self : Timestamp(milliseconds: sum) ?? self
    }
}

extension Timestamp: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
