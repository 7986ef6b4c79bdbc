import Journal
import Signing
package import Storage
import Text
import Units

extension Installation {
    /// Notes the key that a terminal announced as its next one, signed by the one in force. The
    /// same announcement again is the same request; another one takes its place.
    ///
    /// - Returns: the request's number; nil if the key is in force already.
    /// - Throws: ``OperationsError`` `terminalRevoked`, `keyRefused`.
    package func announceKey(
        _ announcement: [UInt8], possession: [UInt8], of terminal: Storage.TerminalRow,
        at yard: Yard
    ) async throws -> Int64? {
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            guard let row = try reading.terminal(yard: yard.number, id: terminal.id),
                let current = ES256PublicKey(raw: row.key)
            else { throw OperationsError.terminalUnknown(terminal.id.text) }
            guard row.state != .revoked else {
                throw OperationsError.terminalRevoked(row.id.text)
            }
            if Self.isInForce(possession, current) { return nil }
            let key = try Self.announced(announcement, possession, row, current, yard)
            try requireNewKey(key.key, reading)
            let body = JSONValue.object(key.members).text
            for open in try reading.openKeyRequests(yard: yard.number)
            where open.kind == .rotate && open.terminal == row.id {
                if open.body.utf8.elementsEqual(body.utf8) { return open.id }
                try batch.transaction.decideKeyRequest(open.id, .rejected, by: nil)
            }
            return try batch.transaction.insertKeyRequest(
                .rotate, yard: yard.number, terminal: row.id, body: body, by: nil, at: now)
        }
    }

    /// Whether the new key of an announcement is the one in force: the terminal did not hear of
    /// the approval yet.
    private static func isInForce(_ possession: [UInt8], _ current: ES256PublicKey) -> Bool {
        do {
            return try KeyAnnouncement(jws: possession, signedBy: current).key == current
        } catch {
            return false
        }
    }

    private static func announced(
        _ announcement: [UInt8], _ possession: [UInt8], _ row: Storage.TerminalRow,
        _ current: ES256PublicKey, _ yard: Yard
    ) throws -> AnnouncedKey {
        do {
            let said = try KeyAnnouncement(jws: announcement, signedBy: current)
            let key = AnnouncedKey(
                terminal: row.id, key: said.key, announcement: announcement,
                possession: possession)
            try key.check(replacing: current, log: yard.origin, yard: yard.id)
            return key
        } catch {
            throw OperationsError.keyRefused(error)
        }
    }

    /// - Throws: ``OperationsError/keyRefused(_:)`` for a key that some terminal has, or had.
    func requireNewKey(_ key: ES256PublicKey, _ reading: Reading) throws {
        guard try !reading.terminalKeys().contains(where: { $0.kid == key.thumbprint }) else {
            throw OperationsError.keyRefused(.keyUsedBefore)
        }
    }

    /// Brings an announced key into force.
    func rotateTerminal(_ consent: KeyConsent, in batch: Batch) throws {
        let announced = try consent.body { try AnnouncedKey(from: &$0) }
        let reading = batch.transaction.reading
        guard let row = try reading.terminal(yard: consent.yard.number, id: announced.terminal),
            let current = ES256PublicKey(raw: row.key)
        else { throw OperationsError.terminalUnknown(announced.terminal.text) }
        guard row.state != .revoked else { throw OperationsError.terminalRevoked(row.id.text) }
        do {
            try announced.check(
                replacing: current, log: consent.yard.origin, yard: consent.yard.id)
        } catch { throw OperationsError.keyRefused(error) }
        try requireNewKey(announced.key, reading)
        let rotation = KeyRotation(announced: announced, approvedBy: consent.person)
        let position = try append(.rotate(rotation), to: consent.yard, at: consent.at, in: batch)
        try batch.transaction.replaceKey(
            ofTerminal: row.number, by: announced.key.raw, kid: announced.key.thumbprint,
            at: position.index)
    }
}
