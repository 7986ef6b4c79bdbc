import Crypto
package import Signing
import Text

/// A key that makes ES256 signatures. Never printed: its description hides it.
package struct ES256PrivateKey: Sendable {
    private let key: P256.Signing.PrivateKey
    /// The half that checks.
    package let publicKey: ES256PublicKey

    /// The length of a key in bytes.
    package static let byteCount = 32

    /// A new key from the system's randomness.
    package static func generate() throws -> ES256PrivateKey {
        try ES256PrivateKey(P256.Signing.PrivateKey())
    }

    /// The key of 32 bytes, big-endian.
    ///
    /// - Throws: ``KeyError/invalidKey`` unless they are a number from 1 to one below the order.
    package init(raw: [UInt8]) throws {
        guard raw.count == Self.byteCount else { throw KeyError.invalidKey }
        do {
            try self.init(P256.Signing.PrivateKey(rawRepresentation: raw))
        } catch {
            throw KeyError.invalidKey
        }
    }

    private init(_ key: P256.Signing.PrivateKey) throws {
        guard let publicKey = ES256PublicKey(raw: Array(key.publicKey.rawRepresentation)) else {
            throw KeyError.invalidKey
        }
        self.key = key
        self.publicKey = publicKey
    }

    /// The 32 bytes to be kept secret.
    package var raw: [UInt8] { Array(key.rawRepresentation) }

    /// A signature of `message`: 32 bytes r and 32 bytes s. Another one each time.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: message).rawRepresentation)
    }
}

extension ES256PrivateKey: CustomStringConvertible {
    package var description: String { "private key of \(publicKey.thumbprint)" }
}

/// A key that makes Ed25519 signatures: a log's or a witness's. Its description hides it.
package struct Ed25519PrivateKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    /// The half that checks.
    package let publicKey: Ed25519PublicKey

    /// The length of a key in bytes.
    package static let byteCount = 32

    /// A new key from the system's randomness.
    package static func generate() throws -> Ed25519PrivateKey {
        try Ed25519PrivateKey(Curve25519.Signing.PrivateKey())
    }

    /// The key of 32 bytes (the seed of RFC 8032).
    ///
    /// - Throws: ``KeyError/invalidKey`` for another length.
    package init(raw: [UInt8]) throws {
        guard raw.count == Self.byteCount else { throw KeyError.invalidKey }
        try self.init(Curve25519.Signing.PrivateKey(rawRepresentation: raw))
    }

    private init(_ key: Curve25519.Signing.PrivateKey) throws {
        guard let publicKey = Ed25519PublicKey(raw: Array(key.publicKey.rawRepresentation)) else {
            throw KeyError.invalidKey
        }
        self.key = key
        self.publicKey = publicKey
    }

    /// The 32 bytes to be kept secret.
    package var raw: [UInt8] { Array(key.rawRepresentation) }

    /// The signature of `message`, 64 bytes.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: message))
    }
}

extension Ed25519PrivateKey: CustomStringConvertible {
    package var description: String { "private key of \(Hex.encode(publicKey.raw))" }
}

/// Why a key cannot be made or used.
package enum KeyError: String, Error, Hashable, Sendable {
    /// The bytes are no private key of their kind.
    case invalidKey = "invalid-key"
    /// The name may not name a key (see ``VerifierKey``).
    case invalidName = "invalid-name"

    /// The stable name of the kind of error.
    package var code: String { rawValue }
}
