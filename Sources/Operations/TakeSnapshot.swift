import Calendars
package import DayClosing
import Journal
package import People
package import Storage
import Units

// Unannounced audits: the books are frozen at any moment, and the day goes on.
extension Installation {
    /// Records what the yard's books say now, as a journal record that nobody can change.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `countFirst`).
    package func takeSnapshot(reason: String, at yard: Yard, by person: Person) async throws
        -> AuditSnapshot
    {
        try person.allowed(.takeSnapshot)
        try Self.requireReason(reason)
        try await addUp(yard)
        let now = clock()
        // The next close may be counted already, up to another place and for another day.
        let ahead = try await onThread { [self] in
            try addedUp(of: yard) { try openSpan(of: yard, at: now, $0).span }
        }
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let (previous, span) = try openSpan(of: yard, at: now, reading)
            try requireCounted(from: span.to, of: yard, reading, person)
            let taken = try reading.serverRecords(yard: yard.number, kind: .snapshot).count
            let snapshot = AuditSnapshot(
                number: Int64(taken) + 1, yard: yard.id, by: person.id, at: now, reason: reason,
                day: span.day, afterClose: previous?.number ?? 0, from: span.from, to: span.to,
                totals: try totals(
                    of: yard,
                    try fold(of: yard, span, reading, from: ahead, keepingFold: false), reading),
                grandTotalBefore: previous?.grandTotalAfter ?? .zero)
            let body = try CloseBody.write(snapshot, batch.transaction)
            _ = try append(.snapshot(body), to: yard, at: now, in: batch)
            return snapshot
        }
    }

    /// The totals of all there is since the last close, whatever is counted of it, and that close.
    ///
    /// Blocks while it adds up.
    package func openTotals(of yard: Yard) throws -> (previous: DayClose?, totals: CloseTotals) {
        let now = clock()
        let ahead = try addedUp(of: yard) { try openSpan(of: yard, at: now, $0).span }
        return try database.read { reading in
            let (previous, span) = try openSpan(of: yard, at: now, reading)
            let fold = try fold(of: yard, span, reading, from: ahead, keepingFold: false)
            return (previous, try totals(of: yard, fold, reading))
        }
    }

    /// All there is since the last close, whatever is counted of it.
    private func openSpan(of yard: Yard, at now: Timestamp, _ reading: Reading) throws -> (
        previous: DayClose?, span: CloseSpan
    ) {
        let previous = try lastClose(of: yard, reading)
        let size = try reading.logSize(yard: yard.number)
        return (previous, CloseSpan(after: previous, to: size, day: calendar.day(of: now)))
    }

    /// All snapshots of a yard, ascending by number.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `countFirst`).
    package func snapshots(of yard: Yard, for person: Person) throws -> [AuditSnapshot] {
        try person.allowed(.readAudit)
        return try database.read { reading in
            try reading.serverRecords(yard: yard.number, kind: .snapshot).map { position in
                let snapshot = try snapshot(at: position, of: yard, reading)
                try requireCounted(from: snapshot.to, of: yard, reading, person)
                return snapshot
            }
        }
    }

    /// - Throws: ``OperationsError`` (`forbidden`, `snapshotUnknown`, `countFirst`).
    package func snapshot(_ number: Int64, of yard: Yard, for person: Person) throws
        -> (snapshot: AuditSnapshot, position: LogPosition)
    {
        try person.allowed(.readAudit)
        return try database.read { reading in
            let positions = try reading.serverRecords(yard: yard.number, kind: .snapshot)
            guard number >= 1, number <= positions.count else {
                throw OperationsError.snapshotUnknown(number)
            }
            let position = positions[Int(number) - 1]
            let snapshot = try snapshot(at: position, of: yard, reading)
            try requireCounted(from: snapshot.to, of: yard, reading, person)
            return (snapshot, position)
        }
    }

    private func snapshot(at position: LogPosition, of yard: Yard, _ reading: Reading) throws
        -> AuditSnapshot
    {
        guard case .server(let record) = try record(at: position, reading).fact,
            case .snapshot(let body) = record.fact
        else { throw DamagedRow(table: "entry", position: position.number) }
        return try CloseBody.snapshot(body, of: yard.id, at: position, reading)
    }
}
