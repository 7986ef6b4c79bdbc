import AsyncHTTPClient

/// Gives what `exchange` does, and cancels it when it takes longer than `seconds`.
///
/// The client's own deadline ends with the head of an answer; whoever sends that and no more would
/// be waited for without end.
///
/// - Throws: `HTTPClientError.deadlineExceeded`; what `exchange` throws.
func answered<Answer: Sendable>(
    within seconds: Int64, _ exchange: @escaping @Sendable () async throws -> Answer
) async throws -> Answer {
    try await withThrowingTaskGroup(of: Answer.self) { group in
        group.addTask { try await exchange() }
        group.addTask {
            try await Task.sleep(for: .seconds(seconds))
            throw HTTPClientError.deadlineExceeded
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw HTTPClientError.deadlineExceeded }
        return first
    }
}
