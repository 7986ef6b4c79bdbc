import Foundation
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Testing
import Text
import Transparency
import Units

extension TestYard {
    /// Replaces a key of the server by two people; gives the new key as announced.
    @discardableResult
    func rotate(_ purpose: ServerKeyPurpose) async throws -> String {
        let (id, key) = try await installation.requestRotation(
            of: purpose, at: yard, by: TestYard.office)
        try await installation.approveKeyRequest(id, at: yard, by: TestYard.approver)
        return key
    }

    /// Closes the installation and opens it again.
    func reopened() throws -> TestYard {
        try installation.close()
        let clock = clock
        let again = try Installation(directory: directory, clock: { clock.now }, logger: .silent)
        return TestYard(
            directory: directory, clock: clock, installation: again,
            yard: try again.yard(yard.id.text), terminals: terminals)
    }

    /// The only key of this purpose in this state.
    func serverKey(_ purpose: ServerKeyPurpose, _ state: ServerKey.State) throws -> ServerKey {
        let keys = try installation.serverKeys()
            .filter { $0.purpose == purpose && $0.state == state }
        #expect(keys.count == 1)
        return try #require(keys.first)
    }
}

/// Runs `body` with a yard that it may close and open again.
func withReopenableYard(_ body: (TestYard) async throws -> TestYard) async throws {
    try await withFolder { path in
        let yard = try await TestYard.open(
            path + "/data", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
        try await body(yard).installation.close()
    }
}

struct LogKeyRotationTests {
    private func signers(_ acknowledgement: Acknowledgement, _ keys: [VerifierKey]) throws
        -> [VerifierKey]
    {
        let proof = try TlogProof.parse(Array(acknowledgement.proof.utf8))
        return try proof.checkpoint.verified(by: keys)
    }

    @Test func `both keys sign until the old one is retired, and each leads to the next`()
        async throws
    {
        try await withYard { yard in
            let old = try yard.logKey
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            let new = try #require(VerifierKey(try await yard.rotate(.log)))

            let during = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            #expect(Set(try signers(during, [old, new])) == [old, new])
            #expect(try yard.verify(during) == during.index + 1)

            try await yard.installation.retireKey(old.text, by: TestYard.office)
            let after = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            #expect(try signers(after, [old, new]) == [new])
            #expect(throws: (any Error).self) { try yard.verify(after) }

            let steps = try yard.installation.logKeySteps(of: yard.yard)
            #expect(try LogKeyStep.follow(steps, from: old).key == new)
            #expect(try yard.installation.yard("hof-1").logKey == new.text)
            #expect(try yard.serverKey(.log, .inForce).name == new.text)
            #expect(try yard.serverKey(.log, .replaced).place == nil)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `three keys are followed one after the other`() async throws {
        try await withYard { yard in
            let first = try yard.logKey
            let second = try #require(VerifierKey(try await yard.rotate(.log)))
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            let third = try #require(VerifierKey(try await yard.rotate(.log)))
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))

            let steps = try yard.installation.logKeySteps(of: yard.yard)
            #expect(try LogKeyStep.follow(steps, from: first).key == third)
            #expect(try LogKeyStep.follow(steps, from: second).key == third)
            #expect(try LogKeyStep.follow(steps, from: third).key == third)
        }
    }

    @Test func `a step that the old key does not vouch for leads nowhere`() async throws {
        try await withYard { yard in
            let old = try yard.logKey
            try await yard.rotate(.log)
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            let step = try #require(try yard.installation.logKeySteps(of: yard.yard).first)
            let stranger = try Ed25519PrivateKey.generate()
                .verifierKey(name: old.name, kind: .note)
            let sale = try yard.installation.record(
                at: LogPosition(yard: yard.yard.number, index: step.index + 1))

            let forged: [(LogKeyStep, LogKeyStepError)] = [
                (step.with(to: stranger.text), .entry),
                (step.with(entry: sale.bytes), .proof),
                (step.with(index: step.index + 1), .proof),
                (step.with(proof: ""), .proof),
            ]
            for (step, error) in forged {
                #expect(throws: error) { try LogKeyStep.follow([step], from: old) }
            }
            #expect(try LogKeyStep.follow([step], from: stranger).key == stranger)
        }
    }

    @Test func `a rotated log goes on after a restart, with and without the old key`()
        async throws
    {
        try await withReopenableYard { yard in
            let old = try yard.logKey
            let new = try #require(VerifierKey(try await yard.rotate(.log)))
            var again = try yard.reopened()
            let during = try await again.admit(again.terminal.sign(again.greenWaste))
            #expect(Set(try signers(during, [old, new])) == [old, new])
            try await again.installation.retireKey(old.text, by: TestYard.office)
            again = try again.reopened()
            let after = try await again.admit(again.terminal.sign(again.greenWaste))
            #expect(try signers(after, [old, new]) == [new])
            // The newest checkpoint bears the new key alone now.
            again = try again.reopened()
            _ = try await again.admit(again.terminal.sign(again.greenWaste))
            let policy = try again.installation.publishedPolicy(of: again.yard)
            #expect(policy.contains(old.text) && policy.contains(new.text))
            #expect(try again.installation.verify().misfit == nil)
            return again
        }
    }

    @Test func `a rotation needs two people, and a key in force is not retired`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .rotateServerKey, person: TestYard.approver.id))
            ) {
                _ = try await installation.requestRotation(
                    of: .log, at: yard.yard, by: TestYard.approver)
            }
            let (id, _) = try await installation.requestRotation(
                of: .log, at: yard.yard, by: TestYard.everybody)
            await #expect(throws: OperationsError.keyRequestOpen(id)) {
                _ = try await installation.requestRotation(
                    of: .log, at: yard.yard, by: TestYard.office)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .samePerson(act: .approveKey, person: TestYard.everybody.id))
            ) {
                try await installation.approveKeyRequest(
                    id, at: yard.yard, by: TestYard.everybody)
            }
            let key = try yard.logKey.text
            await #expect(throws: OperationsError.keyInForce(key)) {
                try await installation.retireKey(key, by: TestYard.office)
            }
            await #expect(throws: OperationsError.keyUnknown("x")) {
                try await installation.retireKey("x", by: TestYard.office)
            }
        }
    }
}

struct RecordKeyRotationTests {
    @Test func `the server signs with its new key, and the old one may go`() async throws {
        try await withReopenableYard { yard in
            try await yard.rotate(.record)
            let old = try yard.serverKey(.record, .replaced)
            let new = try yard.serverKey(.record, .inForce)
            #expect(old.place == "file")
            try await yard.close(nil)
            let size = new.from ?? 0
            let close = try yard.installation.record(
                at: LogPosition(yard: yard.yard.number, index: size))
            #expect(close.entry.kind == .close)
            #expect(close.kid == new.name)

            try await yard.installation.retireKey(old.name, by: TestYard.office)
            let again = try yard.reopened()
            #expect(try again.serverKey(.record, .replaced).path == nil)
            try await again.rotate(.record)
            #expect(try again.installation.verify().misfit == nil)
            return again
        }
    }

    @Test func `a new yard begins with the key in force`() async throws {
        try await withYard { yard in
            try await yard.rotate(.record)
            let second = try await yard.addYard()

            #expect(
                second.genesis.recordKey.thumbprint == (try yard.serverKey2(at: "hof-1")))
            try await yard.rotate(.record)
            #expect(try yard.serverKey2(at: "hof-1") == (try yard.serverKey2(at: "hof-2")))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }
}

extension TestYard {
    /// The key of the records in force by the log of a yard.
    fileprivate func serverKey2(at yard: String) throws -> String? {
        try installation.serverKeys().first {
            $0.purpose == .record && $0.state == .inForce && $0.yard.text == yard
        }?.name
    }
}

extension LogKeyStep {
    fileprivate func with(
        to: String? = nil, index: Int64? = nil, entry: [UInt8]? = nil, proof: String? = nil
    ) -> LogKeyStep {
        LogKeyStep(
            from: from, to: to ?? self.to, index: index ?? self.index, entry: entry ?? self.entry,
            proof: proof ?? self.proof)
    }
}

/// F35 of trust.md: a key that is not as it should be stops the start, with the reason.
struct KeyAtStartTests {
    private func refusal(_ change: (TestYard) throws -> Void) async throws -> any Error {
        var refusal: (any Error)?
        try await withFolder { path in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                path + "/data", clock: clock, terminals: 1, hasTariff: false)
            try yard.installation.close()
            try change(yard)
            do {
                try Installation(directory: yard.directory, clock: { clock.now }, logger: .silent)
                    .close()
            } catch {
                refusal = error
            }
        }
        return try #require(refusal)
    }

    private static let paths: [@Sendable (DataDirectory) -> String] = [
        { $0.recordKey }, { $0.logKey(yard: "hof-1") },
    ]

    @Test(arguments: [0, 1]) func `a missing key is named`(which: Int) async throws {
        let error = try await refusal {
            try FileManager.default.removeItem(atPath: Self.paths[which]($0.directory))
        }
        let found = try #require(error as? OperationsError)
        #expect(found.code == "key-missing")
        #expect(found.remedy.contains("backup"))
    }

    @Test(arguments: [0, 1]) func `another key in its place is refused`(which: Int) async throws {
        let error = try await refusal { yard in
            let path = Self.paths[which](yard.directory)
            try FileManager.default.removeItem(atPath: path)
            try KeyFile.create(
                path: path,
                with: which == 0 ? .es256(try .generate()) : .ed25519(try .generate()))
        }
        #expect((error as? OperationsError)?.code == "key-missing")
    }

    @Test(arguments: [0, 1]) func `a key that others may read is refused`(which: Int) async throws {
        let error = try await refusal { yard in
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o640], ofItemAtPath: Self.paths[which](yard.directory))
        }
        let found = try #require(error as? FileError)
        #expect(found.code == .mode)
        #expect(found.detail.contains("chmod 600"))
    }

    @Test func `a file that is no key is refused`() async throws {
        let error = try await refusal { yard in
            try Data("something else\n".utf8).write(
                to: URL(fileURLWithPath: yard.directory.recordKey))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: yard.directory.recordKey)
        }
        #expect((error as? FileError)?.code == .format)
    }
}
