import Foundation
import Keys
import Logging
import Storage
import Transparency
import Units

extension Installation {
    /// Compares the stored log with a head that a witness has stored. One that the log signed and
    /// that contradicts it stops all writing; it is kept, so that later starts know it too.
    ///
    /// - Parameter note: what the witness says; bytes without the log's signature say nothing.
    func compare(_ note: [UInt8], of yard: Yard, from witness: WitnessPolicy.Witness) throws {
        guard !faults.isBroken(.ignoresWitness) else { return }
        guard try !present(note, of: yard, from: .witness(witness.key.name)) else { return }
        try DurableFile.replace(path: contradiction(of: yard), with: note)
    }

    /// Compares the log with the head that contradicted it before, if there is one; when the newest
    /// copy is back, it fits again.
    func compareKept(of yard: Yard) throws {
        guard let note = FileManager.default.contents(atPath: contradiction(of: yard)) else {
            return
        }
        try present(Array(note), of: yard, from: .witness("kept in \(contradiction(of: yard))"))
    }

    private func contradiction(of yard: Yard) -> String {
        "\(directory.witness)/contradiction-\(yard.id.text)"
    }
}
