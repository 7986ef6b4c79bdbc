import Text
package import Units

/// What an admission found odd about a genuine record; it is recorded all the same.
package enum RecordFlag: String, Hashable, Sendable, CaseIterable {
    /// Sequence numbers before this one have not arrived yet.
    case gap
    /// This record fills an earlier gap.
    case late
    /// The hash of the record before does not fit.
    case previousHash = "previous-hash"
    /// The terminal's clock is more than five minutes ahead of the server's.
    case clockSkew = "clock-skew"
    /// The server's own price differs.
    case priceDiffers = "price-differs"
    /// The tariff file is not one in force at this yard on that day.
    case tariffUnknown = "tariff-unknown"
    /// The terminal was in quarantine.
    case quarantined
    /// The original is not recorded (yet); the record changes nothing.
    case originalMissing = "original-missing"
    /// Less is left of the original, or its lines and tax are others.
    case aboveRemainder = "above-remainder"
    /// By the server's own quota state the price differs.
    case quotaDiffers = "quota-differs"
    /// The server's own clock was set back: it shows more than two seconds before the time of the
    /// entry before this one.
    case serverClock = "server-clock"
    /// Signed by a key that its terminal replaced, and numbered above a record of its successor.
    case retiredKey = "retired-key"
    /// The terminal's keys were revoked: left out of totals until somebody decides.
    case revokedKey = "revoked-key"
    /// A text beside it held a card number and was not kept, or one that is signed holds one.
    case cardNumber = "card-number"
    /// A void that its terminal alone was not allowed (``TerminalRecord/isLateVoid(of:inClose:)``).
    case voidLate = "void-late"
    /// The plate beside it has a letter that is none of A–Z, Ä, Ö, Ü.
    case plateAlphabet = "plate-alphabet"
    /// A resolution of a payment that was not unknown, or resolved before; it changes nothing.
    case outcomeKnown = "outcome-known"
}

/// The bytes of one log entry (docs/formats/journal.md; trust.md 4.3).
package struct LogEntry: Hashable, Sendable {
    package let kind: RecordKind
    /// When the server received it.
    package let received: Timestamp
    /// ASCII.
    package let jws: [UInt8]
    /// In the order of ``RecordFlag``'s cases.
    package let flags: [RecordFlag]

    package init(kind: RecordKind, received: Timestamp, jws: [UInt8], flags: Set<RecordFlag>) {
        self.kind = kind
        self.received = received
        self.jws = jws
        self.flags = RecordFlag.allCases.filter(flags.contains)
    }

    package static let bytesMax = 16_384

    /// Whether it counts only by a ``RecordDecision``.
    package var isWithheld: Bool { flags.contains(.revokedKey) }

    package var bytes: [UInt8] {
        let (head, tail) = (self.head, self.tail)
        var out: [UInt8] = []
        out.reserveCapacity(head.count + jws.count + tail.count)
        out += head
        out += jws
        out += tail
        return out
    }

    /// What stands before the envelope.
    private var head: [UInt8] {
        Array("wsh-entry/v1\nkind \(kind.rawValue)\nrx \(received.iso)\njws ".utf8)
    }

    /// What stands behind it.
    private var tail: [UInt8] {
        guard !flags.isEmpty else { return [0x0A] }
        return Array("\nflags \(flags.map(\.rawValue).joined(separator: ","))\n".utf8)
    }

    /// Reads ``bytes``; nil for anything that this writer would not write.
    package init?(bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax else { return nil }
        var lines = EntryLines(bytes: bytes)
        guard lines.next("wsh-entry/v1")?.isEmpty == true,
            let kind = lines.next("kind ").flatMap({
                RecordKind(rawValue: String(decoding: $0, as: UTF8.self))
            }),
            let received = lines.next("rx ").flatMap({
                Timestamp(iso: String(decoding: $0, as: UTF8.self))
            }),
            let jws = lines.next("jws ")
        else { return nil }
        var flags: Set<RecordFlag> = []
        if !lines.isAtEnd {
            guard let value = lines.next("flags "), lines.isAtEnd else { return nil }
            for name in value.split(separator: 0x2C, omittingEmptySubsequences: false) {
                guard let flag = RecordFlag(rawValue: String(decoding: name, as: UTF8.self)) else {
                    return nil
                }
                flags.insert(flag)
            }
        }
        self.init(kind: kind, received: received, jws: Array(jws), flags: flags)
        // Each of them has one spelling. The envelope, which is long, was copied and is the same.
        let (head, tail) = (self.head, self.tail)
        guard head.count + jws.count + tail.count == bytes.count, bytes.starts(with: head),
            bytes[(bytes.count - tail.count)...].elementsEqual(tail)
        else { return nil }
    }
}

/// Takes an entry apart line by line.
private struct EntryLines {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    /// What follows `name` in the next line; nil if it begins otherwise or does not end.
    mutating func next(_ name: String) -> ArraySlice<UInt8>? {
        let start = place
        guard let end = bytes.place(of: 0x0A, from: start),
            bytes[start..<end].starts(with: name.utf8)
        else { return nil }
        place = end + 1
        return bytes[(start + name.utf8.count)..<end]
    }
}
