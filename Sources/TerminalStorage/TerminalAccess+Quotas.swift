import GRDB
package import Tariffs
package import Units

// What is known of quotas: what the records of this terminal took, and what others used as the
// server said last (docs/formats/terminal-store.md).
extension TerminalAccess {
    /// Notes what a record takes of quotas.
    package func take(_ uses: [QuotaUse], by sequence: Int64) throws {
        for use in uses where use.taken != 0 {
            try connection.execute(
                sql: """
                    INSERT INTO quota_taken(key, rule, kind, holder, period, sequence, taken)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: Self.arguments(use.key) + [sequence, use.taken])
        }
    }

    /// Notes that the record `sequence` gives back what `original` took.
    package func giveBack(_ original: Int64, by sequence: Int64) throws {
        try connection.execute(
            sql: """
                INSERT INTO quota_taken(key, rule, kind, holder, period, sequence, taken)
                SELECT key, rule, kind, holder, period, ?, -taken FROM quota_taken
                WHERE sequence = ?
                """, arguments: [sequence, original])
    }

    /// What the acknowledged records of this terminal took of a quota: what the server knows.
    package func takenAsAcknowledged(_ key: QuotaKey) throws -> Int64 {
        try sum(
            of: key,
            "AND sequence IN (SELECT sequence FROM record WHERE state = 'acknowledged')")
    }

    /// Keeps what the server said was used.
    ///
    /// - Parameter own: ``takenAsAcknowledged(_:)`` before it was asked; a record that arrived
    ///   meanwhile counts twice until it asks again: rather too much than too little.
    package func hear(_ use: QuotaUse, own: Int64, at time: Timestamp) throws {
        try connection.execute(
            sql: """
                INSERT INTO quota_heard(key, rule, kind, holder, period, others, heard)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET others = excluded.others, heard = excluded.heard
                """,
            arguments: Self.arguments(use.key) + [use.used - own, time.milliseconds])
    }

    /// What was used of a quota as far as this terminal knows: what others used when the server
    /// last said so, and what all its own records took. Never below zero.
    package func used(_ key: QuotaKey) throws -> Int64 {
        let others = try Int64.fetchOne(
            connection, sql: "SELECT others FROM quota_heard WHERE \(Self.isKey)",
            arguments: Self.arguments(key))
        return max(0, (others ?? 0) + (try sum(of: key, "")))
    }

    private func sum(of key: QuotaKey, _ condition: String) throws -> Int64 {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT coalesce(sum(taken), 0) FROM quota_taken WHERE \(Self.isKey) \(condition)
                """, arguments: Self.arguments(key)) ?? 0
    }

    private static let isKey = "key = ? AND rule = ? AND kind = ? AND holder = ? AND period = ?"

    private static func arguments(_ key: QuotaKey) -> StatementArguments {
        [
            key.key.text, key.rule, key.kind.rawValue, key.holder.rawValue, key.periodStart.iso,
        ]
    }
}
