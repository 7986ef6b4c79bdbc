import Journal
import Signing
import Storage
import Transparency
import Units

/// Where the bytes of a log come from: a database, or a copy in files.
protocol LogSource: Sendable {
    /// What one thread reads with.
    func open() throws -> any LogPartReader
}

/// Reads one log; used by one thread at a time.
protocol LogPartReader {
    /// The entries from `from` on, below `to`; fewer where one is missing.
    func entries(from: Int64, to: Int64) throws -> [[UInt8]]
    /// The hashes of a stored full tile, 8,192 bytes; nil if there is none.
    func tile(_ tile: TileCoordinate) throws -> [UInt8]?
    /// The stored signed checkpoints with sizes above `from`, up to `to`, ascending.
    func checkpoints(from: Int64, to: Int64) throws -> [StoredCheckpoint]
    /// The time stamp of a close; nil if none is kept.
    func stamp(ofClose number: Int64) throws -> StoredStamp?
    /// The log indexes of records that the server signed, ascending.
    func serverIndexes(to size: Int64) throws -> [Int64]
    /// The tables beside the log; nil where the source has none.
    var tables: (any LogTables)? { get }
}

/// A signed checkpoint as it is kept, with every signature line.
struct StoredCheckpoint: Hashable, Sendable {
    let size: Int64
    let note: [UInt8]
    /// The verifier keys of witnesses that signed it, as the source says beside the note.
    var witnesses: [String] = []
}

/// The kept time stamp of a close (RFC 3161): the stamped checkpoint with its signatures, query and
/// reply in DER, trusted certificates in PEM.
struct StoredStamp: Hashable, Sendable {
    let note: [UInt8]
    let query: [UInt8]
    let reply: [UInt8]
    let chain: String
}

/// The tables that are folds over a log or stand beside it.
protocol LogTables {
    func records(from: Int64, to: Int64) throws -> [RecordRow]
    /// Rows of a folded table as text, by the log index of the entry that made them.
    func foldedRows(_ table: FoldedTable, from: Int64, to: Int64) throws -> [Int64: [String]]
    /// Log index of a terminal's record, by its number and the terminal's; nil if none is there.
    func index(of sequence: Int64, terminal: Int64) throws -> Int64?
    /// Disclosed personal fields by log index.
    func personal(from: Int64, to: Int64) throws -> [Int64: [Disclosure]]
    func terminal(_ id: TerminalID) throws -> TerminalRow?
    func tariffs() throws -> [TariffRow]
    /// How many entries the search index covers.
    func indexedSize() throws -> Int64
}

/// A log in a database; each thread has a connection of its own, and no read is a long one.
struct DatabaseLogSource: LogSource {
    let path: String
    let yard: YardRow
    var hasTables = true

    func open() throws -> any LogPartReader {
        DatabaseLogReader(
            database: try ReadOnlyDatabase(path: path), yard: yard.number, hasTables: hasTables)
    }
}

private final class DatabaseLogReader: LogPartReader, LogTables {
    private let database: ReadOnlyDatabase
    private let yard: Int64
    private let hasTables: Bool

    init(database: ReadOnlyDatabase, yard: Int64, hasTables: Bool) {
        self.database = database
        self.yard = yard
        self.hasTables = hasTables
    }

    var tables: (any LogTables)? { hasTables ? self : nil }

    private func position(_ index: Int64) -> LogPosition { LogPosition(yard: yard, index: index) }

    func entries(from: Int64, to: Int64) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        found.reserveCapacity(Int(to - from))
        try database.read { reading in
            try reading.entries(yard: yard, from: from, to: to) { index, bytes in
                if index == from + Int64(found.count) { found.append(bytes) }
            }
        }
        return found
    }

    func tile(_ tile: TileCoordinate) throws -> [UInt8]? {
        try database.read { try $0.tile(yard: yard, level: tile.level, number: tile.index) }
    }

    func checkpoints(from: Int64, to: Int64) throws -> [StoredCheckpoint] {
        try database.read { reading in
            let lines = Dictionary(
                grouping: try reading.cosignatures(yard: yard, above: from, upTo: to), by: \.size)
            let notes = try reading.checkpoints(yard: yard, above: from, upTo: to)
            // A cosignature whose checkpoint is gone shows as a note that cannot be read.
            let sizes = Set(notes.map(\.size)).union(lines.keys).sorted()
            let texts = Dictionary(uniqueKeysWithValues: notes.map { ($0.size, $0.note) })
            return sizes.map { size in
                let own = lines[size] ?? []
                let text = (texts[size] ?? "") + own.map { "\($0.line)\n" }.joined()
                return StoredCheckpoint(
                    size: size, note: Array(text.utf8), witnesses: own.map(\.witness))
            }
        }
    }

    func stamp(ofClose number: Int64) throws -> StoredStamp? {
        try database.read { try $0.timeStamp(yard: yard, close: number) }.map {
            StoredStamp(note: $0.note, query: $0.query, reply: $0.reply, chain: $0.chain)
        }
    }

    func serverIndexes(to size: Int64) throws -> [Int64] {
        try database.read { try $0.serverRecords(yard: yard) }.map(\.index).filter { $0 < size }
    }

    func records(from: Int64, to: Int64) throws -> [RecordRow] {
        try database.read { try $0.records(from: position(from), to: position(to)) }
    }

    func foldedRows(_ table: FoldedTable, from: Int64, to: Int64) throws -> [Int64: [String]] {
        try database.read { try $0.foldedRows(table, from: position(from), to: position(to)) }
    }

    func index(of sequence: Int64, terminal: Int64) throws -> Int64? {
        try database.read { try $0.position(of: sequence, terminal: terminal) }?.index
    }

    func personal(from: Int64, to: Int64) throws -> [Int64: [Disclosure]] {
        try database.read { try $0.personal(from: position(from), to: position(to)) }
    }

    func terminal(_ id: TerminalID) throws -> TerminalRow? {
        try database.read { try $0.terminal(yard: yard, id: id) }
    }

    func tariffs() throws -> [TariffRow] {
        try database.read { try $0.tariffs(yard: yard) }
    }

    func indexedSize() throws -> Int64 {
        try database.read { try $0.indexedSize(yard: yard) }
    }
}
