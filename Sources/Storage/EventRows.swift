import GRDB
package import Units

extension Reading {
    /// The row of the search table of one record; nil beside the server's own.
    package func record(at position: LogPosition) throws -> RecordRow? {
        try Row.fetchOne(
            connection.cachedStatement(
                sql: "SELECT \(RecordRow.columns) FROM record WHERE position = ?"),
            arguments: [position.number]
        ).map(RecordRow.init)
    }

    /// The name of a terminal in this installation.
    package func terminalID(number: Int64) throws -> TerminalID? {
        try String.fetchOne(
            connection.cachedStatement(sql: "SELECT id FROM terminal WHERE number = ?"),
            arguments: [number]
        ).flatMap { TerminalID($0) }
    }
}
