import Foundation
import Journal
import Keys
package import People
import Signing
import Storage
import Text
import Transparency
import Units

/// Which key of the server is to be replaced.
package enum ServerKeyPurpose: String, Hashable, Sendable, CaseIterable {
    /// The checkpoints of one yard's log.
    case log
    /// The records of the server, in all yards.
    case record
}

extension Installation {
    /// Makes a new key of the server and asks to put it in place of the one in force.
    ///
    /// - Parameter inToken: whether it is made in the token of `keys/token.json` and stays there.
    /// - Returns: the request's number, and the new key: a verifier key for a log, else its
    ///   thumbprint.
    /// - Throws: ``OperationsError`` `forbidden`, `keyRequestOpen`; `FileError` if the key file
    ///   cannot be made; `TokenError`.
    package func requestRotation(
        of purpose: ServerKeyPurpose, inToken: Bool = false, at yard: Yard, by person: Person
    ) async throws -> (id: Int64, key: String) {
        try person.allowed(.rotateServerKey)
        let kind: KeyRequestRow.Kind = purpose == .log ? .rotateLog : .rotateRecord
        for open in try yards.flatMap({ try openKeyRequests(of: $0) })
        where open.kind == kind && (purpose == .record || open.yard == yard.number) {
            throw OperationsError.keyRequestOpen(open.id)
        }
        let token = try inToken ? Token(TokenSettings.read(path: directory.token)) : nil
        // What is stored, and what people compare.
        let stored: String
        let key: String
        switch purpose {
        case .log:
            let made = try makeLogKey(of: yard.id, in: token)
            stored = try made.verifierKey(name: yard.logName, kind: .note).text
            key = stored
        case .record:
            let made = try makeRecordKey(in: token)
            stored = Base64URL.encode(made.raw)
            key = made.thumbprint
        }
        let body = JSONValue.fields(["key": .string(stored)]).text
        let now = clock()
        let id = try await writer.perform { batch in
            try batch.transaction.insertKeyRequest(
                kind, yard: yard.number, terminal: nil, body: body, by: person.id, at: now)
        }
        return (id, key)
    }

    /// A new key for the checkpoints of a yard, kept in a file or in the token.
    func makeLogKey(of yard: YardID, in token: Token?) throws -> any Ed25519Signer {
        let name = "log-\(yard.text)-\(Hex.encode(SystemRandom.bytes(4)))"
        let key: any Ed25519Signer
        if let token {
            key = try token.makeEd25519(label: name)
            try keep(.token(.ed25519, label: name), name)
        } else {
            let made = try Ed25519PrivateKey.generate()
            try keep(.ed25519(made), name)
            key = made
        }
        return key
    }

    private func makeRecordKey(in token: Token?) throws -> ES256PublicKey {
        let name = "records-\(Hex.encode(SystemRandom.bytes(4)))"
        let key: any ES256Signer
        if let token {
            key = try token.makeES256(label: name)
            try keep(.token(.es256, label: name), name)
        } else {
            let made = try ES256PrivateKey.generate()
            try keep(.es256(made), name)
            key = made
        }
        return key.publicKey
    }

    private func keep(_ content: KeyFile.Content, _ name: String) throws {
        try KeyFile.create(path: "\(directory.keys)/\(name).key", with: content)
    }

    /// Puts a log's new key into force: with a record that holds a checkpoint signed by both, and
    /// from then on with both signatures under each checkpoint until the old key is retired.
    func rotateLog(_ consent: KeyConsent, in batch: Batch) throws {
        let text = try consent.body { try $0.string("key") }
        guard let verifier = VerifierKey(text), var log = batch.logs[consent.yard.number] else {
            throw DamagedRow(table: "key_request", position: consent.row.id)
        }
        let signer = try LogSigner(try consent.ring.requireLog(verifier), origin: log.origin)
        // Asked for before a loss was accepted, it would be the key of a log that has ended.
        guard signer.verifier == verifier else { throw OperationsError.keyRefused(.loss) }
        log.signers.append(signer)
        let rotation = LogKeyRotation(
            key: verifier, checkpoint: try log.signedCheckpoint().bytes,
            requestedBy: try consent.requester(), approvedBy: consent.person)
        _ = try append(.rotateLog(rotation), to: consent.yard, at: consent.at, in: batch)
        batch.logs[consent.yard.number]?.signers.append(signer)
    }

    /// Puts the new key of the server's records into force in every yard's log.
    func rotateRecord(_ consent: KeyConsent, in batch: Batch) throws {
        let raw = try consent.body { Base64URL.decode(try $0.string("key")) }
        guard let key = raw.flatMap({ ES256PublicKey(raw: $0) }) else {
            throw DamagedRow(table: "key_request", position: consent.row.id)
        }
        let signer = try consent.ring.requireRecord(key)
        for yard in consent.yards {
            let announcement = KeyAnnouncement(
                log: yard.origin, yard: yard.id, terminal: nil, key: key, at: consent.at)
            let rotation = RecordKeyRotation(
                key: key,
                possession: try signer.compactJWS(
                    typ: KeyAnnouncement.typ, kid: key.thumbprint, payload: announcement.payload),
                requestedBy: try consent.requester(), approvedBy: consent.person)
            _ = try append(.rotateRecord(rotation), to: yard, at: consent.at, in: batch)
            batch.logs[yard.number]?.recordKey = signer
        }
    }

    /// Takes a replaced key of the server out of use and removes its file. An old log key signs no
    /// more checkpoints then; who knows only it follows by the stored proof of its successor.
    ///
    /// - Parameter name: as ``ServerKey/name``.
    /// - Throws: ``OperationsError`` `forbidden`, `keyUnknown`, `keyInForce`; `FileError` if the
    ///   file cannot be removed.
    package func retireKey(_ name: String, by person: Person) async throws {
        try person.allowed(.rotateServerKey)
        guard let key = try serverKeys().first(where: { $0.name == name }), let path = key.path
        else { throw OperationsError.keyUnknown(name) }
        guard key.state == .replaced else { throw OperationsError.keyInForce(name) }
        if let verifier = VerifierKey(name) {
            let proved = try logKeyChain(from: verifier)
            guard !proved.isEmpty else { throw OperationsError.keyInForce(name) }
            try await writer.perform { batch in
                for number in batch.logs.keys {
                    batch.logs[number]?.signers.removeAll { $0.verifier == verifier }
                }
            }
        }
        guard unlink(path) == 0 else {
            throw FileError(.write, path: path, String(cString: strerror(errno)))
        }
    }
}
