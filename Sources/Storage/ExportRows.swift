import CDatabase
import Foundation
import GRDB

/// The bytes of an export's file, which need not be in memory.
package struct ExportFileContent: Sendable {
    package let name: String
    package let byteCount: Int64
    /// Gives up to a number of bytes from an offset on; no fewer but at the end.
    let read: @Sendable (_ offset: Int64, _ count: Int) throws -> [UInt8]

    package init(
        name: String, byteCount: Int64,
        read: @escaping @Sendable (_ offset: Int64, _ count: Int) throws -> [UInt8]
    ) {
        self.name = name
        self.byteCount = byteCount
        self.read = read
    }
}

extension Transaction {
    /// Adds an export and copies its files piece by piece.
    ///
    /// - Throws: what reading a file throws, what SQLite says.
    package func insertExport(
        yard: Int64, number: Int64, position: LogPosition, profile: String,
        files: [ExportFileContent]
    ) throws {
        try connection.execute(
            sql: "INSERT INTO export VALUES (?, ?, ?, ?)",
            arguments: [yard, number, position.number, profile])
        for file in files {
            try connection.execute(
                sql: "INSERT INTO export_file VALUES (?, ?, ?, zeroblob(?))",
                arguments: [yard, number, file.name, file.byteCount])
            // An empty value has no bytes to open.
            if file.byteCount > 0 { try copy(file, toRow: connection.lastInsertedRowID) }
        }
    }

    private func copy(_ file: ExportFileContent, toRow row: Int64) throws {
        let pieceLength = 1 << 18
        guard let handle = connection.sqliteConnection else {
            preconditionFailure("it is open")
        }
        var result: Int32 = 0
        let value = hofbuch_open_value(
            UnsafeMutableRawPointer(handle), "export_file", "bytes", row, &result)
        try require(result)
        let written = Result {
            var offset: Int64 = 0
            while offset < file.byteCount {
                let piece = try file.read(offset, pieceLength)
                guard !piece.isEmpty, offset + Int64(piece.count) <= file.byteCount else {
                    throw DamagedRow(table: "export_file", position: offset)
                }
                try require(
                    piece.withUnsafeBytes {
                        hofbuch_write_value(value, $0.baseAddress, Int32($0.count), Int32(offset))
                    })
                offset += Int64(piece.count)
            }
        }
        let closed = hofbuch_close_value(value)
        try written.get()
        try require(closed)
    }

    private func require(_ result: Int32) throws {
        guard result != 0 else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: result),
            message: connection.lastErrorMessage ?? "writing the file of an export")
    }
}
