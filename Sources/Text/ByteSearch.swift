extension [UInt8] {
    /// The place of the first `byte` from `start` on; nil if there is none. Looks at eight bytes at
    /// a time: records are searched for the ends of lines and parts of some thousand bytes.
    package func place(of byte: UInt8, from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            var index = start
            while index + 8 <= bytes.count {
                let marks = bytes.word(at: index).marks(of: byte)
                if marks != 0 { return index + marks.firstMarkedByte }
                index += 8
            }
            return bytes[Swift.min(index, bytes.count)...].firstIndex(of: byte)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Eight bytes from `index` on, the first one lowest.
    func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}

/// Marks are the highest bits of bytes. The lowest one is right; above it there may be wrong ones.
extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Marks the bytes that are `byte`.
    func marks(of byte: UInt8) -> UInt64 { (self ^ Self.ones &* UInt64(byte)).marks(below: 1) }

    /// Marks the bytes below 128 that are smaller than `limit`, which is at most 128.
    func marks(below limit: UInt8) -> UInt64 {
        // A byte that is smaller than what is taken from it borrows into its highest bit.
        (self &- Self.ones &* UInt64(limit)) & ~self & Self.ones << 7
    }

    /// Marks the bytes from 128 on.
    var marksAboveASCII: UInt64 { self & Self.ones << 7 }

    /// The place of the lowest mark, 0 to 7.
    var firstMarkedByte: Int { trailingZeroBitCount / 8 }
}
