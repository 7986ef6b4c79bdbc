package import Signing
import Text

/// A proof file (C2SP tlog-proof, draft of 9 July 2026): all that shows an entry to be in a log
/// to whoever has the entry and the log's key.
package struct TlogProof: Hashable, Sendable {
    /// Bytes beside the proof that nothing vouches for.
    package let extra: [UInt8]?
    /// The entry's place in the log; not below 0.
    package let index: Int64
    /// From the leaf's sibling up; none for a log of one entry.
    package let path: [Digest]
    /// The checkpoint that the path leads to, with its signatures.
    package let checkpoint: SignedNote

    /// No path is longer: a tree of 2^63-1 leaves has 63 levels.
    package static let pathCountMax = 63
    private static let firstLine = "c2sp.org/tlog-proof@v1"

    /// Nil if `index` is below 0 or `path` longer than ``pathCountMax``.
    package init?(index: Int64, path: [Digest], checkpoint: SignedNote, extra: [UInt8]? = nil) {
        guard index >= 0, path.count <= Self.pathCountMax else { return nil }
        self.extra = extra
        self.index = index
        self.path = path
        self.checkpoint = checkpoint
    }

    /// The file's text.
    package var text: String {
        var out = Array("\(Self.firstLine)\n".utf8)
        out.reserveCapacity(512 + 45 * path.count)
        if let extra { out += "extra \(Base64.encode(extra))\n".utf8 }
        out += "index \(index)\n".utf8
        for hash in path {
            out += hash.withUnsafeBytes { Base64.encodedBytes($0) }
            out.append(0x0A)
        }
        out.append(0x0A)
        out += checkpoint.bytes
        return String(decoding: out, as: UTF8.self)
    }

    /// The proof that `bytes` are the exact text of.
    ///
    /// - Throws: ``ProofError/malformed(line:)`` with the first wrong line, or
    ///   ``ProofError/note(_:)``.
    package static func parse(_ bytes: [UInt8]) throws(ProofError) -> TlogProof {
        var lines = LineReader(bytes)
        guard try lines.required().hasSameBytes(as: firstLine) else { throw lines.malformed }
        var line = try lines.required()
        var extra: [UInt8]?
        if let text = line.value(of: "extra") {
            extra = Base64.decode(text)
            guard extra != nil else { throw lines.malformed }
            line = try lines.required()
        }
        guard let index = line.value(of: "index").flatMap({ DecimalText.decode($0) }) else {
            throw lines.malformed
        }
        var path: [Digest] = []
        line = try lines.required()
        while !line.isEmpty {
            guard let hash = Digest(base64: line), path.count < pathCountMax else {
                throw lines.malformed
            }
            path.append(hash)
            line = try lines.required()
        }
        let note = try parseNote(Array(lines.rest))
        guard let proof = TlogProof(index: index, path: path, checkpoint: note, extra: extra) else {
            throw lines.malformed
        }
        return proof
    }

    private static func parseNote(_ bytes: [UInt8]) throws(ProofError) -> SignedNote {
        do {
            return try SignedNote.parse(bytes)
        } catch {
            throw .note(error)
        }
    }

    /// Makes sure that `entry` is in the log of the key `log`.
    ///
    /// - Parameter witnesses: keys whose signatures are checked where the checkpoint bears them.
    /// - Returns: the checkpoint and the keys, the log's among them, that signed it. Whether these
    ///   are enough witnesses is the caller's policy.
    /// - Throws: ``ProofError``: note (a wrong signature, none known); log not among the signers;
    ///   checkpoint; origin; inclusion.
    @discardableResult
    package func verify(
        entry: [UInt8], log: VerifierKey, witnesses: [VerifierKey] = []
    ) throws(ProofError) -> (checkpoint: Checkpoint, signers: [VerifierKey]) {
        let signers: [VerifierKey]
        do {
            signers = try checkpoint.verified(by: [log] + witnesses)
        } catch {
            throw .note(error)
        }
        guard signers.contains(log) else { throw .notSignedByLog }
        guard let head = Checkpoint(body: checkpoint.text) else { throw .checkpoint }
        guard head.origin.hasSameBytes(as: log.name) else { throw .origin(found: head.origin) }
        let isIncluded = InclusionProof.isValid(
            index: index, size: head.size, leaf: MerkleTree.leafHash(entry), path: path,
            root: head.root)
        guard isIncluded else { throw .notIncluded(index: index, size: head.size) }
        return (head, signers)
    }
}

/// Why bytes are no proof, or a proof does not show what it should.
package enum ProofError: Error, Hashable, Sendable {
    /// The line with this number, counted from 1, is not as the format wants it.
    case malformed(line: Int)
    /// The checkpoint's note is malformed, has a wrong signature or none that is known.
    case note(NoteError)
    /// Witnesses signed, the log did not.
    case notSignedByLog
    /// The signed text is no checkpoint.
    case checkpoint
    /// The checkpoint is of another log.
    case origin(found: String)
    /// The path does not lead from the entry at this index to the root.
    case notIncluded(index: Int64, size: Int64)

    /// The stable name of the kind of error.
    package var code: String {
        switch self {
        case .malformed: "malformed"
        case .note(let error): error.code
        case .notSignedByLog: "not-signed-by-log"
        case .checkpoint: "checkpoint"
        case .origin: "origin"
        case .notIncluded: "not-included"
        }
    }
}

extension LineReader {
    /// The error that the line read last is wrong.
    fileprivate var malformed: ProofError { .malformed(line: number) }

    /// The next line; an error if there is none.
    fileprivate mutating func required() throws(ProofError) -> String {
        guard let line = next() else { throw malformed }
        return line
    }
}
