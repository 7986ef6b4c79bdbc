package import Journal
package import People
package import Sales
package import Storage
import Text
package import Units

/// A record that has to be looked at because its terminal's keys were revoked.
package struct DoubtfulRecord: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// Recorded before the revocation, above the last trusted number: it counts.
        case before
        /// Recorded under the revoked key: left out until somebody decides.
        case withheld
        case counted
        case refused
    }

    package let row: RecordRow
    package let reference: SaleReference
    package let state: State
}

extension Installation {
    /// Asks to revoke the keys of a terminal.
    ///
    /// - Parameter trusted: the last sequence number that is trusted, 0 for none.
    /// - Returns: the request's number.
    /// - Throws: ``OperationsError`` `forbidden`, `reasonMissing`, `terminalUnknown`,
    ///   `terminalRevoked`, `keyRequestOpen`, `saleUnknown` if no such number is recorded, `input`
    ///   for a reason of several lines.
    package func requestRevocation(
        of id: TerminalID, trusted: Int64, reason: String, at yard: Yard, by person: Person
    ) async throws -> Int64 {
        try person.allowed(.requestRevocation)
        try Self.requireReason(reason)
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let row = try terminalInForce(id, yard, reading)
            _ = try trustedIndex(trusted, of: row, reading)
            let open = try reading.openKeyRequests(yard: yard.number)
                .first { $0.kind == .revoke && $0.terminal == id }
            if let open { throw OperationsError.keyRequestOpen(open.id) }
            let body = JSONValue.fields(["trusted": .integer(trusted), "reason": .string(reason)])
            return try batch.transaction.insertKeyRequest(
                .revoke, yard: yard.number, terminal: id, body: try body.stored(), by: person.id,
                at: now)
        }
    }

    /// Revokes with a second person's consent.
    func revokeTerminal(_ consent: KeyConsent, in batch: Batch) throws {
        let reading = batch.transaction.reading
        let (trusted, reason) = try consent.body {
            (try $0.integer("trusted", in: 0...StrictJSON.numberMax), try $0.string("reason"))
        }
        guard let id = consent.row.terminal else {
            throw DamagedRow(table: "key_request", position: consent.row.id)
        }
        let row = try terminalInForce(id, consent.yard, reading)
        let revocation = KeyRevocation(
            terminal: id, kid: row.kid, trusted: trusted,
            trustedIndex: try trustedIndex(trusted, of: row, reading), reason: reason,
            requestedBy: try consent.requester(), approvedBy: consent.person)
        _ = try append(.revoke(revocation), to: consent.yard, at: consent.at, in: batch)
        try batch.transaction.setState(.revoked, ofTerminal: row.number)
        // An announced key must not come into force later.
        for open in try reading.openKeyRequests(yard: consent.yard.number)
        where open.kind == .rotate && open.terminal == id {
            try batch.transaction.decideKeyRequest(open.id, .rejected, by: consent.person)
        }
    }

    private func terminalInForce(_ id: TerminalID, _ yard: Yard, _ reading: Reading) throws
        -> Storage.TerminalRow
    {
        guard let row = try reading.terminal(yard: yard.number, id: id) else {
            throw OperationsError.terminalUnknown(id.text)
        }
        guard row.state != .revoked else { throw OperationsError.terminalRevoked(id.text) }
        return row
    }

    private func trustedIndex(
        _ trusted: Int64, of row: Storage.TerminalRow, _ reading: Reading
    ) throws -> Int64? {
        guard trusted != 0 else { return nil }
        guard trusted > 0, let found = try reading.position(of: trusted, terminal: row.number)
        else {
            let reference = SaleReference(terminal: row.id, sequence: max(trusted, 1))
            throw OperationsError.saleUnknown(reference.receiptNumber)
        }
        return found.index
    }

    static func requireReason(_ reason: String) throws {
        guard !reason.isBlank, !reason.isTooLong else { throw OperationsError.reasonMissing }
        guard !reason.holdsCardNumber else { throw OperationsError.cardNumber }
    }

    /// The revocation of a terminal with its log index; nil if its keys are in force.
    package func revocation(of id: TerminalID, at yard: Yard) throws
        -> (revocation: KeyRevocation, index: Int64)?
    {
        try database.read { try Self.revocation(of: id, yard, $0) }
    }

    private static func revocation(of id: TerminalID, _ yard: Yard, _ reading: Reading) throws
        -> (revocation: KeyRevocation, index: Int64)?
    {
        for position in try reading.serverRecords(yard: yard.number, kind: .revoke) {
            guard let bytes = try reading.entry(at: position),
                case .server(let record) = try StoredRecord.fact(of: bytes),
                case .revoke(let revocation) = record.fact, revocation.terminal == id
            else { continue }
            return (revocation, position.index)
        }
        return nil
    }

    /// What has to be looked at after a revocation, by sequence number: everything above the last
    /// trusted number and everything recorded since. Empty while the keys are in force.
    package func doubtfulRecords(of id: TerminalID, at yard: Yard) throws -> [DoubtfulRecord] {
        try database.read { reading in
            guard let terminal = try reading.terminal(yard: yard.number, id: id) else {
                throw OperationsError.terminalUnknown(id.text)
            }
            guard let (revocation, index) = try Self.revocation(of: id, yard, reading) else {
                return []
            }
            let since = LogPosition(yard: yard.number, index: index)
            return try reading.records(
                ofTerminal: terminal.number, above: revocation.trusted, orFrom: since
            ).map { row in
                DoubtfulRecord(
                    row: row, reference: SaleReference(terminal: id, sequence: row.sequence),
                    state: row.position < since
                        ? .before : try Self.state(of: row.position, reading))
            }
        }
    }

    private static func state(of position: LogPosition, _ reading: Reading) throws
        -> DoubtfulRecord.State
    {
        switch try Withholding.decision(about: position, reading)?.counts {
        case nil: .withheld
        case true?: .counted
        case false?: .refused
        }
    }
}
