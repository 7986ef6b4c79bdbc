package import Signing
package import Units

/// What the journal holds around a sequence number of a terminal, read beforehand.
package struct ChainSurroundings: Hashable, Sendable {
    /// A recorded statement with its place.
    package struct Recorded: Hashable, Sendable {
        package let index: Int64
        package let statement: Digest
        /// The hash of the record before that it names.
        package let previous: Digest
        /// When it was signed, by the terminal's clock.
        package let at: Timestamp

        package init(index: Int64, statement: Digest, previous: Digest, at: Timestamp) {
            self.index = index
            self.statement = statement
            self.previous = previous
            self.at = at
        }
    }

    /// The highest recorded sequence number; 0 if there is none.
    package let highest: Int64
    package let same: Recorded?
    package let before: Recorded?
    package let after: Recorded?
    package let isQuarantined: Bool
    /// Whether the terminal's keys were revoked.
    package let isRevoked: Bool

    package init(
        highest: Int64, same: Recorded?, before: Recorded?, after: Recorded?, isQuarantined: Bool,
        isRevoked: Bool = false
    ) {
        self.highest = highest
        self.same = same
        self.before = before
        self.after = after
        self.isQuarantined = isQuarantined
        self.isRevoked = isRevoked
    }
}

extension ChainSurroundings {
    /// By how many milliseconds a terminal's clock may be wrong (trust.md 8, A6).
    package static let clockTolerance: Int64 = 300_000

    /// Whether a record signed at `time` is older than the one before it, or younger than the one
    /// behind it, by more than a clock may be wrong: then the clock was put back between them.
    fileprivate func isBackdated(_ time: Timestamp) -> Bool {
        func isFar(_ earlier: Timestamp, before later: Timestamp) -> Bool {
            later.milliseconds - earlier.milliseconds > Self.clockTolerance
        }
        return before.map { isFar(time, before: $0.at) } ?? false
            || after.map { isFar($0.at, before: time) } ?? false
    }
}

/// What becomes of a checked envelope (design decision 3; trust.md 5.3).
package enum AdmissionDecision: Hashable, Sendable {
    case record(flags: Set<RecordFlag>, quarantine: Bool)
    /// The same statement again: the old place with a fresh proof.
    case repeats(index: Int64)
    /// The same identity with another statement: kept as evidence, the terminal is quarantined.
    case equivocates(with: Int64)
}

extension AdmissionDecision {
    /// How many numbers of one terminal may be open at the same time. A terminal counts without
    /// gaps and sends in order; each open number is named in every close, so there must be an end
    /// to them.
    package static let openNumbersMax: Int64 = 100_000

    /// Decides by sequence number, statement and chain; business checks add their flags later.
    ///
    /// - Parameter successorFirst: the lowest number recorded under a key that replaced the
    ///   envelope's; nil if there is none.
    package static func decide(
        _ envelope: CheckedEnvelope, in chain: ChainSurroundings, successorFirst: Int64? = nil
    ) -> AdmissionDecision {
        let head = envelope.record.head
        if let same = chain.same {
            return same.statement == envelope.statement
                ? .repeats(index: same.index) : .equivocates(with: same.index)
        }
        var flags: Set<RecordFlag> = chain.isQuarantined ? [.quarantined] : []
        if chain.isRevoked { flags.insert(.revokedKey) }
        let isRetired = successorFirst.map { head.sequence > $0 } ?? false
        if isRetired, !chain.isRevoked { flags.insert(.retiredKey) }
        if head.sequence > chain.highest + 1 { flags.insert(.gap) }
        if head.sequence <= chain.highest { flags.insert(.late) }
        if chain.isBackdated(head.at) { flags.insert(.clockSkew) }
        let expected = head.sequence == 1 ? RecordHead.genesisPrevious : chain.before?.statement
        let fitsBefore = expected.map { $0 == head.previous } ?? true
        let fitsAfter = chain.after.map { $0.previous == envelope.statement } ?? true
        guard fitsBefore, fitsAfter else {
            return .record(flags: flags.union([.previousHash]), quarantine: true)
        }
        return .record(flags: flags, quarantine: isRetired)
    }
}
