/// Adds up what the next close of each yard will hold while it comes in, and from the start on:
/// whoever looks in the evening finds it nearly done.
///
/// It reads in steps of some hundred entries, holds no turn of the writer, and gives way: to people
/// who look at totals, who then add up on all cores what is missing, and to records that wait to be
/// written, but for a step a second.
package struct TotalsAhead: Sendable {
    /// So long records that wait hold up a step.
    private static let patience = Duration.seconds(1)
    private static let pause = Duration.milliseconds(20)

    private let installation: Installation

    package init(_ installation: Installation) {
        self.installation = installation
    }

    /// One round over all yards, until little is left or the task is cancelled.
    ///
    /// - Parameter step: how many entries are added at once; nil for the usual number.
    /// - Throws: `CancellationError`; what is wrong with the first yard that cannot be read, after
    ///   the others had their round.
    package func round(step: Int64? = nil) async throws {
        var failure: (any Error)?
        for yard in installation.yards {
            do { try await round(over: yard, step: step) } catch {
                if error is CancellationError { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func round(over yard: Yard, step: Int64?) async throws {
        var hasMore = true
        while hasMore {
            try await giveWay()
            hasMore = try await onThread(.ahead) { [installation] in
                try installation.addUpAStep(of: yard, step: step)
            }
        }
    }

    private func giveWay() async throws {
        try Task.checkCancellation()
        let limit = ContinuousClock.now + Self.patience
        while installation.closeFolds.isAwaited
            || (installation.writer.isWaitedFor && .now < limit)
        {
            try await Task.sleep(for: Self.pause)
        }
    }
}
