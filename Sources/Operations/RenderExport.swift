import Calendars
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
    let files: [(file: ExportBatch.File, content: SpooledFile)]
    let sums: [ContentSum]
    /// The personal data that stands in the files, with its places.
    let named: [NamedPlace]
}

extension Installation {
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
        let writer = try choice.formats.writer(
            choice.profile, of: choice.closes, localTime: calendar.iso
        ) { close in
            try database.read { try evidence(of: close, at: yard, $0) }
        } register: {
            try database.read { try auditRegister(of: choice.closes, at: yard, $0) }
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
            let maker = ClosedRecordMaker(plan: close.plan, calendar: calendar)
            let pages = ClosedPages(database: database, yard: yard.number, maker: maker)
            try pass.add(close) { body in
                try pages.each(from: close.close.from, to: close.close.to) { page in
                    let found = try naming(people, in: page.records, at: yard)
                    for (record, places) in found {
                        named += places
                        try body(record)
                    }
                }
            }
        }
        let (listed, sums) = try pass.finish()
        let files = listed.compactMap { name, rowCount in
            spool[name].map { file in
                (
                    file: ExportBatch.File(
                        name: name, digest: file.digest, byteCount: file.byteCount, rows: rowCount),
                    content: file
                )
            }
        }
        return RenderedExport(files: files, sums: sums, named: named)
    }

    /// The records with the people that an export names, as they are stored at the moment.
    private func naming(
        _ people: Set<PersonalField>, in records: [ClosedRecord], at yard: Yard
    ) throws -> [(record: ClosedRecord, places: [NamedPlace])] {
        guard !people.isEmpty else { return records.map { ($0, []) } }
        return try database.read { reading in
            let beside = PeopleBeside(reading: reading, yard: yard.number, fields: people)
            return try records.map(beside.named)
        }
    }
}
