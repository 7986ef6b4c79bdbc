import Glibc
import Synchronization

/// Holds the data directory for one process, until ``release()`` or the end of the process. The
/// file says which process that is.
package final class ProcessLock: Sendable {
    private let descriptor: Int32
    private let isHeld = Mutex(true)

    /// - Parameter isShared: whether others may have it too, as only a broken program lets them.
    /// - Throws: ``OperationsError/inUse(path:holder:)`` if another process holds it;
    ///   ``OperationsError/cannotWrite(path:)``.
    package init(path: String, isShared: Bool = false) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OperationsError.cannotWrite(path: path) }
        guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            // `deinit` closes it: it runs for a lock that was not got, too.
            throw OperationsError.inUse(
                path: path, holder: Self.text(descriptor) ?? "another process")
        }
        // On a full disk the number stays unsaid; the lock holds all the same.
        var line = Array("process \(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { pwrite(descriptor, &line, line.count, 0) }
    }

    /// Who holds the lock at `path`; nil if nobody does.
    package static func holder(path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else {
            flock(descriptor, LOCK_UN)
            return nil
        }
        return text(descriptor) ?? "another process"
    }

    private static func text(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 1 else { return nil }
        return String(decoding: bytes.prefix(count - 1), as: UTF8.self)
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
