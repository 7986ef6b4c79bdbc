import Foundation
import Signing
import Testing
import Text

/// A file of Wycheproof with signatures.
private struct SignatureFile: Decodable {
    let testGroups: [Group]

    struct Group: Decodable {
        let publicKey: Key
        let tests: [Case]
    }

    struct Key: Decodable {
        let uncompressed: String?
        let pk: String?
    }

    struct Case: Decodable {
        let tcId: Int
        let msg: String
        let sig: String
        let result: String
    }
}

@Suite struct PublicKeyTests {
    private static let es256File = "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json"
    private static let derFile = "wycheproof/ecdsa_secp256r1_sha256_test.json"
    private static let ed25519File = "wycheproof/ed25519_test.json"

    @Test(.enabled(if: SharedFolder.has(es256File), SharedFolder.note))
    func `ES256 signatures are judged as Wycheproof does`() throws {
        let file = try SharedFolder.decode(Self.es256File, as: SignatureFile.self)
        var counts = ["valid": 0, "invalid": 0]
        for group in file.testGroups {
            let point = try #require(Hex.decode(group.publicKey.uncompressed ?? ""))
            let key = try #require(ES256PublicKey(raw: Array(point.dropFirst())))
            for test in group.tests {
                let message = try #require(Hex.decode(test.msg))
                let signature = try #require(Hex.decode(test.sig))
                let isValid = key.isValid(signature, for: message)
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                #expect(key.isValid(signature, for: message.lazy.map { $0 }) == isValid)
                counts[test.result, default: 0] += 1
            }
        }
        #expect(counts == ["valid": 173, "invalid": 89])
    }

    @Test(.enabled(if: SharedFolder.has(derFile), SharedFolder.note))
    func `ES256 signatures in DER are judged as Wycheproof does`() throws {
        let file = try SharedFolder.decode(Self.derFile, as: SignatureFile.self)
        var counts = ["valid": 0, "invalid": 0]
        for group in file.testGroups {
            let point = try #require(Hex.decode(group.publicKey.uncompressed ?? ""))
            let key = try #require(ES256PublicKey(raw: Array(point.dropFirst())))
            for test in group.tests {
                let message = try #require(Hex.decode(test.msg))
                let der = try #require(Hex.decode(test.sig))
                let isValid = DERSignature.raw(der).map { key.isValid($0, for: message) } ?? false
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                counts[test.result, default: 0] += 1
            }
        }
        #expect(counts == ["valid": 174, "invalid": 310])
    }

    @Test func `a signature in DER has one spelling`() {
        let good: [UInt8] = [0x30, 6, 2, 1, 1, 2, 1, 0x7F]
        let raw = [UInt8](repeating: 0, count: 31)

        #expect(DERSignature.raw(good) == raw + [1] + raw + [0x7F])
        #expect(DERSignature.raw([0x30, 7, 2, 1, 1, 2, 2, 0, 0x80]) == raw + [1] + raw + [0x80])
        let others: [[UInt8]] = [
            [], [0x30], [0x30, 0], good + [0], Array(good.dropLast()),
            [0x31, 6, 2, 1, 1, 2, 1, 1], [0x30, 6, 3, 1, 1, 2, 1, 1],
            [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1], [0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0],
            [0x30, 7, 2, 2, 0, 1, 2, 1, 1], [0x30, 6, 2, 1, 0x80, 2, 1, 1],
            [0x30, 5, 2, 0, 2, 1, 1], [0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            [0x30, 39, 2, 34, 0, 0x80] + [UInt8](repeating: 1, count: 32) + [2, 1, 1],
        ]
        for other in others { #expect(DERSignature.raw(other) == nil, "\(other)") }
    }

    @Test(.enabled(if: SharedFolder.has(ed25519File), SharedFolder.note))
    func `Ed25519 signatures are judged as Wycheproof does`() throws {
        let file = try SharedFolder.decode(Self.ed25519File, as: SignatureFile.self)
        var counts = ["valid": 0, "invalid": 0]
        for group in file.testGroups {
            let raw = try #require(Hex.decode(group.publicKey.pk ?? ""))
            let key = try #require(Ed25519PublicKey(raw: raw))
            for test in group.tests {
                let message = try #require(Hex.decode(test.msg))
                let signature = try #require(Hex.decode(test.sig))
                #expect(
                    key.isValid(signature, for: message) == (test.result == "valid"),
                    "case \(test.tcId)")
                counts[test.result, default: 0] += 1
            }
        }
        #expect(counts == ["valid": 88, "invalid": 63])
    }

    /// The key and one signature of RFC 7515 appendix A.3.
    private static let exampleKey = ES256PublicKey(
        raw: (Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") ?? [])
            + (Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0") ?? []))
    private static let exampleInput =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx"
        + "lLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let exampleSignature = Base64URL.decode(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")

    @Test func `the example of RFC 7515 verifies, and nothing changed in one bit does`() throws {
        let key = try #require(Self.exampleKey)
        let signature = try #require(Self.exampleSignature)
        let input = Array(Self.exampleInput.utf8)

        #expect(key.isValid(signature, for: input))
        for place in signature.indices {
            var changed = signature
            changed[place] ^= 1
            #expect(!key.isValid(changed, for: input), "signature byte \(place)")
        }
        for place in input.indices {
            var changed = input
            changed[place] ^= 1
            #expect(!key.isValid(signature, for: changed), "input byte \(place)")
        }
        #expect(!key.isValid(Array(signature.dropLast()), for: input))
        #expect(!key.isValid(signature + [0], for: input))
        #expect(!key.isValid([], for: input))
    }

    @Test func `a point off the curve and wrong lengths give no key`() throws {
        let raw = try #require(Self.exampleKey).raw
        var moved = raw
        moved[63] ^= 1

        #expect(ES256PublicKey(raw: moved) == nil)
        #expect(ES256PublicKey(raw: [UInt8](repeating: 0, count: 64)) == nil)
        #expect(ES256PublicKey(raw: [UInt8](repeating: 0xFF, count: 64)) == nil)
        #expect(ES256PublicKey(raw: Array(raw.dropLast())) == nil)
        #expect(ES256PublicKey(raw: [4] + raw) == nil)
        #expect(Ed25519PublicKey(raw: []) == nil)
        #expect(Ed25519PublicKey(raw: [UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test func `the thumbprint is that of RFC 7638`() throws {
        let key = try #require(Self.exampleKey)
        let json =
            #"{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"#
            + #""x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#

        #expect(key.thumbprint == Digest.sha256(Array(json.utf8)).base64url)
        // As a Python program of a few lines computes it.
        #expect(key.thumbprint == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")
    }

    @Test func `keys are equal by their bytes`() throws {
        let raw = try #require(Self.exampleKey).raw
        let other = try #require(ES256PublicKey(raw: raw))

        #expect(other == Self.exampleKey)
        #expect(Set([other, other]).count == 1)
    }
}
