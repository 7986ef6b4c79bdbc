import Foundation
import TerminalStorage

/// The files of a terminal, used by one process at a time.
///
/// The lock goes with the process, however it ends, so a killed program leaves nothing behind.
final class TerminalFolder: Sendable {
    let path: String
    private let lock: CInt

    /// Takes the folder, which is made if it is not there, for its owner only.
    ///
    /// - Throws: ``TerminalError`` `in-use` if another process has it.
    init(taking path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        self.path = path
        lock = Foundation.open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            Foundation.close(lock)
            throw TerminalError(
                .inUse, "Das Gerät ist schon in einem anderen Programm geöffnet.", .unchanged,
                "Benutzen Sie die Seite des laufenden Programms oder beenden Sie es.")
        }
    }

    /// Lets another process take the folder.
    func release() {
        // A child process between fork and exec still has the descriptor; closing would wait for
        // it.
        flock(lock, LOCK_UN)
        Foundation.close(lock)
    }

    /// Whether `path` looks like a terminal.
    static func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/terminal.db")
    }

    var database: String { path + "/terminal.db" }
    var key: String { path + "/terminal.key" }
    /// The next key, until it is in force.
    var nextKey: String { path + "/terminal-next.key" }
    /// The town's own receipt templates, where there are any.
    var receipts: String { path + "/receipts" }
}
