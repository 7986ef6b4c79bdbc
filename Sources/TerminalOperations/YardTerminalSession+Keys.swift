import Foundation
import Journal
import Keys
import Remote
import Signing
import TerminalStorage
import Text
import Transparency

// Keys give way to new ones: the terminal's own by an announcement that an officer approves, the
// log's by a record that the old key vouches for. After a loss another log follows in that way.
extension YardTerminalSession {
    /// The log's key as far as this terminal can prove it.
    var logKey: String {
        get throws { try store.read { try $0.setting(.logKey) } ?? identity.logKey }
    }

    /// Makes the terminal's next key, if there is none, and announces it to the server. It comes
    /// into force when an officer has approved it and the server was heard again; until then the
    /// old one signs.
    ///
    /// - Returns: the thumbprint of the next key, to be compared with what the officer sees.
    /// - Throws: ``TerminalError`` `server-unreachable`, `key-refused`; what store and key file
    ///   throw.
    package func announceNextKey() async throws -> String {
        let (announcement, possession) = try announcement()
        do {
            try await server.announceKey(announcement, possession: possession)
        } catch let failure as ServerFailure {
            throw failure.atAnnouncement
        }
        return try KeyFile.readES256(path: files.nextKey).publicKey.thumbprint
    }

    /// The announcement, made once so that it can be repeated.
    private func announcement() throws -> (announcement: [UInt8], possession: [UInt8]) {
        if let kept = try store.read({ try $0.setting(.nextKey) }) {
            var reader = try ObjectReader(try StrictJSON.parse(Array(kept.utf8)))
            let found = (
                Array(try reader.string("announcement").utf8),
                Array(try reader.string("possession").utf8)
            )
            if FileManager.default.fileExists(atPath: files.nextKey) { return found }
        }
        if !FileManager.default.fileExists(atPath: files.nextKey) {
            try KeyFile.create(path: files.nextKey, with: .es256(try ES256PrivateKey.generate()))
        }
        let next = try KeyFile.readES256(path: files.nextKey)
        let payload = KeyAnnouncement(
            log: identity.log, yard: identity.yard, terminal: identity.terminal,
            key: next.publicKey, at: world.now()
        ).payload
        let signed = try [signer.key, next].map { key in
            try key.compactJWS(
                typ: KeyAnnouncement.typ, kid: key.publicKey.thumbprint, payload: payload)
        }
        let kept = JSONValue.fields([
            "announcement": .string(String(decoding: signed[0], as: UTF8.self)),
            "possession": .string(String(decoding: signed[1], as: UTF8.self)),
        ])
        try store.write { try $0.set(.nextKey, to: kept.text) }
        return (signed[0], signed[1])
    }

    /// Signs with the next key from now on, if the server has it in force.
    func takeNextKey(inForce kid: String?) throws {
        guard let kid, FileManager.default.fileExists(atPath: files.nextKey) else { return }
        let next = try KeyFile.readES256(path: files.nextKey)
        guard next.publicKey.thumbprint.hasSameBytes(as: kid) else { return }
        try noteEarlierKey(signer.key.publicKey)
        try DurableFile.move(from: files.nextKey, to: files.key)
        signer = RecordSigner(key: next, identity: identity, world: world)
        try store.write { try $0.set(.nextKey, to: nil) }
    }

    private func noteEarlierKey(_ key: ES256PublicKey) throws {
        try store.write { access in
            let known = try access.setting(.earlierKeys)?.split(separator: " ").map(String.init)
            let keys = (known ?? []).filter { $0 != Base64URL.encode(key.raw) }
            try access.set(
                .earlierKeys, to: (keys + [Base64URL.encode(key.raw)]).joined(separator: " "))
        }
    }

    /// The public keys that signed this terminal's records, by thumbprint.
    func publicKeys(in access: TerminalAccess) throws -> [String: ES256PublicKey] {
        let earlier = try access.setting(.earlierKeys)?.split(separator: " ") ?? []
        let keys = earlier.compactMap { Base64URL.decode(String($0)) }
            .compactMap { ES256PublicKey(raw: $0) }
        let all = (keys + [signer.key.publicKey]).map { ($0.thumbprint, $0) }
        return Dictionary(all, uniquingKeysWith: { $1 })
    }

    /// ``followLogKeys()``, or false while the server is away.
    func followLogKeysIfReachable() async throws -> Bool {
        do { return try await followLogKeys() } catch is ServerFailure { return false }
    }

    /// Learns the log's newer keys, each through the record that the key before it vouches for.
    ///
    /// Where a loss was accepted on the way, what the ended log acknowledged from there on is sent
    /// again; its proofs are kept, and the heads of that log are no longer compared.
    /// - Returns: whether there was a newer one.
    func followLogKeys() async throws -> Bool {
        guard let known = VerifierKey(try logKey) else { return false }
        let steps = try await server.logKeySteps()
        do {
            let newest = try LogKeyStep.follow(steps, from: known)
            try store.write { try takeBack(.logKey, in: $0) }
            guard newest.key != known else { return false }
            try store.write { access in
                try access.set(.logKey, to: newest.key.text)
                guard let first = newest.lostFrom else { return }
                try access.sendAgain(from: first, endedLog: known.name)
                try access.set(.logHead, to: nil)
                try access.set(.logCheckpoint, to: nil)
                try takeBack(.logShrunk(from: 0, to: 0), in: access)
            }
            return true
        } catch is LogKeyStepError {
            try store.write { try $0.set(.alarm, to: AcknowledgementFault.logKey.code) }
            return false
        }
    }

    /// Ends the alarm of this kind of fault, if there is one.
    private func takeBack(_ fault: AcknowledgementFault, in access: TerminalAccess) throws {
        guard try access.setting(.alarm) == fault.code else { return }
        try access.set(.alarm, to: nil)
    }
}

extension ServerFailure {
    fileprivate var atAnnouncement: TerminalError {
        switch self {
        case .unreachable, .busy:
            TerminalError(
                .serverUnreachable, "Der Server ist nicht erreichbar.", .unchanged,
                "Prüfen Sie das Netz und melden Sie den Schlüssel noch einmal an.")
        case .problem(let problem):
            TerminalError(
                .keyRefused,
                "Der Server nimmt den neuen Schlüssel nicht an (\(problem.code)).", .unchanged,
                "Das Gerät unterschreibt weiter mit dem bisherigen Schlüssel. \(problem.detail)")
        case .malformed(let what):
            TerminalError(
                .keyRefused, "Die Antwort des Servers ist nicht zu verstehen (\(what)).",
                .unchanged, "Prüfen Sie die Adresse; dort antwortet vielleicht etwas anderes.")
        }
    }
}
