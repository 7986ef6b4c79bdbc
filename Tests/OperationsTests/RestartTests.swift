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

struct RestartTests {
    private func reopened(_ yard: TestYard) throws -> Installation {
        let clock = yard.clock
        return try Installation(
            directory: yard.directory, clock: { clock.now }, logger: .silent)
    }

    private func replace(_ path: String, by other: String) throws {
        for suffix in ["", "-wal", "-shm"]
        where FileManager.default.fileExists(
            atPath: path + suffix)
        {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        try FileManager.default.copyItem(atPath: other, toPath: path)
    }

    @Test func `what was acknowledged is there after a restart`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try (0..<300).map { _ in try yard.terminal.sign(sale) }
            var indices: [Int64] = []
            for record in signed { indices.append(try await yard.admit(record).index) }
            try yard.installation.close()

            let again = TestYard(
                directory: yard.directory, clock: yard.clock, installation: try reopened(yard),
                yard: yard.yard, terminals: yard.terminals)

            for (record, index) in zip(signed, indices).shuffled().prefix(20) {
                let answer = try await again.admit(record)
                #expect(answer.isRepeat)
                #expect(answer.index == index)
                #expect(try again.verify(answer) == 303)
            }
            #expect(try await again.admit(yard.terminal.sign(sale)).index == 303)
            #expect(try again.installation.verify().misfit == nil)
            try again.installation.close()
        }
    }

    @Test func `an older copy of the database is refused`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try await yard.sell("privat: 1 m³ gruenabfall")
            try yard.installation.close()
            let old = folder + "/old.sqlite3"
            try FileManager.default.copyItem(atPath: yard.directory.database, toPath: old)
            let second = try reopened(yard)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            _ = try await second.admit(yard.terminal.sign(sale).envelope, to: yard.yard)
            try second.close()

            try replace(yard.directory.database, by: old)

            let third = try reopened(yard)
            let before = try Data(contentsOf: URL(fileURLWithPath: yard.directory.database))
            let refusal = OperationsError.rollback(
                yard: yard.yard.origin, stored: 4, known: 5)
            #expect(third.standing.now.stop?.error == refusal)
            await #expect(throws: refusal) {
                _ = try await third.admit(yard.terminal.sign(sale).envelope, to: yard.yard)
            }
            let page = try await third.sales(of: yard.yard, limit: 10)
            #expect(page.rows.count == 1)
            try third.close()
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: yard.directory.database)) == before)
        }
    }

    @Test func `another history of the same length is refused`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            try yard.installation.close()
            let (start, heads) = (folder + "/start.sqlite3", folder + "/heads.json")
            try FileManager.default.copyItem(atPath: yard.directory.database, toPath: start)
            let startHeads = folder + "/start.json"
            try FileManager.default.copyItem(atPath: yard.directory.heads, toPath: startHeads)
            for minute in 0..<2 as Range<Int64> {
                yard.clock.advance(minutes: minute)
                let installation = try reopened(yard)
                let signed = try yard.terminal.sign(
                    sale, sequence: 1, previous: RecordHead.genesisPrevious)
                _ = try await installation.admit(signed.envelope, to: yard.yard)
                try installation.close()
                guard minute == 0 else { continue }
                try FileManager.default.moveItem(atPath: yard.directory.heads, toPath: heads)
                try replace(yard.directory.database, by: start)
                try replace(yard.directory.heads, by: startHeads)
            }

            try replace(yard.directory.heads, by: heads)

            let third = try reopened(yard)
            #expect(
                third.standing.now.stop?.error
                    == .rollback(yard: yard.yard.origin, stored: 4, known: 4))
            try third.close()
        }
    }

    @Test func `a data directory is open once`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let holder = "process \(ProcessInfo.processInfo.processIdentifier)"
            #expect(throws: OperationsError.inUse(path: yard.directory.lock, holder: holder)) {
                _ = try reopened(yard)
            }
        }
    }

    @Test func `who is refused the lock closes no descriptor of others`() async throws {
        try await withFolder { folder in
            let path = folder + "/lock"
            let lock = try ProcessLock(path: path)
            defer { lock.release() }
            let isDone = Mutex(false)
            let watching = Task.detached {
                var lost = 0
                while !isDone.withLock({ $0 }) {
                    let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
                    if close(file) != 0 { lost += 1 }
                }
                return lost
            }
            for _ in 0..<20_000 {
                #expect(throws: OperationsError.self) { _ = try ProcessLock(path: path) }
            }
            isDone.withLock { $0 = true }
            #expect(await watching.value == 0)
        }
    }

    @Test func `a closed data directory can be opened while somebody still knows it`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 0,
                hasTariff: false)
            try yard.installation.close()
            let again = try reopened(yard)
            let holder = "process \(ProcessInfo.processInfo.processIdentifier)"
            #expect(throws: OperationsError.inUse(path: yard.directory.lock, holder: holder)) {
                _ = try reopened(yard)
            }
            try again.close()
            #expect(yard.installation.yards.count == 1)
        }
    }

    @Test func `a folder is initialised once, and not opened before`() async throws {
        try await withFolder { folder in
            let directory = DataDirectory(folder + "/data")
            #expect(throws: OperationsError.notInitialised(path: directory.path)) {
                _ = try Installation(directory: directory, logger: .silent)
            }
            try Installation.create(
                in: directory, finance: [("kontenplan.yaml", Array("x".utf8))])
            #expect(throws: OperationsError.alreadyInitialised(path: directory.path)) {
                try Installation.create(in: directory, finance: [])
            }
        }
    }

    @Test func `where a log is known and its database is gone nothing is made in its place`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try yard.installation.close()
            let (directory, files) = (yard.directory, FileManager.default)
            try files.removeItem(atPath: directory.database)
            let heads = files.contents(atPath: directory.heads)
            let missing = OperationsError.databaseMissing(path: directory.path)

            #expect(throws: missing) { try Installation.create(in: directory, finance: []) }
            #expect(throws: missing) {
                _ = try Installation(directory: directory, logger: .silent)
            }
            #expect(throws: missing) { _ = try Installation.verify(directory) }
            // Each of the two alone says enough.
            let key = directory.logKey(yard: yard.yard.id.text)
            let kept = files.contents(atPath: key)
            try files.removeItem(atPath: key)
            #expect(throws: missing) { try Installation.create(in: directory, finance: []) }
            #expect(files.contents(atPath: directory.heads) == heads)
            try files.removeItem(atPath: directory.heads)
            #expect(files.createFile(atPath: key, contents: kept))
            #expect(throws: missing) { try Installation.create(in: directory, finance: []) }
            #expect(!files.fileExists(atPath: directory.database))
        }
    }

    @Test func `files of the town that are there already stay`() async throws {
        try await withFolder { folder in
            let directory = DataDirectory(folder + "/data")
            let files = FileManager.default
            try files.createDirectory(
                atPath: directory.exportProfiles, withIntermediateDirectories: true)
            let own = Data("eigen".utf8)
            #expect(files.createFile(atPath: directory.accountPlan, contents: own))

            try Installation.create(
                in: directory, finance: [("kontenplan.yaml", Array("x".utf8))])

            #expect(files.contents(atPath: directory.accountPlan) == own)
        }
    }

    @Test func `after closing nothing more is taken`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let signed = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            try yard.installation.close()
            await #expect(throws: OperationsError.stopping) {
                _ = try await yard.installation.admit(signed.envelope, to: yard.yard)
            }
        }
    }

    @Test func `a database of schema version 2 keeps its tariffs and its proposals`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let waiting = try await yard.installation.proposeTariff(
                SampleTariff("b", from: "2027-01-01").bytes, for: yard.yard, by: TestYard.office)
            try yard.installation.close()
            let queue = try DatabaseQueue(path: yard.directory.database)
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("schema-2.sql")
            let older = try String(contentsOf: file, encoding: .utf8)
            try await queue.writeWithoutTransaction { try $0.execute(sql: older) }
            try queue.close()
            let path = yard.directory.database
            #expect(throws: StorageError.olderVersion(path: path, found: 2, known: 13)) {
                _ = try ReadOnlyDatabase(path: path)
            }

            let again = try reopened(yard)

            let rows = try again.tariffs(of: yard.yard)
            #expect(rows.map(\.state) == [.approved, .proposed])
            #expect(rows.map(\.proposedAt) == [nil, nil])
            #expect(rows.map(\.approvedBy) == [TestYard.approver.id, nil])
            try await again.approveTariff(waiting, for: yard.yard, by: TestYard.approver)
            #expect(try again.reprice(reference, of: yard.yard).agrees)
            // What was a column once is read from the records.
            #expect(try again.terminals(of: yard.yard).map(\.highest) == [reference.sequence])
            #expect(try again.verify().misfit == nil)
            try again.close()
        }
    }
}
