import Journal
import Signing
import Storage
import Synchronization
import Units

/// What is under the journal: the rows of sales of several terminals in turn, a checkpoint for each
/// commit, and nothing else. It moves its write-ahead log as the server does.
final class BareLedger: Sendable {
    private let database: ServerDatabase
    private let terminals: Int64
    private let count = Mutex<Int64>(0)
    private static let digest = Digest.sha256([UInt8]())
    /// As long as a signed checkpoint of a yard's log.
    static let note = String(repeating: "n", count: 240)

    init(path: String, terminals: Int, syncDelay: Duration) throws {
        self.terminals = Int64(terminals)
        database = try ServerDatabase(path: path, syncDelay: syncDelay)
    }

    /// Writes an entry and a row of the search table for each body, and the checkpoint of the
    /// commit before, durable when it returns.
    func commit(_ bodies: ArraySlice<[UInt8]>) throws {
        try write(bodies)
        try lookAfter(isQuiet: false)
    }

    /// What comes between two batches.
    func lookAfter(isQuiet: Bool) throws {
        _ = try database.checkpointIfDue(isQuiet: isQuiet)
    }

    /// ``commit(_:)`` without what comes after it.
    func write(_ bodies: ArraySlice<[UInt8]>) throws {
        let first = count.withLock { count in
            defer { count += Int64(bodies.count) }
            return count
        }
        try database.write { transaction in
            try transaction.insertCheckpoint(yard: 1, size: first, note: Self.note)
            for (offset, body) in bodies.enumerated() {
                let position = LogPosition(yard: 1, index: first + Int64(offset))
                try transaction.append(body, at: position)
                try transaction.insert(try row(at: position))
            }
        }
    }

    func close() throws { try database.close() }

    private func row(at position: LogPosition) throws -> RecordRow {
        guard let at = Timestamp(milliseconds: 1_795_000_000_000 + position.index),
            let day = BusinessDay(iso: "2026-11-22")
        else { throw Failure("the sample row has no date", Exit.bug) }
        return RecordRow(
            position: position, terminal: 1 + position.index % terminals,
            sequence: position.index / terminals, kind: .sale,
            statement: Self.digest, previous: Self.digest, at: at, day: day, total: Cents(6_460),
            state: "card", flags: [], subject: "Grünabfall, Restabfall, Pkw-Reifen",
            scheme: "girocard", lastFour: "0815")
    }
}
