import Journal
package import People
package import Sales
import Storage
import Units

/// Records under a revoked key, and what was decided about them.
enum Withholding {
    /// The decision about the record at `position`, with its own place.
    static func decision(
        about position: LogPosition, _ reading: Reading
    ) throws -> (counts: Bool, at: LogPosition)? {
        for (kind, place) in try reading.references(of: position) where kind == .decision {
            guard let bytes = try reading.entry(at: place),
                case .server(let record) = try StoredRecord.fact(of: bytes),
                case .decision(let decision) = record.fact
            else { throw DamagedRow(table: "reference", position: place.number) }
            return (decision.counts, place)
        }
        return nil
    }

    /// From which place on a record counts: its own, that of the decision, or none.
    static func effective(_ stored: StoredRecord, _ reading: Reading) throws -> LogPosition? {
        guard stored.entry.isWithheld else { return stored.position }
        guard let decision = try decision(about: stored.position, reading), decision.counts else {
            return nil
        }
        return decision.at
    }
}

extension Installation {
    /// Decides once and for all whether a record that came under a revoked key counts. It counts
    /// from the decision on, so that closes made before stay as they are.
    ///
    /// - Throws: ``OperationsError`` `forbidden`, `reasonMissing`, `saleUnknown`, `notWithheld`,
    ///   `decidedBefore`; `sale` for a void of more than is left by now.
    package func decide(
        _ reference: SaleReference, counts: Bool, reason: String, at yard: Yard, by person: Person
    ) async throws {
        try person.allowed(.decideRecord)
        try Self.requireReason(reason)
        let now = clock()
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            guard let position = try reading.position(of: reference, yard: yard.number) else {
                throw OperationsError.saleUnknown(reference.receiptNumber)
            }
            let stored = try record(at: position, reading)
            guard stored.entry.isWithheld else {
                throw OperationsError.notWithheld(reference.receiptNumber)
            }
            guard try Withholding.decision(about: position, reading) == nil else {
                throw OperationsError.decidedBefore(reference.receiptNumber)
            }
            let original = try counts ? original(of: stored, at: yard, reading) : nil
            let decision = RecordDecision(
                terminal: reference.terminal, sequence: reference.sequence,
                index: position.index, counts: counts, reason: reason, decidedBy: person.id)
            let place = try append(.decision(decision), to: yard, at: now, in: batch)
            try batch.transaction.insertReference(.decision, of: position, at: place)
            guard counts, case .terminal(let record) = stored.fact else { return }
            for row in QuotaRow.rows(of: record.fact, at: position) {
                try batch.transaction.insert(row)
            }
            if let original { try noteStanding(of: original, in: batch) }
        }
    }

    /// The sale that a withheld void or resolution is about; nil for other records, and where none
    /// was recorded before it.
    private func original(
        of stored: StoredRecord, at yard: Yard, _ reading: Reading
    ) throws -> LogPosition? {
        guard case .terminal(let record) = stored.fact, let reference = record.fact.original,
            let position = try reading.position(of: reference, yard: yard.number),
            position < stored.position,
            case .terminal(let earlier) = try self.record(at: position, reading).fact,
            case .sale(let sale) = earlier.fact
        else { return nil }
        if case .void(let reversal) = record.fact {
            let left = Reversal.remainder(
                of: sale, after: try consequences(of: position, reading).reversals)
            for line in reversal.lines
            where left.indices.contains(line.index) && line.gross > left[line.index] {
                throw OperationsError.sale(
                    .aboveRemainder(wanted: line.gross, left: left[line.index]))
            }
        }
        return position
    }

    /// The sale with this reference if it counts.
    ///
    /// - Throws: as `sale`; then ``OperationsError/withheld(_:)``.
    func countedSale(_ reference: SaleReference, of yard: Yard, _ reading: Reading) throws
        -> (position: LogPosition, sale: Sale)
    {
        let found = try sale(reference, of: yard, reading)
        let stored = try record(at: found.position, reading)
        guard try Withholding.effective(stored, reading) != nil else {
            throw OperationsError.withheld(reference.receiptNumber)
        }
        return found
    }
}
