package import Sales
package import Signing
package import Text
package import Units

/// A statement that the server signs, for people who acted at it.
package enum ServerFact: Hashable, Sendable {
    case genesis(Genesis)
    case enrol(Enrolment)
    case tariff(TariffActivation)
    /// A refund or a late void, with the log position of its approval.
    case reversal(Reversal, approval: Int64, completedBy: PersonID)
    case resolution(PaymentResolution, by: PersonID)
    case release(TerminalRelease)
    case rotate(KeyRotation)
    case revoke(KeyRevocation)
    case decision(RecordDecision)
    case rotateLog(LogKeyRotation)
    case rotateRecord(RecordKeyRotation)
    /// Entries are lost; the log ends, and another one goes on.
    case loss(JournalLoss)
    case approve(Approval)
    /// The body of a day close; `DayClosing` reads and writes it.
    case close(JSONValue)
    /// The body of an export registration; `Exports` reads and writes it.
    case export(JSONValue)
    /// The body of an audit snapshot; `DayClosing` reads and writes it.
    case snapshot(JSONValue)
    /// The body of what became of an export; `Operations` reads and writes it.
    case handover(JSONValue)
    case erase(Erasure)
    case hold(LegalHold)
    case lift(HoldLift)
    case bankStatement(ImportedStatement)
    case debtor(DebtorNaming)
    /// What bank lines were for; see ``SettlementRecord/Kind``.
    case settled(SettlementRecord)

    package var kind: RecordKind {
        switch self {
        case .genesis: .genesis
        case .enrol: .enrol
        case .tariff: .tariff
        case .reversal(let reversal, _, _): reversal.kind == .void ? .void : .refund
        case .resolution: .resolution
        case .release: .release
        case .rotate: .rotate
        case .revoke: .revoke
        case .decision: .decision
        case .rotateLog: .rotateLog
        case .rotateRecord: .rotateRecord
        case .loss: .loss
        case .approve: .approve
        case .close: .close
        case .export: .export
        case .snapshot: .snapshot
        case .handover: .handover
        case .erase: .erase
        case .hold: .hold
        case .lift: .lift
        case .bankStatement: .bankStatement
        case .debtor: .debtor
        case .settled(let record): record.kind.recordKind
        }
    }
}

/// The first entry of a log: what it is and whose keys speak in it.
package struct Genesis: Hashable, Sendable {
    package let town: String
    package let yardName: String
    package let address: String
    /// Verifier key (vkey) of the log's checkpoints.
    package let logKey: String
    /// Public key of the server's own records.
    package let recordKey: ES256PublicKey
    /// Witness policy text; `quorum none` until one is set.
    package let policy: String

    package init(
        town: String, yardName: String, address: String, logKey: String, recordKey: ES256PublicKey,
        policy: String
    ) {
        self.town = town
        self.yardName = yardName
        self.address = address
        self.logKey = logKey
        self.recordKey = recordKey
        self.policy = policy
    }
}

/// A terminal's key becomes valid from this log position on.
package struct Enrolment: Hashable, Sendable {
    package let terminal: TerminalID
    package let name: String
    package let key: ES256PublicKey
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        terminal: TerminalID, name: String, key: ES256PublicKey, requestedBy: PersonID,
        approvedBy: PersonID
    ) {
        self.terminal = terminal
        self.name = name
        self.key = key
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }
}

/// A tariff file comes into force; the version of its first day ends on the day before.
package struct TariffActivation: Hashable, Sendable {
    package let id: String
    package let title: String
    /// SHA-256 of the file, hexadecimal.
    package let digest: String
    package let from: BusinessDay
    /// Inclusive; nil while open.
    package let to: BusinessDay?
    /// Nil if no other version was in force on the first day.
    package let ends: TariffEnding?
    package let proposedBy: PersonID
    package let approvedBy: PersonID

    package init(
        id: String, title: String, digest: String, from: BusinessDay, to: BusinessDay?,
        ends: TariffEnding? = nil, proposedBy: PersonID, approvedBy: PersonID
    ) {
        self.id = id
        self.title = title
        self.digest = digest
        self.from = from
        self.to = to
        self.ends = ends
        self.proposedBy = proposedBy
        self.approvedBy = approvedBy
    }
}

/// A quarantined terminal may go on.
package struct TerminalRelease: Hashable, Sendable {
    package let terminal: TerminalID
    package let reason: String
    package let approvedBy: PersonID

    package init(terminal: TerminalID, reason: String, approvedBy: PersonID) {
        self.terminal = terminal
        self.reason = reason
        self.approvedBy = approvedBy
    }
}

/// A second person's consent to a reversal, before money moves.
package struct Approval: Hashable, Sendable {
    /// Number of the request.
    package let request: Int64
    package let original: SaleReference
    package let amount: Cents
    package let reason: String
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        request: Int64, original: SaleReference, amount: Cents, reason: String,
        requestedBy: PersonID, approvedBy: PersonID
    ) {
        self.request = request
        self.original = original
        self.amount = amount
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }
}

/// A server-signed record: what the JWS payload says.
package struct ServerRecord: Hashable, Sendable {
    package let log: String
    package let yard: YardID
    package let at: Timestamp
    package let fact: ServerFact
    package let personal: [PersonalDigest]

    package init(
        log: String, yard: YardID, at: Timestamp, fact: ServerFact,
        personal: [PersonalDigest] = []
    ) {
        self.log = log
        self.yard = yard
        self.at = at
        self.fact = fact
        self.personal = personal
    }

    /// The `typ` of the protected header.
    package static let typ = "wsh-record+jws"
}
