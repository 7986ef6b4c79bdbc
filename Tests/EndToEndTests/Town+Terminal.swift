import Foundation
import NIOHTTP1
import Testing
import Text

extension Town {
    /// Puts a tariff into force and enrols the yard terminal `t1` as two people do; gives its
    /// folder.
    func enrolTerminal(at line: Line) async throws -> String {
        let tariff = Array(
            try Data(
                contentsOf: URL(fileURLWithPath: repository + "/tariffs/goettingen-2024.yaml")))
        let clara = try await signIn("clara", line)
        let bernd = try await signIn("bernd", line)
        let proposed = try await line.send(
            .POST, "/v1/yards/hof-1/tariffs", token: clara, tariff)
        let digest = try #require(try proposed.json["digest"]?.string)
        try await line.json(
            .POST, "/v1/yards/hof-1/tariffs/\(digest)/approve", token: bernd)
        let request = try await line.json(
            .POST, "/v1/yards/hof-1/enrolments", token: clara,
            .fields(["terminal": .string("t1"), "name": .string("Kasse t1")]))
        let id = try #require(request["id"]?.integer)
        try await line.json(.POST, "/v1/yards/hof-1/enrolments/\(id)/approve", token: bernd)
        let terminal = folder + "/t1"
        try await Program.succeed(
            [
                "terminal", "enrol", "--folder", terminal, "--server", line.base,
                try #require(request["code"]?.string),
            ], in: folder)
        return terminal
    }
}
