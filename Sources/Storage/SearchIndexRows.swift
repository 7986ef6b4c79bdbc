import Foundation
import GRDB
import Journal
import Units

/// A line of a sale, for searches by what was brought.
package struct SoldLine: Hashable, Sendable {
    package let name: LineName
    package let position: LogPosition

    package init(name: LineName, position: LogPosition) {
        self.name = name
        self.position = position
    }

    /// The row as text, as ``Reading/soldLines(yard:below:_:)`` gives it.
    package var words: String {
        "\(name.fraction)|\(name.name)|\(name.folded)|\(position.number)"
    }
}

extension Reading {
    /// Every indexed line of a yard's sales below `size` as text (``SoldLine/words``), streamed in
    /// no order.
    package func soldLines(yard: Int64, below size: Int64, _ body: (String) throws -> Void) throws {
        let cursor = try Row.fetchCursor(
            connection,
            sql: """
                SELECT printf('%s|%s|%s|%s', fraction, name, folded, position)
                FROM sale_line LEFT JOIN line_name ON line_name.number = line
                WHERE position >= ? AND position < ?
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard, index: size).number,
            ])
        while let row = try cursor.next() { try body(row[0]) }
    }

    /// How many entries of a yard the search index covers.
    package func indexedSize(yard: Int64) throws -> Int64 {
        try Int64.fetchOne(
            connection, sql: "SELECT upto FROM search_index WHERE yard = ?", arguments: [yard]
        ) ?? 0
    }
}

extension Transaction {
    /// Forgets the search index, which is then written again from the first entry.
    package func clearSearchIndex() throws {
        try connection.execute(sql: "DELETE FROM plate_search; DELETE FROM search_index")
    }

    /// Says that the search index covers the entries of a yard before `size`.
    package func setIndexedSize(_ size: Int64, yard: Int64) throws {
        try connection.execute(
            sql: """
                INSERT INTO search_index VALUES (?, ?)
                ON CONFLICT(yard) DO UPDATE SET upto = max(upto, excluded.upto)
                """, arguments: [yard, size])
    }

    /// Adds lines to the search index, in any order; those that it holds are left alone.
    package func index(_ lines: [SoldLine]) throws {
        var rows: [(line: Int64, position: Int64)] = []
        var numbers: [LineName: Int64] = [:]
        for line in lines {
            let number = try numbers[line.name] ?? number(of: line.name)
            numbers[line.name] = number
            rows.append((number, line.position.number))
        }
        // Neighbours share pages.
        for row in rows.sorted(by: <) {
            try connection.cachedStatement(sql: "INSERT OR IGNORE INTO sale_line VALUES (?, ?)")
                .execute(arguments: [row.line, row.position])
        }
    }

    private func number(of line: LineName) throws -> Int64 {
        let known = try Int64.fetchOne(
            connection.cachedStatement(
                sql: "SELECT number FROM line_name WHERE fraction = ? AND name = ?"),
            arguments: [line.fraction, line.name])
        if let known { return known }
        try connection.execute(
            sql: "INSERT INTO line_name(fraction, name, folded) VALUES (?, ?, ?)",
            arguments: [line.fraction, line.name, line.folded])
        return connection.lastInsertedRowID
    }

    /// Adds the plates beside the records of a yard from `from` up to `to` (exclusive).
    ///
    /// - Parameter digest: of a plate's value; nil for one that cannot be searched.
    package func indexPlates(
        yard: Int64, from: Int64, to: Int64, _ digest: (String) -> [UInt8]?
    ) throws {
        let plates = try Row.fetchAll(
            connection,
            sql: """
                SELECT position, value FROM personal
                WHERE position >= ? AND position < ? AND name = ?
                """,
            arguments: [
                LogPosition(yard: yard, index: from).number,
                LogPosition(yard: yard, index: to).number, PersonalField.plate.rawValue,
            ])
        for row in plates {
            let position: Int64 = row[0]
            guard let digest = digest(row[1]) else { continue }
            try connection.cachedStatement(sql: "INSERT OR IGNORE INTO plate_search VALUES (?, ?)")
                .execute(arguments: [Data(digest), position])
        }
    }

    /// Notes how a record stands after a later one.
    package func setStanding(_ standing: SaleStanding, at position: LogPosition) throws {
        try connection.execute(
            sql: """
                INSERT INTO standing VALUES (?, ?)
                ON CONFLICT(position) DO UPDATE SET standing = excluded.standing
                """,
            arguments: [position.number, standing.rawValue])
    }
}

extension Reading {
    /// How a record stands after a later one; nil while none refers to it.
    package func changedStanding(at position: LogPosition) throws -> SaleStanding? {
        try String.fetchOne(
            connection.cachedStatement(sql: "SELECT standing FROM standing WHERE position = ?"),
            arguments: [position.number]
        ).flatMap(SaleStanding.init(rawValue:))
    }
}
