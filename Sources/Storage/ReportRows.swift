import GRDB
package import Journal
package import Units

extension Reading {
    /// Positions of a yard's terminal records that count for a range of days, ascending.
    package func records(yard: Int64, from: BusinessDay, to: BusinessDay) throws -> [LogPosition] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM record INDEXED BY record_day
                WHERE day BETWEEN ? AND ? AND position >= ? AND position < ? ORDER BY position
                """,
            arguments: [
                from.ordinal, to.ordinal, LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]
        ).map { LogPosition($0) }
    }

    /// Positions of a yard's server records of some kinds in a range of days by UTC and a day more
    /// on either side, ascending: every local day of the range is inside.
    package func serverRecords(
        yard: Int64, kinds: [RecordKind], from: BusinessDay, to: BusinessDay
    ) throws -> [LogPosition] {
        try kinds.flatMap { kind in
            try Int64.fetchAll(
                connection,
                sql: """
                    SELECT position FROM server_record WHERE position >= ? AND position < ?
                    AND kind = ? AND at >= ? AND at < ?
                    """,
                arguments: [
                    LogPosition(yard: yard, index: 0).number,
                    LogPosition(yard: yard + 1, index: 0).number, kind.rawValue,
                    (from.ordinal - 1) * 86_400_000, (to.ordinal + 2) * 86_400_000,
                ])
        }.sorted().map { LogPosition($0) }
    }
}
