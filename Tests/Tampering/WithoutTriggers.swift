package import GRDB

extension Database {
    /// Runs `body` with no trigger in its way. They are back afterwards, as with somebody who does
    /// not want to be seen.
    package func withoutTriggers<Value>(_ body: () throws -> Value) throws -> Value {
        let triggers = try Row.fetchAll(
            self, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        for trigger in triggers { try execute(sql: "DROP TRIGGER \(trigger[0] as String)") }
        let value = try body()
        for trigger in triggers { try execute(sql: trigger[1]) }
        return value
    }
}
