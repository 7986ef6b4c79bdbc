import Text
package import Units

/// The days that a report covers, both included.
package struct ReportPeriod: Hashable, Sendable {
    package let from: BusinessDay
    package let to: BusinessDay

    /// Nil if `to` lies before `from`.
    package init?(from: BusinessDay, to: BusinessDay) {
        guard from <= to else { return nil }
        (self.from, self.to) = (from, to)
    }

    /// The same days a year earlier; nil before the first supported year.
    package var yearBefore: ReportPeriod? {
        guard let from = from.yearBefore, let to = to.yearBefore else { return nil }
        return ReportPeriod(from: from, to: to)
    }

    /// `1.11.2026 bis 30.11.2026`.
    package var german: String { "\(GermanFormat.day(from)) bis \(GermanFormat.day(to))" }

    var json: JSONValue { .fields(["from": .string(from.iso), "to": .string(to.iso)]) }
}

extension BusinessDay {
    /// The same date a year earlier; 28 February for a leap day.
    package var yearBefore: BusinessDay? {
        BusinessDay(year: year - 1, month: month, day: day)
            ?? BusinessDay(year: year - 1, month: month, day: 28)
    }
}
