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

    /// The number of the last batch cut in a close, by card terminal.
    package func newestCuts(at yard: Yard) throws -> [String: String] {
        try database.read { try cutSequence(of: yard, $0).newest }
    }

    /// The cuts of all closes of the yard, in their order.
    ///
    /// - Parameter isKept: as in ``cutsByClose(of:_:isKept:)``.
    func cutSequence(
        of yard: Yard, _ reading: Reading, isKept: Bool = true
    ) throws -> CutSequence {
        var sequence = CutSequence()
        for cuts in try cutsByClose(of: yard, reading, isKept: isKept) {
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

    /// Refuses a slip that an earlier close holds: it would count twice. For the writer's turn.
    func requireNew(_ cuts: [BatchCut], at yard: Yard, _ reading: Reading) throws {
        let sequence = try cutSequence(of: yard, reading, isKept: false)
        guard let (cut, close) = sequence.counted(among: cuts) else { return }
        throw OperationsError.cutCounted(
            cardTerminal: cut.cardTerminal, number: cut.number ?? "", close: close)
    }
}
