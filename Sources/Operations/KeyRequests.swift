import Journal
package import People
package import Storage
import Text
import Units

extension Installation {
    /// What is asked about keys and waits for a second person, newest first.
    package func openKeyRequests(of yard: Yard) throws -> [KeyRequestRow] {
        try database.read { try $0.openKeyRequests(yard: yard.number) }
    }

    /// A second person's consent: what was asked comes into force with a journal record.
    ///
    /// What a terminal itself announced needs one person, all else one that did not ask for it.
    /// - Throws: ``OperationsError`` `forbidden`, `requestUnknown`, `requestState`; then those of
    ///   what was asked.
    package func approveKeyRequest(_ id: Int64, at yard: Yard, by person: Person) async throws {
        try person.allowed(.approveKey)
        let now = clock()
        let ring = try KeyRing(directory)
        let all = yards
        try await writer.perform { [self] batch in
            let row = try keyRequest(id, of: yard, batch.transaction.reading)
            if let first = row.requestedBy { try person.allowed(.approveKey, otherThan: first) }
            let consent = KeyConsent(
                row: row, yard: yard, yards: all, person: person.id, at: now, ring: ring)
            switch row.kind {
            case .rotate: try rotateTerminal(consent, in: batch)
            case .revoke: try revokeTerminal(consent, in: batch)
            case .rotateLog: try rotateLog(consent, in: batch)
            case .rotateRecord: try rotateRecord(consent, in: batch)
            }
            try batch.transaction.decideKeyRequest(id, .approved, by: person.id)
        }
        try refreshRegister()
    }

    /// Refuses what was asked; nothing comes into force.
    package func rejectKeyRequest(_ id: Int64, at yard: Yard, by person: Person) async throws {
        try person.allowed(.approveKey)
        try await writer.perform { [self] batch in
            _ = try keyRequest(id, of: yard, batch.transaction.reading)
            try batch.transaction.decideKeyRequest(id, .rejected, by: person.id)
        }
    }

    private func keyRequest(_ id: Int64, of yard: Yard, _ reading: Reading) throws
        -> KeyRequestRow
    {
        guard let row = try reading.keyRequest(id), row.yard == yard.number else {
            throw OperationsError.requestUnknown(id)
        }
        guard row.state == .requested else {
            throw OperationsError.requestState(
                id, found: row.state.rawValue, wanted: KeyRequestRow.State.requested.rawValue)
        }
        return row
    }
}

/// What a second person consents to.
struct KeyConsent: Sendable {
    let row: KeyRequestRow
    let yard: Yard
    let yards: [Yard]
    let person: PersonID
    let at: Timestamp
    let ring: KeyRing

    /// The body of the request.
    ///
    /// - Throws: `DamagedRow` if it cannot be read.
    func body<Value>(_ read: (inout ObjectReader) throws -> Value) throws -> Value {
        do {
            var reader = try ObjectReader(try StrictJSON.parse(Array(row.body.utf8)))
            let value = try read(&reader)
            try reader.finish()
            return value
        } catch {
            throw DamagedRow(table: "key_request", position: row.id)
        }
    }

    /// - Throws: `DamagedRow` if no person asked.
    func requester() throws -> PersonID {
        guard let person = row.requestedBy else {
            throw DamagedRow(table: "key_request", position: row.id)
        }
        return person
    }
}
