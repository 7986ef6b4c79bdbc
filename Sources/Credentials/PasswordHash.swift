import Keys
import Text

/// What is stored of a password: salt and scrypt hash, from which nobody can tell the password.
///
/// The text form is PHC's: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, both in base64 without padding.
/// Making and comparing take 32 MiB and some 60 ms of one core; callers do one at a time.
package struct PasswordHash: Hashable, Sendable {
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// The fewest characters of a new password.
    package static let lengthMin = 10
    /// The most bytes of UTF-8 of a password.
    package static let byteCountMax = 1024

    private static let saltByteCount = 16
    private static let hashByteCount = 32
    private static let parameters = "ln=15,r=8,p=1"

    private init(salt: [UInt8], hash: [UInt8]) {
        self.salt = salt
        self.hash = hash
    }

    /// The hash of a new password with a fresh salt.
    ///
    /// - Throws: ``PasswordError``: too short, too long, control character, unavailable.
    package static func make(_ password: String) throws -> PasswordHash {
        let composed = password.composed
        guard composed.count >= lengthMin else {
            throw PasswordError.tooShort(wanted: lengthMin, found: composed.count)
        }
        guard composed.utf8.count <= byteCountMax else {
            throw PasswordError.tooLong(wanted: byteCountMax, found: composed.utf8.count)
        }
        guard !hasControlCharacter(composed) else { throw PasswordError.controlCharacter }
        let salt = SystemRandom.bytes(saltByteCount)
        return PasswordHash(salt: salt, hash: try derive(composed, salt: salt))
    }

    /// Stands for the hash of a user who does not exist, so that the answer takes as long as for
    /// one who does. No password is known to match it.
    package static let unknownUser = PasswordHash(
        salt: [UInt8](repeating: 0, count: saltByteCount),
        hash: [UInt8](repeating: 0, count: hashByteCount))

    /// Whether `password` is the one this was made of. Letters typed in parts (a vowel and its
    /// dots) are the same as whole ones.
    ///
    /// - Throws: ``PasswordError/unavailable(reason:)``.
    package func matches(_ password: String) throws -> Bool {
        // One that was never accepted cannot match, and zero bytes at its end would not change the
        // derived key. The work is done all the same.
        let isPossible =
            password.utf8.count <= 4 * Self.byteCountMax && !Self.hasControlCharacter(password)
        let derived = try Self.derive(isPossible ? password.composed : "", salt: salt)
        return Scrypt.isEqual(derived, hash) && isPossible
    }

    private static func hasControlCharacter(_ password: String) -> Bool {
        password.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private static func derive(_ password: String, salt: [UInt8]) throws -> [UInt8] {
        try Scrypt.standard.derive(Array(password.utf8), salt: salt, count: hashByteCount)
    }
}

extension PasswordHash {
    /// The text under which the hash is stored.
    package var text: String {
        let salt = Base64.encode(salt, padding: .none)
        let hash = Base64.encode(hash, padding: .none)
        return "$scrypt$\(Self.parameters)$\(salt)$\(hash)"
    }

    /// The hash that `text` is the exact text of.
    ///
    /// - Throws: ``PasswordError/malformedHash`` for any other parameters, lengths or spelling.
    package init(text: String) throws {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0].isEmpty, parts[1].hasSameBytes(as: "scrypt"),
            parts[2].hasSameBytes(as: Self.parameters),
            let salt = Base64.decode(parts[3], padding: .none), salt.count == Self.saltByteCount,
            let hash = Base64.decode(parts[4], padding: .none), hash.count == Self.hashByteCount
        else { throw PasswordError.malformedHash }
        self.init(salt: salt, hash: hash)
    }
}
