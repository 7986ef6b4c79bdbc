import Signing
import Testing
import Text

private let payload = Array(#"{"seq":1}"#.utf8)
private let signature = [UInt8](repeating: 0x5A, count: 64)

private func envelope(
    _ header: String, payload: [UInt8] = payload, signature: [UInt8] = signature
) -> [UInt8] {
    Array(
        [Array(header.utf8), payload, signature].map { Base64URL.encode($0) }
            .joined(separator: ".").utf8)
}

private func error(_ bytes: [UInt8]) -> JWSError? {
    do {
        _ = try CompactJWS.parse(bytes)
        return nil
    } catch {
        return error
    }
}

@Suite struct CompactJWSTests {
    private static let goodHeader = #"{"alg":"ES256","kid":"terminal-1_A","typ":"wsh-sale+jws"}"#

    @Test(arguments: [
        goodHeader, #"{"typ":"wsh-sale+jws","kid":"terminal-1_A","alg":"ES256"}"#,
        "{ \"kid\" : \"terminal-1\\u005fA\",\n\"typ\":\"wsh-sale+jws\",\"alg\":\"ES\\u003256\" }",
    ])
    func `an envelope is taken apart whatever the order of its header`(header: String) throws {
        let bytes = envelope(header)
        let jws = try CompactJWS.parse(bytes)

        #expect(jws.kid == "terminal-1_A")
        #expect(jws.typ == "wsh-sale+jws")
        #expect(jws.payload == payload)
        #expect(jws.signature == signature)
        #expect(jws.header == Array(header.utf8))
        #expect(jws.signingInput == Array(bytes.prefix(bytes.count - 87)))
        #expect(jws.signingInputDigest == Digest.sha256(jws.signingInput))
        #expect(CompactJWS.bytes(signingInput: jws.signingInput, signature: signature) == bytes)
    }

    @Test(arguments: [
        ("", 1), ("a", 1), ("a.b", 2), ("a.b.c.d", 4), ("a.b.c.d.e", 5), ("....", 5),
    ])
    func `other than three parts are refused`(text: String, found: Int) {
        #expect(error(Array(text.utf8)) == .partCount(found: found))
    }

    @Test func `each part must be canonical base64url`() {
        let good = String(decoding: envelope(Self.goodHeader), as: UTF8.self)
        let parts = good.split(separator: ".").map(String.init)
        for (place, part) in [JWSError.Part.header, .payload, .signature].enumerated() {
            for suffix in ["=", "+", "A=", " ", "\n", "ä"] {
                var changed = parts
                changed[place] += suffix
                #expect(
                    error(Array(changed.joined(separator: ".").utf8)) == .notBase64URL(part))
            }
        }
        // The last letter of 64 bytes has four stray bits.
        #expect(error(Array((good.dropLast() + "h").utf8)) == .notBase64URL(.signature))
    }

    @Test(arguments: [0, 1, 63, 65, 128]) func `a signature has 64 bytes`(count: Int) {
        let bytes = envelope(
            Self.goodHeader, signature: [UInt8](repeating: 1, count: count))

        #expect(error(bytes) == .signatureLength(found: count))
    }

    @Test(arguments: [
        ("", "header-not-json"), ("{", "header-not-json"),
        (#"{"alg":"ES256","alg":"ES256","kid":"a","typ":"t"}"#, "header-not-json"),
        (#"{"alg":"ES256","kid":{},"typ":"t"}"#, "header-not-json"), ("[]", "header-shape"),
        (#"{"alg":"ES256","kid":"a"}"#, "header-shape"),
        (#"{"alg":"ES256","typ":"t"}"#, "header-shape"),
        (#"{"kid":"a","typ":"t"}"#, "header-shape"),
        (#"{"alg":1,"kid":"a","typ":"t"}"#, "header-shape"),
        (#"{"alg":"ES256","kid":null,"typ":"t"}"#, "header-shape"),
        (#"{"alg":"ES256","kid":"a","typ":"t","b64":true}"#, "header-shape"),
        (#"{"alg":"ES256","kid":"a","typ":"t","jku":"https://x"}"#, "header-shape"),
        (#"{"alg":"ES256","kid":"a","typ":"t","zip":"DEF"}"#, "header-shape"),
        (#"{"alg":"none","kid":"a","typ":"t"}"#, "algorithm"),
        (#"{"alg":"HS256","kid":"a","typ":"t"}"#, "algorithm"),
        (#"{"alg":"es256","kid":"a","typ":"t"}"#, "algorithm"),
        (#"{"alg":"ES256","kid":"","typ":"t"}"#, "key-name"),
        (#"{"alg":"ES256","kid":"a b","typ":"t"}"#, "key-name"),
        (#"{"alg":"ES256","kid":"a.b","typ":"t"}"#, "key-name"),
        (#"{"alg":"ES256","kid":"ä","typ":"t"}"#, "key-name"),
        (#"{"alg":"ES256","kid":"../../etc","typ":"t"}"#, "key-name"),
        (#"{"alg":"ES256","kid":"a","typ":""}"#, "type"),
        (#"{"alg":"ES256","kid":"a","typ":"a b"}"#, "type"),
        (#"{"alg":"ES256","kid":"a","typ":"ü"}"#, "type"),
    ])
    func `other headers are refused`(header: String, code: String) {
        #expect(error(envelope(header))?.code == code)
    }

    @Test func `lengths of key name and type have limits`() {
        func header(_ kid: Int, _ typ: Int) -> String {
            let kid = String(repeating: "k", count: kid)
            let typ = String(repeating: "t", count: typ)
            return #"{"alg":"ES256","kid":"\#(kid)","typ":"\#(typ)"}"#
        }

        #expect(error(envelope(header(128, 64))) == nil)
        #expect(error(envelope(header(129, 64))) == .keyName)
        #expect(error(envelope(header(128, 65))) == .type)
    }

    @Test func `reasons come in their order`() {
        // Each has all later faults as well.
        #expect(error(Array("=.=".utf8)) == .partCount(found: 2))
        #expect(error(Array("=.=.=".utf8)) == .notBase64URL(.header))
        #expect(error(Array("e30.=.=".utf8)) == .notBase64URL(.payload))
        #expect(error(Array("e30..=".utf8)) == .notBase64URL(.signature))
        #expect(error(Array("e30..".utf8)) == .signatureLength(found: 0))
        #expect(error(envelope(#"{"alg":"x","kid":"","typ":"","z":1}"#))?.code == "header-shape")
        #expect(error(envelope(#"{"alg":"x","kid":"","typ":""}"#)) == .algorithm)
        #expect(error(envelope(#"{"alg":"ES256","kid":"","typ":""}"#)) == .keyName)
    }

    @Test func `a signing input is made as it is read`() throws {
        let input = try CompactJWS.signingInput(
            typ: "wsh-sale+jws", kid: "terminal-1_A", payload: payload)
        let jws = try CompactJWS.parse(CompactJWS.bytes(signingInput: input, signature: signature))

        #expect(jws.header == Array(Self.goodHeader.utf8))
        #expect(jws.payload == payload)
        #expect(throws: JWSError.keyName) {
            try CompactJWS.signingInput(typ: "", kid: "a b", payload: [])
        }
        #expect(throws: JWSError.type) {
            try CompactJWS.signingInput(typ: "", kid: "a", payload: [])
        }
    }
}

/// The cases of Wycheproof's JWS file that concern ES256.
@Suite struct WycheproofJWSTests {
    private struct File: Decodable {
        let testGroups: [Group]

        struct Group: Decodable {
            let `private`: Key?
            let `public`: Key?
            let tests: [Case]
        }

        struct Key: Decodable {
            let x: String?
            let y: String?
        }

        struct Case: Decodable {
            let tcId: Int
            let jws: String
            let result: String
        }
    }

    private static let name = "wycheproof/json_web_signature_test.json"
    private static let ids = Set(Array(18...32) + [354, 356] + Array(378...401))

    /// These are refused for what the register says of the key (use, operations), not for the
    /// envelope: key 354 and 356 would not have been enrolled.
    private static let wrongUse = Set([354, 356])

    @Test(.enabled(if: SharedFolder.has(name), SharedFolder.note))
    func `ES256 envelopes are judged as Wycheproof does`() throws {
        let file = try SharedFolder.decode(Self.name, as: File.self)
        var seen = 0
        for group in file.testGroups {
            for test in group.tests where Self.ids.contains(test.tcId) {
                seen += 1
                let owner = try #require(group.public ?? group.private)
                let key = try #require(Self.key(owner))
                let isGenuine = test.result == "valid" || Self.wrongUse.contains(test.tcId)
                #expect(Self.isSigned(test.jws, by: key) == isGenuine, "case \(test.tcId)")
                // None has a type, so that ours refuses all; the genuine ones for that only.
                let refusal = error(Array(test.jws.utf8))
                #expect(refusal != nil, "case \(test.tcId)")
                if isGenuine {
                    #expect(
                        refusal
                            == .headerShape(
                                JSONShapeError(path: "typ", wanted: "string", found: "nothing")))
                }
            }
        }
        #expect(seen == 41)
    }

    private static func key(_ jwk: File.Key) -> ES256PublicKey? {
        guard let x = Base64URL.decode(jwk.x ?? ""), let y = Base64URL.decode(jwk.y ?? "") else {
            return nil
        }
        return ES256PublicKey(raw: x + y)
    }

    /// The checks of parts, base64url, algorithm and signature alone, header members let pass
    /// except an embedded key.
    private static func isSigned(_ jws: String, by key: ES256PublicKey) -> Bool {
        let parts = jws.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]),
            let document = try? StrictJSON.parse(header), document["alg"] == "ES256",
            document["jwk"] == nil, let signature = Base64URL.decode(parts[2])
        else { return false }
        return key.isValid(signature, for: Array("\(parts[0]).\(parts[1])".utf8))
    }
}
