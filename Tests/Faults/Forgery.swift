import Foundation
import GRDB
import Journal
import Keys
import Signing
import Tampering
import Text
import Transparency

/// What an administrator with every key of the server can do to its files.
struct Forgery {
    private let site: Site

    init(_ site: Site) {
        self.site = site
    }

    /// Takes the sale `fromEnd` places before the end out of the journal, moves what comes after
    /// it, and makes tiles, checkpoint and head file fit again. Only a terminal's newest sale can
    /// go without breaking that terminal's chain.
    func dropSale(_ fromEnd: Int) throws {
        let queue = try DatabaseQueue(path: site.database)
        try queue.writeWithoutTransaction { connection in
            try connection.withoutTriggers {
                let newest = try Int64.fetchAll(
                    connection,
                    sql: "SELECT max(position) FROM record GROUP BY terminal ORDER BY 1")
                let victim = newest[fromEnd % newest.count]
                for table in ["entry", "record"] {
                    try connection.execute(
                        sql: "DELETE FROM \(table) WHERE position = ?", arguments: [victim])
                    // One after the other, so that no two rows have the same position for a moment.
                    let later = try Int64.fetchAll(
                        connection,
                        sql: "SELECT position FROM \(table) WHERE position > ? ORDER BY 1",
                        arguments: [victim])
                    for position in later {
                        try connection.execute(
                            sql: "UPDATE \(table) SET position = position - 1 WHERE position = ?",
                            arguments: [position])
                    }
                }
                try rebuildTree(connection)
            }
        }
        try queue.close()
    }

    private func rebuildTree(_ connection: Database) throws {
        var tree = LogTree()
        for table in ["tile", "checkpoint", "cosignature", "time_stamp"] {
            try connection.execute(sql: "DELETE FROM \(table)")
        }
        for bytes in try Data.fetchAll(
            connection, sql: "SELECT bytes FROM entry ORDER BY position")
        {
            for tile in tree.append(MerkleTree.leafHash(Array(bytes))) {
                try connection.execute(
                    sql: "INSERT INTO tile VALUES (1, ?, ?, ?)",
                    arguments: [tile.coordinate.level, tile.coordinate.index, Data(tile.bytes)])
            }
        }
        let key = try KeyFile.readEd25519(path: site.data + "/keys/log-hof-1.key")
        let origin = site.town.log
        guard let head = Checkpoint(origin: origin, size: tree.size, root: tree.root) else {
            throw Unforeseen("\(origin) is no origin")
        }
        let note = try SignedNote(
            text: head.body, signatures: [try key.noteSignature(of: head.body, name: origin)])
        try connection.execute(
            sql: "INSERT INTO checkpoint VALUES (1, ?, ?)",
            arguments: [tree.size, String(decoding: note.bytes, as: UTF8.self)])
        let heads = JSONValue.fields([
            "heads": .array([
                .fields([
                    "origin": .string(origin), "size": .integer(tree.size),
                    "root": .string(tree.root.hex),
                ])
            ])
        ])
        try Data(heads.bytes + [0x0A]).write(to: URL(fileURLWithPath: site.data + "/heads.json"))
    }
}
