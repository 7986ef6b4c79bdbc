import Journal
import Signing
import Storage
import Transparency

/// What a yard's log publishes, read from stored rows: no key and no writer is needed, so it also
/// reads a copy. All of it stays within one snapshot.
struct LogReader {
    let reading: Reading
    let yard: YardRow
    private let start = LogStart()

    /// The log's verifier keys, as its own records say them, the first one first.
    func logKeys() throws -> [VerifierKey] {
        let keys = try KeyBook.ofServer(yard, reading).logKeys.map(\.key)
        guard !keys.isEmpty else {
            let place = LogPosition(yard: yard.number, index: 0)
            throw DamagedRow(table: "entry", position: place.number)
        }
        return keys
    }

    /// How many entries there are.
    func size() throws -> Int64 { try reading.logSize(yard: yard.number) }

    /// The bytes at a path; nil for a tile that reaches beyond the log's end.
    func file(_ path: TilePath) throws -> [UInt8]? {
        let size = try size()
        switch path {
        case .hashes(let tile, let width):
            guard tile.level < TileCoordinate.levelCountMax,
                reaches(tile.index, width, size >> Int64(8 * tile.level))
            else { return nil }
            return Tile.bytes(try hashes(of: tile, width: width))
        case .entries(let index, let width):
            guard reaches(index, width, size) else { return nil }
            return EntryBundle.bytes(try entries(from: index << 8, count: width))
        }
    }

    private func reaches(_ index: Int64, _ width: Int, _ count: Int64) -> Bool {
        index < count >> 8 || (index == count >> 8 && Int64(width) <= count & 0xFF)
    }

    private func hashes(of tile: TileCoordinate, width: Int) throws -> [Digest] {
        let first = tile.index << 8
        if let bytes = try reading.tile(yard: yard.number, level: tile.level, number: tile.index) {
            guard let all = Tile.hashes(bytes) else {
                throw DamagedRow(table: "tile", position: tile.index)
            }
            return Array(all.prefix(width))
        }
        guard tile.level > 0 else {
            return try entries(from: first, count: width).map { MerkleTree.leafHash($0) }
        }
        return try (first..<first + Int64(width)).map { number in
            MerkleTree.root(
                of: try LogTree.fullTile(
                    number, level: tile.level - 1, yard: yard.number, reading))
        }
    }

    private func entries(from first: Int64, count: Int) throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        let end = first + Int64(count)
        try reading.entries(yard: yard.number, from: first, to: end) { index, bytes in
            guard index == first + Int64(entries.count) else {
                throw DamagedRow(table: "entry", position: first + Int64(entries.count))
            }
            entries.append(bytes)
        }
        guard entries.count == count else {
            throw DamagedRow(table: "entry", position: first + Int64(entries.count))
        }
        return entries
    }

    /// The checkpoint over `size` entries with every kept cosignature; nil if none is stored.
    func checkpoint(size: Int64) throws -> SignedNote? {
        guard let note = try reading.checkpoint(yard: yard.number, size: size) else { return nil }
        let lines = try reading.cosignatures(yard: yard.number, size: size).map { "\($0.line)\n" }
        return try SignedNote.parse(Array((note + lines.joined()).utf8))
    }

    /// The newest stored checkpoint; nil in a log that was only just founded.
    func newestCheckpoint() throws -> SignedNote? {
        try reading.checkpoint(yard: yard.number).flatMap { try checkpoint(size: $0.size) }
    }

    /// The size of the first checkpoint over the entry at `index` whose cosignatures are enough
    /// for `policy`, by at least one witness; nil if there is none.
    func witnessedSize(over index: Int64, _ policy: WitnessPolicy) throws -> Int64? {
        try reading.cosignedSize(yard: yard.number, from: index + 1, policy.isEnough)
    }

    /// The size of the last such checkpoint of the log as it is now called.
    func newestWitnessedSize(_ policy: WitnessPolicy) throws -> Int64? {
        guard let size = try reading.newestCosignedSize(yard: yard.number, policy.isEnough),
            try size >= logStart()
        else { return nil }
        return size
    }

    /// The last such size under whatever name of the log; 0 if there is none.
    func lastWitnessedSize(_ policy: WitnessPolicy) throws -> Int64 {
        try reading.newestCosignedSize(yard: yard.number, policy.isEnough) ?? 0
    }

    /// The largest size that a witness cosigned of the log as it is now called; nil if it never
    /// did.
    func newestCosignedSize(by witness: WitnessPolicy.Witness) throws -> Int64? {
        guard
            let size = try reading.newestCosignedSize(
                yard: yard.number, witness: witness.key.text), try size >= logStart()
        else { return nil }
        return size
    }

    /// The size from which checkpoints are those of the log as it is now called.
    ///
    /// Looked up once, however many witnesses are asked about: it takes all records of keys.
    private func logStart() throws -> Int64 {
        if let known = start.size { return known }
        let found = try KeyBook.ofServer(yard, reading).logStart
        start.size = found
        return found
    }

    /// The proof that the entry at `index` is in the log: up to the first checkpoint that the
    /// policy is content with, else up to the newest.
    ///
    /// - Returns: nil if no stored checkpoint covers the entry.
    func proof(of index: Int64, _ policy: WitnessPolicy) throws -> TlogProof? {
        guard index >= 0, try index < size() else { return nil }
        let note: SignedNote?
        if let size = try witnessedSize(over: index, policy) {
            note = try checkpoint(size: size)
        } else {
            note = try newestCheckpoint()
        }
        guard let note, let head = Checkpoint(body: note.text), index < head.size else {
            return nil
        }
        let path = try tree(head.size).inclusionPath(index: index, tile: tile)
        return TlogProof(index: index, path: path, checkpoint: note)
    }

    /// The proof up to the smallest stored checkpoint over the entry at `index`, without
    /// cosignatures: the same one for ever.
    ///
    /// - Returns: nil if no stored checkpoint covers the entry.
    func earliestProof(of index: Int64) throws -> TlogProof? {
        guard
            let (size, text) = try reading.checkpoint(yard: yard.number, atLeast: index + 1)
        else { return nil }
        let note = try SignedNote.parse(Array(text.utf8))
        let path = try tree(size).inclusionPath(index: index, tile: tile)
        return TlogProof(index: index, path: path, checkpoint: note)
    }

    /// The hashes that show the log of `new` entries to continue that of `old`.
    func consistency(from old: Int64, to new: Int64) throws -> [Digest] {
        try tree(new).consistencyPath(from: old, tile: tile)
    }

    func tree(_ size: Int64) throws -> LogTree {
        try .restored(yard: yard.number, size: size, from: reading)
    }

    private func tile(_ tile: TileCoordinate) throws -> [Digest] {
        try LogTree.fullTile(tile.index, level: tile.level, yard: yard.number, reading)
    }
}

/// What ``LogReader`` has found out about its snapshot.
private final class LogStart {
    var size: Int64?
}

extension WitnessPolicy {
    /// Whether these cosignatures are what the policy asks for, and at least one of its witnesses.
    fileprivate func isEnough(_ rows: [CosignatureRow]) -> Bool {
        let signers = witnesses.map(\.key).filter { key in
            rows.contains { $0.witness == key.text }
        }
        return !signers.isEmpty && isMet(by: signers)
    }
}
