import Keys
import SecondOpinion
import Signing
import Testing

struct SystemLibcryptoTests {
    private let message = Array("eine Lieferung".utf8)

    /// Each bit of a signature changed, in turn.
    private func flips(of signature: [UInt8]) -> [[UInt8]] {
        (0..<signature.count * 8).map { bit in
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            return changed
        }
    }

    @Test func `it finds our ES256 signatures right and every changed bit wrong`() throws {
        for _ in 0..<20 {
            let key = try ES256PrivateKey.generate()
            let signature = try key.sign(message)
            let raw = key.publicKey.raw
            #expect(SystemLibcrypto.isES256(signature, message, by: raw))
            #expect(!SystemLibcrypto.isES256(signature, message + [0], by: raw))
            #expect(!SystemLibcrypto.isES256(Array(signature.dropLast()), message, by: raw))
            let wrong = flips(of: signature).filter {
                SystemLibcrypto.isES256($0, message, by: raw)
            }
            #expect(wrong.isEmpty)
        }
    }

    @Test func `it finds our Ed25519 signatures right and every changed bit wrong`() throws {
        let key = try Ed25519PrivateKey.generate()
        let signature = try key.sign(message)
        let raw = key.publicKey.raw
        #expect(SystemLibcrypto.isEd25519(signature, message, by: raw))
        #expect(!SystemLibcrypto.isEd25519(signature, message + [0], by: raw))
        let wrong = flips(of: signature).filter {
            SystemLibcrypto.isEd25519($0, message, by: raw)
        }
        #expect(wrong.isEmpty)
    }
}
