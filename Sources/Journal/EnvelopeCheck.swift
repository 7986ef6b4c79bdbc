import Sales
package import Signing
package import Units

/// A key that the register knows, with what it may say.
package struct RegisteredKey: Hashable, Sendable {
    package let key: ES256PublicKey
    /// Its thumbprint.
    package let kid: String
    package let terminal: TerminalID
    package let yard: YardID
    /// Log position of the enrolment: the key is valid for positions after it.
    package let enrolledAt: Int64
    /// Log position of the rotation that replaced it; nil for a terminal's last key.
    package let replacedAt: Int64?
    /// Whether it replaced another key itself.
    package let isSuccessor: Bool

    package init(
        key: ES256PublicKey, terminal: TerminalID, yard: YardID, enrolledAt: Int64,
        replacedAt: Int64? = nil, isSuccessor: Bool = false
    ) {
        self.key = key
        kid = key.thumbprint
        self.terminal = terminal
        self.yard = yard
        self.enrolledAt = enrolledAt
        self.replacedAt = replacedAt
        self.isSuccessor = isSuccessor
    }
}

/// Why an envelope is refused: it is unauthenticated or malformed, or not for this log.
/// Everything genuine is recorded (trust.md D10).
package enum EnvelopeRefusal: Error, Hashable, Sendable {
    case tooLarge(bytes: Int)
    case malformedJWS(JWSError)
    case wrongType(found: String)
    case unknownKey(kid: String)
    case badSignature(kid: String)
    case malformedPayload(PayloadError)
    case wrongYard(found: String, wanted: String)
    case wrongLog(found: String, wanted: String)
    case wrongTerminal(found: String, wanted: String)
    /// A personal value without a digest, a digest without a value, or the two do not fit.
    case personalMismatch(field: PersonalField)
    /// So far above the highest recorded number that more than
    /// ``AdmissionDecision/openNumbersMax`` numbers would be open.
    case sequenceLeap(found: Int64, highest: Int64)

    /// Stable code (docs/errors/envelope.md).
    package var code: String {
        switch self {
        case .tooLarge: "envelope-too-large"
        case .malformedJWS: "jws-malformed"
        case .wrongType: "jws-type"
        case .unknownKey: "key-unknown"
        case .badSignature: "signature-wrong"
        case .malformedPayload: "payload-malformed"
        case .wrongYard: "yard-wrong"
        case .wrongLog: "log-wrong"
        case .wrongTerminal: "terminal-wrong"
        case .personalMismatch: "personal-mismatch"
        case .sequenceLeap: "sequence-leap"
        }
    }
}

/// An envelope whose signature, shape, audience and personal data are right.
package struct CheckedEnvelope: Hashable, Sendable {
    package let envelope: Envelope
    package let record: TerminalRecord
    /// SHA-256 of the received signing input: what makes two envelopes the same statement.
    package let statement: Digest
    package let key: RegisteredKey
}

extension Envelope {
    /// Checks 1 to 7 of trust.md 5.2, in that order, then the personal data; needs no database.
    ///
    /// - Parameter keys: the register by key id.
    package func checked(
        yard: YardID, log: String, keys: (String) -> RegisteredKey?
    ) throws(EnvelopeRefusal) -> CheckedEnvelope {
        guard jws.count <= Self.jwsBytesMax else { throw .tooLarge(bytes: jws.count) }
        let parts: CompactJWS
        do { parts = try CompactJWS.parse(jws) } catch { throw .malformedJWS(error) }
        guard parts.typ == TerminalRecord.typ else { throw .wrongType(found: parts.typ) }
        guard let key = keys(parts.kid) else { throw .unknownKey(kid: parts.kid) }
        guard parts.isSigned(by: key.key) else {
            throw .badSignature(kid: parts.kid)
        }
        let record: TerminalRecord
        do { record = try TerminalRecord(payload: parts.payload) } catch {
            throw .malformedPayload(error)
        }
        guard record.head.yard == yard, key.yard == yard else {
            throw .wrongYard(found: record.head.yard.text, wanted: yard.text)
        }
        guard record.head.log == log else {
            throw .wrongLog(found: record.head.log, wanted: log)
        }
        guard record.head.terminal == key.terminal else {
            throw .wrongTerminal(found: record.head.terminal.text, wanted: key.terminal.text)
        }
        try checkPersonal(against: record.personal)
        return CheckedEnvelope(
            envelope: self, record: record, statement: parts.signingInputDigest, key: key)
    }

    private func checkPersonal(against digests: [PersonalDigest]) throws(EnvelopeRefusal) {
        for disclosure in disclosures where !digests.contains(disclosure.digest) {
            throw .personalMismatch(field: disclosure.name)
        }
        let names = disclosures.map(\.name)
        for name in PersonalField.allCases {
            let given = names.count { $0 == name }
            guard given == digests.count(where: { $0.name == name }) else {
                throw .personalMismatch(field: name)
            }
        }
    }
}
