import Foundation
import Journal
import Keys
import Signing
import Storage
import TimeStamps
import Transparency
import Units

/// What others have signed about a close. It is final with its approval; this comes after.
package struct CloseSeal: Hashable, Sendable {
    /// How far it has come. The raw values are stable.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Approved, not yet witnessed.
        case approved
        /// A checkpoint over it has the cosignatures that the policy asks for.
        case witnessed
        /// Such a checkpoint has a time stamp as well; with `quorum none` one may come without
        /// any witness.
        case timeStamped = "time-stamped"
    }

    /// The size of the first witnessed checkpoint over it; nil if there is none.
    package let witnessedSize: Int64?
    /// Its witnesses with the time of each, seconds since 1970, in the order of the policy.
    package let witnesses: [(name: String, atSeconds: Int64)]
    /// Seconds since 1970; nil without a time stamp.
    package let stampedAtSeconds: Int64?

    package var isWitnessed: Bool { witnessedSize != nil }

    package var state: State {
        stampedAtSeconds != nil ? .timeStamped : isWitnessed ? .witnessed : .approved
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.witnessedSize == right.witnessedSize
            && left.stampedAtSeconds == right.stampedAtSeconds
            && left.witnesses.elementsEqual(right.witnesses, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(witnessedSize)
        hasher.combine(stampedAtSeconds)
    }
}

/// How far a yard's log is witnessed.
package struct LogStatus: Sendable {
    /// A witness of the policy.
    package struct Witness: Sendable {
        package let name: String
        /// The largest size that it cosigned; nil if it never did.
        package let size: Int64?
        /// What became of the last request, if it brought nothing.
        package let problem: WitnessProblem?
    }

    package let size: Int64
    /// The newest size that enough witnesses cosigned; nil if there is none.
    package let witnessedSize: Int64?
    /// Sales after it: what an operator with the log's key could still change unseen.
    package let salesSince: Int64
    /// Whether the policy asks for witnesses at all.
    package let hasQuorum: Bool
    package let witnesses: [Witness]
}

extension Installation {
    /// - Throws: ``OperationsError/closeUnknown(_:)``.
    package func seal(ofClose number: Int64, at yard: Yard) throws -> CloseSeal {
        try published(yard) { log in
            let row = try log.reading.closes(yard: yard.number).first { $0.number == number }
            guard let row else { throw OperationsError.closeUnknown(number) }
            return try seal(of: row, log)
        }
    }

    func seal(of row: NumberedRow, _ log: LogReader) throws -> CloseSeal {
        let size = try log.witnessedSize(over: row.position.index, witnessing.policy)
        let rows = try size.map { try log.reading.cosignatures(yard: log.yard.number, size: $0) }
        let witnesses = witnessing.policy.witnesses.compactMap { witness in
            rows?.first { $0.witness == witness.key.text }.map { (witness.name.text, $0.atSeconds) }
        }
        let stamp = try log.reading.timeStamp(yard: log.yard.number, close: row.number)
        return CloseSeal(
            witnessedSize: size, witnesses: witnesses, stampedAtSeconds: stamp?.atSeconds)
    }

    /// The numbers of the closes whose seal is ``CloseSeal/State/approved``: neither enough
    /// witnesses nor an authority have signed anything over them yet.
    package func unsealedCloses(of yard: Yard) throws -> Set<Int64> {
        try published(yard) { log in
            let size = try log.lastWitnessedSize(witnessing.policy)
            let rows = try log.reading.closes(yard: yard.number)
                .filter { $0.position.index >= size }
            return Set(
                try rows.filter {
                    try log.reading.timeStamp(yard: yard.number, close: $0.number) == nil
                }.map(\.number))
        }
    }

    package func logStatus(of yard: Yard) throws -> LogStatus {
        try published(yard) { log in
            let witnessed = try log.newestWitnessedSize(witnessing.policy)
            return LogStatus(
                size: try log.size(), witnessedSize: witnessed,
                salesSince: try log.reading.saleCount(yard: yard.number, from: witnessed ?? 0),
                hasQuorum: witnessing.policy.quorum != nil,
                witnesses: try witnessing.policy.witnesses.map { witness in
                    LogStatus.Witness(
                        name: witness.name.text,
                        size: try log.newestCosignedSize(by: witness),
                        problem: contacts.problem(of: witness, at: yard))
                })
        }
    }

    /// The witnesses that can be asked and have not cosigned the whole log.
    func witnessesBehind(_ yard: Yard) throws -> [WitnessPolicy.Witness] {
        let asked = witnessing.policy.witnesses.filter { $0.url != nil }
        guard !asked.isEmpty else { return [] }
        return try published(yard) { log in
            let size = try log.size()
            return try asked.filter { try log.newestCosignedSize(by: $0) ?? 0 < size }
        }
    }

    /// The largest size that a witness cosigned; 0 if it never did.
    func newestCosignedSize(by witness: WitnessPolicy.Witness, at yard: Yard) throws -> Int64 {
        try published(yard) { try $0.newestCosignedSize(by: witness) ?? 0 }
    }

    /// Keeps checked cosignatures with the checkpoint that they are of.
    func keep(_ rows: [CosignatureRow], of note: String, size: Int64, at yard: Yard) async throws {
        try await writer.perform { batch in
            try batch.transaction.insertCheckpoint(yard: yard.number, size: size, note: note)
            for row in rows { try batch.transaction.insert(row, yard: yard.number) }
        }
    }

    /// Refuses what has to wait for witnesses, where the settings say that it waits.
    ///
    /// - Throws: ``OperationsError/closeNotWitnessed(_:)``.
    func requireWitnessed(_ closes: [Int64], at yard: Yard, _ reading: Reading) throws {
        guard witnessing.exportsWait else { return }
        let log = LogReader(
            reading: reading, yard: YardRow(number: yard.number, id: yard.id, origin: yard.origin))
        let rows = try reading.closes(yard: yard.number)
        for row in rows where closes.contains(row.number) {
            guard try seal(of: row, log).isWitnessed else {
                throw OperationsError.closeNotWitnessed(row.number)
            }
        }
    }
}
