import Storage

/// One piece of work with somebody waiting for it.
protocol WriteJob: Sendable {
    var isRepeatable: Bool { get }
    /// Throws what the work throws.
    func work(in batch: Batch) throws
    /// Takes back and remembers what the work throws, unless the database itself failed.
    func isolatedWork(in batch: Batch) throws
    func finish(with logs: CommittedLogs)
    /// Nothing of it was written.
    func refuse(_ error: any Error)
}

final class WorkJob<Value, Answer: Sendable>: WriteJob, @unchecked Sendable {
    let isRepeatable: Bool
    private let body: @Sendable (Batch) throws -> Value
    private let answer: @Sendable (Value, CommittedLogs) throws -> Answer
    private let finish: @Sendable (Result<Answer, any Error>) -> Void
    /// Written and read on the writer's thread only.
    private var result: Result<Value, any Error>?

    init(
        isRepeatable: Bool, work: @escaping @Sendable (Batch) throws -> Value,
        answer: @escaping @Sendable (Value, CommittedLogs) throws -> Answer,
        finish: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        self.isRepeatable = isRepeatable
        body = work
        self.answer = answer
        self.finish = finish
    }

    func work(in batch: Batch) throws { result = .success(try body(batch)) }

    func isolatedWork(in batch: Batch) throws {
        let before = batch.logs
        do {
            result = .success(try batch.transaction.nested { try body(batch) })
        } catch  where !error.isStorageFailure {
            // The savepoint took back the rows; the trees go back with them.
            batch.logs = before
            batch.recent.forgetAll()
            result = .failure(error)
        }
    }

    func finish(with logs: CommittedLogs) {
        switch result {
        case .success(let value): finish(Result { try answer(value, logs) })
        case .failure(let error): finish(.failure(error))
        case nil: preconditionFailure("a job is finished after it ran")
        }
    }

    func refuse(_ error: any Error) { finish(.failure(error)) }
}
