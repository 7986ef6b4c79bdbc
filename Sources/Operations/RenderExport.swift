import DayClosing
import Exports
import Journal
import People
import Sales
import Storage
import Units

/// What an export is made of, as it stood when somebody asked for it. Closes are final, so that the
/// files are settled with it, whenever they are written.
struct ExportChoice: Sendable {
    let profile: String
    let formats: ExportFormats
    /// Ascending by number, each once.
    let closes: [PlannedClose]
    /// The yard's newest export then; 0 for none.
    let lastExport: Int64
    /// Whether a close may stand in one export of the format only.
    let isBooked: Bool

    var numbers: [Int64] { closes.map(\.close.number) }
}

/// The files of an export, not yet registered.
struct RenderedExport: Sendable {
    /// In the order of the register.
    let files: [(file: ExportBatch.File, content: ExportFileContent)]
    let sums: [ContentSum]
    /// The personal data that stands in the files, with its places.
    let named: [NamedPlace]
}

extension Installation {
    /// So many entries are read at a time: some ten milliseconds.
    private static let exportPage: Int64 = 256

    /// - Throws: ``OperationsError`` `closeUnknown`, `closeNotApproved`, `exportTwice`,
    ///   `closeNotWitnessed`.
    func exportChoice(
        _ profile: String, of numbers: [Int64], at yard: Yard, _ formats: ExportFormats
    ) throws -> ExportChoice {
        try database.read { reading in
            let closes = try plannedCloses(numbers, of: yard, reading)
            let isBooked = formats.booking.contains(profile)
            if isBooked { _ = try requireUnheld(numbers, profile, at: yard, reading) }
            try requireWitnessed(numbers, at: yard, reading)
            return ExportChoice(
                profile: profile, formats: formats, closes: closes,
                lastExport: try reading.exports(yard: yard.number).last?.number ?? 0,
                isBooked: isBooked)
        }
    }

    private func plannedCloses(_ numbers: [Int64], of yard: Yard, _ reading: Reading) throws
        -> [PlannedClose]
    {
        let rows = try reading.closes(yard: yard.number)
        guard !numbers.isEmpty else { throw OperationsError.closeUnknown(0) }
        return try Set(numbers).sorted().map { number in
            guard let row = rows.first(where: { $0.number == number }) else {
                throw number == (rows.last?.number ?? 0) + 1
                    ? OperationsError.closeNotApproved(number)
                    : OperationsError.closeUnknown(number)
            }
            let close = try close(row, of: yard, reading)
            return PlannedClose(
                close: close, plan: try FinancePlan.kept(close.accountPlanDigest, reading))
        }
    }

    /// Writes the files beside the writer. Blocks; run it on a thread of its own.
    ///
    /// - Throws: ``OperationsError`` `exportUnknown`, `exportFileTooLarge`, `diskFull`,
    ///   `cannotWrite`; `ExportError`.
    func render(_ choice: ExportChoice, of yard: Yard) throws -> RenderedExport {
        faults.reach(.whileRendering)
        let writer = try choice.formats.writer(choice.profile, of: choice.closes) { close in
            try database.read { try evidence(of: close, at: yard, $0) }
        }
        var spool: [String: SpooledFile] = [:]
        let content = choice.formats.content(of: choice.profile)
        var pass = ExportPass(writer, content: content) { [self] bytes, name in
            if spool[name] == nil { spool[name] = try SpooledFile(in: directory) }
            try spool[name]?.append(bytes)
            let byteCount = spool[name]?.byteCount ?? 0
            guard byteCount <= exportFileMax else {
                throw OperationsError.exportFileTooLarge(name, byteCount: byteCount)
            }
        }
        let people = choice.formats.people(of: choice.profile)
        var named: [NamedPlace] = []
        for close in choice.closes {
            try pass.add(close) { body in
                try eachRecord(of: close, at: yard, naming: people) { record, places in
                    named += places
                    try body(record)
                }
            }
        }
        let (listed, sums) = try pass.finish()
        let files = listed.compactMap { name, rowCount in
            spool[name].map { file in
                (
                    file: ExportBatch.File(
                        name: name, digest: file.digest, byteCount: file.byteCount, rows: rowCount),
                    content: file.content(name: name)
                )
            }
        }
        return RenderedExport(files: files, sums: sums, named: named)
    }

    /// Gives each record of an approved close, in order, from reads of a page each: none holds up
    /// the write-ahead log. What is read is the same in all of them, because a record and what it
    /// says depend on nothing behind it in the log. Personal data is what is stored at the moment.
    private func eachRecord(
        of planned: PlannedClose, at yard: Yard, naming people: Set<PersonalField>,
        _ body: (ClosedRecord, [NamedPlace]) throws -> Void
    ) throws {
        let (start, end) = (planned.close.from, planned.close.to)
        for from in stride(from: start, to: end, by: Int64.Stride(Self.exportPage)) {
            let page = try database.read { reading in
                let records = try ClosedRecordReader(
                    reading: reading, yard: yard.number, plan: planned.plan, calendar: calendar
                ).records(from: from, to: min(from + Self.exportPage, end))
                let beside = PeopleBeside(reading: reading, yard: yard.number, fields: people)
                return try records.map(beside.named)
            }
            for (record, places) in page { try body(record, places) }
        }
    }

    /// Registers the files, unless somebody else has registered the same ones since they were
    /// chosen: then that export stands for both.
    ///
    /// Closes stay approved and witnessed, so that only the register is looked at again.
    ///
    /// - Throws: ``OperationsError/exportTwice(close:export:)``.
    func register(
        _ rendered: RenderedExport, _ choice: ExportChoice, at yard: Yard, by person: Person
    ) async throws -> ExportBatch {
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let files = rendered.files.map(\.file)
            if let twin = try twin(of: choice, files, at: yard, reading) { return twin }
            let corrects =
                choice.isBooked
                ? try requireUnheld(choice.numbers, choice.profile, at: yard, reading) : []
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
                files: faults.isBroken(.hashWithoutFile) ? [] : rendered.files.map(\.content))
            return export
        }
    }

    /// An export of the same closes with the same files that was registered after the choice and is
    /// not rejected.
    private func twin(
        of choice: ExportChoice, _ files: [ExportBatch.File], at yard: Yard, _ reading: Reading
    ) throws -> ExportBatch? {
        let since = try reading.exports(yard: yard.number, profile: choice.profile)
            .filter { $0.number > choice.lastExport }.map { try export($0, reading) }
        guard let twin = since.last(where: { $0.closes == choice.numbers && $0.files == files })
        else { return nil }
        return try rejectedExports(at: yard, reading).contains(twin.number) ? nil : twin
    }
}
