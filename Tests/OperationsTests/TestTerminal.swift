import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Synchronization
import Text
import Units

/// A clock that stands until a test moves it.
final class TestClock: Sendable {
    /// A Friday.
    static let morning = "2026-11-20T09:00:00.000Z"

    private let time: Mutex<Timestamp>

    init(_ iso: String) {
        guard let time = Timestamp(iso: iso) else { fatalError("no time: \(iso)") }
        self.time = Mutex(time)
    }

    var now: Timestamp { time.withLock { $0 } }

    func set(_ iso: String) {
        guard let moment = Timestamp(iso: iso) else { fatalError("no time: \(iso)") }
        time.withLock { $0 = moment }
    }

    func advance(milliseconds: Int64) {
        time.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }

    func advance(minutes: Int64) { advance(milliseconds: minutes * 60_000) }
}

/// A signed record on its way to the server.
struct SignedRecord: Sendable {
    let envelope: Envelope
    let reference: SaleReference
    let statement: Digest
}

/// A terminal with its key, signing one record after the other.
final class TestTerminal: Sendable {
    let id: TerminalID
    let key: ES256PrivateKey
    let yard: Yard
    let clock: TestClock
    let token: String
    private let head: Mutex<(sequence: Int64, previous: Digest)>

    init(
        _ id: TerminalID, key: ES256PrivateKey, yard: Yard, clock: TestClock, token: String = "",
        head: (sequence: Int64, previous: Digest) = (0, RecordHead.genesisPrevious)
    ) {
        self.id = id
        self.key = key
        self.yard = yard
        self.clock = clock
        self.token = token
        self.head = Mutex(head)
    }

    static func enrol(
        _ name: String, at yard: Yard, in installation: Installation, _ clock: TestClock
    ) async throws -> TestTerminal {
        let id: TerminalID = TestYard.named(name)
        let (request, code) = try await installation.requestEnrolment(
            id, name: "Kasse \(name)", at: yard, by: TestYard.office)
        try await installation.approveEnrolment(request, at: yard, by: TestYard.approver)
        let key = try ES256PrivateKey.generate()
        let enrolled = try await installation.enrol(
            code: code, key: key.publicKey, proof: try possession(of: key, code: code))
        return TestTerminal(id, key: key, yard: yard, clock: clock, token: enrolled.token)
    }

    /// The statement by which a key's owner shows to have it.
    static func possession(
        of key: ES256PrivateKey, code: String, typ: String = "wsh-enrol+jws"
    ) throws -> [UInt8] {
        try key.compactJWS(
            typ: typ, kid: key.publicKey.thumbprint,
            payload: JSONValue.fields(["code": .string(code)]).bytes)
    }

    /// Signs the next record of the chain.
    func sign(_ fact: TerminalFact, disclosures: [Disclosure] = []) throws -> SignedRecord {
        try head.withLock { head in
            let signed = try sign(
                fact, sequence: head.sequence + 1, previous: head.previous,
                disclosures: disclosures)
            head = (head.sequence + 1, signed.statement)
            return signed
        }
    }

    /// Signs any record, whatever the chain says.
    func sign(
        _ fact: TerminalFact, sequence: Int64, previous: Digest, disclosures: [Disclosure] = [],
        at: Timestamp? = nil
    ) throws -> SignedRecord {
        let head = RecordHead(
            log: yard.origin, yard: yard.id, terminal: id, sequence: sequence, previous: previous,
            at: at ?? clock.now, attendant: TestYard.cashier.id)
        let record = TerminalRecord(
            head: head, fact: fact, personal: disclosures.map(\.digest))
        let jws = try key.compactJWS(
            typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: record.payload)
        return SignedRecord(
            envelope: Envelope(jws: jws, disclosures: disclosures), reference: head.reference,
            statement: try CompactJWS.parse(jws).signingInputDigest)
    }
}
