import Foundation
import GRDB
import Journal
import Keys
import Operations
import Signing
import Storage
import Tampering
import Testing
import Transparency
import Units

/// What an administrator with the server's own keys can do to a record of the server: write other
/// words into it, sign it anew, and make a checkpoint that fits.
struct Forgery {
    let yard: TestYard
    /// The data directory whose database is changed; nobody has it open.
    let directory: DataDirectory

    /// Rewrites the yard's one record of `kind`.
    ///
    /// - Parameter changes: each `old` stands once in the payload.
    /// - Returns: the record's log index.
    @discardableResult
    func rewrite(_ kind: RecordKind, _ changes: [(old: String, new: String)]) throws -> Int64 {
        let queue = try DatabaseQueue(path: directory.database)
        let index = try queue.write { connection in
            try connection.withoutTriggers {
                let positions = try Int64.fetchAll(
                    connection, sql: "SELECT position FROM server_record WHERE kind = ?",
                    arguments: [kind.rawValue])
                try #require(positions.count == 1)
                let bytes = try #require(
                    try Data.fetchOne(
                        connection, sql: "SELECT bytes FROM entry WHERE position = ?",
                        arguments: [positions[0]]))
                try connection.execute(
                    sql: "UPDATE entry SET bytes = ? WHERE position = ?",
                    arguments: [Data(try rewritten(Array(bytes), changes)), positions[0]])
                try signHead(connection)
                return LogPosition(positions[0]).index
            }
        }
        try queue.close()
        return index
    }

    private func rewritten(_ bytes: [UInt8], _ changes: [(old: String, new: String)]) throws
        -> [UInt8]
    {
        let entry = try #require(LogEntry(bytes: bytes))
        let jws = try CompactJWS.parse(entry.jws)
        var payload = String(decoding: jws.payload, as: UTF8.self)
        for (old, new) in changes {
            try #require(payload.ranges(of: old).count == 1, "\(old) in \(payload)")
            payload = payload.replacing(old, with: new)
        }
        let key = try KeyFile.readES256(path: yard.directory.recordKey)
        let signed = try key.compactJWS(typ: jws.typ, kid: jws.kid, payload: Array(payload.utf8))
        return LogEntry(
            kind: entry.kind, received: entry.received, jws: signed, flags: Set(entry.flags)
        ).bytes
    }

    /// One new checkpoint over all entries in place of those that were; a log of fewer than 256
    /// entries has no stored tile.
    private func signHead(_ connection: Database) throws {
        var tree = LogTree()
        for bytes in try Data.fetchAll(
            connection, sql: "SELECT bytes FROM entry ORDER BY position")
        {
            let tiles = tree.append(MerkleTree.leafHash(bytes))
            try #require(tiles.isEmpty)
        }
        let note = try yard.signedHead(size: tree.size, root: tree.root)
        try connection.execute(sql: "DELETE FROM checkpoint")
        try connection.execute(
            sql: "INSERT INTO checkpoint VALUES (?, ?, ?)",
            arguments: [
                yard.yard.number, tree.size, String(decoding: note.bytes, as: UTF8.self),
            ])
    }
}

extension TestYard {
    /// A checkpoint that the log's own key signs, or `key` in its name, whatever the log holds.
    func signedHead(size: Int64, root: Digest, by key: Ed25519PrivateKey? = nil) throws
        -> SignedNote
    {
        let key = try key ?? KeyFile.readEd25519(path: directory.logKey(yard: yard.id.text))
        let head = try #require(Checkpoint(origin: yard.origin, size: size, root: root))
        return try SignedNote(
            text: head.body, signatures: [key.noteSignature(of: head.body, name: yard.origin)])
    }

    /// A data directory of its own with a copy of this one's database, which nobody has open.
    func copied(to path: String) throws -> DataDirectory {
        let copy = DataDirectory(path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: directory.database, toPath: copy.database)
        return copy
    }
}
