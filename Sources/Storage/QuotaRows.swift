import GRDB
package import Tariffs
import Units

/// What a sale took of a quota, in the search tables; rebuilt from the sale's bytes.
package struct QuotaRow: Hashable, Sendable {
    package let position: LogPosition
    package let key: QuotaKey
    /// Smallest units of the rule's measure, or deliveries.
    package let taken: Int64

    package init(position: LogPosition, key: QuotaKey, taken: Int64) {
        self.position = position
        self.key = key
        self.taken = taken
    }

    /// The row as ``Reading/quotaRows(yard:)`` writes it.
    package var words: String {
        [
            key.rule, key.kind.rawValue, key.holder.rawValue, key.key.text,
            "\(key.periodStart.ordinal)", "\(position.number)", "\(taken)",
        ].joined(separator: "|")
    }
}

extension Transaction {
    package func insert(_ row: QuotaRow) throws {
        try connection.cachedStatement(
            sql: "INSERT INTO quota_use VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            row.position.yard, row.key.rule, row.key.kind.rawValue, row.key.holder.rawValue,
            row.key.key.text, row.key.periodStart.ordinal, row.position.number, row.taken,
        ])
    }
}

extension Reading {
    /// What sales of a yard took of a quota, ascending by position.
    package func quotaUses(of key: QuotaKey, yard: Int64) throws -> [QuotaRow] {
        try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT position, taken FROM quota_use
                    WHERE yard = ? AND rule = ? AND kind = ? AND holder = ? AND key = ?
                      AND start = ? ORDER BY position
                    """),
            arguments: [
                yard, key.rule, key.kind.rawValue, key.holder.rawValue, key.key.text,
                key.periodStart.ordinal,
            ]
        ).map { QuotaRow(position: LogPosition($0[0]), key: key, taken: $0[1]) }
    }

    /// Every row of a yard as text, for the comparison with rebuilt ones.
    package func quotaRows(yard: Int64) throws -> Set<String> {
        Set(
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT rule || '|' || kind || '|' || holder || '|' || key || '|' || start
                      || '|' || position || '|' || taken
                    FROM quota_use WHERE yard = ?
                    """, arguments: [yard]
            ).map { $0[0] })
    }
}
