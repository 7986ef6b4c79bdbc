import CPKCS11
package import Signing
import Synchronization
import Text

/// Why a token (HSM) does not do what it should.
package struct TokenError: Error, Hashable, Sendable {
    /// The label of the token.
    package let token: String
    /// The step that failed, in words.
    package let step: String
    /// The module's return value (CKR_…); 0 if it was not asked.
    package let value: UInt

    package var code: String { "token" }
}

extension TokenError: CustomStringConvertible {
    package var description: String {
        let number = value == 0 ? "" : " (PKCS#11 error 0x\(String(value, radix: 16)))"
        return "token \(token): \(step)\(number)"
    }
}

/// A session with a token of a PKCS#11 module, used by one thread at a time.
package final class Token: Sendable {
    /// What a key in a token is for; both make their signatures inside it.
    package enum Kind: String, Hashable, Sendable {
        case es256, ed25519

        fileprivate var raw: hofbuch_key_kind {
            switch self {
            case .es256: hofbuch_key_es256
            case .ed25519: hofbuch_key_ed25519
            }
        }
    }

    /// A private key that stays in the token.
    struct Key {
        let handle: UInt
        /// The public half: 64 bytes or 32.
        let publicKey: [UInt8]
    }

    package let label: String
    private let session: Mutex<Session>

    private struct Session: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// Opens a session and signs in.
    ///
    /// - Throws: ``FileError`` for the PIN; ``TokenError``.
    package init(_ settings: TokenSettings) throws {
        let pin = try settings.readPIN()
        var error = hofbuch_token_error()
        guard
            let opened = hofbuch_token_open(
                settings.module, settings.token, pin, pin.count, &error)
        else { throw TokenError(settings.token, error) }
        label = settings.token
        session = Mutex(Session(pointer: opened))
    }

    deinit { session.withLock { hofbuch_token_close($0.pointer) } }

    func find(_ kind: Kind, label: String) throws -> Key {
        var publicKey = [UInt8](repeating: 0, count: 64)
        let handle = try asked { token, error in
            hofbuch_token_find(token, kind.raw, label, &publicKey, &error)
        }
        return Key(
            handle: handle, publicKey: kind == .es256 ? publicKey : Array(publicKey.prefix(32)))
    }

    func generate(_ kind: Kind, label: String) throws {
        _ = try asked { hofbuch_token_generate($0, kind.raw, label, &$1) }
    }

    /// 64 bytes; see `hofbuch_token_sign`.
    func sign(_ kind: Kind, _ key: Key, _ message: [UInt8]) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        _ = try asked { token, error in
            UInt(
                hofbuch_token_sign(
                    token, kind.raw, key.handle, message, message.count, &signature, &error))
        }
        return signature
    }

    private func asked(
        _ question: (OpaquePointer, inout hofbuch_token_error) -> UInt
    ) throws -> UInt {
        var error = hofbuch_token_error()
        let answer = session.withLock { question($0.pointer, &error) }
        guard answer != 0 else { throw TokenError(label, error) }
        return answer
    }
}

extension TokenError {
    fileprivate init(_ token: String, _ error: hofbuch_token_error) {
        self.init(
            token: token, step: error.step.map { String(cString: $0) } ?? "unknown",
            value: UInt(error.value))
    }
}

/// Makes ES256 signatures inside a token (CKM_ECDSA over a SHA-256 digest).
package struct TokenES256Key: ES256Signer {
    private let token: Token
    private let key: Token.Key
    package let publicKey: ES256PublicKey

    /// The key called `label`, tried out once.
    ///
    /// - Throws: ``TokenError``; ``KeyError/invalidKey`` if what it signs does not verify.
    package init(_ token: Token, label: String) throws {
        self.token = token
        key = try token.find(.es256, label: label)
        guard let publicKey = ES256PublicKey(raw: key.publicKey) else { throw KeyError.invalidKey }
        self.publicKey = publicKey
        let message = Array("hofbuch".utf8)
        guard publicKey.isValid(try sign(message), for: message) else { throw KeyError.invalidKey }
    }

    package var place: KeyPlace { .token(token.label) }

    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try token.sign(.es256, key, Digest.sha256(message).bytes)
    }
}

/// Makes Ed25519 signatures inside a token (CKM_EDDSA).
package struct TokenEd25519Key: Ed25519Signer {
    private let token: Token
    private let key: Token.Key
    package let publicKey: Ed25519PublicKey

    /// The key called `label`, tried out once.
    ///
    /// - Throws: ``TokenError``; ``KeyError/invalidKey`` if what it signs does not verify.
    package init(_ token: Token, label: String) throws {
        self.token = token
        key = try token.find(.ed25519, label: label)
        guard let publicKey = Ed25519PublicKey(raw: key.publicKey) else {
            throw KeyError.invalidKey
        }
        self.publicKey = publicKey
        let message = Array("hofbuch".utf8)
        guard publicKey.isValid(try sign(message), for: message) else { throw KeyError.invalidKey }
    }

    package var place: KeyPlace { .token(token.label) }

    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try token.sign(.ed25519, key, message)
    }
}

extension Token {
    /// Makes a key called `label` that never leaves the token.
    ///
    /// - Throws: ``TokenError``.
    package func makeES256(label: String) throws -> TokenES256Key {
        try generate(.es256, label: label)
        return try TokenES256Key(self, label: label)
    }

    /// Makes a key called `label` that never leaves the token.
    ///
    /// - Throws: ``TokenError``.
    package func makeEd25519(label: String) throws -> TokenEd25519Key {
        try generate(.ed25519, label: label)
        return try TokenEd25519Key(self, label: label)
    }
}
