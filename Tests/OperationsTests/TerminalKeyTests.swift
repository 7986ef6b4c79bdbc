import DayClosing
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Testing
import Text
import Units

extension TestTerminal {
    /// The announcement of `next` by this terminal's key, and the new key's own signature.
    func announce(_ next: ES256PrivateKey, by signer: ES256PrivateKey? = nil) throws
        -> (announcement: [UInt8], possession: [UInt8])
    {
        let payload = KeyAnnouncement(
            log: yard.origin, yard: yard.id, terminal: id, key: next.publicKey, at: clock.now
        ).payload
        let signed = try [signer ?? key, next].map {
            try $0.compactJWS(
                typ: KeyAnnouncement.typ, kid: $0.publicKey.thumbprint, payload: payload)
        }
        return (signed[0], signed[1])
    }

    /// The same terminal signing with another key from `sequence` on.
    func successor(_ key: ES256PrivateKey, after last: SignedRecord?) -> TestTerminal {
        TestTerminal(
            id, key: key, yard: yard, clock: clock, token: token,
            head: (
                last?.reference.sequence ?? 0, last?.statement ?? RecordHead.genesisPrevious
            ))
    }
}

extension TestYard {
    /// The register's row of the first terminal.
    var row: Storage.TerminalRow {
        get throws { try #require(try installation.terminals(of: yard).first) }
    }

    /// Announces `next` for the first terminal.
    func announce(_ next: ES256PrivateKey) async throws -> Int64 {
        let (announcement, possession) = try terminal.announce(next)
        let id = try await installation.announceKey(
            announcement, possession: possession, of: try row, at: yard)
        return try #require(id)
    }

    /// Gives the first terminal a new key, with an officer's approval.
    func rotate(after last: SignedRecord?) async throws -> TestTerminal {
        let next = try ES256PrivateKey.generate()
        let id = try await announce(next)
        try await installation.approveKeyRequest(id, at: yard, by: TestYard.approver)
        return terminal.successor(next, after: last)
    }

    /// Revokes the first terminal's keys by two people.
    func revoke(trusted: Int64) async throws {
        let id = try await installation.requestRevocation(
            of: terminal.id, trusted: trusted, reason: "Gerät gestohlen", at: yard,
            by: TestYard.office)
        try await installation.approveKeyRequest(id, at: yard, by: TestYard.approver)
    }

    var greenWaste: TerminalFact {
        get throws { .sale(try sale("privat: 1 m³ gruenabfall")) }
    }
}

struct TerminalKeyTests {
    @Test func `a terminal changes its key, and both are known from their places on`()
        async throws
    {
        try await withYard { yard in
            let first = try yard.terminal.sign(yard.greenWaste)
            _ = try await yard.admit(first)
            let queued = try yard.terminal.sign(yard.greenWaste)
            let next = try await yard.rotate(after: queued)

            #expect(try await yard.admit(queued).flags.isEmpty)
            #expect(try await yard.admit(next.sign(yard.greenWaste)).flags.isEmpty)

            let keys = try yard.installation.terminalKeys(of: yard.yard)
            #expect(keys.map(\.state) == [.replaced, .inForce])
            #expect(keys.map(\.from) == [2, 4])
            #expect(keys.map(\.to) == [4, nil])
            #expect(try yard.row.kid == next.key.publicKey.thumbprint)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a new key needs the old one, itself and an officer`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let next = try ES256PrivateKey.generate()
            let stranger = try ES256PrivateKey.generate()
            let right = try yard.terminal.announce(next)

            let byStranger = try yard.terminal.announce(next, by: stranger)
            let other = try yard.terminal.announce(stranger)
            for (announcement, possession, error) in [
                (byStranger.announcement, byStranger.possession, KeyBookError.announcement),
                (right.announcement, other.possession, .possession),
                (right.announcement, right.announcement, .possession),
                (Array(right.announcement.dropLast()), right.possession, .announcement),
            ] {
                await #expect(throws: OperationsError.keyRefused(error)) {
                    _ = try await installation.announceKey(
                        announcement, possession: possession, of: try yard.row, at: yard.yard)
                }
            }
            let id = try await installation.announceKey(
                right.announcement, possession: right.possession, of: try yard.row, at: yard.yard)
            let again = try await installation.announceKey(
                right.announcement, possession: right.possession, of: try yard.row, at: yard.yard)
            #expect(id == again)
            let request = try #require(id)
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .approveKey, person: TestYard.office.id))
            ) {
                try await installation.approveKeyRequest(
                    request, at: yard.yard, by: TestYard.office)
            }
            let shown = try installation.openKeyRequests(of: yard.yard)
            #expect(shown.map(\.newKey) == [next.publicKey.thumbprint])
            #expect(shown.map(\.requestedBy) == [nil])
            try await installation.approveKeyRequest(request, at: yard.yard, by: TestYard.approver)
            await #expect(
                throws: OperationsError.requestState(
                    request, found: "approved", wanted: "requested")
            ) {
                try await installation.approveKeyRequest(
                    request, at: yard.yard, by: TestYard.approver)
            }
            // The terminal did not hear the approval and announces once more.
            let late = try await installation.announceKey(
                right.announcement, possession: right.possession, of: try yard.row, at: yard.yard)
            #expect(late == nil)
        }
    }

    @Test func `a key is never used a second time`() async throws {
        try await withYard(terminals: 2) { yard in
            let (announcement, possession) = try yard.terminal.announce(yard.terminals[1].key)
            await #expect(throws: OperationsError.keyRefused(.keyUsedBefore)) {
                _ = try await yard.installation.announceKey(
                    announcement, possession: possession, of: try yard.row, at: yard.yard)
            }
        }
    }

    @Test func `a newer announcement takes the place of an older one`() async throws {
        try await withYard { yard in
            let first = try await yard.announce(try ES256PrivateKey.generate())
            let second = try await yard.announce(try ES256PrivateKey.generate())

            #expect(try yard.installation.openKeyRequests(of: yard.yard).map(\.id) == [second])
            await #expect(
                throws: OperationsError.requestState(
                    first, found: "rejected", wanted: "requested")
            ) {
                try await yard.installation.approveKeyRequest(
                    first, at: yard.yard, by: TestYard.approver)
            }
            try await yard.installation.rejectKeyRequest(
                second, at: yard.yard, by: TestYard.approver)
            #expect(try yard.installation.openKeyRequests(of: yard.yard).isEmpty)
            #expect(try yard.row.kid == yard.terminal.key.publicKey.thumbprint)
        }
    }

    @Test func `an old key that goes on after its successor is kept, flagged and stopped`()
        async throws
    {
        try await withYard { yard in
            let first = try yard.terminal.sign(yard.greenWaste)
            _ = try await yard.admit(first)
            let next = try await yard.rotate(after: first)
            let second = try next.sign(yard.greenWaste)
            _ = try await yard.admit(second)

            let stale = try yard.terminal.sign(
                yard.greenWaste, sequence: 3, previous: second.statement)
            let answer = try await yard.admit(stale)

            #expect(answer.flags == ["retired-key"])
            #expect(try yard.row.state == .quarantined)
            #expect(try yard.installation.findings(of: try yard.row).map(\.code) == ["retired-key"])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a changed key is in force after a restart too`() async throws {
        try await withFolder { path in
            let clock = TestClock(TestClock.morning)
            var yard = try await TestYard.open(
                path + "/data", clock: clock, terminals: 1, hasTariff: true)
            let next = try await yard.rotate(after: nil)
            try yard.installation.close()

            yard = TestYard(
                directory: yard.directory, clock: clock,
                installation: try Installation(
                    directory: yard.directory, clock: { clock.now }, logger: .silent),
                yard: yard.yard, terminals: [next])
            #expect(try await yard.admit(next.sign(yard.greenWaste)).flags.isEmpty)
            #expect(try yard.installation.verify().misfit == nil)
            try yard.installation.close()
        }
    }
}
