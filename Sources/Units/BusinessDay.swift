/// A day of the Gregorian calendar, as read from a wall clock in the yard's time zone.
///
/// Calendar arithmetic after the proleptic Gregorian rules; no time zone, no clock. A value that
/// exists is a real date between 1900-01-01 and 2199-12-31.
package struct BusinessDay: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Nil if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1900...2199).contains(year), (1...12).contains(month),
            (1...Self.length(ofMonth: month, in: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads `2026-11-22`; nil for anything else (RFC 3339 full-date).
    package init?(iso text: String) {
        self.init(iso: Array(text.utf8)[...])
    }

    init?(iso bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        guard bytes.count == 10, bytes[start + 4] == UInt8(ascii: "-"),
            bytes[start + 7] == UInt8(ascii: "-"), let year = decimal(bytes[start..<start + 4]),
            let month = decimal(bytes[start + 5..<start + 7]),
            let day = decimal(bytes[start + 8..<start + 10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Days since 1970-01-01 (negative before).
    package var ordinal: Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 1900-01-01 to 2199-12-31.
    private static let supported = -25_567...84_005

    /// The day with this ordinal; nil outside the supported years.
    package init?(ordinal: Int) {
        guard Self.supported.contains(ordinal) else { return nil }
        let shifted = ordinal + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: day)
    }

    /// The day `days` later (earlier if negative); nil outside the supported years.
    package func adding(days: Int) -> BusinessDay? {
        let (sum, isTooFar) = ordinal.addingReportingOverflow(days)
        return isTooFar ? nil : BusinessDay(ordinal: sum)
    }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int {
        let sinceMonday = (ordinal + 3) % 7
        return sinceMonday < 0 ? sinceMonday + 8 : sinceMonday + 1
    }

    /// `2026-11-22`.
    package var iso: String { "\(year)-\(padded(month, 2))-\(padded(day, 2))" }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension BusinessDay: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// `number` with leading zeros up to `width` digits.
package func padded(_ number: some BinaryInteger, _ width: Int) -> String {
    guard number >= 0, let number = Int64(exactly: number) else {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    var digits: [UInt8] = []
    digits.append(digitsOf: number, width: width)
    return String(decoding: digits, as: UTF8.self)
}

extension [UInt8] {
    /// Appends the digits of a number that is not negative, with zeros in front up to `width`.
    package mutating func append(digitsOf number: Int64, width: Int = 1) {
        var (digits, rest) = (1, number / 10)
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        for _ in 0..<Swift.max(digits, width) { append(UInt8(ascii: "0")) }
        var place = count
        rest = number
        while rest > 0 {
            place -= 1
            self[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}

/// The number that ASCII digits spell; nil for an empty slice or any other byte.
package func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for digit in digits {
        guard (0x30...0x39).contains(digit) else { return nil }
        value = value * 10 + Int(digit - 0x30)
    }
    return value
}
