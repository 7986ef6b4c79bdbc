import Glibc

/// How much room is left where the database lies, and whether that is too little for sales.
package struct DiskSpace: Hashable, Sendable {
    package let path: String
    /// Bytes free for this process.
    package let free: Int64
    /// Sales stop below this many bytes…
    package let reserve: Int64
    /// …and go on from this many: a quarter more, so that it does not flicker.
    package var resumeAt: Int64 { reserve + reserve / 4 }
    package let isShort: Bool

    /// Enough for a day's close with its exports, and for moving the write-ahead log.
    package static let reserveDefault: Int64 = 256 << 20

    /// Looks at the file system of `path`.
    ///
    /// - Parameters:
    ///   - reserve: bytes; 0 watches nothing.
    ///   - wasShort: whether it was short at the last look.
    /// - Throws: ``OperationsError/cannotWrite(path:)`` where the folder cannot be looked at.
    package init(of path: String, reserve: Int64, wasShort: Bool = false) throws {
        var found = statvfs()
        guard statvfs(path, &found) == 0 else { throw OperationsError.cannotWrite(path: path) }
        self.init(
            path: path,
            free: Self.bytes(blocks: UInt64(found.f_bavail), ofBytes: UInt64(found.f_frsize)),
            reserve: reserve, wasShort: wasShort)
    }

    /// A file system over a network may claim more than there is anywhere.
    package static func bytes(blocks: UInt64, ofBytes size: UInt64) -> Int64 {
        let (bytes, isTooMany) = blocks.multipliedReportingOverflow(by: size)
        return isTooMany ? .max : Int64(clamping: bytes)
    }

    package init(path: String, free: Int64, reserve: Int64, wasShort: Bool) {
        self.path = path
        self.free = free
        self.reserve = reserve
        isShort = free < (wasShort ? reserve + reserve / 4 : reserve)
    }
}
