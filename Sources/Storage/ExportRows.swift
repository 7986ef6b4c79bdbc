import Foundation
import GRDB

/// A file of an export whose parts are in the database, before a row names it.
package struct StagedFile: Hashable, Sendable {
    package let name: String
    /// What its parts are kept under; nil for an empty file, which has none.
    package let file: Int64?
    package let byteCount: Int64

    package init(name: String, file: Int64?, byteCount: Int64) {
        self.name = name
        self.file = file
        self.byteCount = byteCount
    }
}

/// A file of an export as it is kept.
package struct KeptFile: Hashable, Sendable {
    package let file: Int64
    /// Its parts are numbered from 0.
    package let partCount: Int64
    package let byteCount: Int64
}

extension Transaction {
    /// The most bytes of a part.
    package static let exportPartMax = 1 << 18

    /// Adds the next part of a file that no export names yet.
    ///
    /// - Parameters:
    ///   - bytes: 1 to ``exportPartMax``.
    ///   - number: counted from 0 without gaps.
    ///   - file: what the parts before were kept under; nil for the first one.
    /// - Returns: what the file is kept under.
    package func insertExportPart(_ bytes: [UInt8], number: Int64, of file: Int64?) throws -> Int64
    {
        let file = try file ?? nextExportFile()
        try connection.cachedStatement(sql: "INSERT INTO export_part VALUES (?, ?, ?)")
            .execute(arguments: [file, number, Data(bytes)])
        return file
    }

    /// Deletes some parts of a file unless an export names it.
    ///
    /// - Returns: whether there may be more.
    package func deleteExportParts(of file: Int64, max: Int) throws -> Bool {
        try connection.execute(
            sql: """
                DELETE FROM export_part WHERE rowid IN (
                  SELECT rowid FROM export_part WHERE file = ?
                  AND NOT EXISTS(SELECT 1 FROM export_file WHERE file = export_part.file)
                  LIMIT ?)
                """,
            arguments: [file, max])
        return connection.changesCount == max
    }

    /// Adds an export and names its files, whose parts are there.
    ///
    /// - Throws: ``DamagedRow`` where the parts of a file are not all there; what SQLite says.
    package func insertExport(
        yard: Int64, number: Int64, position: LogPosition, profile: String, files: [StagedFile]
    ) throws {
        try connection.execute(
            sql: "INSERT INTO export VALUES (?, ?, ?, ?)",
            arguments: [yard, number, position.number, profile])
        for file in files {
            let id = try file.file ?? nextExportFile()
            try connection.execute(
                sql: "INSERT INTO export_file VALUES (?, ?, ?, ?)",
                arguments: [yard, number, file.name, id])
            guard try reading.keptFile(id)?.byteCount == file.byteCount else {
                throw DamagedRow(table: "export_part", position: id)
            }
        }
    }

    private func nextExportFile() throws -> Int64 {
        try Int64.fetchOne(
            connection,
            sql: """
                SELECT 1 + max(
                  (SELECT coalesce(max(file), 0) FROM export_part),
                  (SELECT coalesce(max(file), 0) FROM export_file))
                """) ?? 1
    }
}

extension Reading {
    /// A file of an export; nil if there is none.
    package func exportFile(yard: Int64, number: Int64, name: String) throws -> KeptFile? {
        try Int64.fetchOne(
            connection,
            sql: "SELECT file FROM export_file WHERE yard = ? AND number = ? AND name = ?",
            arguments: [yard, number, name]
        ).flatMap(keptFile)
    }

    fileprivate func keptFile(_ file: Int64) throws -> KeptFile? {
        // Lengths are read without the bytes.
        let row = try Row.fetchOne(
            connection,
            sql: """
                SELECT coalesce(max(number) + 1, 0), coalesce(sum(length(bytes)), 0)
                FROM export_part WHERE file = ?
                """,
            arguments: [file])
        return row.map { KeptFile(file: file, partCount: $0[0], byteCount: $0[1]) }
    }

    /// A part of a file.
    ///
    /// - Throws: ``DamagedRow`` where it is not there.
    package func exportPart(_ number: Int64, of file: KeptFile) throws -> [UInt8] {
        let bytes = try Data.fetchOne(
            connection.cachedStatement(
                sql: "SELECT bytes FROM export_part WHERE file = ? AND number = ?"),
            arguments: [file.file, number])
        guard let bytes else { throw DamagedRow(table: "export_part", position: file.file) }
        return Array(bytes)
    }

    /// Files that have parts and that no export names, ascending.
    package func unnamedExportFiles() throws -> [Int64] {
        try Int64.fetchAll(
            connection,
            sql: """
                SELECT file FROM export_part EXCEPT SELECT file FROM export_file ORDER BY file
                """)
    }
}
