package import Journal
package import Signing
package import Units

/// Where a signed record stands on its way to the server.
package enum RecordState: Hashable, Sendable {
    case queued
    /// At this position of the yard's log, with a proof that was verified.
    case acknowledged(index: Int64)
    /// The server refuses it; the text is its problem code and detail.
    case refused(problem: String)

    package var name: String {
        switch self {
        case .queued: "queued"
        case .acknowledged: "acknowledged"
        case .refused: "refused"
        }
    }
}

/// A record that the terminal signed.
package struct StoredRecord: Hashable, Sendable {
    /// From 1, gapless.
    package let sequence: Int64
    package let kind: RecordKind
    package let at: Timestamp
    /// The local date at `at`.
    package let day: BusinessDay
    /// Cents of the sale; negative for a void.
    package let total: Cents
    /// The sale that a void or a resolution is about.
    package let original: Int64?
    /// The compact JWS.
    package let jws: [UInt8]
    /// SHA-256 of the signing input.
    package let statement: Digest
    package let state: RecordState

    package init(
        sequence: Int64, kind: RecordKind, at: Timestamp, day: BusinessDay, total: Cents,
        original: Int64?, jws: [UInt8], statement: Digest, state: RecordState
    ) {
        self.sequence = sequence
        self.kind = kind
        self.at = at
        self.day = day
        self.total = total
        self.original = original
        self.jws = jws
        self.statement = statement
        self.state = state
    }
}

/// How many records stand where.
package struct QueueCount: Hashable, Sendable {
    package let queued: Int
    package let refused: Int
    /// When the oldest queued record was signed.
    package let oldest: Timestamp?
    /// The highest sequence number signed; 0 if none.
    package let head: Int64
}
