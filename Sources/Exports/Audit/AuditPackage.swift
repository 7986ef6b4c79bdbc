package import DayClosing
import Sales
import Signing
import Tariffs
package import Units

/// The auditor's package (GoBD, access Z3) of approved closes: tables as CSV, index.xml that
/// describes them, and the grammar of index.xml (docs/formats/export-audit.md).
package struct AuditPackage: ExportWriter {
    /// Where index.xml names its grammar.
    static let grammarName = "gdpdu-01-09-2004.dtd"

    private let tables: [AuditTable]
    /// index.xml and its grammar.
    private var descriptions: [GrowingFile]
    /// One for each table, in their order.
    private var files: [GrowingFile]
    /// Of the descriptions, then of the tables.
    private var seals: [AuditTable.FileSeal]
    /// By digest: those of the register and those that priced lines.
    private var tariffs: [String: AuditTable.TariffUse] = [:]
    private var reference = ""

    /// - Parameters:
    ///   - closes: all that will go by, in their order.
    ///   - register: what the log said up to the last of them.
    ///   - localTime: the day and time at the yard, `2026-11-20 10:00:00`.
    package init(
        of closes: [PlannedClose], register: AuditRegister = .empty,
        localTime: @escaping (Timestamp) -> String
    ) {
        tables = closes.auditTables(register, localTime: localTime)
        descriptions = [
            GrowingFile(
                name: "index.xml", bytes: Self.index(of: tables, from: register.supplier)),
            GrowingFile(name: Self.grammarName, bytes: Array(Self.grammar.utf8)),
        ]
        files = tables.map { table in
            let heading = table.columns.map(\.name).joined(separator: ";") + "\r\n"
            return GrowingFile(name: table.file, bytes: Array(heading.utf8))
        }
        seals = descriptions.map { AuditTable.FileSeal(name: $0.name) }
        seals += files.map { AuditTable.FileSeal(name: $0.name, rowCount: 0) }
        for (place, file) in (descriptions + files).enumerated() {
            seals[place].append(file.bytes)
        }
        for tariff in register.tariffs {
            tariffs[tariff.digest] = AuditTable.TariffUse(
                digest: tariff.digest, id: tariff.id, title: tariff.title)
        }
    }

    package mutating func begin(_ close: PlannedClose) throws(ExportError) {
        reference = close.reference
        for (place, table) in tables.enumerated() {
            if case .ofClose(let rows) = table.rows { try append(rows(close), to: place) }
        }
    }

    package mutating func add(_ record: ClosedRecord) throws(ExportError) {
        let record = AuditRecord(record, of: reference)
        for line in record.lines { count(line) }
        for (place, table) in tables.enumerated() {
            guard case .ofRecord(let rows) = table.rows else { continue }
            try append(rows(record), to: place)
        }
    }

    package mutating func end(_ totals: TotalLines) {}

    package mutating func finish() throws(ExportError) {
        for (place, table) in tables.enumerated() {
            switch table.rows {
            case .ofClose, .ofRecord: break
            case .all(let rows): try append(rows, to: place)
            case .ofTariffs(let rows):
                try append(rows(tariffs.values.sorted { $0.digest < $1.digest }), to: place)
            case .ofFiles(let rows):
                // It is the last table, so that nothing is added to the others any more.
                try append(rows(seals.filter { $0.name != table.file }), to: place)
            }
        }
    }

    private mutating func count(_ line: AuditLine) {
        let digest = line.tariff.digest
        var use =
            tariffs[digest]
            ?? AuditTable.TariffUse(digest: digest, id: line.tariff.id, title: line.tariff.title)
        use.lineCount += 1
        use.amount += line.gross
        tariffs[digest] = use
    }

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        for place in descriptions.indices { try body(&descriptions[place]) }
        for place in files.indices { try body(&files[place]) }
    }

    private mutating func append(_ rows: [[String]], to place: Int) throws(ExportError) {
        let table = tables[place]
        let seal = descriptions.count + place
        for row in rows {
            let start = files[place].bytes.count
            for (column, cell) in row.enumerated() {
                if column > 0 { files[place].bytes.append(0x3B) }
                try Self.append(cell, table.columns[column], of: table, to: &files[place].bytes)
            }
            files[place].bytes += [0x0D, 0x0A]
            seals[seal].append(files[place].bytes[start...])
            seals[seal].rowCount? += 1
        }
    }

    private static func append(
        _ cell: String, _ column: AuditTable.Column, of table: AuditTable, to out: inout [UInt8]
    ) throws(ExportError) {
        guard column.kind == .text else {
            out.append(contentsOf: cell.utf8)
            return
        }
        // Every character that a signed record may hold: one that is odd must not keep a town from
        // making its package.
        if let scalar = AuditTable.control(in: cell) {
            throw ExportError(
                .forbidden(scalar), .utf8, nil, field: "\(table.file): \(column.name)")
        }
        out.append(0x22)
        for byte in cell.utf8 {
            if byte == 0x22 { out.append(byte) }
            out.append(byte)
        }
        out.append(0x22)
    }
}
