import Crypto
import Text

/// A SHA-256 digest: 32 bytes, ordered like them.
///
/// Held in four machine words, so that a million of them are one piece of memory.
package struct Digest: Hashable, Sendable {
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// The length of every digest in bytes.
    package static let byteCount = 32

    /// The digest that consists of `bytes`; nil unless they are 32.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.init(bigEndian: words)
    }

    /// ``init(bytes:)`` of bytes in one piece of memory, which other modules call at less cost than
    /// the one of every collection.
    package init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
        self.init(bigEndian: words)
    }

    /// The digest of 64 lowercase hexadecimal digits; nil for anything else.
    package init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The digest of standard base64 with padding; nil for anything else.
    package init?(base64: String) {
        guard let bytes = Base64.decode(base64) else { return nil }
        self.init(bytes: bytes)
    }

    /// The digest of base64url without padding; nil for anything else.
    package init?(base64url: String) {
        guard let bytes = Base64URL.decode(base64url) else { return nil }
        self.init(bytes: bytes)
    }

    init(_ digest: SHA256Digest) {
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &words) { words in
            digest.withUnsafeBytes { words.copyMemory(from: $0) }
        }
        self.init(bigEndian: words)
    }

    private init(bigEndian words: (UInt64, UInt64, UInt64, UInt64)) {
        word0 = UInt64(bigEndian: words.0)
        word1 = UInt64(bigEndian: words.1)
        word2 = UInt64(bigEndian: words.2)
        word3 = UInt64(bigEndian: words.3)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Calls `body` with the 32 bytes, without a copy on the heap.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
        return Swift.withUnsafeBytes(of: words, body)
    }

    /// The bytes as 64 lowercase hexadecimal digits.
    package var hex: String { withUnsafeBytes { Hex.encode($0) } }

    /// The bytes in standard base64 with padding, 44 letters.
    package var base64: String { withUnsafeBytes { Base64.encode($0) } }

    /// The bytes in base64url without padding, 43 letters.
    package var base64url: String { withUnsafeBytes { Base64URL.encode($0) } }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool {
        (left.word0, left.word1, left.word2, left.word3)
            < (right.word0, right.word1, right.word2, right.word3)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { hex }
}

extension Digest {
    /// The SHA-256 digest of `bytes` (FIPS 180-4).
    package static func sha256(_ bytes: some Collection<UInt8>) -> Digest {
        var stream = Stream()
        stream.append(bytes)
        return stream.finish()
    }

    /// The SHA-256 digest of `prefix`, `left` and `right` one after the other.
    package static func sha256(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * byteCount, alignment: 8) { buffer in
            buffer[0] = prefix
            for (offset, digest) in [(1, left), (1 + byteCount, right)] {
                digest.withUnsafeBytes {
                    UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(from: $0)
                }
            }
            return Digest(SHA256.hash(UnsafeRawBufferPointer(buffer)))
        }
    }

    /// SHA-256 over bytes that come in pieces.
    package struct Stream: Sendable {
        private var hash = SHA256()

        /// Nothing yet.
        package init() {}

        /// Adds a piece.
        package mutating func append(_ bytes: some Collection<UInt8>) {
            let isDone: Void? = bytes.withContiguousStorageIfAvailable {
                hash.update(bufferPointer: UnsafeRawBufferPointer($0))
            }
            guard isDone == nil else { return }
            Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }

        /// Adds one byte.
        package mutating func append(_ byte: UInt8) {
            Swift.withUnsafeBytes(of: byte) { hash.update(bufferPointer: $0) }
        }

        /// The digest of all pieces so far.
        package func finish() -> Digest { Digest(hash.finalize()) }
    }
}

extension SHA256 {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize()
    }
}
