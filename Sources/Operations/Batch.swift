import Journal
import Signing
package import Storage
import Transparency
import Units

/// The transaction of a batch with the logs as they will be if it commits.
package final class Batch {
    package let transaction: Transaction
    var logs: [Int64: YardLog]
    /// What is known of terminals without asking the database.
    let recent: RecentRecords

    init(transaction: Transaction, logs: [Int64: YardLog], recent: RecentRecords) {
        self.transaction = transaction
        self.logs = logs
        self.recent = recent
    }

    /// The flags of an entry received at `time`: `flags`, and the mark of a clock set back.
    func marked(_ flags: Set<RecordFlag>, at time: Timestamp, in yard: Int64) -> Set<RecordFlag> {
        logs[yard]?.isClockBehind(time) == true ? flags.union([.serverClock]) : flags
    }

    /// What is recorded around a sequence number of a terminal.
    func surroundings(of terminal: Int64, sequence: Int64) throws -> ChainSurroundings {
        try recent.surroundings(of: terminal, sequence: sequence)
            ?? transaction.reading.surroundings(of: terminal, sequence: sequence)
    }

    /// Appends an entry to a yard's log and gives its place.
    func append(_ encoded: EncodedEntry, to yard: Int64) throws -> LogPosition {
        guard let size = logs[yard]?.tree.size else {
            throw OperationsError.yardUnknown("\(yard)")
        }
        let position = LogPosition(yard: yard, index: size)
        let entry = encoded.entry
        try transaction.append(encoded.bytes, at: position)
        if entry.kind == .tariff { logs[yard]?.lastTariff = position.index }
        if entry.kind == .rotate { logs[yard]?.lastRotation = position.index }
        logs[yard]?.lastReceived = entry.received
        let tiles = logs[yard]?.tree.append(encoded.leaf) ?? []
        for tile in tiles {
            try transaction.insertTile(
                yard: yard, level: tile.coordinate.level, number: tile.coordinate.index,
                hashes: tile.bytes)
        }
        return position
    }
}

/// An entry with what is made of it once, before or while it is written.
struct EncodedEntry: Sendable {
    let entry: LogEntry
    let bytes: [UInt8]
    /// Its leaf in the tree.
    let leaf: Digest

    init(_ entry: LogEntry) {
        self.entry = entry
        bytes = entry.bytes
        leaf = MerkleTree.leafHash(bytes)
    }
}

/// The logs right after a commit: what an acknowledgement is made of.
package struct CommittedLogs {
    let logs: [Int64: YardLog]
    let notes: [Int64: SignedNote]
    let database: ServerDatabase

    /// The proof that the entry at `position` is in the log that the checkpoint describes.
    func proof(of position: LogPosition) throws -> TlogProof {
        guard let log = logs[position.yard], let note = notes[position.yard] else {
            throw OperationsError.yardUnknown("\(position.yard)")
        }
        let path = try log.tree.inclusionPath(index: position.index) { coordinate in
            try database.read {
                try LogTree.fullTile(
                    coordinate.index, level: coordinate.level, yard: position.yard, $0)
            }
        }
        guard let proof = TlogProof(index: position.index, path: path, checkpoint: note) else {
            throw DamagedRow(table: "entry", position: position.number)
        }
        return proof
    }
}
