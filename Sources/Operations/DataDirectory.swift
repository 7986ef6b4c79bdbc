import Foundation
import Glibc
import Synchronization

/// Where an installation keeps its files: one folder, nothing outside it.
package struct DataDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var database: String { path + "/hofbuch.sqlite3" }
    /// The private key of the server's own records (ES256), mode 0600.
    package var recordKey: String { path + "/keys/records.key" }
    package var heads: String { path + "/heads.json" }
    package var lock: String { path + "/lock" }
    package var accountPlan: String { path + "/finance/kontenplan.yaml" }
    package var exportProfiles: String { path + "/finance" }
    /// Templates of the town's own; empty unless it wants others than the shipped ones.
    package var receipts: String { path + "/receipts" }

    /// The private key of a yard's checkpoints (Ed25519), mode 0600.
    package func logKey(yard: String) -> String { path + "/keys/log-\(yard).key" }
}

/// Holds the data directory for one process, until ``release()`` or the end of the process.
package final class ProcessLock: Sendable {
    private let descriptor: Int32
    private let isHeld = Mutex(true)

    /// - Throws: ``OperationsError/inUse(path:)`` if another process holds it.
    package init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OperationsError.cannotWrite(path: path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw OperationsError.inUse(path: path)
        }
    }

    /// Lets go; further calls do nothing.
    package func release() {
        isHeld.withLock { held in
            guard held else { return }
            // A child process between fork and exec still has the descriptor; closing would wait
            // for it.
            flock(descriptor, LOCK_UN)
            Glibc.close(descriptor)
            held = false
        }
    }

    deinit { release() }
}
