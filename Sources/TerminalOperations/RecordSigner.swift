import Journal
import Keys
import Sales
import Signing
import TerminalStorage
import Units

/// Makes signed records: the terminal's key, and whom it speaks for.
struct RecordSigner: Sendable {
    let key: ES256PrivateKey
    let identity: TerminalIdentity
    let world: TerminalWorld

    /// Signs `fact` as the next record and stores it, inside the caller's transaction: number,
    /// previous hash, signature and record are there together or not at all.
    func sign(
        _ fact: TerminalFact, personal: [PersonalField: String], by attendant: PersonID,
        in access: TerminalAccess
    ) throws -> StoredRecord {
        let last = try access.lastRecord()
        let previous = last?.statement ?? RecordHead.genesisPrevious
        let now = world.now()
        let disclosures = personal.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            Disclosure(name: $0.key, salt: world.random(32), value: $0.value)
        }
        let head = head(
            sequence: (last?.sequence ?? 0) + 1, previous: previous, at: now, by: attendant)
        let record = TerminalRecord(head: head, fact: fact, personal: disclosures.map(\.digest))
        let jws = try key.compactJWS(
            typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: record.payload)
        guard jws.count <= Envelope.jwsBytesMax else { throw TerminalError.tooLarge }
        let stored = StoredRecord(
            sequence: head.sequence, kind: fact.kind, at: now, day: world.localDay(now),
            total: fact.total, original: fact.original?.sequence, jws: jws,
            statement: try CompactJWS.parse(jws).signingInputDigest, state: .queued)
        try access.add(stored, previous: previous, disclosures: disclosures)
        try noteQuotas(of: fact, sequence: head.sequence, in: access)
        return stored
    }

    /// Makes sure that a record of `fact` could be signed and read again, before money moves.
    ///
    /// - Throws: ``TerminalError`` `too-large`, or `internal-fault` if our own reader refuses it.
    func check(_ fact: TerminalFact, personal: Set<PersonalField>) throws {
        let none = RecordHead.genesisPrevious
        // The longest number there is, so that the real record is never longer than this one.
        let head = head(
            sequence: 9_007_199_254_740_991, previous: none, at: world.now(), by: Self.longestName)
        let record = TerminalRecord(
            head: head, fact: fact,
            personal: personal.map { PersonalDigest(name: $0, digest: none) })
        let payload = record.payload
        let input = try CompactJWS.signingInput(
            typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: payload)
        guard input.count + Self.signatureLetters <= Envelope.jwsBytesMax else {
            throw TerminalError.tooLarge
        }
        do {
            _ = try TerminalRecord(payload: payload)
        } catch {
            throw TerminalError(
                .internalFault, "Der Datensatz wäre nicht lesbar (\(error)).", .entered,
                "Bitte parken Sie die Anlieferung und rufen Sie die Betreuung an.")
        }
    }

    /// What a sale takes of quotas, and what gives it back: a void, and the finding that an
    /// unknown payment was none and the waste went home.
    private func noteQuotas(
        of fact: TerminalFact, sequence: Int64, in access: TerminalAccess
    ) throws {
        switch fact {
        case .sale(let sale): try access.take(sale.quota, by: sequence)
        case .void(let void): try access.giveBack(void.original.sequence, by: sequence)
        case .resolution(let resolution):
            guard resolution.finding == .notChargedVoid else { return }
            try access.giveBack(resolution.original.sequence, by: sequence)
        case .noSale: return
        }
    }

    /// A point and 64 bytes in base64url.
    private static let signatureLetters = 87

    private static let longestName: PersonID = {
        guard let name = PersonID(String(repeating: "x", count: 64)) else {
            preconditionFailure("64 letters are a name")
        }
        return name
    }()

    private func head(
        sequence: Int64, previous: Digest, at time: Timestamp, by attendant: PersonID
    ) -> RecordHead {
        RecordHead(
            log: identity.log, yard: identity.yard, terminal: identity.terminal,
            sequence: sequence, previous: previous, at: time, attendant: attendant)
    }
}

extension TerminalFact {
    /// What the record adds to the day: negative for a void.
    var total: Cents {
        switch self {
        case .sale(let sale): sale.total
        case .void(let reversal): -reversal.amount
        case .noSale, .resolution: .zero
        }
    }
}

extension TerminalError {
    static let tooLarge = TerminalError(
        .tooLarge, "Die Anlieferung hat zu viele Positionen für einen Beleg.", .entered,
        "Entfernen Sie Positionen und erfassen Sie sie als zweite Anlieferung.")
}
