/// One alphabet of RFC 4648 with 64 letters, and whether the text is filled up with `=`.
struct BaseCodec: Sendable {
    private let letters: [UInt8]
    private let values: [UInt8]

    private static let invalid: UInt8 = 0xFF
    private static let filler = UInt8(ascii: "=")

    /// The last two letters are all that differs between the alphabets.
    init(letter62: UInt8, letter63: UInt8) {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        letters = digits + [letter62, letter63]
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: UnsafeBufferPointer<UInt8>, isPadded: Bool) -> [UInt8] {
        let lengthMax = (bytes.count + 2) / 3 * 4
        return letters.withUnsafeBufferPointer { letters in
            [UInt8](unsafeUninitializedCapacity: lengthMax) { text, length in
                var index = 0
                func put(_ value: UInt32) {
                    text.initializeElement(at: length, to: letters[Int(value & 0x3F)])
                    length += 1
                }
                while index + 3 <= bytes.count {
                    let group = bytes.group(at: index)
                    put(group >> 18)
                    put(group >> 12)
                    put(group >> 6)
                    put(group)
                    index += 3
                }
                guard index < bytes.count else { return }
                let group = bytes.group(at: index)
                put(group >> 18)
                put(group >> 12)
                if bytes.count - index == 2 { put(group >> 6) }
                guard isPadded else { return }
                while length < lengthMax {
                    text.initializeElement(at: length, to: Self.filler)
                    length += 1
                }
            }
        }
    }

    /// Nil for a foreign letter, a wrong length or fill, and for a last letter with stray bits
    /// (two texts would then stand for the same bytes).
    func decode(_ text: UnsafeBufferPointer<UInt8>, isPadded: Bool) -> [UInt8]? {
        var count = text.count
        if isPadded {
            guard count % 4 == 0 else { return nil }
            while count > 0, text.count - count < 2, text[count - 1] == Self.filler { count -= 1 }
        }
        guard count % 4 != 1 else { return nil }
        return values.withUnsafeBufferPointer { values in
            var isValid = true
            let bytes = [UInt8](unsafeUninitializedCapacity: count * 3 / 4) { bytes, length in
                isValid = Self.decode(text, count: count, values: values, to: bytes)
                length = isValid ? count * 3 / 4 : 0
            }
            return isValid ? bytes : nil
        }
    }

    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, count: Int, values: UnsafeBufferPointer<UInt8>,
        to bytes: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        var index = 0
        var length = 0
        // Valid letters have values below 64, so one bit of 0xC0 tells that any was foreign.
        var seen: UInt8 = 0
        func value(_ offset: Int) -> UInt32 {
            let value = values[Int(text[offset])]
            seen |= value
            return UInt32(value & 0x3F)
        }
        func put(_ byte: UInt32) {
            bytes.initializeElement(at: length, to: UInt8(truncatingIfNeeded: byte))
            length += 1
        }
        while index + 4 <= count {
            let group =
                value(index) << 18 | value(index + 1) << 12 | value(index + 2) << 6
                | value(index + 3)
            put(group >> 16)
            put(group >> 8)
            put(group)
            index += 4
        }
        var stray: UInt32 = 0
        switch count - index {
        case 2:
            let group = value(index) << 18 | value(index + 1) << 12
            put(group >> 16)
            stray = group & 0xFFFF
        case 3:
            let group = value(index) << 18 | value(index + 1) << 12 | value(index + 2) << 6
            put(group >> 16)
            put(group >> 8)
            stray = group & 0xFF
        default: break
        }
        return seen & 0xC0 == 0 && stray == 0
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Up to three bytes from `index` as one number of 24 bits, filled with zeros.
    fileprivate func group(at index: Int) -> UInt32 {
        var group = UInt32(self[index]) << 16
        if index + 1 < count { group |= UInt32(self[index + 1]) << 8 }
        if index + 2 < count { group |= UInt32(self[index + 2]) }
        return group
    }
}

extension Sequence<UInt8> {
    /// Calls `body` with the bytes in one piece of memory, copied only where they are not already.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = withContiguousStorageIfAvailable(body) { return result }
        return Array(self).withUnsafeBufferPointer(body)
    }
}
