import DayClosing
import Exports
import FinanceSamples
import Testing
import Units

/// A file of an export, whole.
struct WholeFile: Hashable {
    let name: String
    let bytes: [UInt8]
    let rowCount: Int64?

    /// The files of a format, made as the product makes them, from batches in memory.
    static func all(_ writer: any ExportWriter, of batches: [ClosedBatch]) throws -> [WholeFile] {
        let written = Written()
        var pass = ExportPass(writer, content: .all) { bytes, name in
            written.files[name, default: []] += bytes
        }
        for batch in batches {
            try pass.add(batch.planned) { take in for record in batch.records { try take(record) } }
        }
        return try pass.finish().files.map { name, rowCount in
            WholeFile(name: name, bytes: written.files[name] ?? [], rowCount: rowCount)
        }
    }

    private final class Written {
        var files: [String: [UInt8]] = [:]
    }
}

extension HledgerJournal {
    static func bytes(of batches: [ClosedBatch]) throws -> [UInt8] {
        try WholeFile.all(HledgerJournal(of: batches.map(\.planned)), of: batches)
            .flatMap(\.bytes)
    }
}

extension LedgerJournal {
    static func bytes(of batches: [ClosedBatch]) throws -> [UInt8] {
        try WholeFile.all(LedgerJournal(of: batches.map(\.planned)), of: batches).flatMap(\.bytes)
    }
}

extension BeancountJournal {
    static func bytes(of batches: [ClosedBatch]) throws -> [UInt8] {
        try WholeFile.all(BeancountJournal(of: batches.map(\.planned)), of: batches)
            .flatMap(\.bytes)
    }
}

extension AuditPackage {
    static func files(
        of batches: [ClosedBatch], register: AuditRegister = .empty
    ) throws -> [(name: String, bytes: [UInt8])] {
        let package = AuditPackage(
            of: batches.map(\.planned), register: register, localTime: winterTime)
        return try WholeFile.all(package, of: batches).map { ($0.name, $0.bytes) }
    }

    /// As on a wall in Berlin in November.
    static func winterTime(_ instant: Timestamp) -> String {
        let local = instant.adding(milliseconds: 3_600_000)
        return "\(local.iso.prefix(10)) \(local.iso.dropFirst(11).prefix(8))"
    }
}

extension DATEVSettings {
    func files(of batches: [ClosedBatch], run: String = "") throws -> [WholeFile] {
        try WholeFile.all(DATEVWriter(self, run: run), of: batches)
    }
}

extension ExportProfile {
    func files(of batches: [ClosedBatch]) throws -> [WholeFile] {
        try WholeFile.all(ProfileWriter(self, of: batches.map(\.planned)), of: batches)
    }

    /// The only file.
    func bytes(of batches: [ClosedBatch]) throws -> [UInt8] {
        let files = try files(of: batches)
        #expect(files.count == 1)
        return try #require(files.first).bytes
    }
}

extension ClosedBatch {
    /// The close as lines of totals.
    func totalLines() throws -> [ExportLine] {
        var totals = TotalLines()
        for record in records { totals.add(record) }
        return try totals.lines(of: planned)
    }
}
