package import Journal
package import Sales
package import Storage
package import Units

/// A line in a list of records.
package struct SaleSummary: Sendable {
    package let reference: SaleReference
    package let index: Int64
    package let at: Timestamp
    package let day: BusinessDay
    package let kind: RecordKind
    /// As recorded; ``RecordRow/state``.
    package let state: String
    /// As it stands today.
    package let standing: SaleStanding
    package let total: Cents
    package let flags: [String]
    /// What was brought, why nothing was sold, or the receipt number a void or resolution is about.
    package let subject: String
    /// The card scheme that paid; nil where no card did.
    package let scheme: CardScheme?
    /// The last four digits of the card; nil where none are known.
    package let lastFour: String?
}

/// What people search records by; nil lets everything through. Its ``criteria`` are read as if they
/// were its own.
@dynamicMemberLookup
package struct SaleQuery: Hashable, Sendable {
    package var receipt: SaleReference?
    package var terminal: TerminalID?
    package var criteria = RecordCriteria()

    package init() {}

    package subscript<Value>(dynamicMember member: WritableKeyPath<RecordCriteria, Value>) -> Value
    {
        get { criteria[keyPath: member] }
        set { criteria[keyPath: member] = newValue }
    }
}

/// A page of records, newest first.
package struct SaleList: Sendable {
    package let rows: [SaleSummary]
    /// Continues after the last row, whatever is recorded meanwhile; nil at the end.
    package let next: String?
}

extension Installation {
    /// Most records on a page.
    package static let pageMax = 500

    /// The records of a yard that `query` lets through, newest first.
    ///
    /// - Throws: ``OperationsError/cursorInvalid`` for a cursor of another query.
    package func sales(
        of yard: Yard, _ query: SaleQuery = SaleQuery(), after cursor: String? = nil,
        limit: Int = 100
    ) async throws -> SaleList {
        if query.text != nil { try await indexForSearch(yard) }
        return try sales(of: yard, query, plate: nil, after: cursor, limit: limit)
    }

    func sales(
        of yard: Yard, _ query: SaleQuery, plate: [UInt8]?, after cursor: String?, limit: Int
    ) throws -> SaleList {
        try database.read { reading in
            let terminals = try reading.terminals(yard: yard.number)
            let filter = RecordFilter(query, terminals: terminals, plate: plate)
            let cursors = PageCursors(key: plates.key, yard: yard.number, filter: filter)
            let start = try cursor.map { try cursors.position(of: $0) }
            let limit = min(max(limit, 1), Self.pageMax)
            let found = try reading.records(
                yard: yard.number, filter, before: start, limit: limit + 1)
            let names = Dictionary(uniqueKeysWithValues: terminals.map { ($0.number, $0.id) })
            let rows = found.prefix(limit).compactMap { record in
                names[record.row.terminal].map { SaleSummary(record, terminal: $0) }
            }
            let last = found.count > limit ? found[limit - 1].row.position : nil
            return SaleList(rows: rows, next: last.map { cursors.text(after: $0) })
        }
    }

    /// How many records of a yard `query` lets through, and what they come to.
    package func sum(of yard: Yard, _ query: SaleQuery) async throws -> RecordSum {
        if query.text != nil { try await indexForSearch(yard) }
        return try database.read { reading in
            let terminals = try reading.terminals(yard: yard.number)
            return try reading.sum(
                yard: yard.number, RecordFilter(query, terminals: terminals, plate: nil))
        }
    }

    /// The sequence numbers recorded at or after a log index, by terminal.
    package func sequences(from index: Int64, at yard: Yard) throws -> [TerminalID: Set<Int64>] {
        try database.read { reading in
            var found: [TerminalID: Set<Int64>] = [:]
            for terminal in try reading.terminals(yard: yard.number) {
                let numbers = try reading.sequences(
                    terminal: terminal.number, from: LogPosition(yard: yard.number, index: index),
                    to: LogPosition(yard: yard.number + 1, index: 0))
                if !numbers.isEmpty { found[terminal.id] = Set(numbers) }
            }
            return found
        }
    }
}

extension RecordFilter {
    fileprivate init(_ query: SaleQuery, terminals: [TerminalRow], plate: [UInt8]?) {
        self.init()
        let wanted = query.receipt?.terminal ?? query.terminal
        // No terminal has a number below one: an unknown one finds nothing.
        terminal = wanted.map { wanted in terminals.first { $0.id == wanted }?.number ?? 0 }
        sequence = query.receipt?.sequence
        criteria = query.criteria
        self.plate = plate
    }
}

extension SaleSummary {
    fileprivate init(_ found: FoundRecord, terminal: TerminalID) {
        let row = found.row
        self.init(
            reference: SaleReference(terminal: terminal, sequence: row.sequence),
            index: row.position.index, at: row.at, day: row.day, kind: row.kind, state: row.state,
            standing: found.standing, total: row.total, flags: row.flags, subject: row.subject,
            scheme: CardScheme(rawValue: row.scheme),
            lastFour: row.lastFour.isEmpty ? nil : row.lastFour)
    }
}
