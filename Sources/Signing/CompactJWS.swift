import Crypto
import Text

/// An envelope taken apart: a JWS in compact form (RFC 7515 section 7.1), nothing verified yet.
///
/// The header has exactly the members `alg` (ES256), `kid` and `typ`. All else that the standard
/// allows there (embedded keys, critical extensions, compression) is refused before any key is
/// looked up. The payload is bytes: it is not read before the signature is found valid.
package struct CompactJWS: Hashable, Sendable {
    /// What is signed: header and payload with the point between, ASCII, as received.
    package let signingInput: [UInt8]
    /// The header's JSON text.
    package let header: [UInt8]
    /// The payload.
    package let payload: [UInt8]
    /// The signature, 64 bytes: r and s.
    package let signature: [UInt8]
    /// The name of the key that is said to have signed.
    package let kid: String
    /// What the envelope is said to hold; the caller compares it with what it wants.
    package let typ: String
    /// SHA-256 of the signing input: what is signed, and by what the envelope is known.
    private let hash: SHA256Digest

    private static let point = UInt8(ascii: ".")

    /// Takes `bytes` apart. The caller limits their number beforehand.
    ///
    /// - Throws: the first of these: not three parts; a part that is not canonical base64url
    ///   (header, payload, signature); signature length; header not strict JSON; header members;
    ///   algorithm; key name; type.
    package static func parse(_ bytes: [UInt8]) throws(JWSError) -> CompactJWS {
        guard let first = bytes.place(of: point, from: 0),
            let second = bytes.place(of: point, from: first + 1),
            !bytes[(second + 1)...].contains(point)
        else { throw .partCount(found: bytes.count { $0 == point } + 1) }
        guard let header = Base64URL.decode(bytes[..<first]) else { throw .notBase64URL(.header) }
        guard let payload = Base64URL.decode(bytes[(first + 1)..<second]) else {
            throw .notBase64URL(.payload)
        }
        guard let signature = Base64URL.decode(bytes[(second + 1)...]) else {
            throw .notBase64URL(.signature)
        }
        guard signature.count == ES256PublicKey.signatureByteCount else {
            throw .signatureLength(found: signature.count)
        }
        let members = try Members(header)
        let signingInput = Array(bytes[..<second])
        return CompactJWS(
            signingInput: signingInput, header: header, payload: payload, signature: signature,
            kid: members.kid, typ: members.typ, hash: signingInput.withUnsafeBytes(SHA256.hash))
    }

    /// Whether the signature over the bytes as received is one by `key`.
    package func isSigned(by key: ES256PublicKey) -> Bool {
        key.isValid(signature, forHash: hash)
    }

    /// The names by which the journal and the receipts know this envelope: SHA-256 of the signing
    /// input. The signature has no part in it, since one message has many right signatures.
    package var signingInputDigest: Digest { Digest(hash) }
}

extension CompactJWS {
    /// The bytes of an envelope's header and payload that a signature is made over.
    ///
    /// - Parameters:
    ///   - kid: 1 to 128 of `A-Z`, `a-z`, `0-9`, `_` and `-`.
    ///   - typ: 1 to 64 visible ASCII characters.
    /// - Throws: ``JWSError/keyName`` before ``JWSError/type``.
    package static func signingInput(
        typ: String, kid: String, payload: [UInt8]
    ) throws(JWSError) -> [UInt8] {
        try Members.check(kid: kid, typ: typ)
        let header = JSONValue.fields(["alg": "ES256", "kid": .string(kid), "typ": .string(typ)])
        return Base64URL.encodedBytes(header.bytes) + [UInt8(ascii: ".")]
            + Base64URL.encodedBytes(payload)
    }

    /// The envelope of a signing input and its signature.
    package static func bytes(signingInput: [UInt8], signature: [UInt8]) -> [UInt8] {
        signingInput + [UInt8(ascii: ".")] + Base64URL.encodedBytes(signature)
    }

    /// The members of the header that carry something.
    private struct Members {
        let kid: String
        let typ: String

        init(_ header: [UInt8]) throws(JWSError) {
            let document: JSONValue
            do {
                document = try StrictJSON.parse(header, depthMax: 1)
            } catch {
                throw .headerNotJSON(error)
            }
            let algorithm: String
            do {
                var reader = try ObjectReader(document)
                algorithm = try reader.string("alg")
                kid = try reader.string("kid")
                typ = try reader.string("typ")
                try reader.finish()
            } catch {
                throw .headerShape(error)
            }
            guard algorithm == "ES256" else { throw .algorithm }
            try Self.check(kid: kid, typ: typ)
        }

        static func check(kid: String, typ: String) throws(JWSError) {
            guard (1...128).contains(kid.utf8.count), kid.utf8.allSatisfy(isNameByte) else {
                throw .keyName
            }
            guard (1...64).contains(typ.utf8.count),
                typ.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else { throw .type }
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
