/// ECDSA signatures on P-256 as Java, Secure Enclave and OpenSSL give them: SEQUENCE of two
/// INTEGERs in DER (RFC 3279 section 2.2.3). Envelopes take the raw form only, so whoever signs
/// with such a key converts.
package enum DERSignature {
    private static let sequenceTag: UInt8 = 0x30
    private static let integerTag: UInt8 = 0x02
    private static let numberByteCount = 32

    /// The 64 bytes r ‖ s of a signature; nil for whatever is not its one DER encoding, and for
    /// numbers that are negative or longer than 32 bytes.
    package static func raw(_ der: [UInt8]) -> [UInt8]? {
        var rest = der[...]
        guard var numbers = content(of: sequenceTag, &rest), rest.isEmpty,
            let r = number(&numbers), let s = number(&numbers), numbers.isEmpty
        else { return nil }
        return r + s
    }

    /// Takes one element off; both lengths that can occur are written in one byte.
    private static func content(of tag: UInt8, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<
        UInt8
    >? {
        guard rest.count >= 2, rest.first == tag else { return nil }
        let length = Int(rest[rest.startIndex + 1])
        guard length < 0x80, rest.count >= 2 + length else { return nil }
        defer { rest = rest.dropFirst(2 + length) }
        return rest.dropFirst(2).prefix(length)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let content = content(of: integerTag, &rest), let first = content.first, first < 0x80
        else { return nil }
        // A zero byte stands before a first byte that would read as a sign, and nowhere else.
        let isPadded = first == 0 && content.count > 1
        let digits = isPadded ? content.dropFirst() : content
        guard !isPadded || digits[digits.startIndex] >= 0x80, digits.count <= numberByteCount else {
            return nil
        }
        return [UInt8](repeating: 0, count: numberByteCount - digits.count) + digits
    }
}
