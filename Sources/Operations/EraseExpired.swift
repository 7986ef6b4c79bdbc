import Calendars
package import Journal
import Logging
package import People
import Storage
import Synchronization
import Units

/// What a round of the retention job did.
package struct ErasureCount: Hashable, Sendable {
    /// Values erased, by field.
    package var fields: [PersonalField: Int64] = [:]
    /// Rows of the log of who looked at personal data.
    package var accesses: Int64 = 0
    /// Whether the bytes are gone from database and write-ahead log; false while a reader needs
    /// the log, and the next round tries again.
    package var isOverwritten = true
}

/// How much personal data of a field there is.
package struct RetentionState: Hashable, Sendable {
    package let field: PersonalField
    package let rule: Retention.Rule
    /// Values stored, and those of them whose time is over, held or not.
    package let stored: Int64
    package let due: Int64
    /// Values whose time is over and that a hold keeps.
    package let held: Int64
}

extension Installation {
    /// Most values that one transaction erases: sales wait for it.
    private static let erasedMax = 1_000

    /// Erases what is kept for longer than the policy says and is not held, with a journal record
    /// for each piece, and the bytes with it; and what was left of exports that were given up,
    /// which may name people too.
    @discardableResult
    package func eraseExpired() async throws -> ErasureCount {
        var count = ErasureCount()
        let now = clock()
        try await removeUnnamedParts()
        for yard in yards {
            for field in PersonalField.allCases {
                guard let rule = retention.rules[field] else { continue }
                while case let ranges = try dueRanges(of: field, rule, at: yard), !ranges.isEmpty {
                    let erasure = Erasure(
                        cause: .retention,
                        reason: "\(field.rawValue), \(rule.period.words): \(rule.basis)",
                        requestedBy: nil, approvedBy: nil,
                        fields: [.init(name: field, ranges: ranges)])
                    count.fields[field, default: 0] += try await writer.perform { [self] batch in
                        try erase(erasure, of: yard, at: now, in: batch)
                    }
                }
            }
            let limit = Timestamp(
                milliseconds: now.milliseconds - Int64(retention.accessDays) * 86_400_000)
            if let limit, try database.read({ try $0.hasAccesses(yard.number, before: limit) }) {
                count.accesses += try await writer.perform { batch in
                    try batch.transaction.eraseAccesses(yard: yard.number, before: limit)
                }
            }
        }
        if !count.fields.isEmpty || count.accesses > 0 { isOverwriteDue.withLock { $0 = true } }
        count.isOverwritten = try await overwrite()
        return count
    }

    /// As ``eraseExpired()``, asked by a person.
    package func eraseExpired(by person: Person) async throws -> ErasureCount {
        try person.allowed(.runRetention)
        return try await eraseExpired()
    }

    /// Sees to it that no byte of what was erased stays, if that is still to be done.
    ///
    /// - Returns: whether nothing is left to do.
    func overwrite() async throws -> Bool {
        guard isOverwriteDue.withLock({ $0 }) else { return true }
        let isEmpty = try await writer.emptyLog()
        if isEmpty { isOverwriteDue.withLock { $0 = false } }
        return isEmpty
    }

    /// ``overwrite()`` behind what is done already: where it fails, the next round does it.
    func overwriteNowOrLater() async {
        isOverwriteDue.withLock { $0 = true }
        do { _ = try await overwrite() } catch {
            logger.error(
                "what was erased is not overwritten yet; the next round tries again",
                metadata: ["error": "\(error)"])
        }
    }

    /// How much there is of each field at a yard, and how much is due.
    package func retentionStates(of yard: Yard) throws -> [RetentionState] {
        let today = calendar.day(of: clock())
        return try database.read { reading in
            let holds = try self.holds(of: yard, reading)
            return try PersonalField.allCases.compactMap { field in
                guard let rule = retention.rules[field] else { return nil }
                var (stored, due, held): (Int64, Int64, Int64) = (0, 0, 0)
                try reading.personal(field, yard: yard.number) { row in
                    stored += 1
                    guard try isOver(row, rule, on: today, reading) else { return }
                    due += 1
                    let index = row.position.index
                    if holds.contains(where: { $0.overlaps(index...index) }) { held += 1 }
                }
                return RetentionState(
                    field: field, rule: rule, stored: stored, due: due, held: held)
            }
        }
    }

    /// The next log indexes whose field is to be erased: ranges within which no record with the
    /// field stays, ascending.
    private func dueRanges(of field: PersonalField, _ rule: Retention.Rule, at yard: Yard)
        throws -> [ClosedRange<Int64>]
    {
        let today = calendar.day(of: clock())
        return try database.read { reading in
            let holds = try self.holds(of: yard, reading)
            var (ranges, open, count): ([ClosedRange<Int64>], ClosedRange<Int64>?, Int) = (
                [], nil, 0
            )
            do {
                try reading.personal(field, yard: yard.number) { row in
                    let index = row.position.index
                    let isDue =
                        try isOver(row, rule, on: today, reading)
                        && !holds.contains { $0.overlaps(index...index) }
                    // A hold between two records ends the range, though it keeps nothing there.
                    if let range = open,
                        !isDue || holds.contains(where: { $0.overlaps(range.upperBound...index) })
                    {
                        ranges.append(range)
                        open = nil
                    }
                    if isDue {
                        open = (open?.lowerBound ?? index)...index
                        count += 1
                    }
                    if count == Self.erasedMax || ranges.count == Erasure.rangesMax - 1 {
                        throw EnoughFound()
                    }
                }
            } catch is EnoughFound {}
            return ranges + (open.map { [$0] } ?? [])
        }
    }

    private func isOver(
        _ row: PersonalRow, _ rule: Retention.Rule, on today: BusinessDay, _ reading: Reading
    ) throws -> Bool {
        guard var day = row.day ?? row.at.map(calendar.day(of:)) else { return false }
        if day > today, let bytes = try reading.entry(at: row.position),
            let received = LogEntry(bytes: bytes)?.received
        {
            // A terminal whose clock is years ahead does not keep anything for years.
            day = min(day, calendar.day(of: received))
        }
        return rule.period.isOver(day, on: today)
    }

    /// Appends the record of an erasure and removes the values.
    ///
    /// - Returns: how many values there were.
    /// - Throws: ``OperationsError/onHold(_:)``.
    func erase(_ erasure: Erasure, of yard: Yard, at now: Timestamp, in batch: Batch) throws
        -> Int64
    {
        let holds = try holds(of: yard, batch.transaction.reading)
        for range in erasure.fields.flatMap(\.ranges) {
            if let hold = holds.first(where: { $0.overlaps(range) }) {
                throw OperationsError.onHold(hold.number)
            }
        }
        _ = try append(.erase(erasure), to: yard, at: now, in: batch)
        var count: Int64 = 0
        for field in erasure.fields {
            for range in field.ranges {
                count += try batch.transaction.erase(field.name, yard: yard.number, range) {
                    NormalPlate($0).map(plates.digest(of:))
                }
            }
        }
        return count
    }
}

/// Ends a walk over rows.
private struct EnoughFound: Error {}
