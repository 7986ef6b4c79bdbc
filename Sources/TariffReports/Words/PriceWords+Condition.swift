package import Tariffs
import Units

extension PriceWords {
    /// Who: `privat, einheimisch`; nil where everybody is meant.
    package func who(_ condition: Condition) -> String? {
        let words = [group(condition), origin(condition)].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    private func group(_ condition: Condition) -> String? {
        guard condition.groups.count == 1, let group = condition.groups.first else { return nil }
        return group.german
    }

    private func origin(_ condition: Condition) -> String? {
        guard condition.origins.count == 1, let origin = condition.origins.first else {
            return nil
        }
        return origin.german
    }

    /// When: windows and weekdays; nil where every day is meant.
    package func when(_ condition: Condition) -> String? {
        let windows = condition.windows.map { words(for: $0) }
        let days = weekdays(condition.weekdays)
        let parts = [GermanText.alternatives(windows), days].filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private func words(for window: DateWindow) -> String {
        switch window {
        case .from(let day): "ab \(GermanFormat.day(day))"
        case .until(let day): "bis \(GermanFormat.day(day))"
        case .range(let range): Self.words(for: range)
        case .yearly(let first, let last):
            "jedes Jahr vom \(words(for: first)) bis \(words(for: last))"
        }
    }

    /// `vom 16.10.2023 bis 16.12.2023`, `ab 01.01.2024`.
    package static func words(for range: DateRange) -> String {
        let first = GermanFormat.day(range.from)
        return range.to.map { "vom \(first) bis \(GermanFormat.day($0))" } ?? "ab \(first)"
    }

    private func words(for day: MonthDay) -> String {
        "\(padded(day.day, 2)).\(padded(day.month, 2))."
    }

    /// `Montag bis Freitag`, `Montag und Samstag`; empty for every day.
    private func weekdays(_ days: Set<Weekday>) -> String {
        var runs: [[Weekday]] = []
        for day in Weekday.allCases where days.contains(day) {
            if let last = runs.last?.last, last.rawValue + 1 == day.rawValue {
                runs[runs.count - 1].append(day)
            } else {
                runs.append([day])
            }
        }
        let words = runs.flatMap { run in
            guard run.count > 2, let first = run.first, let last = run.last else {
                return run.map(\.german)
            }
            return ["\(first.german) bis \(last.german)"]
        }
        return GermanText.all(words)
    }

    /// With and without which features; nil where none matter.
    package func features(_ condition: Condition) -> String? {
        let with = condition.with.isEmpty ? nil : "mit \(names(of: condition.with))"
        let without = condition.without.isEmpty ? nil : "ohne \(names(of: condition.without))"
        let words = [with, without].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Everything that a condition asks for; `alle` where it asks for nothing.
    package func words(for condition: Condition) -> String {
        let parts = [who(condition), when(condition), features(condition)].compactMap(\.self)
        return parts.isEmpty ? "alle" : parts.joined(separator: "; ")
    }
}

extension Weekday {
    fileprivate var german: String {
        switch self {
        case .monday: "Montag"
        case .tuesday: "Dienstag"
        case .wednesday: "Mittwoch"
        case .thursday: "Donnerstag"
        case .friday: "Freitag"
        case .saturday: "Samstag"
        case .sunday: "Sonntag"
        }
    }
}
