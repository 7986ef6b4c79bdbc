package import Signing
package import Transparency
package import Units

/// A terminal's next key, as the terminal announced it with the one in force.
package struct AnnouncedKey: Hashable, Sendable {
    package let terminal: TerminalID
    package let key: ES256PublicKey
    /// A ``KeyAnnouncement`` as compact JWS by the key in force.
    package let announcement: [UInt8]
    /// The same payload, signed by the new key.
    package let possession: [UInt8]

    package init(
        terminal: TerminalID, key: ES256PublicKey, announcement: [UInt8], possession: [UInt8]
    ) {
        self.terminal = terminal
        self.key = key
        self.announcement = announcement
        self.possession = possession
    }
}

/// A terminal's key gives way to one that the terminal itself announced.
package struct KeyRotation: Hashable, Sendable {
    package let announced: AnnouncedKey
    package let approvedBy: PersonID

    package init(announced: AnnouncedKey, approvedBy: PersonID) {
        self.announced = announced
        self.approvedBy = approvedBy
    }
}

/// No key of a terminal is trusted any more. What it says from this log position on is recorded
/// with ``RecordFlag/revokedKey`` and counts only by a ``RecordDecision``.
package struct KeyRevocation: Hashable, Sendable {
    package let terminal: TerminalID
    /// Thumbprint of the key that was in force.
    package let kid: String
    /// The last sequence number that is trusted; 0 if none is.
    package let trusted: Int64
    /// Its log index; nil if none is trusted.
    package let trustedIndex: Int64?
    package let reason: String
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        terminal: TerminalID, kid: String, trusted: Int64, trustedIndex: Int64?, reason: String,
        requestedBy: PersonID, approvedBy: PersonID
    ) {
        self.terminal = terminal
        self.kid = kid
        self.trusted = trusted
        self.trustedIndex = trustedIndex
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }
}

/// Whether a record that came under a revoked key counts.
package struct RecordDecision: Hashable, Sendable {
    package let terminal: TerminalID
    package let sequence: Int64
    /// Log index of the record.
    package let index: Int64
    package let counts: Bool
    package let reason: String
    package let decidedBy: PersonID

    package init(
        terminal: TerminalID, sequence: Int64, index: Int64, counts: Bool, reason: String,
        decidedBy: PersonID
    ) {
        self.terminal = terminal
        self.sequence = sequence
        self.index = index
        self.counts = counts
        self.reason = reason
        self.decidedBy = decidedBy
    }
}

/// The checkpoints of a log are signed by another key from here on.
package struct LogKeyRotation: Hashable, Sendable {
    /// The new key, under the same name.
    package let key: VerifierKey
    /// A checkpoint over the entries before this one, signed by both keys.
    package let checkpoint: [UInt8]
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        key: VerifierKey, checkpoint: [UInt8], requestedBy: PersonID, approvedBy: PersonID
    ) {
        self.key = key
        self.checkpoint = checkpoint
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }
}

/// The server's records are signed by another key from the next one on.
package struct RecordKeyRotation: Hashable, Sendable {
    package let key: ES256PublicKey
    /// A ``KeyAnnouncement`` without terminal as compact JWS by the new key; the old one signs the
    /// record itself.
    package let possession: [UInt8]
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        key: ES256PublicKey, possession: [UInt8], requestedBy: PersonID, approvedBy: PersonID
    ) {
        self.key = key
        self.possession = possession
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }
}
