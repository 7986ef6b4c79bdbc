import Calendars
import DayClosing
import Logging
package import People
import Reconciliation
import Storage
package import Units

// Card terminals without a batch cut for too long: their payments lapse (finance.md 3.1).

/// A card terminal with payments that no batch cut holds.
package struct OverdueCut: Hashable, Sendable {
    package let cardTerminal: String
    /// Of payments in a close, the day of the close; else the first day that no close holds.
    package let since: BusinessDay
    /// Days from then to today.
    package let days: Int

    package init(cardTerminal: String, since: BusinessDay, days: Int) {
        self.cardTerminal = cardTerminal
        self.since = since
        self.days = days
    }
}

extension Installation {
    /// After how many days without a cut a card terminal is named, unless the yard says otherwise:
    /// before an automatic cut (six days) and long before payments lapse (eight).
    package static let cutDaysDefault: Int64 = 3
    /// What a yard may choose.
    package static let cutDaysRange: ClosedRange<Int64> = 1...30

    /// After how many days without a cut a card terminal is named.
    package func cutDays(of yard: Yard) throws -> Int64 {
        try database.read { try cutDays(of: yard, $0) }
    }

    private func cutDays(of yard: Yard, _ reading: Reading) throws -> Int64 {
        try reading.setting(Self.cutDaysSetting(yard)).flatMap { Int64($0) } ?? Self.cutDaysDefault
    }

    /// - Throws: ``OperationsError`` (`forbidden`, `input`).
    package func setCutDays(_ days: Int64, at yard: Yard, by person: Person) async throws {
        try person.allowed(.setPolicy)
        guard Self.cutDaysRange.contains(days) else {
            throw OperationsError.input(field: "cutDays", wanted: "a number of days from 1 to 30")
        }
        try await writer.perform {
            try $0.transaction.set(Self.cutDaysSetting(yard), to: "\(days)")
        }
        logger.notice(
            "cut policy set",
            metadata: ["yard": "\(yard.id)", "days": "\(days)", "person": "\(person.id)"])
    }

    private static func cutDaysSetting(_ yard: Yard) -> String { "cut-days-\(yard.number)" }

    /// The card terminals of a yard whose oldest payment without a batch cut is as old as the yard
    /// allows, by card terminal. What is open is added up only where it can be that old.
    package func overdueCuts(of yard: Yard) throws -> [OverdueCut] {
        let today = calendar.day(of: clock())
        let isOld = try database.read { reading in
            let from = try lastClose(of: yard, reading)?.to ?? 0
            let limit = try cutDays(of: yard, reading)
            return try reading.firstDay(yard: yard.number, from: from)
                .map { today.ordinal - $0.ordinal >= Int(limit) } ?? false
        }
        // Outside of a read, because it may have much to add up.
        let progress = isOld ? try closeProgress(of: yard) : nil
        return try database.read { try overdueCuts(of: yard, progress, $0) }
    }

    /// - Parameter progress: what no close holds; nil where it is not old enough.
    func overdueCuts(
        of yard: Yard, _ progress: CloseProgress?, _ reading: Reading
    ) throws -> [OverdueCut] {
        let today = calendar.day(of: clock())
        let limit = try cutDays(of: yard, reading)
        var since: [String: BusinessDay] = [:]
        for cut in try cutsByClose(of: yard, reading).joined() {
            since[cut.cardTerminal] = cut.uncut(before: since[cut.cardTerminal])
        }
        if let progress,
            let open = try reading.firstDay(
                yard: yard.number, from: progress.previous?.to ?? 0)
        {
            for terminal in Set(progress.totals.cards.keys.map(\.cardTerminal)) {
                since[terminal] = since[terminal] ?? open
            }
        }
        // A cut holds everything before it, and one that is counted is there.
        let draft = try reading.closeDraft(yard: yard.number).map(CloseDraft.init)
        for cut in draft?.cuts ?? [] { since[cut.cardTerminal] = nil }
        return since.sorted { $0.key < $1.key }.compactMap { terminal, day in
            let days = today.ordinal - day.ordinal
            return days < Int(limit)
                ? nil : OverdueCut(cardTerminal: terminal, since: day, days: days)
        }
    }
}

extension CardCut {
    /// Since when payments wait for a cut after this close; nil if none do.
    ///
    /// - Parameter earlier: since when they waited before it.
    fileprivate func uncut(before earlier: BusinessDay?) -> BusinessDay? {
        guard !isCut else { return nil }
        let hasPayments = comparisons.contains { $0.expected != Tally() }
        return earlier ?? (hasPayments ? day : nil)
    }
}
