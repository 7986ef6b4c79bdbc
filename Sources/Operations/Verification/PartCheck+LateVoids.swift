import Journal
import Sales
import Storage
import Units

extension PartCheck {
    /// A void that its terminal alone was not allowed is flagged, and nothing else.
    ///
    /// Without tables beside the log the sale of a void is not looked for.
    func checkLateVoid(
        _ record: TerminalRecord, _ stored: StoredRecord, _ reader: any LogPartReader
    ) throws {
        guard let tables = reader.tables else { return }
        let index = stored.position.index
        let isLate = try isLateVoid(record, at: index, tables, reader)
        guard isLate != stored.entry.flags.contains(.voidLate) else { return }
        let receipt = record.head.reference.receiptNumber
        throw LogMisfit(
            index,
            isLate
                ? "the void \(receipt) came late, and no flag says so"
                : "\(receipt) is marked as a late void and is none",
            "whether a second person was needed cannot be told from the marks")
    }

    private func isLateVoid(
        _ record: TerminalRecord, at index: Int64, _ tables: any LogTables,
        _ reader: any LogPartReader
    ) throws -> Bool {
        guard case .void(let reversal) = record.fact,
            reversal.original.terminal == record.head.terminal,
            let number = book.numbers[record.head.terminal],
            // The table of records is compared with the log entry by entry.
            let place = try tables.index(of: reversal.original.sequence, terminal: number),
            place < index, let sale = try sale(at: place, reader),
            sale.head.reference == reversal.original
        else { return false }
        return record.isLateVoid(of: sale, inClose: book.isInClose(place, before: index))
    }

    /// The sale recorded at `index`; nil if something else is there.
    private func sale(at index: Int64, _ reader: any LogPartReader) throws -> TerminalRecord? {
        guard let bytes = try reader.entries(from: index, to: index + 1).first else { return nil }
        do {
            let fact = try StoredRecord(
                position: LogPosition(yard: book.yard.number, index: index), bytes: bytes
            ).fact
            guard case .terminal(let record) = fact, case .sale = record.fact else { return nil }
            return record
        } catch {
            // The check of its part says that it cannot be read.
            return nil
        }
    }
}
