import Calendars
import DayClosing
import Journal
import Storage
import Units

// Where a close ends.
extension Installation {
    /// The position after the last record that a close of `day` holds: all there is, and of a day
    /// that is over what came before the first record of a later day.
    ///
    /// A refund, a found payment or a bank booking of a later day is such a record, too, unless
    /// records of terminals came after it that belong to `day`.
    func cut(
        of day: BusinessDay, after previous: DayClose?, at now: Timestamp, _ yard: Yard,
        _ reading: Reading
    ) throws -> Int64 {
        let size = try reading.logSize(yard: yard.number)
        guard day < calendar.day(of: now) else { return size }
        let from = previous?.to ?? 0
        let end = try firstRecord(from: from, after: day, of: yard, reading) ?? size
        let last = try reading.lastRecord(yard: yard.number, from: from, to: end)
        let later = try reading.serverRecords(
            yard: yard.number, from: last.map { $0.index + 1 } ?? from, to: end
        ).first { Self.moneyKinds.contains($0.kind) && calendar.day(of: $0.at) > day }
        return later?.position.index ?? end
    }

    /// The index of a terminal's first record from `index` on that is of a later day than `day`.
    /// One that came on `day` or before is not, whatever the terminal's clock said.
    private func firstRecord(
        from index: Int64, after day: BusinessDay, of yard: Yard, _ reading: Reading
    ) throws -> Int64? {
        var index = index
        while let place = try reading.firstRecord(yard: yard.number, from: index, after: day) {
            let received = try record(at: place, reading).entry.received
            guard calendar.day(of: received) <= day else { return place.index }
            index = place.index + 1
        }
        return nil
    }

    /// What the server records that a close counts.
    private static let moneyKinds: Set<RecordKind> = [
        .void, .refund, .resolution, .decision, .match, .unmatch, .bankFee, .chargeback,
        .claimPaid, .claimUnpaid,
    ]
}
