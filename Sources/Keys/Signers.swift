package import Signing
package import Transparency

/// Where a private key lives.
package enum KeyPlace: Hashable, Sendable {
    /// In a file, readable by its owner only.
    case file
    /// In a token (HSM) that does not give it out; with the token's label.
    case token(String)
}

/// Something that makes ES256 signatures: a key in a file or in an HSM.
package protocol ES256Signer: Sendable {
    var publicKey: ES256PublicKey { get }
    var place: KeyPlace { get }
    /// A signature of `message`: 32 bytes r and 32 bytes s. Another one each time.
    func sign(_ message: [UInt8]) throws -> [UInt8]
}

extension ES256Signer {
    /// An envelope around `payload` (see ``CompactJWS``).
    ///
    /// - Throws: ``JWSError`` for a wrong `kid` or `typ`; what signing throws.
    package func compactJWS(typ: String, kid: String, payload: [UInt8]) throws -> [UInt8] {
        let input = try CompactJWS.signingInput(typ: typ, kid: kid, payload: payload)
        return CompactJWS.bytes(signingInput: input, signature: try sign(input))
    }
}

/// Something that makes Ed25519 signatures: a key in a file or in an HSM.
package protocol Ed25519Signer: Sendable {
    var publicKey: Ed25519PublicKey { get }
    var place: KeyPlace { get }
    /// The signature of `message`, 64 bytes.
    func sign(_ message: [UInt8]) throws -> [UInt8]
}

extension Ed25519Signer {
    /// The public half under a name, as it is published.
    ///
    /// - Throws: ``KeyError/invalidName`` if `name` may not name a key.
    package func verifierKey(name: String, kind: VerifierKey.Kind) throws -> VerifierKey {
        guard let key = VerifierKey(name: name, kind: kind, key: publicKey) else {
            throw KeyError.invalidName
        }
        return key
    }

    /// A log's signature of a note's text under `name`.
    package func noteSignature(of text: String, name: String) throws -> NoteSignature {
        try .note(of: text, by: verifierKey(name: name, kind: .note), sign: sign)
    }

    /// A witness's signature of a checkpoint's body under `name`.
    ///
    /// - Parameter timeSeconds: since 1970, not below 0.
    package func cosignature(
        of text: String, timeSeconds: Int64, name: String
    ) throws -> NoteSignature {
        try .cosignature(
            of: text, timeSeconds: timeSeconds, by: verifierKey(name: name, kind: .cosignature),
            sign: sign)
    }
}

extension ES256PrivateKey: ES256Signer {
    package var place: KeyPlace { .file }
}

extension Ed25519PrivateKey: Ed25519Signer {
    package var place: KeyPlace { .file }
}
