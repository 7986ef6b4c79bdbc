import Journal
import Sales
import Storage
import Units

extension Installation {
    /// Entries that are indexed in one transaction: sales wait for it a few milliseconds at most.
    private static let indexStep: Int64 = 500

    /// Brings the tables that searches by plate and by what was brought read up to the end of a
    /// yard's log. Sales do not pay for them; whoever searches does, for what is new.
    ///
    /// Where nothing can be written, what was indexed before is searched.
    func indexForSearch(_ yard: Yard) async throws {
        guard standing.refusal(of: .office) == nil else { return }
        let (done, size) = try database.read {
            (try $0.indexedSize(yard: yard.number), try $0.logSize(yard: yard.number))
        }
        for start in stride(from: done, to: size, by: Int64.Stride(Self.indexStep)) {
            try await index(yard, from: start, to: min(start + Self.indexStep, size))
        }
    }

    private func index(_ yard: Yard, from start: Int64, to end: Int64) async throws {
        let lines = try database.read { try Self.lines(of: yard.number, start, end, $0) }
        try await writer.perform { [plates] batch in
            let transaction = batch.transaction
            try transaction.index(lines)
            // Read here, so that what is erased meanwhile does not come back.
            try transaction.indexPlates(yard: yard.number, from: start, to: end) {
                NormalPlate($0).map(plates.digest(of:))
            }
            try transaction.setIndexedSize(end, yard: yard.number)
        }
    }

    private static func lines(of yard: Int64, _ start: Int64, _ end: Int64, _ reading: Reading)
        throws -> [SoldLine]
    {
        var lines: [SoldLine] = []
        try reading.entries(yard: yard, from: start, to: end) { index, bytes in
            let position = LogPosition(yard: yard, index: index)
            let stored = try StoredRecord(position: position, bytes: bytes)
            if case .terminal(let record) = stored.fact {
                lines += SoldLine.lines(of: record.fact, at: position)
            }
        }
        return lines
    }
}

extension SoldLine {
    /// The rows that the search index has of a record.
    static func lines(of fact: TerminalFact, at position: LogPosition) -> Set<SoldLine> {
        guard case .sale(let sale) = fact else { return [] }
        return Set(
            sale.lines.map {
                SoldLine(
                    name: LineName(fraction: $0.fraction.text, name: $0.name), position: position)
            })
    }
}
