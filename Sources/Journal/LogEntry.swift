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
    /// The original is not recorded (yet), or less is left of it.
    case originalMissing = "original-missing"
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
    /// A text beside it held a card number and was not kept.
    case cardNumber = "card-number"
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
        var out: [UInt8] = []
        out.reserveCapacity(jws.count + 160)
        out += "wsh-entry/v1\nkind \(kind.rawValue)\nrx \(received.iso)\njws ".utf8
        out += jws
        out.append(0x0A)
        if !flags.isEmpty {
            out += "flags \(flags.map(\.rawValue).joined(separator: ","))\n".utf8
        }
        return out
    }

    /// Reads ``bytes``; nil for anything that this writer would not write.
    package init?(bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax, bytes.last == 0x0A else { return nil }
        let lines = bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
        guard (4...5).contains(lines.count), lines[0].elementsEqual("wsh-entry/v1".utf8),
            let kind = Self.value(lines[1], "kind ").flatMap({
                RecordKind(rawValue: String(decoding: $0, as: UTF8.self))
            }),
            let received = Self.value(lines[2], "rx ").flatMap({
                Timestamp(iso: String(decoding: $0, as: UTF8.self))
            }),
            let jws = Self.value(lines[3], "jws ")
        else { return nil }
        var flags: [RecordFlag] = []
        if lines.count == 5 {
            guard let value = Self.value(lines[4], "flags ") else { return nil }
            for name in value.split(separator: 0x2C, omittingEmptySubsequences: false) {
                guard let flag = RecordFlag(rawValue: String(decoding: name, as: UTF8.self)) else {
                    return nil
                }
                flags.append(flag)
            }
        }
        self.init(kind: kind, received: received, jws: Array(jws), flags: Set(flags))
        guard self.bytes == bytes else { return nil }
    }

    private static func value(_ line: ArraySlice<UInt8>, _ name: String) -> ArraySlice<UInt8>? {
        guard line.starts(with: name.utf8) else { return nil }
        return line.dropFirst(name.utf8.count)
    }
}
