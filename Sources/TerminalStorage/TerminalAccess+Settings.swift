import GRDB
package import Units

/// What a terminal keeps by name.
package enum TerminalSetting: String, Hashable, Sendable, CaseIterable {
    case server, yard, terminal, name, town, address, log
    /// Name of the yard as receipts print it; missing until a server has said it.
    case yardName = "yard-name"
    /// Scheme and host of the public pages of receipts; missing until a server has said it.
    case receiptOrigin = "receipt-origin"
    case logKey = "log-key"
    case token
    /// JSON array of `{"id","name"}`.
    case attendants
    /// The attendant chosen last.
    case attendant
    /// `active`, `quarantined` or `revoked`, as the server said last.
    case serverState = "server-state"
    /// Size and root of the largest log head seen, as `size base64-root`.
    case logHead = "log-head"
    /// The signed checkpoint of that head, in base64.
    case logCheckpoint = "log-checkpoint"
    /// The next key as announced: JSON with `announcement` and `possession`.
    case nextKey = "next-key"
    /// Public keys that signed before the one in force: raw in base64url, with spaces between.
    case earlierKeys = "earlier-keys"
    /// When the server last answered, in milliseconds since 1970.
    case contact
    /// Code of the last finding that a person has to look at.
    case alarm
}

extension TerminalAccess {
    /// The value of a setting; nil if it was never set.
    package func setting(_ name: TerminalSetting) throws -> String? {
        try String.fetchOne(
            connection, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name.rawValue])
    }

    /// Sets a setting; nil removes it.
    package func set(_ name: TerminalSetting, to value: String?) throws {
        guard let value else {
            return try connection.execute(
                sql: "DELETE FROM setting WHERE name = ?", arguments: [name.rawValue])
        }
        try connection.execute(
            sql: """
                INSERT INTO setting(name, value) VALUES (?, ?)
                ON CONFLICT(name) DO UPDATE SET value = excluded.value
                """, arguments: [name.rawValue, value])
    }

    /// Keeps a tariff file.
    ///
    /// - Parameter digest: SHA-256 of `bytes` in hex; the caller has checked it.
    package func keepTariff(_ bytes: [UInt8], digest: String) throws {
        try connection.execute(
            sql: "INSERT INTO tariff(digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [digest, bytes.blob])
    }

    /// Notes that the server named a tariff file that is here for `day` and the days after it, up
    /// to the next day with a name.
    package func nameTariff(_ digest: String, for day: BusinessDay, at time: Timestamp) throws {
        try connection.execute(
            sql: """
                INSERT INTO tariff_day(day, digest, fetched) VALUES (?, ?, ?)
                ON CONFLICT(day) DO UPDATE SET digest = excluded.digest, fetched = excluded.fetched
                """, arguments: [day.iso, digest, time.milliseconds])
    }

    /// Forgets which tariff the server named for `day` and later days; the files stay.
    package func forgetTariffs(from day: BusinessDay) throws {
        try connection.execute(
            sql: "DELETE FROM tariff_day WHERE day >= ?", arguments: [day.iso])
    }

    /// The bytes of the tariff file with this digest.
    package func tariff(digest: String) throws -> [UInt8]? {
        try Row.fetchOne(
            connection, sql: "SELECT bytes FROM tariff WHERE digest = ?", arguments: [digest]
        ).map { try $0.bytes("bytes") }
    }

    /// The digest that the server named for `day`, or else for the last earlier day.
    package func tariffDigest(for day: BusinessDay) throws -> (digest: String, day: BusinessDay)? {
        let row = try Row.fetchOne(
            connection,
            sql: "SELECT day, digest FROM tariff_day WHERE day <= ? ORDER BY day DESC LIMIT 1",
            arguments: [day.iso])
        guard let row else { return nil }
        guard let named = BusinessDay(iso: try row.value("day")) else {
            throw TerminalStoreError.damaged(table: "tariff_day", row: 0)
        }
        return (try row.value("digest"), named)
    }
}
