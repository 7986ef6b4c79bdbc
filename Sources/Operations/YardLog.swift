import Journal
import Keys
import Signing
import Storage
import Transparency
import Units

/// A key that signs the checkpoints of a log.
struct LogSigner {
    let key: any Ed25519Signer
    let verifier: VerifierKey

    /// - Throws: ``OperationsError`` `input` if `origin` may not name a key.
    init(_ key: any Ed25519Signer, origin: String) throws {
        guard let verifier = VerifierKey(name: origin, kind: .note, key: key.publicKey) else {
            throw OperationsError.input(field: "origin", wanted: "a name without spaces and plus")
        }
        self.key = key
        self.verifier = verifier
    }
}

/// The log of one yard as the writer holds it: the growing tree and the keys that speak for it.
struct YardLog {
    let number: Int64
    let id: YardID
    /// Its name now: another than that of the yard after a loss.
    var origin: String
    /// All that sign its checkpoints, the key in force last: earlier ones go on signing until they
    /// are retired, so that whoever knows only them can follow.
    var signers: [LogSigner]
    /// Signs the server's records.
    var recordKey: any ES256Signer
    var tree: LogTree
    /// Index of the newest `tariff` record; nil before the first.
    var lastTariff: Int64?
    /// When the newest entry was received; nil before the first.
    var lastReceived: Timestamp?
    /// Index of the newest `rotate` record; nil before the first.
    var lastRotation: Int64?

    init(
        number: Int64, id: YardID, origin: String, signers: [any Ed25519Signer],
        recordKey: any ES256Signer, tree: LogTree, lastTariff: Int64?, lastReceived: Timestamp?
    ) throws {
        self.number = number
        self.id = id
        self.origin = origin
        self.signers = try signers.map { try LogSigner($0, origin: origin) }
        self.recordKey = recordKey
        self.tree = tree
        self.lastTariff = lastTariff
        self.lastReceived = lastReceived
    }

    /// Whether the server's clock was set back: `received` is more than two seconds before the
    /// newest entry (trust.md A14). Two, since requests wait in a queue after they are timed.
    func isClockBehind(_ received: Timestamp) -> Bool {
        lastReceived.map { received.milliseconds + 2_000 < $0.milliseconds } ?? false
    }

    /// A checkpoint over the tree as it is; sign only what is durable (trust.md D13).
    func signedCheckpoint() throws -> SignedNote {
        guard let checkpoint = Checkpoint(origin: origin, size: tree.size, root: tree.root) else {
            preconditionFailure("a verifier key's name is an origin")
        }
        let signatures = try signers.map { signer in
            try NoteSignature.note(of: checkpoint.body, by: signer.verifier) {
                try signer.key.sign($0)
            }
        }
        return try SignedNote(text: checkpoint.body, signatures: signatures)
    }
}

extension LogTree {
    /// The tree over the first `size` stored entries of a yard: the right edge from stored tiles
    /// and the last entries, so that the time does not grow with the log.
    static func restored(yard: Int64, size: Int64, from reading: Reading) throws -> LogTree {
        try restored(size: size) { coordinate, width in
            let first = coordinate.index * Int64(TileCoordinate.width)
            return try (first..<first + Int64(width)).map { number in
                guard coordinate.level > 0 else {
                    return try leaf(number, yard: yard, reading)
                }
                return MerkleTree.root(
                    of: try fullTile(number, level: coordinate.level - 1, yard: yard, reading))
            }
        }
    }

    private static func leaf(_ index: Int64, yard: Int64, _ reading: Reading) throws -> Digest {
        guard let bytes = try reading.entry(at: LogPosition(yard: yard, index: index)) else {
            throw DamagedRow(table: "entry", position: index)
        }
        return MerkleTree.leafHash(bytes)
    }

    static func fullTile(_ number: Int64, level: Int, yard: Int64, _ reading: Reading) throws
        -> [Digest]
    {
        guard let bytes = try reading.tile(yard: yard, level: level, number: number),
            let hashes = Tile.hashes(bytes), hashes.count == TileCoordinate.width
        else { throw DamagedRow(table: "tile", position: number) }
        return hashes
    }
}
