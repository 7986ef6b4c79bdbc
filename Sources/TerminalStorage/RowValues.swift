import Foundation
import GRDB

extension [UInt8] {
    /// These bytes as SQLite takes them.
    var blob: DatabaseValue { Data(self).databaseValue }
}

extension Row {
    /// The value of a column, which must have this type.
    func value<Value: DatabaseValueConvertible>(
        _ column: String, as: Value.Type = Value.self
    ) throws -> Value {
        try Value.decode(self, column)
    }

    /// The value of a column; nil for NULL.
    func optional<Value: DatabaseValueConvertible>(
        _ column: String, as: Value.Type = Value.self
    ) throws -> Value? {
        let stored: DatabaseValue = self[column]
        return stored.isNull ? nil : try Value.decode(self, column)
    }

    /// The bytes of a column.
    func bytes(_ column: String) throws -> [UInt8] { [UInt8](try value(column, as: Data.self)) }

    /// The bytes of a column; nil for NULL.
    func optionalBytes(_ column: String) throws -> [UInt8]? {
        try optional(column, as: Data.self).map { [UInt8]($0) }
    }
}

extension DatabaseValueConvertible {
    fileprivate static func decode(_ row: Row, _ column: String) throws -> Self {
        let stored: DatabaseValue = row[column]
        guard let value = Self.fromDatabaseValue(stored) else {
            throw TerminalStoreError.damaged(table: column, row: 0)
        }
        return value
    }
}
