import Defaults
import FinanceSamples
import Foundation
import NIOHTTP1
import Sales
import Signing
import SourceFiles
import Tariffs
import Testing
import Text
import Units

/// Business of three yards closed, exported and reconciled through the real program, ending with
/// clearing accounts that are zero or explained item by item, and the same numbers from hledger.
///
/// `make quarter` plays the whole quarter (`HOFBUCH_QUARTER_DAYS`); tests play the two weeks that
/// hold every exception.
struct QuarterTests {
    private static let days =
        ProcessInfo.processInfo.environment["HOFBUCH_QUARTER_DAYS"].flatMap { Int($0) } ?? 14

    @Test(.timeLimit(.minutes(30)))
    func `every exception of a quarter is named, and clearing is explained to the cent`()
        async throws
    {
        try await withFolder { folder in
            let town = try await Quarter.found(in: folder)
            let (program, line) = try await town.serve()
            do { try await play(town, line) } catch {
                program.terminate()
                _ = await program.ended()
                throw error
            }
            program.terminate()
            #expect(await program.ended() == 0)
            try await Program.succeed(["verify", "--data", town.data], in: folder)
        }
    }

    private func play(_ town: Town, _ line: Line) async throws {
        let quarter = try await Self.begin(town, line)
        try await quarter.play(days: Self.days)
        try await importEverything(quarter)
        let found = try await quarter.board()
        print("matched:", Self.counts(found["settlements"], "rule"))
        print("open:", Self.counts(found["open"], "reason"))
        try checkReasons(found)
        try await decide(quarter, found)
        try await quarter.closeAgain()
        let settled = try await quarter.board()
        print("left open:", Self.counts(settled["open"], "reason"))
        try await checkBooks(quarter, settled)
    }

    private static func begin(_ town: Town, _ line: Line) async throws -> Quarter {
        var tokens: [String: String] = [:]
        for name in ["anna", "bernd", "clara"] { tokens[name] = try await town.signIn(name, line) }
        let file = try #require(DefaultFile.named("tariffs/goettingen-2024.yaml")).bytes
        for yard in Quarter.names {
            let answer = try await line.send(
                .POST, "/v1/yards/\(yard)/tariffs", token: tokens["clara"], file)
            let digest = try #require(try answer.json["digest"]?.string)
            try await line.json(
                .POST, "/v1/yards/\(yard)/tariffs/\(digest)/approve", token: tokens["bernd"])
        }
        let tariff = try #require(
            Tariff.decode(try SourceFile.tree(of: file), digest: Digest.sha256(file).hex).tariff)
        return try await Quarter(town, line, tokens: tokens, tariff: tariff)
    }

    // MARK: Bank files

    /// Statements out of order, one twice, one empty, and the acquirer's file.
    private func importEverything(_ quarter: Quarter) async throws {
        let statements = quarter.bank.statements
        let folder = quarter.town.folder
        func path(_ statement: SampleStatement) throws -> String {
            let path = "\(folder)/auszug-\(statement.number).xml"
            try Data(statement.bytes).write(to: URL(fileURLWithPath: path))
            return path
        }
        let paths = try statements.map(path)
        try await quarter.reconcile(["import", paths[0]])
        let early = try await quarter.reconcile(["import", paths[2]])
        #expect(early.contains("gap"), "\(early)")
        #expect(early.contains("chain-broken"), "\(early)")
        try await quarter.reconcile(["import", paths[1]])
        let twice = try await quarter.reconcile(["import", paths[1]])
        #expect(twice.contains("was here before and counts once"), "\(twice)")
        try Data(quarter.bank.acquirerFile.utf8).write(
            to: URL(fileURLWithPath: "\(folder)/posten.csv"))
        try await quarter.reconcile(["import", "--profile", "posten", "\(folder)/posten.csv"])
        let rest = try await quarter.reconcile(["import"] + paths[3...])
        #expect(rest.contains("empty"), "\(rest)")
        let listed = try await quarter.reconcile(["statements"])
        #expect(!listed.contains("gap") && !listed.contains("chain-broken"), "\(listed)")
        print(
            "planted:",
            quarter.bank.planted.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "))
        print(
            "yards 3, days \(Self.days), sales \(quarter.yards.map(\.salesCount).reduce(0, +)), "
                + "closes \(quarter.closeCount), statements \(statements.count), "
                + "acquirer lines \(quarter.bank.acquirerRows.count)")
    }

    private static func counts(_ list: JSONValue?, _ name: String) -> String {
        let words = (list?.array ?? []).compactMap { $0[name]?.string }
        return Dictionary(grouping: words) { $0 }.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")
    }

    /// Each planted exception is found under its own name.
    private func checkReasons(_ board: JSONValue) throws {
        let reasons = Set((board["open"]?.array ?? []).compactMap { $0["reason"]?.string })
        for reason in [
            "missing-batch", "duplicate-batch", "amount-differs", "fee-netted", "fee", "chargeback",
            "unknown-terminal", "other-business",
        ] { #expect(reasons.contains(reason), "\(reason)") }
        let rules = Set((board["settlements"]?.array ?? []).compactMap { $0["rule"]?.string })
        for rule in [
            "single", "consecutive", "across-terminals", "split", "late", "acquirer-payout",
            "chargeback-won",
        ] { #expect(rules.contains(rule), "\(rule)") }
        let verdicts = Set((board["slips"]?.array ?? []).compactMap { $0["verdict"]?.string })
        for verdict in ["straddles", "ledger-only", "lapsed"] {
            #expect(verdicts.contains(verdict), "\(verdict)")
        }
    }

    // MARK: Decisions

    /// What a person in finance decides about each open item, by its reason.
    private func decide(_ quarter: Quarter, _ board: JSONValue) async throws {
        for item in board["open"]?.array ?? [] {
            let code = try #require(item["item"]?.string)
            let near = item["candidates"]?.array?.first?.string
            guard code.hasPrefix("b-") else { continue }
            switch item["reason"]?.string {
            case "fee": try await quarter.reconcile(["fee", code, "--reason", "Entgelt"])
            case "chargeback":
                try await quarter.reconcile(["chargeback", code, "--reason", "zurückgebucht"])
            case "fee-netted":
                try await quarter.reconcile([
                    "confirm", "--expected", try #require(near), "--received", code,
                    "--difference", "fee", "--reason", "netto gutgeschrieben",
                ])
            case "amount-differs":
                try await quarter.reconcile([
                    "confirm", "--expected", try #require(near), "--received", code,
                    "--difference", "unresolved", "--reason", "Bank fragt nach",
                ])
            case "unknown-terminal":
                try await quarter.reconcile([
                    "confirm", "--expected", try #require(near), "--received", code, "--reason",
                    "altes Terminal",
                ])
            case "duplicate-batch":
                try await quarter.reconcile([
                    "confirm", "--received", code, "--difference", "unresolved", "--reason",
                    "doppelt gutgeschrieben",
                ])
            default:
                if let claim = board["claims"]?.array?.first, item["amount"] == claim["open"] {
                    try await quarter.reconcile([
                        "claim-paid", try #require(claim["receipt"]?.string), code, "--yard",
                        try #require(claim["yard"]?.string), "--reason", "Rechnung bezahlt",
                    ])
                } else {
                    try await quarter.reconcile(["not-ours", code, "--reason", "Miete"])
                }
            }
        }
    }

    // MARK: Books

    /// Clearing by the program, by its explanation, and by hledger over the exported closes.
    private func checkBooks(_ quarter: Quarter, _ board: JSONValue) async throws {
        let clearing = board["clearing"]?.array ?? []
        var explained: Int64 = 0
        for proof in clearing {
            #expect(proof["unexplained"]?.integer == 0, "\(proof.text)")
            let items = (proof["items"]?.array ?? []).compactMap { $0["amount"]?.integer }
            #expect(items.reduce(0, +) == proof["balance"]?.integer)
            explained += proof["balance"]?.integer ?? 0
            print(
                "clearing", proof["scheme"]?.string ?? "", proof["balance"]?.integer ?? 0, "cents,",
                Self.counts(proof["items"], "cause"))
        }
        let bankLines = (board["open"]?.array ?? []).filter {
            $0["item"]?.string?.hasPrefix("b-") == true
        }
        #expect(bankLines.isEmpty)
        var files: [String] = []
        for yard in quarter.yards { files += try await export(yard, quarter) }
        let balances = try await Self.hledger(files, in: quarter.town.folder)
        print(
            "hledger:",
            balances.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "))
        #expect(balances["181900", default: 0] + balances["181910", default: 0] == explained)
        let ours: Int64 = 9_500
        #expect(balances["181100"] == quarter.bank.sum - ours)
        #expect(balances.values.reduce(0, +) == 0)
    }

    private func export(_ yard: QuarterYard, _ quarter: Quarter) async throws -> [String] {
        let office = [
            "--data", quarter.town.data, "--as", "clara", "--password-file",
            "\(quarter.town.folder)/clara.password", "--yard", yard.id.text,
        ]
        let closes = try await quarter.office("clara", .GET, yard, "closes")["closes"]?.array ?? []
        let numbers = closes.compactMap { $0["number"]?.integer }.map(String.init)
        try await Program.succeed(
            ["export", "create", "hledger"] + numbers + office, in: quarter.town.folder)
        let fetched = try await Program.succeed(
            ["export", "fetch", "1", "--into", quarter.town.folder] + office,
            in: quarter.town.folder)
        return fetched.split(separator: "\n").map(String.init)
    }

    /// Balances in cents by account, cost centres added to it.
    private static func hledger(_ files: [String], in folder: String) async throws
        -> [String: Int64]
    {
        let arguments =
            files.flatMap { ["-f", $0] } + [
                "balance", "-N", "--flat", "--depth", "1", "-O", "csv",
            ]
        let running = try RunningProgram(
            path: "/usr/bin/hledger", arguments: arguments, folder: folder)
        let status = await running.ended()
        guard status == 0 else { throw Unexpected("hledger: \(try running.errors())") }
        var balances: [String: Int64] = [:]
        for row in try running.output().split(separator: "\n").dropFirst() {
            let cells = row.split(separator: ",").map { $0.filter { $0 != "\"" } }
            guard cells.count == 2, let amount = cents(cells[1]) else {
                throw Unexpected("hledger wrote \(row)")
            }
            balances[cells[0]] = amount
        }
        return balances
    }

    /// `-1234.50 EUR`, or `0`.
    private static func cents(_ text: String) -> Int64? {
        let number = text.split(separator: " ").first.map(String.init) ?? ""
        return number == "0" ? 0 : Int64(number.filter { $0 != "." })
    }
}
