import Crypto
import Text

/// A key that checks ES256 signatures: ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4).
package struct ES256PublicKey: Sendable {
    /// The point, 32 bytes x and 32 bytes y, big-endian.
    package let raw: [UInt8]
    /// Parsed once, since finding the point costs more than a hash.
    private let key: P256.Signing.PublicKey

    /// The length of a key in bytes.
    package static let byteCount = 64
    /// The length of a signature in bytes.
    package static let signatureByteCount = 64

    /// The key at the point `raw` (x and y); nil unless they are 64 bytes and lie on the curve.
    package init?(raw: [UInt8]) {
        guard raw.count == Self.byteCount else { return nil }
        do {
            key = try P256.Signing.PublicKey(rawRepresentation: raw)
        } catch {
            return nil
        }
        self.raw = raw
    }

    /// Whether `signature` (32 bytes r, 32 bytes s, big-endian) is one of `message`.
    ///
    /// Both s and n-s are right, as the standard has it: a signature is no identity of a message.
    package func isValid(_ signature: [UInt8], for message: some Collection<UInt8>) -> Bool {
        guard signature.count == Self.signatureByteCount else { return false }
        do {
            let parsed = try P256.Signing.ECDSASignature(rawRepresentation: signature)
            let isDirect = message.withContiguousStorageIfAvailable {
                key.isValidSignature(parsed, for: UnsafeRawBufferPointer($0))
            }
            return isDirect ?? key.isValidSignature(parsed, for: Array(message))
        } catch {
            return false
        }
    }

    /// Whether `signature` is one of the message with this hash.
    func isValid(_ signature: [UInt8], forHash hash: SHA256Digest) -> Bool {
        guard signature.count == Self.signatureByteCount else { return false }
        do {
            return key.isValidSignature(
                try P256.Signing.ECDSASignature(rawRepresentation: signature), for: hash)
        } catch {
            return false
        }
    }

    /// The key's name by its content: base64url of SHA-256 over its required JWK members
    /// (RFC 7638).
    package var thumbprint: String {
        let x = Base64URL.encode(raw.prefix(32))
        let y = Base64URL.encode(raw.suffix(32))
        let members = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        return Digest.sha256(Array(members.utf8)).base64url
    }
}

extension ES256PublicKey: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.raw == right.raw }

    package func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}

/// A key that checks Ed25519 signatures (RFC 8032 section 5.1, pure, no context).
package struct Ed25519PublicKey: Sendable {
    /// The encoded point, 32 bytes.
    package let raw: [UInt8]
    private let key: Curve25519.Signing.PublicKey

    /// The length of a key in bytes.
    package static let byteCount = 32
    /// The length of a signature in bytes.
    package static let signatureByteCount = 64

    /// The key of 32 bytes; nil for another length. Bytes that are no point give a key that finds
    /// no signature valid.
    package init?(raw: [UInt8]) {
        guard raw.count == Self.byteCount else { return nil }
        do {
            key = try Curve25519.Signing.PublicKey(rawRepresentation: raw)
        } catch {
            return nil
        }
        self.raw = raw
    }

    /// Whether `signature` (64 bytes) is one of `message`.
    package func isValid(_ signature: [UInt8], for message: some Collection<UInt8>) -> Bool {
        guard signature.count == Self.signatureByteCount else { return false }
        return key.isValidSignature(signature, for: Array(message))
    }
}

extension Ed25519PublicKey: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.raw == right.raw }

    package func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}
