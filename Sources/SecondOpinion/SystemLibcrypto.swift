import CLibcrypto

/// Signature checks by the system's libcrypto: other code than what the server runs on, so that a
/// fault of one library does not go unseen.
package enum SystemLibcrypto {
    /// Whether `signature` (r and s, 64 bytes) is ES256 of `message` by `key` (x and y, 64 bytes).
    package static func isES256(
        _ signature: [UInt8], _ message: [UInt8], by key: [UInt8]
    ) -> Bool {
        guard signature.count == 64, key.count == 64 else { return false }
        let info = spkiStart + key
        let parsed: OpaquePointer? = info.withUnsafeBufferPointer { bytes in
            var place: UnsafePointer<UInt8>? = bytes.baseAddress
            return d2i_PUBKEY(nil, &place, info.count)
        }
        return verify(parsed, EVP_sha256(), der(signature), message)
    }

    /// Whether `signature` (64 bytes) is Ed25519 of `message` by `key` (32 bytes).
    package static func isEd25519(
        _ signature: [UInt8], _ message: [UInt8], by key: [UInt8]
    ) -> Bool {
        guard signature.count == 64, key.count == 32 else { return false }
        let parsed = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, key, key.count)
        return verify(parsed, nil, signature, message)
    }

    private static func verify(
        _ key: OpaquePointer?, _ digest: OpaquePointer?, _ signature: [UInt8],
        _ message: [UInt8]
    ) -> Bool {
        guard let key else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// The start of a P-256 public key in DER (RFC 5480), up to the point's coordinates.
    private static let spkiStart: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
        0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ]

    /// Two numbers of 32 bytes as the sequence of integers that libcrypto reads (RFC 3279).
    private static func der(_ signature: [UInt8]) -> [UInt8] {
        let body = integer(signature.prefix(32)) + integer(signature.suffix(32))
        return [0x30, UInt8(body.count)] + body
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
