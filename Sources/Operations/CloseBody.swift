package import DayClosing
import Journal
import Signing
package import Storage
package import Text
package import Units

/// Bodies of close records, and the detail of those too long for one record.
package enum CloseBody {
    /// A longer body would not fit into an entry once it is signed (``LogEntry/bytesMax``).
    static let bytesMax = 11_000

    /// The body to sign; a detail is kept beside the journal under its digest.
    static func write(_ close: DayClose, _ transaction: Transaction) throws -> JSONValue {
        try write(close.json, detail: close.detailJSON, transaction) {
            close.json(detail: $0, bytes: $1)
        }
    }

    /// As a close.
    static func write(_ snapshot: AuditSnapshot, _ transaction: Transaction) throws -> JSONValue {
        try write(snapshot.json, detail: snapshot.detailJSON, transaction) {
            snapshot.json(detail: $0, bytes: $1)
        }
    }

    private static func write(
        _ whole: JSONValue, detail: JSONValue, _ transaction: Transaction,
        short: (String, Int64) -> JSONValue
    ) throws -> JSONValue {
        guard whole.bytes.count > bytesMax else { return whole }
        let bytes = detail.bytes
        let digest = Digest.sha256(bytes).hex
        try transaction.set(setting(digest), to: String(decoding: bytes, as: UTF8.self))
        return short(digest, Int64(bytes.count))
    }

    /// - Throws: ``CloseDetailMissing`` where the detail is gone or was altered; what a malformed
    ///   body throws.
    package static func read(
        _ body: JSONValue, of yard: YardID, at position: LogPosition, _ reading: Reading
    ) throws -> DayClose {
        try DayClose(json: body, yard: yard, detail: try detail(of: body, at: position, reading))
    }

    /// - Parameter kept: reads the detail that lies beside the close's entry, if there is one.
    /// - Throws: as above.
    static func read(
        _ body: JSONValue, of yard: YardID, at position: LogPosition, kept: () throws -> [UInt8]?
    ) throws -> DayClose {
        let bytes = try detailBytes(of: body, at: position) { _ in try kept() }
        return try DayClose(json: body, yard: yard, detail: try bytes.map(parse))
    }

    /// The detail of the close in an entry; nil if its body holds everything itself.
    ///
    /// - Throws: ``CloseDetailMissing``, or what a malformed entry throws.
    static func storedDetail(
        ofEntry bytes: [UInt8], at position: LogPosition, _ reading: Reading
    ) throws -> [UInt8]? {
        guard case .server(let record) = try StoredRecord.fact(of: bytes),
            case .close(let body) = record.fact
        else { return nil }
        return try detailBytes(of: body, at: position, reading)
    }

    /// As a close.
    static func snapshot(
        _ body: JSONValue, of yard: YardID, at position: LogPosition, _ reading: Reading
    ) throws -> AuditSnapshot {
        try AuditSnapshot(
            json: body, yard: yard, detail: try detail(of: body, at: position, reading))
    }

    private static func detail(
        of body: JSONValue, at position: LogPosition, _ reading: Reading
    ) throws -> JSONValue? {
        try detailBytes(of: body, at: position, reading).map(parse)
    }

    private static func detailBytes(
        of body: JSONValue, at position: LogPosition, _ reading: Reading
    ) throws -> [UInt8]? {
        try detailBytes(of: body, at: position) { digest in
            try reading.setting(setting(digest)).map { Array($0.utf8) }
        }
    }

    private static func detailBytes(
        of body: JSONValue, at position: LogPosition, _ kept: (_ digest: String) throws -> [UInt8]?
    ) throws -> [UInt8]? {
        guard let (digest, length) = DayClose.detail(of: body) else { return nil }
        guard let bytes = try kept(digest), bytes.count == length,
            Digest.sha256(bytes).hex == digest
        else { throw CloseDetailMissing(position: position, digest: digest) }
        return bytes
    }

    private static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        try StrictJSON.parse(bytes, depthMax: 8)
    }

    private static func setting(_ digest: String) -> String { "close-detail-\(digest)" }
}

/// The detail that a close names by its digest is not stored, or no longer as it was.
package struct CloseDetailMissing: Error, Hashable, Sendable {
    package let position: LogPosition
    package let digest: String
}
