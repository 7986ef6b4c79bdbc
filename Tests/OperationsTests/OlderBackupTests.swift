import DayClosing
import Exports
import Foundation
import GRDB
import Journal
import Operations
import Sales
import Signing
import Storage
import Testing
import Units

/// What an older program wrote, in the hands of this one.
struct OlderBackupTests {
    /// A closed town of schema version 2 and what it has.
    private struct OldTown {
        let yard: TestYard
        let folder: String
        let backup: Backup
        /// A file of its export.
        let file: (name: String, bytes: [UInt8])

        var keys: String { folder + "/keys" }

        /// A folder of its own with a copy of the database alone.
        func copy() throws -> DataDirectory {
            let copy = DataDirectory(folder + "/copy")
            try FileManager.default.createDirectory(
                atPath: copy.path, withIntermediateDirectories: false)
            try FileManager.default.copyItem(atPath: yard.directory.database, toPath: copy.database)
            return copy
        }
    }

    /// Genesis, tariff, enrolment, three sales, close, export.
    private func withOldTown(_ body: (OldTown) async throws -> Void) async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            for _ in 1...3 { try await yard.sell("privat: 1 m³ gruenabfall") }
            try await yard.close(Tally(count: 3, amount: Cents(3_600)))
            let export = try await yard.installation.createExport(
                "hledger", of: [1], at: yard.yard, by: TestYard.office)
            let name = try #require(export.files.first).name
            let bytes = try yard.installation.exportFile(
                name, ofExport: 1, at: yard.yard, by: TestYard.office)
            try yard.installation.close()
            try takeBack(yard.directory.database)
            let backup = Backup(folder + "/backup")
            _ = try Backup.create(
                of: yard.directory, into: backup.path, keys: folder + "/keys", now: yard.clock.now)
            try await body(
                OldTown(yard: yard, folder: folder, backup: backup, file: (name, bytes)))
        }
    }

    private func takeBack(_ database: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("schema-2.sql")
        try change(database, [try String(contentsOf: file, encoding: .utf8)])
    }

    private func change(_ database: String, _ statements: [String]) throws {
        let queue = try DatabaseQueue(path: database)
        try queue.writeWithoutTransaction { connection in
            for statement in statements { try connection.execute(sql: statement) }
        }
        try queue.close()
    }

    private func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// Every file under a path, by name.
    private func content(of path: String) throws -> [String: Data] {
        var content: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            content[name] = FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()
        }
        return content
    }

    @Test func `a backup of an older schema is verified without touching it`() async throws {
        try await withOldTown { town in
            let before = try content(of: town.backup.path)
            let place = town.folder + "/place"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: false)

            #expect(try town.backup.verify().logs.map(\.size) == [8])
            #expect(try town.backup.olderSchema() == 2)
            let report = try Installation.verify(town.backup.directory, copyingInto: place)

            #expect(report.misfit == nil)
            #expect(report.migratedFrom == 2)
            #expect(report.entries == 8 && report.repriced == 3)
            #expect(report.closes == 1 && report.exports == 1)
            #expect(try content(of: town.backup.path) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place) == [])
        }
    }

    @Test func `files are compared with a register of an older schema`() async throws {
        try await withOldTown { town in
            func outcomes(_ bytes: [UInt8]) throws -> [ExportFileVerdict.Outcome] {
                try Installation.checkExport(
                    [PiecedFile(name: town.file.name, bytes: bytes)], isWhole: false,
                    in: town.backup.directory
                ).map(\.outcome)
            }
            #expect(try outcomes(town.file.bytes) == [.registered(name: nil)])
            guard case .differs = try outcomes(town.file.bytes + [0x0A]).first else {
                Issue.record("the longer file fits")
                return
            }
        }
    }

    @Test func `the log of an older schema is exported and verified`() async throws {
        try await withOldTown { town in
            let out = town.folder + "/out"
            let summary = try LogExport.write(
                town.backup.directory, yard: nil, into: out, hasEntries: true)
            #expect(summary.size == 8 && summary.closes == 1)
            #expect(try Installation.verify(DataDirectory(out)).misfit == nil)
        }
    }

    @Test func `recorded sales of an older schema are read without touching it`() async throws {
        try await withYard { yard in
            let whole = try await yard.sell("privat: 1 m³ gruenabfall")
            let kept = try await yard.sell("privat: 1 m³ gruenabfall")
            let wish = ReversalWish(
                kind: .refund, original: whole, amounts: nil, reason: "doppelt",
                method: .bankTransfer)
            let request = try await yard.installation.requestReversal(
                wish, payee: try TestYard.payee(), at: yard.yard, by: TestYard.cashier)
            try await yard.installation.approveReversal(
                request, at: yard.yard, by: TestYard.approver)
            let older = DataDirectory(yard.directory.path + "/older")
            try FileManager.default.createDirectory(
                atPath: older.path, withIntermediateDirectories: false)
            try ReadOnlyDatabase(path: yard.directory.database).copy(into: older.database)
            try takeBack(older.database)
            let before = try content(of: older.path)

            let archive = SalesArchive(older)
            var read: [SaleReference] = []
            for part in try archive.parts(of: nil, count: 2) {
                try archive.read(part, from: nil, to: nil) { read.append($0.reference) }
            }

            #expect(read == [kept])
            #expect(try archive.positions(of: yard.yard.id, from: nil, to: nil).count == 1)
            #expect(try content(of: older.path) == before)
        }
    }

    @Test func `restored byte for byte, it is brought to the newest schema when it is started`()
        async throws
    {
        try await withOldTown { town in
            let restored = DataDirectory(town.folder + "/restored")
            let manifest = try town.backup.restore(into: restored, keys: town.keys)
            #expect(try bytes(restored.database) == bytes(town.backup.directory.database))
            #expect(try town.backup.verify() == manifest)

            let clock = town.yard.clock
            let started = TestYard(
                directory: restored, clock: clock,
                installation: try Installation(
                    directory: restored, clock: { clock.now }, logger: .silent),
                yard: town.yard.yard, terminals: town.yard.terminals)

            #expect(started.installation.standing.now.stop == nil)
            try await started.sell("privat: 2 m³ gruenabfall")
            #expect(try started.installation.verify().entries == 9)
            let file = try started.installation.exportFile(
                town.file.name, ofExport: 1, at: started.yard, by: TestYard.office)
            #expect(file == town.file.bytes)
            try started.installation.close()
            let report = try Installation.verify(restored)
            #expect(report.misfit == nil && report.migratedFrom == nil)
            #expect(try town.backup.olderSchema() == 2)
        }
    }

    @Test func `a changed backup of an older schema is refused before it is copied`() async throws {
        try await withOldTown { town in
            let path = town.backup.directory.database
            var changed = try bytes(path)
            changed[changed.count / 2] ^= 1
            try changed.write(to: URL(fileURLWithPath: path))

            let attempts: [() throws -> Void] = [
                { _ = try town.backup.verify() },
                { _ = try town.backup.restore(into: DataDirectory(town.folder + "/x"), keys: nil) },
                { _ = try Installation.verify(town.backup.directory) },
            ]
            for attempt in attempts {
                let error = #expect(throws: OperationsError.self) { try attempt() }
                #expect(error?.code == "backup-differs")
                #expect(error?.remedy.contains("hofbuch.sqlite3") == true)
            }
            #expect(!FileManager.default.fileExists(atPath: town.folder + "/x"))
        }
    }

    /// SQL, the index that is named, and a word of what is said.
    private static let tamperings: [(sql: [String], index: Int64?, word: String)] = [
        (
            [
                "DROP TRIGGER entry_no_update",
                "UPDATE entry SET bytes = x'00' WHERE position & 0xFFFFFFFFFF = 4",
            ], 4, "cannot be read"
        ),
        (
            [
                "DROP TRIGGER entry_no_update",
                """
                UPDATE entry SET bytes = (SELECT bytes FROM entry WHERE position & 0xFFFFFFFFFF = 3)
                WHERE position & 0xFFFFFFFFFF = 4
                """,
            ], 4, ""
        ),
        (["UPDATE terminal SET kid = 'x'"], nil, ""),
        (
            [
                "DROP INDEX record_day",
                "CREATE INDEX record_day ON record(day, position) WHERE 0",
                "PRAGMA writable_schema = ON",
                """
                UPDATE sqlite_schema SET sql = 'CREATE INDEX record_day ON record(day, position)'
                WHERE name = 'record_day'
                """,
            ], nil, "missing from index record_day"
        ),
    ]

    @Test(arguments: tamperings.indices)
    func `what was altered in a database of an older schema is named`(number: Int) async throws {
        try await withOldTown { town in
            let (sql, index, word) = Self.tamperings[number]
            let copy = try town.copy()
            #expect(try Installation.verify(copy).misfit == nil)
            try change(copy.database, sql)

            let misfit = try #require(try Installation.verify(copy).misfit)

            #expect(misfit.index == index, "\(misfit)")
            #expect(word.isEmpty || misfit.what.contains(word), "\(misfit)")
        }
    }

    @Test func `a backup of a newer schema is refused, and nothing is changed`() async throws {
        try await withOldTown { town in
            let (path, list) = (town.backup.directory.database, town.backup.path + "/backup.json")
            let old = Digest.sha256(Array(try bytes(path))).hex
            try change(path, ["PRAGMA user_version = 99"])
            let new = Digest.sha256(Array(try bytes(path))).hex
            let text = try String(contentsOfFile: list, encoding: .utf8)
            #expect(text.contains(old))
            try Data(text.replacing(old, with: new).utf8).write(to: URL(fileURLWithPath: list))
            let before = try content(of: town.backup.path)

            let refusal = StorageError.newerVersion(
                path: path, found: 99, known: ReadOnlyDatabase.newestSchema)
            #expect(throws: refusal) { try town.backup.verify() }
            #expect(throws: refusal) { _ = try Installation.verify(town.backup.directory) }
            let target = town.folder + "/x"
            #expect(throws: refusal) {
                _ = try town.backup.restore(into: DataDirectory(target), keys: nil)
            }
            #expect(!FileManager.default.fileExists(atPath: target))
            #expect(try content(of: town.backup.path) == before)
        }
    }

    @Test func `an empty file is no database of an older schema`() async throws {
        try await withFolder { folder in
            let directory = DataDirectory(folder)
            try Data().write(to: URL(fileURLWithPath: directory.database))
            #expect(throws: StorageError.notAHofbuchDatabase(path: directory.database)) {
                _ = try Installation.verify(directory)
            }
            #expect(throws: StorageError.notAHofbuchDatabase(path: directory.database)) {
                _ = try SalesArchive(directory).parts(of: nil, count: 1)
            }
        }
    }
}
