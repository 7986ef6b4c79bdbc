import Journal
import Signing

/// The sequence numbers of one terminal as runs without gaps, each with the hashes at its ends:
/// what a chain must fit to, in memory that grows with the gaps and not with the sales.
struct SequenceRuns {
    /// What is kept of a record.
    struct Link {
        let sequence: Int64
        let statement: Digest
        let previous: Digest
    }

    private struct Run {
        var first: Link
        var last: Link
    }

    /// Ascending, none touching the next.
    private var runs: [Run] = []

    /// What a record says of its neighbours.
    enum Fit {
        /// The hashes of both neighbours that are here fit.
        case fits
        /// The record after or before says another hash.
        case broken
        /// The number stands already.
        case doubled
    }

    /// Adds a record, in any order.
    mutating func add(_ link: Link) -> Fit {
        // Mostly it continues the last run.
        var place = runs.count
        while place > 0, runs[place - 1].first.sequence > link.sequence { place -= 1 }
        if place > 0, runs[place - 1].last.sequence >= link.sequence { return .doubled }
        var fits = link.sequence > 1 || link.previous == RecordHead.genesisPrevious
        let joinsBefore = place > 0 && runs[place - 1].last.sequence == link.sequence - 1
        let joinsAfter = place < runs.count && runs[place].first.sequence == link.sequence + 1
        if joinsBefore { fits = fits && runs[place - 1].last.statement == link.previous }
        if joinsAfter { fits = fits && runs[place].first.previous == link.statement }
        switch (joinsBefore, joinsAfter) {
        case (true, true):
            runs[place - 1].last = runs[place].last
            runs.remove(at: place)
        case (true, false): runs[place - 1].last = link
        case (false, true): runs[place].first = link
        case (false, false): runs.insert(Run(first: link, last: link), at: place)
        }
        return fits ? .fits : .broken
    }

    /// How many numbers below the highest are missing.
    var missingCount: Int64 {
        var next: Int64 = 1
        return runs.reduce(0) { count, run in
            defer { next = run.last.sequence + 1 }
            return count + run.first.sequence - next
        }
    }

    /// The numbers below the highest that are missing; look at ``missingCount`` first.
    var missing: [Int64] {
        var next: Int64 = 1
        return runs.flatMap { run in
            defer { next = run.last.sequence + 1 }
            return next..<run.first.sequence
        }
    }
}
