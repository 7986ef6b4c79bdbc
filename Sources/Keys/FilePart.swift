import Glibc

/// Reads part of an open file.
package enum FilePart {
    /// At most `count` bytes from `offset` on; fewer only at the end of the file.
    ///
    /// - Parameter failure: what to throw where the system cannot read; made while `errno` says
    ///   why.
    package static func read(
        _ count: Int, of file: CInt, at offset: Int64, else failure: @autoclosure () -> any Error
    ) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let found = pread(
                    file, buffer.baseAddress?.advanced(by: filled), count - filled,
                    off_t(offset) + off_t(filled))
                if found < 0, errno == EINTR { continue }
                guard found >= 0 else { throw failure() }
                if found == 0 { return }
                filled += found
            }
        }
    }
}
