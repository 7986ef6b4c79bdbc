import Foundation
import Testing

/// What an administrator types wrong is said at once, by its option, and leaves nothing behind.
struct SetupCommandTests {
    private func initialise(_ data: String, host: String, yard: String = "hof-1") -> [String] {
        [
            "init", "--data", data, "--town", "Musterstadt", "--yard", yard, "--yard-name",
            "Hof Nord", "--address", "Am Hof 1", "--host", host,
        ]
    }

    @Test func `an init with a wrong value makes nothing, and the right one goes on`()
        async throws
    {
        try await withFolder { folder in
            let data = folder + "/data"
            let wrong = try await Program.run(initialise(data, host: "h h/ü"), in: folder)
            let other = try await Program.run(
                initialise(data, host: "a.example", yard: "Hof 1"), in: folder)

            #expect(wrong.status == 64 && wrong.errors.contains("--host: wanted is"))
            #expect(other.status == 64 && other.errors.contains("--yard has to be"))
            #expect(!FileManager.default.fileExists(atPath: data))
            try await Program.succeed(initialise(data, host: "a.example"), in: folder)
        }
    }

    /// A profile of the program has a code for the yard `mitte` already.
    @Test(arguments: ["nord", "mitte", "1"])
    func `finance files of a new town name its own yard`(yard: String) async throws {
        try await withFolder { folder in
            let data = folder + "/data"
            try await Program.succeed(
                initialise(data, host: "a.example", yard: yard), in: folder)

            let settlement = try String(
                contentsOfFile: data + "/finance/abgleich.yaml", encoding: .utf8)
            let named = settlement.matches(of: /hof: "(.*)"/).map { String($0.1) }
            #expect(named == [yard, yard, yard])
            #expect(!settlement.contains("hof-1"))
            let files = ["abgleich", "profil-epaybl"].map { "\(data)/finance/\($0).yaml" }
            let checked = try await Program.succeed(["export", "lint"] + files, in: folder)
            #expect(checked == files.map { "\($0): fits\n" }.joined())
            let profile = try String(contentsOfFile: files[1], encoding: .utf8)
            #expect(profile.contains(try Regex("wert: \"?\(yard)\"?,")))
            let doctor = try await Program.run(["doctor", "--data", data], in: folder)
            #expect(!doctor.output.contains("names the yard"), "\(doctor.output)")
        }
    }

    @Test func `a further yard is added beside the first, once`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let clara = ["--as", "clara", "--password-file", "\(folder)/clara.password"]
            let add = [
                "yard", "add", "--data", town.data, "--yard", "hof-2", "--yard-name", "Hof Süd",
                "--address", "Am Hof 2", "--host", "musterstadt.example",
            ]

            let added = try await Program.succeed(add, in: folder)
            let again = try await Program.run(add, in: folder)
            let yards = try await Program.succeed(
                ["yard", "list", "--data", town.data] + clara, in: folder)
            let report = try await Program.succeed(
                ["report", "sales", "--all-yards", "--data", town.data] + clara, in: folder)
            let unnamed = try await Program.run(
                ["close", "list", "--data", town.data] + clara, in: folder)

            #expect(added.contains("Added the yard hof-2 with its log musterstadt.example/log/hof"))
            #expect(added.contains("Next: name hof-2 in finance/abgleich.yaml"))
            #expect(again.status == 65 && again.errors.contains("yard-exists"))
            #expect(yards.split(separator: "\n").map { $0.prefix(5) } == ["hof-1", "hof-2"])
            #expect(!report.isEmpty)
            #expect(unnamed.status == 64 && unnamed.errors.contains("--yard"))
            try await Program.succeed(["verify", "--data", town.data], in: folder)
        }
    }

    @Test(arguments: [
        ["serve", "--port", "70000"], ["serve", "--port", "-1"], ["demo", "--port", "65536"],
        ["terminal", "run", "--port", "70000"], ["witness", "serve", "--port", "70000"],
        ["serve", "--tls-certificate", "a.pem"], ["serve", "--tls-key", "a.pem"],
    ])
    func `a port that is none and half of TLS are wrong usage`(arguments: [String]) async throws {
        try await withFolder { folder in
            let result = try await Program.run(arguments, in: folder)

            #expect(result.status == 64, "\(result.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func `a missing certificate is named, and an address of no machine here`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let missing = try await Program.run(
                [
                    "serve", "--data", town.data, "--port", "0", "--tls-certificate",
                    "nirgends.pem", "--tls-key", "nirgends.key",
                ], in: folder)
            // An address for documents, which no machine has (RFC 5737).
            let elsewhere = try await Program.run(
                ["serve", "--data", town.data, "--host", "192.0.2.1", "--port", "0"], in: folder)

            #expect(missing.status == 78 && missing.errors.contains("nirgends.pem cannot be read"))
            #expect(elsewhere.status == 69, "\(elsewhere.errors)")
            #expect(elsewhere.errors.contains("cannot listen on 192.0.2.1:0"))
        }
    }

    @Test func `a file that is not there is named, whatever the command`() async throws {
        try await withFolder { folder in
            let policy = try await Program.run(["backup", "verify", folder + "/x"], in: folder)
            let terminal = try await Program.run(
                ["terminal", "status", "--folder", folder + "/t"], in: folder)

            #expect(policy.status == 66 && policy.errors.contains("backup.json is missing"))
            #expect(!policy.errors.contains("hofbuch init"))
            #expect(terminal.status == 66 && terminal.errors.contains("not-enrolled"))
        }
    }

    @Test func `people change, and change their own password, in the open`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            func office(_ person: String, _ arguments: [String]) -> [String] {
                arguments + [
                    "--data", town.data, "--as", person, "--password-file",
                    "\(folder)/\(person).password",
                ]
            }
            let new = "\(folder)/new"
            try Data("anna-hat-ein-neues\n".utf8).write(to: URL(fileURLWithPath: new))
            let add = ["user", "add", "--data", town.data, "--id"]

            let nobody = try await Program.run(
                add + ["zoe", "--name", "Zoe", "--roles", "cashier"], in: folder)
            let empty = try await Program.run(
                add + ["anna", "--name", "", "--roles", ""], in: folder)
            try await Program.succeed(
                add + ["anna", "--name", "anna", "--roles", "cashier,approver"], in: folder)
            try await Program.succeed(
                office("anna", ["user", "password", "--new-password-file", new]), in: folder)
            let old = try await Program.run(office("anna", ["close", "list"]), in: folder)
            let changes = try await Program.succeed(
                office("clara", ["user", "changes"]), in: folder)

            #expect(nobody.status == 65 && nobody.errors.contains("password: wanted is"))
            #expect(empty.status == 65 && empty.errors.contains("name: wanted is"))
            #expect(old.status == 77)
            let lines = changes.split(separator: "\n")
            #expect(lines.count == 5)
            #expect(lines[0].hasSuffix("  anna  anna  password set"))
            #expect(lines[1].hasSuffix("anna  roles: cashier -> approver, cashier"))
            #expect(lines[1].contains("at the server's machine"))
            #expect(lines[4].hasSuffix("anna  new, anna, roles: cashier; password set"))
        }
    }
}
