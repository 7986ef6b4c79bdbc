import Journal
import Remote
import TerminalStorage
import Text
import Transparency
import Units

extension YardTerminalSession {
    /// Hands queued records to the server in order, one at first and then in batches, and reports
    /// how the terminal stands. Sales go on meanwhile.
    ///
    /// A record counts as acknowledged only after its proof was verified. One that the server
    /// refuses is marked and does not hold up those behind it. Nothing is thrown because the
    /// server is away: the report says so.
    /// - Parameter retryRefused: whether records refused earlier are sent again.
    package func flush(retryRefused: Bool = false) async throws -> FlushReport {
        var report = FlushReport()
        guard !isFlushing else {
            report.stop = .busy
            return report
        }
        isFlushing = true
        defer { isFlushing = false }
        let lost = try lostCount()
        if retryRefused { try store.write { try $0.requeueRefused(at: world.now()) } }
        do {
            // A server that was set back must not take a sale before it hears so.
            if try queueLength() > 0 { try await reportStanding() }
            try await sendQueue(&report)
            if report.stop == nil {
                report.standing = try await exchangeStanding()
                // The server may have said that it lost what it had acknowledged.
                if try lostCount() > lost { try await sendQueue(&report) }
            }
            try eraseOld()
        } catch let failure as ServerFailure {
            report.stop = .server(failure)
        }
        report.queued = try queueLength()
        return report
    }

    private func lostCount() throws -> Int { try store.read { try $0.lostCount() } }

    private func sendQueue(_ report: inout FlushReport) async throws {
        var (next, limit) = (Int64(1), 1)
        while report.stop == nil {
            let batch = try store.read { access in
                try access.queued(from: next, limit: limit).map { record in
                    (
                        record,
                        Envelope(
                            jws: record.jws,
                            disclosures: try access.disclosures(of: record.sequence))
                    )
                }
            }
            let sent = Self.fitting(batch.map(\.1))
            guard sent > 0 else { return }
            let answers = try await answers(to: batch.prefix(sent).map(\.1))
            for ((record, _), answer) in zip(batch.prefix(sent), answers) where report.stop == nil {
                try await keep(answer, to: record, &report)
                next = record.sequence + 1
            }
            limit = SubmissionLimit.batchCountMax
        }
    }

    private func answers(to envelopes: [Envelope]) async throws -> [Submission] {
        envelopes.count == 1
            ? [try await server.submit(envelopes[0])] : try await server.submit(envelopes)
    }

    /// How many of the first envelopes fit into one request; at least one if there is any.
    private static func fitting(_ envelopes: [Envelope]) -> Int {
        var bytes = 0
        for (count, envelope) in envelopes.enumerated() {
            bytes += envelope.json.bytes.count + 1
            if count > 0, bytes > SubmissionLimit.batchBytesMax { return count }
        }
        return envelopes.count
    }

    private func keep(
        _ answer: Submission, to record: StoredRecord, _ report: inout FlushReport
    ) async throws {
        switch answer {
        case .acknowledged(let acknowledgement):
            guard try acknowledge(record, acknowledgement, &report) else { return }
            if try await followLogKeysIfReachable() {
                report.stop = nil
                guard try acknowledge(record, acknowledgement, &report) else { return }
            }
            try store.write { access in
                try access.set(.alarm, to: AcknowledgementFault.unknownKey.code)
            }
        case .refused(let problem):
            try store.write { access in
                try access.refuse(
                    record.sequence, problem: "\(problem.code): \(problem.detail)", at: world.now())
                if problem.code == "equivocation" {
                    try access.set(
                        .serverState, to: TerminalStanding.State.quarantined.rawValue)
                }
            }
            report.refused += 1
        case .postponed(let problem): report.stop = .server(.problem(problem))
        }
    }

    /// Takes a record out of the queue if the acknowledgement proves it.
    ///
    /// - Returns: whether it does not only because no known key of the log signed it.
    private func acknowledge(
        _ record: StoredRecord, _ acknowledgement: Acknowledgement, _ report: inout FlushReport
    ) throws -> Bool {
        let fault = try store.write { access -> AcknowledgementFault? in
            do {
                let head = try AcknowledgementCheck.head(
                    of: acknowledgement, for: record.jws, kind: record.kind,
                    logKey: try access.setting(.logKey) ?? identity.logKey,
                    since: try access.setting(.logHead).flatMap(LogHead.init(text:)))
                try access.acknowledge(record.sequence, with: acknowledgement, at: world.now())
                try access.set(.logHead, to: head.text)
                try access.set(.logCheckpoint, to: Base64.encode(head.note))
                // What the log says of its keys stands until it proves them.
                if try access.setting(.alarm) != AcknowledgementFault.logKey.code {
                    try access.set(.alarm, to: nil)
                }
                return nil
            } catch let fault as AcknowledgementFault {
                guard !fault.isUnknownKey else { return fault }
                try access.set(.alarm, to: fault.code)
                return fault
            }
        }
        if let fault {
            report.stop = .unproven(sequence: record.sequence, fault)
        } else {
            report.acknowledged += 1
        }
        return fault?.isUnknownKey ?? false
    }

    /// Tells the server our counts and hears what it says of us.
    private func exchangeStanding() async throws -> TerminalStanding {
        try await reportStanding()
        let unresolved = try store.read { try $0.atServer($0.unresolvedSales()) }
        let asked = Array(unresolved.prefix(TerminalStanding.askedMax))
        let standing = try await server.standing(unresolved: asked)
        try takeNextKey(inForce: standing.kid)
        if let said = standing.logKey,
            try !said.hasSameBytes(as: logKey) || alarm == AcknowledgementFault.logKey.code
        {
            _ = try await followLogKeys()
        }
        try store.write { access in
            try access.set(.serverState, to: standing.state.rawValue)
            try access.set(.attendants, to: Attendant.text(standing.attendants))
            if let address = standing.address { try access.set(.address, to: address) }
            if let name = standing.yardName { try access.set(.yardName, to: name) }
            if let origin = standing.receiptOrigin { try access.set(.receiptOrigin, to: origin) }
            for sequence in standing.resolved where asked.contains(sequence) {
                try access.noteResolvedElsewhere(sequence, at: world.now())
            }
            try access.set(.contact, to: String(world.now().milliseconds))
        }
        return standing
    }

    private var alarm: String? {
        get throws { try store.read { try $0.setting(.alarm) } }
    }

    private func reportStanding() async throws {
        let status = try status()
        let checkpoint = try store.read { try $0.setting(.logCheckpoint) }
        try await server.report(
            Heartbeat(
                head: status.queue.head, queued: status.queue.queued,
                unknown: status.unknownHereOnly, version: world.version,
                checkpoint: checkpoint.flatMap { Base64.decode($0) }))
    }

    /// Erases personal data of records acknowledged long ago, once a day, since it looks at all
    /// records; the server keeps its own time limits.
    private func eraseOld() throws {
        guard erasedOn != world.today else { return }
        let limit = world.now().adding(milliseconds: -Self.keptMilliseconds)
        try store.write { try $0.erasePersonal(acknowledgedBefore: limit) }
        erasedOn = world.today
    }

    /// 90 days (trust.md 5.3).
    private static let keptMilliseconds: Int64 = 90 * 86_400_000
}
