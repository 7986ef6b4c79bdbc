import Journal
import Signing
import Storage
import Text
import Transparency

/// Looks at a database before anything may write to it: whether it is older than, or contradicts,
/// what others remember of it, and whether its newest part fits together (trust.md D15 and 11.7).
///
/// The file with the heads exists from `init` on and is replaced whole. If it is missing or cannot
/// be read, nothing is known about what was signed before: then nothing is written either.
struct RollbackGuard {
    let reading: Reading
    /// Heads that do not count, because they are being accepted as lost.
    var accepting: Set<KnownHead> = []

    /// How many entries from the end are recomputed at a start.
    static let quickEntries: Int64 = 10_000

    /// The first reason not to write; nil if there is none.
    ///
    /// - Parameters:
    ///   - path: the head file.
    ///   - further: heads that others remember, such as a witness.
    func stop(headFile path: String, further: [KnownHead]) throws -> WriteStop? {
        let yards = try reading.yards()
        let remembered: [KnownHead]
        switch try content(ofHeadFile: path, yards) {
        case .missing where yards.isEmpty: remembered = []
        case .missing: return .headFile(path: path, isDamaged: false)
        case .damaged: return .headFile(path: path, isDamaged: true)
        case .heads(let heads): remembered = heads
        }
        for head in remembered + further where !accepting.contains(head) {
            if let stop = try stop(head, yards) { return stop }
        }
        for yard in yards {
            let size = try reading.logSize(yard: yard.number)
            if let stop = try check(yard, from: max(0, size - Self.quickEntries)) { return stop }
        }
        return nil
    }

    func content(ofHeadFile path: String, _ yards: [YardRow]) throws -> HeadFile.Content {
        try HeadFile.read(path: path) { origin in yard(ofLog: origin, yards).map(keys) ?? [] }
    }

    /// The keys that may have signed a yard's checkpoints, as its own log says.
    func keys(of yard: YardRow) -> [VerifierKey] {
        keyBook(of: yard)?.logKeys.map(\.key) ?? []
    }

    func keyBook(of yard: YardRow) -> KeyBook? {
        do { return try KeyBook.ofServer(yard, reading) } catch {
            // An unreadable entry is found by the quick check, which names it.
            return nil
        }
    }

    /// The yard whose journal is, or was before a loss, kept in the log of this name.
    func yard(ofLog name: String, _ yards: [YardRow]) -> YardRow? {
        yards.first { $0.origin.hasSameBytes(as: name) }
            ?? yards.first { keyBook(of: $0)?.isKept(inLog: name) == true }
    }

    /// Whether the stored log contradicts a remembered head, and nobody has accepted that.
    func stop(_ head: KnownHead, _ yards: [YardRow]) throws -> WriteStop? {
        let isAccepted = yards.contains { yard in
            yard.origin.hasSameBytes(as: LogName.first(of: head.origin))
                && keyBook(of: yard)?.isAccepted(
                    log: head.origin, size: head.size, root: head.root) == true
        }
        guard !isAccepted else { return nil }
        guard let yard = yard(ofLog: head.origin, yards) else {
            return .rollback(head, stored: 0)
        }
        let stored = try reading.logSize(yard: yard.number)
        guard stored >= head.size, try root(of: yard, size: head.size) == head.root else {
            return .rollback(head, stored: stored)
        }
        return nil
    }

    /// The root over the first entries; nil where what it is made of is missing or damaged.
    private func root(of yard: YardRow, size: Int64) throws -> Digest? {
        do {
            return try LogTree.restored(yard: yard.number, size: size, from: reading).root
        } catch is DamagedRow {
            return nil
        }
    }

    /// Recomputes a log from the tile that holds `start` on: its entries against the tiles and the
    /// newest stored checkpoint.
    func check(_ yard: YardRow, from start: Int64) throws -> WriteStop? {
        let size = try reading.logSize(yard: yard.number)
        let width = Int64(TileCoordinate.width)
        let first = start / width * width
        if let index = try firstMisfit(of: yard, from: first, to: size) {
            return .damaged(yard: yard.origin, index: index)
        }
        guard let newest = try reading.checkpoint(yard: yard.number),
            let key = keyBook(of: yard)?.logKey(size: newest.size)
        else { return nil }
        guard
            let head = KnownHead(
                note: Array(newest.note.utf8), signedBy: key, source: .checkpoint),
            head.size == newest.size
        else { return .damaged(yard: yard.origin, index: max(0, newest.size - 1)) }
        return try stop(head, [yard])
    }

    /// The first index from which entries are missing, unreadable, or differ from a stored tile.
    private func firstMisfit(of yard: YardRow, from first: Int64, to size: Int64) throws -> Int64? {
        guard var tree = try restored(yard, size: first) else { return first }
        var misfit: Int64?
        try reading.entries(yard: yard.number, from: first, to: size) { index, bytes in
            guard misfit == nil else { return }
            guard index == tree.size, LogEntry(bytes: bytes) != nil else {
                misfit = tree.size
                return
            }
            for tile in tree.append(MerkleTree.leafHash(bytes)) {
                let stored = try reading.tile(
                    yard: yard.number, level: tile.coordinate.level, number: tile.coordinate.index)
                if stored != tile.bytes { misfit = index }
            }
        }
        return misfit ?? (tree.size == size ? nil : tree.size)
    }

    private func restored(_ yard: YardRow, size: Int64) throws -> LogTree? {
        do {
            return try LogTree.restored(yard: yard.number, size: size, from: reading)
        } catch is DamagedRow {
            return nil
        }
    }
}
