package import Exports
import Journal
import Signing
import Storage
package import Units

/// What the register says about a file that somebody has.
package struct ExportFileVerdict: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// These bytes are registered; `name` if under another one.
        case registered(name: String?)
        /// A file of this name is registered with other bytes; sentences that say what differs.
        case differs([String])
        /// A file that the export has and that was not given.
        case missing
        /// Neither name nor bytes are registered.
        case unknown
    }

    package let name: String
    package let outcome: Outcome
    /// The export that it belongs to; nil if it is unknown.
    package let export: ExportBatch?
    package let yard: YardID?
    /// Where the export stands in the yard's log.
    package let index: Int64?

    package var isGood: Bool { outcome == .registered(name: nil) }
}

extension Installation {
    /// Compares files with the export records of a data directory or a copy of one, also an older
    /// program's, without opening it for writing.
    ///
    /// - Parameters:
    ///   - files: read piece by piece; a file that several exports have is compared with the
    ///     newest one.
    ///   - isWhole: whether the files are all that somebody has of an export, so that one of its
    ///     files that was not given is missing.
    package static func checkExport(
        _ files: [PiecedFile], isWhole: Bool, in directory: DataDirectory
    ) throws -> [ExportFileVerdict] {
        try NewestSchema.read(directory) { newest in
            try ReadOnlyDatabase(path: newest.path).read { reading in
                var check = ExportCheck(reading: reading)
                try check.readRegister()
                return try check.verdicts(about: files, isWhole: isWhole)
            }
        }
    }
}

private struct ExportCheck {
    let reading: Reading
    private var entries: [Registered] = []

    struct Registered {
        let yard: YardRow
        let index: Int64
        let export: ExportBatch
    }

    init(reading: Reading) {
        self.reading = reading
    }

    /// All export records, newest first; what counts is the journal, not the table.
    mutating func readRegister() throws {
        for yard in try reading.yards() {
            for position in try reading.serverRecords(yard: yard.number, kind: .export) {
                guard let bytes = try reading.entry(at: position),
                    case .server(let record) = try StoredRecord.fact(of: bytes),
                    case .export(let body) = record.fact
                else { throw DamagedRow(table: "server_record", position: position.number) }
                entries.append(
                    Registered(
                        yard: yard, index: position.index, export: try ExportBatch(json: body)))
            }
        }
        entries.sort { $0.export.at.milliseconds > $1.export.at.milliseconds }
    }

    func verdicts(
        about files: [PiecedFile], isWhole: Bool
    ) throws -> [ExportFileVerdict] {
        let digests = try files.map { try $0.digest }
        // The files of a package bear the same names in every export: the export that most of
        // them belong to is the one that is meant.
        let meant = isWhole ? closest(to: Set(digests), Set(files.map(\.name))) : nil
        var verdicts = try zip(files, digests).map { file, digest in
            try verdict(file, digest, among: meant.map { [$0] } ?? entries)
        }
        guard let meant else { return verdicts }
        let given = Set(files.map(\.name))
        for file in meant.export.files where !given.contains(file.name) {
            verdicts.append(verdict(file.name, .missing, meant))
        }
        return verdicts
    }

    private func closest(to digests: Set<Digest>, _ names: Set<String>) -> Registered? {
        func score(_ entry: Registered) -> (Int, Int) {
            let files = entry.export.files
            return (
                files.count { digests.contains($0.digest) }, files.count { names.contains($0.name) }
            )
        }
        // Newest first, and of equals the first one stays.
        var best: (entry: Registered, score: (Int, Int))?
        for entry in entries {
            let found = score(entry)
            if found > (best?.score ?? (0, 0)) { best = (entry, found) }
        }
        return best?.entry
    }

    private func verdict(
        _ file: PiecedFile, _ digest: Digest, among entries: [Registered]
    ) throws -> ExportFileVerdict {
        if let verdict = verdict(ofDoneFile: file.name, digest) { return verdict }
        for entry in entries where entry.export.files.contains(where: { $0.digest == digest }) {
            let names = entry.export.files.filter { $0.digest == digest }.map(\.name)
            let other = names.contains(file.name) ? nil : names.first
            return verdict(file.name, .registered(name: other), entry)
        }
        for entry in entries where entry.export.files.contains(where: { $0.name == file.name }) {
            let kept = try reading.exportFile(
                yard: entry.yard.number, number: entry.export.number, name: file.name)
            let words = try kept.map {
                try FileDifference.words(registered: registered(file.name, $0), found: file)
            }
            return verdict(file.name, .differs(words ?? []), entry)
        }
        return ExportFileVerdict(
            name: file.name, outcome: .unknown, export: nil, yard: nil, index: nil)
    }

    /// Of the list that was put last; nil for any other file. A folder may hold those of exports
    /// whose files were taken away.
    private func verdict(ofDoneFile name: String, _ digest: Digest) -> ExportFileVerdict? {
        let entry = entries.first {
            name == ExportBatch.doneFileName($0.export.number, yard: $0.yard.id)
        }
        guard let entry else { return nil }
        let isSame = digest == Digest.sha256(entry.export.checksums)
        return verdict(
            name,
            isSame
                ? .registered(name: nil)
                : .differs(["It lists other files or hashes than the register."]), entry)
    }

    private func registered(_ name: String, _ kept: KeptFile) -> PiecedFile {
        let reading = reading
        return PiecedFile(name: name, byteCount: kept.byteCount) { number in
            number < kept.partCount ? try reading.exportPart(number, of: kept) : nil
        }
    }

    private func verdict(
        _ name: String, _ outcome: ExportFileVerdict.Outcome, _ entry: Registered
    ) -> ExportFileVerdict {
        ExportFileVerdict(
            name: name, outcome: outcome, export: entry.export, yard: entry.yard.id,
            index: entry.index)
    }
}
