import Foundation
import Glibc
import Keys
import Signing

/// A file of an export between its making and its registration: on the disk without a name, so that
/// nothing is left of it when the process ends, and hashed as it grows.
struct SpooledFile: Sendable {
    private let disk: NamelessFile
    private var hash = Digest.Stream()
    private(set) var byteCount: Int64 = 0

    /// - Throws: ``OperationsError/cannotWrite(path:)``.
    init(in directory: DataDirectory) throws {
        disk = try NamelessFile(folder: directory.path)
    }

    /// - Throws: ``OperationsError`` `diskFull`, `cannotWrite`.
    mutating func append(_ bytes: [UInt8]) throws {
        try disk.write(bytes, at: byteCount)
        hash.append(bytes)
        byteCount += Int64(bytes.count)
    }

    var digest: Digest { hash.finish() }

    /// Reads it again; fewer bytes only at the end.
    func read(_ count: Int, at offset: Int64) throws -> [UInt8] {
        try disk.read(count, at: offset)
    }
}

/// An open file that has no name any more.
private final class NamelessFile: Sendable {
    private let folder: String
    private let descriptor: Int32

    init(folder: String) throws {
        self.folder = folder
        let path = "\(folder)/.export-\(UUID().uuidString)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OperationsError.cannotWrite(path: folder) }
        unlink(path)
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8], at offset: Int64) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure }
            done += count
        }
    }

    /// Fewer bytes only at the end.
    func read(_ count: Int, at offset: Int64) throws -> [UInt8] {
        try FilePart.read(count, of: descriptor, at: offset, else: failure)
    }

    private var failure: OperationsError {
        errno == ENOSPC ? .diskFull(path: folder) : .cannotWrite(path: folder)
    }
}
