import Exports
import Journal
import Logging
import People
import Storage
import Synchronization
import Units

extension Installation {
    /// Registers the files, unless somebody else has registered the same ones since they were
    /// chosen: then that export stands for both.
    ///
    /// Their bytes go into the database part by part, each in a turn of the writer of its own, so
    /// that sales wait for none of them long; nobody sees them before the record names them. Closes
    /// stay approved and witnessed, so that only the register is looked at again.
    ///
    /// - Throws: ``OperationsError`` (`exportTwice`, `exportRecordTooLarge`).
    func register(
        _ rendered: RenderedExport, _ choice: ExportChoice, at yard: Yard, by person: Person
    ) async throws -> ExportBatch {
        let files = rendered.files.map(\.file)
        let found = try database.read { try standing(of: choice, files, at: yard, $0) }
        if case .twin(let twin) = found { return twin }
        var started: [Int64] = []
        do {
            var staged: [StagedFile] = []
            for (file, content) in rendered.files {
                staged.append(try await stage(file, content, &started))
            }
            let export = try await register(
                rendered, choice, staged, at: yard, by: person)
            await release(started)
            return export
        } catch {
            await release(started)
            throw error
        }
    }

    /// What the register says of a choice.
    private enum RegisterStanding {
        /// The same closes with the same files were registered after the choice and not rejected.
        case twin(ExportBatch)
        /// Nothing stands against it; rejected exports of these closes, ascending.
        case free(corrects: [Int64])
    }

    private func standing(
        of choice: ExportChoice, _ files: [ExportBatch.File], at yard: Yard, _ reading: Reading
    ) throws -> RegisterStanding {
        if let twin = try twin(of: choice, files, at: yard, reading) { return .twin(twin) }
        return .free(
            corrects: choice.isBooked
                ? try requireUnheld(choice.numbers, choice.profile, at: yard, reading) : [])
    }

    private func twin(
        of choice: ExportChoice, _ files: [ExportBatch.File], at yard: Yard, _ reading: Reading
    ) throws -> ExportBatch? {
        let since = try reading.exports(yard: yard.number, profile: choice.profile)
            .filter { $0.number > choice.lastExport }.map { try export($0, reading) }
        guard let twin = since.last(where: { $0.closes == choice.numbers && $0.files == files })
        else { return nil }
        return try rejectedExports(at: yard, reading).contains(twin.number) ? nil : twin
    }

    private func register(
        _ rendered: RenderedExport, _ choice: ExportChoice, _ staged: [StagedFile], at yard: Yard,
        by person: Person
    ) async throws -> ExportBatch {
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let files = rendered.files.map(\.file)
            let corrects: [Int64]
            switch try standing(of: choice, files, at: yard, reading) {
            case .twin(let twin): return twin
            case .free(let found): corrects = found
            }
            let number = (try reading.exports(yard: yard.number).last?.number ?? 0) + 1
            let export = ExportBatch(
                number: number, profile: choice.profile, closes: choice.numbers, files: files,
                sums: rendered.sums, corrects: corrects,
                people: Set(rendered.named.flatMap(\.fields)).sorted { $0.rawValue < $1.rawValue },
                by: person.id, at: now)
            let position = try append(.export(export.json), to: yard, at: now, in: batch)
            for place in rendered.named {
                try batch.transaction.logAccess(
                    by: person.id, at: now, yard: yard.number, position: place.position, act: .read,
                    fields: place.fields.map(\.rawValue),
                    purpose: "Export \(number) (\(choice.profile)) erstellt")
            }
            faults.reach(.afterExportEntry)
            try batch.transaction.insertExport(
                yard: yard.number, number: number, position: position, profile: choice.profile,
                files: faults.isBroken(.hashWithoutFile) ? [] : staged)
            return export
        }
    }

    /// Puts the parts of a file beside the journal.
    ///
    /// - Parameter started: takes what the parts are kept under.
    private func stage(
        _ file: ExportBatch.File, _ content: SpooledFile, _ started: inout [Int64]
    ) async throws -> StagedFile {
        var (kept, number, offset): (Int64?, Int64, Int64) = (nil, 0, 0)
        while offset < file.byteCount {
            let bytes = try content.read(Transaction.exportPartMax, at: offset)
            guard !bytes.isEmpty else { throw DamagedRow(table: "export_part", position: offset) }
            let id = try await writer.perform(for: .files) { [self, kept, number] batch in
                let id = try batch.transaction.insertExportPart(bytes, number: number, of: kept)
                stagedFiles.withLock { _ = $0.insert(id) }
                faults.reach(.afterExportPart)
                return id
            }
            if kept == nil { started.append(id) }
            (kept, number, offset) = (id, number + 1, offset + Int64(bytes.count))
        }
        return StagedFile(name: file.name, file: kept, byteCount: file.byteCount)
    }

    /// Nobody puts more to these files; what no export names of them goes.
    private func release(_ files: [Int64]) async {
        stagedFiles.withLock { $0.subtract(files) }
        do { try await removeUnnamedParts() } catch {
            logger.warning(
                "parts of a file that was not registered stay; the next export removes them",
                metadata: ["error": "\(error)"])
        }
    }

    /// Removes parts of files that no export names and nobody is putting there, some in each turn
    /// of the writer: what a process left that ended before its export was registered. They may
    /// name people.
    func removeUnnamedParts() async throws {
        let step = 4
        for file in try database.read({ try $0.unnamedExportFiles() }) {
            isOverwriteDue.withLock { $0 = true }
            var hasMore = true
            while hasMore {
                hasMore = try await writer.perform(for: .files) { [self] batch in
                    guard !stagedFiles.withLock({ $0.contains(file) }) else { return false }
                    return try batch.transaction.deleteExportParts(of: file, max: step)
                }
            }
        }
    }
}
