import Calendars
package import Journal
package import People
package import Sales
import Storage
import Transparency
package import Units

/// A line in a list of records.
package struct SaleSummary: Sendable {
    package let reference: SaleReference
    package let index: Int64
    package let at: Timestamp
    package let day: BusinessDay
    package let kind: RecordKind
    package let state: String
    package let total: Cents
    package let flags: [String]
    /// What was brought, why nothing was sold, or the receipt number a void or resolution is about.
    package let subject: String
    /// The card scheme that paid; nil where no card did.
    package let scheme: CardScheme?
    /// The whole record of a resolution, and of one that later records refer to: it may stand
    /// otherwise than ``state`` says.
    package let detail: SaleDetail?
}

/// One record with what became of it.
package struct SaleDetail: Sendable {
    package let stored: StoredRecord
    package let record: TerminalRecord
    package let reversals: [Reversal]
    package let resolution: PaymentResolution?
    /// Cents left of each line of a sale; empty for other records.
    package let left: [Cents]
}

extension Installation {
    /// Records of a yard, newest first; `next` continues after the last one.
    package func sales(
        of yard: Yard, day: BusinessDay?, terminal: TerminalID?, state: String?,
        before index: Int64?, limit: Int
    ) throws -> (rows: [SaleSummary], next: Int64?) {
        try database.read { reading in
            let terminals = try reading.terminals(yard: yard.number)
            let number = terminal.map { wanted in
                terminals.first { $0.id == wanted }?.number ?? -1
            }
            let names = Dictionary(uniqueKeysWithValues: terminals.map { ($0.number, $0.id) })
            let rows = try reading.records(
                yard: yard.number, day: day, terminal: number, state: state,
                before: index.map { LogPosition(yard: yard.number, index: $0) }, limit: limit + 1)
            let changed = try rows.last.map { oldest in
                try reading.referredTo(from: oldest.position, to: rows[0].position)
            }
            let page = try rows.prefix(limit).compactMap { row in
                try names[row.terminal].map { terminal in
                    SaleSummary(
                        row, terminal: terminal,
                        detail: row.kind == .resolution
                            || changed?.contains(row.position) == true
                            ? try saleDetail(at: row.position, reading) : nil)
                }
            }
            return (page, rows.count > limit ? page.last?.index : nil)
        }
    }

    /// A record with what became of it.
    package func saleDetail(_ reference: SaleReference, of yard: Yard) throws -> SaleDetail {
        try database.read { reading in
            guard
                let terminal = try reading.terminal(yard: yard.number, id: reference.terminal),
                let position = try reading.position(
                    of: reference.sequence, terminal: terminal.number)
            else { throw OperationsError.saleUnknown(reference.receiptNumber) }
            return try saleDetail(at: position, reading)
        }
    }

    private func saleDetail(at position: LogPosition, _ reading: Reading) throws -> SaleDetail {
        let stored = try record(at: position, reading)
        guard case .terminal(let record) = stored.fact else {
            throw DamagedRow(table: "record", position: position.number)
        }
        let (reversals, resolution) = try consequences(of: position, reading)
        var left: [Cents] = []
        if case .sale(let sale) = record.fact {
            left = Reversal.remainder(of: sale, after: reversals)
        }
        return SaleDetail(
            stored: stored, record: record, reversals: reversals, resolution: resolution,
            left: left)
    }

    /// The personal data beside a record; who looks is noted.
    package func personalData(of detail: SaleDetail, by person: Person) async throws -> [Disclosure]
    {
        try person.allowed(.readPersonalData)
        let position = detail.stored.position
        let found = try database.read { try $0.personal(at: position) }
        guard !found.isEmpty else { return [] }
        let now = clock()
        try await writer.perform {
            try $0.transaction.logAccess(
                by: person.id, at: now, position: position, fields: found.map(\.name.rawValue))
        }
        return found
    }

    /// The newest checkpoint of a yard, signed.
    package func checkpoint(of yard: Yard) async throws -> String {
        try await writer.perform({ _ in }) { _, logs in
            String(decoding: logs.notes[yard.number]?.bytes ?? [], as: UTF8.self)
        }
    }

    /// The proof file of the entry at a log index.
    package func proof(of index: Int64, in yard: Yard) async throws -> String {
        let position = LogPosition(yard: yard.number, index: index)
        guard try database.read({ try $0.entry(at: position) }) != nil else {
            throw OperationsError.saleUnknown("\(index)")
        }
        return try await writer.perform({ _ in }) { _, logs in
            try logs.proof(of: position).text
        }
    }

    /// Verifies the whole installation from its stored bytes.
    package func verify() throws -> VerificationReport {
        try database.read { reading in
            var verifier = JournalVerifier(reading: reading, calendar: calendar)
            return try verifier.verify()
        }
    }
}

extension SaleSummary {
    fileprivate init(_ row: RecordRow, terminal: TerminalID, detail: SaleDetail?) {
        self.init(
            reference: SaleReference(terminal: terminal, sequence: row.sequence),
            index: row.position.index, at: row.at, day: row.day, kind: row.kind, state: row.state,
            total: row.total, flags: row.flags, subject: row.subject,
            scheme: CardScheme(rawValue: row.scheme), detail: detail)
    }
}

extension Installation {
    /// Verifies a data directory or a copy of its database, without opening it for writing.
    package static func verify(_ directory: DataDirectory) throws -> VerificationReport {
        let calendar = try LocalCalendar.ofYards()
        let faults = ProvokedFaults(dataDirectory: directory.path)
        return try ReadOnlyDatabase(path: directory.database).read { reading in
            var verifier = JournalVerifier(reading: reading, calendar: calendar)
            var report = try verifier.verify()
            if faults.isBroken(.believing) { report.misfit = nil }
            return report
        }
    }
}
