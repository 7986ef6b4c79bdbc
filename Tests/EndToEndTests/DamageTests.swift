import Foundation
import GRDB
import NIOHTTP1
import Testing
import Text

/// A database with an unreadable page is served as far as it can be read, and not written to.
struct DamageTests {
    @Test(.timeLimit(.minutes(3)))
    func `a read that meets a damaged page is refused by name, and nothing more is written`()
        async throws
    {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            try zeroRootPage(of: "record", in: town.data + "/hofbuch.sqlite3")
            let doctor = try await Program.run(["doctor", "--data", town.data], in: folder)
            #expect(doctor.status == 78)
            #expect(
                doctor.output.contains("database: SQLite finds damage: "), "\(doctor.output)")
            let verify = try await Program.run(["verify", "--data", town.data], in: folder)
            #expect(verify.status == 11)
            #expect(verify.output.contains("MISFIT: SQLite cannot read the file: "))
            let (server, line) = try await town.serve()
            let clara = try await town.signIn("clara", line)
            let tariff = Array(
                try Data(
                    contentsOf: URL(fileURLWithPath: repository + "/tariffs/goettingen-2024.yaml")))
            #expect(try await line.send(.GET, "/readyz").status == 200)

            let read = try await line.send(.GET, "/v1/yards/hof-1/sales", token: clara)

            #expect(read.status == 503)
            #expect(try read.json["code"]?.string == "database-damaged")
            let detail = try #require(try read.json["detail"]?.string)
            #expect(
                detail.hasPrefix(town.data + "/hofbuch.sqlite3 cannot be read: database disk "))
            #expect(detail.hasSuffix("then restore the newest backup."))
            for (method, path, body) in [
                (.POST, "/v1/yards/hof-1/tariffs", tariff), (.GET, "/readyz", nil),
            ] as [(HTTPMethod, String, [UInt8]?)] {
                let answer = try await line.send(method, path, token: clara, body)
                #expect(answer.status == 503, "\(path)")
                #expect(try answer.json["code"]?.string == "database-damaged", "\(path)")
            }
            // What is not damaged is still read.
            let tariffs = try await line.send(.GET, "/v1/yards/hof-1/tariffs", token: clara)
            #expect(tariffs.status == 200)
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test func `a copy beside which nothing can be written is verified, or not opened`()
        async throws
    {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (files, copy) = (FileManager.default, folder + "/copy")
            try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
            let path = copy + "/hofbuch.sqlite3"
            try files.copyItem(atPath: town.data + "/hofbuch.sqlite3", toPath: path)
            try files.createSymbolicLink(
                atPath: path + "-shm", withDestinationPath: folder + "/none/none")

            try await Program.succeed(["verify", "--data", copy], in: folder)

            #expect(files.createFile(atPath: path + "-wal", contents: Data([1])))
            let result = try await Program.run(["verify", "--data", copy], in: folder)
            #expect(result.status == 74, "\(result.output)")
            #expect(result.errors.contains("\(path) cannot be opened: "), "\(result.errors)")
            #expect(!result.output.contains("MISFIT"))
        }
    }

    private func zeroRootPage(of table: String, in path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let (root, size) = try queue.writeWithoutTransaction { connection in
            _ = try connection.checkpoint(.truncate)
            return (
                try Int.fetchOne(
                    connection, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?",
                    arguments: [table]) ?? 0,
                try Int.fetchOne(connection, sql: "PRAGMA page_size") ?? 0
            )
        }
        try queue.close()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64((root - 1) * size))
        try file.write(contentsOf: Data(count: size))
        try file.close()
    }
}
