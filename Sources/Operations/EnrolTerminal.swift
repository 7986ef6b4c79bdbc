import Foundation
import Journal
import Keys
import Logging
package import People
package import Signing
package import Storage
import Text
package import Units

/// What a terminal learns when it is enrolled.
package struct EnrolledTerminal: Sendable {
    package let yard: Yard
    package let terminal: TerminalID
    package let name: String
    /// Bearer token for reading; shown once.
    package let token: String
}

extension Installation {
    /// How long a one-time code is good for after its approval.
    package static let codeMilliseconds: Int64 = 10 * 60_000

    /// Asks for a new terminal; the code works once a second person has approved it.
    ///
    /// - Returns: the request's number and the one-time code (128 bits), shown once.
    package func requestEnrolment(
        _ terminal: TerminalID, name: String, at yard: Yard, by person: Person
    ) async throws -> (id: Int64, code: String) {
        try person.allowed(.requestEnrolment)
        let code = Hex.encode(SystemRandom.bytes(16))
        let now = clock()
        let id = try await writer.perform { batch in
            guard
                try batch.transaction.reading.terminal(yard: yard.number, id: terminal) == nil
            else { throw OperationsError.terminalExists(terminal.text) }
            return try batch.transaction.insertEnrolment(
                yard: yard.number, terminal: terminal, name: name,
                codeDigest: Digest.sha256(Array(code.utf8)).bytes, by: person.id, at: now)
        }
        return (id, code)
    }

    /// - Throws: ``OperationsError`` (`requestUnknown`, `forbidden`, `requestState`,
    ///   `terminalExists` for an id that was given since).
    package func approveEnrolment(_ id: Int64, at yard: Yard, by person: Person) async throws {
        let now = clock()
        try await writer.perform { batch in
            let reading = batch.transaction.reading
            let row = try Self.enrolment(id, of: yard, reading)
            try person.allowed(.approveEnrolment, otherThan: row.requestedBy)
            try Self.requireWaiting(row)
            guard try reading.terminal(yard: yard.number, id: row.terminal) == nil else {
                throw OperationsError.terminalExists(row.terminal.text)
            }
            try batch.transaction.approveEnrolment(id, by: person.id, at: now)
        }
    }

    /// Refuses a request that waits; its code is no longer known.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `requestUnknown`, `requestState`).
    package func rejectEnrolment(_ id: Int64, at yard: Yard, by person: Person) async throws {
        try person.allowed(.approveEnrolment)
        let now = clock()
        let row = try await writer.perform { batch in
            let row = try Self.enrolment(id, of: yard, batch.transaction.reading)
            try Self.requireWaiting(row)
            try batch.transaction.endEnrolment(id, at: now)
            return row
        }
        logger.notice(
            "enrolment rejected",
            metadata: [
                "yard": "\(yard.id)", "terminal": "\(row.terminal)", "person": "\(person.id)",
            ])
    }

    private static func enrolment(_ id: Int64, of yard: Yard, _ reading: Reading) throws
        -> EnrolmentRow
    {
        guard let row = try reading.enrolment(id: id), row.yard == yard.number else {
            throw OperationsError.requestUnknown(id)
        }
        return row
    }

    private static func requireWaiting(_ row: EnrolmentRow) throws {
        guard row.approvedBy == nil, row.endedAt == nil else {
            throw OperationsError.requestState(
                row.id, found: row.approvedBy == nil ? "rejected" : "approved",
                wanted: "requested")
        }
    }

    /// Enrols a terminal by its one-time code: its key counts from this log position on.
    ///
    /// - Parameter proof: a compact JWS over `{"code":…}` made with the new key.
    package func enrol(code: String, key: ES256PublicKey, proof: [UInt8]) async throws
        -> EnrolledTerminal
    {
        guard Self.proves(proof, possessionOf: key, code: code) else {
            throw OperationsError.proofOfPossession
        }
        let token = Base64URL.encode(SystemRandom.bytes(32))
        let now = clock()
        let all = yards
        let (yard, row) = try await writer.perform { [self] batch in
            let (row, yard) = try usable(code, among: all, now: now, batch.transaction.reading)
            guard let approvedBy = row.approvedBy else { throw OperationsError.codeNotApproved }
            try requireNewKey(key, batch.transaction.reading)
            let enrolment = Enrolment(
                terminal: row.terminal, name: row.name, key: key, requestedBy: row.requestedBy,
                approvedBy: approvedBy)
            try batch.transaction.endEnrolment(row.id, at: now)
            let position = try append(.enrol(enrolment), to: yard, at: now, in: batch)
            _ = try batch.transaction.insertTerminal(
                yard: yard.number, id: row.terminal, name: row.name, key: key.raw,
                kid: key.thumbprint, enrolledAt: position.index,
                tokenDigest: Digest.sha256(Array(token.utf8)).bytes)
            return (yard, row)
        }
        try refreshRegister()
        return EnrolledTerminal(yard: yard, terminal: row.terminal, name: row.name, token: token)
    }

    /// Whether `proof` is a statement of the code, signed with the key.
    private static func proves(_ proof: [UInt8], possessionOf key: ES256PublicKey, code: String)
        -> Bool
    {
        do {
            let jws = try CompactJWS.parse(proof)
            let payload = try StrictJSON.parse(jws.payload)
            return jws.typ == "wsh-enrol+jws" && jws.kid == key.thumbprint
                && jws.isSigned(by: key) && payload == .fields(["code": .string(code)])
        } catch {
            return false
        }
    }

    private func usable(_ code: String, among yards: [Yard], now: Timestamp, _ reading: Reading)
        throws -> (EnrolmentRow, Yard)
    {
        let digest = Digest.sha256(Array(code.utf8)).bytes
        guard let row = try reading.enrolment(code: digest),
            let yard = yards.first(where: { $0.number == row.yard })
        else { throw OperationsError.codeUnknown }
        guard row.endedAt == nil else {
            throw row.approvedAt == nil ? OperationsError.codeUnknown : .codeUsed
        }
        guard let approvedAt = row.approvedAt else { throw OperationsError.codeNotApproved }
        guard now.milliseconds - approvedAt.milliseconds <= Self.codeMilliseconds else {
            throw OperationsError.codeExpired
        }
        guard try reading.terminal(yard: row.yard, id: row.terminal) == nil else {
            throw OperationsError.terminalExists(row.terminal.text)
        }
        return (row, yard)
    }

    /// Requests that wait for an approval, and approved ones whose code is still good.
    package func openEnrolments(of yard: Yard) throws -> [EnrolmentRow] {
        let earliest = clock().adding(milliseconds: -Self.codeMilliseconds)
        return try database.read {
            try $0.openEnrolments(yard: yard.number, approvedSince: earliest)
        }
    }

    package func terminals(of yard: Yard) throws -> [TerminalRow] {
        try database.read { try $0.terminals(yard: yard.number) }
    }

    /// The terminal that a bearer token belongs to.
    package func terminal(token: String) throws -> TerminalRow? {
        let digest = Digest.sha256(Array(token.utf8)).bytes
        return try database.read { try $0.terminal(token: digest) }
    }

    package func findings(of terminal: TerminalRow) throws -> [(code: String, index: Int64)] {
        try database.read { try $0.findings(terminal: terminal.number) }
    }

    /// Notes what a terminal says about itself.
    package func heartbeat(_ terminal: TerminalRow, head: Int64, queued: Int64, unknown: Int64)
        async throws
    {
        let now = clock()
        try await writer.perform {
            try $0.transaction.heartbeat(
                terminal: terminal.number, at: now, head: head, queued: queued, unknown: unknown)
        }
    }

    /// Lets a quarantined terminal go on.
    package func release(
        _ id: TerminalID, at yard: Yard, reason: String, by person: Person
    ) async throws {
        try person.allowed(.releaseTerminal)
        try Self.requireReason(reason)
        let now = clock()
        _ = try await writer.perform { [self] batch in
            guard let row = try batch.transaction.reading.terminal(yard: yard.number, id: id)
            else { throw OperationsError.terminalUnknown(id.text) }
            guard row.state == .quarantined else { throw OperationsError.notQuarantined(id.text) }
            try batch.transaction.setState(.active, ofTerminal: row.number)
            let release = TerminalRelease(terminal: id, reason: reason, approvedBy: person.id)
            return try append(.release(release), to: yard, at: now, in: batch).index
        }
    }
}
