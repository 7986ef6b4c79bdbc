import Keys
import Signing
import Testing
import Text
import Transparency

@Suite struct PrivateKeyTests {
    @Test func `an ES256 signature verifies and differs each time`() throws {
        let key = try ES256PrivateKey.generate()
        let message = Array("message".utf8)
        let first = try key.sign(message)
        let second = try key.sign(message)

        #expect(first.count == 64)
        #expect(key.publicKey.isValid(first, for: message))
        #expect(key.publicKey.isValid(second, for: message))
        #expect(first != second)
        #expect(try ES256PrivateKey(raw: key.raw).publicKey == key.publicKey)
        #expect(try ES256PrivateKey.generate().raw != key.raw)
    }

    @Test func `the known key of RFC 7515 has its known public half`() throws {
        let raw = try #require(Base64URL.decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"))
        let key = try ES256PrivateKey(raw: raw)

        #expect(
            Base64URL.encode(key.publicKey.raw.prefix(32))
                == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
    }

    @Test func `bytes that are no private key are refused`() throws {
        let order = try #require(
            Hex.decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"))
        var last = order
        last[31] -= 1

        _ = try ES256PrivateKey(raw: last)
        for raw in [order, [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 32)] {
            #expect(throws: KeyError.invalidKey) { try ES256PrivateKey(raw: raw) }
        }
        for count in [0, 31, 33] {
            let raw = [UInt8](repeating: 1, count: count)
            #expect(throws: KeyError.invalidKey) { try ES256PrivateKey(raw: raw) }
            #expect(throws: KeyError.invalidKey) { try Ed25519PrivateKey(raw: raw) }
        }
    }

    @Test func `the first example of RFC 8032 has its public half and signature`() throws {
        let raw = try #require(
            Hex.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try Ed25519PrivateKey(raw: raw)
        let signature = try #require(
            Hex.decode(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"))

        #expect(
            Hex.encode(key.publicKey.raw)
                == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(key.publicKey.isValid(signature, for: [UInt8]()))
        #expect(key.publicKey.isValid(try key.sign([]), for: [UInt8]()))
    }

    @Test func `an envelope made here is taken apart and verifies`() throws {
        let key = try ES256PrivateKey.generate()
        let payload = Array(#"{"seq":1}"#.utf8)
        let bytes = try key.compactJWS(
            typ: "wsh-sale+jws", kid: key.publicKey.thumbprint, payload: payload)
        let jws = try CompactJWS.parse(bytes)

        #expect(jws.payload == payload)
        #expect(jws.kid == key.publicKey.thumbprint)
        #expect(jws.isSigned(by: key.publicKey))
        #expect(!jws.isSigned(by: try ES256PrivateKey.generate().publicKey))
        #expect(throws: JWSError.keyName) {
            try key.compactJWS(typ: "t", kid: "a b", payload: payload)
        }
    }

    @Test func `a log and a witness sign a checkpoint`() throws {
        let log = try Ed25519PrivateKey.generate()
        let witness = try Ed25519PrivateKey.generate()
        let checkpoint = try #require(
            Checkpoint(origin: "example.org/log", size: 0, root: MerkleTree.emptyRoot))
        let note = try SignedNote(
            text: checkpoint.body,
            signatures: [
                log.noteSignature(of: checkpoint.body, name: checkpoint.origin),
                witness.cosignature(
                    of: checkpoint.body, timeSeconds: 1_700_000_000, name: "example.org/w"),
            ])
        let keys = [
            try log.verifierKey(name: checkpoint.origin, kind: .note),
            try witness.verifierKey(name: "example.org/w", kind: .cosignature),
        ]

        #expect(try note.verified(by: keys) == keys)
        #expect(throws: KeyError.invalidName) { try log.noteSignature(of: "a\n", name: "a b") }
    }

    @Test func `a printed key shows nothing of it`() throws {
        let es256 = try ES256PrivateKey.generate()
        let ed25519 = try Ed25519PrivateKey.generate()

        #expect(!"\(es256)".contains(Base64URL.encode(es256.raw)))
        #expect("\(es256)".contains(es256.publicKey.thumbprint))
        #expect(!"\(ed25519)".contains(Base64URL.encode(ed25519.raw)))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 16, 1000]) func `random bytes come in any number`(count: Int) {
        let bytes = SystemRandom.bytes(count)

        #expect(bytes.count == count)
        if count >= 16 { #expect(bytes != SystemRandom.bytes(count)) }
        if count == 1000 { #expect(Set(bytes).count > 200) }
    }
}
