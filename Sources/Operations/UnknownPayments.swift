package import Sales
package import Storage
import Units

/// What the person who counts says of payments whose outcome nobody knows.
package enum UnknownPayments: Hashable, Sendable {
    /// There are none: a count that would hold one is refused.
    case refused
    /// They are known to that person, and carried over by name.
    case carriedOver
}

/// The payments without outcome in the first `size` entries of a log, oldest first.
struct UnknownPaymentsSeen: Sendable {
    let size: Int64
    let rows: [RecordRow]
}

extension Installation {
    /// Looks through all records beside the writer, whose turn then has only those left that came
    /// meanwhile.
    func unknownPaymentsSeen(at yard: Yard) async throws -> UnknownPaymentsSeen {
        try await onThread { [self] in
            try database.read { reading in
                UnknownPaymentsSeen(
                    size: try reading.logSize(yard: yard.number),
                    rows: try unresolvedRows(of: yard, reading))
            }
        }
    }

    /// The payments without outcome that a close up to `upto` carries over.
    func unknownPayments(
        _ seen: UnknownPaymentsSeen, before upto: Int64, at yard: Yard, _ reading: Reading
    ) throws -> [SaleReference] {
        let since = try reading.records(
            from: LogPosition(yard: yard.number, index: seen.size),
            to: LogPosition(yard: yard.number, index: max(upto, seen.size)))
        let rows =
            seen.rows.filter { $0.position.index < upto }
            + since.filter { SaleStanding(state: $0.state) == .unknown }
        return try references(rows, of: yard, reading).map(\.1)
    }

    /// Which of these sales of a terminal, signed with the payment unknown, have a resolution by
    /// now, wherever it was made; a number that never came has none.
    package func resolvedSales(
        among sequences: [Int64], of terminal: TerminalRow
    ) throws -> [Int64] {
        try database.read { reading in
            try sequences.filter { sequence in
                guard
                    let position = try reading.position(of: sequence, terminal: terminal.number)
                else { return false }
                return try consequences(of: position, reading).resolution != nil
            }
        }
    }

    /// Sales whose payment is still unknown, oldest first.
    package func unresolvedPayments(of yard: Yard) throws -> [(RecordRow, SaleReference)] {
        try database.read { try unresolvedPayments(of: yard, $0) }
    }

    func unresolvedPayments(
        of yard: Yard, _ reading: Reading
    ) throws -> [(row: RecordRow, sale: SaleReference)] {
        try references(unresolvedRows(of: yard, reading), of: yard, reading)
    }

    /// The same from what was seen before and what came since, without looking through all.
    func unresolvedPayments(
        _ seen: UnknownPaymentsSeen, of yard: Yard, _ reading: Reading
    ) throws -> [(row: RecordRow, sale: SaleReference)] {
        let since = try reading.records(
            from: LogPosition(yard: yard.number, index: seen.size),
            to: LogPosition(yard: yard.number + 1, index: 0)
        ).filter { SaleStanding(state: $0.state) == .unknown }
        let rows = try (seen.rows + since).filter {
            try reading.changedStanding(at: $0.position) ?? .unknown == .unknown
        }
        return try references(rows, of: yard, reading)
    }

    private func unresolvedRows(of yard: Yard, _ reading: Reading) throws -> [RecordRow] {
        var filter = RecordFilter()
        filter.standing = .unknown
        return try reading.records(yard: yard.number, filter, before: nil, limit: 10_000)
            .reversed().map(\.row)
    }

    private func references(
        _ rows: [RecordRow], of yard: Yard, _ reading: Reading
    ) throws -> [(row: RecordRow, sale: SaleReference)] {
        let terminals = Dictionary(
            uniqueKeysWithValues: try reading.terminals(yard: yard.number).map {
                ($0.number, $0.id)
            })
        return rows.compactMap { row in
            terminals[row.terminal].map {
                (row, SaleReference(terminal: $0, sequence: row.sequence))
            }
        }
    }
}
