extension [UInt8] {
    /// The place of the first `byte` from `start` on; nil if there is none. Looks at eight bytes at
    /// a time: records are searched for the ends of lines and parts of some thousand bytes.
    package func place(of byte: UInt8, from start: Int) -> Int? {
        withUnsafeBytes { $0.place(from: start) { $0.marks(of: byte) } }
    }
}

extension UnsafeRawBufferPointer {
    /// The place of the first byte from `start` on that `marks` marks; nil if there is none. Looks
    /// at eight bytes at a time while there are as many.
    @inline(__always)
    func place(from start: Int, where marks: (UInt64) -> UInt64) -> Int? {
        var index = start
        while index + 8 <= count {
            let found = marks(word(at: index))
            if found != 0 { return index + found.firstMarkedByte }
            index += 8
        }
        while index < count {
            if marks(UInt64(repeating: self[index])) != 0 { return index }
            index += 1
        }
        return nil
    }

    /// Eight bytes from `index` on, the first one lowest.
    private func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}

/// Marks are the highest bits of bytes. The lowest one is right; above it there may be wrong ones.
extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Eight times `byte`.
    fileprivate init(repeating byte: UInt8) { self = Self.ones &* UInt64(byte) }

    /// Marks the bytes that are `byte`.
    func marks(of byte: UInt8) -> UInt64 { (self ^ UInt64(repeating: byte)).marks(below: 1) }

    /// Marks the bytes below 128 that are smaller than `limit`, which is at most 128.
    func marks(below limit: UInt8) -> UInt64 {
        // A byte that is smaller than what is taken from it borrows into its highest bit.
        (self &- UInt64(repeating: limit)) & ~self & Self.ones << 7
    }

    /// Marks the bytes from 128 on.
    var marksAboveASCII: UInt64 { self & Self.ones << 7 }

    /// The place of the lowest mark, 0 to 7.
    fileprivate var firstMarkedByte: Int { trailingZeroBitCount / 8 }
}
