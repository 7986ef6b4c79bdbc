import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import People
import Sales
import Storage
import Synchronization
import Testing
import Units

/// What an installation does when the disk, the clock or another program misbehaves.
struct DurabilityTests {
    private func open(_ folder: String) async throws -> TestYard {
        try await TestYard.open(
            folder + "/data", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
    }

    private func reopened(_ yard: TestYard, safety: Safety = Safety()) throws -> TestYard {
        let clock = yard.clock
        let installation = try Installation(
            directory: yard.directory, clock: { clock.now }, safety: safety, logger: .silent)
        return TestYard(
            directory: yard.directory, clock: clock, installation: installation, yard: yard.yard,
            terminals: yard.terminals)
    }

    private func signedSale(_ yard: TestYard) throws -> SignedRecord {
        try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
    }

    /// Another program in the middle of a transaction.
    private func shell(on yard: TestYard, begin: String) async throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(
            path: yard.directory.database, configuration: configuration)
        try await queue.writeWithoutTransaction { try $0.execute(sql: begin) }
        return queue
    }

    /// Another program in the middle of reading: what is written from now on stays in the
    /// write-ahead log.
    private func reader(of yard: TestYard) async throws -> DatabaseQueue {
        let queue = try await shell(on: yard, begin: "BEGIN")
        try await queue.writeWithoutTransaction {
            _ = try Row.fetchAll($0, sql: "SELECT count(*) FROM entry")
        }
        return queue
    }

    @Test func `F26: a foreign write lock is told, nothing ends and nothing is lost`() async throws
    {
        try await withYard { yard in
            let shell = try await shell(on: yard, begin: "BEGIN IMMEDIATE")
            let signed = try signedSale(yard)

            await #expect(throws: OperationsError.databaseBusy(path: yard.directory.database)) {
                _ = try await yard.admit(signed)
            }

            try await shell.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try shell.close()
            let answer = try await yard.admit(signed)
            #expect(!answer.isRepeat)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `what a killed process left is in the main file before anything is signed`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await open(folder)
            let reader = try await reader(of: yard)
            _ = try await yard.admit(try signedSale(yard))
            // As a kill leaves it: the newest entry is in the write-ahead log alone.
            let (killed, files) = (DataDirectory(folder + "/killed"), FileManager.default)
            try files.copyItem(atPath: yard.directory.path, toPath: killed.path)
            try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            try reader.close()
            try yard.installation.close()
            func entries(of path: String, as name: String) throws -> Int64 {
                let alone = "\(folder)/\(name).sqlite3"
                try files.copyItem(atPath: path, toPath: alone)
                let database = try ReadOnlyDatabase(path: alone)
                defer { #expect(throws: Never.self) { try database.close() } }
                return try database.read { try $0.logSize(yard: yard.yard.number) }
            }
            #expect(try entries(of: killed.database, as: "before") < 4)

            let again = try Installation(directory: killed, logger: .silent)

            #expect(try entries(of: killed.database, as: "after") == 4)
            try again.close()
        }
    }

    @Test func `a reader of another program does not make the end of ours fail`() async throws {
        try await withFolder { folder in
            let yard = try await open(folder)
            let reader = try await reader(of: yard)
            let signed = try signedSale(yard)
            _ = try await yard.admit(signed)

            #expect(throws: Never.self) { try yard.installation.close() }

            try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            try reader.close()
            let again = try reopened(yard)
            #expect(try await again.admit(signed).isRepeat)
            try again.installation.close()
        }
    }

    @Test func `after an unknown outcome nobody is answered and the process ends`() async throws {
        try await withFolder { folder in
            let first = try await open(folder)
            try first.installation.close()
            let (codes, ended) = AsyncStream.makeStream(of: Int32.self)
            let yard = try reopened(first, safety: Safety(end: { ended.yield($0) }))
            let shell = try DatabaseQueue(path: yard.directory.database)
            try await shell.write { try $0.execute(sql: "ALTER TABLE entry RENAME TO lost") }
            try shell.close()
            let signed = try signedSale(yard)
            let answered = Mutex(false)
            let waiting = Task {
                _ = try await yard.admit(signed)
                answered.withLock { $0 = true }
            }

            var iterator = codes.makeAsyncIterator()
            #expect(await iterator.next() == 12)

            await #expect(throws: OperationsError.stopping) { _ = try await yard.admit(signed) }
            #expect(!answered.withLock { $0 })
            waiting.cancel()
            try yard.installation.close()
        }
    }

    @Test func `A14: an entry received before its predecessor is marked, and only that`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await open(folder)
            yard.clock.advance(minutes: 60)
            #expect(try await yard.admit(signedSale(yard)).flags.isEmpty)
            yard.clock.advance(milliseconds: -2_000)
            #expect(try await yard.admit(signedSale(yard)).flags.isEmpty)
            yard.clock.advance(milliseconds: -2_001)
            #expect(try await yard.admit(signedSale(yard)).flags == ["server-clock"])
            #expect(try await yard.admit(signedSale(yard)).flags.isEmpty)
            yard.clock.advance(minutes: -60)
            try yard.installation.close()

            let again = try reopened(yard)
            #expect(again.installation.standing.now.clockBehind != nil)
            // The terminal has the same clock as the server here.
            #expect(
                try await again.admit(signedSale(again)).flags == ["clock-skew", "server-clock"])
            #expect(try again.installation.verify().misfit == nil)
            try again.installation.close()
        }
    }

    @Test(
        arguments: [
            (99, false, true), (100, false, false), (101, false, false), (100, true, true),
            (124, true, true), (125, true, false), (0, false, true),
        ] as [(Int64, Bool, Bool)])
    func `sales stop below the reserve and go on a quarter above it`(
        free: Int64, wasShort: Bool, isShort: Bool
    ) {
        let space = DiskSpace(path: "/", free: free, reserve: 100, wasShort: wasShort)
        #expect(space.isShort == isShort)
        #expect(!DiskSpace(path: "/", free: 0, reserve: 0, wasShort: false).isShort)
    }

    @Test(
        arguments: [
            (0, 4_096, 0), (3, 4_096, 12_288), (1 << 51, 4_096, .max), (1 << 52, 4_096, .max),
            (.max, .max, .max), (1, .max, .max),
        ] as [(UInt64, UInt64, Int64)])
    func `a file system that claims endless space has a great deal`(
        blocks: UInt64, size: UInt64, bytes: Int64
    ) {
        #expect(DiskSpace.bytes(blocks: blocks, ofBytes: size) == bytes)
        let space = DiskSpace(path: "/", free: .max, reserve: 100, wasShort: true)
        #expect(!space.isShort)
    }

    @Test func `with little space sales wait, and closing a day goes on`() async throws {
        try await withFolder { folder in
            let first = try await open(folder)
            try await first.sell("privat: 1 m³ gruenabfall")
            try first.installation.close()
            let yard = try reopened(first, safety: Safety(reserve: 1 << 60))
            let signed = try signedSale(yard)

            let error = await #expect(throws: OperationsError.self) {
                _ = try await yard.admit(signed)
            }
            #expect(error?.code == "space-short")
            #expect(error?.status == 507)
            #expect(try await yard.close(Tally(count: 1, amount: Cents(1_200))).number == 1)
            try yard.installation.close()

            let again = try reopened(yard, safety: Safety(reserve: 0))
            #expect(try await !again.admit(signed).isRepeat)
            try again.installation.close()
        }
    }

    @Test func `F25: the second process is told which one is first`() async throws {
        try await withYard { yard in
            let error = #expect(throws: OperationsError.self) {
                _ = try Installation(directory: yard.directory, logger: .silent)
            }
            let own = "process \(ProcessInfo.processInfo.processIdentifier)"
            #expect(error?.remedy.contains(own) == true)
            #expect(ProcessLock.holder(path: yard.directory.lock) == own)
        }
    }

    @Test func `doctor finds nothing wrong, and each fault with its remedy`() async throws {
        try await withFolder { folder in
            let yard = try await open(folder)
            try await yard.sell("privat: 1 m³ gruenabfall")
            try yard.installation.close()
            func failed(at now: Timestamp) -> [String] {
                Examiner(yard.directory, reserve: 0, now: now).examine()
                    .filter { $0.state == .failed }.map { finding in
                        #expect(!finding.remedy.isEmpty, "\(finding)")
                        return finding.name
                    }
            }
            #expect(failed(at: yard.clock.now).isEmpty)
            #expect(failed(at: yard.clock.now.adding(milliseconds: -60_000)) == ["clock"])

            let files = FileManager.default
            try files.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: yard.directory.recordKey)
            try files.moveItem(atPath: yard.directory.heads, toPath: folder + "/heads")
            #expect(failed(at: yard.clock.now) == ["heads", "keys"])
            let plan = yard.directory.accountPlan
            try files.removeItem(atPath: plan)
            #expect(failed(at: yard.clock.now) == ["heads", "keys", "finance"])
        }
    }

    @Test func `doctor reads each file that a start reads`() async throws {
        try await withFolder { folder in
            let yard = try await open(folder)
            try yard.installation.close()
            let (directory, now) = (yard.directory, yard.clock.now)
            func found(_ state: Finding.State, in directory: DataDirectory) -> [Finding] {
                Examiner(directory, reserve: 0, now: now).examine().filter { $0.state == state }
            }
            func put(_ text: String, at path: String) throws {
                let file = URL(fileURLWithPath: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            let plan = try String(
                contentsOf: URL(fileURLWithPath: directory.settlement), encoding: .utf8)
            try put(plan.replacing("hof: hof-1", with: "hof: hof-9"), at: directory.settlement)
            let warned = found(.warning, in: directory)
            #expect(warned.contains { $0.name == "settlement" && $0.found.contains("hof-9") })
            try put("", at: directory.settlement)
            #expect(found(.warning, in: directory).contains { $0.name == "settlement" })
            try put("plate\n", at: directory.retention)
            try put("\u{0}\n", at: directory.witness + "/settings")
            #expect(found(.failed, in: directory).map(\.name) == ["retention", "witness"])
            try put("x", at: directory.exportProfiles + "/datev.yaml")
            let finance = try #require(found(.failed, in: directory).first)
            #expect(finance.name == "finance" && !finance.found.contains("account plan"))

            // Nothing here says of a database that it is damaged.
            let nowhere = found(.failed, in: DataDirectory(folder + "/nothing"))
            #expect(nowhere.contains { $0.name == "heads" && $0.found == "not initialised" })
            #expect(!nowhere.contains { $0.remedy.contains("restore") })
        }
    }
}
