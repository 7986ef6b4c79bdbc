import Signing
import Testing
import Text

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the examples of FIPS 180 hold`(text: String, hex: String) throws {
        let digest = Digest.sha256(Array(text.utf8))

        #expect(digest.hex == hex)
        #expect(digest.description == hex)
        #expect(Digest.sha256(text.utf8) == digest)
        #expect(Digest.sha256(text.utf8.lazy.map { $0 }) == digest)
        #expect(Digest.sha256(Array(text.utf8)[...]) == digest)
    }

    @Test func `every form of a digest comes back`() throws {
        let digest = Digest.sha256([1, 2, 3])

        #expect(digest.bytes.count == 32)
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(Digest(bytes: digest.bytes[...]) == digest)
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(base64: digest.base64) == digest)
        #expect(Digest(base64url: digest.base64url) == digest)
        #expect(Hex.encode(digest.bytes) == digest.hex)
        #expect(digest.base64 == Base64.encode(digest.bytes))
        #expect(digest.base64url == Base64URL.encode(digest.bytes))
    }

    @Test(arguments: [0, 31, 33, 64]) func `other lengths than 32 bytes are refused`(count: Int) {
        let bytes = [UInt8](repeating: 7, count: count)

        #expect(Digest(bytes: bytes) == nil)
        #expect(Digest(hex: Hex.encode(bytes)) == nil)
        #expect(Digest(base64: Base64.encode(bytes)) == nil)
        #expect(Digest(base64url: Base64URL.encode(bytes)) == nil)
    }

    @Test func `other spellings are refused`() {
        let digest = Digest.sha256([])

        #expect(Digest(hex: digest.hex.uppercased()) == nil)
        #expect(Digest(base64: String(digest.base64.dropLast())) == nil)
        #expect(Digest(base64: digest.base64 + "\n") == nil)
        #expect(Digest(base64url: digest.base64) == nil)
    }

    @Test func `digests are ordered like their bytes`() throws {
        for place in 0..<32 {
            var low = [UInt8](repeating: 0x80, count: 32)
            var high = low
            low[place] = 0x7F
            high[place] = 0x81
            if place < 31 { low[31] = 0xFF }
            let smaller = try #require(Digest(bytes: low))
            let greater = try #require(Digest(bytes: high))
            #expect(smaller < greater)
            #expect(!(greater < smaller))
            #expect(!(smaller < smaller))
        }
    }

    @Test func `pieces give the digest of the whole`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let whole = Digest.sha256(bytes)
        for cut in stride(from: 0, through: 300, by: 17) {
            var stream = Digest.Stream()
            stream.append(bytes[..<cut])
            let copy = stream
            stream.append(bytes[cut...])
            #expect(stream.finish() == whole)
            #expect(stream.finish() == whole)
            #expect(copy.finish() == Digest.sha256(bytes[..<cut]))
        }
        var stream = Digest.Stream()
        for byte in bytes { stream.append(byte) }
        #expect(stream.finish() == whole)
    }

    @Test func `a byte and two digests are hashed as their bytes`() {
        let left = Digest.sha256([1])
        let right = Digest.sha256([2])

        #expect(
            Digest.sha256(prefix: 9, left, right) == Digest.sha256([9] + left.bytes + right.bytes))
    }
}
