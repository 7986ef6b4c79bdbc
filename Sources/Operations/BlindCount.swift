import Calendars
import DayClosing
import Journal
import Logging
package import People
import Storage
package import Units

// Counting blind (docs/guide/cashier.md): who counts must not know the journal's totals before.

extension Person {
    /// Whether this person counts days: then other roles do not show the totals either.
    package var countsDays: Bool { !roles.isDisjoint(with: Act.countClose.roles) }
}

extension Installation {
    /// Whether totals of what is not counted yet are hidden from those who count. The default.
    package func isBlind(_ yard: Yard) throws -> Bool {
        try database.read { try isBlind(yard, $0) }
    }

    func isBlind(_ yard: Yard, _ reading: Reading) throws -> Bool {
        try reading.setting(Self.blindSetting(yard)) != "off"
    }

    /// - Throws: ``OperationsError`` (`forbidden`).
    package func setBlind(_ isBlind: Bool, at yard: Yard, by person: Person) async throws {
        try person.allowed(.setPolicy)
        try await writer.perform {
            try $0.transaction.set(Self.blindSetting(yard), to: isBlind ? "on" : "off")
        }
        logger.notice(
            "count policy set",
            metadata: [
                "yard": "\(yard.id)", "blind": "\(isBlind)", "person": "\(person.id)",
            ])
    }

    /// Whether `person` has to count first before seeing totals of these days: some of their
    /// records, or of the refunds and resolutions of these days, are in no close and no count yet.
    package func isHidden(
        _ days: ClosedRange<BusinessDay>, of yards: [Yard], from person: Person
    ) throws -> Bool {
        try isHidden(days.lowerBound, days.upperBound, of: yards, from: person)
    }

    /// Whether `person` has to count first before seeing the sum of what a search finds. One sale
    /// alone is no secret.
    package func isHidden(_ query: SaleQuery, of yard: Yard, from person: Person) throws -> Bool {
        guard query.receipt == nil else { return false }
        return try isHidden(query.dayFrom, query.dayTo, of: [yard], from: person)
    }

    private func isHidden(
        _ first: BusinessDay?, _ last: BusinessDay?, of yards: [Yard], from person: Person
    ) throws -> Bool {
        guard person.countsDays else { return false }
        return try database.read { reading in
            try yards.contains { yard in
                guard try isBlind(yard, reading) else { return false }
                let counted = try countedTo(yard, reading)
                let isNew = try reading.hasRecord(
                    yard: yard.number, from: counted, first: first, last: last)
                return try isNew
                    || changesTurnover(from: counted, of: yard, first, last, reading)
            }
        }
    }

    /// Whether the server recorded something on these days, from a log index on, that totals
    /// follow; nil is no limit.
    private func changesTurnover(
        from index: Int64, of yard: Yard, _ first: BusinessDay?, _ last: BusinessDay?,
        _ reading: Reading
    ) throws -> Bool {
        let records = try reading.serverRecords(
            yard: yard.number, from: index, to: try reading.logSize(yard: yard.number))
        return records.contains { record in
            guard [.void, .refund, .resolution, .decision].contains(record.kind) else {
                return false
            }
            let day = calendar.day(of: record.at)
            return first.map { $0 <= day } ?? true && last.map { day <= $0 } ?? true
        }
    }

    /// Refuses totals of these days to who has to count first.
    ///
    /// - Throws: ``OperationsError/countFirst``.
    package func requireShown(
        _ days: ClosedRange<BusinessDay>, of yards: [Yard], to person: Person
    ) throws {
        guard try !isHidden(days, of: yards, from: person) else {
            throw OperationsError.countFirst
        }
    }

    /// The position after the last record that somebody has counted.
    private func countedTo(_ yard: Yard, _ reading: Reading) throws -> Int64 {
        if let draft = try reading.closeDraft(yard: yard.number) { return draft.upto }
        return try lastClose(of: yard, reading)?.to ?? 0
    }

    /// Refuses what shows totals up to `position` to who has to count first.
    ///
    /// - Throws: ``OperationsError/countFirst``.
    func requireCounted(
        from position: Int64, of yard: Yard, _ reading: Reading, _ person: Person
    ) throws {
        guard person.countsDays, try isBlind(yard, reading) else { return }
        guard position <= (try countedTo(yard, reading))
        else { throw OperationsError.countFirst }
    }

    private static func blindSetting(_ yard: Yard) -> String { "blind-count-\(yard.number)" }
}
