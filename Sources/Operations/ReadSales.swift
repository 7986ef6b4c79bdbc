import Calendars
package import Journal
package import Sales
import Storage
import Transparency
package import Units

/// One record with what became of it.
package struct SaleDetail: Sendable {
    package let stored: StoredRecord
    package let record: TerminalRecord
    package let reversals: [Reversal]
    package let resolution: PaymentResolution?
    /// Cents left of each line of a sale; empty for other records.
    package let left: [Cents]
}

extension Installation {
    /// A record with what became of it.
    package func saleDetail(_ reference: SaleReference, of yard: Yard) throws -> SaleDetail {
        try database.read { reading in
            guard let position = try reading.position(of: reference, yard: yard.number) else {
                throw OperationsError.saleUnknown(reference.receiptNumber)
            }
            return try SaleDetail(at: position, reading)
        }
    }

    /// The newest checkpoint of a yard, signed.
    package func checkpoint(of yard: Yard) async throws -> String {
        try await writer.perform({ _ in }) { _, logs in
            String(decoding: logs.notes[yard.number]?.bytes ?? [], as: UTF8.self)
        }
    }

    /// The proof file of the entry at a log index.
    ///
    /// - Throws: ``OperationsError/notPublished(index:)`` if there is no such entry.
    package func proof(of index: Int64, in yard: Yard) async throws -> String {
        let position = LogPosition(yard: yard.number, index: index)
        guard try database.read({ try $0.entry(at: position) }) != nil else {
            throw OperationsError.notPublished(index: index)
        }
        return try await writer.perform({ _ in }) { _, logs in
            try logs.proof(of: position).text
        }
    }
}

extension SaleDetail {
    init(at position: LogPosition, _ reading: Reading) throws {
        let stored = try StoredRecord(at: position, reading)
        guard case .terminal(let record) = stored.fact else {
            throw DamagedRow(table: "record", position: position.number)
        }
        let (reversals, resolution) = try Consequences.read(of: position, before: nil, reading)
        var left: [Cents] = []
        if case .sale(let sale) = record.fact {
            left = Reversal.remainder(of: sale, after: reversals)
        }
        self.init(
            stored: stored, record: record, reversals: reversals, resolution: resolution,
            left: left)
    }
}
