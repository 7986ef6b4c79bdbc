import Calendars
import DayClosing
import Journal
package import Reports
import Sales
import Storage
import Tariffs
import Units

extension Installation {
    /// Sales of some days, added up by `grouping`; what was taken back counts on the day of taking
    /// back.
    package func salesReport(
        by grouping: ReportGrouping, _ period: ReportPeriod, at yards: [Yard]
    ) throws -> SalesReport {
        var report = SalesReport(by: grouping)
        for yard in yards { try readRecords(of: yard, period) { report.add($0) } }
        return report
    }

    /// The same days beside those of the year before.
    ///
    /// - Throws: ``OperationsError/input(field:wanted:)`` where there is no year before.
    package func yearComparison(
        by grouping: ReportGrouping, _ period: ReportPeriod, at yards: [Yard]
    ) throws -> YearComparison {
        guard let before = period.yearBefore else {
            throw OperationsError.input(field: "from", wanted: "a day from 1901 on")
        }
        return YearComparison(
            try salesReport(by: grouping, period, at: yards),
            before: try salesReport(by: grouping, before, at: yards))
    }

    /// Differences of the card terminals in the approved closes of some days.
    package func differenceReport(_ period: ReportPeriod, at yards: [Yard]) throws
        -> DifferenceReport
    {
        var report = DifferenceReport(period)
        for yard in yards {
            for close in try closes(of: yard) { report.add(close) }
        }
        return report
    }

    /// Reads in portions, each in a snapshot of its own, so that no reader holds up a checkpoint.
    private func readRecords(
        of yard: Yard, _ period: ReportPeriod, _ body: (ReportedRecord) throws -> Void
    ) throws {
        let positions = try database.read { reading in
            try reading.records(yard: yard.number, from: period.from, to: period.to)
                + reading.serverRecords(
                    yard: yard.number, kinds: [.void, .refund, .resolution],
                    from: period.from, to: period.to)
        }
        for start in stride(from: 0, to: positions.count, by: Self.portion) {
            try database.read { reading in
                let reader = ReportedRecordReader(
                    yard: yard, period: period,
                    records: ClosedRecordReader(
                        reading: reading, yard: yard.number, plan: plan.plan, calendar: calendar))
                for position in positions[start..<min(start + Self.portion, positions.count)] {
                    if let record = try reader.record(at: position) { try body(record) }
                }
            }
        }
    }

    private static let portion = 1_000
}

/// Turns entries into what reports add up.
private struct ReportedRecordReader {
    let yard: Yard
    let period: ReportPeriod
    let records: ClosedRecordReader

    func record(at position: LogPosition) throws -> ReportedRecord? {
        guard let bytes = try records.reading.entry(at: position) else { return nil }
        let stored = try StoredRecord(position: position, bytes: bytes)
        // Under a revoked key it counts only if somebody decided so, and on its own day.
        guard try Withholding.effective(stored, records.reading) != nil else { return nil }
        switch stored.fact {
        case .evidence: return nil
        case .terminal(let record):
            switch record.fact {
            case .sale(let sale):
                return make(.sold(sale), at: record.head.at, day: sale.delivery.day)
            case .noSale: return nil
            case .void(let reversal): return try takenBack(reversal, at: record.head.at)
            case .resolution(let resolution):
                return try takenBack(resolution, position, at: record.head.at)
            }
        case .server(let record):
            if case .reversal(let reversal, _, _) = record.fact {
                return try takenBack(reversal, at: record.at)
            }
            guard case .resolution(let resolution, _) = record.fact else { return nil }
            return try takenBack(resolution, position, at: record.at)
        }
    }

    private func takenBack(_ reversal: Reversal, at: Timestamp) throws -> ReportedRecord? {
        guard let (_, sale) = try records.original(reversal.original) else { return nil }
        return make(
            .takenBack(reversal.lines, of: sale, withAmounts: reversal.kind == .void), at: at)
    }

    /// A payment that never happened takes its sale back; the first finding counts.
    private func takenBack(
        _ resolution: PaymentResolution, _ position: LogPosition, at: Timestamp
    ) throws -> ReportedRecord? {
        guard resolution.finding == .notChargedVoid,
            let (original, sale) = try records.original(resolution.original),
            try Consequences.read(of: original, before: position, records.reading)
                .resolution == nil
        else { return nil }
        let lines = sale.lines.indices.map { place in
            let line = sale.lines[place]
            return Reversal.Line(
                index: place, position: line.position, legalForm: line.legalForm, vat: line.vat,
                gross: line.gross)
        }
        return make(.takenBack(lines, of: sale, withAmounts: true), at: at)
    }

    private func make(
        _ change: ReportedRecord.Change, at: Timestamp, day: BusinessDay? = nil
    ) -> ReportedRecord? {
        let day = day ?? records.calendar.day(of: at)
        guard day >= period.from, day <= period.to else { return nil }
        return ReportedRecord(
            yard: yard.id, yardName: yard.genesis.yardName, day: day,
            hour: records.calendar.hour(of: at), change: change)
    }
}
