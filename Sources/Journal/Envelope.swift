import Sales
import Signing
package import Text

/// A personal value with the salt that ties it to its digest.
package struct Disclosure: Hashable, Sendable {
    package let name: PersonalField
    /// 32 random bytes.
    package let salt: [UInt8]
    /// 1 to ``Text/ShortText/charactersMax`` characters.
    package let value: String

    package init(name: PersonalField, salt: [UInt8], value: String) {
        self.name = name
        self.salt = salt
        self.value = value
    }

    /// SHA-256 of salt and value (design decision 8).
    package var digest: PersonalDigest {
        PersonalDigest(name: name, digest: Digest.sha256(salt + Array(value.utf8)))
    }
}

/// What a terminal submits: the signed record and, beside it, the personal data.
package struct Envelope: Hashable, Sendable {
    /// The compact JWS as received, byte for byte.
    package let jws: [UInt8]
    package let disclosures: [Disclosure]

    package init(jws: [UInt8], disclosures: [Disclosure]) {
        self.jws = jws
        self.disclosures = disclosures
    }

    /// Largest JWS that fits into a log entry with its other lines (trust.md 4.3).
    package static let jwsBytesMax = 16_000
}

extension Envelope {
    /// The JSON form of docs/formats/envelope.md.
    package var json: JSONValue {
        .fields([
            "jws": .string(String(decoding: jws, as: UTF8.self)),
            "personal": .array(disclosures.map(\.json)),
        ])
    }

    package init(json: JSONValue, path: String = "envelope") throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        jws = Array(try reader.string("jws").utf8)
        disclosures = try reader.list("personal", Disclosure.init(json:path:))
        try reader.finish()
    }
}

extension Disclosure {
    package var json: JSONValue {
        .fields([
            "name": .string(name.rawValue), "salt": .string(Base64URL.encode(salt)),
            "value": .string(value),
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        name = try reader.choice("name")
        guard let salt = Base64URL.decode(try reader.string("salt")), salt.count == 32 else {
            throw reader.problem("salt", wanted: "32 bytes in base64url")
        }
        self.salt = salt
        value = try reader.string("value")
        guard !value.isEmpty, !value.isTooLong else {
            throw reader.problem("value", wanted: "1 to \(ShortText.charactersMax) characters")
        }
        try reader.finish()
    }
}

/// The server's answer to a recorded envelope: it is the proof (design decision 5).
package struct Acknowledgement: Hashable, Sendable {
    /// Position in the yard's log.
    package let index: Int64
    /// True if these bytes were recorded before.
    package let isRepeat: Bool
    package let flags: [String]
    /// The entry as stored; its leaf hash is what the proof proves.
    package let entry: [UInt8]
    /// Proof file in the C2SP tlog-proof format, with the signed checkpoint inside.
    package let proof: String

    package init(index: Int64, isRepeat: Bool, flags: [String], entry: [UInt8], proof: String) {
        self.index = index
        self.isRepeat = isRepeat
        self.flags = flags
        self.entry = entry
        self.proof = proof
    }

    package var json: JSONValue {
        .fields([
            "index": .integer(index), "repeat": .bool(isRepeat),
            "flags": .array(flags.map { .string($0) }),
            "entry": .string(String(decoding: entry, as: UTF8.self)), "proof": .string(proof),
        ])
    }

    package init(json: JSONValue, path: String = "acknowledgement") throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        index = try reader.integer("index", in: 0...9_007_199_254_740_991)
        isRepeat = try reader.bool("repeat")
        flags = try reader.array("flags").compactMap(\.string)
        entry = Array(try reader.string("entry").utf8)
        proof = try reader.string("proof")
        try reader.finish()
    }
}
