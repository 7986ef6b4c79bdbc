import Crypto

/// A key that makes keyed digests (HMAC-SHA-256): who does not have it can neither make nor guess
/// one. Never printed: its description hides it.
package struct DigestKey: Sendable, CustomStringConvertible {
    /// The 32 bytes to be kept secret.
    let raw: [UInt8]

    package var description: String { "a digest key" }

    private init(_ raw: [UInt8]) {
        self.raw = raw
    }

    /// Nil unless there are 32 bytes.
    init?(raw: [UInt8]) {
        guard raw.count == 32 else { return nil }
        self.init(raw)
    }

    /// A new key from the system's randomness.
    package static func generate() -> DigestKey { DigestKey(SystemRandom.bytes(32)) }

    /// The keyed digest of `bytes`, 32 bytes.
    ///
    /// - Parameter purpose: what it is for; digests for other purposes never meet.
    package func digest(of bytes: [UInt8], for purpose: String) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(
                for: Array(purpose.utf8) + [0] + bytes, using: SymmetricKey(data: raw)))
    }
}
