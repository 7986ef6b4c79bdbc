import Sales
package import Text
import Units

/// What DATEV has to be told about the client, as decoded from `finance/datev.yaml`
/// (docs/formats/export-datev.md).
package struct DATEVSettings: Hashable, Sendable {
    /// Beraternummer, 1001 to 9999999.
    package let adviser: Int
    /// Mandantennummer, 1 to 99999.
    package let client: Int
    /// First day of the fiscal year: month and day.
    package let yearStart: MonthDay
    /// Length of the accounts (Sachkontenlänge), 4 to 8.
    package let accountLength: Int
    /// Whether DATEV locks the batch on import (Festschreibung); finance cannot undo that.
    package let locks: Bool
    /// Two letters that say where the batch comes from.
    package let origin: String
    /// Chart of accounts (Sachkontenrahmen), two digits, or empty.
    package let chart: String

    package struct MonthDay: Hashable, Sendable {
        package let month: Int
        package let day: Int

        /// Nil if it is no day of every year.
        package init?(month: Int, day: Int) {
            guard BusinessDay(year: 2023, month: month, day: day) != nil else { return nil }
            self.month = month
            self.day = day
        }

        /// Reads `01.01.`.
        init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].isEmpty, parts[0].utf8.count == 2,
                parts[1].utf8.count == 2, let day = decimal(Array(parts[0].utf8)[...]),
                let month = decimal(Array(parts[1].utf8)[...])
            else { return nil }
            self.init(month: month, day: day)
        }
    }

    package init(
        adviser: Int, client: Int, yearStart: MonthDay, accountLength: Int, locks: Bool,
        origin: String, chart: String
    ) {
        self.adviser = adviser
        self.client = client
        self.yearStart = yearStart
        self.accountLength = accountLength
        self.locks = locks
        self.origin = origin
        self.chart = chart
    }

    /// Reads the settings file.
    ///
    /// - Returns: the settings, nil if there is any problem; problems `D-E01` to `D-E04` with line
    ///   and column.
    package static func decode(
        _ root: SourceNode
    ) -> (settings: DATEVSettings?, problems: [SourceProblem]) {
        var problems = FileProblems(family: "D")
        guard var fields = FileFields(root, &problems) else { return (nil, problems.all) }
        func number(_ key: String, _ range: ClosedRange<Int>) -> Int? {
            let wanted = "eine Zahl von \(range.lowerBound) bis \(range.upperBound)"
            return fields.value(key, wanted: wanted, &problems) { text in
                decimal(Array(text.utf8)[...]).flatMap { range.contains($0) ? $0 : nil }
            }
        }
        let adviser = number("beraternummer", 1_001...9_999_999)
        let client = number("mandantennummer", 1...99_999)
        let yearStart = fields.value(
            "wirtschaftsjahr ab", wanted: "ein Tag wie 01.01.", &problems, { MonthDay($0) })
        let length = number("sachkontenlänge", 4...8)
        let locks = fields.word("festschreibung", of: ["ja": true, "nein": false], &problems)
        let origin = fields.value(
            "herkunft", wanted: "zwei Großbuchstaben", &problems,
            { Self.isCode($0, 0x41...0x5A) ? $0 : nil })
        let chart = fields.value(
            "sachkontenrahmen", required: false, wanted: "zwei Ziffern", &problems,
            { Self.isCode($0, 0x30...0x39) ? $0 : nil })
        fields.finish(&problems)
        guard !problems.hasErrors, let adviser, let client, let yearStart, let length, let locks,
            let origin
        else { return (nil, problems.all) }
        let settings = DATEVSettings(
            adviser: adviser, client: client, yearStart: yearStart, accountLength: length,
            locks: locks, origin: origin, chart: chart ?? "")
        return (settings, problems.all)
    }

    private static func isCode(_ text: String, _ range: ClosedRange<UInt8>) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy(range.contains)
    }

    /// The fiscal year that holds `day`, by its first day; nil at the edge of the calendar.
    func fiscalYear(of day: BusinessDay) -> BusinessDay? {
        let start = BusinessDay(
            year: day.year, month: yearStart.month, day: yearStart.day)
        guard let start, start > day else { return start }
        return BusinessDay(year: day.year - 1, month: yearStart.month, day: yearStart.day)
    }
}
