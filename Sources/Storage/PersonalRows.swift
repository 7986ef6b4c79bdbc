import Foundation
import GRDB
import Journal

extension Transaction {
    /// Writes the keyed digest of every plate again.
    ///
    /// - Parameter digest: of a plate's value; nil for one that cannot be searched.
    package func setSearchDigests(_ digest: (String) -> [UInt8]?) throws {
        let plates = try Row.fetchAll(
            connection, sql: "SELECT position, value FROM personal WHERE name = ?",
            arguments: [PersonalField.plate.rawValue])
        for row in plates {
            let position: Int64 = row[0]
            try connection.cachedStatement(
                sql: "UPDATE personal SET search = ? WHERE position = ? AND name = ?"
            ).execute(arguments: [
                digest(row[1]).map { Data($0) }, position, PersonalField.plate.rawValue,
            ])
        }
    }
}
