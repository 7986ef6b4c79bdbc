package import Units

/// The days on which banks settle in Euro: no Saturday, no Sunday, and not the six closing days of
/// T2 (1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December).
package enum BankDays {
    package static func isBankDay(_ day: BusinessDay) -> Bool {
        guard day.weekday <= 5 else { return false }
        switch (day.month, day.day) {
        case (1, 1), (5, 1), (12, 25), (12, 26): return false
        default:
            let distance = day.ordinal - easter(day.year)
            return distance != -2 && distance != 1
        }
    }

    /// The last of the `count` bank days after `day`; `day` itself at the end of the calendar.
    package static func day(_ count: Int, after day: BusinessDay) -> BusinessDay {
        var (found, left) = (day, count)
        while left > 0, let next = found.adding(days: 1) {
            found = next
            if isBankDay(found) { left -= 1 }
        }
        return found
    }

    /// The ordinal of Easter Sunday (Gregorian computus as published in Nature, 1876).
    private static func easter(_ year: Int) -> Int {
        let (golden, century, rest) = (year % 19, year / 100, year % 100)
        let moon = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - century / 4 - moon + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7
        let shift = (golden + 11 * epact + 22 * weekday) / 451
        let sum = epact + weekday - 7 * shift + 114
        return BusinessDay(year: year, month: sum / 31, day: sum % 31 + 1)?.ordinal ?? 0
    }
}
