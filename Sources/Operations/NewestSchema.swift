import Calendars
import Foundation
import Storage

/// A server database as the newest schema has it, for whoever only reads: the database itself, or
/// of an older program's a private copy, brought to the newest schema as a start would bring the
/// database. The file of the older program, in a backup for instance, stays as it is.
struct NewestSchema: Sendable {
    let path: String
    /// The schema of the database itself, where it is an older one.
    let migratedFrom: Int?
    /// Why the search tables of a copy could not be written again from the entries; nil if they
    /// could.
    let unfilled: String?

    /// Runs `body` with the database of a data directory, a backup or a folder with a copy.
    ///
    /// The copy holds personal data: its folder is open to nobody else, and gone when this returns.
    /// A backup's database is compared with the hash in its list before it is copied.
    ///
    /// - Parameter place: where the copy is made, which takes about twice the database's space;
    ///   without it where `TMPDIR` says, or in `/tmp`.
    /// - Throws: `StorageError` (`notAHofbuchDatabase`, `newerVersion`, `full`),
    ///   ``OperationsError`` (`backupDiffers`, `cannotWrite`), what `body` throws, what SQLite
    ///   says.
    static func read<Value>(
        _ directory: DataDirectory, copyingInto place: String? = nil,
        _ body: (NewestSchema) throws -> Value
    ) throws -> Value {
        let database = try ReadOnlyDatabase(path: directory.database, anyVersion: true)
        guard database.isOlder else {
            try database.close()
            return try body(
                NewestSchema(path: directory.database, migratedFrom: nil, unfilled: nil))
        }
        guard database.schema > 0 else {
            throw StorageError.notAHofbuchDatabase(path: directory.database)
        }
        if isBackup(directory) { try Backup(directory.path).requireListedDatabase() }
        let folder = try newFolder(in: place ?? FileManager.default.temporaryDirectory.path)
        let result: Result<Value, any Error> = Result {
            let copy = DataDirectory(folder).database
            try database.copy(into: copy)
            try database.close()
            return try body(
                NewestSchema(
                    path: copy, migratedFrom: database.schema, unfilled: try migrate(copy)))
        }
        try FileManager.default.removeItem(atPath: folder)
        return try result.get()
    }

    /// A backup that a server was started on is none any more.
    private static func isBackup(_ directory: DataDirectory) -> Bool {
        let files = FileManager.default
        return files.fileExists(atPath: "\(directory.path)/\(BackupManifest.name)")
            && !files.fileExists(atPath: directory.lock)
    }

    private static func newFolder(in place: String) throws -> String {
        let folder = "\(place)/hofbuch-older-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw OperationsError.cannotWrite(path: folder)
        }
        return folder
    }

    /// Brings a copy to the newest schema and fills its search tables.
    ///
    /// - Returns: why they could not be filled. Then entries cannot be read, and whoever verifies
    ///   names the first one; nil if all went well.
    private static func migrate(_ path: String) throws -> String? {
        let copy = try ServerDatabase(path: path)
        var unfilled: String?
        do {
            try Installation.refillRecords(of: copy, .ofYards())
        } catch  where !error.isStorageFailure && !(error is StorageError) {
            unfilled = "\(error)"
        }
        try copy.close()
        return unfilled
    }
}
