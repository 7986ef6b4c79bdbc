import Foundation
import Glibc

/// Where an installation keeps its files: one folder, nothing outside it.
package struct DataDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var database: String { path + "/hofbuch.sqlite3" }
    /// Every key of the server lies here, each in a file with the ending `.key`, mode 0600.
    package var keys: String { path + "/keys" }
    /// Which HSM holds keys, if one does.
    package var token: String { keys + "/token.json" }
    /// The first private key of the server's own records (ES256).
    package var recordKey: String { keys + "/records.key" }
    /// The key of the digests that plates are found by (HMAC-SHA-256).
    package var searchKey: String { keys + "/search.key" }
    /// How long personal data is kept (``Retention``).
    package var retention: String { path + "/retention" }
    package var heads: String { path + "/heads.json" }
    /// The list of the backup that was restored here, if one was.
    package var restoredFrom: String { path + "/restored-from.json" }
    package var lock: String { path + "/lock" }
    /// Policy, settings and trusted certificates of witnessing (``WitnessSettings``).
    package var witness: String { path + "/witness" }
    package var accountPlan: String { path + "/finance/kontenplan.yaml" }
    /// How card money reaches the bank (``SettlementFiles``).
    package var settlement: String { path + "/finance/abgleich.yaml" }
    package var exportProfiles: String { path + "/finance" }
    /// Templates of the town's own; empty unless it wants others than the shipped ones.
    package var receipts: String { path + "/receipts" }

    /// The first private key of a yard's checkpoints (Ed25519).
    package func logKey(yard: String) -> String { keys + "/log-\(yard).key" }
}

extension DataDirectory {
    /// - Throws: ``OperationsError/notInitialised(path:)``,
    ///   ``OperationsError/databaseMissing(path:)``.
    package func requireDatabase() throws {
        guard !FileManager.default.fileExists(atPath: database) else { return }
        throw knowsLog
            ? OperationsError.databaseMissing(path: path)
            : OperationsError.notInitialised(path: path)
    }

    /// Whether files beside the database know of a log: its key, or its head.
    var knowsLog: Bool {
        do {
            let names =
                FileManager.default.fileExists(atPath: keys)
                ? try FileManager.default.contentsOfDirectory(atPath: keys) : []
            guard !names.contains(where: { $0.hasPrefix("log-") }) else { return true }
            return switch try HeadFile.read(path: heads, keys: { _ in [] }) {
            case .missing, .heads([]): false
            case .damaged, .heads: true
            }
        } catch {
            // What cannot be read may know of one.
            return true
        }
    }

    /// The bytes of a file that is there.
    ///
    /// - Throws: ``OperationsError/cannotRead(path:)``.
    static func bytes(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OperationsError.cannotRead(path: path)
        }
        return Array(data)
    }
}

extension DataDirectory {
    /// Makes sure that nothing stands at a path but perhaps an empty folder.
    ///
    /// - Throws: ``OperationsError/folderNotEmpty(path:)``; what the file system says.
    package static func requireEmpty(_ path: String) throws {
        let files = FileManager.default
        guard try !files.fileExists(atPath: path) || files.contentsOfDirectory(atPath: path).isEmpty
        else { throw OperationsError.folderNotEmpty(path: path) }
    }

    /// Runs `body`, which fills a folder that is not there or empty; if it throws, the folder is as
    /// it was, so that the same can be tried again.
    ///
    /// - Throws: ``OperationsError/folderNotEmpty(path:)``; what `body` throws; what the file
    ///   system says.
    static func filling<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let files = FileManager.default
        let wasThere = files.fileExists(atPath: path)
        try requireEmpty(path)
        do { return try body() } catch {
            if wasThere {
                for name in try files.contentsOfDirectory(atPath: path) {
                    try files.removeItem(atPath: "\(path)/\(name)")
                }
            } else if files.fileExists(atPath: path) {
                try files.removeItem(atPath: path)
            }
            throw error
        }
    }

    /// Makes a folder into which only its owner may look, also where it is there already. One that
    /// everybody may write to, such as `/tmp`, stays as it is.
    ///
    /// - Throws: ``OperationsError/cannotWrite(path:)`` for a folder of somebody else; what the
    ///   file system says.
    static func makePrivateFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        var status = stat()
        guard stat(path, &status) == 0 else { throw OperationsError.cannotWrite(path: path) }
        let isSticky = status.st_mode & 0o1000 != 0
        guard status.st_mode & 0o077 != 0, !isSticky else { return }
        guard chmod(path, 0o700) == 0 else { throw OperationsError.cannotWrite(path: path) }
    }

    /// Lets only the owner read and write a file. What SQLite makes beside a database has the same
    /// mode.
    ///
    /// - Throws: ``OperationsError/cannotWrite(path:)``.
    static func closeToOthers(_ path: String) throws {
        guard chmod(path, 0o600) == 0 else { throw OperationsError.cannotWrite(path: path) }
    }
}
