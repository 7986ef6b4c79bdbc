import Foundation
import GRDB
import Signing
import Testing

/// Last year's backup in the hands of today's program.
struct OlderBackupTests {
    /// A town that an older program left behind, and its backup.
    private func backUpOldTown(in folder: String) async throws -> (town: Town, backup: String) {
        let town = try await Town.found(in: folder)
        let older = try String(
            contentsOfFile: repository + "/Tests/schema-2.sql", encoding: .utf8)
        try await change(town.data + "/hofbuch.sqlite3", older)
        let backup = folder + "/backup"
        try await Program.succeed(
            [
                "backup", "create", "--data", town.data, "--into", backup, "--keys-into",
                folder + "/keys",
            ], in: folder)
        return (town, backup)
    }

    private func change(_ database: String, _ sql: String) async throws {
        let queue = try DatabaseQueue(path: database)
        try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a backup of an older program is checked, verified, restored and served`() async throws {
        try await withFolder { folder in
            let (town, backup) = try await backUpOldTown(in: folder)
            let database = "/hofbuch.sqlite3"
            let before = try bytes(backup + database)
            let names = try FileManager.default.subpathsOfDirectory(atPath: backup).sorted()
            let place = folder + "/place"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: false)

            let checked = try await Program.succeed(["backup", "verify", backup], in: folder)
            let verified = try await Program.run(
                ["verify", "--data", backup, "--second-opinion"], in: folder,
                environment: ["TMPDIR": place])
            let json = try await Program.succeed(
                ["verify", "--data", backup, "--json"], in: folder)

            #expect(checked.contains("(schema 2)") && checked.contains("Everything fits."))
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(verified.output.contains("(schema 2)"))
            #expect(verified.output.contains("Everything fits."))
            #expect(json.contains("\"migratedFrom\":2"))
            #expect(try bytes(backup + database) == before)
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: backup).sorted() == names)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place) == [])

            let data = folder + "/restored"
            let restored = try await Program.succeed(
                [
                    "backup", "restore", backup, "--data", data, "--keys", folder + "/keys",
                ], in: folder)
            #expect(restored.contains("(schema 2)") && restored.contains("brings it to schema"))
            #expect(try bytes(data + database) == before)
            let (server, line) = try await Program.serve(data, in: folder)
            _ = try await town.signIn("clara", line)
            server.terminate()
            #expect(await server.ended() == 0)
            let now = try await Program.succeed(["verify", "--data", data], in: folder)
            #expect(now.contains("Everything fits.") && !now.contains("schema 2"))
        }
    }

    @Test func `a tariff is tried on the sales of a backup of an older program`() async throws {
        try await withFolder { folder in
            let (_, backup) = try await backUpOldTown(in: folder)
            let before = try bytes(backup + "/hofbuch.sqlite3")
            let names = try FileManager.default.subpathsOfDirectory(atPath: backup).sorted()
            let draft = repository + "/tariffs/wadersloh-2022.yaml"

            for verb in ["simulate", "check"] {
                let tried = try await Program.run(
                    ["tariff", verb, draft, "--data", backup, "--json"], in: folder)
                #expect(tried.status == 0, "\(verb): \(tried.errors)")
                #expect(tried.errors.isEmpty && !tried.output.isEmpty)
            }

            #expect(try bytes(backup + "/hofbuch.sqlite3") == before)
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: backup).sorted() == names)
        }
    }

    @Test func `a backup of a newer program is refused with what to do`() async throws {
        try await withFolder { folder in
            let (_, backup) = try await backUpOldTown(in: folder)
            let (database, list) = (backup + "/hofbuch.sqlite3", backup + "/backup.json")
            let old = Digest.sha256(Array(try bytes(database))).hex
            try await change(database, "PRAGMA user_version = 99")
            let new = Digest.sha256(Array(try bytes(database))).hex
            let text = try String(contentsOfFile: list, encoding: .utf8)
            try Data(text.replacing(old, with: new).utf8).write(to: URL(fileURLWithPath: list))

            for arguments in [
                ["backup", "verify", backup], ["verify", "--data", backup],
                ["backup", "restore", backup, "--data", folder + "/x"],
                [
                    "tariff", "simulate", repository + "/tariffs/wadersloh-2022.yaml", "--data",
                    backup,
                ],
            ] {
                let result = try await Program.run(arguments, in: folder)
                #expect(result.status == 78, "\(arguments): \(result.errors)")
                #expect(result.errors.contains("newer Hofbuch (schema 99"))
                #expect(result.errors.contains("Install the newer program"))
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/x"))
        }
    }

    @Test func `a database that SQLite cannot use ends a command with a sentence`() async throws {
        try await withFolder { folder in
            let (town, _) = try await backUpOldTown(in: folder)
            // The first migration that meets it fails.
            try await change(town.data + "/hofbuch.sqlite3", "CREATE TABLE quota_use(x)")

            let result = try await Program.run(
                ["serve", "--data", town.data, "--port", "0"], in: folder)

            #expect(result.status == 74, "\(result.errors)")
            #expect(result.errors.contains("hofbuch: The database cannot be read or written"))
            #expect(result.errors.contains("quota_use"))
            #expect(result.errors.contains("hofbuch doctor"))
        }
    }
}
