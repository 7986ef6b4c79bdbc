package import Units

/// The days from one to another, both included.
package struct DateRange: Hashable, Sendable {
    package let from: BusinessDay
    /// Nil while no end is decided.
    package let to: BusinessDay?

    /// Nil if the end lies before the start.
    package init?(from: BusinessDay, to: BusinessDay?) {
        guard to.map({ from <= $0 }) ?? true else { return nil }
        self.from = from
        self.to = to
    }

    package func contains(_ day: BusinessDay) -> Bool {
        from <= day && (to.map { day <= $0 } ?? true)
    }
}

/// A day of any year.
package struct MonthDay: Hashable, Comparable, Sendable {
    package let month: Int
    package let day: Int

    /// Nil if no year has such a day.
    package init?(month: Int, day: Int) {
        guard BusinessDay(year: 2000, month: month, day: day) != nil else { return nil }
        self.month = month
        self.day = day
    }

    package init(of day: BusinessDay) {
        month = day.month
        self.day = day.day
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.month, left.day) < (right.month, right.day)
    }

    /// This day in `year`; 1 March for 29 February where there is none.
    func inYear(_ year: Int) -> BusinessDay? {
        BusinessDay(year: year, month: month, day: day)
            ?? BusinessDay(year: year, month: 3, day: 1)
    }
}

/// A window of days in which a position holds (Zeitraum).
package enum DateWindow: Hashable, Sendable {
    case from(BusinessDay)
    case until(BusinessDay)
    case range(DateRange)
    /// Every year, both days included; it may run across New Year.
    case yearly(from: MonthDay, to: MonthDay)

    package func contains(_ day: BusinessDay) -> Bool {
        switch self {
        case .from(let first): return first <= day
        case .until(let last): return day <= last
        case .range(let range): return range.contains(day)
        case .yearly(let first, let last):
            let date = MonthDay(of: day)
            return first <= last
                ? first <= date && date <= last
                : first <= date || date <= last
        }
    }
}

/// A property that changes with time: each value holds from its day on.
package struct DatedFact<Value: Hashable & Sendable>: Hashable, Sendable {
    /// Ascending by day, not empty; the first day is not after the tariff's validity begins.
    package let entries: [Entry]
    private let first: Value

    /// A value and the first day it holds.
    package struct Entry: Hashable, Sendable {
        package let from: BusinessDay
        package let value: Value
    }

    /// Nil if empty or not ascending.
    init?(_ entries: [Entry]) {
        guard let first = entries.first,
            zip(entries, entries.dropFirst()).allSatisfy({ $0.from < $1.from })
        else { return nil }
        self.entries = entries
        self.first = first.value
    }

    package func value(on day: BusinessDay) -> Value {
        entries.last { $0.from <= day }?.value ?? first
    }
}

/// A dated fact for each group.
package struct GroupedFact<Value: Hashable & Sendable>: Hashable, Sendable {
    package let household: DatedFact<Value>
    package let commercial: DatedFact<Value>

    package subscript(group: CustomerGroup) -> DatedFact<Value> {
        switch group {
        case .household: household
        case .commercial: commercial
        }
    }

    package func value(for group: CustomerGroup, on day: BusinessDay) -> Value {
        self[group].value(on: day)
    }
}
