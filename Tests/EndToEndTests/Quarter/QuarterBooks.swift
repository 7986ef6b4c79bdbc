import Foundation
import Testing
import Text

/// The closes as exported, added up by hledger and checked by ledger and beancount: none of them
/// knows how we add.
struct QuarterBooks {
    /// Debit balances in cents by account, without cost centre; zero ones left out.
    let balances: [String: Int64]

    /// Exports every close of every yard and lets the programs read them.
    init(_ quarter: Quarter, _ closes: [String: [JSONValue]]) async throws {
        var files: [String: [String]] = [:]
        for (yard, closes) in closes {
            let numbers = closes.compactMap { $0["number"]?.integer }.map(String.init)
            for format in ["hledger", "ledger", "beancount"] {
                files[format, default: []] += try await Self.export(quarter, yard, format, numbers)
            }
        }
        let folder = quarter.town.folder
        for file in files["ledger"] ?? [] {
            _ = try await Self.run("ledger", ["--pedantic", "-f", file, "balance"], in: folder)
        }
        for file in files["beancount"] ?? [] {
            _ = try await Self.run("bean-check", ["--no-cache", file], in: folder)
        }
        let journals = (files["hledger"] ?? []).flatMap { ["-f", $0] }
        _ = try await Self.run("hledger", journals + ["check", "--strict"], in: folder)
        let table = try await Self.run(
            "hledger", journals + ["balance", "-N", "--flat", "--depth", "1", "-O", "csv"],
            in: folder)
        balances = try Self.read(table)
    }

    /// The same from the closes that two people approved.
    static func approved(_ closes: [String: [JSONValue]]) -> [String: Int64] {
        var balances: [String: Int64] = [:]
        for total in closes.values.joined().flatMap({ $0["totals"]?["accounts"]?.array ?? [] }) {
            balances[total["account"]?.string ?? "", default: 0] +=
                (total["debit"]?.integer ?? 0) - (total["credit"]?.integer ?? 0)
        }
        return balances.filter { $0.value != 0 }
    }

    /// Income and tax together: what people paid, on the credit side.
    var income: Int64 { ["432100", "446100", "446110", "379700"].compactMap { balances[$0] }.sum }

    private static func export(
        _ quarter: Quarter, _ yard: String, _ format: String, _ numbers: [String]
    ) async throws -> [String] {
        let made = try await quarter.finance(
            ["export", "create", "--json", format] + numbers + ["--yard", yard])
        let number = try #require(
            try StrictJSON.parse(Array(made.utf8), depthMax: 32)["number"]?.integer)
        let fetched = try await quarter.finance([
            "export", "fetch", "\(number)", "--into", quarter.town.folder, "--yard", yard,
        ])
        return fetched.split(separator: "\n").map(String.init)
    }

    private static func run(
        _ program: String, _ arguments: [String], in folder: String
    ) async throws -> String {
        let running = try RunningProgram(
            path: "/usr/bin/env", arguments: ["LC_ALL=C.UTF-8", program] + arguments,
            folder: folder)
        guard await running.ended() == 0 else {
            throw Unexpected("\(program): \(try running.output()) \(try running.errors())")
        }
        return try running.output()
    }

    private static func read(_ table: String) throws -> [String: Int64] {
        var balances: [String: Int64] = [:]
        for row in table.split(separator: "\n").dropFirst() {
            let cells = row.split(separator: ",").map { $0.filter { $0 != "\"" } }
            guard cells.count == 2, let cents = cents(cells[1]) else {
                throw Unexpected("hledger wrote \(row)")
            }
            balances[cells[0]] = cents
        }
        return balances.filter { $0.value != 0 }
    }

    /// `-1234.50 EUR`, or `0`.
    private static func cents(_ text: String) -> Int64? {
        let number = text.split(separator: " ").first.map(String.init) ?? ""
        return number == "0" ? 0 : Int64(number.filter { $0 != "." })
    }
}

extension Sequence<Int64> {
    var sum: Int64 { reduce(0, +) }
}
