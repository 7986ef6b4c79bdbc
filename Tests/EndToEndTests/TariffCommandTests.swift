import Foundation
import GRDB
import NIOHTTP1
import Operations
import Sales
import Tariffs
import Testing
import Text
import Units

/// The tariff book through the real program: two people, a successor, old prices again.
struct TariffCommandTests {
    private static let source = repository + "/tariffs/goettingen-2024.yaml"

    /// The sample tariff with another id and first day.
    private func write(_ id: String, from day: String, in folder: String) throws -> String {
        let text = try String(contentsOfFile: Self.source, encoding: .utf8)
            .replacing("tarif: goettingen-2024", with: "tarif: \(id)")
            .replacing("gültig ab: 05.01.2024", with: "gültig ab: \(day)")
            .replacing("datum: 05.01.2024", with: "datum: \(day)")
        let path = "\(folder)/\(id).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func tariff(_ person: String, _ arguments: [String], _ town: Town) async throws
        -> Program.Result
    {
        let (verb, rest) = (arguments[0], arguments.dropFirst())
        return try await Program.run(
            [
                "tariff", verb, "--data", town.data, "--as", person, "--password-file",
                "\(town.folder)/\(person).password",
            ] + rest, in: town.folder)
    }

    private func data(of result: Program.Result) throws -> JSONValue {
        #expect(result.status == 0, "\(result.errors)")
        return try StrictJSON.parse(Array(result.output.trimmed.utf8), depthMax: 4)
    }

    private func digest(of result: Program.Result) throws -> String {
        #expect(result.status == 0, "\(result.errors)")
        let found = result.output.firstMatch(of: /Digest: ([0-9a-f]{64})\n/)
        return String(try #require(found, "\(result.output)").1)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a tariff and its successor are proposed, withdrawn, activated and listed`()
        async throws
    {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, line) = try await town.serve()
            let first = try digest(of: try await tariff("clara", ["propose", Self.source], town))
            let refused = try await tariff("clara", ["activate", first], town)
            #expect(refused.status == 77 && refused.errors.contains("role-missing"))
            let activated = try await tariff("bernd", ["activate", first], town)
            #expect(activated.output == "Activated: 2024-01-05 – .\n", "\(activated)")

            let file = try write("neu-2099", from: "01.01.2099", in: folder)
            let next = try digest(of: try await tariff("clara", ["propose", file], town))
            let withdrawn = try await tariff("clara", ["withdraw", next], town)
            #expect(withdrawn.output == "Withdrawn.\n")
            let late = try await tariff("bernd", ["activate", next], town)
            #expect(late.status == 65 && late.errors.contains("tariff-state"))
            let same = try await tariff("clara", ["propose", file, "--json"], town)
            #expect(try data(of: same)["digest"]?.string == next)
            let inForce = try data(
                of: try await tariff("bernd", ["activate", next, "--json"], town))
            #expect(inForce["id"]?.string == "neu-2099")
            #expect(inForce["state"]?.string == "approved")

            let spare = try write("neu-2100", from: "01.01.2100", in: folder)
            let unused = try digest(of: try await tariff("clara", ["propose", spare], town))
            let taken = try data(
                of: try await tariff("clara", ["withdraw", unused, "--json"], town))
            #expect(taken["digest"]?.string == unused)
            #expect(taken["state"]?.string == "withdrawn")

            let overlap = try write("zu-lang", from: "01.01.2098", in: folder)
            let answer = try await tariff("clara", ["propose", overlap], town)
            #expect(answer.status == 65 && answer.errors.contains("tariff-overlaps"))
            #expect(answer.errors.contains("neu-2099, in force from 2099-01-01"))
            let list = try await tariff("anna", ["list"], town).output
            #expect(
                list == """
                    2024-01-05 – 2098-12-31  approved  goettingen-2024  clara / bernd  \(first)
                    2099-01-01 –   approved  neu-2099  clara / bernd  \(next)
                    2100-01-01 –   withdrawn  neu-2100  clara / clara  \(unused)

                    """, "\(list)")
            let fetched = try await tariff(
                "anna", ["fetch", next, "--into", folder + "/fetched.yaml", "--json"], town)
            let written = try data(of: fetched)
            #expect(written["digest"]?.string == next)
            #expect(written["file"]?.string == folder + "/fetched.yaml")
            #expect(
                FileManager.default.contents(atPath: folder + "/fetched.yaml")
                    == FileManager.default.contents(atPath: file))
            #expect(try await line.json(.GET, "/readyz")["status"]?.string == "ready")
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an old sale is priced again, and an altered file is found`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, line) = try await town.serve()
            let first = try digest(of: try await tariff("clara", ["propose", Self.source], town))
            #expect(try await tariff("bernd", ["activate", first], town).status == 0)
            let terminal = try await SigningTerminal.enrol(
                "t1", at: line, operator: try await town.signIn("clara", line),
                approver: try await town.signIn("bernd", line))
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Self.source)))
            let sale = try Sale.sample(try TariffFile.decode(bytes))
            for envelope in try terminal.envelopes(2, of: sale) {
                let answer = try await line.send(.POST, "/v1/yards/hof-1/envelopes", envelope)
                #expect(answer.status == 201)
            }

            let again = try await tariff("anna", ["reprice", "t1-000002"], town)
            #expect(again.status == 0, "\(again.errors)")
            #expect(again.output.contains("goettingen-2024 \(first)"))
            #expect(
                again.output.contains(
                    "Difference: 0 cents.\nBy the quotas that the server knows: 0 cents.\n"),
                "\(again.output)")
            let json = try await tariff("anna", ["reprice", "--json", "t1-000002"], town).output
            #expect(json.contains(#""difference":0,"agrees":true,"flags":[]"#), "\(json)")
            #expect(try await tariff("anna", ["reprice", "t1-000003"], town).status == 66)
            server.terminate()
            #expect(await server.ended() == 0)
            let fits = try await Program.succeed(["verify", "--data", town.data], in: folder)
            #expect(fits.contains("2 sales priced again."))

            let queue = try DatabaseQueue(path: town.data + "/hofbuch.sqlite3")
            try await queue.write {
                try $0.execute(
                    sql: """
                        UPDATE tariff SET bytes =
                        CAST(replace(CAST(bytes AS TEXT), '12,00', '11,00') AS BLOB)
                        """)
            }
            try queue.close()
            let result = try await Program.run(["verify", "--data", town.data], in: folder)
            #expect(result.status == 11)
            #expect(result.output.contains("the stored file of the tariff goettingen-2024"))
            #expect(result.output.contains(first))
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
