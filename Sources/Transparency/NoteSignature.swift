import Text

/// One signature line of a note.
package struct NoteSignature: Hashable, Sendable {
    /// The signer's name, as in ``VerifierKey``.
    package let name: String
    package let keyID: UInt32
    /// What follows the key ID; its form depends on the kind of key.
    package let bytes: [UInt8]

    /// Nil if `name` is no key name or there are no bytes.
    package init?(name: String, keyID: UInt32, bytes: [UInt8]) {
        guard VerifierKey.isName(name), !bytes.isEmpty else { return nil }
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    private init(_ key: VerifierKey, _ bytes: [UInt8]) {
        name = key.name
        keyID = key.keyID
        self.bytes = bytes
    }

    private static let lineStart = "\u{2014} "

    /// The signature that `line` (without line end) is the exact text of; nil for anything else.
    init?(line: Substring) {
        guard line.utf8.starts(with: Self.lineStart.utf8) else { return nil }
        let parts = line.utf8.dropFirst(Self.lineStart.utf8.count).split(
            separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = String(parts[0]), let bytes = Base64.decode(parts[1]),
            bytes.count > 4
        else { return nil }
        let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(name: name, keyID: keyID, bytes: Array(bytes.dropFirst(4)))
    }

    /// The line without its end: em dash, name, base64 of key ID and signature.
    package var line: String {
        "\(Self.lineStart)\(name) \(Base64.encode(keyID.bigEndianBytes + bytes))"
    }

    /// The seconds since 1970 that a cosignature carries; nil unless the bytes have the form of
    /// one: 8 bytes of time below 2^63 and 64 of signature.
    package var cosignatureTimeSeconds: Int64? {
        guard bytes.count == 72 else { return nil }
        return Int64(exactly: bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A log's signature of `text`.
    ///
    /// - Parameters:
    ///   - key: the public half, of kind `note`.
    ///   - sign: makes 64 bytes of Ed25519 signature.
    /// - Throws: what `sign` throws.
    package static func note(
        of text: String, by key: VerifierKey, sign: (_ message: [UInt8]) throws -> [UInt8]
    ) rethrows -> NoteSignature {
        NoteSignature(key, try sign(Array(text.utf8)))
    }

    /// A witness's signature of `text` at a time.
    ///
    /// - Parameters:
    ///   - text: a checkpoint's body.
    ///   - timeSeconds: since 1970, not below 0.
    ///   - key: the public half, of kind `cosignature`.
    ///   - sign: makes 64 bytes of Ed25519 signature.
    /// - Throws: what `sign` throws.
    package static func cosignature(
        of text: String, timeSeconds: Int64, by key: VerifierKey,
        sign: (_ message: [UInt8]) throws -> [UInt8]
    ) rethrows -> NoteSignature {
        let signature = try sign(cosignedMessage(timeSeconds: timeSeconds, text: text))
        return NoteSignature(key, UInt64(bitPattern: timeSeconds).bigEndianBytes + signature)
    }

    /// The bytes that a cosignature is made over.
    static func cosignedMessage(timeSeconds: Int64, text: String) -> [UInt8] {
        Array("cosignature/v1\ntime \(timeSeconds)\n\(text)".utf8)
    }
}
