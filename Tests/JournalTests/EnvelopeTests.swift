import Journal
import Keys
import Sales
import Signing
import Testing
import Text
import Units

struct EnvelopeTests {
    private let key: ES256PrivateKey
    private let register: [String: RegisteredKey]

    init() throws {
        key = try ES256PrivateKey.generate()
        register = [
            key.publicKey.thumbprint: RegisteredKey(
                key: key.publicKey, terminal: Samples.terminal, yard: Samples.yard, enrolledAt: 2)
        ]
    }

    /// What can be wrong with an envelope, in the documented order of the checks.
    private enum Fault: CaseIterable {
        case tooLarge, malformed, wrongType, unknownKey, badSignature, malformedPayload, wrongYard
        case wrongLog, wrongTerminal, personalMismatch

        var code: String {
            switch self {
            case .tooLarge: "envelope-too-large"
            case .malformed: "jws-malformed"
            case .wrongType: "jws-type"
            case .unknownKey: "key-unknown"
            case .badSignature: "signature-wrong"
            case .malformedPayload: "payload-malformed"
            case .wrongYard: "yard-wrong"
            case .wrongLog: "log-wrong"
            case .wrongTerminal: "terminal-wrong"
            case .personalMismatch: "personal-mismatch"
            }
        }
    }

    /// An envelope with these faults and no other.
    private func envelope(_ faults: Set<Fault>) throws -> Envelope {
        let record = Samples.record(
            .sale(Samples.sale()),
            log: faults.contains(.wrongLog) ? "other.example/log/hof-1" : Samples.log,
            yard: faults.contains(.wrongYard) ? Samples.named("hof-2") : Samples.yard,
            terminal: faults.contains(.wrongTerminal) ? Samples.named("t2") : Samples.terminal,
            personal: [Samples.disclosure(.plate)])
        var payload = record.payload
        if faults.contains(.malformedPayload) { payload[0] = 0x5B }
        if faults.contains(.tooLarge) {
            payload += [UInt8](repeating: 0x20, count: Envelope.jwsBytesMax)
        }
        let signer = try faults.contains(.unknownKey) ? ES256PrivateKey.generate() : key
        var jws = try signer.compactJWS(
            typ: faults.contains(.wrongType) ? "wsh-enrol+jws" : TerminalRecord.typ,
            kid: signer.publicKey.thumbprint, payload: payload)
        if faults.contains(.badSignature) {
            let last = jws.count - 10
            jws[last] = jws[last] == 0x41 ? 0x42 : 0x41
        }
        if faults.contains(.malformed) { jws.insert(0x2E, at: 0) }
        let value = faults.contains(.personalMismatch) ? "andere" : "Bau GmbH"
        return Envelope(jws: jws, disclosures: [Samples.disclosure(.plate, value)])
    }

    private func refusal(_ faults: Set<Fault>) throws -> String? {
        let envelope = try envelope(faults)
        do {
            _ = try envelope.checked(yard: Samples.yard, log: Samples.log) { register[$0] }
            return nil
        } catch { return error.code }
    }

    @Test func `a right envelope names record, statement and key`() throws {
        let envelope = try envelope([])
        let checked = try envelope.checked(yard: Samples.yard, log: Samples.log) { register[$0] }
        #expect(checked.record.head.sequence == 2)
        #expect(checked.statement == (try CompactJWS.parse(envelope.jws).signingInputDigest))
        #expect(checked.key.terminal == Samples.terminal)
    }

    @Test func `each fault has its code`() throws {
        for fault in Fault.allCases {
            #expect(try refusal([fault]) == fault.code, "\(fault)")
        }
    }

    @Test func `of two faults the earlier one is told`() throws {
        for (place, first) in Fault.allCases.enumerated() {
            for second in Fault.allCases.dropFirst(place + 1) {
                #expect(try refusal([first, second]) == first.code, "\(first) and \(second)")
            }
        }
    }

    @Test func `the limit of sixteen thousand bytes is exact`() throws {
        let at = Envelope(
            jws: [UInt8](repeating: 0x41, count: Envelope.jwsBytesMax), disclosures: [])
        let above = Envelope(jws: at.jws + [0x41], disclosures: [])
        #expect(throws: EnvelopeRefusal.malformedJWS(.partCount(found: 1))) {
            _ = try at.checked(yard: Samples.yard, log: Samples.log) { register[$0] }
        }
        #expect(throws: EnvelopeRefusal.tooLarge(bytes: Envelope.jwsBytesMax + 1)) {
            _ = try above.checked(yard: Samples.yard, log: Samples.log) { register[$0] }
        }
    }

    @Test func `a key enrolled at another yard does not speak here`() throws {
        let elsewhere = RegisteredKey(
            key: key.publicKey, terminal: Samples.terminal, yard: Samples.named("hof-2"),
            enrolledAt: 2)
        let envelope = try envelope([])
        #expect(throws: EnvelopeRefusal.wrongYard(found: "hof-1", wanted: "hof-1")) {
            _ = try envelope.checked(yard: Samples.yard, log: Samples.log) { _ in elsewhere }
        }
    }

    @Test func `personal values and digests stand one to one`() throws {
        let jws = try envelope([]).jws
        let plate = Samples.disclosure(.plate)
        for (disclosures, field) in [
            ([], PersonalField.plate), ([plate, plate], .plate),
            ([plate, Samples.disclosure(.note)], .note),
            ([Samples.disclosure(.customer)], .customer),
            (
                [
                    Disclosure(
                        name: .plate, salt: [UInt8](repeating: 8, count: 32), value: plate.value)
                ],
                .plate
            ),
        ] as [([Disclosure], PersonalField)] {
            #expect(throws: EnvelopeRefusal.personalMismatch(field: field)) {
                _ = try Envelope(jws: jws, disclosures: disclosures)
                    .checked(yard: Samples.yard, log: Samples.log) { register[$0] }
            }
        }
    }

    @Test func `envelope and acknowledgement read back from their JSON`() throws {
        let envelope = try envelope([])
        #expect(try Envelope(json: StrictJSON.parse(envelope.json.bytes)) == envelope)
        let acknowledgement = Acknowledgement(
            index: 7, isRepeat: true, flags: ["gap"], entry: Array("wsh\n".utf8), proof: "p\n\nq\n")
        #expect(try Acknowledgement(json: acknowledgement.json) == acknowledgement)
    }

    @Test func `a disclosure has a salt of 32 bytes and a value of 1 to 200 characters`()
        throws
    {
        func read(_ salt: Int, _ value: Int, of character: Character = "x") throws -> Disclosure {
            let disclosure = Disclosure(
                name: .note, salt: [UInt8](repeating: 1, count: salt),
                value: String(repeating: character, count: value))
            return try Disclosure(json: disclosure.json, path: "personal[0]")
        }
        _ = try read(32, 1)
        for character in ["x", "ü", "\u{1F600}"] as [Character] {
            _ = try read(32, 200, of: character)
            #expect(throws: JSONShapeError.self) { _ = try read(32, 201, of: character) }
        }
        for (salt, value) in [(31, 1), (33, 1), (32, 0), (32, 201)] {
            #expect(throws: JSONShapeError.self) { _ = try read(salt, value) }
        }
    }
}
