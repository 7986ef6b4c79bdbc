import Foundation
import GRDB
import Journal
import Keys
import Operations
import Sales
import Storage
import Testing
import Units

struct BackupTests {
    private func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    private func opened(_ path: String, _ clock: TestClock) throws -> Installation {
        try Installation(
            directory: DataDirectory(path), clock: { clock.now }, logger: .silent)
    }

    @Test func `F31: made under load, a backup is a beginning of the log and is restored`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 4,
                hasTariff: true)
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try yard.terminals.map { terminal in
                try (0..<150).map { _ in try terminal.sign(sale) }
            }
            let (backup, keys) = (folder + "/backup", folder + "/keys")

            let manifest = try await withThrowingTaskGroup(of: BackupManifest?.self) { group in
                for records in signed {
                    group.addTask {
                        for record in records { _ = try await yard.admit(record) }
                        return nil
                    }
                }
                group.addTask {
                    try Backup.create(
                        of: yard.directory, into: backup, keys: keys, now: yard.clock.now)
                }
                return try await group.reduce(nil) { $0 ?? $1 }
            }
            let newest = try await yard.installation.checkpoint(of: yard.yard)
            try yard.installation.close()

            let made = try #require(manifest)
            #expect(try Backup(backup).verify() == made)
            #expect(try Installation.verify(Backup(backup).directory).misfit == nil)
            let restored = folder + "/restored"
            #expect(
                try Backup(backup).restore(into: DataDirectory(restored), keys: keys) == made)
            let second = try opened(restored, yard.clock)
            #expect(second.standing.now.stop == nil)
            #expect(try second.verify().entries == made.logs[0].size)

            // A terminal knows what was recorded after the backup.
            _ = try second.present(Array(newest.utf8), of: yard.yard, from: .terminal("t1"))
            let isWhole = made.logs[0].size == 606
            #expect((second.standing.now.stop == nil) == isWhole)
            try second.close()
            print("backup holds \(made.logs[0].size) of 606 entries")
        }
    }

    @Test func `F10: no changed bit of a backup is accepted`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            for _ in 0..<20 { try await yard.sell("privat: 1 m³ gruenabfall") }
            let backup = folder + "/backup"
            let made = try Backup.create(
                of: yard.directory, into: backup, keys: nil, now: yard.clock.now)
            try yard.installation.close()
            #expect(made.files.map(\.name).contains("heads.json"))
            #expect(!made.files.contains { $0.name.hasSuffix(".key") })
            var generator = SystemRandomNumberGenerator()
            for file in made.files {
                let path = "\(backup)/\(file.name)"
                let good = try bytes(path)
                for _ in 0..<12 where !good.isEmpty {
                    let bit = Int.random(in: 0..<good.count * 8, using: &generator)
                    var bad = good
                    bad[bit / 8] ^= 1 << (bit % 8)
                    try bad.write(to: URL(fileURLWithPath: path))
                    let error = #expect(throws: OperationsError.self, "\(file.name), bit \(bit)") {
                        try Backup(backup).verify()
                    }
                    #expect(error?.code == "backup-differs")
                    #expect(error?.remedy.contains(file.name) == true)
                }
                try good.write(to: URL(fileURLWithPath: path))
            }
            #expect(try Backup(backup).verify() == made)
            try FileManager.default.removeItem(atPath: "\(backup)/finance/kontenplan.yaml")
            #expect(throws: OperationsError.self) { try Backup(backup).verify() }
        }
    }

    @Test func `all of the town's own files come back, in folders inside too`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 0,
                hasTariff: false)
            try yard.installation.close()
            let own = [
                "retention": "debtor 10 calendar-years kept § 59 KomHVO NRW\n",
                "finance/alt/2025/notiz.txt": "Kontenplan bis 2025\n",
                "receipts/logo.svg": "<svg/>\n",
            ]
            for (name, text) in own {
                let file = URL(fileURLWithPath: "\(yard.directory.path)/\(name)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            let (backup, restored) = (Backup(folder + "/backup"), folder + "/restored")

            let made = try Backup.create(
                of: yard.directory, into: backup.path, keys: folder + "/keys", now: yard.clock.now)
            #expect(Set(made.files.map(\.name)).isSuperset(of: own.keys))
            #expect(
                try backup.restore(into: DataDirectory(restored), keys: folder + "/keys") == made)

            for (name, text) in own {
                #expect(try bytes("\(restored)/\(name)") == Data(text.utf8), "\(name)")
            }
            try opened(restored, yard.clock).close()
        }
    }

    @Test func `nothing is backed up or restored over files`() async throws {
        try await withYard { yard in
            let path = yard.directory.path
            #expect(throws: OperationsError.folderNotEmpty(path: path)) {
                _ = try Backup.create(
                    of: yard.directory, into: path, keys: nil, now: yard.clock.now)
            }
            let backup = path + "-backup"
            _ = try Backup.create(of: yard.directory, into: backup, keys: nil, now: yard.clock.now)
            #expect(throws: OperationsError.folderNotEmpty(path: path)) {
                _ = try Backup(backup).restore(into: yard.directory, keys: nil)
            }
            #expect(throws: OperationsError.missingFile(path: path + "/backup.json")) {
                try Backup(path).verify()
            }
        }
    }

    @Test func `A11, F11: an older backup put in place of the data is refused`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try await yard.sell("privat: 1 m³ gruenabfall")
            let backup = folder + "/backup"
            _ = try Backup.create(
                of: yard.directory, into: backup, keys: nil, now: yard.clock.now)
            try await yard.sell("privat: 1 m³ gruenabfall")
            try yard.installation.close()
            let files = FileManager.default
            try files.removeItem(atPath: yard.directory.database)
            try files.copyItem(
                atPath: Backup(backup).directory.database, toPath: yard.directory.database)

            #expect(try Installation.writeStop(of: yard.directory)?.error.code == "rollback")
        }
    }

    @Test func `a file that is a link is copied, not the link`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try yard.installation.close()
            let (outside, files) = (folder + "/retention", FileManager.default)
            #expect(files.createFile(atPath: outside, contents: Data("plate 30\n".utf8)))
            try files.createSymbolicLink(
                atPath: yard.directory.retention, withDestinationPath: outside)

            _ = try Backup.create(
                of: yard.directory, into: folder + "/backup", keys: nil, now: yard.clock.now)
            try files.removeItem(atPath: outside)

            let copied = Backup(folder + "/backup").directory.retention
            #expect(files.contents(atPath: copied) == Data("plate 30\n".utf8))
        }
    }

    @Test func `a database whose table of yards hides a log makes no backup`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 0,
                hasTariff: false)
            try yard.installation.close()
            let queue = try DatabaseQueue(path: yard.directory.database)
            try await queue.write { try $0.execute(sql: "DELETE FROM yard") }
            try queue.close()

            let error = #expect(throws: OperationsError.self) {
                _ = try Backup.create(
                    of: yard.directory, into: folder + "/backup", keys: nil, now: yard.clock.now)
            }

            #expect(error?.code == "backup-differs")
            #expect(error?.remedy.contains("table of yards does not name") == true)
        }
    }

    @Test func `what broke off leaves nothing, so that the same can be tried again`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 0,
                hasTariff: false)
            try yard.installation.close()
            let (files, backup, keys) = (
                FileManager.default, Backup(folder + "/backup"), folder + "/keys"
            )
            func create() throws {
                _ = try Backup.create(
                    of: yard.directory, into: backup.path, keys: keys, now: yard.clock.now)
            }
            // The last of the keys is there already; the folder for the backup too.
            try files.createDirectory(atPath: keys, withIntermediateDirectories: true)
            try files.createDirectory(atPath: backup.path, withIntermediateDirectories: true)
            let last = try #require(
                try files.contentsOfDirectory(atPath: yard.directory.keys).max())
            #expect(files.createFile(atPath: "\(keys)/\(last)", contents: Data()))
            #expect(throws: FileError.self) { try create() }
            #expect(try files.contentsOfDirectory(atPath: backup.path).isEmpty)
            #expect(try files.contentsOfDirectory(atPath: keys) == [last])
            try files.removeItem(atPath: keys)
            try create()

            let restored = DataDirectory(folder + "/restored")
            #expect(throws: OperationsError.missingFile(path: folder + "/nothing")) {
                _ = try backup.restore(into: restored, keys: folder + "/nothing")
            }
            // No folder of keys.
            #expect(throws: (any Error).self) {
                _ = try backup.restore(into: restored, keys: "\(keys)/\(last)")
            }
            #expect(!files.fileExists(atPath: restored.path))
            _ = try backup.restore(into: restored, keys: keys)
            try opened(restored.path, yard.clock).close()
        }
    }
}
