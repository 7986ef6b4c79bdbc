import Foundation
import GRDB
import Units

/// A witness's signature of a checkpoint, as it is kept.
package struct CosignatureRow: Hashable, Sendable {
    /// How many entries the checkpoint is over.
    package let size: Int64
    /// The witness's verifier key.
    package let witness: String
    /// When it says it signed, seconds since 1970.
    package let atSeconds: Int64
    /// The signature line of the note, without its end.
    package let line: String

    package init(size: Int64, witness: String, atSeconds: Int64, line: String) {
        self.size = size
        self.witness = witness
        self.atSeconds = atSeconds
        self.line = line
    }
}

/// The time stamp of a close (RFC 3161) with what it takes to check it.
package struct TimeStampRow: Hashable, Sendable {
    /// Number of the close.
    package let number: Int64
    /// When the authority says it stamped, seconds since 1970.
    package let atSeconds: Int64
    /// The signed checkpoint that was stamped, byte for byte.
    package let note: [UInt8]
    /// TimeStampReq and TimeStampResp in DER.
    package let query: [UInt8]
    package let reply: [UInt8]
    /// Certificates in PEM that the reply was checked with.
    package let chain: String

    package init(
        number: Int64, atSeconds: Int64, note: [UInt8], query: [UInt8], reply: [UInt8],
        chain: String
    ) {
        self.number = number
        self.atSeconds = atSeconds
        self.note = note
        self.query = query
        self.reply = reply
        self.chain = chain
    }
}

extension Transaction {
    /// Keeps a cosignature; a further one of the same checkpoint by the same witness is left out.
    package func insert(_ row: CosignatureRow, yard: Int64) throws {
        try connection.execute(
            sql: "INSERT OR IGNORE INTO cosignature VALUES (?, ?, ?, ?, ?)",
            arguments: [yard, row.size, row.witness, row.atSeconds, row.line])
    }

    /// Keeps a time stamp; a further one of the same close is left out.
    package func insert(_ row: TimeStampRow, yard: Int64) throws {
        try connection.execute(
            sql: "INSERT OR IGNORE INTO time_stamp VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                yard, row.number, row.atSeconds, Data(row.note), Data(row.query), Data(row.reply),
                row.chain,
            ])
    }
}

extension Reading {
    /// The stored checkpoint over `size` entries, without cosignatures.
    package func checkpoint(yard: Int64, size: Int64) throws -> String? {
        try String.fetchOne(
            connection, sql: "SELECT note FROM checkpoint WHERE yard = ? AND size = ?",
            arguments: [yard, size])
    }

    /// The smallest stored checkpoint over at least `size` entries.
    package func checkpoint(yard: Int64, atLeast size: Int64) throws -> (size: Int64, note: String)?
    {
        try Row.fetchOne(
            connection,
            sql: """
                SELECT size, note FROM checkpoint WHERE yard = ? AND size >= ?
                ORDER BY size LIMIT 1
                """,
            arguments: [yard, size]
        ).map { ($0[0], $0[1]) }
    }

    /// The cosignatures of one checkpoint, by witness.
    package func cosignatures(yard: Int64, size: Int64) throws -> [CosignatureRow] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM cosignature WHERE yard = ? AND size = ?",
            arguments: [yard, size]
        ).map(CosignatureRow.init)
    }

    /// The cosignatures of checkpoints with sizes above `from`, up to `to`, by size and witness.
    package func cosignatures(yard: Int64, above from: Int64, upTo to: Int64) throws
        -> [CosignatureRow]
    {
        try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT * FROM cosignature WHERE yard = ? AND size > ? AND size <= ?
                    ORDER BY size, witness
                    """),
            arguments: [yard, from, to]
        ).map(CosignatureRow.init)
    }

    /// The first size from `from` on whose cosignatures `isEnough`; nil if there is none.
    package func cosignedSize(
        yard: Int64, from: Int64, _ isEnough: ([CosignatureRow]) -> Bool
    ) throws -> Int64? {
        try firstSize(
            "SELECT * FROM cosignature WHERE yard = ? AND size >= ? ORDER BY size", yard, from,
            isEnough)
    }

    /// The last size whose cosignatures `isEnough`; nil if there is none.
    package func newestCosignedSize(yard: Int64, _ isEnough: ([CosignatureRow]) -> Bool) throws
        -> Int64?
    {
        try firstSize(
            "SELECT * FROM cosignature WHERE yard = ? AND size >= ? ORDER BY size DESC", yard, 0,
            isEnough)
    }

    /// The largest size that a witness cosigned; nil if it never did.
    package func newestCosignedSize(yard: Int64, witness: String) throws -> Int64? {
        try Int64.fetchOne(
            connection, sql: "SELECT max(size) FROM cosignature WHERE yard = ? AND witness = ?",
            arguments: [yard, witness])
    }

    package func timeStamp(yard: Int64, close number: Int64) throws -> TimeStampRow? {
        try Row.fetchOne(
            connection, sql: "SELECT * FROM time_stamp WHERE yard = ? AND number = ?",
            arguments: [yard, number]
        ).map(TimeStampRow.init)
    }

    /// How many sales stand at log index `index` and later.
    package func saleCount(yard: Int64, from index: Int64) throws -> Int64 {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT count(*) FROM record WHERE position >= ? AND position < ? AND kind = 'sale'
                """,
            arguments: [
                LogPosition(yard: yard, index: index).number,
                LogPosition(yard: yard + 1, index: 0).number,
            ]) ?? 0
    }

    private func firstSize(
        _ sql: String, _ yard: Int64, _ from: Int64, _ isEnough: ([CosignatureRow]) -> Bool
    ) throws -> Int64? {
        let cursor = try Row.fetchCursor(connection, sql: sql, arguments: [yard, from])
        var group: [CosignatureRow] = []
        while let row = try cursor.next() {
            let next = CosignatureRow(row)
            if let size = group.first?.size, size != next.size {
                if isEnough(group) { return size }
                group = []
            }
            group.append(next)
        }
        return group.first.flatMap { isEnough(group) ? $0.size : nil }
    }
}

extension CosignatureRow {
    fileprivate init(_ row: Row) {
        self.init(
            size: row["size"], witness: row["witness"], atSeconds: row["at"], line: row["line"])
    }
}

extension TimeStampRow {
    fileprivate init(_ row: Row) {
        let (note, query): (Data, Data) = (row["note"], row["query"])
        let reply: Data = row["reply"]
        self.init(
            number: row["number"], atSeconds: row["at"], note: Array(note), query: Array(query),
            reply: Array(reply), chain: row["chain"])
    }
}
