import Foundation
import GRDB
import NIOHTTP1
import Testing
import Text
import Units

struct CommandTests {
    @Test func `a port in use is said in words`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, line) = try await town.serve()
            let other = folder + "/other"
            try FileManager.default.createDirectory(
                atPath: other, withIntermediateDirectories: true)
            let second = try await Town.found(in: other)
            let port = try #require(line.base.split(separator: ":").last)

            let result = try await Program.run(
                ["serve", "--data", second.data, "--port", String(port)], in: folder)

            #expect(result.status == 69)
            #expect(result.errors.contains("port \(port) on 127.0.0.1 is in use"))
            #expect(result.errors.contains("--port"))
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test func `a data directory is served by one process`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, _) = try await town.serve()

            let result = try await Program.run(
                ["serve", "--data", town.data, "--port", "0"], in: folder)

            #expect(result.status == 69)
            #expect(result.errors.contains("data-in-use"))
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test func `a database of a newer version is left alone`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let path = town.data + "/hofbuch.sqlite3"
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = 99")
            }
            try queue.close()
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))

            let result = try await Program.run(
                ["serve", "--data", town.data, "--port", "0"], in: folder)

            #expect(result.status == 78)
            #expect(result.errors.contains("newer Hofbuch (schema 99"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        }
    }

    @Test func `a broken tariff file is refused with line and column`() async throws {
        try await withFolder { folder in
            let source = repository + "/tariffs/goettingen-2024.yaml"
            let text = try String(contentsOfFile: source, encoding: .utf8)
            let broken = text.replacing("preisbasis: brutto", with: "preisbasis: irgendwie")
            let path = folder + "/broken.yaml"
            try broken.write(toFile: path, atomically: true, encoding: .utf8)

            let good = try await Program.run(["tariff", "check", source], in: folder)
            let bad = try await Program.run(["tariff", "check", path], in: folder)
            let none = try await Program.run(["tariff", "check", path + "x"], in: folder)
            let all = try await Program.run(
                ["tariff", "check", source, path + "x", path], in: folder)

            #expect(all.status == 65, "\(all)")
            #expect(all.output == good.output + bad.output, "\(all)")
            #expect(all.errors.contains("broken.yamlx cannot be read"), "\(all)")
            #expect(good.status == 0)
            #expect(bad.status == 65)
            #expect(bad.output.contains("\(path):14:13 T-"), "\(bad.output)")
            #expect(none.status == 66)
        }
    }

    @Test func `a wrong password and a missing directory have their exit codes`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let wrong = folder + "/wrong"
            try Data("ganz-anders-und-lang".utf8).write(to: URL(fileURLWithPath: wrong))

            let refused = try await Program.run(
                ["close", "list", "--data", town.data, "--as", "anna", "--password-file", wrong],
                in: folder)
            let allowed = try await Program.run(
                [
                    "close", "list", "--data", town.data, "--as", "anna", "--password-file",
                    "\(folder)/anna.password",
                ], in: folder)
            let missing = try await Program.run(
                ["verify", "--data", folder + "/nothing"], in: folder)

            #expect(refused.status == 77)
            #expect(allowed.status == 0, "\(allowed.errors)")
            #expect(missing.status != 0)
            #expect(missing.errors.contains("not-initialised"))
        }
    }

    @Test func `a tampered directory makes verify end with eleven`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            try await Program.succeed(["verify", "--data", town.data], in: folder)
            let queue = try DatabaseQueue(path: town.data + "/hofbuch.sqlite3")
            try await queue.write {
                try $0.execute(
                    sql: """
                        DROP TRIGGER entry_no_update;
                        UPDATE entry SET bytes = CAST(
                        replace(CAST(bytes AS TEXT), 'rx 20', 'rx 21') AS BLOB);
                        """)
            }
            try queue.close()

            let result = try await Program.run(["verify", "--data", town.data], in: folder)

            #expect(result.status == 11)
            #expect(result.output.contains("MISFIT at yard hof-1, log index 0"), "\(result.output)")
        }
    }

    @Test func `verify takes so many workers and certificates only`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            try Data([0, 0xFF]).write(to: URL(fileURLWithPath: folder + "/binary"))
            for (options, status) in [
                (["--workers", "256"], 0), (["--workers", "257"], 64), (["--workers", "0"], 64),
                (["--authorities", "binary"], 65), (["--authorities", "none"], 66),
            ] as [([String], Int32)] {
                let result = try await Program.run(
                    ["verify", "--data", town.data] + options, in: folder)
                #expect(result.status == status, "\(options): \(result.errors)")
            }
        }
    }

    @Test func `of several yards a command wants to know which`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let queue = try DatabaseQueue(path: town.data + "/hofbuch.sqlite3")
            try await queue.write {
                try $0.execute(sql: "INSERT INTO yard(id, origin) VALUES ('sued', 'x/log/sued')")
            }
            try queue.close()

            let result = try await Program.run(
                ["log", "export", "--data", town.data, "--into", "out"], in: folder)

            #expect(result.status == 64)
            #expect(result.errors.contains("several yards (hof-1, sued). Say which with --yard"))
        }
    }

    @Test func `every command explains itself`() async throws {
        try await withFolder { folder in
            var waiting: [[String]] = [[]]
            var seen = 0
            while let command = waiting.popLast() {
                let result = try await Program.run(command + ["--help"], in: folder)
                #expect(result.status == 0, "\(command)")
                #expect(result.output.contains("USAGE: "), "\(command)")
                seen += 1
                let parts = result.output.components(separatedBy: "SUBCOMMANDS:\n")
                guard parts.count == 2 else { continue }
                for line in parts[1].split(separator: "\n", omittingEmptySubsequences: false) {
                    guard let name = line.prefixMatch(of: #/  ([a-z]+)(?: |$)/#)?.1 else {
                        continue
                    }
                    waiting.append(command + [String(name)])
                }
            }
            print("\(seen) commands with --help")
            #expect(seen > 40)
        }
    }
}

struct DemoTests {
    private func play(_ folder: String) async throws -> (close: Int, day: BusinessDay) {
        let began = ContinuousClock.now
        let (output, seconds) = try await Program.timed(
            ["demo", "--once", "--data", folder + "/demo", "--port", "0"], in: folder)
        print("a demonstration day took \(began.duration(to: .now)), processor \(seconds) s")
        #expect(output.contains("Nachgerechnet: Alles passt. ("), "\(output)")
        let close = try #require(output.firstMatch(of: /Tagesabschluss ([0-9]+):/))
        let day = try #require(
            output.firstMatch(of: /Musterstadt, ([0-9]{2})\.([0-9]{2})\.([0-9]{4}):/))
        return (
            try #require(Int(close.1)),
            try #require(BusinessDay(iso: "\(day.3)-\(day.2)-\(day.1)"))
        )
    }

    @Test func `the demonstration goes on serving its town`() async throws {
        try await withFolder { folder in
            let program = try Program.start(
                ["demo", "--data", folder + "/demo", "--port", "0"], in: folder)
            let found = try await program.wait(
                for: /Konsole: (http:\/\/127\.0\.0\.1:[0-9]+)\/   Beenden mit Strg-C\./,
                seconds: 180)

            let ready = try await Line(base: String(found.1)).json(.GET, "/readyz")

            #expect(ready["status"]?.string == "ready")
            program.terminate()
            #expect(await program.ended() == 0)
        }
    }

    @Test func `the demonstration plays one business day after the other`() async throws {
        try await withFolder { folder in
            let first = try await play(folder)
            let second = try await play(folder)

            #expect(first.close == 1)
            #expect(second.close == 2)
            let next = first.day.weekday == 6 ? 2 : 1
            #expect(second.day == first.day.adding(days: next))
            try await Program.succeed(["verify", "--data", folder + "/demo"], in: folder)
        }
    }

    @Test func `a town whose founding was interrupted is founded anew`() async throws {
        try await withFolder { folder in
            let (data, place) = (folder + "/demo", folder + "/demo.new")
            let files = FileManager.default
            let first = try Program.start(
                ["demo", "--once", "--data", data, "--port", "0"], in: folder)
            let deadline = ContinuousClock.now + .seconds(60)
            while !files.fileExists(atPath: place + "/hofbuch.sqlite3") {
                guard ContinuousClock.now < deadline else { throw Unexpected("no town begun") }
                await Task.yield()
            }
            first.killNow()
            _ = await first.ended()
            #expect(!files.fileExists(atPath: data))

            #expect(try await play(folder).close == 1)

            #expect(!files.fileExists(atPath: place))
        }
    }

    @Test func `a folder that holds something else is no place for the demonstration`()
        async throws
    {
        try await withFolder { folder in
            let place = folder + "/demo.new"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: false)
            try Data("eigen".utf8).write(to: URL(fileURLWithPath: place + "/own.txt"))

            let refused = try await Program.run(
                ["demo", "--once", "--data", folder + "/demo", "--port", "0"], in: folder)

            #expect(refused.status == 65 && refused.errors.contains("folder-not-empty"))
            #expect(FileManager.default.fileExists(atPath: place + "/own.txt"))
        }
    }
}
