import Calendars
import DayClosing
import FinanceSamples
import Foundation
import GRDB
import Journal
import Operations
import Sales
import Storage
import Synchronization
import Testing
import Units

/// Tampering at many places of a log of several parts (trust.md 12, F13), and files with changed
/// bits (F10).
struct VerifyPositionsTests {
    private static let sales = 1_150

    /// A log of two parts, written in batches.
    private func played(_ folder: String) async throws -> TestYard {
        let yard = try await TestYard.open(
            folder + "/data", clock: TestClock(TestClock.morning), terminals: 2, hasTariff: true)
        let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
        for start in stride(from: 0, to: Self.sales, by: 230) {
            let signed = try (start..<start + 230).map {
                try yard.terminals[$0 % 2].sign(sale).envelope
            }
            _ = try await yard.installation.admit(signed.map { .success($0) }, to: yard.yard)
        }
        try yard.installation.close()
        return yard
    }

    /// A kind of change, and whether it shows at the index itself.
    private static let changes: [(name: String, sql: [String])] = [
        (
            "edited",
            ["UPDATE entry SET bytes = CAST(x'61' || substr(bytes, 2) AS BLOB) WHERE position = :p"]
        ),
        ("deleted", ["DELETE FROM entry WHERE position = :p"]),
        (
            "inserted",
            [
                "UPDATE entry SET position = -position WHERE position >= :p",
                "UPDATE entry SET position = 1 - position WHERE position < 0",
                "INSERT INTO entry SELECT :p, bytes FROM entry WHERE position = :p + 9",
            ]
        ),
        (
            "swapped",
            [
                "UPDATE entry SET position = -1 WHERE position = :p",
                "UPDATE entry SET position = :p WHERE position = :p + 1",
                "UPDATE entry SET position = :p + 1 WHERE position = -1",
            ]
        ),
    ]

    @Test func `F13: each change is found, and named at or before its effect`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder)
            let clean = try Installation.verify(yard.directory)
            #expect(clean.misfit == nil, "\(clean)")
            #expect(clean.entries == Int64(Self.sales) + 4)
            #expect(clean.repriced == Int64(Self.sales))
            let queue = try DatabaseQueue(path: yard.directory.database)
            try await queue.write {
                try $0.execute(sql: "DROP TRIGGER entry_no_update; DROP TRIGGER entry_no_delete")
            }
            var generator = SystemRandomNumberGenerator()
            let places = (0..<3).map { _ in
                Int64.random(in: 5..<Int64(Self.sales) - 10, using: &generator)
            }
            print("F13: places \(places)")
            let good = folder + "/good.sqlite3"
            try queue.close()
            try FileManager.default.copyItem(atPath: yard.directory.database, toPath: good)
            for (name, statements) in Self.changes {
                for place in places {
                    let changed = try DatabaseQueue(path: yard.directory.database)
                    let position = LogPosition(yard: 1, index: place).number
                    try await changed.write { database in
                        for sql in statements {
                            try database.execute(sql: sql, arguments: ["p": position])
                        }
                    }
                    try changed.close()
                    let misfit = try Installation.verify(yard.directory).misfit
                    #expect(
                        misfit?.index == place, "\(name) at \(place): \(String(describing: misfit))"
                    )
                    try FileManager.default.removeItem(atPath: yard.directory.database)
                    try FileManager.default.copyItem(
                        atPath: good, toPath: yard.directory.database)
                }
            }
        }
    }

    @Test func `one worker and many say the same, and progress reaches the end`() async throws {
        try await withFolder { folder in
            let yard = try await played(folder)
            let told = Mutex<[Int64]>([])
            var reports: [VerificationReport] = []
            for workers in [1, 2, 5] {
                reports.append(
                    try Installation.verify(
                        yard.directory,
                        VerificationOptions(
                            workers: workers,
                            progress: { done, all in
                                #expect(all == Int64(Self.sales) + 4)
                                told.withLock { $0.append(done) }
                            })))
            }
            #expect(Set(reports).count == 1)
            #expect(told.withLock { $0.max() } == Int64(Self.sales) + 4)
        }
    }

    /// What verification says of a file with changed bits.
    private enum Verdict { case refused, found, passed }

    @Test func `F10: no changed bit of the database is accepted in silence`() async throws {
        let seed = UInt64.random(in: 0..<UInt64(UInt32.max))
        print("F10: bits of the database, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        try await withFolder { folder in
            let yard = try await played(folder)
            let path = yard.directory.database
            let place = Int64.random(in: 5..<Int64(Self.sales), using: &generator)
            let whole = try entry(at: place, path)
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            func verdict(on bits: [Int]) throws -> Verdict {
                var bad = good
                for bit in bits { bad[bit / 8] ^= 1 << (bit % 8) }
                try bad.write(to: URL(fileURLWithPath: path))
                let report: VerificationReport
                do { report = try Installation.verify(yard.directory) } catch { return .refused }
                return report.misfit == nil ? .passed : .found
            }
            var verdicts: [Verdict] = []
            for _ in 0..<16 {
                let bit = Int.random(in: 0..<good.count * 8, using: &generator)
                let found = try verdict(on: [bit])
                verdicts.append(found)
                // What is accepted gives the same log.
                if found == .passed {
                    #expect(try sameTables(path, good, folder), "seed \(seed), bit \(bit)")
                }
            }
            let refused = verdicts.count(where: { $0 == .refused })
            let unused = verdicts.count(where: { $0 == .passed })
            print("F10: of 16 bits \(refused) not opened, \(unused) unused, the others found")
            // Random bits may all lie where nothing is read; a bit of an entry never does.
            let known = bits(of: whole, in: good)
            #expect(!known.isEmpty)
            let found = try verdict(on: known)
            #expect(found != .passed, "seed \(seed), entry \(place)")
        }
    }

    private func entry(at place: Int64, _ path: String) throws -> Data {
        let queue = try DatabaseQueue(path: path)
        let bytes = try queue.read { database in
            try Data.fetchOne(
                database, sql: "SELECT bytes FROM entry WHERE position = ?",
                arguments: [LogPosition(yard: 1, index: place).number])
        }
        try queue.close()
        return try #require(bytes)
    }

    /// A bit near the beginning of an entry, wherever the file holds these bytes: of a long entry
    /// only the beginning is sure to lie in one piece.
    private func bits(of entry: Data, in file: Data) -> [Int] {
        let beginning = Data(entry.prefix(400))
        var (places, from) = ([Int](), file.startIndex)
        while let range = file.range(of: beginning, in: from..<file.endIndex) {
            places.append((range.lowerBound + beginning.count / 2) * 8)
            from = range.upperBound
        }
        return places
    }

    /// Whether every table that verification speaks for holds the same as in the good file: the
    /// bit lay in unused space, an index, or a table that is no part of the journal.
    private func sameTables(_ path: String, _ good: Data, _ folder: String) throws -> Bool {
        let other = folder + "/other.sqlite3"
        try good.write(to: URL(fileURLWithPath: other))
        func rows(_ path: String) throws -> [[String]] {
            let queue = try DatabaseQueue(path: path)
            defer { #expect(throws: Never.self) { try queue.close() } }
            return try queue.read { database in
                try ["entry", "tile", "checkpoint", "record", "server_record"].map { table in
                    try Row.fetchAll(
                        database, sql: "SELECT * FROM \(table) NOT INDEXED ORDER BY 1, 2"
                    )
                    .map { "\($0)" }.joined()
                }
            }.map { [$0] }
        }
        return try rows(path) == rows(other)
    }

    @Test func `A17: of fifty parallel approvals one makes the close`() async throws {
        try await withYard { yard in
            for number in 1...3 as ClosedRange<Int64> {
                try await yard.sell("privat: 1 m³ gruenabfall")
                try await yard.count(Tally(count: 1, amount: Cents(1_200)))
                let made = await withTaskGroup(of: Int64?.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            do {
                                return try await yard.installation.approveClose(
                                    at: yard.yard, by: TestYard.approver
                                ).number
                            } catch { return nil }
                        }
                    }
                    return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
                }
                #expect(made == [number])
            }
            #expect(try yard.installation.closes(of: yard.yard).map(\.number) == [1, 2, 3])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `A41: both hours of the long night are told apart and stay in order`() async throws {
        try await withYard(at: "2026-10-24T22:30:00.000Z") { yard in
            // 02:30 in summer time, an hour later 02:30 in winter time.
            var references: [SaleReference] = []
            for time in ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"] {
                yard.clock.set(time)
                references.append(try await yard.sell("privat: 1 m³ gruenabfall"))
            }
            let page = try await yard.installation.sales(of: yard.yard, limit: 10)
            #expect(page.rows.map(\.reference) == references.reversed())
            #expect(page.rows.map(\.day.iso) == ["2026-10-25", "2026-10-25"])
            #expect(
                page.rows.map(\.at.iso)
                    == ["2026-10-25T01:30:00.000Z", "2026-10-25T00:30:00.000Z"])
            let calendar = yard.installation.calendar
            let day = try #require(BusinessDay(iso: "2026-10-25"))
            #expect(calendar.day(of: yard.clock.now) == day)
            yard.clock.set("2026-10-25T22:59:59.999Z")
            #expect(calendar.day(of: yard.clock.now) == day)
            yard.clock.set("2026-10-25T23:00:00.000Z")
            #expect(calendar.day(of: yard.clock.now) > day)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }
}
