import Units

/// The part of a condition that looks at the day.
struct DayCondition: Hashable, Sendable {
    let windows: [DateWindow]
    let weekdays: Set<Weekday>

    init(_ condition: Condition) {
        windows = condition.windows
        weekdays = condition.weekdays
    }

    func holds(on day: BusinessDay) -> Bool {
        (weekdays.isEmpty || weekdays.contains { $0.rawValue == day.weekday })
            && (windows.isEmpty || windows.contains { $0.contains(day) })
    }
}

/// Days of a validity that stand for all its days: on each day of the validity the conditions
/// hold just as on one of these.
///
/// A validity without end reaches to the last day of the calendar (31.12.2199). Between two days
/// on which a window opens or closes for good, a year differs from another only by its leap day
/// and the weekday of New Year; so of fourteen kinds of years the first of each is looked at,
/// and nothing is assumed about how kinds of years follow each other.
struct DaySamples {
    /// Ascending; each the first day on which just these conditions hold.
    let days: [BusinessDay]
    /// For each day, which conditions hold.
    private let holding: [[Bool]]
    private let places: [DayCondition: Int]

    init(_ conditions: Set<DayCondition>, in validity: DateRange) {
        let conditions = Array(conditions)
        places = Dictionary(uniqueKeysWithValues: conditions.enumerated().map { ($1, $0) })
        var first: [[Bool]: BusinessDay] = [:]
        for day in DayCandidates(conditions, in: validity).days {
            let key = conditions.map { $0.holds(on: day) }
            first[key] = min(first[key] ?? day, day)
        }
        let samples = first.sorted { $0.value < $1.value }
        days = samples.map(\.value)
        holding = samples.map(\.key)
    }

    /// Places of days that stand for all where only these conditions are asked for.
    func places(telling conditions: Set<DayCondition>) -> [Int] {
        let asked = conditions.compactMap { places[$0] }
        var seen: Set<[Bool]> = []
        return days.indices.filter { day in seen.insert(asked.map { holding[day][$0] }).inserted }
    }

    /// Whether a condition that was named at the start holds on the day at a place.
    func holds(_ condition: DayCondition, at place: Int) -> Bool {
        places[condition].map { holding[place][$0] } ?? false
    }
}

/// Days among which every pattern of windows and weekdays occurs.
private struct DayCandidates {
    private(set) var days: [BusinessDay] = []
    private let yearly: [(from: MonthDay, to: MonthDay)]
    private let daysPerStretch: Int

    init(_ conditions: [DayCondition], in validity: DateRange) {
        let windows = Set(conditions.flatMap(\.windows))
        yearly = windows.compactMap {
            if case .yearly(let from, let to) = $0 { (from, to) } else { nil }
        }
        daysPerStretch = conditions.allSatisfy(\.weekdays.isEmpty) ? 1 : 7
        let last = validity.to ?? BusinessDay(year: 2199, month: 12, day: 31) ?? validity.from
        let cuts = Set(windows.flatMap(\.fixedStarts)).filter { validity.from < $0 && $0 <= last }
        var start = validity.from
        for cut in cuts.sorted() {
            addSegment(from: start, to: cut.adding(days: -1) ?? cut)
            start = cut
        }
        addSegment(from: start, to: last)
    }

    /// Days on which no window of fixed dates opens or closes.
    private mutating func addSegment(from first: BusinessDay, to last: BusinessDay) {
        guard !yearly.isEmpty else { return addStretch(from: first, to: last) }
        var seen: Set<YearKind> = []
        for year in first.year...last.year {
            guard let newYear = BusinessDay(year: year, month: 1, day: 1),
                let end = BusinessDay(year: year, month: 12, day: 31)
            else { continue }
            let isWhole = first <= newYear && end <= last
            guard !isWhole || seen.insert(YearKind(year, newYear, daysPerStretch)).inserted else {
                continue
            }
            addYear(year, from: max(first, newYear), to: min(last, end))
        }
    }

    private mutating func addYear(_ year: Int, from first: BusinessDay, to last: BusinessDay) {
        let cuts = yearly.flatMap { window in
            let end = window.to.inYear(year)
            return [window.from.inYear(year), end, end?.adding(days: 1)].compactMap(\.self)
        }
        var start = first
        for cut in Set(cuts).filter({ first < $0 && $0 <= last }).sorted() {
            addStretch(from: start, to: cut.adding(days: -1) ?? cut)
            start = cut
        }
        addStretch(from: start, to: last)
    }

    /// Days on which all windows stay as they are.
    private mutating func addStretch(from first: BusinessDay, to last: BusinessDay) {
        for offset in 0..<daysPerStretch {
            guard let day = first.adding(days: offset), day <= last else { return }
            days.append(day)
        }
    }

    /// What decides how a whole year runs.
    private struct YearKind: Hashable {
        let hasLeapDay: Bool
        /// The weekday of New Year; 0 where weekdays do not matter.
        let start: Int

        init(_ year: Int, _ newYear: BusinessDay, _ daysPerStretch: Int) {
            hasLeapDay = BusinessDay(year: year, month: 2, day: 29) != nil
            start = daysPerStretch == 1 ? 0 : newYear.weekday
        }
    }
}

extension DateWindow {
    /// Days on which a window of fixed dates opens, or is closed for the first time.
    fileprivate var fixedStarts: [BusinessDay] {
        switch self {
        case .from(let day): [day]
        case .until(let day): [day.adding(days: 1)].compactMap(\.self)
        case .range(let range): [range.from, range.to?.adding(days: 1)].compactMap(\.self)
        case .yearly: []
        }
    }
}
