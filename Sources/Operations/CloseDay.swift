import Calendars
package import DayClosing
import Journal
package import People
import Sales
import Storage
import Text
package import Units

extension Installation {
    /// The totals since the last close (X report), and how far the next close is.
    package func closeProgress(of yard: Yard) throws -> CloseProgress {
        try addUpAll(of: yard)
        return try database.read { try closeProgress(of: yard, $0, keepingFold: true) }
    }

    /// Whether the next close is counted and waits for explanations or its second person.
    package func hasCountedClose(at yard: Yard) throws -> Bool {
        try database.read { try $0.closeDraft(yard: yard.number) != nil }
    }

    /// When the next close was last sent back, and why; nil if it was not, or is counted again.
    package func lastSentBack(at yard: Yard) throws -> SentBack? {
        try database.read { reading in
            guard try reading.closeDraft(yard: yard.number) == nil else { return nil }
            return try sentBack(of: yard, reading).last
        }
    }

    /// The earliest business day with records that no close holds; nil if there is none.
    package func firstOpenDay(of yard: Yard) throws -> BusinessDay? {
        try database.read { reading in
            let from = try lastClose(of: yard, reading)?.to ?? 0
            return try reading.firstDay(yard: yard.number, from: from)
        }
    }

    func closeProgress(
        of yard: Yard, _ reading: Reading, keepingFold: Bool = false
    ) throws -> CloseProgress {
        let (previous, draft, span) = try span(of: yard, reading)
        let fold = try fold(of: yard, span, reading, keepingFold: keepingFold)
        let totals = try totals(of: yard, fold, reading)
        let laterDay = try reading.newestDay(yard: yard.number, from: fold.to)
        return CloseProgress(
            yard: yard, number: (previous?.number ?? 0) + 1, previous: previous, totals: totals,
            draft: draft.map {
                CloseProgress.Draft(
                    $0, expected: totals.cards, brought: previous?.carried ?? [:])
            }, newestDay: [fold.newestDay, laterDay].compactMap(\.self).max(),
            oldestDay: try reading.firstDay(
                yard: yard.number, from: previous?.to ?? 0, after: previous?.day),
            sentBack: try sentBack(of: yard, reading), isBlind: try isBlind(yard, reading))
    }

    /// What the next close would hold: up to its cut, or all there is today.
    func span(of yard: Yard, _ reading: Reading) throws -> (
        previous: DayClose?, draft: CloseDraft?, span: CloseSpan
    ) {
        let previous = try lastClose(of: yard, reading)
        let draft = try reading.closeDraft(yard: yard.number).map(CloseDraft.init)
        let to = try draft?.upto ?? reading.logSize(yard: yard.number)
        let day = draft?.day ?? calendar.day(of: clock())
        return (previous, draft, CloseSpan(after: previous, to: to, day: day))
    }

    /// Cuts the journal here and notes the card terminals' totals, one cut for each terminal.
    ///
    /// - Throws: as ``countClose(cuts:day:at:by:unknown:)``.
    package func countClose(
        _ counted: [CardKey: Tally], day: BusinessDay, at yard: Yard, by person: Person,
        unknown: UnknownPayments = .refused
    ) async throws {
        try await countClose(
            cuts: BatchCut.unnumbered(counted), day: day, at: yard, by: person, unknown: unknown)
    }

    /// Cuts the journal and notes the card terminals' totals.
    ///
    /// The close holds what has come until now; for a day that is over, only what came up to its
    /// last record (``cut(of:after:at:_:_:)``), so that forgotten days can be closed one by one.
    /// Counting again replaces the cut and the explanations, and the close says how often that
    /// happened.
    ///
    /// - Parameter unknown: what the person says of payments without outcome that the close would
    ///   hold; the draft keeps which ones were carried over.
    /// - Throws: ``OperationsError`` (`forbidden`, `input`, `cutCounted`, `unknownPayments`).
    package func countClose(
        cuts: [BatchCut], day: BusinessDay, at yard: Yard, by person: Person,
        unknown: UnknownPayments = .refused
    ) async throws {
        try person.allowed(.countClose)
        if let (terminal, number) = cuts.repeated {
            throw OperationsError.input(
                field: "\(terminal) \(number)", wanted: "each batch cut of a card terminal once")
        }
        try Self.requireReadable(cuts)
        try requirePossible(cuts)
        let seen = try await unknownPaymentsSeen(at: yard)
        let known = try await onThread { [self] in
            try knownPoints(try closeProgress(of: yard), unknown: seen)
        }
        try await readCuts(of: yard)
        let now = clock()
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let previous = try lastClose(of: yard, reading)
            try requireDay(day, after: previous, at: now)
            try requireNew(cuts, at: yard, reading)
            let upto = try cut(of: day, after: previous, at: now, yard, reading)
            let open = try unknownPayments(seen, before: upto, at: yard, reading)
            guard open.isEmpty || unknown == .carriedOver else {
                throw OperationsError.unknownPayments(open)
            }
            let before = try reading.closeDraft(yard: yard.number).map(CloseDraft.init)
            let draft = CloseDraft(
                day: day, upto: upto, countedBy: person.id, countedAt: now, cuts: cuts,
                recounts: try before.map { $0.recounts + 1 } ?? recounts(of: yard, reading),
                carriedOver: open, known: known)
            try batch.transaction.save(try draft.stored(), yard: yard.number)
        }
    }

    /// No total is larger than what is read back from a draft and a close.
    private static func requireReadable(_ cuts: [BatchCut]) throws(OperationsError) {
        for cut in cuts {
            guard let scheme = cut.outOfRange else { continue }
            throw .input(
                field: "\(cut.cardTerminal) \(scheme.rawValue)",
                wanted: "a count from 0 to \(BatchCut.countMax) and at most a billion euros")
        }
    }

    /// No slip shows a time to come; a bank credit is looked for by it.
    private func requirePossible(_ cuts: [BatchCut]) throws(OperationsError) {
        let today = calendar.day(of: clock())
        for cut in cuts where !cut.isPossible(on: today) {
            throw .input(
                field: "\(cut.cardTerminal) printedAt",
                wanted: "a time from the year 2000 to one day after now")
        }
    }

    /// No close is of a day to come, nor of one before the last close's.
    private func requireDay(_ day: BusinessDay, after previous: DayClose?, at now: Timestamp)
        throws(OperationsError)
    {
        let today = calendar.day(of: now)
        // A server clock that went back must not make closing impossible.
        let first = previous.map { min($0.day, today) }
        guard day <= today, first.map({ day >= $0 }) ?? true else {
            let wanted = first.map { "from \($0.iso) to \(today.iso)" } ?? "up to \(today.iso)"
            throw .input(field: "day", wanted: "a day \(wanted)")
        }
    }

    /// Names the reason of a difference.
    ///
    /// - Throws: as ``explainDifferences(_:seen:at:by:)``.
    package func explainDifference(
        _ key: CardKey, reason: DifferenceReason, text: String, at yard: Yard, by person: Person
    ) async throws {
        try await explainDifferences([key: (reason: reason, text: text)], at: yard, by: person)
    }

    /// Names the reasons of several differences, all or none.
    ///
    /// - Parameter seen: the mark of the draft whose figures the person looked at. Nil explains
    ///   whatever stands there.
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `cardNumber`, `notCounted`,
    ///   `closeChanged`, `input`).
    package func explainDifferences(
        _ words: [CardKey: (reason: DifferenceReason, text: String)], seen: String? = nil,
        at yard: Yard, by person: Person
    ) async throws {
        try person.allowed(.explainClose)
        for said in words.values { try Self.requireReason(said.text) }
        try await addUp(yard)
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            guard var draft = try reading.closeDraft(yard: yard.number).map(CloseDraft.init) else {
                throw OperationsError.notCounted
            }
            try CloseDraft.requireSeen(seen, as: draft.mark)
            let comparisons = try closeProgress(of: yard, reading).draft?.comparisons ?? []
            for (key, said) in words.sorted(by: { $0.key < $1.key }) {
                try Self.require(said.reason, fits: key, in: comparisons)
                draft.explain(key, said.reason, said.text, by: person.id)
            }
            try batch.transaction.save(try draft.stored(), yard: yard.number)
        }
    }

    private static func require(
        _ reason: DifferenceReason, fits key: CardKey, in comparisons: [CardComparison]
    ) throws(OperationsError) {
        guard let open = comparisons.first(where: { $0.key == key && !$0.agrees }) else {
            throw .input(
                field: "\(key.cardTerminal) \(key.scheme.rawValue)",
                wanted: "a card terminal and scheme whose totals differ")
        }
        guard open.isKnown || reason.fitsUnknown else {
            let fitting = DifferenceReason.allCases.filter(\.fitsUnknown).map(\.rawValue)
            throw .input(
                field: "reason",
                wanted: "one of \(fitting.joined(separator: ", ")) where no batch cut is known")
        }
    }

    /// Sends a count back with the reason; the cashier counts again. The close keeps both.
    ///
    /// - Parameter seen: the mark of the draft that the person looked at. Nil sends back whatever
    ///   stands there.
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `notCounted`, `closeChanged`,
    ///   `input` for a reason of several lines).
    package func rejectClose(
        reason: String, at yard: Yard, by person: Person, seen: String? = nil
    ) async throws {
        try person.allowed(.approveClose)
        try Self.requireReason(reason)
        let now = clock()
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            guard let row = try reading.closeDraft(yard: yard.number) else {
                throw OperationsError.notCounted
            }
            // One that cannot be read is sent back unseen.
            if seen != nil { try CloseDraft.requireSeen(seen, as: CloseDraft(row).mark) }
            let earlier = try sentBack(of: yard, reading)
            try set(
                sentBack: earlier + [SentBack(by: person.id, at: now, reason: reason)],
                recounts: try recounts(after: row, of: yard, reading), of: yard, in: batch)
            try batch.transaction.deleteCloseDraft(yard: yard.number)
        }
    }

    /// The approval by a person who neither counted nor explained: with it the close is final and
    /// has its number.
    ///
    /// - Parameters:
    ///   - seen: the mark of the draft that the person looked at; what was counted or explained
    ///     since is not approved with it. Nil approves whatever stands there.
    ///   - news: the mark of what turned up after the count and the person knows of
    ///     (``newClosePoints(_:)``), empty for nothing. Nil does not ask for it.
    /// - Throws: ``OperationsError`` (`forbidden`, `notCounted`, `closeChanged`, `pointsNew`,
    ///   `unexplained`), `CloseError`.
    package func approveClose(
        at yard: Yard, by person: Person, seen: String? = nil, news: String? = nil
    ) async throws -> DayClose {
        try person.allowed(.approveClose)
        try await addUp(yard)
        let seenUnknown = try await unknownPaymentsSeen(at: yard)
        try await readCuts(of: yard)
        let now = clock()
        defer { bell.ring() }
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let progress = try closeProgress(of: yard, reading)
            guard let draft = progress.draft else { throw OperationsError.notCounted }
            try person.allowed(.approveClose, otherThan: draft.countedBy)
            for explaining in draft.comparisons.compactMap(\.explainedBy) {
                try person.allowed(.approveClose, otherThan: explaining)
            }
            try CloseDraft.requireSeen(seen, as: draft.mark)
            if let news {
                let unknown = try unresolvedPayments(seenUnknown, of: yard, reading)
                try Self.requireKnown(
                    news, try newClosePoints(progress, unknown: unknown, reading))
            }
            if let open = draft.comparisons.first(where: { !$0.agrees && $0.reason == nil }) {
                throw OperationsError.unexplained(
                    cardTerminal: open.key.cardTerminal, scheme: open.key.scheme.rawValue)
            }
            let sequence = try cutSequence(
                of: yard, batch.transaction.reading, isKept: false)
            let close = try DayClose.make(
                after: try mark(of: progress.previous, at: yard, batch.transaction.reading),
                yard: yard.id, day: draft.day,
                to: draft.upto, totals: progress.totals, comparisons: draft.comparisons,
                cuts: draft.cuts,
                cutFindings: sequence.findings(draft.cuts),
                counted: SignOff(draft.countedBy, at: draft.countedAt),
                recounts: draft.recounts, sentBack: progress.sentBack,
                approved: SignOff(person.id, at: now), plan: plan.plan, software: software)
            try record(close, at: now, of: yard, in: batch)
            return close
        }
    }

    /// What turned up after the count is not passed over: it is there no longer, or known.
    private static func requireKnown(_ mark: String, _ points: [ClosePoint]) throws {
        guard points.isEmpty || points.mark.utf8.elementsEqual(mark.utf8) else {
            throw OperationsError.pointsNew(points)
        }
    }

    /// Where the next close goes on. One of an earlier version does not say what clearing accounts
    /// hold: then all closes so far are added up, once.
    private func mark(of previous: DayClose?, at yard: Yard, _ reading: Reading) throws
        -> CloseMark
    {
        guard let previous else { return .start }
        let mark = previous.mark
        guard mark.clearing == nil else { return mark }
        let earlier = try reading.closes(yard: yard.number)
            .map { try close($0, of: yard, reading) }
        return CloseMark(
            number: mark.number, to: mark.to, grandTotal: mark.grandTotal, carried: mark.carried,
            clearing: earlier.clearingHeld(plan.plan))
    }

    /// Adds up the next close beside the writer, whose turn then only adds what came since: sales
    /// do not wait for the totals of a large day.
    package func addUp(_ yard: Yard) async throws {
        try await onThread { [self] in try addUpAll(of: yard) }
    }

    /// Journal record, row and what the close needs later, in one transaction.
    private func record(_ close: DayClose, at now: Timestamp, of yard: Yard, in batch: Batch)
        throws
    {
        faults.reach(.beforeClose)
        let body = try CloseBody.write(close, batch.transaction)
        let position = try append(.close(body), to: yard, at: now, in: batch)
        faults.reach(.afterCloseEntry)
        try batch.transaction.insertClose(
            yard: yard.number, number: close.number, position: position, day: close.day,
            upto: close.to)
        try batch.transaction.deleteCloseDraft(yard: yard.number)
        try set(sentBack: [], recounts: 0, of: yard, in: batch)
        faults.reach(.afterCloseRow)
        try batch.transaction.set(
            FinancePlan.setting(plan.plan.digest), to: String(decoding: plan.bytes, as: UTF8.self))
        try keepNames(of: close, yard, in: batch)
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
            try close(try row(ofClose: number, yard, reading), of: yard, reading)
        }
    }

    func row(ofClose number: Int64, _ yard: Yard, _ reading: Reading) throws -> NumberedRow {
        let row = try reading.closes(yard: yard.number).first { $0.number == number }
        guard let row else { throw OperationsError.closeUnknown(number) }
        return row
    }

    func lastClose(of yard: Yard, _ reading: Reading) throws -> DayClose? {
        try reading.closes(yard: yard.number).last.map { try close($0, of: yard, reading) }
    }

    func close(_ row: NumberedRow, of yard: Yard, _ reading: Reading) throws -> DayClose {
        guard case .server(let record) = try record(at: row.position, reading).fact,
            case .close(let body) = record.fact
        else { throw DamagedRow(table: "close", position: row.position.number) }
        return try CloseBody.read(body, of: yard.id, at: row.position, reading)
    }
}
