import Journal
package import People
import Sales
import Storage
import Text
package import Units

/// What became of an export after it was made.
package struct ExportHandover: Hashable, Sendable {
    /// The raw values are stable.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case handedOver = "handed-over"
        case acknowledged, rejected
    }

    /// Number of the export.
    package let export: Int64
    package let step: Step
    /// How the files went: `download` or the name of a target; nil for the other steps.
    package let means: String?
    /// The receiver's own number, or why it was rejected; empty if nothing was said.
    package let note: String
    package let by: PersonID
    package let at: Timestamp
}

/// An export with what became of it.
package struct ExportStanding: Hashable, Sendable {
    /// The raw values are stable.
    package enum State: String, Hashable, Sendable, CaseIterable {
        case prepared
        case handedOver = "handed-over"
        case acknowledged, rejected
    }

    package let export: ExportBatch
    /// In the order of the log.
    package let handovers: [ExportHandover]

    package init(export: ExportBatch, handovers: [ExportHandover]) {
        self.export = export
        self.handovers = handovers
    }

    package var state: State { State(after: handovers.last?.step) }
}

extension ExportStanding.State {
    /// The state that a step leads to; prepared before the first one.
    init(after step: ExportHandover.Step?) {
        switch step {
        case nil: self = .prepared
        case .handedOver: self = .handedOver
        case .acknowledged: self = .acknowledged
        case .rejected: self = .rejected
        }
    }

    /// Whether `step` may come next. What was rejected can no longer be handed over; what only
    /// lies here can be rejected but not acknowledged.
    package func allows(_ step: ExportHandover.Step) -> Bool {
        switch (self, step) {
        case (.prepared, .handedOver), (.prepared, .rejected), (.handedOver, _): true
        case (.prepared, .acknowledged), (.acknowledged, _), (.rejected, _): false
        }
    }
}

extension ExportHandover {
    /// The body of the record (docs/formats/close.md).
    fileprivate var body: JSONValue {
        .fields([
            "export": .integer(export), "step": .string(step.rawValue),
            "means": means.map { .string($0) }, "note": .string(note), "by": .string(by.text),
        ])
    }

    init(body json: JSONValue, at: Timestamp) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "handover")
        self.init(
            export: try reader.integer("export", in: 1...StrictJSON.numberMax),
            step: try reader.choice("step"), means: try reader.optionalString("means"),
            note: try reader.string("note"), by: try reader.identifier("by"), at: at)
        try reader.finish()
    }
}

extension Installation {
    /// All exports of a yard with what became of them, ascending by number.
    package func exportStandings(of yard: Yard) throws -> [ExportStanding] {
        try database.read { try exportStandings(of: yard, $0) }
    }

    /// - Parameter end: the log position up to which they are told.
    func exportStandings(of yard: Yard, before end: Int64 = .max, _ reading: Reading) throws
        -> [ExportStanding]
    {
        let handovers = Dictionary(
            grouping: try handovers(at: yard, before: end, reading), by: \.export)
        let rows = try reading.exports(yard: yard.number).filter { $0.position.index < end }
        return try rows.map { row in
            ExportStanding(
                export: try export(row, reading), handovers: handovers[row.number] ?? [])
        }
    }

    /// - Throws: ``OperationsError/exportUnknown(_:)``.
    package func exportStanding(_ number: Int64, of yard: Yard) throws -> ExportStanding {
        try database.read { try exportStanding(number, of: yard, $0) }
    }

    private func exportStanding(_ number: Int64, of yard: Yard, _ reading: Reading) throws
        -> ExportStanding
    {
        guard let row = try reading.export(number, yard: yard.number) else {
            throw OperationsError.exportUnknown(String(number))
        }
        return ExportStanding(
            export: try export(row, reading),
            handovers: try handovers(at: yard, reading).filter { $0.export == number })
    }

    private func handovers(at yard: Yard, before end: Int64 = .max, _ reading: Reading) throws
        -> [ExportHandover]
    {
        let positions = try reading.serverRecords(yard: yard.number, kind: .handover)
            .filter { $0.index < end }
        return try positions.map { position in
            guard case .server(let record) = try record(at: position, reading).fact,
                case .handover(let body) = record.fact
            else { throw DamagedRow(table: "server_record", position: position.number) }
            return try ExportHandover(body: body, at: record.at)
        }
    }

    /// Refuses a close that another batch of the format holds already, unless it was rejected.
    ///
    /// - Returns: the rejected batches that held one of the closes, ascending.
    /// - Throws: ``OperationsError/exportTwice(close:export:)``.
    func requireUnheld(
        _ numbers: [Int64], _ profile: String, at yard: Yard, _ reading: Reading
    ) throws -> [Int64] {
        let wanted = Set(numbers)
        let holding = try reading.exports(yard: yard.number, profile: profile)
            .map { try export($0, reading) }.filter { !wanted.isDisjoint(with: $0.closes) }
        guard !holding.isEmpty else { return [] }
        let rejected = try rejectedExports(at: yard, reading)
        for export in holding where !rejected.contains(export.number) {
            let close = export.closes.first(where: wanted.contains) ?? 0
            throw OperationsError.exportTwice(close: close, export: export.number)
        }
        return holding.map(\.number)
    }

    func rejectedExports(at yard: Yard, _ reading: Reading) throws -> Set<Int64> {
        Set(try handovers(at: yard, reading).filter { $0.step == .rejected }.map(\.export))
    }

    /// Finance took the export into its books; nobody says so who counted or approved one of its
    /// closes.
    ///
    /// - Parameter reference: the number that the receiver gave it; may be empty.
    /// - Throws: ``OperationsError`` `forbidden`, `exportUnknown`, `exportState`, `reasonMissing`
    ///   (longer than 200 characters), `cardNumber`.
    package func acknowledgeExport(
        _ number: Int64, reference: String, at yard: Yard, by person: Person
    ) async throws {
        if !reference.isEmpty { try Self.requireReason(reference) }
        try await note(.acknowledged, of: number, note: reference, at: yard, by: person)
    }

    /// Finance did not take the export; its closes may be exported anew.
    ///
    /// - Throws: ``OperationsError`` `forbidden`, `exportUnknown`, `exportState`, `reasonMissing`,
    ///   `cardNumber`.
    package func rejectExport(
        _ number: Int64, reason: String, at yard: Yard, by person: Person
    ) async throws {
        try Self.requireReason(reason)
        try await note(.rejected, of: number, note: reason, at: yard, by: person)
    }

    /// Records a step, which must fit the state: handed over any number of times until finance has
    /// answered; answered once.
    func note(
        _ step: ExportHandover.Step, of number: Int64, means: String? = nil, note: String = "",
        at yard: Yard, by person: Person
    ) async throws {
        try person.allowed(.handOverExport)
        let now = clock()
        try await writer.perform { [self] batch in
            let standing = try exportStanding(number, of: yard, batch.transaction.reading)
            guard standing.state.allows(step) else {
                throw OperationsError.exportState(number, found: standing.state.rawValue)
            }
            if step == .acknowledged {
                try requireOther(
                    than: standing.export.closes, at: yard, person, .handOverExport,
                    batch.transaction.reading)
            }
            let handover = ExportHandover(
                export: number, step: step, means: means, note: note, by: person.id, at: now)
            _ = try append(.handover(handover.body), to: yard, at: now, in: batch)
        }
    }
}
