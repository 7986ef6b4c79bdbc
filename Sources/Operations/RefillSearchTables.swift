import Calendars
import Journal
import Sales
import Storage
import Units

extension Installation {
    /// Writes the search tables again after a schema version that changed them.
    static func refillRecords(of database: ServerDatabase, _ calendar: LocalCalendar) throws {
        try database.write { transaction in
            try transaction.refillRecords {
                for yard in try transaction.reading.yards() {
                    try refill(yard, calendar, in: transaction)
                }
            }
        }
    }

    private static func refill(
        _ yard: YardRow, _ calendar: LocalCalendar, in transaction: Transaction
    ) throws {
        let reading = transaction.reading
        let numbers = Dictionary(
            uniqueKeysWithValues: try reading.terminals(yard: yard.number).map {
                ($0.id, $0.number)
            })
        let size = try reading.logSize(yard: yard.number)
        try reading.entries(yard: yard.number, from: 0, to: size) { index, bytes in
            let stored = try StoredRecord(
                position: LogPosition(yard: yard.number, index: index), bytes: bytes)
            guard case .terminal(let record) = stored.fact,
                let terminal = numbers[record.head.terminal]
            else { return }
            try transaction.insert(
                RecordRow(
                    record, statement: stored.statement, flags: stored.entry.flags,
                    at: stored.position, terminal: terminal, calendar))
            if case .resolution(let resolution) = record.fact {
                try transaction.setStanding(resolution.finding.standing, at: stored.position)
            }
        }
        let (first, last) = (
            LogPosition(yard: yard.number, index: 0), LogPosition(yard: yard.number, index: size)
        )
        for original in try reading.referredTo(from: first, to: last) {
            let standing = try SaleDetail(at: original, reading).standing
            try transaction.setStanding(standing, at: original)
        }
    }
}
