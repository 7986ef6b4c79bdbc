import Foundation
import Journal
import Keys
import Signing
import Storage
import Transparency
import Units

/// The server's private keys at hand, found by their public halves: what a file is called does
/// not matter, so that a new key can lie beside the one that it will replace.
struct KeyRing {
    private var records: [ES256PublicKey: any ES256Signer] = [:]
    private var logs: [Ed25519PublicKey: any Ed25519Signer] = [:]
    /// Where each key lies, by its public half in bytes.
    private var paths: [[UInt8]: String] = [:]
    private let folder: String
    private let faults: ProvokedFaults

    /// Reads every key file of a data directory.
    ///
    /// - Throws: `FileError` for a file that others may use or that is no key file; `TokenError`
    ///   for a key in a token that cannot be used.
    init(_ directory: DataDirectory, faults: ProvokedFaults = .none) throws {
        folder = directory.keys
        self.faults = faults
        guard FileManager.default.fileExists(atPath: folder) else {
            throw OperationsError.missingFile(path: folder)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        var token: Token?
        for name in names.sorted() where name.hasSuffix(".key") {
            let path = "\(folder)/\(name)"
            switch try KeyFile.read(path: path) {
            case .es256(let key): add(key, path)
            case .ed25519(let key): add(key, path)
            // Signs nothing.
            case .digest: break
            case .token(let kind, let label):
                let opened = try token ?? Token(TokenSettings.read(path: directory.token))
                token = opened
                switch kind {
                case .es256: add(try TokenES256Key(opened, label: label), path)
                case .ed25519: add(try TokenEd25519Key(opened, label: label), path)
                }
            }
        }
    }

    mutating func add(_ key: any ES256Signer, _ path: String) {
        records[key.publicKey] = key
        paths[key.publicKey.raw] = path
    }

    mutating func add(_ key: any Ed25519Signer, _ path: String) {
        logs[key.publicKey] = key
        paths[key.publicKey.raw] = path
    }

    func path(ofKey raw: [UInt8]) -> String? { paths[raw] }

    func record(_ key: ES256PublicKey) -> (any ES256Signer)? { records[key] }

    /// The key that signs the server's records now.
    ///
    /// - Throws: ``OperationsError/keyMissing(purpose:key:folder:)``.
    func requireRecord(_ key: ES256PublicKey) throws -> any ES256Signer {
        let any = faults.isBroken(.anyKey) ? records.values.first : nil
        guard let found = records[key] ?? any else {
            throw OperationsError.keyMissing(
                purpose: "records of the server", key: key.thumbprint, folder: folder)
        }
        return found
    }

    func log(_ key: VerifierKey) -> (any Ed25519Signer)? { logs[key.key] }

    /// The key that signs the checkpoints of a log now.
    ///
    /// - Throws: ``OperationsError/keyMissing(purpose:key:folder:)``.
    func requireLog(_ key: VerifierKey) throws -> any Ed25519Signer {
        let any = faults.isBroken(.anyKey) ? logs.values.first : nil
        guard let found = logs[key.key] ?? any else {
            throw OperationsError.keyMissing(
                purpose: "checkpoints of \(key.name)", key: key.text, folder: folder)
        }
        return found
    }
}

extension KeyBook {
    /// The server's own keys by the records of a log; terminals are left out.
    static func ofServer(_ yard: YardRow, _ reading: Reading) throws -> KeyBook {
        var book = KeyBook()
        let positions = try [RecordKind.genesis, .rotateLog, .rotateRecord, .loss].flatMap {
            try reading.serverRecords(yard: yard.number, kind: $0)
        }
        for position in positions.sorted() {
            guard let bytes = try reading.entry(at: position),
                case .server(let record) = try StoredRecord.fact(of: bytes)
            else { throw DamagedRow(table: "entry", position: position.number) }
            try book.apply(record.fact, log: yard.origin, yard: yard.id, at: position.index)
        }
        return book
    }
}
