import Keys
import Signing
import Text

/// Where in all logs a reader of events is: an opaque text, which goes on exactly there.
///
/// 16 bytes of keyed digest, then for each yard, ascending, its number and the index of the next
/// entry, 8 bytes each, big-endian; base64url. Yards that are not named begin at their first entry.
struct EventCursor: Hashable {
    /// Index of the next entry, by number of the yard.
    var next: [Int64: Int64]

    private static let purpose = "hofbuch events/v1"
    private static let codeLength = 16
    /// More than this no header carries.
    private static let yardsMax = 256

    init(next: [Int64: Int64] = [:]) {
        self.next = next
    }

    /// - Throws: ``OperationsError/cursorInvalid``.
    init(_ text: String, key: DigestKey) throws {
        guard let bytes = Base64URL.decode(text), bytes.count >= Self.codeLength,
            (bytes.count - Self.codeLength) % 16 == 0,
            bytes.count <= Self.codeLength + 16 * Self.yardsMax
        else { throw OperationsError.cursorInvalid }
        let body = Array(bytes.dropFirst(Self.codeLength))
        guard Self.code(of: body, key) == Array(bytes.prefix(Self.codeLength)) else {
            throw OperationsError.cursorInvalid
        }
        let numbers = stride(from: 0, to: body.count, by: 8).map { start in
            body[start..<start + 8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        next = [:]
        for pair in stride(from: 0, to: numbers.count, by: 2) {
            next[numbers[pair]] = numbers[pair + 1]
        }
    }

    func text(key: DigestKey) -> String {
        let body = next.sorted { $0.key < $1.key }.flatMap { yard, index in
            Self.bytes(yard) + Self.bytes(index)
        }
        return Base64URL.encode(Self.code(of: body, key) + body)
    }

    private static func code(of body: [UInt8], _ key: DigestKey) -> [UInt8] {
        Array(key.digest(of: body, for: purpose).prefix(codeLength))
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * Int64($0))) }
    }
}
