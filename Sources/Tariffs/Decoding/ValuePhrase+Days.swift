import Units

/// The short phrases for days.
extension ValuePhrase {
    /// `05.01.2024`.
    static func day(_ text: some StringProtocol) throws(PhraseProblem) -> BusinessDay {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2, 4],
            let day = decimal(ArraySlice(Array(parts[0].utf8))),
            let month = decimal(ArraySlice(Array(parts[1].utf8))),
            let year = decimal(ArraySlice(Array(parts[2].utf8))),
            let date = BusinessDay(year: year, month: month, day: day)
        else {
            throw PhraseProblem(
                .dateNotUnderstood,
                "„\(text)“ ist kein Datum. Schreiben Sie es so: 05.01.2024.")
        }
        return date
    }

    /// `16.10.2023 bis 16.12.2023`, `ab 01.01.2022`, `bis 31.12.2017` or
    /// `jedes Jahr 01.11. bis 31.03.`; both days are included.
    static func window(_ text: String) throws(PhraseProblem) -> DateWindow {
        let words = text.split(whereSeparator: \.isWhitespace)
        switch words.count {
        case 2 where words[0] == "ab":
            return .from(try day(words[1]))
        case 2 where words[0] == "bis":
            return .until(try day(words[1]))
        case 3 where words[1] == "bis":
            guard let range = DateRange(from: try day(words[0]), to: try day(words[2])) else {
                throw PhraseProblem(
                    .dateNotUnderstood, "„\(text)“ endet vor seinem Anfang. Tauschen Sie die Tage.")
            }
            return .range(range)
        case 5 where words[0...1] == ["jedes", "Jahr"] && words[3] == "bis":
            guard let from = monthDay(words[2]), let to = monthDay(words[4]) else { fallthrough }
            return .yearly(from: from, to: to)
        default:
            throw PhraseProblem(
                .dateNotUnderstood,
                "„\(text)“ ist kein Zeitraum. Möglich sind „16.10.2023 bis 16.12.2023“, "
                    + "„ab 01.01.2022“, „bis 31.12.2017“ und „jedes Jahr 01.11. bis 31.03.“.")
        }
    }

    /// `31.01.`.
    private static func monthDay(_ text: Substring) -> MonthDay? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2, 0],
            let day = decimal(ArraySlice(Array(parts[0].utf8))),
            let month = decimal(ArraySlice(Array(parts[1].utf8)))
        else { return nil }
        return MonthDay(month: month, day: day)
    }

    /// `Samstag` or `Montag bis Freitag`; a range may run over Sunday.
    static func weekdays(_ text: String) throws(PhraseProblem) -> [Weekday] {
        let words = text.split(whereSeparator: \.isWhitespace)
        let days = words.compactMap { word in weekdayNames.first { $0.key == word }?.value }
        if words.count == 1, let day = days.first { return [day] }
        guard words.count == 3, words[1] == "bis", days.count == 2 else {
            let known = weekdayNames.map(\.key).joined(separator: ", ")
            throw PhraseProblem(
                .wordNotKnown,
                "„\(text)“ ist kein Wochentag. Möglich sind \(known) und „Montag bis Freitag“.")
        }
        let length = (days[1].rawValue - days[0].rawValue + 7) % 7
        return (0...length).compactMap { Weekday(rawValue: (days[0].rawValue - 1 + $0) % 7 + 1) }
    }

    private static let weekdayNames: KeyValuePairs<String, Weekday> = [
        "Montag": .monday, "Dienstag": .tuesday, "Mittwoch": .wednesday,
        "Donnerstag": .thursday, "Freitag": .friday, "Samstag": .saturday, "Sonntag": .sunday,
    ]
}
