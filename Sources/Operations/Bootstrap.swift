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
    /// Creates the data directory with keys, finance files and an empty database.
    ///
    /// - Parameter finance: files to put into `finance/`: name and bytes.
    /// - Throws: ``OperationsError/alreadyInitialised(path:)``, or what the file system says.
    package static func create(
        in directory: DataDirectory, finance: [(name: String, bytes: [UInt8])]
    ) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: directory.database) else {
            throw OperationsError.alreadyInitialised(path: directory.path)
        }
        for folder in ["", "/keys", "/finance", "/receipts", "/exports"] {
            try files.createDirectory(
                atPath: directory.path + folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        if !files.fileExists(atPath: directory.recordKey) {
            try KeyFile.create(path: directory.recordKey, with: .es256(.generate()))
        }
        for (name, bytes) in finance {
            try DurableFile.replace(path: "\(directory.path)/finance/\(name)", with: bytes)
        }
        try HeadFile.create(path: directory.heads)
        try ServerDatabase(path: directory.database).close()
    }

    /// Adds a yard: its key, its log, and the genesis record at position 0.
    package func createYard(_ description: YardDescription) async throws -> Yard {
        let path = directory.logKey(yard: description.id.text)
        try KeyFile.create(path: path, with: .ed25519(.generate()))
        let key = try KeyFile.readEd25519(path: path)
        let now = clock()
        try await writer.perform { [self] batch in
            let number = try batch.transaction.insertYard(
                description.id, origin: description.origin)
            let log = try YardLog(
                number: number, id: description.id, origin: description.origin, key: key,
                tree: LogTree(), lastTariff: nil, lastReceived: nil)
            writer.add(log, in: batch)
            let genesis = Genesis(
                town: description.town, yardName: description.name,
                address: description.address, logKey: log.verifier.text,
                recordKey: recordKey.publicKey, policy: "quorum none")
            let yard = Yard(
                number: number, id: description.id, origin: description.origin, genesis: genesis)
            _ = try append(.genesis(genesis), to: yard, at: now, in: batch)
        }
        try refreshRegister()
        return try yard(description.id.text)
    }
}
