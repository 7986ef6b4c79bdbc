import Glibc
package import Journal
import Sales
import Signing
import Storage
import Tariffs
import Transparency
import Units

/// A recorded envelope's answer.
package enum Admission: Sendable {
    case acknowledged(Acknowledgement)
    /// Another statement under the same identity; kept as evidence at this log position.
    case equivocation(evidence: Int64, recorded: Int64)
}

extension Installation {
    /// Admits one envelope: checks it, records it durably, and answers with the proof.
    ///
    /// - Parameter finish: called once: with the answer on the writer's thread, which it must not
    ///   hold up; or at once on this one with an `EnvelopeRefusal` for what is unauthenticated or
    ///   malformed (nothing is recorded), or an ``OperationsError``.
    package func admit(
        _ envelope: Envelope, to yard: Yard,
        finish: @escaping @Sendable (Result<Admission, any Error>) -> Void
    ) {
        let task: AdmissionTask
        do {
            task = try prepare(envelope, for: yard)
            try quota.take(terminal: task.terminal)
        } catch { return finish(.failure(error)) }
        writer.submit(
            for: .sales, { try task.run(in: $0) }, answer: { try $0.answer($1) }
        ) { answer in
            self.quota.giveBack(terminal: task.terminal)
            finish(answer)
        }
    }

    /// ``admit(_:to:finish:)`` for a task that waits.
    package func admit(_ envelope: Envelope, to yard: Yard) async throws -> Admission {
        try await withCheckedThrowingContinuation { continuation in
            admit(envelope, to: yard) { continuation.resume(with: $0) }
        }
    }

    /// Admits envelopes in one transaction, those of a terminal in the order of their numbers: a
    /// void finds its sale, whichever of them stands first. One that is refused does not stop the
    /// others.
    ///
    /// - Returns: an answer for each, in the order given.
    package func admit(_ envelopes: [Result<Envelope, any Error>], to yard: Yard) async throws
        -> [Result<Admission, any Error>]
    {
        var room: [Int64: (taken: Int, left: Int)] = [:]
        defer { for (terminal, room) in room { quota.giveBack(terminal: terminal, room.taken) } }
        var tasks: [Result<AdmissionTask, any Error>] = []
        for (place, item) in envelopes.enumerated() {
            let task = item.flatMap { envelope in Result { try prepare(envelope, for: yard) } }
            tasks.append(task)
            guard case .success(let valid) = task else { continue }
            var own = room[valid.terminal, default: (0, 0)]
            if own.left == 0 {
                // Room for those behind it, before their signatures cost anything.
                let count = min(AdmissionQuota.step, envelopes.count - place)
                try quota.take(terminal: valid.terminal, count)
                own = (own.taken + count, count)
            }
            room[valid.terminal] = (own.taken, own.left - 1)
        }
        let prepared = tasks
        // The proofs are made here: the writer's thread is the one that everybody waits for.
        let (outcomes, logs) = try await writer.perform(
            for: .sales, { try AdmissionTask.run(prepared, in: $0) }, answer: { ($0, $1) })
        return outcomes.map { outcome in
            outcome.flatMap { found in Result { try found.answer(logs) } }
        }
    }

    /// Everything about an envelope that needs no journal.
    private func prepare(_ envelope: Envelope, for yard: Yard) throws -> AdmissionTask {
        var number: Int64?
        var lastRotation: Int64?
        let checked = try envelope.checked(yard: yard.id, log: yard.origin) { kid in
            let found = registeredKey(kid)
            number = found?.terminal
            lastRotation = found?.lastRotation
            return found?.key
        }
        guard let terminal = number else { throw EnvelopeRefusal.unknownKey(kid: "") }
        return AdmissionTask(
            yard: yard.number, terminal: terminal, checked: checked, now: clock(),
            tariffs: tariffs(yard: yard.number), lastRotation: lastRotation, installation: self)
    }
}

/// The part of an admission that needs the journal; runs on the writer's thread. A class, so that a
/// batch does not copy all of it from list to list.
private final class AdmissionTask: Sendable {
    let yard: Int64
    let terminal: Int64
    let checked: CheckedEnvelope
    let now: Timestamp
    /// What is odd about the price by ``tariffs``, as they were then.
    let tariffFlags: Set<RecordFlag>
    let tariffs: YardTariffs?
    /// Log index of the newest `rotate` record when the key was looked up.
    let lastRotation: Int64?
    /// The disclosures that may be kept.
    let kept: [Disclosure]
    /// What is odd about the texts.
    let textFlags: Set<RecordFlag>
    /// The entry as it will be if nothing else is odd.
    let expected: EncodedEntry
    let installation: Installation

    init(
        yard: Int64, terminal: Int64, checked: CheckedEnvelope, now: Timestamp,
        tariffs: YardTariffs?, lastRotation: Int64?, installation: Installation
    ) {
        self.yard = yard
        self.terminal = terminal
        self.checked = checked
        self.now = now
        self.tariffs = tariffs
        self.lastRotation = lastRotation
        self.installation = installation
        tariffFlags = tariffs?.flags(of: checked.record.fact) ?? []
        kept = checked.envelope.disclosures.filter(\.mayBeKept)
        var odd: Set<RecordFlag> = []
        if checked.record.fact.typedTexts.contains(where: \.holdsCardNumber)
            || kept.count < checked.envelope.disclosures.count
        {
            odd.insert(.cardNumber)
        }
        if kept.contains(where: \.isPlateOfAnotherAlphabet) { odd.insert(.plateAlphabet) }
        textFlags = odd
        expected = EncodedEntry(
            LogEntry(
                kind: checked.record.fact.kind, received: now, jws: checked.envelope.jws,
                flags: tariffFlags.union(textFlags)))
    }

    enum Outcome: Sendable {
        case stored(LogPosition, isRepeat: Bool, flags: [RecordFlag], entry: [UInt8])
        case evidence(LogPosition, recorded: Int64)
        case refused(EnvelopeRefusal)
    }

    /// Runs tasks by terminal and number; gives their outcomes in the order of the tasks.
    static func run(_ tasks: [Result<AdmissionTask, any Error>], in batch: Batch) throws
        -> [Result<Outcome, any Error>]
    {
        var outcomes = [Result<Outcome, any Error>?](repeating: nil, count: tasks.count)
        for (_, _, place) in tasks.indices.map({ tasks[$0].identity(at: $0) }).sorted(by: <) {
            outcomes[place] =
                switch tasks[place] {
                case .success(let task): .success(try task.run(in: batch))
                case .failure(let error): .failure(error)
                }
        }
        return outcomes.compactMap(\.self)
    }

    func run(in batch: Batch) throws -> Outcome {
        if installation.faults.isBroken(.syncEachSale) { usleep(4_000) }
        let reading = batch.transaction.reading
        let head = checked.record.head
        let chain = try batch.surroundings(of: terminal, sequence: head.sequence)
        let decision = AdmissionDecision.decide(
            checked, in: chain, successorFirst: try successorFirst(in: batch))
        switch decision.broken(by: installation.faults) {
        case .repeats(let index):
            if installation.faults.isBroken(.repeatAnew) { return try recordAnew(in: batch) }
            let position = LogPosition(yard: yard, index: index)
            let record = try installation.record(at: position, reading)
            return .stored(
                position, isRepeat: true, flags: record.entry.flags, entry: record.bytes)
        case .equivocates(let index):
            return .evidence(try keepEvidence(in: batch), recorded: index)
        case .record(let chainFlags, let quarantine):
            if let leap = try batch.leap(to: head.sequence, of: terminal, after: chain) {
                return .refused(leap)
            }
            let original = try self.original(reading)
            let all = try chainFlags.union(businessFlags(in: batch)).union(original.flags)
            let encoded = encoded(flags: batch.marked(all.union(textFlags), at: now, in: yard))
            let entry = encoded.entry
            let position = try batch.append(encoded, to: yard)
            try store(entry, at: position, in: batch.transaction)
            batch.recent.note(
                checked.recorded(at: position.index), sequence: head.sequence, in: chain,
                of: terminal)
            if let place = original.position {
                try batch.transaction.insertReference(entry.kind, of: place, at: position)
                try installation.noteStanding(of: place, in: batch)
            }
            if quarantine {
                let isOtherChain = chainFlags.contains(.previousHash)
                let code = isOtherChain ? RecordFlag.previousHash : .retiredKey
                try self.quarantine(code.rawValue, at: position, in: batch)
            }
            return .stored(position, isRepeat: false, flags: entry.flags, entry: encoded.bytes)
        }
    }

    /// The entry with these flags: ``expected``, as a rule.
    private func encoded(flags: Set<RecordFlag>) -> EncodedEntry {
        let entry = LogEntry(
            kind: checked.record.fact.kind, received: now, jws: checked.envelope.jws, flags: flags)
        return entry.flags == expected.entry.flags ? expected : EncodedEntry(entry)
    }

    /// What a broken build would do with a repeat.
    private func recordAnew(in batch: Batch) throws -> Outcome {
        let encoded = encoded(flags: [])
        let position = try batch.append(encoded, to: yard)
        return .stored(position, isRepeat: false, flags: [], entry: encoded.bytes)
    }

    /// The lowest number recorded under a key that replaced this one.
    private func successorFirst(in batch: Batch) throws -> Int64? {
        // Only a replaced key needs the look, or one that may have been replaced since.
        guard
            checked.key.replacedAt != nil || batch.logs[yard]?.lastRotation != lastRotation
        else { return nil }
        return try batch.transaction.reading.firstSequence(afterKey: checked.key.kid)
    }

    /// What is odd about a genuine record besides its chain: by the tariffs in force at its place
    /// in the log, so that anybody can find the same flags again.
    private func businessFlags(in batch: Batch) throws -> Set<RecordFlag> {
        let record = checked.record
        let isAhead =
            record.head.at.milliseconds > now.milliseconds + ChainSurroundings.clockTolerance
            && !installation.faults.isBroken(.noClockFlag)
        let flags: Set<RecordFlag> = isAhead ? [.clockSkew] : []
        let reading = batch.transaction.reading
        guard batch.logs[yard]?.lastTariff == tariffs?.last else {
            // Another version came into force since the envelope was prepared.
            let changed = try YardTariffs(try reading.tariffs(yard: yard))
            return flags.union(changed.flags(of: record.fact))
                .union(try quotaFlags(of: record.fact, changed, reading))
        }
        return flags.union(tariffFlags).union(try quotaFlags(of: record.fact, tariffs, reading))
    }

    /// Whether the price would be another one by what this log says was used before.
    private func quotaFlags(
        of fact: TerminalFact, _ tariffs: YardTariffs?, _ reading: Reading
    ) throws -> Set<RecordFlag> {
        guard case .sale(let sale) = fact, !sale.quota.isEmpty,
            let tariff = tariffs?.version(on: sale.delivery.day)?.tariff
        else { return [] }
        let own = try installation.quotas(for: sale, yard: yard, before: nil, reading)
        guard own.map(\.used) != sale.quota.map(\.used) else { return [] }
        let amounts = tariff.amounts(of: sale.delivery, quota: own)
        return amounts == sale.lines.map(\.gross) ? [] : [.quotaDiffers]
    }

    private func store(
        _ entry: LogEntry, at position: LogPosition, in transaction: Transaction
    ) throws {
        let head = checked.record.head
        try transaction.insert(
            RecordRow(
                checked.record, statement: checked.statement, flags: entry.flags, at: position,
                terminal: terminal, installation.calendar))
        if !entry.isWithheld {
            for row in QuotaRow.rows(of: checked.record.fact, at: position) {
                try transaction.insert(row)
            }
        }
        if checked.key.isSuccessor {
            try transaction.lowerFirst(of: checked.key.kid, to: head.sequence)
        }
        if case .resolution(let resolution) = checked.record.fact {
            try transaction.setStanding(resolution.finding.standing, at: position)
        }
        try transaction.insert(kept, at: position)
    }

    /// Where the original of a void or resolution is, and what is odd about it.
    private func original(_ reading: Reading) throws -> (
        position: LogPosition?, flags: Set<RecordFlag>
    ) {
        guard let reference = checked.record.fact.original else { return (nil, []) }
        guard reference.terminal == checked.record.head.terminal,
            let position = try reading.position(of: reference.sequence, terminal: terminal),
            case .terminal(let record) = try installation.record(at: position, reading).fact,
            case .sale(let sale) = record.fact
        else { return (nil, [.originalMissing]) }
        let earlier = try installation.consequences(of: position, reading)
        guard case .void(let reversal) = checked.record.fact else {
            let isOpen = sale.settlement.isUnknown && earlier.resolution == nil
            return (position, isOpen ? [] : [.outcomeKnown])
        }
        let fits = reversal.fits(sale, after: earlier.reversals)
        var flags: Set<RecordFlag> = fits ? [] : [.aboveRemainder]
        let isClosed = try reading.closeNumber(holding: position) != nil
        if checked.record.isLateVoid(of: record, inClose: isClosed) { flags.insert(.voidLate) }
        return (position, flags)
    }

    private func keepEvidence(in batch: Batch) throws -> LogPosition {
        let reading = batch.transaction.reading
        if let kept = try reading.evidence(checked.statement, terminal: terminal) { return kept }
        let entry = LogEntry(
            kind: .evidence, received: now, jws: checked.envelope.jws,
            flags: batch.marked([], at: now, in: yard))
        let position = try batch.append(EncodedEntry(entry), to: yard)
        try quarantine("equivocation", at: position, in: batch)
        return position
    }

    private func quarantine(_ code: String, at position: LogPosition, in batch: Batch) throws {
        try batch.transaction.insertFinding(
            code, terminal: terminal, statement: checked.statement, at: position)
        try batch.transaction.quarantine(terminal: terminal)
        batch.recent.forget(terminal)
    }
}

extension Result<AdmissionTask, any Error> {
    /// Terminal and number; what has none comes first.
    fileprivate func identity(at place: Int) -> (Int64, Int64, Int) {
        guard case .success(let task) = self else { return (0, 0, place) }
        return (task.terminal, task.checked.record.head.sequence, place)
    }
}

extension Disclosure {
    /// Whether it holds no card number: the sale is paid and recorded, and a flag says that
    /// something was left out. The digits of an IBAN may look like a card's.
    fileprivate var mayBeKept: Bool {
        guard value.holdsCardNumber else { return true }
        guard name == .iban else { return false }
        do { _ = try IBAN(value) } catch { return false }
        return true
    }
}

extension AdmissionDecision {
    /// This decision, or what a broken build would decide.
    fileprivate func broken(by faults: ProvokedFaults) -> AdmissionDecision {
        guard faults.isBroken(.noPreviousHash), case .record(let flags, _) = self else {
            return self
        }
        return .record(flags: flags.subtracting([.previousHash]), quarantine: false)
    }
}

extension AdmissionTask.Outcome {
    fileprivate func answer(_ logs: CommittedLogs) throws -> Admission {
        switch self {
        case .evidence(let position, let recorded):
            return .equivocation(evidence: position.index, recorded: recorded)
        case .refused(let refusal): throw refusal
        case .stored(let position, let isRepeat, let flags, let entry):
            return .acknowledged(
                Acknowledgement(
                    index: position.index, isRepeat: isRepeat, flags: flags.map(\.rawValue),
                    entry: entry, proof: try logs.proof(of: position).text))
        }
    }
}

extension CheckedEnvelope {
    fileprivate func recorded(at index: Int64) -> ChainSurroundings.Recorded {
        .init(
            index: index, statement: statement, previous: record.head.previous, at: record.head.at)
    }
}
