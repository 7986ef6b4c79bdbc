import Journal
import Keys
import Sales
import Signing
import Testing
import Units

struct AdmissionDecisionTests {
    private typealias Recorded = ChainSurroundings.Recorded

    private let zero = Digest.sha256([0])
    private let before = Digest.sha256([1])
    private let after = Digest.sha256([2])

    private func checked(_ sequence: Int64, previous: Digest) throws -> CheckedEnvelope {
        let key = try ES256PrivateKey.generate()
        let record = Samples.record(
            .sale(Samples.sale()), sequence: sequence, previous: previous)
        let jws = try key.compactJWS(
            typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: record.payload)
        let registered = RegisteredKey(
            key: key.publicKey, terminal: Samples.terminal, yard: Samples.yard, enrolledAt: 2)
        return try Envelope(jws: jws, disclosures: [])
            .checked(yard: Samples.yard, log: Samples.log) { _ in registered }
    }

    private func decide(
        _ sequence: Int64, previous: Digest, highest: Int64, same: Digest? = nil,
        before: Digest? = nil, afterNames: Digest? = nil, isQuarantined: Bool = false
    ) throws -> AdmissionDecision {
        AdmissionDecision.decide(
            try checked(sequence, previous: previous),
            in: ChainSurroundings(
                highest: highest,
                same: same.map {
                    Recorded(index: 40, statement: $0, previous: zero, at: Samples.at)
                },
                before: before.map {
                    Recorded(index: 39, statement: $0, previous: zero, at: Samples.at)
                },
                after: afterNames.map {
                    Recorded(index: 41, statement: after, previous: $0, at: Samples.at)
                },
                isQuarantined: isQuarantined))
    }

    @Test func `records in order are recorded without a flag`() throws {
        #expect(
            try decide(1, previous: RecordHead.genesisPrevious, highest: 0)
                == .record(flags: [], quarantine: false))
        #expect(
            try decide(5, previous: before, highest: 4, before: before)
                == .record(flags: [], quarantine: false))
    }

    @Test func `the same statement is a repeat, another one an equivocation`() throws {
        let envelope = try checked(5, previous: before)
        func decide(_ same: Digest) -> AdmissionDecision {
            AdmissionDecision.decide(
                envelope,
                in: ChainSurroundings(
                    highest: 9,
                    same: Recorded(index: 40, statement: same, previous: before, at: Samples.at),
                    before: nil, after: nil, isQuarantined: true))
        }
        #expect(decide(envelope.statement) == .repeats(index: 40))
        #expect(decide(after) == .equivocates(with: 40))
    }

    @Test func `a jump leaves a gap`() throws {
        #expect(
            try decide(7, previous: before, highest: 4)
                == .record(flags: [.gap], quarantine: false))
        #expect(
            try decide(2, previous: before, highest: 0)
                == .record(flags: [.gap], quarantine: false))
    }

    @Test func `a late record fills its gap if its neighbours agree`() throws {
        let envelope = try checked(5, previous: before)
        func decide(afterNames: Digest) -> AdmissionDecision {
            AdmissionDecision.decide(
                envelope,
                in: ChainSurroundings(
                    highest: 9, same: nil,
                    before: Recorded(index: 3, statement: before, previous: zero, at: Samples.at),
                    after: Recorded(
                        index: 4, statement: after, previous: afterNames, at: Samples.at),
                    isQuarantined: false))
        }
        #expect(
            decide(afterNames: envelope.statement) == .record(flags: [.late], quarantine: false))
        #expect(
            decide(afterNames: zero)
                == .record(flags: [.late, .previousHash], quarantine: true))
    }

    @Test func `a wrong previous hash is recorded and quarantines`() throws {
        #expect(
            try decide(5, previous: zero, highest: 4, before: before)
                == .record(flags: [.previousHash], quarantine: true))
        #expect(
            try decide(1, previous: zero, highest: 0)
                == .record(flags: [.previousHash], quarantine: true))
    }

    @Test func `a terminal in quarantine goes on being recorded, flagged`() throws {
        #expect(
            try decide(5, previous: before, highest: 4, before: before, isQuarantined: true)
                == .record(flags: [.quarantined], quarantine: false))
        #expect(
            try decide(8, previous: before, highest: 4, isQuarantined: true)
                == .record(flags: [.quarantined, .gap], quarantine: false))
    }

    @Test func `a clock put back shows between neighbours, by more than it may be wrong`() throws {
        let envelope = try checked(5, previous: before)
        func flags(before age: Int64?, after youth: Int64? = nil) -> Set<RecordFlag>? {
            let chain = ChainSurroundings(
                highest: youth == nil ? 4 : 9, same: nil,
                before: age.map {
                    Recorded(
                        index: 3, statement: before, previous: zero,
                        at: Samples.at.adding(milliseconds: $0))
                },
                after: youth.map {
                    Recorded(
                        index: 4, statement: after, previous: envelope.statement,
                        at: Samples.at.adding(milliseconds: -$0))
                }, isQuarantined: false)
            guard case .record(let flags, false) = AdmissionDecision.decide(envelope, in: chain)
            else { return nil }
            return flags
        }
        #expect(flags(before: 300_000) == [])
        #expect(flags(before: 300_001) == [.clockSkew])
        #expect(flags(before: -86_400_000) == [])
        #expect(flags(before: nil, after: 300_000) == [.late])
        #expect(flags(before: nil, after: 300_001) == [.late, .clockSkew])
        #expect(flags(before: nil, after: -86_400_000) == [.late])
    }
}
