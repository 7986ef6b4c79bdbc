package import CardTerminals
import GRDB
package import Sales
package import Units

extension TerminalAccess {
    /// Writes down what a card terminal is about to be asked.
    ///
    /// SQLite refuses a second open attempt for the same delivery.
    package func addAttempt(
        for purpose: StoredAttempt.Purpose, amount: Cents, device: CardTerminalIdentity,
        attendant: PersonID, reason: String, at time: Timestamp
    ) throws -> StoredAttempt {
        var delivery: Int64?
        var original: Int64?
        switch purpose {
        case .payment(let number): delivery = number.value
        case .reversal(let sequence): original = sequence
        }
        try connection.execute(
            sql: """
                INSERT INTO payment_attempt(
                  kind, delivery, original, amount, device, number, attendant, reason, started)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                delivery == nil ? "reversal" : "payment", delivery, original, amount.value,
                device.kind.rawValue, device.number, attendant.text, reason, time.milliseconds,
            ])
        return StoredAttempt(
            number: connection.lastInsertedRowID, purpose: purpose, amount: amount, device: device,
            attendant: attendant, reason: reason, started: time, outcome: nil, finished: nil)
    }

    /// Writes down how an attempt ended, or that nobody knows.
    ///
    /// SQLite refuses to change any outcome but ``Sales/CardOutcome/unknown``.
    package func finish(_ attempt: Int64, _ outcome: CardOutcome, at time: Timestamp) throws {
        try connection.execute(
            sql: "UPDATE payment_attempt SET outcome = ?, slip = ?, finished = ? WHERE id = ?",
            arguments: [outcome.name, outcome.slipText, time.milliseconds, attempt])
    }

    /// The attempts of a delivery, in order.
    package func attempts(of delivery: DeliveryNumber) throws -> [StoredAttempt] {
        try attempts(where: "delivery = ?", [delivery.value])
    }

    /// The attempts to reverse the payment of a sale, in order.
    package func reversalAttempts(of sequence: Int64) throws -> [StoredAttempt] {
        try attempts(where: "original = ?", [sequence])
    }

    /// Attempts without an outcome: what was asked and not answered, in order.
    package func unansweredAttempts() throws -> [StoredAttempt] {
        try attempts(where: "outcome IS NULL", [])
    }

    /// Reversals whose outcome nobody knows, in order.
    package func unknownReversals() throws -> [StoredAttempt] {
        try attempts(where: "kind = 'reversal' AND outcome = 'unknown'", [])
    }

    /// The last approved attempt since `earliest` that bears this slip: card terminal, receipt and
    /// trace number, with or without noughts in front.
    package func bearer(of slip: CardSlip, since earliest: Timestamp) throws
        -> StoredAttempt?
    {
        let names = [
            ("tid", slip.cardTerminal), ("receipt", slip.receiptNumber),
            ("trace", slip.traceNumber),
        ]
        let isSame = names.map { "ltrim(json_extract(slip, '$.\($0.0)'), '0') = ltrim(?, '0')" }
        return try attempts(
            where: "slip IS NOT NULL AND finished >= ? AND " + isSame.joined(separator: " AND "),
            StatementArguments([earliest.milliseconds]) + StatementArguments(names.map(\.1))
        ).last
    }

    /// Sequence numbers of sales signed as unknown and resolved neither here nor, as far as the
    /// server said, anywhere else, ascending.
    ///
    /// Looks at the few unknown attempts first: the plus keeps SQLite from walking through all that
    /// was sold.
    package func unresolvedSales() throws -> [Int64] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT d.sequence FROM payment_attempt a JOIN delivery d ON d.id = a.delivery
                WHERE a.outcome = 'unknown' AND +d.state = 'done'
                  AND NOT EXISTS (
                    SELECT 1 FROM record r WHERE r.original = d.sequence AND r.kind = 'resolution')
                  AND NOT EXISTS (
                    SELECT 1 FROM resolved_elsewhere e WHERE e.sequence = d.sequence)
                ORDER BY d.sequence
                """)
    }

    /// Those of these sales that the server has, as far as this terminal knows.
    package func atServer(_ sales: [Int64]) throws -> [Int64] {
        try sales.filter { sequence in
            let count = try Int.fetchOne(
                connection,
                sql: """
                    SELECT count(*) FROM record WHERE sequence = ?1 AND state = 'acknowledged'
                      AND NOT EXISTS (SELECT 1 FROM lost_proof WHERE sequence = ?1 AND waits = 1)
                    """, arguments: [sequence])
            return count == 1
        }
    }

    /// Keeps that the server has a resolution of a sale of this terminal.
    package func noteResolvedElsewhere(_ sequence: Int64, at time: Timestamp) throws {
        try connection.execute(
            sql: "INSERT INTO resolved_elsewhere VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [sequence, time.milliseconds])
    }

    /// Whether the server said that a sale of this terminal is resolved.
    package func isResolvedElsewhere(_ sequence: Int64) throws -> Bool {
        let heard = try Int64.fetchOne(
            connection, sql: "SELECT heard FROM resolved_elsewhere WHERE sequence = ?",
            arguments: [sequence])
        return heard != nil
    }

    /// The unknown attempt that the sale with this sequence number ended.
    package func unknownAttempt(behind sequence: Int64) throws -> Int64? {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT a.id FROM payment_attempt a JOIN delivery d ON d.id = a.delivery
                WHERE d.sequence = ? AND a.outcome = 'unknown'
                """, arguments: [sequence])
    }

    /// In order. The plus keeps SQLite from walking through all attempts to save itself a sort.
    private func attempts(
        where condition: String, _ arguments: StatementArguments
    ) throws -> [StoredAttempt] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM payment_attempt WHERE \(condition) ORDER BY +id",
            arguments: arguments
        ).map(Self.attempt)
    }

    private static func attempt(_ row: Row) throws -> StoredAttempt {
        let id: Int64 = try row.value("id")
        let purpose: StoredAttempt.Purpose? =
            if let delivery: Int64 = try row.optional("delivery") {
                .payment(DeliveryNumber(delivery))
            } else {
                try row.optional("original", as: Int64.self).map { .reversal(of: $0) }
            }
        let finished = try row.optional("finished", as: Int64.self)
        guard let purpose, let kind = CardTerminalIdentity.Kind(rawValue: try row.value("device")),
            let attendant = PersonID(try row.value("attendant")),
            let started = Timestamp(milliseconds: try row.value("started"))
        else { throw TerminalStoreError.damaged(table: "payment_attempt", row: id) }
        return StoredAttempt(
            number: id, purpose: purpose, amount: Cents(try row.value("amount")),
            device: CardTerminalIdentity(kind: kind, number: try row.optional("number")),
            attendant: attendant, reason: try row.value("reason"), started: started,
            outcome: try outcome(row, id), finished: finished.flatMap(Timestamp.init(milliseconds:))
        )
    }

    private static func outcome(_ row: Row, _ id: Int64) throws -> CardOutcome? {
        guard let name: String = try row.optional("outcome") else { return nil }
        let outcome = try CardOutcome.read(name: name, slipText: try row.optional("slip"))
        guard let outcome else {
            throw TerminalStoreError.damaged(table: "payment_attempt", row: id)
        }
        return outcome
    }
}
