import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import Sales
import Signing
import Storage
import Transparency
import Units

/// What the check of a history found. Invariants as in docs/faults.md.
struct Verdict {
    /// Sales that a client holds an acknowledgement of.
    var acknowledged = 0
    /// How many of them are in the journal, at their index, with their bytes.
    var surviving = 0
    /// Sales that are in the journal more than once.
    var doubled = 0
    /// Sales in the journal that nobody was told of: durable, but the answer never left.
    var unheard = 0
    var checkpoints = 0
    var violations: [String] = []

    static func + (left: Verdict, right: Verdict) -> Verdict {
        Verdict(
            acknowledged: left.acknowledged + right.acknowledged,
            surviving: left.surviving + right.surviving, doubled: left.doubled + right.doubled,
            unheard: left.unheard + right.unheard,
            checkpoints: left.checkpoints + right.checkpoints,
            violations: left.violations + right.violations)
    }
}

/// Compares the journal with what clients sent and were told: the same for every fault.
struct Checker {
    /// What may be wrong with a journal that is whole.
    enum Stage {
        /// After a recovery: what was sent and not answered may be there or not.
        case recovered
        /// After everything was sent again: the journal is the workload.
        case complete
    }

    let history: History
    let town: Town
    let database: String
    /// Whether only sales change the turnover.
    var checksTurnover = true
    private(set) var verdict = Verdict()

    init(_ site: Site, database: String? = nil) {
        self.init(site.history, of: site.town, database: database ?? site.database)
    }

    init(_ history: History, of town: Town, database: String) {
        (self.history, self.town, self.database) = (history, town, database)
    }

    /// The journal as stored.
    private struct Stored {
        var entries: [[UInt8]] = []
        /// Index of each sale.
        var places: [SaleReference: [Int64]] = [:]
        /// Root over the first so many entries.
        var roots: [Digest] = [LogTree().root]
        var closes: [DayClose] = []
    }

    mutating func check(_ stage: Stage) throws -> Verdict {
        let stored = try read()
        let receipts = history.receipts
        verdict.acknowledged = receipts.count
        checkPresence(stored, receipts)
        checkIdentity(stored, receipts, stage)
        checkProofs(stored, receipts)
        if checksTurnover { checkCloses(stored) }
        try checkStructure()
        verdict.violations += history.complaints
        return verdict
    }

    private func read() throws -> Stored {
        var stored = Stored()
        var tree = LogTree()
        try ReadOnlyDatabase(path: database).read { reading in
            for yard in try reading.yards() {
                let size = try reading.logSize(yard: yard.number)
                try reading.entries(yard: yard.number, from: 0, to: size) { index, bytes in
                    guard index == stored.entries.count else {
                        throw Unforeseen("entry \(stored.entries.count) is missing")
                    }
                    stored.entries.append(bytes)
                    _ = tree.append(MerkleTree.leafHash(bytes))
                    stored.roots.append(tree.root)
                    try Self.sort(
                        bytes, at: LogPosition(yard: yard.number, index: index), yard: yard.id,
                        reading, into: &stored)
                }
            }
        }
        return stored
    }

    private static func sort(
        _ bytes: [UInt8], at position: LogPosition, yard: YardID, _ reading: Reading,
        into stored: inout Stored
    ) throws {
        let index = position.index
        guard let entry = LogEntry(bytes: bytes) else {
            throw Unforeseen("entry \(index) cannot be read")
        }
        let parts = try CompactJWS.parse(entry.jws)
        switch entry.kind {
        case .sale, .void, .noSale, .resolution:
            guard parts.typ == TerminalRecord.typ else { return }
            let record = try TerminalRecord(payload: parts.payload)
            stored.places[record.head.reference, default: []].append(index)
        case .close:
            let record = try ServerRecord(payload: parts.payload)
            guard case .close(let body) = record.fact else { return }
            stored.closes.append(try CloseBody.read(body, of: yard, at: position, reading))
        default: break
        }
    }

    /// I1: what was acknowledged is there, at its index, with its bytes.
    private mutating func checkPresence(
        _ stored: Stored, _ receipts: [SaleReference: [Receipt]]
    ) {
        for (reference, answers) in receipts {
            let isThere = answers.allSatisfy { answer in
                stored.entries.indices.contains(Int(answer.index))
                    && stored.entries[Int(answer.index)].elementsEqual(answer.entry.utf8)
            }
            if isThere {
                verdict.surviving += 1
            } else {
                complain("I1", "\(reference.receiptNumber) was acknowledged and is not there")
            }
        }
    }

    /// I2, I4, I5: nothing twice, nothing that nobody sent, and in the end everything.
    private mutating func checkIdentity(
        _ stored: Stored, _ receipts: [SaleReference: [Receipt]], _ stage: Stage
    ) {
        let posted = history.sales
        for (reference, places) in stored.places {
            if places.count > 1 {
                verdict.doubled += 1
                complain("I2", "\(reference.receiptNumber) stands at \(places)")
            }
            if receipts[reference] == nil { verdict.unheard += 1 }
            let jws = posted[reference]?.jws
            let isAsSent = places.allSatisfy { place in
                LogEntry(bytes: stored.entries[Int(place)])?.jws == jws
            }
            if !isAsSent { complain("I4", "\(reference.receiptNumber) was never sent like this") }
        }
        guard stage == .complete else { return }
        for reference in posted.keys where stored.places[reference] == nil {
            complain("I5", "\(reference.receiptNumber) is missing after it was sent again")
        }
        for reference in posted.keys where receipts[reference] == nil {
            complain("I5", "\(reference.receiptNumber) was never acknowledged")
        }
    }

    /// I3: each proof holds, and each checkpoint ever handed out is one of the final tree.
    private mutating func checkProofs(
        _ stored: Stored, _ receipts: [SaleReference: [Receipt]]
    ) {
        var seen: Set<String> = []
        for (reference, answers) in receipts {
            for answer in answers {
                do {
                    let proof = try TlogProof.parse(Array(answer.proof.utf8))
                    let head = try proof.verify(
                        entry: Array(answer.entry.utf8), log: town.logKey
                    ).checkpoint
                    seen.insert(head.body)
                    guard stored.roots.indices.contains(Int(head.size)),
                        stored.roots[Int(head.size)] == head.root, proof.index == answer.index
                    else {
                        complain("I3", "a checkpoint over \(head.size) is not of this log")
                        continue
                    }
                } catch {
                    complain("I3", "the proof of \(reference.receiptNumber) fails: \(error)")
                }
            }
        }
        for head in history.seen {
            seen.insert(head.body)
            if !stored.roots.indices.contains(Int(head.size))
                || stored.roots[Int(head.size)] != head.root
            {
                complain("I3", "a witness cosigned \(head.size) entries of another log")
            }
        }
        verdict.checkpoints = seen.count
    }

    /// I6: a close says what its entries add up to.
    private mutating func checkCloses(_ stored: Stored) {
        let posted = history.sales
        var next: Int64 = 0
        for (number, close) in stored.closes.enumerated() {
            let sum = stored.places.filter { (close.from..<close.to).contains($0.value[0]) }
                .compactMap { posted[$0.key]?.total }.sum()
            if close.number != Int64(number) + 1 || close.from != next {
                complain("I6", "close \(close.number) does not continue the one before")
            }
            if close.totals.turnover != sum {
                complain("I6", "close \(close.number) says \(close.totals.turnover), not \(sum)")
            }
            next = close.to
        }
    }

    /// I7: SQLite's own checks.
    private mutating func checkStructure() throws {
        let orphans = try DatabaseQueue.reading(database) { connection in
            try Row.fetchAll(connection, sql: "PRAGMA foreign_key_check").map { "\($0)" }
        }
        let found = try DatabaseQueue.damages(of: database) + orphans
        if !found.isEmpty { complain("I7", found.prefix(3).joined(separator: "; ")) }
    }

    private mutating func complain(_ invariant: String, _ words: String) {
        verdict.violations.append("\(invariant): \(words)")
    }
}
