import Foundation
import Journal
import Signing
import Storage
import Text
import Transparency
package import Units

/// What a yard's stored journal lacks, as far as others remember it.
package struct LossFinding: Hashable, Sendable {
    package let yard: YardID
    /// Name of the log.
    package let log: String
    /// How many entries are stored: they are kept.
    package let stored: Int64
    /// The first index at which lost entries may have stood: below it everybody remembers the same.
    package let first: Int64
    /// What contradicts the stored log, ascending by size; at least one.
    package let heads: [KnownHead]

    /// The last index at which somebody remembers an entry that is not here.
    package var last: Int64 { (heads.last?.size ?? 0) - 1 }
}

extension LossFinding {
    /// The losses of all yards of a data directory, read without changing anything.
    ///
    /// - Throws: ``OperationsError`` where something else stops writing: a missing or altered head
    ///   file, stored bytes that do not fit each other, a yard that is not there at all.
    package static func all(in directory: DataDirectory) throws -> [LossFinding] {
        try directory.requireDatabase()
        let database = try ReadOnlyDatabase(path: directory.database, anyVersion: true)
        let found = try database.read { reading in
            var guarding = RollbackGuard(reading: reading)
            let yards = try reading.yards()
            let heads = try guarding.remembered(headFile: directory.heads, yards)
            let contradicting = try (heads + KeptHeads.read(in: directory, guarding)).filter {
                try guarding.stop($0, yards) != nil
            }
            let found = try yards.compactMap { yard in
                try finding(
                    yard, contradicting.filter { isOf(yard, $0) }, guarding, directory)
            }
            guarding.accepting = Set(found.flatMap(\.heads))
            if let stop = try guarding.stop(
                headFile: directory.heads, further: KeptHeads.read(in: directory, guarding))
            {
                throw stop.error
            }
            return found
        }
        try database.close()
        return found
    }

    private static func isOf(_ yard: YardRow, _ head: KnownHead) -> Bool {
        yard.origin.hasSameBytes(as: LogName.first(of: head.origin))
    }

    private static func finding(
        _ yard: YardRow, _ heads: [KnownHead], _ guarding: RollbackGuard,
        _ directory: DataDirectory
    ) throws -> LossFinding? {
        guard !heads.isEmpty, let book = guarding.keyBook(of: yard), let log = book.logName else {
            return nil
        }
        let stored = try guarding.reading.logSize(yard: yard.number)
        let restored = try restoredSize(ofLog: log, directory)
        // Where the head file knows more, no start has written since: what is stored is old.
        let isUntouched =
            heads.contains { $0.source == .headFile } && heads.allSatisfy { $0.size > stored }
        let first = isUntouched ? stored : min(stored, restored ?? book.logStart)
        return LossFinding(
            yard: yard.id, log: log, stored: stored,
            first: heads.allSatisfy { $0.size > first } ? first : book.logStart,
            heads: heads.sorted { ($0.size, $0.root.hex) < ($1.size, $1.root.hex) })
    }

    /// How many entries of a log the backup held that was restored here; nil if none was.
    private static func restoredSize(ofLog name: String, _ directory: DataDirectory) throws
        -> Int64?
    {
        guard let data = FileManager.default.contents(atPath: directory.restoredFrom) else {
            return nil
        }
        let manifest = try BackupManifest(json: try StrictJSON.parse(Array(data)))
        return manifest.logs.first { $0.origin.hasSameBytes(as: name) }?.size
    }
}

extension RollbackGuard {
    /// The heads that the head file names.
    ///
    /// - Throws: ``OperationsError`` `headsMissing`, `headsDamaged`.
    func remembered(headFile path: String, _ yards: [YardRow]) throws -> [KnownHead] {
        switch try content(ofHeadFile: path, yards) {
        case .missing: throw OperationsError.headsMissing(path: path)
        case .damaged: throw OperationsError.headsDamaged(path: path)
        case .heads(let heads): return heads
        }
    }
}
