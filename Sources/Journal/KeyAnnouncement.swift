import Sales
package import Signing
import Text
package import Units

/// What is signed when a key is to give way to a new one.
package struct KeyAnnouncement: Hashable, Sendable {
    /// Origin of the log that it is for.
    package let log: String
    package let yard: YardID
    /// Nil for the key of the server's own records.
    package let terminal: TerminalID?
    /// The new key.
    package let key: ES256PublicKey
    package let at: Timestamp

    package init(
        log: String, yard: YardID, terminal: TerminalID?, key: ES256PublicKey, at: Timestamp
    ) {
        self.log = log
        self.yard = yard
        self.terminal = terminal
        self.key = key
        self.at = at
    }

    /// The `typ` of the protected header.
    package static let typ = "wsh-rotate+jws"
    /// A longer JWS is refused.
    package static let jwsBytesMax = 2_000

    /// The payload as it is signed (docs/formats/envelope.md).
    package var payload: [UInt8] {
        JSONValue.fields([
            "v": 1, "log": .string(log), "yard": .string(yard.text),
            "terminal": terminal.map { .string($0.text) },
            "key": .string(Base64URL.encode(key.raw)), "at": .string(at.iso),
        ]).bytes
    }

    /// Reads a payload in the strict profile; unknown members are refused.
    package init(payload: [UInt8]) throws(PayloadError) {
        let json: JSONValue
        do { json = try StrictJSON.parse(payload, depthMax: 1) } catch { throw .json(error) }
        do { self = try KeyAnnouncement(json: json) } catch { throw .shape(error) }
    }

    private init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "payload")
        _ = try reader.integer("v", in: 1...1)
        log = try reader.string("log")
        yard = try reader.identifier("yard")
        terminal = reader.has("terminal") ? try reader.identifier("terminal") : nil
        key = try reader.publicKey("key")
        at = try reader.timestamp("at")
        try reader.finish()
    }

    /// The announcement that `jws` holds, if `signer` signed it.
    ///
    /// - Throws: ``KeyBookError/announcement`` for anything else.
    package init(jws: [UInt8], signedBy signer: ES256PublicKey) throws(KeyBookError) {
        guard jws.count <= Self.jwsBytesMax else { throw .announcement }
        let parts: CompactJWS
        do { parts = try CompactJWS.parse(jws) } catch { throw .announcement }
        guard parts.typ == Self.typ, parts.kid == signer.thumbprint, parts.isSigned(by: signer)
        else { throw .announcement }
        do { self = try KeyAnnouncement(payload: parts.payload) } catch { throw .announcement }
    }
}

extension ObjectReader {
    /// A P-256 public key, 64 bytes in base64url.
    mutating func publicKey(_ name: String) throws(JSONShapeError) -> ES256PublicKey {
        guard let raw = Base64URL.decode(try string(name)), let key = ES256PublicKey(raw: raw)
        else { throw problem(name, wanted: "a P-256 public key, 64 bytes in base64url") }
        return key
    }
}
