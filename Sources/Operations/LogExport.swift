import Foundation
import Journal
import Storage
import Transparency
package import Units

/// A yard's log as a folder of files that other people's tools read: the layout of C2SP tlog-tiles
/// with policy, and a folder for each close. Reads a data directory or a copy of its database,
/// beside a running server or without one, also an older program's, and needs no key.
package struct LogExport {
    private let log: LogReader
    private let settings: WitnessSettings
    private let folder: String

    /// What was written.
    package struct Summary: Hashable, Sendable {
        package let origin: String
        /// Entries under the exported checkpoint.
        package let size: Int64
        package var tiles = 0
        package var bundles = 0
        package var closes = 0
        /// Whether the exported checkpoint has the cosignatures that the policy asks for.
        package let isWitnessed: Bool
    }

    /// Writes the log of a yard into `folder`, which must not exist yet.
    ///
    /// - Parameters:
    ///   - yard: may be left out where there is only one.
    ///   - hasEntries: whether bundles of entries are written, which hold sign-in names.
    /// - Throws: ``OperationsError`` (`yardUnknown`, `yardWanted`, `folderExists`,
    ///   `notPublished`), `StorageError`, or what the file system says; nothing is left in the
    ///   folder then.
    package static func write(
        _ directory: DataDirectory, yard: YardID?, into folder: String, hasEntries: Bool
    ) throws -> Summary {
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw OperationsError.folderExists(path: folder)
        }
        let settings = try WitnessSettings(directory: directory)
        return try NewestSchema.read(directory) { newest in
            try ReadOnlyDatabase(path: newest.path).read { reading in
                let log = LogReader(reading: reading, yard: try reading.yard(yard))
                let export = LogExport(log: log, settings: settings, folder: folder)
                return try DataDirectory.filling(folder) { try export.write(hasEntries) }
            }
        }
    }

    private func write(_ hasEntries: Bool) throws -> Summary {
        let witnessed = try log.newestWitnessedSize(settings.policy)
        guard let note = try log.newestCheckpoint(), let head = Checkpoint(body: note.text) else {
            throw OperationsError.notPublished(index: 0)
        }
        var summary = Summary(
            origin: head.origin, size: head.size, isWitnessed: witnessed == head.size)
        try put(note.bytes, "checkpoint")
        if let witnessed, let other = try log.checkpoint(size: witnessed) {
            try put(other.bytes, "checkpoint-witnessed")
        }
        try put(Array(settings.policy.text(for: try log.logKeys()).utf8), "policy")
        for path in TilePath.hashTiles(size: head.size) {
            try put(path)
            summary.tiles += 1
        }
        if hasEntries {
            for path in TilePath.bundles(size: head.size) {
                try put(path)
                summary.bundles += 1
            }
        }
        summary.closes = try writeCloses(head.size)
        return summary
    }

    private func writeCloses(_ size: Int64) throws -> Int {
        let closes = try log.reading.closes(yard: log.yard.number)
            .filter { $0.position.index < size }
        for close in closes {
            let name = "closes/\(close.number)"
            guard let entry = try log.reading.entry(at: close.position),
                let proof = try log.proof(of: close.position.index, settings.policy)
            else { throw DamagedRow(table: "close", position: close.position.number) }
            try put(entry, "\(name)/entry")
            if let detail = try CloseBody.storedDetail(
                ofEntry: entry, at: close.position, log.reading)
            {
                try put(detail, ExportFolder.detail(ofClose: close.number))
            }
            try put(Array(proof.text.utf8), "\(name)/entry.tlog-proof")
            let stamp = try log.reading.timeStamp(yard: log.yard.number, close: close.number)
            guard let stamp else { continue }
            try put(stamp.note, "\(name)/stamped-checkpoint")
            try put(stamp.query, "\(name)/stamp.tsq")
            try put(stamp.reply, "\(name)/stamp.tsr")
            try put(Array(stamp.chain.utf8), "\(name)/stamp-chain.pem")
        }
        return closes.count
    }

    private func put(_ path: TilePath) throws {
        guard let bytes = try log.file(path) else { throw OperationsError.notPublished(index: 0) }
        try put(bytes, path.text)
    }

    private func put(_ bytes: [UInt8], _ name: String) throws {
        let path = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: path)
    }
}
