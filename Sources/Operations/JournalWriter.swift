import Foundation
import Journal
import Keys
import Logging
import Storage
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
    /// What it ends with when what is written cannot be signed (`EX_UNAVAILABLE` of sysexits.h).
    static let keyExitCode: Int32 = 69
    static let batchMax = 256
    private static let queueMax = 4_096
    /// After so long without work checkpoints are stored that nobody's transaction took along: a
    /// sale that comes right behind another does not wait for that.
    private static let quietSeconds = 0.25

    private let database: ServerDatabase
    private let logger: Logger
    private let heads: HeadFile
    private let faults: ProvokedFaults
    private let standing: Standing
    private let safety: Safety
    private let feed: EventFeed
    private let condition = NSCondition()
    private nonisolated(unsafe) var queue: [any WriteJob] = []
    private nonisolated(unsafe) var isStopping = false
    /// Those who wait for an empty write-ahead log.
    private nonisolated(unsafe) var emptying: [CheckedContinuation<Bool, any Error>] = []
    /// Until it is started there is nothing to wait for.
    private nonisolated(unsafe) var hasStopped = true
    /// Touched on the writer's thread only, once it runs.
    private nonisolated(unsafe) var logs: [Int64: YardLog]
    private nonisolated(unsafe) let recent = RecentRecords()
    private nonisolated(unsafe) var newest: [Int64: SignedNote] = [:]
    private nonisolated(unsafe) var unsaved: [(yard: Int64, size: Int64, note: String)] = []
    private nonisolated(unsafe) var lookedAt = ContinuousClock.now - .seconds(2)

    init(
        database: ServerDatabase, logs: [YardLog], heads: HeadFile, standing: Standing,
        safety: Safety, feed: EventFeed, logger: Logger, faults: ProvokedFaults
    ) {
        self.database = database
        self.standing = standing
        self.safety = safety
        self.feed = feed
        self.logs = Dictionary(uniqueKeysWithValues: logs.map { ($0.number, $0) })
        self.heads = heads
        self.faults = faults
        self.logger = logger
    }

    /// Signs the heads as they were found and starts taking work.
    func start() throws {
        try makeDurable()
        for (number, log) in logs { newest[number] = try log.signedCheckpoint() }
        heads.start()
        heads.note(newest.values)
        look()
        hasStopped = false
        let thread = Thread {
            // Shown by `top -H`; a name given from another thread never gets there.
            Thread.current.name = "hofbuch.writer"
            self.run()
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Brings what was found to the disk before anything is signed or answered over it (trust.md
    /// D13). A process that was killed between writing and syncing leaves frames in the write-ahead
    /// log that are read like all others and that only the memory holds. After a sync that failed
    /// the system may even take them for written, so they are also written once more, into the main
    /// file.
    private func makeDurable() throws {
        try DurableFile.sync(path: database.path + "-wal")
        do { try database.checkpoint() } catch StorageError.full {
            // They stay in the log, which is synced.
        }
    }

    /// Runs `work` inside the next transaction and, once it is durable, `answer` with a view of
    /// the logs as committed. What `work` throws takes back only what `work` did.
    ///
    /// - Parameters:
    ///   - purpose: work for `sales` and `files` touches nothing but its transaction and so may run
    ///     again after a rollback.
    ///   - finish: called once: on the writer's thread, where it holds up everybody behind it, with
    ///     the answer or what `work` and `answer` throw; or at once on this one with an
    ///     ``OperationsError`` that says why nothing, or no sale, is written now: `stopping`,
    ///     `overloaded`. `databaseBusy` and `diskFull` come later.
    func submit<Value, Answer: Sendable>(
        for purpose: WritePurpose, _ work: @escaping @Sendable (Batch) throws -> Value,
        answer: @escaping @Sendable (Value, CommittedLogs) throws -> Answer,
        finish: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        if let refusal = standing.refusal(of: purpose) { return finish(.failure(refusal)) }
        let job = WorkJob(
            isRepeatable: purpose != .office, work: work, answer: answer, finish: finish)
        if let refusal = enqueue(job) { finish(.failure(refusal)) }
    }

    /// - Returns: why it is not taken; nil if it is.
    private func enqueue(_ job: any WriteJob) -> OperationsError? {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopping else { return .stopping }
        guard queue.count < Self.queueMax else { return .overloaded }
        queue.append(job)
        if queue.count == 1 { condition.signal() }
        return nil
    }

    /// ``submit(for:_:answer:finish:)`` for a task that waits.
    func perform<Value, Answer: Sendable>(
        for purpose: WritePurpose = .office, _ work: @escaping @Sendable (Batch) throws -> Value,
        answer: @escaping @Sendable (Value, CommittedLogs) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            submit(for: purpose, work, answer: answer) { continuation.resume(with: $0) }
        }
    }

    func perform<Value: Sendable>(
        for purpose: WritePurpose = .office, _ work: @escaping @Sendable (Batch) throws -> Value
    ) async throws -> Value {
        try await perform(for: purpose, work) { value, _ in value }
    }

    /// Empties the write-ahead log between two batches.
    ///
    /// - Returns: whether it is empty; false while a reader needs it.
    /// - Throws: ``OperationsError``: why nothing is written now; `stopping`, `diskFull`.
    func emptyLog() async throws -> Bool {
        if let refusal = standing.refusal(of: .office) { throw refusal }
        return try await withCheckedThrowingContinuation { continuation in
            condition.lock()
            defer { condition.unlock() }
            guard !isStopping else {
                return continuation.resume(throwing: OperationsError.stopping)
            }
            emptying.append(continuation)
            condition.signal()
        }
    }

    /// Whether anything waits for its turn.
    var isWaitedFor: Bool { condition.withLock { !queue.isEmpty } }

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
        for continuation in takeEmptying() {
            continuation.resume(throwing: OperationsError.stopping)
        }
        heads.stop(isWritten: !standing.now.hasFailed)
        condition.lock()
        hasStopped = true
        condition.broadcast()
        condition.unlock()
    }

    /// What waits, up to ``batchMax``; empty after ``quietSeconds``; nil when it is time to stop.
    private func nextJobs() -> [any WriteJob]? {
        faults.reach(.idle)
        condition.lock()
        defer { condition.unlock() }
        if queue.isEmpty, !isStopping,
            !condition.wait(until: Date(timeIntervalSinceNow: Self.quietSeconds)),
            !unsaved.isEmpty
        {
            condition.unlock()
            saveCheckpoints()
            condition.lock()
        }
        guard !queue.isEmpty else { return isStopping ? nil : [] }
        let jobs = Array(queue.prefix(Self.batchMax))
        queue.removeFirst(jobs.count)
        return jobs
    }

    private func commit(_ jobs: [any WriteJob]) {
        if let stop = standing.now.stop {
            // Somebody showed a larger log while these waited.
            for job in jobs { job.refuse(stop.error) }
            return
        }
        let before = logs
        do {
            let batch = try write(jobs, after: before)
            faults.reach(.afterCommit)
            if faults.isBroken(.earlyAnswer) { return }
            unsaved = []
            logs = batch.logs
            do { try answer(jobs, after: before) } catch { return failSigning(error) }
        } catch StorageError.busy(let path) where !faults.isBroken(.busyIsFatal) {
            for job in jobs { job.refuse(OperationsError.databaseBusy(path: path)) }
        } catch StorageError.full(let path) {
            for job in jobs { job.refuse(OperationsError.diskFull(path: path)) }
        } catch {
            if faults.isBroken(.retryCommit) { return commit(jobs) }
            fail(error)
        }
    }

    /// Runs the jobs in one transaction. Sales go without savepoints, which cost as much as their
    /// rows. Should any of them fail, all is rolled back and runs once more, each piece of work in
    /// a savepoint of its own.
    private func write(_ jobs: [any WriteJob], after before: [Int64: YardLog]) throws -> Batch {
        if jobs.allSatisfy(\.isRepeatable) {
            do {
                return try transact(jobs, after: before) { try $0.work(in: $1) }
            } catch  where !error.isStorageFailure && !(error is StorageError) {
                logger.debug("a batch runs again", metadata: ["error": "\(error)"])
            }
        }
        return try transact(jobs, after: before) { try $0.isolatedWork(in: $1) }
    }

    private func transact(
        _ jobs: [any WriteJob], after before: [Int64: YardLog],
        _ work: (any WriteJob, Batch) throws -> Void
    ) throws -> Batch {
        do {
            return try database.write { transaction in
                let batch = Batch(transaction: transaction, logs: logs, recent: recent)
                for (yard, size, note) in unsaved {
                    try transaction.insertCheckpoint(yard: yard, size: size, note: note)
                }
                for job in jobs {
                    faults.reach(.beforeInsert)
                    if !job.isRepeatable { recent.forgetAll() }
                    try work(job, batch)
                    if !job.isRepeatable { recent.forgetAll() }
                    faults.reach(.afterInsert)
                }
                if faults.isBroken(.earlyAnswer) { try answerEarly(jobs, batch, after: before) }
                faults.reach(.beforeCommit)
                return batch
            }
        } catch {
            // Nothing of the batch was written.
            recent.forgetAll()
            throw error
        }
    }

    private func answer(_ jobs: [any WriteJob], after before: [Int64: YardLog]) throws {
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
        // What is noted is durable by now: the head file can fall behind the log, never lead it.
        if !unsaved.isEmpty { heads.note(notes.values) }
        let committed = CommittedLogs(logs: logs, notes: notes, database: database)
        faults.reach(.beforeAnswer)
        for (number, job) in jobs.enumerated() {
            job.finish(with: committed)
            if number == 0 { faults.reach(.afterFirstAnswer) }
        }
        faults.reach(.afterAnswer)
        if !unsaved.isEmpty { feed.ring() }
    }

    /// What a broken build would do: the clients hear of a commit that may never happen.
    private func answerEarly(_ jobs: [any WriteJob], _ batch: Batch, after before: [Int64: YardLog])
        throws
    {
        unsaved = []
        logs = batch.logs
        try answer(jobs, after: before)
        Thread.sleep(forTimeInterval: 0.1)
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
            let wal = try database.checkpointIfDue(isQuiet: !isWaitedFor)
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
        let waiting = takeEmptying()
        if !waiting.isEmpty { emptyForThose(waiting) }
        if lookedAt + .seconds(1) < .now { look() }
    }

    private func takeEmptying() -> [CheckedContinuation<Bool, any Error>] {
        condition.lock()
        defer { condition.unlock() }
        defer { emptying = [] }
        return emptying
    }

    private func emptyForThose(_ waiting: [CheckedContinuation<Bool, any Error>]) {
        do {
            let isEmpty = try database.emptyLog()
            for continuation in waiting { continuation.resume(returning: isEmpty) }
        } catch StorageError.full(let path) {
            for continuation in waiting {
                continuation.resume(throwing: OperationsError.diskFull(path: path))
            }
        } catch {
            for continuation in waiting { continuation.resume(throwing: error) }
            fail(error)
        }
    }

    private func look() {
        lookedAt = .now
        standing.look(at: database.path, reserve: safety.reserve, logger: logger)
    }

    private func failSigning(_ error: any Error) {
        end(
            "what was written cannot be signed; nothing is lost. See to the log key, start again",
            error, Self.keyExitCode)
    }

    private func fail(_ error: any Error) {
        end("the outcome of a commit is unknown; stopping without an answer", error, Self.exitCode)
    }

    /// Nobody who waits is answered, and nothing more is written.
    private func end(_ message: Logger.Message, _ error: any Error, _ exitCode: Int32) {
        standing.note { $0.hasFailed = true }
        logger.critical(message, metadata: ["error": "\(error)"])
        safety.end(exitCode)
    }
}
