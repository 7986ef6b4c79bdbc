import Sales
import Signing
package import Text
import Transparency
import Units

extension AnnouncedKey {
    /// The members of the JSON form, without brackets.
    package var members: [JSONValue.Member] {
        [
            .init("terminal", .string(terminal.text)),
            .init("key", .string(Base64URL.encode(key.raw))),
            .init("announcement", .ascii(announcement)), .init("possession", .ascii(possession)),
        ]
    }

    /// Reads ``members`` off an object.
    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            terminal: try reader.identifier("terminal"), key: try reader.publicKey("key"),
            announcement: Array(try reader.string("announcement").utf8),
            possession: Array(try reader.string("possession").utf8))
    }
}

extension KeyRotation {
    var members: [JSONValue.Member] {
        announced.members + [.init("approvedBy", .string(approvedBy.text))]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            announced: try AnnouncedKey(from: &reader),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension KeyRevocation {
    var members: [JSONValue.Member] {
        [
            .init("terminal", .string(terminal.text)), .init("kid", .string(kid)),
            .init("trusted", .integer(trusted)),
            .init("trustedIndex", trustedIndex.map { .integer($0) } ?? .null),
            .init("reason", .string(reason)), .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        let (terminal, kid): (TerminalID, String) = (
            try reader.identifier("terminal"), try reader.string("kid")
        )
        let trusted = try reader.integer("trusted", in: 0...StrictJSON.numberMax)
        let index: Int64? =
            if try reader.value("trustedIndex") == .null {
                nil
            } else {
                try reader.integer("trustedIndex", in: 0...StrictJSON.numberMax)
            }
        guard (index == nil) == (trusted == 0) else {
            throw reader.problem("trustedIndex", wanted: "null exactly if trusted is 0")
        }
        self.init(
            terminal: terminal, kid: kid, trusted: trusted, trustedIndex: index,
            reason: try reader.string("reason"),
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension RecordDecision {
    var members: [JSONValue.Member] {
        [
            .init("terminal", .string(terminal.text)), .init("seq", .integer(sequence)),
            .init("index", .integer(index)), .init("counts", .bool(counts)),
            .init("reason", .string(reason)), .init("decidedBy", .string(decidedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            terminal: try reader.identifier("terminal"),
            sequence: try reader.integer("seq", in: 1...StrictJSON.numberMax),
            index: try reader.integer("index", in: 0...StrictJSON.numberMax),
            counts: try reader.bool("counts"), reason: try reader.string("reason"),
            decidedBy: try reader.identifier("decidedBy"))
    }
}

extension LogKeyRotation {
    var members: [JSONValue.Member] {
        [
            .init("key", .string(key.text)),
            // A note has line ends, which the strict profile does not allow in strings.
            .init("checkpoint", .string(Base64URL.encode(checkpoint))),
            .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        guard let key = VerifierKey(try reader.string("key")), key.kind == .note else {
            throw reader.problem("key", wanted: "a verifier key of a log")
        }
        guard let checkpoint = Base64URL.decode(try reader.string("checkpoint")) else {
            throw reader.problem("checkpoint", wanted: "a signed checkpoint in base64url")
        }
        self.init(
            key: key, checkpoint: checkpoint,
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension RecordKeyRotation {
    var members: [JSONValue.Member] {
        [
            .init("key", .string(Base64URL.encode(key.raw))),
            .init("possession", .ascii(possession)),
            .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            key: try reader.publicKey("key"),
            possession: Array(try reader.string("possession").utf8),
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension JSONValue {
    /// A compact JWS as a string.
    fileprivate static func ascii(_ bytes: [UInt8]) -> JSONValue {
        .string(String(decoding: bytes, as: UTF8.self))
    }
}
