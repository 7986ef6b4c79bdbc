import Foundation
import Journal
import Keys
import Operations
import People
import Sales
import Storage
import Testing
import Transparency
import Units

/// A backup is all that is left: what is missing is named, accepted by two people, and the journal
/// goes on in another log.
struct LossTests {
    private static let reason = "Platte defekt, Sicherung vom Morgen"
    private static let reporter = Credential(name: "clara", password: "clara-hat-ein-passwort")
    private static let approver = Credential(name: "bernd", password: "bernd-hat-ein-passwort")

    /// What a test has in hand after the loss.
    private struct Lost {
        let folder: String
        let yard: TestYard
        /// The restored data directory.
        let directory: DataDirectory
        /// All sales that were signed, in order.
        let sales: [SignedRecord]
        /// How many of them the backup holds.
        let kept: Int
        /// The newest checkpoint before the loss, as a terminal has it.
        let newest: [UInt8]
        let sizes: (backup: Int64, newest: Int64)

        func opened() throws -> Installation {
            let clock = yard.clock
            return try Installation(directory: directory, clock: { clock.now }, logger: .silent)
        }

        func accept(
            _ reason: String = LossTests.reason, by reporter: Credential = LossTests.reporter,
            and approver: Credential = LossTests.approver
        ) async throws -> [AcceptedLoss] {
            let clock = yard.clock
            return try await LossAcceptance(directory: directory, reason: reason).accept(
                reporter: reporter, approver: approver, clock: { clock.now }, logger: .silent)
        }
    }

    /// Two sales, a backup, three more sales; then only the backup is left.
    private func withLoss(_ body: (Lost) async throws -> Void) async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            for (credential, roles) in [
                (Self.reporter, [.operator, .finance]), (Self.approver, [.approver]),
                (Credential(name: "anna", password: "anna-hat-ein-passwort"), [.cashier]),
                (Credential(name: "beide", password: "beide-hat-ein-passwort"), Role.allCases),
            ] as [(Credential, [Role])] {
                try await yard.installation.save(
                    Person(
                        id: TestYard.named(credential.name), name: credential.name,
                        roles: Set(roles)), password: credential.password)
            }
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let sales = try (0..<5).map { _ in try yard.terminal.sign(sale) }
            for signed in sales.prefix(2) { _ = try await yard.admit(signed) }
            let (backup, keys) = (folder + "/backup", folder + "/keys")
            let made = try Backup.create(
                of: yard.directory, into: backup, keys: keys, now: yard.clock.now)
            for signed in sales.dropFirst(2) { _ = try await yard.admit(signed) }
            let newest = Array(try await yard.installation.checkpoint(of: yard.yard).utf8)
            let size = try yard.installation.logStatus(of: yard.yard).size
            try yard.installation.close()
            let directory = DataDirectory(folder + "/restored")
            _ = try Backup(backup).restore(into: directory, keys: keys)
            try await body(
                Lost(
                    folder: folder, yard: yard, directory: directory, sales: sales, kept: 2,
                    newest: newest, sizes: (made.logs[0].size, size)))
        }
    }

    /// A terminal shows its head, and the server stops.
    private func show(_ lost: Lost) async throws {
        let server = try lost.opened()
        #expect(
            try !server.present(lost.newest, of: lost.yard.yard, from: .terminal("t1")))
        await #expect(throws: OperationsError.self) {
            _ = try await server.admit(lost.sales[2].envelope, to: lost.yard.yard)
        }
        try server.close()
    }

    private func admit(_ signed: SignedRecord, _ server: Installation, _ yard: Yard) async throws
        -> Acknowledgement
    {
        guard case .acknowledged(let found) = try await server.admit(signed.envelope, to: yard)
        else { throw Unexpected("not acknowledged") }
        return found
    }

    @Test func `what a terminal showed stops later starts too, and says how to go on`()
        async throws
    {
        try await withLoss { lost in
            #expect(try LossFinding.all(in: lost.directory).isEmpty)
            try await show(lost)

            let stop = try #require(try Installation.writeStop(of: lost.directory))
            #expect(stop.error.code == "rollback")
            #expect(stop.error.remedy.contains("hofbuch log accept-loss"))
            let finding = try #require(try LossFinding.all(in: lost.directory).first)
            #expect(finding.stored == lost.sizes.backup)
            #expect(finding.first == lost.sizes.backup)
            #expect(finding.last == lost.sizes.newest - 1)
            #expect(finding.heads.map(\.source) == [.terminal("t1")])
        }
    }

    @Test func `two people accept the loss, terminals send again, nothing is doubled`()
        async throws
    {
        try await withLoss { lost in
            try await show(lost)

            let accepted = try #require(try await lost.accept().first)

            #expect(accepted.index == lost.sizes.backup)
            #expect(accepted.log == lost.yard.yard.origin)
            #expect(accepted.loss.first == lost.sizes.backup)
            #expect(accepted.last == lost.sizes.newest - 1)
            #expect(accepted.loss.heads.map(\.knownBy) == ["the terminal t1"])
            #expect(accepted.loss.heads.map(\.note) == [lost.newest])

            // It starts, also where the terminal shows the head of the ended log again.
            let server = try lost.opened()
            #expect(server.standing.now.stop == nil)
            let yard = try server.yard("hof-1")
            #expect(yard.origin == lost.yard.yard.origin)
            #expect(yard.logName == yard.origin + "~2")
            #expect(try server.present(lost.newest, of: yard, from: .terminal("t1")))
            // The terminal follows, and sends again from the first lost index on.
            let old = try lost.yard.logKey
            let followed = try LogKeyStep.follow(try server.logKeySteps(of: yard), from: old)
            #expect(followed.key.text == yard.logKey)
            #expect(followed.lostFrom == lost.sizes.backup)
            for (number, signed) in lost.sales.enumerated() {
                let found = try await admit(signed, server, yard)
                #expect(found.isRepeat == (number < lost.kept))
                let proof = try TlogProof.parse(Array(found.proof.utf8))
                #expect(
                    try proof.verify(entry: found.entry, log: followed.key).checkpoint.origin
                        == yard.logName)
                let again = try await admit(signed, server, yard)
                #expect(again.isRepeat && again.index == found.index)
            }
            #expect(try await server.sales(of: yard, limit: 50).rows.count == lost.sales.count)

            let report = try server.verify()
            #expect(report.misfit == nil)
            #expect(report.losses == [accepted])
            #expect(report.roots.keys.sorted() == [yard.logName])
            try server.close()
            #expect(try Installation.writeStop(of: lost.directory) == nil)
            #expect(try LossFinding.all(in: lost.directory).isEmpty)
        }
    }

    @Test func `nothing of the new log can pass for the old one`() async throws {
        try await withLoss { lost in
            try await show(lost)
            let accepted = try #require(try await lost.accept().first)
            let server = try lost.opened()
            let yard = try server.yard("hof-1")
            _ = try await admit(lost.sales[2], server, yard)
            let note = try SignedNote.parse(
                Array(try await server.checkpoint(of: yard).utf8))
            try server.close()

            // The old key signed no checkpoint over more than was kept.
            let old = try lost.yard.logKey
            #expect(throws: NoteError.noKnownSignature) { _ = try note.verified(by: [old]) }
            #expect(Checkpoint(body: note.text)?.origin == accepted.loss.key.name)
            let database = try ReadOnlyDatabase(path: lost.directory.database)
            let later = try database.read {
                try $0.checkpoint(yard: yard.number, atLeast: accepted.index + 1)
            }
            try database.close()
            let first = try SignedNote.parse(Array(try #require(later).note.utf8))
            #expect(try first.verified(by: [accepted.loss.key]) == [accepted.loss.key])
            #expect(first.signatures.count == 1)
            // What it said last is no checkpoint.
            let end = try SignedNote.parse(accepted.loss.end)
            #expect(try end.verified(by: [old]) == [old])
            #expect(Checkpoint(body: end.text) == nil)
        }
    }

    @Test func `who may not, or is one person, accepts nothing`() async throws {
        try await withLoss { lost in
            try await show(lost)
            let (anna, both, wrong) = (
                Credential(name: "anna", password: "anna-hat-ein-passwort"),
                Credential(name: "beide", password: "beide-hat-ein-passwort"),
                Credential(name: "bernd", password: "geraten-und-falsch")
            )
            for (reporter, approver, code) in [
                (anna, Self.approver, "forbidden"), (Self.reporter, anna, "forbidden"),
                (both, both, "forbidden"), (Self.reporter, wrong, "sign-in-failed"),
            ] {
                let error = await #expect(throws: OperationsError.self) {
                    _ = try await lost.accept(by: reporter, and: approver)
                }
                #expect(error?.code == code || (code == "forbidden" && error?.status == 403))
                if code == "sign-in-failed" {
                    #expect(error?.remedy.contains("of bernd is wrong") == true)
                }
            }
            await #expect(throws: OperationsError.reasonMissing) { _ = try await lost.accept("") }
            #expect(try Installation.writeStop(of: lost.directory)?.error.code == "rollback")
        }
    }

    @Test func `where nobody knows more there is no loss`() async throws {
        try await withLoss { lost in
            await #expect(throws: OperationsError.nothingLost(path: lost.directory.path)) {
                _ = try await lost.accept()
            }
        }
    }

    @Test func `an older database beside the newest head file is a loss from its end on`()
        async throws
    {
        try await withLoss { lost in
            // The head file that was saved from the broken machine.
            try FileManager.default.removeItem(atPath: lost.directory.heads)
            try FileManager.default.copyItem(
                atPath: lost.yard.directory.heads, toPath: lost.directory.heads)
            let finding = try #require(try LossFinding.all(in: lost.directory).first)
            #expect(finding.first == lost.sizes.backup)
            #expect(finding.heads.map(\.source) == [.headFile])

            let accepted = try #require(try await lost.accept().first)

            #expect(accepted.loss.heads.map(\.knownBy) == ["the head file"])
            #expect(try Installation.writeStop(of: lost.directory) == nil)
            #expect(try Installation.verify(lost.directory).losses == [accepted])
        }
    }

    @Test func `sales taken before a terminal shows its head stay, and its own come again`()
        async throws
    {
        try await withLoss { lost in
            // A second history begins: the server cannot know yet.
            let server = try lost.opened()
            for signed in lost.sales.dropFirst(2).prefix(1) {
                _ = try await admit(signed, server, lost.yard.yard)
            }
            #expect(
                try !server.present(lost.newest, of: lost.yard.yard, from: .terminal("t1")))
            try server.close()

            let accepted = try #require(try await lost.accept().first)

            #expect(accepted.index == lost.sizes.backup + 1)
            // What the backup held is common to both.
            #expect(accepted.loss.first == lost.sizes.backup)
            let second = try lost.opened()
            let yard = try second.yard("hof-1")
            #expect(try second.present(lost.newest, of: yard, from: .terminal("t1")))
            for signed in lost.sales { _ = try await admit(signed, second, yard) }
            #expect(try await second.sales(of: yard, limit: 50).rows.count == lost.sales.count)
            #expect(try second.verify().misfit == nil)
            try second.close()
        }
    }

    @Test func `a head of the ended log that contradicts what was kept still stops writing`()
        async throws
    {
        try await withLoss { lost in
            try await show(lost)
            let accepted = try #require(try await lost.accept().first)
            let server = try lost.opened()
            // A smaller one than was lost, with another root.
            let old = try KeyFile.readEd25519(path: lost.directory.logKey(yard: "hof-1"))
            let body = try #require(
                Checkpoint(
                    origin: accepted.log, size: accepted.index - 1,
                    root: accepted.root)
            ).body
            let forged = try SignedNote(
                text: body, signatures: [old.noteSignature(of: body, name: accepted.log)])
            let yard = try server.yard("hof-1")

            #expect(try !server.present(forged.bytes, of: yard, from: .terminal("t1")))

            #expect(server.standing.now.stop?.error.code == "rollback")
            try server.close()
        }
    }

    @Test func `a second loss makes a third log`() async throws {
        try await withLoss { lost in
            try await show(lost)
            let first = try #require(try await lost.accept().first)
            let server = try lost.opened()
            let yard = try server.yard("hof-1")
            let backup = lost.folder + "/second"
            _ = try Backup.create(
                of: lost.directory, into: backup, keys: lost.folder + "/second-keys",
                now: lost.yard.clock.now)
            _ = try await admit(lost.sales[2], server, yard)
            let newest = Array(try await server.checkpoint(of: yard).utf8)
            try server.close()
            let again = DataDirectory(lost.folder + "/again")
            _ = try Backup(backup).restore(into: again, keys: lost.folder + "/second-keys")
            let clock = lost.yard.clock
            let restored = try Installation(
                directory: again, clock: { clock.now }, logger: .silent)
            #expect(try !restored.present(newest, of: yard, from: .terminal("t1")))
            try restored.close()

            let second = try await LossAcceptance(directory: again, reason: Self.reason).accept(
                reporter: Self.reporter, approver: Self.approver, clock: { clock.now },
                logger: .silent)

            #expect(second.map(\.log) == [yard.logName])
            #expect(second.map(\.loss.key.name) == [yard.origin + "~3"])
            let report = try Installation.verify(again)
            #expect(report.misfit == nil)
            #expect(report.losses == [first] + second)
            let third = try Installation(directory: again, clock: { clock.now }, logger: .silent)
            let steps = try third.logKeySteps(of: try third.yard("hof-1"))
            let followed = try LogKeyStep.follow(steps, from: try lost.yard.logKey)
            #expect(followed.key.name == yard.origin + "~3")
            #expect(followed.lostFrom == lost.sizes.backup)
            try third.close()
        }
    }

    @Test func `an exported log with a loss verifies with its own policy`() async throws {
        try await withLoss { lost in
            try await show(lost)
            let accepted = try #require(try await lost.accept().first)
            let folder = lost.folder + "/export"

            let summary = try LogExport.write(
                lost.directory, yard: nil, into: folder, hasEntries: true)

            #expect(summary.origin == accepted.loss.key.name)
            let report = try FolderVerifier(path: folder, calendar: lost.yard.installation.calendar)
                .verify()
            #expect(report.misfit == nil)
            #expect(report.losses == [accepted])
        }
    }

    @Test func `the new log's key is replaced and the old one retired as any other`() async throws {
        try await withLoss { lost in
            try await show(lost)
            _ = try await lost.accept()
            let server = try lost.opened()
            let yard = try server.yard("hof-1")
            let (request, key) = try await server.requestRotation(
                of: .log, at: yard, by: TestYard.office)
            try await server.approveKeyRequest(request, at: yard, by: TestYard.approver)

            #expect(try server.yard("hof-1").logKey == key)
            #expect(key.hasPrefix(yard.logName + "+"))
            let ended = try lost.yard.logKey.text
            _ = try await admit(lost.sales[2], server, yard)
            try await server.retireKey(ended, by: TestYard.office)
            #expect(try server.verify().misfit == nil)
            try server.close()
        }
    }
}
