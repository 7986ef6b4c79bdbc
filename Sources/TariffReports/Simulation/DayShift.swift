import Tariffs
import Units

/// Brings days into the validity of a draft: the same date of the nearest year inside.
struct DayShift: Sendable {
    private let validity: DateRange
    /// The last day asked for: sales come in days.
    private var last: (day: BusinessDay, moved: BusinessDay)?

    init(validity: DateRange) { self.validity = validity }

    /// The day itself where it is inside, or where no year has its date inside.
    mutating func moved(_ day: BusinessDay) -> BusinessDay {
        if let last, last.day == day { return last.moved }
        let moved = nearest(day)
        last = (day, moved)
        return moved
    }

    private func nearest(_ day: BusinessDay) -> BusinessDay {
        guard !validity.contains(day) else { return day }
        let first = validity.from.year
        let end = validity.to?.year ?? max(first + 1, day.year)
        guard first <= end else { return day }
        let isBefore = day < validity.from
        let years = isBefore ? Array(first...min(end, first + 1)) : [end, end - 1]
        return years.lazy.compactMap { day.inYear($0) }.first { validity.contains($0) } ?? day
    }
}

extension BusinessDay {
    /// The same date of another year; 28 February for 29 February where there is none.
    fileprivate func inYear(_ year: Int) -> BusinessDay? {
        BusinessDay(year: year, month: month, day: day)
            ?? BusinessDay(year: year, month: month, day: 28)
    }
}

extension Delivery {
    /// The delivery as if it came on another day.
    func moved(to day: BusinessDay) -> Delivery {
        guard day != self.day else { return self }
        return Delivery(
            day: day, group: group, origin: origin, features: features, holders: holders,
            isScaleBroken: isScaleBroken, items: items)
    }
}
