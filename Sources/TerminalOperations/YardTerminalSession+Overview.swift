package import Journal
import Keys
package import Remote
package import Sales
package import Signing
import Tariffs
package import TerminalStorage
package import Units

/// A record of this terminal with what it says.
package struct DayEntry: Hashable, Sendable {
    package let stored: StoredRecord
    package let record: TerminalRecord
    /// Whether a void of this sale was signed here.
    package let isVoided: Bool
    /// Whether it is a sale that can be voided here and now.
    package let isVoidable: Bool
    /// Whether it is a sale whose payment is unknown and, as far as is known here, not resolved.
    package let isUnresolved: Bool
    /// Whether a reversal on the card terminal has no known outcome.
    package let hasOpenReversal: Bool

    /// Such as `t1-000042`.
    package var receiptNumber: String { record.head.reference.receiptNumber }
    package var reference: SaleReference { record.head.reference }
    /// The sale, if it is one.
    package var sale: Sale? { if case .sale(let sale) = record.fact { sale } else { nil } }
    /// The void, if it is one.
    package var void: Reversal? { if case .void(let void) = record.fact { void } else { nil } }
    /// The delivery, if it ended without a sale.
    package var noSale: NoSale? { if case .noSale(let end) = record.fact { end } else { nil } }
}

/// What a receipt of this terminal is made from.
package struct ReceiptMatter: Hashable, Sendable {
    package let identity: TerminalIdentity
    package let entry: DayEntry
    package let disclosures: [Disclosure]
    /// The sale that a void or a resolution is about.
    package let original: Sale?
    /// Digest that the check code names (design decision 5).
    package var statement: Digest { entry.stored.statement }
    /// ``statement`` in base64url.
    package var checkDigest: String { statement.base64url }
    /// Name and address of the debtor of a claim; nil for others, and after it was erased.
    package var debtor: String? { disclosures.first { $0.name == .debtor }?.value }
    /// Path and fragment of the check code.
    package var checkPath: String {
        "/b/\(identity.terminal)/\(entry.stored.sequence)#\(checkDigest)"
    }
}

/// How the terminal stands.
package struct TerminalStatus: Hashable, Sendable {
    package let identity: TerminalIdentity
    /// As the server said last.
    package let state: TerminalStanding.State
    package let queue: QueueCount
    /// Deliveries with an unknown payment, not signed yet.
    package let unknownDeliveries: Int
    /// Sales signed as unknown and, as far as is known here, not resolved.
    package let unresolvedSales: Int
    /// Those of ``unresolvedSales`` that the server does not have yet.
    package let unresolvedUnsent: Int
    /// Reversals without a known outcome.
    package let unknownReversals: Int
    package let parked: Int
    /// When the server last answered; nil if never since enrolment.
    package let contact: Timestamp?
    /// Code of a finding that a person has to look at.
    package let alarm: String?
    package let attendants: [Attendant]
    package let attendant: PersonID?
    /// Id of the tariff in force today; nil if none is here.
    package let tariff: String?

    package var unknown: Int { unknownDeliveries + unresolvedSales + unknownReversals }
    /// What the server cannot see of ``unknown``.
    package var unknownHereOnly: Int { unknownDeliveries + unresolvedUnsent + unknownReversals }
}

extension YardTerminalSession {
    /// The records of the local date of now, ascending.
    package func listToday() throws -> [DayEntry] {
        try store.read { access in
            try access.records(on: world.today).map { try entry($0, in: access) }
        }
    }

    /// Sales with a payment, or a reversal on the card terminal, of unknown outcome: of whatever
    /// day, ascending.
    package func unsettledSales() throws -> [DayEntry] {
        try store.read { access in
            var sequences = Set(try access.unresolvedSales())
            for attempt in try access.unknownReversals() + access.unansweredAttempts()
            where !asking.contains(attempt.number) {
                if case .reversal(let sequence) = attempt.purpose { sequences.insert(sequence) }
            }
            return try sequences.sorted().map { sequence in
                try entry(storedRecord(sequence, in: access), in: access)
            }
        }
    }

    /// The record with this sequence number.
    ///
    /// - Throws: ``TerminalError`` `record-unknown`.
    package func receipt(_ sequence: Int64) throws -> ReceiptMatter {
        try store.read { access in
            let stored = try storedRecord(sequence, in: access)
            return ReceiptMatter(
                identity: try TerminalIdentity(from: access), entry: try entry(stored, in: access),
                disclosures: try access.disclosures(of: sequence),
                original: try stored.original.map { try sale($0, in: access).sale })
        }
    }

    /// How many records wait for the server.
    package func queueLength() throws -> Int { try store.read { try $0.queueCount().queued } }

    package func status() throws -> TerminalStatus {
        try store.read { access in
            let unresolved = try access.unresolvedSales()
            return TerminalStatus(
                identity: try TerminalIdentity(from: access),
                state: try access.setting(.serverState).flatMap(TerminalStanding.State.init)
                    ?? .active,
                queue: try access.queueCount(),
                unknownDeliveries: try access.deliveries(in: [.unknown]).count,
                unresolvedSales: unresolved.count,
                unresolvedUnsent: try unresolved.count - access.atServer(unresolved).count,
                unknownReversals: try access.unknownReversals().count,
                parked: try access.deliveries(in: [.parked]).count,
                contact: try access.setting(.contact).flatMap { Int64($0) }
                    .flatMap(Timestamp.init(milliseconds:)),
                alarm: try access.setting(.alarm), attendants: try attendants(in: access),
                attendant: try access.setting(.attendant).flatMap(PersonID.init),
                tariff: try tariffName(in: access))
        }
    }

    /// Checks every stored record: signature, number, and the hash of the one before.
    ///
    /// - Returns: the sequence numbers that are wrong, ascending.
    package func verifyChain() throws -> [Int64] {
        var wrong: [Int64] = []
        var (next, previous) = (Int64(1), RecordHead.genesisPrevious)
        try store.read { access in
            let keys = try publicKeys(in: access)
            try access.eachRecord { stored in
                let parts = try CompactJWS.parse(stored.jws)
                let head = try stored.decoded().head
                let isRight =
                    (keys[parts.kid].map { parts.isSigned(by: $0) } ?? false)
                    && stored.sequence == next
                    && head.sequence == next && head.previous == previous
                    && stored.statement == parts.signingInputDigest
                if !isRight { wrong.append(stored.sequence) }
                (next, previous) = (stored.sequence + 1, parts.signingInputDigest)
            }
        }
        return wrong
    }

    func attendants(in access: TerminalAccess) throws -> [Attendant] {
        try access.setting(.attendants).map(Attendant.list) ?? []
    }

    private func tariffName(in access: TerminalAccess) throws -> String? {
        do {
            return try tariff(on: world.today, in: access).reference.id
        } catch let error as TerminalError where error.code == .tariffMissing {
            return nil
        }
    }

    private func entry(_ stored: StoredRecord, in access: TerminalAccess) throws -> DayEntry {
        let record = try stored.decoded()
        var (isVoidable, isUnresolved) = (false, false)
        let about = try access.records(about: stored.sequence)
        if case .sale(let sale) = record.fact {
            let signed = SignedSale(
                stored: stored, reference: record.head.reference, sale: sale)
            isVoidable = try isAllowed { try requireVoidable(signed, in: access) }
            if case .unknown = sale.settlement {
                isUnresolved =
                    try !about.contains { $0.kind == .resolution }
                    && !access.isResolvedElsewhere(stored.sequence)
            }
        }
        let reversals = try access.reversalAttempts(of: stored.sequence)
        return DayEntry(
            stored: stored, record: record, isVoided: about.contains { $0.kind == .void },
            isVoidable: isVoidable, isUnresolved: isUnresolved,
            hasOpenReversal: reversals.contains { $0.outcome == nil || $0.outcome == .unknown })
    }

    private func isAllowed(_ check: () throws -> Void) throws -> Bool {
        do {
            try check()
            return true
        } catch is TerminalError {
            return false
        }
    }
}

extension StoredRecord {
    /// What the record says.
    package func decoded() throws -> TerminalRecord {
        try TerminalRecord(payload: CompactJWS.parse(jws).payload)
    }
}
