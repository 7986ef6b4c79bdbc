import GRDB
package import Sales

// Who is to get a refund by bank transfer while a second person has not decided yet. What is
// recorded stands in the table `personal`.

extension Transaction {
    package func insert(_ payee: Payee, ofRequest id: Int64) throws {
        try connection.execute(
            sql: "INSERT INTO reversal_payee VALUES (?, ?, ?)",
            arguments: [id, payee.name, payee.iban.text])
    }

    /// - Returns: whether there was one.
    @discardableResult
    package func deletePayee(ofRequest id: Int64) throws -> Bool {
        try connection.execute(
            sql: "DELETE FROM reversal_payee WHERE request = ?", arguments: [id])
        return connection.changesCount > 0
    }
}

extension Reading {
    /// The payee of a request that waits; nil for requests without one.
    package func payee(ofRequest id: Int64) throws -> Payee? {
        try Row.fetchOne(
            connection, sql: "SELECT name, iban FROM reversal_payee WHERE request = ?",
            arguments: [id]
        ).map { row in
            do { return try Payee(name: row[0], iban: row[1]) } catch {
                throw DamagedRow(table: "reversal_payee", position: id)
            }
        }
    }
}
