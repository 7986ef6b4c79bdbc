package import Journal
package import Sales
package import Signing
package import Storage
import Units

/// A journal entry read back: its bytes and what they say.
package struct StoredRecord: Hashable, Sendable {
    package enum Fact: Hashable, Sendable {
        case terminal(TerminalRecord)
        case server(ServerRecord)
        /// A statement that contradicts a recorded one.
        case evidence
    }

    package let position: LogPosition
    package let bytes: [UInt8]
    package let entry: LogEntry
    /// The entry's JWS, taken apart.
    package let jws: CompactJWS
    package var kid: String { jws.kid }
    /// SHA-256 of the JWS's signing input.
    package var statement: Digest { jws.signingInputDigest }
    package let fact: Fact

    package init(position: LogPosition, bytes: [UInt8]) throws {
        guard let entry = LogEntry(bytes: bytes) else {
            throw DamagedRow(table: "entry", position: position.number)
        }
        let jws = try CompactJWS.parse(entry.jws)
        self.position = position
        self.bytes = bytes
        self.entry = entry
        self.jws = jws
        fact = try Self.fact(entry.kind, jws)
    }

    /// - Throws: ``OperationsError/notPublished(index:)`` if nothing is there.
    init(at position: LogPosition, _ reading: Reading) throws {
        guard let bytes = try reading.entry(at: position) else {
            throw OperationsError.notPublished(index: position.index)
        }
        try self.init(position: position, bytes: bytes)
    }

    static func fact(of bytes: [UInt8]) throws -> Fact {
        try StoredRecord(position: LogPosition(0), bytes: bytes).fact
    }

    private static func fact(_ kind: RecordKind, _ jws: CompactJWS) throws -> Fact {
        if kind == .evidence { return .evidence }
        return jws.typ == TerminalRecord.typ
            ? .terminal(try TerminalRecord(payload: jws.payload))
            : .server(try ServerRecord(payload: jws.payload))
    }
}

extension Installation {
    /// The record at a position.
    package func record(at position: LogPosition) throws -> StoredRecord {
        try database.read { try record(at: position, $0) }
    }

    func record(at position: LogPosition, _ reading: Reading) throws -> StoredRecord {
        try StoredRecord(at: position, reading)
    }

    /// The sale with this reference and where it is.
    ///
    /// - Throws: ``OperationsError/saleUnknown(_:)``, also for a record that is no sale.
    package func sale(_ reference: SaleReference, of yard: Yard) throws
        -> (position: LogPosition, sale: Sale)
    {
        try database.read { try sale(reference, of: yard, $0) }
    }

    func sale(_ reference: SaleReference, of yard: Yard, _ reading: Reading) throws
        -> (position: LogPosition, sale: Sale)
    {
        guard let position = try reading.position(of: reference, yard: yard.number),
            case .terminal(let record) = try record(at: position, reading).fact,
            case .sale(let sale) = record.fact
        else { throw OperationsError.saleUnknown(reference.receiptNumber) }
        return (position, sale)
    }

    /// What was taken back of a sale so far, and how its unknown payment was resolved.
    func consequences(of original: LogPosition, _ reading: Reading) throws
        -> (reversals: [Reversal], resolution: PaymentResolution?)
    {
        try Consequences.read(of: original, before: nil, reading)
    }
}
