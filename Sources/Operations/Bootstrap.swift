import Foundation
import Journal
import Keys
import Signing
import Storage
import Text
import Transparency
package import Units

/// What a new installation is told about the town and its first yard.
package struct YardDescription: Hashable, Sendable {
    package let id: YardID
    package let name: String
    package let town: String
    /// Street, postal code and place; printed on receipts.
    package let address: String
    /// Host name under which receipts and proofs are found, such as `musterstadt.example`.
    package let host: String

    package init(id: YardID, name: String, town: String, address: String, host: String) {
        self.id = id
        self.name = name
        self.town = town
        self.address = address
        self.host = host
    }

    var origin: String { "\(host)/log/\(id.text)" }
}

extension Installation {
    /// Creates the data directory with keys, finance files and an empty database. Only its owner
    /// may look in, also where the folder is there already.
    ///
    /// - Parameter finance: files to put into `finance/`: name and bytes. One that is there stays.
    /// - Throws: ``OperationsError/alreadyInitialised(path:)``,
    ///   ``OperationsError/databaseMissing(path:)``, or what the file system says.
    package static func create(
        in directory: DataDirectory, finance: [(name: String, bytes: [UInt8])]
    ) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: directory.database) else {
            throw OperationsError.alreadyInitialised(path: directory.path)
        }
        // Heads without a log would let an old database pass that is put back later.
        guard !directory.knowsLog else {
            throw OperationsError.databaseMissing(path: directory.path)
        }
        for folder in ["", "/keys", "/finance", "/receipts", "/exports"] {
            try DataDirectory.makePrivateFolder(directory.path + folder)
        }
        if !files.fileExists(atPath: directory.recordKey) {
            try KeyFile.create(path: directory.recordKey, with: .es256(.generate()))
        }
        for (name, bytes) in finance {
            let path = "\(directory.path)/finance/\(name)"
            guard !files.fileExists(atPath: path) else { continue }
            try DurableFile.replace(path: path, with: bytes)
        }
        try HeadFile.replace(path: directory.heads, notes: [])
        try ServerDatabase(path: directory.database).close()
        try DataDirectory.closeToOthers(directory.database)
    }

    /// Adds a yard: its key, its log, and the genesis record at position 0.
    ///
    /// - Throws: ``OperationsError`` (`yardExists`, `input` as ``YardDescription/check()``) before
    ///   anything is written; what the file system and SQLite say.
    package func createYard(_ description: YardDescription) async throws -> Yard {
        guard !yards.contains(where: { $0.id == description.id }) else {
            throw OperationsError.yardExists(description.id.text)
        }
        try description.check()
        let path = directory.logKey(yard: description.id.text)
        // One is there where an earlier try ended between key and record.
        if !FileManager.default.fileExists(atPath: path) {
            try KeyFile.create(path: path, with: .ed25519(.generate()))
        }
        let key = try KeyFile.readEd25519(path: path)
        let now = clock()
        let ring = try KeyRing(directory)
        try await writer.perform { [self] batch in
            let recordKey = try recordKey(in: batch, ring)
            let number = try batch.transaction.insertYard(
                description.id, origin: description.origin)
            let log = try YardLog(
                number: number, id: description.id, origin: description.origin, signers: [key],
                recordKey: recordKey, tree: LogTree(), lastTariff: nil, lastReceived: nil)
            writer.add(log, in: batch)
            let genesis = Genesis(
                town: description.town, yardName: description.name,
                address: description.address, logKey: log.signers[0].verifier.text,
                recordKey: recordKey.publicKey, policy: "quorum none")
            let yard = Yard(
                number: number, id: description.id, origin: description.origin, genesis: genesis,
                logKey: genesis.logKey)
            _ = try append(.genesis(genesis), to: yard, at: now, in: batch)
        }
        try refreshRegister()
        return try yard(description.id.text)
    }
}

extension Installation {
    /// The key of the server's records: that of the other yards, for the first yard the one that
    /// was made with the installation.
    private func recordKey(in batch: Batch, _ ring: KeyRing) throws -> any ES256Signer {
        if let known = batch.logs.values.first { return known.recordKey }
        let first = try KeyFile.readES256(path: directory.recordKey)
        return try ring.requireRecord(first.publicKey)
    }
}
