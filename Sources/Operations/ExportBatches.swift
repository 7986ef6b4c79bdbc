package import Exports
package import Journal
package import People
import Sales
package import Signing
import Storage
package import Units

/// An export batch: files made of approved closes, registered in the journal with their hashes.
package struct ExportBatch: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package let name: String
        package let digest: Digest
        package let byteCount: Int64
        /// Lines of postings; nil for files that are no list of them.
        package let rows: Int64?
    }

    /// Gapless per yard, from 1.
    package let number: Int64
    /// `datev`, `hledger`, `ledger`, `beancount`, `gobd`, `json`, or the id of a profile.
    package let profile: String
    /// Numbers of the closes held, ascending.
    package let closes: [Int64]
    package let files: [File]
    /// By year, way of payment and budget line, ascending; nil in records that older programs made.
    package let sums: [ContentSum]?
    /// Rejected exports that this one corrects, ascending.
    package let corrects: [Int64]
    /// Personal data in the files, ascending by name; empty for most formats.
    package let people: [PersonalField]
    package let by: PersonID
    package let at: Timestamp
}

extension Installation {
    /// The formats that exports can have here.
    package func exportFormats() throws -> [String] {
        try ExportFormats(directory: directory).names
    }

    /// German titles of the profiles that exports can have here, by id; empty while a file of
    /// `finance/` cannot be read, which is told where an export is made.
    package func exportTitles() -> [String: String] {
        do {
            return try ExportFormats(directory: directory).titles
        } catch {
            // What was exported is shown all the same, by its id.
            return [:]
        }
    }

    /// Makes an export of approved closes and registers it in the journal.
    ///
    /// Of a format that is booked, a close stands in one batch only, unless that one was rejected:
    /// nothing is handed over twice. Whoever asks for the same export while it is being made gets
    /// the one that is registered first.
    ///
    /// The files are written beside the single writer, which takes them in part by part and then
    /// registers them: sales go on meanwhile, however many records there are.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `closeUnknown`, `closeNotApproved`,
    ///   `exportTwice`, `closeNotWitnessed`, `exportUnknown`, `exportFileTooLarge`,
    ///   `exportRecordTooLarge`), `ExportError`.
    package func createExport(
        _ profile: String, of numbers: [Int64], at yard: Yard, by person: Person
    ) async throws -> ExportBatch {
        try person.allowed(.createExport)
        let formats = try ExportFormats(directory: directory)
        // Stores the checkpoint that was signed last: evidence names the first one over a close.
        try await writer.perform { _ in }
        try await removeUnnamedParts()
        let choice = try exportChoice(profile, of: numbers, at: yard, formats)
        let rendered = try await onThread { [self] in try render(choice, of: yard) }
        return try await register(rendered, choice, at: yard, by: person)
    }

    /// All exports of a yard, ascending by number.
    package func exports(of yard: Yard) throws -> [ExportBatch] {
        try database.read { reading in
            try reading.exports(yard: yard.number).map { try export($0, reading) }
        }
    }

    func export(_ row: NumberedRow, _ reading: Reading) throws -> ExportBatch {
        guard case .server(let record) = try record(at: row.position, reading).fact,
            case .export(let body) = record.fact
        else { throw DamagedRow(table: "export", position: row.position.number) }
        return try ExportBatch(json: body)
    }
}
