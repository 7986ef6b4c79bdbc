import DayClosing
import Units

/// The time on the slip of a batch cut, as people write and read it.
enum SlipTime {
    /// The time as a close keeps it, such as `2026-11-20 18:05`; nil for a text that is none.
    ///
    /// Accepts `20.11.2026 18:05`, `20.11.26, 18:05:30 Uhr` (seconds are dropped), and what a close
    /// keeps.
    static func parse(_ text: String) -> String? {
        let words = text.replacing("T", with: " ").replacing(",", with: " ").split(separator: " ")
            .filter { $0 != "Uhr" }
        guard words.count == 2, let day = day(words[0]), let time = time(words[1]) else {
            return nil
        }
        let kept = "\(day.iso) \(time)"
        return BatchCut.isTime(kept) ? kept : nil
    }

    /// `20.11.2026, 18:05 Uhr` of what a close keeps.
    static func german(_ kept: String) -> String {
        guard BatchCut.isTime(kept), let day = BusinessDay(iso: String(kept.prefix(10))) else {
            return kept
        }
        return "\(GermanFormat.day(day)), \(kept.suffix(5)) Uhr"
    }

    private static func day(_ text: Substring) -> BusinessDay? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return BusinessDay(iso: String(text)) }
        guard let day = number(parts[0], 1...2), let month = number(parts[1], 1...2),
            let year = number(parts[2], 2...4), parts[2].utf8.count != 3
        else { return nil }
        let century = parts[2].utf8.count == 2 ? 2_000 : 0
        return BusinessDay(year: century + year, month: month, day: day)
    }

    private static func time(_ text: Substring) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0], 1...2),
            let minute = number(parts[1], 2...2)
        else { return nil }
        if parts.count == 3 {
            guard let second = number(parts[2], 2...2), second < 60 else { return nil }
        }
        return "\(padded(hour, 2)):\(padded(minute, 2))"
    }

    private static func number(_ text: Substring, _ lengths: ClosedRange<Int>) -> Int? {
        lengths.contains(text.utf8.count) ? decimal(Array(text.utf8)[...]) : nil
    }
}
