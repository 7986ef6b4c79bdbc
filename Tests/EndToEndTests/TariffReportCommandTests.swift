import Foundation
import Testing
import Text

/// The reports about tariff files through the real program.
struct TariffReportCommandTests {
    private static let source = repository + "/tariffs/wadersloh-2022.yaml"

    private func json(_ arguments: [String], in folder: String) async throws -> JSONValue {
        let output = try await Program.succeed(["tariff"] + arguments + ["--json"], in: folder)
        return try StrictJSON.parse(Array(output.utf8.dropLast()), depthMax: 16)
    }

    @Test(arguments: [
        ["positions", source], ["pricelist", source], ["conformance", source],
        ["diff", source, source],
    ])
    func `every report is text and data`(arguments: [String]) async throws {
        try await withFolder { folder in
            let text = try await Program.succeed(["tariff"] + arguments, in: folder)
            let json = try await json(arguments, in: folder)

            #expect(text.contains("Wadersloh"))
            #expect(json["report"]?.string != nil)
        }
    }

    @Test func `a page goes to a file`() async throws {
        try await withFolder { folder in
            let path = folder + "/preise.html"

            _ = try await Program.succeed(
                ["tariff", "pricelist", Self.source, "--html", "--into", path], in: folder)

            let page = try String(contentsOfFile: path, encoding: .utf8)
            #expect(page.hasPrefix("<!DOCTYPE html>"))
        }
    }

    @Test func `a price is explained with its figures`() async throws {
        try await withFolder { folder in
            let delivery = ["--day", "2022-05-04", "privat: 700 l bauschutt"]
            let json = try await json(["explain", Self.source] + delivery, in: folder)

            let figures = json["lines"]?.array?.first?["figures"]
            #expect(json["total"]?.integer == 4_400)
            #expect(figures?["exact"]?.string == "44,00")
        }
    }

    @Test func `a refusal is bad data, a wrong day is usage, a missing file no input`()
        async throws
    {
        try await withFolder { folder in
            let refused = try await Program.run(
                ["tariff", "price", Self.source, "--day", "1999-01-01", "privat: 1 l holz"],
                in: folder)
            let usage = try await Program.run(
                ["tariff", "price", Self.source, "--day", "gestern", "privat: 1 l holz"],
                in: folder)
            let missing = try await Program.run(
                ["tariff", "diff", Self.source, folder + "/none.yaml"], in: folder)
            let both = try await Program.run(["tariff", "simulate", Self.source], in: folder)

            #expect(refused.status == 65)
            #expect(usage.status == 64)
            #expect(missing.status == 66)
            #expect(both.status == 64)
        }
    }

    @Test func `recorded deliveries in a file are simulated`() async throws {
        try await withFolder { folder in
            let path = folder + "/2022.jsonl"
            let line =
                #"{"sale":"a","delivery":{"day":"2022-05-04","group":"household","items":["#
                + #"{"fraction":"bauschutt","measure":"volume","quantity":700000,"#
                + #""source":"estimated"}]},"lines":[{"position":"2","gross":4000}]}"#
            try (line + "\n" + line + "\n").write(
                toFile: path, atomically: true, encoding: .utf8)

            let json = try await json(
                ["simulate", Self.source, "--deliveries", path], in: folder)

            #expect(json["counts"]?["dearer"]?.integer == 2)
            #expect(json["counts"]?["draft"]?.integer == 8_800)
            try "{}\n".write(toFile: path, atomically: true, encoding: .utf8)
            let broken = try await Program.run(
                ["tariff", "simulate", Self.source, "--deliveries", path], in: folder)
            #expect(broken.status == 65)
            #expect(broken.errors.contains("2022.jsonl:1: sale"))
        }
    }

    @Test func `recorded sales of an installation are simulated under their own tariff`()
        async throws
    {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)

            let json = try await json(
                ["simulate", Self.source, "--data", town.data], in: folder)

            #expect(json["counts"]?["sales"]?.integer == 0)
        }
    }

    @Test func `check tells what was found as data`() async throws {
        try await withFolder { folder in
            let output = try await Program.succeed(
                ["tariff", "check", Self.source, "--json"], in: folder)
            let checked = try StrictJSON.parse(Array(output.utf8.dropLast()), depthMax: 16)

            #expect(checked.array?.first?["errors"]?.integer == 0)
            #expect(checked.array?.first?["tariff"]?.string == "wadersloh-2022")
        }
    }

    @Test func `check names the positions that no recorded sale used`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let check = ["tariff", "check", Self.source]

            let output = try await Program.succeed(
                check + ["--data", town.data, "--json"], in: folder)
            let alone = try await Program.run(check + ["--from", "2025-01-01"], in: folder)

            let file = try StrictJSON.parse(Array(output.utf8.dropLast()), depthMax: 16)
                .array?.first
            let unused = (file?["problems"]?.array ?? []).filter {
                $0["code"]?.string == "T-W07"
            }
            #expect(Int64(unused.count) == file?["positions"]?.integer)
            #expect(alone.status == 64)
        }
    }

    @Test(arguments: [
        ("privat: -5 l bauschutt", "amount-out-of-range"),
        ("privat: 5 l quark", "fraction-unknown"),
        ("privat: 99999999999999999999 l bauschutt", "amount-out-of-range"),
    ])
    func `a delivery that is not understood is told in words`(phrase: String, code: String)
        async throws
    {
        try await withFolder { folder in
            let answer = try await Program.run(
                ["tariff", "price", Self.source, "--day", "2022-05-04", phrase], in: folder)

            #expect(answer.status == 65)
            #expect(answer.errors.contains("(\(code))"), "\(answer.errors)")
            #expect(!answer.errors.contains("Error("), "\(answer.errors)")
        }
    }

    @Test func `a file that holds no delivery is told in words`() async throws {
        try await withFolder { folder in
            let path = folder + "/delivery.json"
            try "{\"day\":1}".write(toFile: path, atomically: true, encoding: .utf8)

            let answer = try await Program.run(["tariff", "price", Self.source, path], in: folder)

            #expect(answer.status == 65)
            #expect(
                answer.errors.contains("delivery.json is no delivery: items: missing"),
                "\(answer.errors)")
        }
    }
}
