import Calendars
package import DayClosing
import Journal
package import People
import Sales
import Storage
import Text
package import Units

/// The state of a yard's next close.
package struct CloseProgress: Sendable {
    package let yard: Yard
    /// Number the close will have.
    package let number: Int64
    package let previous: DayClose?
    /// What is in the journal since the previous close: up to the cut if counted, else up to now.
    package let totals: CloseTotals
    /// Nil until somebody has counted.
    package let draft: Draft?

    package struct Draft: Sendable {
        package let day: BusinessDay
        /// The log position after the last one held.
        package let upto: Int64
        package let countedBy: PersonID
        package let countedAt: Timestamp
        package let comparisons: [CardComparison]
    }

    package var isExplained: Bool {
        draft?.comparisons.allSatisfy { $0.agrees || $0.reason != nil } ?? false
    }
}

extension Installation {
    /// The totals since the last close (X report), and how far the next close is.
    package func closeProgress(of yard: Yard) throws -> CloseProgress {
        try database.read { try closeProgress(of: yard, $0) }
    }

    /// Whether the next close is counted and waits for explanations or its second person.
    package func hasCountedClose(at yard: Yard) throws -> Bool {
        try database.read { try $0.closeDraft(yard: yard.number) != nil }
    }

    /// The earliest business day with records that no close holds; nil if there is none.
    package func firstOpenDay(of yard: Yard) throws -> BusinessDay? {
        try database.read { reading in
            let from = try lastClose(of: yard, reading)?.to ?? 0
            return try reading.firstDay(yard: yard.number, from: from)
        }
    }

    private func closeProgress(of yard: Yard, _ reading: Reading) throws -> CloseProgress {
        let previous = try lastClose(of: yard, reading)
        let draft = try reading.closeDraft(yard: yard.number)
        let from = previous?.to ?? 0
        let to = try draft?.upto ?? reading.logSize(yard: yard.number)
        let day = draft?.day ?? calendar.day(of: clock())
        let totals = try totals(of: yard, from: from, to: to, day: day, after: previous, reading)
        return CloseProgress(
            yard: yard, number: (previous?.number ?? 0) + 1, previous: previous, totals: totals,
            draft: try draft.map { try decoded($0, totals: totals) })
    }

    func totals(
        of yard: Yard, from: Int64, to: Int64, day: BusinessDay, after previous: DayClose?,
        _ reading: Reading
    ) throws -> CloseTotals {
        let reader = ClosedRecordReader(
            reading: reading, yard: yard.number, plan: plan.plan, calendar: calendar)
        return CloseTotals(
            records: try reader.records(from: from, to: to), businessDay: day,
            terminals: try reader.terminalRanges(from: from, to: to),
            unresolvedBefore: previous?.totals.unknown ?? [])
    }

    private func decoded(_ row: CloseDraftRow, totals: CloseTotals) throws -> CloseProgress.Draft {
        let counted = try CountedTotals(json: StrictJSON.parse(Array(row.counted.utf8)))
        let explained = try Explanations(json: StrictJSON.parse(Array(row.explained.utf8)))
        let comparisons = CardComparison.compare(expected: totals.cards, counted: counted.tallies)
            .map { comparison in
                guard !comparison.agrees, let said = explained.byKey[comparison.key] else {
                    return comparison
                }
                return comparison.explained(said.reason, said.text)
            }
        return CloseProgress.Draft(
            day: row.day, upto: row.upto, countedBy: row.countedBy, countedAt: row.countedAt,
            comparisons: comparisons)
    }

    /// Cuts the journal here and notes the card terminals' totals.
    ///
    /// Counting again replaces the cut and the explanations.
    package func countClose(
        _ counted: [CardKey: Tally], day: BusinessDay, at yard: Yard, by person: Person
    ) async throws {
        try person.allowed(.countClose)
        let now = clock()
        try await writer.perform { batch in
            let upto = try batch.transaction.reading.logSize(yard: yard.number)
            let draft = CloseDraftRow(
                day: day, upto: upto, counted: CountedTotals(tallies: counted).json.text,
                countedBy: person.id, countedAt: now, explained: Explanations().json.text)
            try batch.transaction.save(draft, yard: yard.number)
        }
    }

    /// Names the reason of a difference.
    package func explainDifference(
        _ key: CardKey, reason: DifferenceReason, text: String, at yard: Yard, by person: Person
    ) async throws {
        try person.allowed(.explainClose)
        try Self.requireReason(text)
        try await writer.perform { [self] batch in
            guard let row = try batch.transaction.reading.closeDraft(yard: yard.number) else {
                throw OperationsError.notCounted
            }
            let comparisons = try closeProgress(of: yard, batch.transaction.reading).draft?
                .comparisons
            guard comparisons?.contains(where: { $0.key == key && !$0.agrees }) == true else {
                throw OperationsError.input(
                    field: "\(key.cardTerminal) \(key.scheme.rawValue)",
                    wanted: "a card terminal and scheme whose totals differ")
            }
            var explained = try Explanations(json: StrictJSON.parse(Array(row.explained.utf8)))
            explained.byKey[key] = (reason, text)
            let draft = CloseDraftRow(
                day: row.day, upto: row.upto, counted: row.counted, countedBy: row.countedBy,
                countedAt: row.countedAt, explained: explained.json.text)
            try batch.transaction.save(draft, yard: yard.number)
        }
    }

    /// Sends a count back; the cashier counts again.
    package func rejectClose(at yard: Yard, by person: Person) async throws {
        try person.allowed(.approveClose)
        try await writer.perform { try $0.transaction.deleteCloseDraft(yard: yard.number) }
    }

    /// A second person's approval: with it the close is final and has its number.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `notCounted`, `unexplained`), `CloseError`.
    package func approveClose(at yard: Yard, by person: Person) async throws -> DayClose {
        try person.allowed(.approveClose)
        let now = clock()
        defer { bell.ring() }
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let progress = try closeProgress(of: yard, reading)
            guard let draft = progress.draft else { throw OperationsError.notCounted }
            try person.allowed(.approveClose, otherThan: draft.countedBy)
            if let open = draft.comparisons.first(where: { !$0.agrees && $0.reason == nil }) {
                throw OperationsError.unexplained(
                    cardTerminal: open.key.cardTerminal, scheme: open.key.scheme.rawValue)
            }
            let close = try DayClose.make(
                after: progress.previous?.mark ?? .start, yard: yard.id, day: draft.day,
                to: draft.upto, totals: progress.totals, comparisons: draft.comparisons,
                counted: SignOff(draft.countedBy, at: draft.countedAt),
                approved: SignOff(person.id, at: now), plan: plan.plan)
            faults.reach(.beforeClose)
            let position = try append(.close(close.json), to: yard, at: now, in: batch)
            faults.reach(.afterCloseEntry)
            try batch.transaction.insertClose(
                yard: yard.number, number: close.number, position: position, day: close.day,
                upto: close.to)
            try batch.transaction.deleteCloseDraft(yard: yard.number)
            faults.reach(.afterCloseRow)
            try batch.transaction.set(
                FinancePlan.setting(plan.plan.digest),
                to: String(decoding: plan.bytes, as: UTF8.self))
            return close
        }
    }

    /// All closes of a yard, ascending by number.
    package func closes(of yard: Yard) throws -> [DayClose] {
        try database.read { reading in
            try reading.closes(yard: yard.number).map { try close($0, of: yard, reading) }
        }
    }

    /// - Throws: ``OperationsError/closeUnknown(_:)``.
    package func close(_ number: Int64, of yard: Yard) throws -> DayClose {
        try database.read { reading in
            let row = try reading.closes(yard: yard.number).first { $0.number == number }
            guard let row else { throw OperationsError.closeUnknown(number) }
            return try close(row, of: yard, reading)
        }
    }

    private func lastClose(of yard: Yard, _ reading: Reading) throws -> DayClose? {
        try reading.closes(yard: yard.number).last.map { try close($0, of: yard, reading) }
    }

    func close(_ row: NumberedRow, of yard: Yard, _ reading: Reading) throws -> DayClose {
        guard case .server(let record) = try record(at: row.position, reading).fact,
            case .close(let body) = record.fact
        else { throw DamagedRow(table: "close", position: row.position.number) }
        return try DayClose(json: body, yard: yard.id)
    }
}

/// What the card terminals' totals slips say, as kept in a draft.
private struct CountedTotals {
    var tallies: [CardKey: Tally]

    init(tallies: [CardKey: Tally]) {
        self.tallies = tallies
    }

    var json: JSONValue {
        .array(
            tallies.sorted { $0.key < $1.key }.map { key, tally in
                .fields([
                    "tid": .string(key.cardTerminal), "scheme": .string(key.scheme.rawValue),
                    "count": .integer(tally.count), "amount": .integer(tally.amount.value),
                ])
            })
    }

    init(json: JSONValue) throws {
        tallies = [:]
        for element in json.array ?? [] {
            var reader = try ObjectReader(element, path: "counted")
            let key = CardKey(
                cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"))
            tallies[key] = Tally(
                count: try reader.integer("count"), amount: Cents(try reader.integer("amount")))
            try reader.finish()
        }
    }
}

/// The reasons given so far, as kept in a draft.
private struct Explanations {
    var byKey: [CardKey: (reason: DifferenceReason, text: String)] = [:]

    init() {}

    var json: JSONValue {
        .array(
            byKey.sorted { $0.key < $1.key }.map { key, said in
                .fields([
                    "tid": .string(key.cardTerminal), "scheme": .string(key.scheme.rawValue),
                    "reason": .string(said.reason.rawValue), "text": .string(said.text),
                ])
            })
    }

    init(json: JSONValue) throws {
        for element in json.array ?? [] {
            var reader = try ObjectReader(element, path: "explained")
            let key = CardKey(
                cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"))
            byKey[key] = (try reader.choice("reason"), try reader.string("text"))
            try reader.finish()
        }
    }
}
