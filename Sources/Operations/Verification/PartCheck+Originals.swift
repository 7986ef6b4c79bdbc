import Journal
import Sales
import Storage
import Units

/// What an entry says about an earlier one. Without tables beside the log the earlier one is not
/// looked for.
extension PartCheck {
    /// A void that its terminal alone was not allowed is flagged, and nothing else.
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
            let (place, sale) = try sale(
                reversal.original, of: record, at: index, tables, reader)
        else { return false }
        return record.isLateVoid(of: sale, inClose: book.isInClose(place, before: index))
    }

    /// What refers to an earlier record stands in the table of references, and nothing else does.
    func checkReference(_ stored: StoredRecord, _ reader: any LogPartReader) throws {
        guard let tables = reader.tables else { return }
        let index = stored.position.index
        let original = try original(of: stored.fact, at: index, tables, reader)
        let wanted = original.map {
            FoldedTable.words(
                LogPosition(yard: book.yard.number, index: $0).number, stored.entry.kind.rawValue)
        }
        guard book.references[index] ?? [] == (wanted.map { [$0] } ?? []) else {
            throw LogMisfit(
                index, "the table of references says something else than the entry",
                "a sale may look open, or taken back, that is not; the journal itself fits")
        }
    }

    /// Index of the record that an entry is about; nil if it is about none that was there.
    private func original(
        of fact: StoredRecord.Fact, at index: Int64, _ tables: any LogTables,
        _ reader: any LogPartReader
    ) throws -> Int64? {
        let reference: SaleReference
        switch fact {
        case .terminal(let record):
            return try record.fact.original.flatMap {
                try sale($0, of: record, at: index, tables, reader)?.index
            }
        case .server(let record):
            switch record.fact {
            case .decision(let decision): return decision.index
            case .reversal(let reversal, _, _): reference = reversal.original
            case .resolution(let resolution, _): reference = resolution.original
            case .debtor(let naming): reference = naming.original
            default: return nil
            }
            return try place(reference, tables)
        case .evidence: return nil
        }
    }

    /// The table of records is compared with the log entry by entry.
    private func place(_ reference: SaleReference, _ tables: any LogTables) throws -> Int64? {
        try book.numbers[reference.terminal].flatMap {
            try tables.index(of: reference.sequence, terminal: $0)
        }
    }

    /// The sale that a terminal's record is about, recorded before it; nil if there is none.
    private func sale(
        _ original: SaleReference, of record: TerminalRecord, at index: Int64,
        _ tables: any LogTables, _ reader: any LogPartReader
    ) throws -> (index: Int64, record: TerminalRecord)? {
        guard original.terminal == record.head.terminal,
            let place = try place(original, tables), place < index,
            let bytes = try reader.entries(from: place, to: place + 1).first
        else { return nil }
        do {
            let fact = try StoredRecord(
                position: LogPosition(yard: book.yard.number, index: place), bytes: bytes
            ).fact
            guard case .terminal(let found) = fact, case .sale = found.fact,
                found.head.reference == original
            else { return nil }
            return (place, found)
        } catch {
            // The check of its part says that it cannot be read.
            return nil
        }
    }
}
