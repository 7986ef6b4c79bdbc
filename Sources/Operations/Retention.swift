import Foundation
package import Journal
import Text
package import Units

/// How long personal data beside records is kept, and why: from the file `retention` of the data
/// directory (docs/formats/personal-data.md), or as shipped.
package struct Retention: Hashable, Sendable {
    package enum Period: Hashable, Sendable {
        /// After the record's day.
        case days(Int)
        /// After the end of the record's calendar year, as § 147 Abs. 4 AO counts.
        case calendarYears(Int)
    }

    package struct Rule: Hashable, Sendable {
        package let period: Period
        /// Whether nothing is erased earlier on request, since a statute asks to keep it.
        package let isKept: Bool
        /// The legal basis, in a sentence.
        package let basis: String
    }

    package private(set) var rules: [PersonalField: Rule]
    /// Days that the log of who looked at personal data is kept.
    package private(set) var accessDays = 730

    /// As shipped.
    package init() {
        let short = "Art. 5 (1) e GDPR: for complaints about the weighing and the price"
        let voucher = "§ 147 (1) no. 4, (3) AO: part of a voucher, eight years"
        rules = [
            .plate: Rule(period: .days(90), isKept: false, basis: short),
            .note: Rule(period: .days(90), isKept: false, basis: short),
            .customer: Rule(period: .calendarYears(8), isKept: true, basis: voucher),
            .debtor: Rule(period: .calendarYears(8), isKept: true, basis: voucher),
            .iban: Rule(period: .calendarYears(8), isKept: true, basis: voucher),
            .payee: Rule(period: .calendarYears(8), isKept: true, basis: voucher),
        ]
    }

    /// What a data directory says; what its file does not name is as shipped.
    ///
    /// - Throws: ``OperationsError`` (`retentionFile`, `cannotRead`).
    package init(directory: DataDirectory) throws {
        self.init()
        guard FileManager.default.fileExists(atPath: directory.retention) else { return }
        let data = try DataDirectory.bytes(of: directory.retention)
        let lines = String(decoding: data, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard read(first, Array(words.dropFirst())) else {
                throw OperationsError.retentionFile(path: directory.retention, line: index + 1)
            }
        }
    }

    private mutating func read(_ name: String, _ words: [String]) -> Bool {
        guard words.count >= 2, let number = DecimalText.decode(words[0]),
            (1...36_500).contains(number)
        else { return false }
        if name.hasSameBytes(as: "access") {
            accessDays = Int(number)
            return words.count == 2 && words[1].hasSameBytes(as: "days")
        }
        let basis = words.dropFirst(3).joined(separator: " ")
        guard words.count >= 4, let field = PersonalField(rawValue: name),
            let period = Self.period(Int(number), words[1]),
            ["kept", "on-request"].contains(words[2]), basis.utf8.count <= 150
        else { return false }
        rules[field] = Rule(
            period: period, isKept: words[2].hasSameBytes(as: "kept"), basis: basis)
        return true
    }

    private static func period(_ number: Int, _ unit: String) -> Period? {
        switch unit {
        case "days": .days(number)
        case "calendar-years": .calendarYears(number)
        default: nil
        }
    }
}

extension Retention.Period {
    /// Whether something of `day` is to be erased on `today`.
    package func isOver(_ day: BusinessDay, on today: BusinessDay) -> Bool {
        switch self {
        case .days(let count): day.adding(days: count).map { $0 < today } ?? false
        case .calendarYears(let count): day.year + count < today.year
        }
    }

    /// Such as `90 days`.
    package var words: String {
        switch self {
        case .days(let count): "\(count) days"
        case .calendarYears(let count): "\(count) calendar years"
        }
    }
}
