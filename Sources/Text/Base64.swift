/// Base64 with `+` and `/` (RFC 4648 section 4).
package enum Base64 {
    /// Whether the text is filled up with `=` to a multiple of four letters.
    package enum Padding: Hashable, Sendable { case required, none }

    private static let codec = BaseCodec(
        letter62: UInt8(ascii: "+"), letter63: UInt8(ascii: "/"))

    /// The text of `bytes`; the empty text for none.
    package static func encode(
        _ bytes: some Sequence<UInt8>, padding: Padding = .required
    ) -> String {
        let text = bytes.withBytes { codec.encode($0, isPadded: padding == .required) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of `bytes` in ASCII, with padding.
    package static func encodedBytes(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.withBytes { codec.encode($0, isPadded: true) }
    }

    /// The bytes of `text`; nil unless it is what ``encode(_:padding:)`` writes for them.
    package static func decode(
        _ text: some Sequence<UInt8>, padding: Padding = .required
    ) -> [UInt8]? {
        text.withBytes { codec.decode($0, isPadded: padding == .required) }
    }

    /// ``decode(_:padding:)`` of a string.
    package static func decode(_ text: String, padding: Padding = .required) -> [UInt8]? {
        decode(text.utf8, padding: padding)
    }
}

/// Base64 with `-` and `_` and no padding (RFC 4648 section 5, RFC 7515 section 2).
package enum Base64URL {
    private static let codec = BaseCodec(
        letter62: UInt8(ascii: "-"), letter63: UInt8(ascii: "_"))

    /// The text of `bytes`; the empty text for none.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: encodedBytes(bytes), as: UTF8.self)
    }

    /// The text of `bytes` in ASCII.
    package static func encodedBytes(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.withBytes { codec.encode($0, isPadded: false) }
    }

    /// The bytes of `text`; nil unless it is what ``encode(_:)`` writes for them.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        text.withBytes { codec.decode($0, isPadded: false) }
    }

    /// ``decode(_:)`` of a string.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
    }
}
