import Foundation
import Testing

/// The commands of finance and audit, as somebody types them: well, badly, and read as a person.
struct FinanceCommandTests {
    /// The sample town after its first day, served, with a password file for each person.
    private struct Sample {
        let folder: String
        let server: RunningProgram
        var data: String { folder + "/demo" }

        static func serve(in folder: String) async throws -> Sample {
            let data = folder + "/demo"
            try await Program.succeed(
                ["demo", "--once", "--data", data, "--port", "0"], in: folder)
            let people = try String(contentsOfFile: data + "/sign-ins.txt", encoding: .utf8)
            for line in people.split(separator: "\n") {
                let words = line.split(separator: " ")
                try String(words[1]).write(
                    toFile: "\(folder)/\(words[0]).password", atomically: true, encoding: .utf8)
            }
            return Sample(folder: folder, server: try await Program.serve(data, in: folder).program)
        }

        func run(_ who: String, _ arguments: String...) async throws -> Program.Result {
            let office = ["--data", data, "--as", who, "--password-file", "\(who).password"]
            return try await Program.run(
                Array(arguments.prefix(2)) + office + arguments.dropFirst(2), in: folder)
        }

        func check(_ arguments: String...) async throws -> Program.Result {
            try await Program.run(["export", "check", "--data", data] + arguments, in: folder)
        }

        func stop() async {
            server.terminate()
            _ = await server.ended()
        }
    }

    private func withSample(_ body: (Sample) async throws -> Void) async throws {
        try await withFolder { folder in
            let sample = try await Sample.serve(in: folder)
            do { try await body(sample) } catch {
                await sample.stop()
                throw error
            }
            await sample.stop()
        }
    }

    /// The command ended with `status` and said on standard error what is wrong.
    private func expectRefused(
        _ result: Program.Result, _ status: Int32, _ words: String,
        _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result)", sourceLocation: place)
        #expect(result.errors.contains(words), "\(result.errors)", sourceLocation: place)
        #expect(result.output.isEmpty, "\(result.output)", sourceLocation: place)
    }

    // Reports, search and snapshot

    @Test func `reports add up, and what makes none is told before anything is asked`()
        async throws
    {
        try await withSample { sample in
            let days = ["--from", "2020-01-01", "--to", "2035-12-31"]
            let sales = try await sample.run("clara", "report", "sales", days[0], days[1])
            #expect(sales.status == 0, "\(sales.errors)")
            let lines = sales.output.split(separator: "\n")
            #expect(lines.first?.hasPrefix("Umsatz nach Abfallart, 01.01.2020 bis ") == true)
            #expect(lines.last?.hasPrefix("Summe ") == true)

            let csv = try await sample.run(
                "clara", "report", "sales", "--by", "month", "--csv", "--compare", days[0], days[1])
            #expect(csv.output.hasPrefix("\u{FEFF}\"Monat\";\"Umsatz\";"), "\(csv.output)")
            let json = try await sample.run(
                "david", "report", "differences", "--json", days[0], days[1])
            #expect(json.output.hasPrefix("{"), "\(json.output)")
            let none = try await sample.run(
                "david", "report", "differences", "--from", "2020-01-01", "--to", "2020-01-31")
            #expect(none.status == 0)
            #expect(none.output.contains("In diesen Tagen ist nichts verzeichnet."))

            expectRefused(
                try await sample.run("clara", "report", "sales", "--from", "30.2.2026"), 64,
                "--from 30.2.2026: wanted is a day such as 2026-11-01")
            expectRefused(
                try await sample.run(
                    "clara", "report", "sales", "--from", "2026-12-31", "--to", "2026-01-01"), 64,
                "--from 2026-12-31 is later than --to 2026-01-01")
            expectRefused(
                try await sample.run("clara", "report", "sales", "--json", "--csv"), 64,
                "give either --csv or --json")
            expectRefused(
                try await sample.run("clara", "report", "sales", "--by", "farbe"), 64, "fraction")
        }
    }

    @Test func `a count is searched, frozen for an audit, and approved with its mark`() async throws
    {
        try await withSample { sample in
            expectRefused(
                try await sample.run("anna", "close", "search"), 65, "Nobody has counted yet")
            let day = try await sample.run("anna", "close", "list")
            let iso = try #require(day.output.firstMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/)).output
            let counted = try await sample.run("anna", "close", "count", String(iso))
            #expect(counted.status == 0, "\(counted.errors)")
            let mark = try #require(counted.output.firstMatch(of: /Mark: ([0-9a-f]{16})/)).1
            let found = try await sample.run("anna", "close", "search")
            #expect(found.status == 0 && found.output == "Nothing differs.\n", "\(found)")
            let prepared = try await sample.run("anna", "close", "prepare")
            #expect(!prepared.output.contains("After the count turned up"), "\(prepared.output)")

            let frozen = try await sample.run("david", "close", "snapshot", "Unvermutete Prüfung")
            #expect(frozen.status == 0, "\(frozen.errors)")
            #expect(frozen.output.hasPrefix("Zwischenprüfung Nr. 1\n"))
            #expect(frozen.output.contains("Unvermutete Prüfung"))
            let shown = try await sample.run("david", "close", "snapshot", "--show", "1")
            #expect(shown.output == frozen.output)
            expectRefused(
                try await sample.run("david", "close", "snapshot", "--show", "9"), 66,
                "There is no audit snapshot 9. (snapshot-unknown)")
            expectRefused(
                try await sample.run("david", "close", "snapshot"), 64, "give either a reason")
            expectRefused(
                try await sample.run("david", "close", "snapshot", " "), 65, "(reason-missing)")
            expectRefused(
                try await sample.run("anna", "close", "snapshot", "Neugier"), 77,
                "(role-missing)")

            expectRefused(
                try await sample.run("bernd", "close", "approve", "--known", "alles"), 64,
                "--known is the mark that `close prepare` prints")
            expectRefused(
                try await sample.run("bernd", "close", "approve", "--seen", "0123456789abcdef"),
                65, "(close-changed)")
            expectRefused(
                try await sample.run(
                    "bernd", "close", "send-back", "Nochmal", "--seen", "0123456789abcdef"),
                65, "(close-changed)")
            let approved = try await sample.run(
                "bernd", "close", "approve", "--seen", String(mark))
            #expect(approved.output == "Close 2 is final.\n", "\(approved)")
        }
    }

    // Exports

    @Test func `files of an export are compared with the register, whole, changed, unknown`()
        async throws
    {
        try await withSample { sample in
            let numbers = try await sample.run("david", "export", "list")
            func number(of format: String) throws -> String {
                let line = numbers.output.split(separator: "\n").first {
                    $0.contains("  \(format)  ")
                }
                return String(try #require(line?.prefix { $0 != " " }))
            }
            let batch = try await sample.run(
                "david", "export", "fetch", try number(of: "datev"), "--into", "neu/datev")
            #expect(batch.status == 0, "\(batch.errors)")
            let path = batch.output.trimmingCharacters(in: .newlines)
            let good = try await sample.check(path)
            #expect(good.status == 0, "\(good)")
            #expect(good.output.contains(": as registered in export "), "\(good.output)")
            #expect(good.output.contains(" bookings from "), "\(good.output)")
            #expect(try await sample.check("neu/datev").status == 0)

            var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(sample.folder)/\(path)"))
            let amount = try #require(bytes.lastIndex(of: UInt8(ascii: ",")))
            bytes[amount + 1] = bytes[amount + 1] == UInt8(ascii: "9") ? 0x38 : 0x39
            try bytes.write(to: URL(fileURLWithPath: "\(sample.folder)/\(path)"))
            let changed = try await sample.check(path)
            #expect(changed.status == 11 && changed.output.contains("DIFFERS from export"))
            try Data("Etwas anderes\n".utf8).write(
                to: URL(fileURLWithPath: sample.folder + "/fremd.csv"))
            let unknown = try await sample.check("fremd.csv")
            #expect(unknown.status == 11)
            #expect(unknown.output.contains("fremd.csv: UNKNOWN; no export has a file"))
            try await expectLargeFileIsRead(sample)

            let package = try await sample.run(
                "david", "export", "fetch", try number(of: "gobd"), "--into", "neu/gobd")
            #expect(package.status == 0, "\(package.errors)")
            let whole = try await sample.check("neu/gobd")
            #expect(whole.status == 0 && whole.output.contains("The package is sound: "))
            // What a hand-over puts beside it is no part of the package, but has to fit.
            let bare = try number(of: "gobd")
            let padded = String(repeating: "0", count: 6 - bare.count) + bare
            let list = "\(sample.folder)/neu/gobd/hof-1-export-\(padded).fertig"
            try Data("x\n".utf8).write(to: URL(fileURLWithPath: list))
            let handed = try await sample.check("neu/gobd")
            #expect(handed.status == 11 && handed.output.contains("other files or hashes"))
            #expect(handed.output.contains("The package is sound: "), "\(handed)")
            try FileManager.default.removeItem(atPath: list)
            let table = try #require(
                package.output.split(separator: "\n").first { $0.hasSuffix("csv") })
            try FileManager.default.removeItem(atPath: "\(sample.folder)/\(table)")
            let lacking = try await sample.check("neu/gobd")
            #expect(lacking.status == 11 && lacking.output.contains("MISSING"), "\(lacking)")

            expectRefused(try await sample.check("gibt-es-nicht"), 66, "does not exist")
            expectRefused(
                try await sample.check("fremd.csv", "--without-register"), 64,
                "is no auditor's package or DATEV file")
            // The file itself is looked at before the register.
            let registerless = try await Program.run(
                ["export", "check", path, "--data", "leer"], in: sample.folder)
            #expect(registerless.status == 66, "\(registerless)")
            #expect(registerless.errors.contains("(not-initialised)"), "\(registerless)")
            expectRefused(
                try await sample.run("david", "export", "fetch", "99"), 66, "99")
            expectRefused(
                try await sample.run("anna", "export", "fetch", "1"), 77, "(role-missing)")
            expectRefused(
                try await sample.run("clara", "export", "fetch", "1", "--into", "fremd.csv/neu"),
                74, "nothing was fetched")
            let register = try await sample.run("clara", "export", "list")
            #expect(!register.output.contains("handed-over"), "\(register.output)")
        }
    }

    /// Twice as large as all the memory that the program may have.
    private func expectLargeFileIsRead(_ sample: Sample) async throws {
        let path = sample.folder + "/gross.csv"
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 400_000_000)
        try file.close()
        let found = try await Program.run(
            ["export", "check", "--data", sample.data, "gross.csv"], in: sample.folder,
            kilobytesMax: 200_000)
        #expect(found.status == 11, "\(found)")
        #expect(found.output.contains("gross.csv: UNKNOWN"), "\(found)")
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `all files of finance are linted, the good ones and those that are none`()
        async throws
    {
        try await withFolder { folder in
            let finance = repository + "/finance"
            let names = try FileManager.default.contentsOfDirectory(atPath: finance)
                .filter { $0.hasSuffix(".yaml") }.sorted()
            let good = try await Program.run(
                ["export", "lint"] + names.map { "\(finance)/\($0)" }, in: folder)
            #expect(good.status == 0, "\(good)")
            #expect(good.output == names.map { "\(finance)/\($0): fits\n" }.joined())

            for (name, text) in [
                ("profil.yaml", "profil: x\n"), ("plan.yaml", "kontenplan: x\n"),
                ("offen.yaml", "a: [b\n"), ("anders.yaml", "rezept: Kuchen\n"),
                ("abgleich.yaml", "abgleich: x\n"), ("abrechnung.yaml", "abrechnung: x\n"),
            ] {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            let bad = try await Program.run(
                [
                    "export", "lint", "profil.yaml", "plan.yaml", "nirgends.yaml", "offen.yaml",
                    "anders.yaml", "abgleich.yaml", "abrechnung.yaml",
                    "\(finance)/\(names[0])",
                ], in: folder)
            #expect(bad.status == 65)
            for line in [
                "profil.yaml:1:1 P-E", "plan.yaml:1:1 A-E", "offen.yaml:2:1 S-E05",
                "anders.yaml:1:1 This is no file of finance/", "abgleich.yaml:1:1 R-E",
                "abrechnung.yaml:1:1 Q-E", "\(names[0]): fits",
            ] { #expect(bad.output.contains(line), "\(line) in \(bad.output)") }
            #expect(bad.errors.contains("nirgends.yaml cannot be read"))

            let plan = "\(finance)/kontenplan-nkf.yaml"
            let tried = try await Program.run(
                ["export", "lint", "--plan", plan, "\(finance)/datev.yaml"], in: folder)
            #expect(tried.status == 0, "\(tried)")
            expectRefused(
                try await Program.run(["export", "lint", "nirgends.yaml"], in: folder), 66,
                "cannot be read")
            expectRefused(
                try await Program.run(["export", "lint", "--yard", "Hof 1", plan], in: folder), 64,
                "Hof 1 is no name of a yard")
            expectRefused(try await Program.run(["export", "lint"], in: folder), 64, "<files>")
        }
    }

    @Test func `a settlement that is called nothing like one is wrong usage`() async throws {
        try await withFolder { folder in
            for id in ["quatsch", "hof-1/x", "hof-1/1/2", "Hof/1"] {
                expectRefused(
                    try await Program.run(
                        ["reconcile", "undo", "--as", "clara", id, "--reason", "falsch"],
                        in: folder), 64, "such as mitte/1234")
            }
        }
    }
}
