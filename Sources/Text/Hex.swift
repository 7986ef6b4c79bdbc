/// Lowercase hexadecimal text, two digits a byte.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The text of `bytes`; the empty text for none.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let text = bytes.withBytes { bytes in
            bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of `text`; nil for an odd length, capital letters and anything else but `0-9a-f`.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        text.withBytes { text -> [UInt8]? in
            guard text.count % 2 == 0 else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 2)
            for index in stride(from: 0, to: text.count, by: 2) {
                guard let high = value(text[index]), let low = value(text[index + 1]) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            }
            return bytes
        }
    }

    /// ``decode(_:)`` of a string.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
