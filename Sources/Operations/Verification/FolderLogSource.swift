import Foundation
import Journal
import Signing
import Storage
import Text
import Transparency

/// A log in files, as ``LogExport`` writes them or somebody fetched them over HTTP.
struct FolderLogSource: LogSource {
    let path: String
    let size: Int64
    /// Every checkpoint that lies in the folder, ascending by size.
    let checkpoints: [StoredCheckpoint]

    /// - Parameter size: entries under the folder's checkpoint.
    /// - Throws: ``LogMisfit`` for a file that is no checkpoint or proof; what the file system
    ///   says.
    init(path: String, size: Int64) throws {
        self.path = path
        self.size = size
        let folder = ExportFolder(path: path)
        var notes = try [ExportFolder.checkpoint, ExportFolder.witnessed]
            .compactMap { try folder.bytes($0) }
        for number in try folder.closes() {
            if let stamp = try folder.stamp(ofClose: number) { notes.append(stamp.note) }
            if let proof = try folder.proof(ofClose: number) {
                notes.append(proof.checkpoint.bytes)
            }
        }
        checkpoints = try Set(notes.map { try Self.stored($0, size) }).sorted { $0.size < $1.size }
    }

    private static func stored(_ note: [UInt8], _ size: Int64) throws(LogMisfit)
        -> StoredCheckpoint
    {
        let text: String
        do { text = try SignedNote.parse(note).text } catch { text = "" }
        guard let checkpoint = Checkpoint(body: text), checkpoint.size <= size else {
            throw LogMisfit(
                nil, "a checkpoint in the folder cannot be read or is larger than the log",
                "the copy is damaged or incomplete; make it again")
        }
        guard checkpoint.size > 0 || checkpoint.root == MerkleTree.emptyRoot else {
            throw LogMisfit(
                nil, "a checkpoint over no entries has another root than the empty tree",
                "whoever signed it signed what cannot be, or the file was altered")
        }
        return StoredCheckpoint(size: checkpoint.size, note: note)
    }

    func open() throws -> any LogPartReader { FolderLogReader(source: self) }
}

/// Names and pieces of an exported log.
struct ExportFolder {
    static let checkpoint = "checkpoint"
    static let witnessed = "checkpoint-witnessed"
    static let policy = "policy"

    /// The name of what a close too long for one entry keeps beside it.
    static func detail(ofClose number: Int64) -> String { "closes/\(number)/detail" }

    let path: String

    /// A file's bytes; nil if there is none.
    func bytes(_ name: String) throws -> [UInt8]? {
        let place = "\(path)/\(name)"
        guard FileManager.default.fileExists(atPath: place) else { return nil }
        return Array(try Data(contentsOf: URL(fileURLWithPath: place)))
    }

    /// Makes sure that the file is there with which a log of `size` entries ends: a size that is
    /// not true leads no further, however large it is.
    ///
    /// - Parameter paths: of all its leaf hashes or entries, ascending.
    func requireLast(of paths: some BidirectionalCollection<TilePath>, size: Int64)
        throws(LogMisfit)
    {
        guard let last = paths.last else { return }
        guard FileManager.default.fileExists(atPath: "\(path)/\(last)") else {
            throw .missing(last, from: (size - 1) & ~0xFF)
        }
    }

    /// The numbers of the closes in it, ascending.
    func closes() throws -> [Int64] {
        let folder = path + "/closes"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .compactMap { DecimalText.decode($0) }.sorted()
    }

    func proof(ofClose number: Int64) throws -> TlogProof? {
        let name = "closes/\(number)/entry.tlog-proof"
        guard let bytes = try bytes(name) else { return nil }
        do { return try TlogProof.parse(bytes) } catch {
            throw LogMisfit(nil, "\(name) is no proof (\(error.code))", "the file was altered")
        }
    }

    func stamp(ofClose number: Int64) throws -> StoredStamp? {
        let folder = "closes/\(number)"
        guard let note = try bytes("\(folder)/stamped-checkpoint"),
            let query = try bytes("\(folder)/stamp.tsq"),
            let reply = try bytes("\(folder)/stamp.tsr")
        else { return nil }
        let chain = try bytes("\(folder)/stamp-chain.pem") ?? []
        return StoredStamp(
            note: note, query: query, reply: reply, chain: String(decoding: chain, as: UTF8.self))
    }
}

private final class FolderLogReader: LogPartReader {
    private let source: FolderLogSource
    private let folder: ExportFolder
    /// The bundle read last.
    private var last: (number: Int64, entries: [[UInt8]]) = (-1, [])

    init(source: FolderLogSource) {
        self.source = source
        folder = ExportFolder(path: source.path)
    }

    var tables: (any LogTables)? { nil }

    private static let width = Int64(TileCoordinate.width)

    private func bundle(_ number: Int64) throws -> [[UInt8]] {
        if last.number == number { return last.entries }
        let first = number * Self.width
        let width = Int(min(Self.width, source.size - first))
        let name = TilePath.entries(index: number, width: width).text
        guard let bytes = try folder.bytes(name) else { return [] }
        guard let entries = EntryBundle.entries(bytes), entries.count == width else {
            throw LogMisfit(
                first, "the file \(name) is no bundle of \(width) entries",
                "the copy is damaged or was altered")
        }
        last = (number, entries)
        return entries
    }

    func entries(from: Int64, to: Int64) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        found.reserveCapacity(Int(to - from))
        var index = from
        while index < to {
            let start = index / Self.width * Self.width
            let part = try bundle(start / Self.width)
                .dropFirst(Int(index - start)).prefix(Int(to - index))
            if part.isEmpty { break }
            found += part
            index += Int64(part.count)
        }
        return found
    }

    func tile(_ tile: TileCoordinate) throws -> [UInt8]? {
        try folder.bytes(TilePath.hashes(tile, width: TileCoordinate.width).text)
    }

    func checkpoints(from: Int64, to: Int64) throws -> [StoredCheckpoint] {
        source.checkpoints.filter { $0.size > from && $0.size <= to }
    }

    func stamp(ofClose number: Int64) throws -> StoredStamp? {
        try folder.stamp(ofClose: number)
    }

    /// Found by looking at each entry's type, since a copy has no table of them.
    ///
    /// - Throws: ``LogMisfit`` for the first bundle that is missing.
    func serverIndexes(to size: Int64) throws -> [Int64] {
        var found: [Int64] = []
        for path in TilePath.bundles(size: size) {
            guard case .entries(let number, _) = path else { continue }
            let first = number * Self.width
            let entries = try bundle(number)
            guard !entries.isEmpty else { throw LogMisfit.missing(path, from: first) }
            for (offset, bytes) in entries.enumerated() where Self.isServerRecord(bytes) {
                found.append(first + Int64(offset))
            }
        }
        return found
    }

    private static func isServerRecord(_ bytes: [UInt8]) -> Bool {
        guard let entry = LogEntry(bytes: bytes), entry.kind != .evidence else { return false }
        // The check of its part says what cannot be read.
        do { return try CompactJWS.parse(entry.jws).typ != TerminalRecord.typ } catch {
            return false
        }
    }
}

extension LogMisfit {
    /// A file of a copy that its checkpoint's size asks for and that is not there.
    ///
    /// - Parameter first: index of the first entry that it covers.
    static func missing(_ path: TilePath, from first: Int64) -> LogMisfit {
        LogMisfit(
            first, "the file \(path), which begins with entry \(first), is missing",
            "the copy is incomplete, or the size in its checkpoint is not true")
    }
}
