import Journal

/// The newest records of active terminals, so that the writer need not ask for the chain of a
/// terminal that posts all the time. Other work than sales, which may change a terminal, and work
/// that was taken back forget all of it. Touched on the writer's thread only.
final class RecentRecords {
    private var chains: [Int64: Chain] = [:]
    private var counts: [Int64: Int64] = [:]

    /// A terminal that is neither in quarantine nor revoked.
    fileprivate struct Chain {
        /// All that is recorded from this sequence number on is in ``records``.
        var first: Int64
        var highest: Int64
        var records: [Int64: ChainSurroundings.Recorded]
    }

    /// Records kept of a terminal; the older half goes when there are more.
    fileprivate static let recordsMax: Int64 = 1_024

    /// What is recorded around a sequence number of a terminal; nil where the journal has to be
    /// asked.
    func surroundings(of terminal: Int64, sequence: Int64) -> ChainSurroundings? {
        guard let chain = chains[terminal], sequence > chain.first else { return nil }
        return ChainSurroundings(
            highest: chain.highest, same: chain.records[sequence],
            before: chain.records[sequence - 1], after: chain.records[sequence + 1],
            isQuarantined: false, isRevoked: false)
    }

    /// Adds a record that was appended; `known` is what was known of its terminal before.
    func note(
        _ recorded: ChainSurroundings.Recorded, sequence: Int64, in known: ChainSurroundings,
        of terminal: Int64
    ) {
        guard !known.isQuarantined, !known.isRevoked else { return forget(terminal) }
        if chains[terminal] == nil {
            guard sequence > known.highest else { return }
            chains[terminal] = Chain(
                first: sequence - 1, highest: known.highest,
                records: known.before.map { [sequence - 1: $0] } ?? [:])
        }
        chains[terminal]?.note(recorded, sequence: sequence)
    }

    /// So many records of a terminal there are at least.
    func countAtLeast(of terminal: Int64) -> Int64 { counts[terminal] ?? 0 }

    /// Keeps how many records of a terminal there were when they were counted.
    func note(count: Int64, of terminal: Int64) { counts[terminal] = count }

    func forget(_ terminal: Int64) { chains[terminal] = nil }

    func forgetAll() { (chains, counts) = ([:], [:]) }
}

extension RecentRecords.Chain {
    fileprivate mutating func note(_ recorded: ChainSurroundings.Recorded, sequence: Int64) {
        highest = max(highest, sequence)
        guard sequence >= first else { return }
        records[sequence] = recorded
        guard Int64(records.count) > RecentRecords.recordsMax else { return }
        first = highest - RecentRecords.recordsMax / 2
        records = records.filter { $0.key >= first }
    }
}
