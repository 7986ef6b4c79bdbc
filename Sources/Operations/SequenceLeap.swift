import Journal
import Storage

extension Batch {
    /// Why a record above a terminal's highest number is refused; nil if it is not.
    ///
    /// Records never go, so that what was counted once is still there: a terminal is counted again
    /// only where that does not suffice. Numbers overtake each other all the time.
    func leap(to sequence: Int64, of terminal: Int64, after chain: ChainSurroundings) throws
        -> EnvelopeRefusal?
    {
        guard sequence > chain.highest + 1 else { return nil }
        func leavesTooManyOpen(_ count: Int64) -> Bool {
            sequence - 1 - count > AdmissionDecision.openNumbersMax
        }
        guard leavesTooManyOpen(recent.countAtLeast(of: terminal)) else { return nil }
        let count = try transaction.reading
            .sequenceHead(terminal: terminal, before: LogPosition(.max)).count
        recent.note(count: count, of: terminal)
        return leavesTooManyOpen(count)
            ? .sequenceLeap(found: sequence, highest: chain.highest) : nil
    }
}
