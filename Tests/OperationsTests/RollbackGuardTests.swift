import Foundation
import GRDB
import Journal
import Operations
import Sales
import Signing
import Storage
import Synchronization
import Testing
import Transparency
import Units

/// What the guard finds before anything is written, and while the server runs.
struct RollbackGuardTests {
    private func played(_ folder: String, sales: Int) async throws -> TestYard {
        let yard = try await TestYard.open(
            folder + "/data", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
        let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
        for _ in 0..<sales { _ = try await yard.admit(yard.terminal.sign(sale)) }
        return yard
    }

    /// Why the data directory would not be written to; nil if it would.
    private func stop(_ yard: TestYard) throws -> WriteStop? {
        let clock = yard.clock
        let installation = try Installation(
            directory: yard.directory, clock: { clock.now }, logger: .silent)
        let stop = installation.standing.now.stop
        try installation.close()
        return stop
    }

    /// The whole data directory as it was before one more sale, and the checkpoint after that sale.
    private func copied(
        _ yard: TestYard, in folder: String, before sale: TerminalFact
    ) async throws -> (copy: DataDirectory, new: String) {
        try yard.installation.close()
        let (clock, copy) = (yard.clock, DataDirectory(folder + "/copy"))
        try FileManager.default.copyItem(atPath: yard.directory.path, toPath: copy.path)
        let first = try Installation(
            directory: yard.directory, clock: { clock.now }, logger: .silent)
        _ = try await first.admit(yard.terminal.sign(sale).envelope, to: yard.yard)
        let new = try await first.checkpoint(of: yard.yard)
        try first.close()
        return (copy, new)
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func `a cursor behind what was lost is refused, not followed in silence`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let before = try yard.installation.newestCursor()
            let (copy, _) = try await copied(yard, in: folder, before: sale)
            let clock = yard.clock
            let whole = try Installation(
                directory: yard.directory, clock: { clock.now }, logger: .silent)
            let after = try whole.newestCursor()
            try whole.close()

            let older = try Installation(
                directory: copy, clock: { clock.now }, logger: .silent)

            #expect(try older.events(after: before).events.isEmpty)
            #expect(throws: OperationsError.cursorInvalid) { _ = try older.events(after: after) }
            try older.close()
        }
    }

    @Test func `without the head file nothing is written`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            try yard.installation.close()
            try FileManager.default.removeItem(atPath: yard.directory.heads)
            try FileManager.default.removeItem(atPath: yard.directory.searchKey)

            #expect(
                try stop(yard) == .headFile(path: yard.directory.heads, isDamaged: false))
            // The refused start has not made a new one, nor a key to search by.
            #expect(!FileManager.default.fileExists(atPath: yard.directory.heads))
            #expect(!FileManager.default.fileExists(atPath: yard.directory.searchKey))
        }
    }

    @Test func `what was remembered and cannot be read any more is not passed over`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            try yard.installation.close()
            let (heads, kept) = (
                yard.directory.heads, yard.directory.witness + "/contradiction-hof-1"
            )
            let (good, files) = (try bytes(heads), FileManager.default)
            try files.removeItem(atPath: heads)
            try files.createDirectory(atPath: heads, withIntermediateDirectories: false)
            #expect(throws: OperationsError.cannotRead(path: heads)) { try stop(yard) }
            try files.removeItem(atPath: heads)
            try Data(good).write(to: URL(fileURLWithPath: heads))
            #expect(try stop(yard) == nil)

            try files.createDirectory(atPath: kept, withIntermediateDirectories: true)
            let error = #expect(throws: OperationsError.self) { try stop(yard) }
            #expect(error == .cannotRead(path: kept) && error?.code == "cannot-read")
        }
    }

    @Test func `each of several witnesses that know more is remembered`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            let size = try yard.installation.logStatus(of: yard.yard).size
            for (name, more) in [("a.example/w", Int64(20)), ("b.example/w", 10)] {
                let head = try yard.signedHead(size: size + more, root: Digest.sha256([1]))
                try yard.installation.present(
                    head.bytes, of: yard.yard, from: .witness(name))
            }
            try yard.installation.close()

            let kept = try FileManager.default.contentsOfDirectory(atPath: yard.directory.witness)
                .filter { $0.hasPrefix("contradiction-hof-1") }
            #expect(kept.count == 2)
            let finding = try #require(try LossFinding.all(in: yard.directory).first)
            #expect(finding.heads.map(\.size) == [size + 10, size + 20])
        }
    }

    @Test func `F10: each changed bit of the head file stops writing`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            try yard.installation.close()
            let good = try bytes(yard.directory.heads)
            #expect(try stop(yard) == nil)

            var found = 0
            for bit in 0..<good.count * 8 {
                var bad = good
                bad[bit / 8] ^= 1 << (bit % 8)
                try Data(bad).write(to: URL(fileURLWithPath: yard.directory.heads))
                let stop = try Installation.writeStop(of: yard.directory)
                if stop != nil {
                    found += 1
                } else {
                    // White space at the end says nothing.
                    #expect(bit / 8 == good.count - 1, "bit \(bit) of \(good.count * 8)")
                }
            }
            print("head file: \(good.count * 8) bits, \(found) found")
            #expect(found > good.count * 8 - 8)
        }
    }

    @Test func `a head that a terminal holds stops a server that was set back`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            let old = try await yard.installation.checkpoint(of: yard.yard)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let (copy, new) = try await copied(yard, in: folder, before: sale)
            let clock = yard.clock

            // The whole directory is an old one, its head file too: only others know.
            let second = try Installation(
                directory: copy, clock: { clock.now }, logger: .silent)
            #expect(try second.present(Array(old.utf8), of: yard.yard, from: .terminal("t1")))
            #expect(try second.present(Array("forged".utf8), of: yard.yard, from: .terminal("t1")))
            let forged = new.replacing("\n5\n", with: "\n9\n")
            #expect(forged != new)
            #expect(try second.present(Array(forged.utf8), of: yard.yard, from: .terminal("t1")))
            #expect(second.standing.now.stop == nil)

            #expect(try !second.present(Array(new.utf8), of: yard.yard, from: .terminal("t1")))

            let refusal = OperationsError.rollback(yard: yard.yard.origin, stored: 4, known: 5)
            #expect(second.standing.now.stop?.error == refusal)
            await #expect(throws: refusal) {
                _ = try await second.admit(yard.terminal.sign(sale).envelope, to: yard.yard)
            }
            try second.close()
        }
    }

    #if DEBUG
    @Test func `what waits while somebody shows a larger log is refused too`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let (copy, new) = try await copied(yard, in: folder, before: sale)
            let clock = yard.clock
            let gate = Gate()
            // Whether the stop is known, whether a batch was begun since, and what it wrote.
            let seen = Mutex((isStopped: false, isLater: false, inserts: 0))
            let faults = ProvokedFaults { point in
                seen.withLock { seen in
                    if point == .idle { seen.isLater = seen.isStopped }
                    if point == .beforeInsert, seen.isLater { seen.inserts += 1 }
                }
                if point == .beforeCommit { gate.pass() }
            }
            let second = try Installation(
                directory: copy, clock: { clock.now }, logger: .silent, faults: faults)
            let records = try (0..<6).map { _ in try yard.terminal.sign(sale) }
            let (calls, calling) = AsyncStream.makeStream(of: Void.self)
            func admit(_ record: SignedRecord) -> Task<OperationsError?, any Error> {
                Task {
                    calling.yield()
                    do {
                        _ = try await second.admit(record.envelope, to: yard.yard)
                        return nil
                    } catch let error as OperationsError { return error }
                }
            }
            // The first one is in its transaction, the others wait behind it.
            let inside = admit(records[0])
            await gate.waitForArrival()
            let behind = records.dropFirst().map { admit($0) }
            var iterator = calls.makeAsyncIterator()
            for _ in records { _ = await iterator.next() }
            for _ in 0..<1_000 { await Task.yield() }

            let fits = try second.present(Array(new.utf8), of: yard.yard, from: .terminal("t1"))
            seen.withLock { $0.isStopped = true }
            gate.letThrough(9)

            #expect(!fits)
            #expect(try await inside.value == nil)
            let refusal = OperationsError.rollback(yard: yard.yard.origin, stored: 4, known: 5)
            for task in behind { #expect(try await task.value == refusal) }
            #expect(seen.withLock { $0.inserts } == 0)
            try second.close()
        }
    }
    #endif

    @Test func `somebody can sign in and read while nothing is written`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 2)
            try await yard.installation.save(TestYard.cashier, password: "ein-passwort")
            try yard.installation.close()
            try FileManager.default.removeItem(atPath: yard.directory.heads)
            let clock = yard.clock
            let installation = try Installation(
                directory: yard.directory, clock: { clock.now }, logger: .silent)
            let before = try bytes(yard.directory.database)

            let signedIn = try await installation.signIn("anna", password: "ein-passwort")

            #expect(try installation.session(signedIn.token)?.person == TestYard.cashier)
            let page = try await installation.sales(of: yard.yard, limit: 10)
            #expect(page.rows.count == 2)
            try await installation.signOut(signedIn.token)
            #expect(try installation.session(signedIn.token) == nil)
            try installation.close()
            #expect(try bytes(yard.directory.database) == before)
        }
    }

    private static let changes: [(name: String, sql: String)] = [
        ("an entry altered", "UPDATE entry SET bytes = x'00' WHERE position & 0xFFFF = 100"),
        ("an entry deleted", "DELETE FROM entry WHERE position & 0xFFFF = 100"),
        ("a tile altered", "UPDATE tile SET hashes = zeroblob(8192)"),
        ("a tile deleted", "DELETE FROM tile"),
        (
            "an entry added",
            "INSERT INTO entry VALUES ((SELECT max(position) FROM entry) + 1, x'00')"
        ),
        (
            "the newest checkpoint altered",
            """
            UPDATE checkpoint SET note = replace(note, 'musterstadt', 'andererort')
            WHERE size = (SELECT max(size) FROM checkpoint)
            """
        ),
    ]

    @Test func `F13: what was altered in the newest part is found at the start`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 300)
            try yard.installation.close()
            let good = folder + "/good.sqlite3"
            let files = FileManager.default
            try files.copyItem(atPath: yard.directory.database, toPath: good)
            for (name, sql) in Self.changes {
                let queue = try DatabaseQueue(path: yard.directory.database)
                try await queue.write { database in
                    for table in ["entry", "tile", "checkpoint"] {
                        try database.execute(
                            sql: "DROP TRIGGER \(table)_no_update; DROP TRIGGER \(table)_no_delete")
                    }
                    try database.execute(sql: sql)
                    #expect(database.changesCount > 0, "\(name)")
                }
                try queue.close()

                let found = try Installation.writeStop(of: yard.directory)

                #expect(found != nil, "\(name) was not found")
                try files.removeItem(atPath: yard.directory.database)
                try files.copyItem(atPath: good, toPath: yard.directory.database)
            }
            #expect(try Installation.writeStop(of: yard.directory) == nil)
        }
    }

    @Test func `F12: a database without its write-ahead log is refused`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder, sales: 1)
            try yard.installation.close()
            let clock = yard.clock
            let running = try Installation(
                directory: yard.directory, clock: { clock.now }, logger: .silent)
            // The main file as it is before the write-ahead log holds the newest sale.
            let copy = DataDirectory(folder + "/copy")
            let files = FileManager.default
            try files.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
            try files.copyItem(atPath: yard.directory.database, toPath: copy.database)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            _ = try await running.admit(yard.terminal.sign(sale).envelope, to: yard.yard)
            try running.close()
            try files.copyItem(atPath: yard.directory.heads, toPath: copy.heads)

            #expect(
                try Installation.writeStop(of: copy)?.error
                    == .rollback(yard: yard.yard.origin, stored: 4, known: 5))
        }
    }
}
