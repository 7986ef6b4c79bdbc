/// Why a password or its hash cannot be used.
package enum PasswordError: Error, Hashable, Sendable {
    /// Fewer characters than wanted.
    case tooShort(wanted: Int, found: Int)
    /// More bytes of UTF-8 than are hashed.
    case tooLong(wanted: Int, found: Int)
    /// A control character.
    case controlCharacter
    /// The text is no password hash of the kind made here.
    case malformedHash
    /// The system's library could not compute the hash, for want of memory for example.
    case unavailable(reason: String)

    /// The stable name of the kind of error.
    package var code: String {
        switch self {
        case .tooShort: "password-too-short"
        case .tooLong: "password-too-long"
        case .controlCharacter: "password-control-character"
        case .malformedHash: "password-hash-malformed"
        case .unavailable: "password-hash-unavailable"
        }
    }
}
