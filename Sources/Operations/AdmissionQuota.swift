import Synchronization

/// How much of the writer's queue one terminal may fill, so that a flood from one leaves room for
/// the others (trust.md A37).
final class AdmissionQuota: Sendable {
    /// Envelopes of one terminal that may wait at once: two full batches.
    static let waitingMax = 512
    /// Envelopes of a batch for which room is taken at once: few, because they can be of several
    /// terminals.
    static let step = 32

    private let waiting = Mutex<[Int64: Int]>([:])

    /// Takes room for more envelopes of a terminal, for all of them or none.
    ///
    /// - Throws: ``OperationsError/terminalBusy`` if it has not so much left.
    func take(terminal: Int64, _ count: Int = 1) throws(OperationsError) {
        let hasRoom = waiting.withLock { waiting in
            guard waiting[terminal, default: 0] + count <= Self.waitingMax else { return false }
            waiting[terminal, default: 0] += count
            return true
        }
        guard hasRoom else { throw .terminalBusy }
    }

    /// Gives room back.
    func giveBack(terminal: Int64, _ count: Int = 1) {
        waiting.withLock { waiting in
            let left = waiting[terminal, default: 0] - count
            waiting[terminal] = left > 0 ? left : nil
        }
    }
}
