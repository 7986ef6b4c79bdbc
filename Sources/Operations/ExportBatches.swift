import DayClosing
import Exports
import Foundation
import Journal
package import People
import Sales
package import Signing
import SourceFiles
import Storage
package import Text
package import Units

/// An export batch: files made of approved closes, registered in the journal with their hashes.
package struct ExportBatch: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package let name: String
        package let digest: Digest
        package let byteCount: Int64
    }

    /// Gapless per yard, from 1.
    package let number: Int64
    /// `datev`, `hledger`, `ledger`, `beancount`, `gobd`, or the id of a profile.
    package let profile: String
    /// Numbers of the closes held, ascending.
    package let closes: [Int64]
    package let files: [File]
    package let by: PersonID
    package let at: Timestamp
}

extension ExportBatch {
    package var json: JSONValue {
        .fields([
            "number": .integer(number), "profile": .string(profile),
            "closes": .array(closes.map { .integer($0) }),
            "files": .array(
                files.map {
                    .fields([
                        "name": .string($0.name), "sha256": .string($0.digest.hex),
                        "bytes": .integer($0.byteCount),
                    ])
                }), "by": .string(by.text), "at": .string(at.iso),
        ])
    }

    package init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "export")
        number = try reader.integer("number", in: 1...StrictJSON.numberMax)
        profile = try reader.string("profile")
        closes = try reader.array("closes").compactMap(\.integer)
        var files: [File] = []
        for var file in try reader.objects("files") {
            files.append(
                File(
                    name: try file.string("name"),
                    digest: try file.parsed("sha256", as: "64 hexadecimal digits") {
                        Digest(hex: $0)
                    },
                    byteCount: try file.integer("bytes", in: 0...StrictJSON.numberMax)))
            try file.finish()
        }
        self.files = files
        by = try reader.identifier("by")
        at = try reader.timestamp("at")
        try reader.finish()
    }
}

/// The export formats of an installation, from the files in `finance/`.
struct ExportFormats {
    var profiles: [ExportProfile] = []
    var datev: DATEVSettings?

    init(directory: DataDirectory) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.exportProfiles)
        for name in names.sorted() where name.hasSuffix(".yaml") {
            let path = "\(directory.exportProfiles)/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let tree = try SourceFile.tree(of: Array(data))
            if name.hasPrefix("profil-") {
                let (profile, problems) = ExportProfile.decode(tree)
                guard let profile else { throw OperationsError.planInvalid(problems) }
                profiles.append(profile)
            } else if name == "datev.yaml" {
                let (settings, problems) = DATEVSettings.decode(tree)
                guard let settings else { throw OperationsError.planInvalid(problems) }
                datev = settings
            }
        }
    }

    var names: [String] {
        profiles.map(\.id) + (datev == nil ? [] : ["datev"]) + [
            "hledger", "ledger", "beancount", "gobd",
        ]
    }

    /// What lines of `plan` would be refused for, format by format: found now and not at the
    /// first close that meets it.
    func misfits(with plan: AccountPlan, yards: [YardID]) -> [String] {
        let byProfile = profiles.flatMap { profile in
            profile.errors(with: plan, yards: yards).map { "\(profile.id): \($0)" }
        }
        return byProfile
            + (datev?.errors(with: plan, yards: yards).map { "datev: \($0)" } ?? [])
    }

    /// The files of a batch: a pure function of the closes.
    func files(_ name: String, of batches: [ClosedBatch]) throws
        -> [(name: String, bytes: [UInt8])]
    {
        let references = batches.map(\.reference)
        let stem = [references.first, references.count > 1 ? references.last : nil]
            .compactMap(\.self).joined(separator: "_")
        switch name {
        case "hledger": return [("\(stem).journal", try HledgerJournal.bytes(of: batches))]
        case "gobd": return try AuditPackage.files(of: batches)
        case "ledger": return [("\(stem).ledger", try LedgerJournal.bytes(of: batches))]
        case "beancount":
            return [("\(stem).beancount", try BeancountJournal.bytes(of: batches))]
        case "datev":
            guard let datev else { throw OperationsError.exportUnknown(name) }
            return try datev.files(of: batches).map { ($0.name, $0.bytes) }
        default:
            guard let profile = profiles.first(where: { $0.id == name }) else {
                throw OperationsError.exportUnknown(name)
            }
            return try profile.files(of: batches).map {
                ("\(stem)_\(profile.id)_\($0.year).csv", $0.bytes)
            }
        }
    }
}

extension Installation {
    /// The formats that exports can have here.
    package func exportFormats() throws -> [String] {
        try ExportFormats(directory: directory).names
    }

    /// Makes an export of approved closes and registers it in the journal.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `closeNotApproved`, `closeNotWitnessed`,
    ///   `exportUnknown`),
    ///   `ExportError`.
    package func createExport(
        _ profile: String, of numbers: [Int64], at yard: Yard, by person: Person
    ) async throws -> ExportBatch {
        try person.allowed(.createExport)
        let formats = try ExportFormats(directory: directory)
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let batches = try closedBatches(numbers, of: yard, reading)
            try requireWitnessed(numbers, at: yard, reading)
            let files = try formats.files(profile, of: batches)
            let number = (try reading.exports(yard: yard.number).last?.number ?? 0) + 1
            let export = ExportBatch(
                number: number, profile: profile, closes: numbers.sorted(),
                files: files.map {
                    .init(
                        name: $0.name, digest: Digest.sha256($0.bytes),
                        byteCount: Int64($0.bytes.count))
                }, by: person.id, at: now)
            let position = try append(.export(export.json), to: yard, at: now, in: batch)
            faults.reach(.afterExportEntry)
            try batch.transaction.insertExport(
                yard: yard.number, number: number, position: position, profile: profile,
                files: faults.isBroken(.hashWithoutFile) ? [] : files)
            return export
        }
    }

    private func closedBatches(_ numbers: [Int64], of yard: Yard, _ reading: Reading) throws
        -> [ClosedBatch]
    {
        let rows = try reading.closes(yard: yard.number)
        guard !numbers.isEmpty else { throw OperationsError.closeUnknown(0) }
        return try Set(numbers).sorted().map { number in
            guard let row = rows.first(where: { $0.number == number }) else {
                throw number == (rows.last?.number ?? 0) + 1
                    ? OperationsError.closeNotApproved(number)
                    : OperationsError.closeUnknown(number)
            }
            return try closedBatch(try close(row, of: yard, reading), yard: yard, reading)
        }
    }

    func closedBatch(_ close: DayClose, yard: Yard, _ reading: Reading) throws -> ClosedBatch {
        let plan = try FinancePlan.kept(close.accountPlanDigest, reading)
        let reader = ClosedRecordReader(
            reading: reading, yard: yard.number, plan: plan, calendar: calendar)
        return ClosedBatch(
            close: close, records: try reader.records(from: close.from, to: close.to), plan: plan)
    }

    /// All exports of a yard, ascending by number.
    package func exports(of yard: Yard) throws -> [ExportBatch] {
        try database.read { reading in
            try reading.exports(yard: yard.number).map { try export($0, reading) }
        }
    }

    private func export(_ row: NumberedRow, _ reading: Reading) throws -> ExportBatch {
        guard case .server(let record) = try record(at: row.position, reading).fact,
            case .export(let body) = record.fact
        else { throw DamagedRow(table: "export", position: row.position.number) }
        return try ExportBatch(json: body)
    }

    /// The bytes of an export's file, checked against the registered hash.
    package func exportFile(
        _ name: String, ofExport number: Int64, at yard: Yard, by person: Person
    )
        throws -> [UInt8]
    {
        try person.allowed(.fetchExport)
        return try database.read { reading in
            guard
                let row = try reading.exports(yard: yard.number).first(where: {
                    $0.number == number
                }), let file = try export(row, reading).files.first(where: { $0.name == name }),
                let bytes = try reading.exportFile(
                    yard: yard.number, number: number, name: name)
            else { throw OperationsError.exportUnknown("\(number)/\(name)") }
            guard Digest.sha256(bytes) == file.digest else {
                throw DamagedRow(table: "export_file", position: number)
            }
            return bytes
        }
    }
}
