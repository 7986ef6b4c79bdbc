package import DayClosing
import Reconciliation
import Storage

// What the batch cuts of a close have to do with those of the closes before.
extension Installation {
    /// What is odd about the numbers of the cuts that are counted now, for a close that is not
    /// final; empty where nobody has counted.
    package func cutFindings(at yard: Yard) throws -> [CutFinding] {
        try database.read { reading in
            guard let draft = try reading.closeDraft(yard: yard.number).map(CloseDraft.init) else {
                return []
            }
            return try cutSequence(of: yard, reading).findings(draft.cuts)
        }
    }

    /// The cuts of all closes of the yard, in their order.
    func cutSequence(of yard: Yard, _ reading: Reading) throws -> CutSequence {
        var sequence = CutSequence()
        for cuts in try cutsByClose(of: yard, reading) {
            guard let close = cuts.first?.number else { continue }
            sequence.add(cuts.flatMap(\.batches), of: close)
        }
        return sequence
    }

    /// Reads the closes that were not read yet beside the writer, whose turn then has nothing left
    /// to read.
    func readCuts(of yard: Yard) async throws {
        try await onThread { [self] in
            _ = try database.read { try cutsByClose(of: yard, $0) }
        }
    }

    /// Refuses a slip that an earlier close holds: it would count twice.
    func requireNew(_ cuts: [BatchCut], at yard: Yard, _ reading: Reading) throws {
        guard let (cut, close) = try cutSequence(of: yard, reading).counted(among: cuts) else {
            return
        }
        throw OperationsError.cutCounted(
            cardTerminal: cut.cardTerminal, number: cut.number ?? "", close: close)
    }
}
