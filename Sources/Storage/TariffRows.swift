import Foundation
import GRDB
import Journal
package import Units

/// A tariff file of a yard. What is in force is a projection of the `tariff` records, the file's
/// bytes apart, which stand only here and are named there by their digest.
package struct TariffRow: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case proposed, approved, withdrawn
    }

    package let digest: String
    package let id: String
    package let title: String
    package let from: BusinessDay
    /// The last day, of the file or as a successor ended it; before `from` if there is none left.
    package let to: BusinessDay?
    package let bytes: [UInt8]
    package let proposedBy: PersonID
    /// Nil if it was put forward by a program that did not note it.
    package let proposedAt: Timestamp?
    package let approvedBy: PersonID?
    /// Log index of its activation; nil while proposed.
    package let position: Int64?
    package let withdrawnBy: PersonID?

    package var state: State {
        position != nil ? .approved : withdrawnBy != nil ? .withdrawn : .proposed
    }

    /// A file just put forward.
    package init(
        digest: String, id: String, title: String, from: BusinessDay, to: BusinessDay?,
        bytes: [UInt8], proposedBy: PersonID, proposedAt: Timestamp
    ) {
        self.digest = digest
        self.id = id
        self.title = title
        self.from = from
        self.to = to
        self.bytes = bytes
        self.proposedBy = proposedBy
        self.proposedAt = proposedAt
        approvedBy = nil
        position = nil
        withdrawnBy = nil
    }
}

extension Transaction {
    /// Keeps a file that was put forward; one that was withdrawn waits again.
    package func insert(_ tariff: TariffRow, yard: Int64) throws {
        try connection.execute(
            sql: """
                INSERT INTO tariff(
                  yard, digest, id, title, valid_from, valid_to, bytes, proposed_by, proposed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(yard, digest) DO UPDATE SET proposed_by = excluded.proposed_by,
                  proposed_at = excluded.proposed_at, withdrawn_by = NULL, withdrawn_at = NULL
                  WHERE withdrawn_by IS NOT NULL
                """,
            arguments: [
                yard, tariff.digest, tariff.id, tariff.title, tariff.from.ordinal,
                tariff.to?.ordinal, Data(tariff.bytes), tariff.proposedBy.text,
                tariff.proposedAt?.milliseconds,
            ])
    }

    package func activateTariff(
        yard: Int64, digest: String, by person: PersonID, position: Int64
    ) throws {
        try connection.execute(
            sql: "UPDATE tariff SET approved_by = ?, position = ? WHERE yard = ? AND digest = ?",
            arguments: [person.text, position, yard, digest])
    }

    package func endTariff(yard: Int64, digest: String, on day: BusinessDay) throws {
        try connection.execute(
            sql: "UPDATE tariff SET valid_to = ? WHERE yard = ? AND digest = ?",
            arguments: [day.ordinal, yard, digest])
    }

    package func withdrawTariff(
        yard: Int64, digest: String, by person: PersonID, at time: Timestamp
    ) throws {
        try connection.execute(
            sql: """
                UPDATE tariff SET withdrawn_by = ?, withdrawn_at = ?
                WHERE yard = ? AND digest = ? AND position IS NULL
                """,
            arguments: [person.text, time.milliseconds, yard, digest])
    }
}

extension Reading {
    /// All tariffs of a yard, proposed and withdrawn ones too, by first day.
    package func tariffs(yard: Int64) throws -> [TariffRow] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM tariff WHERE yard = ? ORDER BY valid_from, digest",
            arguments: [yard]
        ).map(TariffRow.init)
    }

    /// The last day from `first` to `last` with a recorded sale that the tariff in force priced.
    package func lastPricedDay(yard: Int64, from first: BusinessDay, to last: BusinessDay) throws
        -> BusinessDay?
    {
        try Int.fetchOne(
            connection,
            sql: """
                SELECT max(day) FROM record WHERE day BETWEEN ? AND ?
                AND position >= ? AND position < ? AND kind = ?
                AND instr(',' || flags || ',', ?) = 0
                """,
            arguments: [
                first.ordinal, last.ordinal, LogPosition(yard: yard, index: 0).number,
                LogPosition(yard: yard + 1, index: 0).number, RecordKind.sale.rawValue,
                ",\(RecordFlag.tariffUnknown.rawValue),",
            ]
        ).flatMap(BusinessDay.init(ordinal:))
    }
}

extension TariffRow {
    /// - Throws: ``DamagedRow``; a version that cannot be read must not vanish from the book.
    fileprivate init(_ row: Row) throws {
        let (bytes, to): (Data, Int?) = (row["bytes"], row["valid_to"])
        let (approvedBy, withdrawnBy): (String?, String?) = (
            row["approved_by"], row["withdrawn_by"]
        )
        let proposedAt: Int64? = row["proposed_at"]
        position = row["position"]
        guard let from = BusinessDay(ordinal: row["valid_from"]),
            let proposedBy = PersonID(row["proposed_by"] as String)
        else { throw DamagedRow(table: "tariff", position: position ?? 0) }
        digest = row["digest"]
        id = row["id"]
        title = row["title"]
        self.from = from
        self.to = to.flatMap(BusinessDay.init(ordinal:))
        self.bytes = Array(bytes)
        self.proposedBy = proposedBy
        self.proposedAt = proposedAt.flatMap(Timestamp.init(milliseconds:))
        self.approvedBy = approvedBy.flatMap(PersonID.init)
        self.withdrawnBy = withdrawnBy.flatMap(PersonID.init)
    }
}
