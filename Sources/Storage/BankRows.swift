import Foundation
import GRDB
import Journal
package import Signing
package import Units

/// A bank statement that was taken in, without its entries.
package struct BankStatementRow: Hashable, Sendable {
    package struct Balance: Hashable, Sendable {
        package let amount: Cents
        package let currency: String
        package let day: BusinessDay?

        package init(amount: Cents, currency: String, day: BusinessDay?) {
            self.amount = amount
            self.currency = currency
            self.day = day
        }
    }

    /// Of the `bank-statement` record.
    package let position: LogPosition
    /// `statement` or `notification`.
    package let kind: String
    package let message: String
    package let id: String
    package let sequence: Int64?
    package let account: String
    package let currency: String
    /// The day it speaks about.
    package let day: BusinessDay
    package let opening: Balance?
    package let closing: Balance?
    package let file: Digest
    /// What the digest of the lines in the record begins with.
    package let salt: [UInt8]

    package init(
        position: LogPosition, kind: String, message: String, id: String, sequence: Int64?,
        account: String, currency: String, day: BusinessDay, opening: Balance?, closing: Balance?,
        file: Digest, salt: [UInt8]
    ) {
        self.position = position
        self.kind = kind
        self.message = message
        self.id = id
        self.sequence = sequence
        self.account = account
        self.currency = currency
        self.day = day
        self.opening = opening
        self.closing = closing
        self.file = file
        self.salt = salt
    }
}

/// An acquirer's file that was taken in, without its lines.
package struct AcquirerFileRow: Hashable, Sendable {
    package let position: LogPosition
    /// The profile that read it.
    package let profile: String
    package let file: Digest
    package let salt: [UInt8]

    package init(position: LogPosition, profile: String, file: Digest, salt: [UInt8]) {
        self.position = position
        self.profile = profile
        self.file = file
        self.salt = salt
    }
}

extension Transaction {
    /// Keeps a statement; its entries follow with ``insertBankLine(_:_:at:)``.
    ///
    /// - Throws: what SQLite says, also where the same statement is kept already.
    package func insert(_ row: BankStatementRow) throws {
        try connection.execute(
            sql: """
                INSERT INTO bank_statement VALUES
                (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.position.number, row.kind, row.message, row.id, row.sequence, row.account,
                row.currency, row.day.ordinal, row.opening?.amount.value, row.opening?.currency,
                row.opening?.day?.ordinal, row.closing?.amount.value, row.closing?.currency,
                row.closing?.day?.ordinal, Data(row.file.bytes), Data(row.salt),
            ])
    }

    package func insert(_ row: AcquirerFileRow) throws {
        try connection.execute(
            sql: "INSERT INTO acquirer_file VALUES (?, ?, ?, ?)",
            arguments: [
                row.position.number, row.profile, Data(row.file.bytes), Data(row.salt),
            ])
    }

    /// Keeps the line `number` (from 1) of a statement or an acquirer's file.
    package func insertBankLine(_ number: Int, _ body: [UInt8], at position: LogPosition) throws {
        try connection.cachedStatement(sql: "INSERT INTO bank_line VALUES (?, ?, ?)")
            .execute(arguments: [
                position.number, number, String(decoding: body, as: UTF8.self),
            ])
    }
}

extension Transaction {
    /// Notes that an item stands in the settlement at `position`.
    package func insertSettledItem(_ item: String, at position: LogPosition) throws {
        try connection.cachedStatement(sql: "INSERT INTO settled_item VALUES (?, ?)")
            .execute(arguments: [item, position.number])
    }

    package func deleteSettledItem(_ item: String) throws {
        try connection.execute(
            sql: "DELETE FROM settled_item WHERE item = ?", arguments: [item])
    }
}

extension Reading {
    /// Records of a yard that say what bank lines were for, ascending.
    package func settlements(yard: Int64) throws -> [LogPosition] {
        let kinds = SettlementRecord.Kind.allCases.map { "'\($0.rawValue)'" }
        return try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM server_record WHERE position >= ? AND position < ?
                AND kind IN (\(kinds.joined(separator: ", "))) ORDER BY position
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]
        ).map { LogPosition($0) }
    }

    /// The settlement that an item stands in; nil while it stands in none.
    package func settlement(ofItem item: String) throws -> LogPosition? {
        try Int64.fetchOne(
            connection.cachedStatement(sql: "SELECT position FROM settled_item WHERE item = ?"),
            arguments: [item]
        ).map { LogPosition($0) }
    }

    /// Sales of a yard that are, or may have become, claims: ascending by position.
    package func claims(yard: Int64) throws -> [LogPosition] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM record WHERE position >= ? AND position < ?
                AND kind = 'sale' AND state IN ('on-account', 'unknown') ORDER BY position
                """,
            arguments: [
                LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]
        ).map { LogPosition($0) }
    }

    /// Sales on account from `first` on in its yard for which no debtor is stored, ascending.
    package func claimsWithoutDebtor(from first: LogPosition) throws -> [LogPosition] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT position FROM record WHERE position >= ? AND position < ?
                AND kind = 'sale' AND state = 'on-account'
                AND NOT EXISTS (SELECT 1 FROM personal
                  WHERE personal.position = record.position AND name = 'debtor')
                AND NOT EXISTS (SELECT 1 FROM reference JOIN personal USING (position)
                  WHERE reference.original = record.position AND name = 'debtor')
                ORDER BY position
                """,
            arguments: [first.number, LogPosition(yard: first.yard + 1, index: 0).number]
        ).map { LogPosition($0) }
    }

    /// All statements in the order in which they came; those of one account if it is named.
    package func bankStatements(account: String? = nil) throws -> [BankStatementRow] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT * FROM bank_statement WHERE ? IS NULL OR account = ? ORDER BY position
                """, arguments: [account, account]
        ).map(BankStatementRow.init)
    }

    /// All files of acquirers in the order in which they came.
    package func acquirerFiles() throws -> [AcquirerFileRow] {
        try Row.fetchAll(connection, sql: "SELECT * FROM acquirer_file ORDER BY position")
            .map(AcquirerFileRow.init)
    }

    /// The lines of a statement or acquirer's file in order.
    package func bankLines(at position: LogPosition) throws -> [[UInt8]] {
        try String.fetchAll(
            connection.cachedStatement(
                sql: "SELECT body FROM bank_line WHERE source = ? ORDER BY number"),
            arguments: [position.number]
        ).map { Array($0.utf8) }
    }
}

extension BankStatementRow {
    fileprivate init(_ row: Row) throws {
        let (file, salt): (Data, Data) = (row["file"], row["salt"])
        guard let file = Digest(bytes: file), let day = BusinessDay(ordinal: row["day"]) else {
            throw DamagedRow(table: "bank_statement", position: row["position"])
        }
        self.init(
            position: LogPosition(row["position"]), kind: row["kind"], message: row["message"],
            id: row["id"], sequence: row["sequence"], account: row["account"],
            currency: row["currency"], day: day, opening: Self.balance(row, "opening"),
            closing: Self.balance(row, "closing"), file: file, salt: Array(salt))
    }

    private static func balance(_ row: Row, _ name: String) -> Balance? {
        guard let amount = row[name] as Int64? else { return nil }
        let day: Int? = row["\(name)_day"]
        return Balance(
            amount: Cents(amount), currency: row["\(name)_currency"],
            day: day.flatMap { BusinessDay(ordinal: $0) })
    }
}

extension AcquirerFileRow {
    fileprivate init(_ row: Row) throws {
        let (file, salt): (Data, Data) = (row["file"], row["salt"])
        guard let file = Digest(bytes: file) else {
            throw DamagedRow(table: "acquirer_file", position: row["position"])
        }
        self.init(
            position: LogPosition(row["position"]), profile: row["profile"], file: file,
            salt: Array(salt))
    }
}
