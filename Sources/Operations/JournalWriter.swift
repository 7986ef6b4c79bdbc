import Foundation
import Journal
import Logging
package import Storage
import Transparency
import Units

/// The single writer: one thread that takes what waits, writes it in one transaction, signs a
/// checkpoint for each yard touched, and only then answers (trust.md 11).
///
/// An I/O error at commit leaves the outcome unknown: nobody gets an answer, the process ends
/// with ``exitCode`` and recovers at the next start (trust.md D14). Where another program holds the
/// write lock, or no space is left, it is certain that nothing was written: everybody is told so.
final class JournalWriter: Sendable {
    /// What the process ends with when the outcome of a commit is unknown; nothing else ends so.
    static let exitCode: Int32 = 12
    static let batchMax = 256
    private static let queueMax = 4_096

    private let database: ServerDatabase
    private let logger: Logger
    private let heads: HeadFile
    private let faults: ProvokedFaults
    private let standing: Standing
    private let safety: Safety
    private let condition = NSCondition()
    private nonisolated(unsafe) var queue: [any Job] = []
    private nonisolated(unsafe) var isStopping = false
    /// Until it is started there is nothing to wait for.
    private nonisolated(unsafe) var hasStopped = true
    /// Touched on the writer's thread only, once it runs.
    private nonisolated(unsafe) var logs: [Int64: YardLog]
    private nonisolated(unsafe) var newest: [Int64: SignedNote] = [:]
    private nonisolated(unsafe) var unsaved: [(yard: Int64, size: Int64, note: String)] = []
    private nonisolated(unsafe) var lookedAt = ContinuousClock.now - .seconds(2)

    init(
        database: ServerDatabase, logs: [YardLog], heads: HeadFile, standing: Standing,
        safety: Safety, logger: Logger, faults: ProvokedFaults
    ) {
        self.database = database
        self.standing = standing
        self.safety = safety
        self.logs = Dictionary(uniqueKeysWithValues: logs.map { ($0.number, $0) })
        self.heads = heads
        self.faults = faults
        self.logger = logger
    }

    /// Signs the heads as they were found and starts taking work.
    func start() throws {
        for (number, log) in logs { newest[number] = try log.signedCheckpoint() }
        heads.note(newest.values)
        look()
        hasStopped = false
        let thread = Thread { self.run() }
        thread.name = "hofbuch.writer"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Runs `work` inside the next transaction and, once it is durable, `answer` with a view of
    /// the logs as committed. What `work` throws takes back only what `work` did.
    ///
    /// - Throws: ``OperationsError``: why nothing, or no sale, is written now; `stopping`,
    ///   `overloaded`, `databaseBusy`, `diskFull`; or what `work` and `answer` throw.
    func perform<Value, Answer: Sendable>(
        for purpose: WritePurpose = .office, _ work: @escaping @Sendable (Batch) throws -> Value,
        answer: @escaping @Sendable (Value, CommittedLogs) throws -> Answer
    ) async throws -> Answer {
        if let refusal = standing.refusal(of: purpose) { throw refusal }
        return try await withCheckedThrowingContinuation { continuation in
            let job = WorkJob(work: work, answer: answer, continuation: continuation)
            condition.lock()
            defer { condition.unlock() }
            if isStopping {
                continuation.resume(throwing: OperationsError.stopping)
            } else if queue.count >= Self.queueMax {
                continuation.resume(throwing: OperationsError.overloaded)
            } else {
                queue.append(job)
                condition.signal()
            }
        }
    }

    func perform<Value: Sendable>(_ work: @escaping @Sendable (Batch) throws -> Value) async throws
        -> Value
    {
        try await perform(work) { value, _ in value }
    }

    /// Adds a log that was just created.
    func add(_ log: YardLog, in batch: Batch) {
        batch.logs[log.number] = log
    }

    /// Finishes what waits, then stops the thread. Returns when it has.
    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        while !hasStopped { condition.wait() }
        condition.unlock()
    }

    private func run() {
        while !standing.now.hasFailed, let jobs = nextJobs() {
            if !jobs.isEmpty { commit(jobs) }
            lookAfter()
        }
        if !standing.now.hasFailed { saveCheckpoints() }
        condition.lock()
        hasStopped = true
        condition.broadcast()
        condition.unlock()
    }

    /// What waits, up to ``batchMax``; empty after a quiet second; nil when it is time to stop.
    private func nextJobs() -> [any Job]? {
        condition.lock()
        defer { condition.unlock() }
        if queue.isEmpty, !isStopping {
            if !unsaved.isEmpty {
                condition.unlock()
                saveCheckpoints()
                condition.lock()
            }
            if queue.isEmpty, !isStopping {
                _ = condition.wait(until: Date(timeIntervalSinceNow: 1))
            }
        }
        guard !queue.isEmpty else { return isStopping ? nil : [] }
        let jobs = Array(queue.prefix(Self.batchMax))
        queue.removeFirst(jobs.count)
        return jobs
    }

    private func commit(_ jobs: [any Job]) {
        let before = logs
        do {
            let batch = try database.write { transaction in
                let batch = Batch(transaction: transaction, logs: logs)
                for (yard, size, note) in unsaved {
                    try transaction.insertCheckpoint(yard: yard, size: size, note: note)
                }
                for job in jobs {
                    faults.reach(.beforeInsert)
                    try job.work(in: batch)
                    faults.reach(.afterInsert)
                }
                if faults.isBroken(.earlyAnswer) { try answerEarly(jobs, batch, after: before) }
                faults.reach(.beforeCommit)
                return batch
            }
            faults.reach(.afterCommit)
            if faults.isBroken(.earlyAnswer) { return }
            unsaved = []
            logs = batch.logs
            try answer(jobs, after: before)
        } catch StorageError.busy(let path) {
            for job in jobs { job.refuse(OperationsError.databaseBusy(path: path)) }
        } catch StorageError.full(let path) {
            for job in jobs { job.refuse(OperationsError.diskFull(path: path)) }
        } catch {
            if faults.isBroken(.retryCommit) { return commit(jobs) }
            fail(error)
        }
    }

    private func answer(_ jobs: [any Job], after before: [Int64: YardLog]) throws {
        var notes: [Int64: SignedNote] = [:]
        faults.reach(.beforeSigning)
        for (number, log) in logs {
            let hasGrown = log.tree.size != before[number]?.tree.size
            let known = hasGrown ? nil : newest[number]
            let note = try known ?? log.signedCheckpoint()
            newest[number] = note
            notes[number] = note
            if hasGrown {
                unsaved.append((number, log.tree.size, String(decoding: note.bytes, as: UTF8.self)))
            }
        }
        faults.reach(.afterSigning)
        if !unsaved.isEmpty {
            heads.note(notes.values)
            saveHeads()
        }
        let committed = CommittedLogs(logs: logs, notes: notes, database: database)
        faults.reach(.beforeAnswer)
        for (number, job) in jobs.enumerated() {
            job.finish(with: committed)
            if number == 0 { faults.reach(.afterFirstAnswer) }
        }
        faults.reach(.afterAnswer)
    }

    /// What a broken build would do: the clients hear of a commit that may never happen.
    private func answerEarly(_ jobs: [any Job], _ batch: Batch, after before: [Int64: YardLog])
        throws
    {
        unsaved = []
        logs = batch.logs
        try answer(jobs, after: before)
        Thread.sleep(forTimeInterval: 0.02)
    }

    private func saveCheckpoints() {
        guard !unsaved.isEmpty else { return }
        do {
            try database.write { transaction in
                for (yard, size, note) in unsaved {
                    try transaction.insertCheckpoint(yard: yard, size: size, note: note)
                }
            }
            unsaved = []
            saveHeads(isForced: true)
            try database.checkpoint()
        } catch StorageError.busy, StorageError.full {
            // They can be made again from the log; the next batch, or second, tries again.
            look()
        } catch {
            fail(error)
        }
    }

    /// What has to be done between batches: moving the write-ahead log when it is long, and once a
    /// second a look at the disk.
    private func lookAfter() {
        do {
            let before = standing.now.wal.heldUp
            let wal = try database.checkpointIfDue()
            standing.note { $0.wal = wal }
            if before == nil, wal.heldUp != nil {
                logger.warning(
                    "a reader holds up the write-ahead log", metadata: ["pages": "\(wal.pages)"])
            }
        } catch StorageError.full {
            look()
        } catch {
            fail(error)
        }
        if lookedAt + .seconds(1) < .now { look() }
    }

    private func look() {
        lookedAt = .now
        standing.look(at: database.path, reserve: safety.reserve, logger: logger)
    }

    /// A head file that cannot be written weakens the guard at the next start; sales go on.
    private func saveHeads(isForced: Bool = false) {
        faults.reach(.beforeHeadFile)
        defer { faults.reach(.afterHeadFile) }
        do { try heads.save(isForced: isForced) } catch {
            logger.error("the head file was not written", metadata: ["error": "\(error)"])
        }
    }

    private func fail(_ error: any Error) {
        standing.note { $0.hasFailed = true }
        logger.critical(
            "the outcome of a commit is unknown; stopping without an answer",
            metadata: ["error": "\(error)"])
        safety.end(Self.exitCode)
    }
}

/// One piece of work with somebody waiting for it.
private protocol Job: Sendable {
    func work(in batch: Batch) throws
    func finish(with logs: CommittedLogs)
    /// Nothing of it was written.
    func refuse(_ error: any Error)
}

private final class WorkJob<Value, Answer: Sendable>: Job, @unchecked Sendable {
    private let body: @Sendable (Batch) throws -> Value
    private let answer: @Sendable (Value, CommittedLogs) throws -> Answer
    private let continuation: CheckedContinuation<Answer, any Error>
    /// Written and read on the writer's thread only.
    private var result: Result<Value, any Error>?

    init(
        work: @escaping @Sendable (Batch) throws -> Value,
        answer: @escaping @Sendable (Value, CommittedLogs) throws -> Answer,
        continuation: CheckedContinuation<Answer, any Error>
    ) {
        body = work
        self.answer = answer
        self.continuation = continuation
    }

    func work(in batch: Batch) throws {
        let before = batch.logs
        do {
            result = .success(try batch.transaction.nested { try body(batch) })
        } catch  where !error.isStorageFailure {
            // The savepoint took back the rows; the trees go back with them.
            batch.logs = before
            result = .failure(error)
        }
    }

    func finish(with logs: CommittedLogs) {
        switch result {
        case .success(let value): continuation.resume(with: Result { try answer(value, logs) })
        case .failure(let error): continuation.resume(throwing: error)
        case nil: preconditionFailure("a job is finished after it ran")
        }
    }

    func refuse(_ error: any Error) { continuation.resume(throwing: error) }
}

/// The transaction of a batch with the logs as they will be if it commits.
package final class Batch {
    package let transaction: Transaction
    var logs: [Int64: YardLog]

    init(transaction: Transaction, logs: [Int64: YardLog]) {
        self.transaction = transaction
        self.logs = logs
    }

    /// The flags of an entry received at `time`: `flags`, and the mark of a clock set back.
    func marked(_ flags: Set<RecordFlag>, at time: Timestamp, in yard: Int64) -> Set<RecordFlag> {
        logs[yard]?.isClockBehind(time) == true ? flags.union([.serverClock]) : flags
    }

    /// Appends an entry to a yard's log and gives its place.
    func append(_ entry: LogEntry, to yard: Int64) throws -> LogPosition {
        guard let size = logs[yard]?.tree.size else {
            throw OperationsError.yardUnknown("\(yard)")
        }
        let bytes = entry.bytes
        let position = LogPosition(yard: yard, index: size)
        try transaction.append(bytes, at: position)
        if entry.kind == .tariff { logs[yard]?.lastTariff = position.index }
        logs[yard]?.lastReceived = entry.received
        let tiles = logs[yard]?.tree.append(MerkleTree.leafHash(bytes)) ?? []
        for tile in tiles {
            try transaction.insertTile(
                yard: yard, level: tile.coordinate.level, number: tile.coordinate.index,
                hashes: tile.bytes)
        }
        return position
    }
}

/// The logs right after a commit: what an acknowledgement is made of.
package struct CommittedLogs {
    let logs: [Int64: YardLog]
    let notes: [Int64: SignedNote]
    let database: ServerDatabase

    /// The proof that the entry at `position` is in the log that the checkpoint describes.
    func proof(of position: LogPosition) throws -> TlogProof {
        guard let log = logs[position.yard], let note = notes[position.yard] else {
            throw OperationsError.yardUnknown("\(position.yard)")
        }
        let path = try log.tree.inclusionPath(index: position.index) { coordinate in
            try database.read {
                try LogTree.fullTile(
                    coordinate.index, level: coordinate.level, yard: position.yard, $0)
            }
        }
        guard let proof = TlogProof(index: position.index, path: path, checkpoint: note) else {
            throw DamagedRow(table: "entry", position: position.number)
        }
        return proof
    }
}
