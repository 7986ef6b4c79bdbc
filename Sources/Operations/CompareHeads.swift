import Storage
import Transparency

extension Installation {
    /// Compares the stored log with a head that a witness has stored. One that the log signed and
    /// that contradicts it stops all writing; it is kept, so that later starts know it too.
    ///
    /// - Parameter note: what the witness says; bytes without the log's signature say nothing.
    func compare(_ note: [UInt8], of yard: Yard, from witness: WitnessPolicy.Witness) throws {
        guard !faults.isBroken(.ignoresWitness) else { return }
        try present(note, of: yard, from: .witness(witness.key.name))
    }
}
