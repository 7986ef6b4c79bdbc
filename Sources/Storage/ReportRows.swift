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

    /// Where terminals recorded what may bear the slip of a card terminal (sales by card, voids,
    /// resolutions), on `day` or later and at a log index or later: the newest first.
    package func slipBearers(yard: Int64, from index: Int64, since day: BusinessDay) throws
        -> [LogPosition]
    {
        // The days of the whole log stand in an index; the end of the log is short.
        let table = index == 0 ? "record INDEXED BY record_day" : "record NOT INDEXED"
        return try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM \(table) WHERE position >= ? AND position < ?
                AND day >= ? AND state IN ('card', 'void', 'resolution') ORDER BY position DESC
                """,
            arguments: [
                LogPosition(yard: yard, index: index).number,
                LogPosition(yard: yard + 1, index: 0).number, day.ordinal,
            ]
        ).map { LogPosition($0) }
    }
}
