import Journal
import Storage
import Units

extension Reading {
    /// Why a record above a terminal's highest number is refused; nil if it is not.
    ///
    /// Only a gap costs a look at how many records there are.
    func leap(
        to sequence: Int64, of terminal: Int64, after chain: ChainSurroundings
    ) throws -> EnvelopeRefusal? {
        guard sequence > chain.highest + 1 else { return nil }
        let end = LogPosition(.max)
        let head = try sequenceHead(terminal: terminal, before: end)
        guard sequence - 1 - head.count > AdmissionDecision.openNumbersMax else {
            return nil
        }
        return .sequenceLeap(found: sequence, highest: chain.highest)
    }
}
