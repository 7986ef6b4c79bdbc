package import Calendars
import DayClosing
import Foundation
import Journal
import Signing
import Storage
import Text
import Transparency
import Units

/// Recomputes a log from the files that ``LogExport`` writes, without a database, a server or its
/// keys: signatures, tree, tiles, checkpoints, sequence chains, proofs and time stamps of closes.
package struct FolderVerifier: Sendable {
    private let path: String
    private let calendar: LocalCalendar
    private let options: VerificationOptions

    package init(
        path: String, calendar: LocalCalendar, options: VerificationOptions = VerificationOptions()
    ) {
        self.path = path
        self.calendar = calendar
        self.options = options
    }

    /// Whether a folder looks like an exported log.
    package static func isExport(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(ExportFolder.checkpoint)")
    }

    /// - Throws: ``OperationsError/missingFile(path:)`` without a checkpoint or a policy,
    ///   ``OperationsError/witnessFile(path:line:what:)`` for a policy that cannot be read, what
    ///   the file system says.
    package func verify() throws -> VerificationReport {
        let folder = ExportFolder(path: path)
        let policy = try policy()
        var report = VerificationReport()
        var yard = ""
        do {
            let head = try head(folder, policy)
            yard = Self.yard(of: head.origin)
            report =
                hasEntries
                ? try verifyEntries(head, policy, folder) : try verifyHashes(head, policy, folder)
            report.absent.insert(.tables)
            if options.policy == nil { report.absent.insert(.policy) }
            try options.demand(of: report, origin: head.origin)
        } catch let misfit as LogMisfit {
            report.misfit = .init(
                yard: yard, index: misfit.index, what: misfit.what,
                consequence: misfit.consequence)
        }
        return report
    }

    private func policy() throws -> WitnessPolicy {
        try options.policy ?? WitnessSettings.policy(file: "\(path)/\(ExportFolder.policy)")
    }

    private var hasEntries: Bool {
        FileManager.default.fileExists(atPath: path + "/tile/entries")
    }

    private func head(_ folder: ExportFolder, _ policy: WitnessPolicy) throws -> Checkpoint {
        guard let bytes = try folder.bytes(ExportFolder.checkpoint) else {
            throw OperationsError.missingFile(path: "\(path)/\(ExportFolder.checkpoint)")
        }
        do { return try policy.verdict(on: SignedNote.parse(bytes)).checkpoint } catch {
            if let head = try headOfLaterKey(bytes, policy) { return head }
            throw LogMisfit(
                nil, "the folder's checkpoint is not signed by a log key of the policy",
                "the copy is of another log or was altered")
        }
    }

    /// The checkpoint, if its key replaced one of the policy by the log's own entries, which are
    /// then checked like any others; nil if it did not, or without entries.
    private func headOfLaterKey(_ bytes: [UInt8], _ policy: WitnessPolicy) throws -> Checkpoint? {
        do {
            let note = try SignedNote.parse(bytes)
            guard hasEntries, let head = Checkpoint(body: note.text),
                let id = YardID(Self.yard(of: head.origin))
            else { return nil }
            try ExportFolder(path: path).requireLast(
                of: TilePath.bundles(size: head.size), size: head.size)
            let yard = YardRow(number: 1, id: id, origin: LogName.first(of: head.origin))
            let reader = try FolderLogSource(path: path, size: head.size).open()
            let keys = try LogBook(yard: yard, size: head.size, reader: reader).keys
            guard let first = keys.logKeys.first?.key, let key = keys.logKey(size: head.size),
                policy.logs.contains(where: { $0.key == first }),
                key.name.hasSameBytes(as: head.origin)
            else { return nil }
            return try note.verified(by: [key]) == [key] ? head : nil
        } catch is NoteError {
            return nil
        } catch is LogMisfit {
            return nil
        }
    }

    /// The last part of the name of a yard's first log.
    private static func yard(of origin: String) -> String {
        String(LogName.first(of: origin).split(separator: "/").last ?? "")
    }

    // MARK: With entries

    private func verifyEntries(
        _ head: Checkpoint, _ policy: WitnessPolicy, _ folder: ExportFolder
    ) throws -> VerificationReport {
        guard let id = YardID(Self.yard(of: head.origin)) else {
            throw LogMisfit(
                nil, "the origin \(head.origin) names no yard", "it is not a log of Hofbuch")
        }
        try folder.requireLast(of: TilePath.bundles(size: head.size), size: head.size)
        let source = try FolderLogSource(path: path, size: head.size)
        let log = LogVerification(
            source: source, size: head.size, newest: head.size, calendar: calendar,
            options: options, policy: policy)
        let (assembly, found) = try log.run(
            yard: YardRow(number: 1, id: id, origin: LogName.first(of: head.origin))
        ) { options.progress($0, head.size) }
        try comparePartialTiles(assembly.tree, folder)
        try options.demandFirstKey(of: assembly.keys)
        let reader = try source.open()
        var report = found
        let closes = try closes(assembly.book, folder, reader)
        report.closes = closes.count
        try compareCloses(closes, assembly, policy, folder, reader)
        report.stamps = try StampCheck(
            book: assembly.book, policy: policy, authorities: options.authorities
        ).stamps(reader)
        return report
    }

    private func comparePartialTiles(_ tree: LogTree, _ folder: ExportFolder) throws {
        for (level, hashes) in tree.edge.enumerated() where !hashes.isEmpty {
            let tile = TileCoordinate(level: level, index: tree.size >> Int64(8 * (level + 1)))
            let name = TilePath.hashes(tile, width: hashes.count).text
            guard try folder.bytes(name) == Tile.bytes(hashes) else {
                throw LogMisfit.tile(level, tile.index, at: tree.size - 1)
            }
        }
    }

    private func closes(
        _ book: LogBook, _ folder: ExportFolder, _ reader: any LogPartReader
    ) throws -> [DayClose] {
        var closes: [DayClose] = []
        var series = CloseSeries()
        for index in book.closes {
            let bytes = try reader.entries(from: index, to: index + 1).first ?? []
            guard case .server(let record) = try StoredRecord.fact(of: bytes),
                case .close(let body) = record.fact
            else { throw LogMisfit(index, "the close cannot be read", "its bytes were altered") }
            let position = LogPosition(yard: book.yard.number, index: index)
            let close: DayClose
            do {
                close = try CloseBody.read(body, of: book.yard.id, at: position) {
                    try folder.bytes(ExportFolder.detail(ofClose: Int64(closes.count) + 1))
                }
            } catch { throw LogMisfit.unreadableClose(at: index, error) }
            if let misfit = close.misfit(after: closes.last, at: index) { throw misfit }
            try series.add(close, at: index)
            closes.append(close)
        }
        return closes
    }

    /// Each close has its entry and proof in the folder, and they fit.
    private func compareCloses(
        _ closes: [DayClose], _ assembly: LogAssembly, _ policy: WitnessPolicy,
        _ folder: ExportFolder, _ reader: any LogPartReader
    ) throws {
        for (close, index) in zip(closes, assembly.book.closes) {
            let name = "closes/\(close.number)"
            let entry = try folder.bytes("\(name)/entry")
            guard try reader.entries(from: index, to: index + 1).first == entry else {
                throw LogMisfit(
                    index, "the file \(name)/entry is not the log's entry", "it was altered")
            }
            try compareProof(of: close, entry ?? [], at: index, assembly.keys, policy, folder)
        }
    }

    private func compareProof(
        of close: DayClose, _ entry: [UInt8], at index: Int64, _ keys: KeyBook,
        _ policy: WitnessPolicy, _ folder: ExportFolder
    ) throws {
        let proof = try folder.proof(ofClose: close.number)
        let size = proof.flatMap { Checkpoint(body: $0.checkpoint.text) }?.size ?? 0
        do {
            guard let proof, proof.index == index, let key = keys.logKey(size: size) else {
                throw ProofError.notIncluded(index: index, size: size)
            }
            try proof.verify(entry: entry, log: key, witnesses: policy.witnesses.map(\.key))
        } catch let error as ProofError {
            throw LogMisfit(
                index, "the proof of close \(close.number) does not hold (\(error.code))",
                "the file is missing or was altered")
        }
    }

    // MARK: Hashes alone

    private func verifyHashes(
        _ head: Checkpoint, _ policy: WitnessPolicy, _ folder: ExportFolder
    ) throws -> VerificationReport {
        var report = VerificationReport()
        let stored = try FolderLogSource(path: path, size: head.size).checkpoints
        let verdicts = try stored.map { try verdict(on: $0, policy) }
        // That those of size 0 have the only right root is known already.
        var open = verdicts.drop { $0.checkpoint.size == 0 }
        let tree = try tree(head.size, folder) { tree in
            while let next = open.first, next.checkpoint.size == tree.size {
                guard next.checkpoint.root == tree.root else {
                    throw LogMisfit(
                        tree.size - 1, "the hashes up to here do not give the signed root",
                        "a hash at or before this index was altered")
                }
                open.removeFirst()
            }
        }
        if let next = open.first {
            throw LogMisfit(
                tree.size, "a checkpoint over \(next.checkpoint.size) entries was not compared",
                "nobody can say that the hashes are the signed ones")
        }
        try comparePartialTiles(tree, folder)
        report.absent.insert(.entries)
        report.checkpoints = Int64(verdicts.count)
        report.cosignatures = verdicts.reduce(0) { $0 + Int64($1.witnesses.count) }
        report.roots[head.origin] = tree.root.base64
        report.witnessedSizes[head.origin] =
            verdicts.last { $0.isMet && !$0.witnesses.isEmpty }?.checkpoint.size
        report.closes = try checkClosesAlone(policy, folder)
        return report
    }

    private func verdict(on stored: StoredCheckpoint, _ policy: WitnessPolicy) throws(LogMisfit)
        -> PolicyVerdict
    {
        do { return try policy.verdict(on: SignedNote.parse(stored.note)) } catch {
            throw .checkpoint(stored.size)
        }
    }

    /// The tree over the stored leaf hashes, with each higher tile compared.
    private func tree(
        _ size: Int64, _ folder: ExportFolder, _ grown: (LogTree) throws -> Void
    ) throws -> LogTree {
        var tree = LogTree()
        let paths = TilePath.leafTiles(size: size)
        try folder.requireLast(of: paths, size: size)
        for path in paths {
            guard case .hashes(let place, let width) = path else { continue }
            guard let leaves = try folder.bytes(path.text).flatMap(Tile.hashes),
                leaves.count == width
            else {
                throw LogMisfit(
                    place.index << 8, "the file \(path) is missing or has another size",
                    "the copy is incomplete")
            }
            for leaf in leaves {
                for tile in tree.append(leaf) where tile.coordinate.level > 0 {
                    let name = TilePath.hashes(tile.coordinate, width: TileCoordinate.width).text
                    guard try folder.bytes(name) == tile.bytes else {
                        throw LogMisfit.tile(
                            tile.coordinate.level, tile.coordinate.index, at: tree.size - 1)
                    }
                }
                try grown(tree)
            }
            options.progress(tree.size, size)
        }
        return tree
    }

    private func checkClosesAlone(_ policy: WitnessPolicy, _ folder: ExportFolder) throws -> Int {
        let numbers = try folder.closes()
        for number in numbers {
            let proof = try folder.proof(ofClose: number)
            let entry = try folder.bytes("closes/\(number)/entry") ?? []
            let isProven = policy.logs.contains { log in
                do {
                    try proof?.verify(entry: entry, log: log.key)
                    return proof != nil
                } catch {
                    return false
                }
            }
            guard isProven else {
                throw LogMisfit(
                    proof?.index, "the proof of close \(number) does not hold",
                    "a file is missing or was altered")
            }
        }
        return numbers.count
    }
}

extension VerificationOptions {
    /// Makes sure that a log begins with a key that whoever verifies trusts.
    func demandFirstKey(of keys: KeyBook) throws(LogMisfit) {
        guard let policy, !policy.logs.isEmpty, let first = keys.logKeys.first?.key else { return }
        guard policy.logs.contains(where: { $0.key == first }) else {
            throw LogMisfit(
                0, "the log begins with the key \(first.text), which the policy does not name",
                "this is another log, or it was made anew")
        }
    }

    /// Makes sure that enough witnesses have cosigned, where the policy asks for it.
    func demand(of report: VerificationReport, origin: String) throws(LogMisfit) {
        guard report.misfit == nil, let policy, policy.quorum != nil,
            report.witnessedSizes[origin] == nil
        else { return }
        throw LogMisfit(
            nil, "no checkpoint has the cosignatures that the policy asks for",
            "nothing but the log's own key vouches for it")
    }
}
