import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import Signing
import Storage
import Synchronization
import Testing
import Units

/// Files of exports that are larger than a part of them in the database.
struct ExportPartTests {
    /// Parts in the database, and those of them that no export names.
    private func parts(in yard: TestYard) throws -> (all: Int, unnamed: Int) {
        let queue = try DatabaseQueue(path: yard.directory.database)
        let counts = try queue.read { connection in
            try Int.fetchAll(
                connection,
                sql: """
                    SELECT count(*) FROM export_part UNION ALL
                    SELECT count(*) FROM export_part
                    WHERE file NOT IN (SELECT file FROM export_file)
                    """)
        }
        try queue.close()
        return (counts[0], counts[1])
    }

    /// Puts a part there whose process ended before its export was registered.
    private func abandonParts(of file: Int, in yard: TestYard) throws {
        let queue = try DatabaseQueue(path: yard.directory.database)
        try queue.writeWithoutTransaction { connection in
            for number in 3..<9 {
                try connection.execute(
                    sql: "INSERT INTO export_part VALUES (?, ?, x'41')", arguments: [file, number])
            }
        }
        try queue.close()
    }

    @Test func `what a registration left that never ended is not seen, and goes with the next`()
        async throws
    {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            try abandonParts(of: 3, in: yard)
            #expect(try yard.installation.verify().misfit == nil)
            #expect(try parts(in: yard).unnamed == 6)
            // They may name people: the round of retention removes them too.
            #expect(try await yard.installation.eraseExpired().isOverwritten)
            #expect(try parts(in: yard).all == 0)
            try abandonParts(of: 3, in: yard)

            let export = try await yard.installation.createExport(
                "hledger", of: [1], at: yard.yard, by: TestYard.office)

            let (all, unnamed) = try parts(in: yard)
            #expect(all == export.files.count && unnamed == 0)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a file without its bytes, or with others, is not handed out`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            let export = try await yard.installation.createExport(
                "hledger", of: [1], at: yard.yard, by: TestYard.office)
            let name = try #require(export.files.first).name
            func fetch() async throws {
                _ = try await yard.installation.fetchExportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.auditor)
            }
            try await fetch()
            for statement in [
                "UPDATE export_part SET bytes = CAST(bytes || x'0A' AS BLOB)",
                "DELETE FROM export_part",
            ] {
                let queue = try DatabaseQueue(path: yard.directory.database)
                try await queue.writeWithoutTransaction { connection in
                    for act in ["update", "delete"] {
                        try connection.execute(
                            sql: "DROP TRIGGER IF EXISTS export_part_no_\(act)")
                    }
                    try connection.execute(sql: statement)
                }
                try queue.close()
                await #expect(throws: DamagedRow.self, "\(statement)") { try await fetch() }
            }
        }
    }

    #if DEBUG
    @Test func `each part is committed by itself, the record and the names of all last`()
        async throws
    {
        try await withFolder { folder in
            let clock = TestClock(TestClock.morning)
            let path = folder + "/data"
            let made = try await TestYard.open(path, clock: clock, terminals: 1, hasTariff: true)
            let sale = TerminalFact.sale(try made.sale("privat: 1 m³ gruenabfall"))
            let count: Int64 = 2_640
            var batch: [Result<Envelope, any Error>] = []
            for _ in 0..<count { batch.append(.success(try made.terminal.sign(sale).envelope)) }
            for start in stride(from: 0, to: batch.count, by: 220) {
                _ = try await made.installation.admit(
                    Array(batch[start..<start + 220]), to: made.yard)
            }
            try await made.close(Tally(count: count, amount: Cents(1_200 * count)))
            try made.installation.close()
            let seen = Mutex<[FaultPoint]>([])
            let yard = TestYard(
                directory: made.directory, clock: clock,
                installation: try Installation(
                    directory: made.directory, clock: { clock.now }, logger: .silent,
                    faults: ProvokedFaults { point in
                        guard [.afterExportPart, .afterExportEntry, .afterCommit].contains(point)
                        else { return }
                        seen.withLock { $0.append(point) }
                    }), yard: made.yard, terminals: made.terminals)
            let installation = yard.installation

            let export = try await installation.createExport(
                "hledger", of: [1], at: yard.yard, by: TestYard.office)

            let file = try #require(export.files.first)
            let partCount = Int((file.byteCount + (1 << 18) - 1) >> 18)
            #expect(partCount > 1 && export.files.count == 1)
            let points = seen.withLock { $0 }
            let registering = points[(points.firstIndex(of: .afterExportPart) ?? 0)...]
            let expected =
                (0..<partCount).flatMap { _ in [FaultPoint.afterExportPart, .afterCommit] }
                + [.afterExportEntry, .afterCommit]
            #expect(Array(registering.prefix(expected.count)) == expected)

            let whole = try installation.exportFile(
                file.name, ofExport: 1, at: yard.yard, by: TestYard.office)
            #expect(Digest.sha256(whole) == file.digest)
            let download = try await installation.fetchExportFile(
                file.name, ofExport: 1, at: yard.yard, by: TestYard.auditor)
            #expect(download.byteCount == file.byteCount)
            var pieces: [[UInt8]] = []
            try download.eachPiece { pieces.append($0) }
            #expect(pieces.count == partCount && pieces.flatMap(\.self) == whole)
            #expect(try installation.verify().misfit == nil)
            try installation.close()
        }
    }
    #endif
}
