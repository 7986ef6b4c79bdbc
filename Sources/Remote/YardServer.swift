package import Journal
package import Tariffs
package import Units

/// The server as a yard terminal sees it.
///
/// Every call may fail with ``ServerFailure``; a failure says nothing about whether the server did
/// what it was asked, so only calls that may be repeated are here.
package protocol YardServer: Sendable {
    /// Registers the terminal's key with a one-time code.
    func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentAnswer

    /// The approved tariff versions in force on `day` or later, ascending by first day.
    func tariffs(from day: BusinessDay) async throws -> [TariffVersion]

    /// The bytes of a tariff file; the receiver checks the digest.
    func tariffFile(_ digest: String) async throws -> [UInt8]

    /// What the server says of this terminal, and which of these sales of it, signed with the
    /// payment unknown, are resolved there.
    ///
    /// - Parameter unresolved: at most ``TerminalStanding/askedMax``.
    func standing(unresolved: [Int64]) async throws -> TerminalStanding

    /// Reports the terminal's own counts.
    func report(_ heartbeat: Heartbeat) async throws

    /// Submits one record.
    func submit(_ envelope: Envelope) async throws -> Submission

    /// Submits 1 to ``SubmissionLimit/batchCountMax`` records; the answers come in the same order
    /// and number.
    func submit(_ envelopes: [Envelope]) async throws -> [Submission]

    /// Announces the terminal's next key; both are compact JWS (``KeyAnnouncement``). The same
    /// announcement may be made again.
    func announceKey(_ announcement: [UInt8], possession: [UInt8]) async throws

    /// The steps of the yard's log from its first key to the one in force; nothing in them is to
    /// be believed unproved.
    func logKeySteps() async throws -> [LogKeyStep]

    /// What was used of these quotas so far, at all terminals of the yard, as far as their records
    /// have arrived; a few seconds at most. A key that is not answered is not known.
    func quotas(_ keys: [QuotaKey]) async throws -> [QuotaUse]
}

/// Limits of one request (trust.md 6).
package enum SubmissionLimit {
    package static let batchCountMax = 256
    /// The server takes one megabyte; this leaves room for what surrounds the envelopes.
    package static let batchBytesMax = 900_000
}

/// What became of one submitted record.
package enum Submission: Hashable, Sendable {
    /// Recorded now or before; the proof in it is not verified yet.
    case acknowledged(Acknowledgement)
    /// The server will not take this record as it is.
    case refused(ServerProblem)
    /// Not this record's fault; it may be sent again.
    case postponed(ServerProblem)
}

/// A problem as the server tells it (RFC 9457).
package struct ServerProblem: Error, Hashable, Sendable {
    package let status: Int
    /// Stable code, such as `equivocation`.
    package let code: String
    package let detail: String

    package init(status: Int, code: String, detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    /// Whether the same bytes would be refused again, so that waiting does not help.
    ///
    /// Being unknown (401, 403, 404), slow (408) or too eager (429) is not the record's fault.
    package var isAboutTheRecord: Bool {
        (400..<500).contains(status) && ![401, 403, 404, 408, 429].contains(status)
    }
}

/// Why the server gave no usable answer.
package enum ServerFailure: Error, Hashable, Sendable {
    /// No connection, or it broke.
    case unreachable(String)
    /// It asks to wait (429, 503).
    case busy(retryAfterSeconds: Int?)
    case problem(ServerProblem)
    /// An answer that does not fit the interface.
    case malformed(String)
}

/// A request to enrol.
package struct EnrolmentRequest: Hashable, Sendable {
    /// The one-time code.
    package let code: String
    /// The public key, 64 bytes x and y.
    package let key: [UInt8]
    /// Compact JWS by that key over the code: proof of possession.
    package let proof: [UInt8]

    package init(code: String, key: [UInt8], proof: [UInt8]) {
        self.code = code
        self.key = key
        self.proof = proof
    }

    /// The `typ` of ``proof``.
    package static let proofType = "wsh-enrol+jws"
}

/// Somebody who may serve at the terminal.
package struct Attendant: Hashable, Sendable {
    package let id: PersonID
    package let name: String

    package init(id: PersonID, name: String) {
        self.id = id
        self.name = name
    }
}

/// Who the terminal is after enrolment.
package struct EnrolmentAnswer: Hashable, Sendable {
    package let yard: YardID
    package let terminal: TerminalID
    package let name: String
    package let town: String
    package let address: String
    /// Name of the yard and scheme and host of its receipts, as receipts print them; nil if the
    /// server does not say.
    package let yardName: String?
    package let receiptOrigin: String?
    /// Origin of the yard's log.
    package let log: String
    /// Verifier key of the log's checkpoints.
    package let logKey: String
    /// Bearer token; a secret.
    package let token: String
    package let attendants: [Attendant]

    package init(
        yard: YardID, terminal: TerminalID, name: String, town: String, address: String,
        yardName: String? = nil, receiptOrigin: String? = nil, log: String, logKey: String,
        token: String, attendants: [Attendant]
    ) {
        self.yard = yard
        self.terminal = terminal
        self.name = name
        self.town = town
        self.address = address
        self.yardName = yardName
        self.receiptOrigin = receiptOrigin
        self.log = log
        self.logKey = logKey
        self.token = token
        self.attendants = attendants
    }
}

/// How the server regards a terminal.
package struct TerminalStanding: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        case active, quarantined, revoked
    }

    package let state: State
    /// The highest sequence number that the server holds.
    package let last: Int64
    package let attendants: [Attendant]
    /// Nil if the server does not say; then the address known so far stays.
    package let address: String?
    /// As ``address``: name of the yard, and scheme and host of its receipts.
    package let yardName: String?
    package let receiptOrigin: String?
    /// Thumbprint of the terminal's key in force; nil if the server does not say.
    package let kid: String?
    /// The log's verifier key in force as the server says, which proves nothing.
    package let logKey: String?
    /// Which of the sales that were asked about are resolved, ascending.
    package let resolved: [Int64]

    /// About so many sales the server is asked at once.
    package static let askedMax = 256

    package init(
        state: State, last: Int64, attendants: [Attendant], address: String? = nil,
        yardName: String? = nil, receiptOrigin: String? = nil, kid: String? = nil,
        logKey: String? = nil, resolved: [Int64] = []
    ) {
        self.state = state
        self.last = last
        self.attendants = attendants
        self.address = address
        self.yardName = yardName
        self.receiptOrigin = receiptOrigin
        self.kid = kid
        self.logKey = logKey
        self.resolved = resolved
    }
}

/// What a terminal reports of itself.
package struct Heartbeat: Hashable, Sendable {
    /// The highest sequence number signed; 0 if none.
    package let head: Int64
    package let queued: Int
    /// Payments and reversals of unknown outcome that no record at the server names yet.
    package let unknown: Int
    package let version: String
    /// The largest head of the log that was seen, as the log signed it; nil before the first.
    package let checkpoint: [UInt8]?

    package init(
        head: Int64, queued: Int, unknown: Int, version: String, checkpoint: [UInt8]? = nil
    ) {
        self.head = head
        self.queued = queued
        self.unknown = unknown
        self.version = version
        self.checkpoint = checkpoint
    }
}
