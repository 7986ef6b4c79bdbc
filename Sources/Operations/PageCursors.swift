import Keys
import Signing
import Storage
import Text

/// Cursors of lists: opaque texts that continue one list of one yard, and nothing else.
///
/// 8 bytes of the filter's hash, 8 bytes of position, 16 bytes of keyed digest over yard and both;
/// base64url. A cursor names a record, not a page number, so new records move nothing.
struct PageCursors {
    private let key: DigestKey
    private let yard: Int64
    private let filter: [UInt8]

    private static let purpose = "hofbuch cursor/v1"
    private static let codeLength = 16

    /// - Parameter filter: whatever makes the list another one.
    init(key: DigestKey, yard: Int64, filter: some Sendable) {
        self.key = key
        self.yard = yard
        self.filter = Array(Digest.sha256(Array("\(filter)".utf8)).bytes.prefix(8))
    }

    /// The cursor that continues after `position`.
    func text(after position: LogPosition) -> String {
        let body = filter + Self.bytes(position.number)
        return Base64URL.encode(body + code(of: body))
    }

    /// The position that `text` continues after.
    ///
    /// - Throws: ``OperationsError/cursorInvalid``.
    func position(of text: String) throws -> LogPosition {
        guard let bytes = Base64URL.decode(text), bytes.count == 16 + Self.codeLength else {
            throw OperationsError.cursorInvalid
        }
        let body = Array(bytes.prefix(16))
        guard code(of: body) == Array(bytes.dropFirst(16)), Array(body.prefix(8)) == filter else {
            throw OperationsError.cursorInvalid
        }
        return LogPosition(body.dropFirst(8).reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }

    private func code(of body: [UInt8]) -> [UInt8] {
        Array(
            key.digest(of: Self.bytes(yard) + body, for: Self.purpose).prefix(Self.codeLength))
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * Int64($0))) }
    }
}
