import Sales
package import Signing
import Text
package import Transparency
package import Units

/// Two people accept that entries of the log are lost: it ends, and the journal goes on in another
/// log with a name and a key of its own (docs/decisions/0013-a-loss-ends-the-log.md).
package struct JournalLoss: Hashable, Sendable {
    /// A head that contradicts what is left, and who remembered it.
    package struct Head: Hashable, Sendable {
        package let size: Int64
        package let root: Digest
        /// In words: `the head file`, `the terminal t1`.
        package let knownBy: String
        /// The signed checkpoint.
        package let note: [UInt8]

        package init(size: Int64, root: Digest, knownBy: String, note: [UInt8]) {
            self.size = size
            self.root = root
            self.knownBy = knownBy
            self.note = note
        }
    }

    /// The key of the log that follows; its name is that log's.
    package let key: VerifierKey
    /// What the old log says last: a note that its key signed (``endText(of:size:root:next:)``).
    package let end: [UInt8]
    /// The first index at which the lost entries may have stood.
    package let first: Int64
    /// What contradicts, the largest last; at least one.
    package let heads: [Head]
    package let reason: String
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        key: VerifierKey, end: [UInt8], first: Int64, heads: [Head], reason: String,
        requestedBy: PersonID, approvedBy: PersonID
    ) {
        self.key = key
        self.end = end
        self.first = first
        self.heads = heads
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }

    /// More heads are not named: the largest ones say it all.
    package static let headCountMax = 8

    /// What the old log's key signs last. It is no checkpoint, so it can never pass for one.
    ///
    /// - Parameters:
    ///   - size: entries that are kept; the record of the loss is the next one.
    ///   - root: over these.
    package static func endText(of log: String, size: Int64, root: Digest, next: VerifierKey)
        -> String
    {
        "hofbuch-log-end/v1\n\(log)\n\(size)\n\(root.base64)\n\(next.text)\n"
    }

    /// The root over the kept entries, if `old` said that its log ends with so many of them and
    /// goes on under ``key``.
    ///
    /// - Throws: ``KeyBookError/loss``.
    package func keptRoot(size: Int64, endedBy old: VerifierKey) throws(KeyBookError) -> Digest {
        do {
            let note = try SignedNote.parse(end)
            guard try note.verified(by: [old]) == [old] else { throw KeyBookError.loss }
            let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count == 6, let root = Digest(base64: String(lines[3])),
                note.text.hasSameBytes(
                    as: Self.endText(of: old.name, size: size, root: root, next: key))
            else { throw KeyBookError.loss }
            return root
        } catch {
            throw .loss
        }
    }
}

extension JournalLoss {
    var members: [JSONValue.Member] {
        [
            .init("key", .string(key.text)), .init("end", .string(Base64URL.encode(end))),
            .init("first", .integer(first)), .init("heads", .array(heads.map(\.json))),
            .init("reason", .string(reason)), .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        guard let key = VerifierKey(try reader.string("key")), key.kind == .note else {
            throw reader.problem("key", wanted: "a verifier key of a log")
        }
        guard let end = Base64URL.decode(try reader.string("end")) else {
            throw reader.problem("end", wanted: "a signed note in base64url")
        }
        let first = try reader.integer("first", in: 0...StrictJSON.numberMax)
        let heads = try reader.list("heads", Head.init(json:path:))
        guard (1...Self.headCountMax).contains(heads.count) else {
            throw reader.problem("heads", wanted: "one to \(Self.headCountMax) heads")
        }
        self.init(
            key: key, end: end, first: first, heads: heads, reason: try reader.string("reason"),
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension JournalLoss.Head {
    fileprivate var json: JSONValue {
        .fields([
            "size": .integer(size), "root": .string(root.hex), "knownBy": .string(knownBy),
            "checkpoint": .string(Base64URL.encode(note)),
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        let size = try reader.integer("size", in: 0...StrictJSON.numberMax)
        let root = try reader.parsed("root", as: "64 hexadecimal digits", Digest.init(hex:))
        let knownBy = try reader.string("knownBy")
        guard let note = Base64URL.decode(try reader.string("checkpoint")) else {
            throw reader.problem("checkpoint", wanted: "a signed checkpoint in base64url")
        }
        try reader.finish()
        self.init(size: size, root: root, knownBy: knownBy, note: note)
    }
}
