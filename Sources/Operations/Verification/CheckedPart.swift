import Journal
import Signing
import Storage
import Transparency
import Units

/// What is left of a part of a log after all that can be checked without the parts before it.
struct CheckedPart: Sendable {
    /// A record of a terminal as its chain sees it.
    struct Link: Sendable {
        let index: Int64
        let terminal: TerminalID
        let link: SequenceRuns.Link
        let mayBreak: Bool
        /// The key that signed it, and what its flags say of the key.
        let kid: String
        let keyFlags: Set<RecordFlag>
    }

    let from: Int64
    var leaves: [Digest] = []
    /// When each entry was received, and whether it is marked as out of order.
    var firstReceived: Timestamp?
    var lastReceived: Timestamp?
    var isFirstMarked = false
    var links: [Link] = []
    /// Indexes of records that the server signed.
    var serverIndexes: [Int64] = []
    var checkpoints: [Checkpoint] = []
    var sums = VerificationSums()
    /// The largest size in it that enough witnesses have cosigned.
    var witnessedSize: Int64?
    /// Rows of the search table that belong to the part.
    var rows: Int64 = 0
    var quotas = RowSum()
    /// Lines of sales that the search index covers.
    var lines = RowSum()
    /// Index of the newest entry that put a terminal into quarantine.
    var quarantined: [TerminalID: Int64] = [:]
    /// The first misfit by index; what lies behind it is not to be relied on.
    var misfit: LogMisfit?

    /// Keeps the misfit with the smaller index; of two at one index the first.
    mutating func note(_ found: LogMisfit) {
        guard let place = found.index else {
            misfit = misfit ?? found
            return
        }
        if let known = misfit?.index, known <= place { return }
        misfit = found
    }
}

/// A sum over rows that does not depend on their order: two sets of rows with the same sum are the
/// same, as far as SHA-256 goes, and no row is kept.
struct RowSum: Hashable, Sendable {
    private var lanes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private(set) var count: Int64 = 0

    mutating func add(_ row: String) {
        let digest = Digest.sha256(Array(row.utf8))
        digest.withUnsafeBytes { bytes in
            lanes.0 &+= bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            lanes.1 &+= bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            lanes.2 &+= bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            lanes.3 &+= bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        }
        count += 1
    }

    mutating func add(_ other: RowSum) {
        lanes.0 &+= other.lanes.0
        lanes.1 &+= other.lanes.1
        lanes.2 &+= other.lanes.2
        lanes.3 &+= other.lanes.3
        count += other.count
    }

    static func == (left: RowSum, right: RowSum) -> Bool {
        left.lanes == right.lanes && left.count == right.count
    }

    func hash(into hasher: inout Hasher) { hasher.combine(lanes.0) }
}
