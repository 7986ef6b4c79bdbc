import GRDB
package import Text
package import Units

extension TerminalAccess {
    /// Starts a delivery in the state ``DeliveryState/open``.
    package func addDelivery(_ draft: JSONValue, at time: Timestamp) throws -> DeliveryNumber {
        try connection.execute(
            sql: "INSERT INTO delivery(state, draft, started, changed) VALUES ('open', ?, ?, ?)",
            arguments: [draft.text, time.milliseconds, time.milliseconds])
        return DeliveryNumber(connection.lastInsertedRowID)
    }

    /// The delivery with this number.
    package func delivery(_ number: DeliveryNumber) throws -> StoredDelivery? {
        try Row.fetchOne(
            connection, sql: "SELECT * FROM delivery WHERE id = ?", arguments: [number.value]
        ).map(Self.delivery)
    }

    /// Deliveries in one of `states`, ascending by number.
    package func deliveries(in states: Set<DeliveryState>) throws -> [StoredDelivery] {
        let names = states.map(\.rawValue)
        let marks = names.map { _ in "?" }.joined(separator: ",")
        return try Row.fetchAll(
            connection, sql: "SELECT * FROM delivery WHERE state IN (\(marks)) ORDER BY id",
            arguments: StatementArguments(names)
        ).map(Self.delivery)
    }

    /// Replaces what is known of a delivery that has not ended.
    package func update(_ number: DeliveryNumber, draft: JSONValue, at time: Timestamp) throws {
        try connection.execute(
            sql: "UPDATE delivery SET draft = ?, changed = ? WHERE id = ? AND sequence IS NULL",
            arguments: [draft.text, time.milliseconds, number.value])
    }

    /// Moves a delivery that has not ended to another state that is no end.
    package func move(
        _ number: DeliveryNumber, to state: DeliveryState, tariff: String? = nil,
        at time: Timestamp
    ) throws {
        try connection.execute(
            sql: """
                UPDATE delivery SET state = ?, tariff = coalesce(?, tariff), changed = ?
                WHERE id = ? AND sequence IS NULL
                """, arguments: [state.rawValue, tariff, time.milliseconds, number.value])
    }

    /// Ends a delivery with the record `sequence`.
    package func end(
        _ number: DeliveryNumber, as state: DeliveryState, tariff: String?, sequence: Int64,
        at time: Timestamp
    ) throws {
        try connection.execute(
            sql: """
                UPDATE delivery SET state = ?, tariff = coalesce(?, tariff), sequence = ?,
                  changed = ? WHERE id = ? AND sequence IS NULL
                """,
            arguments: [state.rawValue, tariff, sequence, time.milliseconds, number.value])
    }

    /// Opens a delivery again after a payment that failed: the tariff is no longer fixed.
    package func reopen(_ number: DeliveryNumber, at time: Timestamp) throws {
        try connection.execute(
            sql: """
                UPDATE delivery SET state = 'open', tariff = NULL, changed = ?
                WHERE id = ? AND sequence IS NULL
                """, arguments: [time.milliseconds, number.value])
    }

    /// Ends a delivery of which nothing was entered; there is nothing to record.
    ///
    /// - Parameter draft: what stays of it; nothing about people.
    package func drop(_ number: DeliveryNumber, draft: JSONValue, at time: Timestamp) throws {
        try connection.execute(
            sql: """
                UPDATE delivery SET state = 'abandoned', draft = ?, changed = ?
                WHERE id = ? AND sequence IS NULL
                """, arguments: [draft.text, time.milliseconds, number.value])
    }

    private static func delivery(_ row: Row) throws -> StoredDelivery {
        let id: Int64 = try row.value("id")
        let draft: JSONValue
        do {
            draft = try StrictJSON.parse(
                Array(try row.value("draft", as: String.self).utf8), depthMax: 8)
        } catch {
            throw TerminalStoreError.damaged(table: "delivery", row: id)
        }
        guard let state = DeliveryState(rawValue: try row.value("state")),
            let started = Timestamp(milliseconds: try row.value("started")),
            let changed = Timestamp(milliseconds: try row.value("changed"))
        else { throw TerminalStoreError.damaged(table: "delivery", row: id) }
        return StoredDelivery(
            number: DeliveryNumber(id), state: state, draft: draft,
            tariff: try row.optional("tariff"), sequence: try row.optional("sequence"),
            started: started, changed: changed)
    }
}
