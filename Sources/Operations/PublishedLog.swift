import Signing
import Storage
package import Transparency

/// What a yard's log shows to everybody, and to those who may read entries. None of it goes
/// through the writer, so that nobody who asks can hold up a sale.
extension Installation {
    /// The newest stored checkpoint with its cosignatures; nil in a log that was only just
    /// founded.
    package func publishedCheckpoint(of yard: Yard) throws -> SignedNote? {
        try published(yard) { try $0.newestCheckpoint() }
    }

    /// The newest checkpoint that enough witnesses cosigned; nil if there is none.
    package func witnessedCheckpoint(of yard: Yard) throws -> SignedNote? {
        try published(yard) { log in
            try log.newestWitnessedSize(witnessing.policy).flatMap { try log.checkpoint(size: $0) }
        }
    }

    /// The tile or bundle at a path; nil for one that reaches beyond the log's end.
    package func logFile(_ path: TilePath, of yard: Yard) throws -> [UInt8]? {
        try published(yard) { try $0.file(path) }
    }

    /// The proof of an entry to the first witnessed checkpoint over it, else to the newest one.
    ///
    /// - Throws: ``OperationsError/notPublished(index:)`` if no stored checkpoint covers it.
    package func publishedProof(of index: Int64, in yard: Yard) throws -> TlogProof {
        let proof = try published(yard) { try $0.proof(of: index, witnessing.policy) }
        guard let proof else { throw OperationsError.notPublished(index: index) }
        return proof
    }

    /// The lines of a consistency proof: one base64 hash each, with its line end.
    ///
    /// - Throws: ``OperationsError/sizesInvalid(from:to:size:)`` unless 0 < `old` ≤ `new` ≤ size.
    package func consistencyProof(from old: Int64, to new: Int64, of yard: Yard) throws -> String {
        try published(yard) { log in
            let size = try log.size()
            guard old > 0, old <= new, new <= size else {
                throw OperationsError.sizesInvalid(from: old, to: new, size: size)
            }
            return try log.consistency(from: old, to: new).map { "\($0.base64)\n" }.joined()
        }
    }

    /// The policy file for whoever checks this yard's log: its keys, the witnesses and the quorum.
    package func publishedPolicy(of yard: Yard) throws -> String {
        try published(yard) { witnessing.policy.text(for: try $0.logKeys()) }
    }

    func published<Value>(_ yard: Yard, _ body: (LogReader) throws -> Value) throws -> Value {
        try database.read { reading in
            try body(
                LogReader(
                    reading: reading,
                    yard: YardRow(number: yard.number, id: yard.id, origin: yard.origin)))
        }
    }
}
