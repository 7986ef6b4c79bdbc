import Foundation
import Journal
import Keys
import Signing
import Storage
import Text
import Transparency
package import Units

/// A backup: one folder with the database, the town's own files and the heads of the logs, all of
/// one moment, with a list of hashes. The keys are not in it.
package struct Backup: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The backup as a data directory without keys.
    package var directory: DataDirectory { DataDirectory(path) }

    /// Files and folders of the town's own.
    private static let own = ["finance", "receipts", "retention", "witness"]

    /// Makes a backup of a data directory, also while a server runs on it, and checks it. One of an
    /// older program is copied as it is.
    ///
    /// - Parameter keys: a folder of its own for a copy of the private keys; nil leaves them out.
    /// - Throws: ``OperationsError`` (`notInitialised`, `folderNotEmpty`, `backupDiffers`), what
    ///   SQLite and the file system say; nothing is left in the folder then.
    package static func create(
        of directory: DataDirectory, into path: String, keys: String?, now: Timestamp
    ) throws -> BackupManifest {
        try directory.requireDatabase()
        return try DataDirectory.filling(path) {
            let manifest = try Backup(path).make(of: directory, now: now)
            if let keys { try copyKeys(from: directory.keys, to: keys) }
            return manifest
        }
    }

    private func make(of directory: DataDirectory, now: Timestamp) throws -> BackupManifest {
        try DataDirectory.makePrivateFolder(path)
        try copyDatabase(of: directory)
        try DataDirectory.closeToOthers(self.directory.database)
        try DurableFile.sync(path: self.directory.database)
        for name in Self.own { try copy(name, from: directory.path) }
        let logs = try checkedLogs()
        try compare(logs, with: directory)
        try writeHeads()
        let manifest = BackupManifest(made: now, logs: logs, files: try files())
        try DurableFile.replace(
            path: path + "/" + BackupManifest.name, with: manifest.json.bytes + [0x0A])
        return manifest
    }

    /// Checks every file against the list, the database's structure, and every tree from its
    /// entries on, also in a backup that an older program made: the tables of a log are the same in
    /// every schema. Nothing in the folder is changed.
    ///
    /// - Throws: ``OperationsError/backupDiffers(path:what:)``; `StorageError` for a backup of a
    ///   newer program; what SQLite and the files say.
    @discardableResult
    package func verify() throws -> BackupManifest {
        let manifest = try manifest()
        let found = try files()
        for (wanted, found) in zip(manifest.files, found) where wanted != found {
            throw differs("the file \(min(wanted.name, found.name)) is another one")
        }
        guard manifest.files.count == found.count else {
            throw differs("it has \(found.count) files instead of \(manifest.files.count)")
        }
        guard try checkedLogs() == manifest.logs else {
            throw differs("the logs have other sizes or roots than its list says")
        }
        return manifest
    }

    /// The schema of the database where an older program made the backup; nil for the newest one.
    package func olderSchema() throws -> Int? {
        let database = try opened()
        try database.close()
        return database.isOlder ? database.schema : nil
    }

    /// Makes sure that the database is the one that the list names.
    ///
    /// - Throws: ``OperationsError/backupDiffers(path:what:)``.
    func requireListedDatabase() throws {
        let (count, digest) = try Self.digest(of: directory.database)
        let isListed = try manifest().files.contains { file in
            "\(path)/\(file.name)".hasSameBytes(as: directory.database)
                && file.byteCount == count && file.digest == digest
        }
        guard isListed else { throw differs("the file \(directory.database) is another one") }
    }

    /// Puts a backup into a new or empty data directory, after checking it. The database comes back
    /// byte for byte; one of an older schema is brought to the newest one at its first start.
    ///
    /// The guard then treats it like any other database: whoever knows a larger log, such as a
    /// terminal, stops it from writing.
    ///
    /// - Parameter keys: the folder with the copy of the keys; nil leaves `keys` empty.
    /// - Throws: ``OperationsError`` (`backupDiffers`, `folderNotEmpty`, `missingFile`), what
    ///   SQLite and the file system say; nothing is left in the folder then.
    package func restore(into directory: DataDirectory, keys: String?) throws -> BackupManifest {
        if let keys, !FileManager.default.fileExists(atPath: keys) {
            throw OperationsError.missingFile(path: keys)
        }
        let manifest = try verify()
        try DataDirectory.filling(directory.path) {
            try DataDirectory.makePrivateFolder(directory.path)
            for folder in ["/keys", "/finance", "/receipts", "/exports"] {
                try Self.makeFolder(directory.path + folder)
            }
            for file in manifest.files { try putBack(file.name, into: directory) }
            try DataDirectory.closeToOthers(directory.database)
            if let keys { try Self.copyKeys(from: keys, to: directory.keys) }
            try DurableFile.replace(
                path: directory.restoredFrom, with: manifest.json.bytes + [0x0A])
        }
        return manifest
    }

    private func putBack(_ name: String, into directory: DataDirectory) throws {
        let target = "\(directory.path)/\(name)"
        try Self.makeFolder(URL(fileURLWithPath: target).deletingLastPathComponent().path)
        do {
            try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: target)
        } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
            throw StorageError.full(path: target)
        }
        try DurableFile.sync(path: target)
    }

    private func manifest() throws -> BackupManifest {
        let list = path + "/" + BackupManifest.name
        guard FileManager.default.fileExists(atPath: list) else {
            throw OperationsError.missingFile(path: list)
        }
        let bytes = try DataDirectory.bytes(of: list)
        do { return try BackupManifest(json: try StrictJSON.parse(bytes)) } catch {
            throw differs("its list cannot be read: \(error)")
        }
    }

    private func differs(_ what: String) -> OperationsError {
        .backupDiffers(path: path, what: what)
    }

    // MARK: Files

    private func files() throws -> [BackupManifest.File] {
        var files: [BackupManifest.File] = []
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        for name in names where name != BackupManifest.name {
            var isFolder: ObjCBool = false
            let place = "\(path)/\(name)"
            guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder),
                !isFolder.boolValue, !name.hasSuffix("-shm"), !name.hasSuffix("-wal")
            else { continue }
            let (count, digest) = try Self.digest(of: place)
            files.append(.init(name: name, byteCount: count, digest: digest))
        }
        return files
    }

    /// Bytes and SHA-256 of a file, read in pieces.
    private static func digest(of path: String) throws -> (Int64, Digest) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw OperationsError.missingFile(path: path)
        }
        var (stream, count) = (Digest.Stream(), Int64(0))
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            stream.append(piece)
            count += Int64(piece.count)
        }
        try file.close()
        return (count, stream.finish())
    }

    private func copyDatabase(of source: DataDirectory) throws {
        if ProvokedFaults(dataDirectory: source.path).isBroken(.copiesMainFile) {
            return try FileManager.default.copyItem(
                atPath: source.database, toPath: directory.database)
        }
        let database = try ReadOnlyDatabase(path: source.database, anyVersion: true)
        try database.copy(into: directory.database)
        try database.close()
    }

    private static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    /// Copies a file, or a folder with all that is inside; nothing where there is none.
    private func copy(_ name: String, from source: String) throws {
        let (files, origin, target) = (
            FileManager.default, "\(source)/\(name)", "\(path)/\(name)"
        )
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: origin, isDirectory: &isFolder) else { return }
        guard isFolder.boolValue else {
            // What a link leads to, since elsewhere it may lead nowhere.
            return try DurableFile.createNew(
                path: target, with: try DataDirectory.bytes(of: origin), mode: 0o640)
        }
        try Self.makeFolder(target)
        for inner in try files.contentsOfDirectory(atPath: origin).sorted() {
            try copy("\(name)/\(inner)", from: source)
        }
    }

    /// Copies every file of a folder, or none.
    private static func copyKeys(from source: String, to target: String) throws {
        let files = FileManager.default
        try makeFolder(target)
        var made: [String] = []
        do {
            for file in try files.contentsOfDirectory(atPath: source).sorted() {
                guard let bytes = files.contents(atPath: "\(source)/\(file)") else {
                    throw OperationsError.missingFile(path: "\(source)/\(file)")
                }
                let path = "\(target)/\(file)"
                try DurableFile.createNew(path: path, with: Array(bytes), mode: 0o600)
                made.append(path)
            }
        } catch {
            for path in made { try files.removeItem(atPath: path) }
            throw error
        }
    }

    // MARK: Logs

    private func opened() throws -> ReadOnlyDatabase {
        try ReadOnlyDatabase(path: directory.database, anyVersion: true)
    }

    /// Every tree recomputed from its first entry on, against tiles and newest checkpoint.
    private func checkedLogs() throws -> [BackupManifest.Log] {
        let database = try opened()
        let logs = try database.read { reading in
            if let fault = try reading.structureFault() { throw differs(fault) }
            let yards: [YardRow]
            do { yards = try YardCheck(reading: reading).yards() } catch let misfit as LogMisfit {
                throw differs(misfit.what)
            }
            return try yards.map { yard in
                let size = try reading.logSize(yard: yard.number)
                let guarding = RollbackGuard(reading: reading)
                if let stop = try guarding.check(yard, from: 0) { throw differs(stop.error.remedy) }
                let tree = try LogTree.restored(yard: yard.number, size: size, from: reading)
                let name = guarding.keyBook(of: yard)?.logName ?? yard.origin
                return BackupManifest.Log(origin: name, size: size, root: tree.root)
            }
        }
        try database.close()
        return logs
    }

    /// The copy is a beginning of the logs that it was made of.
    private func compare(_ logs: [BackupManifest.Log], with directory: DataDirectory) throws {
        let source = try ReadOnlyDatabase(path: directory.database, anyVersion: true)
        try source.read { reading in
            let yards = try reading.yards()
            for log in logs {
                let head = KnownHead(
                    origin: log.origin, size: log.size, root: log.root, source: .checkpoint)
                if try RollbackGuard(reading: reading).stop(head, yards) != nil {
                    throw differs("the copy of \(log.origin) is not what was copied")
                }
            }
        }
        try source.close()
    }

    /// The head file of the copy: its own newest signed checkpoints.
    private func writeHeads() throws {
        let database = try opened()
        let notes = try database.read { reading in
            try reading.yards().compactMap { yard in
                try reading.checkpoint(yard: yard.number).map {
                    try SignedNote.parse(Array($0.note.utf8))
                }
            }
        }
        try database.close()
        try HeadFile.replace(path: directory.heads, notes: notes)
    }
}
