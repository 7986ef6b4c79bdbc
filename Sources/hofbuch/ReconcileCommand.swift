import ArgumentParser
import NIOHTTP1
import Sales
import Text
import Units

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Bank statements, and what belongs to which card cut (finance).",
        discussion: """
            Matches to the cent are booked by rule, and each says by which. Everything else is
            an open item with its age and a reason; finance decides about it in words.

              hofbuch reconcile import --as clara auszug.xml
              hofbuch reconcile status --as clara
              hofbuch reconcile fee --as clara b-3f9a2c11d0 --reason "Entgelt November"
            """,
        subcommands: [
            Import.self, Statements.self, Status.self, Run.self, Confirm.self, Fee.self,
            Chargeback.self, NotOurs.self, ClaimPaid.self, ClaimUnpaid.self, Debtor.self,
            Undo.self,
        ])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in camt.053, camt.054, MT940 or an acquirer's file; book by rule.")
        @OptionGroup var office: OfficeOptions
        @Option(help: "Profile of an acquirer's file: the id in finance/abrechnung-….yaml.")
        var profile: String?
        @Argument(help: "Files, taken in one after the other.")
        var files: [String]

        func run() async throws {
            let (json, files, profile) = (office.json, files, profile)
            try await office.runForTown { client in
                var problem: String?
                for file in files {
                    let content = try bytes(of: file)
                    do {
                        let report = try await client.takeIn(content, profile: profile)
                        print(json ? report.text : Self.words(report, of: file))
                        problem = report["problem"].map { "\(file): \(Self.words(of: $0))" }
                    } catch let failure as Failure {
                        throw Failure("\(file): \(failure.text)", failure.code)
                    }
                }
                // Each file lets the rules go over all that is kept, so the last one counts.
                if let problem { throw Failure(problem, Exit.tryAgain) }
            }
        }

        private static func words(of problem: JSONValue) -> String {
            "\(problem["title"]?.string ?? ""). \(problem["detail"]?.string ?? "") "
                + "(\(problem["code"]?.string ?? "")) On the command line: hofbuch reconcile run"
        }

        private static func words(_ report: JSONValue, of file: String) -> String {
            var lines: [String] = []
            for statement in report["statements"]?.array ?? [] {
                let isKnown = statement["duplicate"]?.bool == true
                lines.append(
                    "\(file): \(statement["name"]?.string ?? ""), account "
                        + "\(statement["account"]?.string ?? ""), "
                        + "\(statement["lines"]?.integer ?? 0) lines"
                        + (isKnown ? ", was here before and counts once" : ""))
                lines += (statement["findings"]?.array ?? []).map(finding)
            }
            if let booked = report["booked"]?.integer { lines.append("\(booked) matches booked.") }
            return lines.joined(separator: "\n")
        }
    }

    static func finding(_ json: JSONValue) -> String {
        "  ! \(json["code"]?.string ?? ""): \(json["detail"]?.string ?? "") "
            + "(\(json["statement"]?.string ?? ""))"
    }

    struct Statements: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List statements and what does not fit between them.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.showForTown("/v1/reconciliation/statements") { answer in
                for statement in answer["statements"]?.array ?? [] {
                    print(
                        "\(statement["day"]?.string ?? "")  \(statement["account"]?.string ?? "")"
                            + "  \(statement["name"]?.string ?? "")  "
                            + "\(statement["lines"]?.integer ?? 0) lines  "
                            + euros(statement["closing"]))
                }
                for finding in answer["findings"]?.array ?? [] {
                    print(ReconcileCommand.finding(finding))
                }
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is open, with age and reason, and why clearing is not empty.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.runForTown { client in
                let board = try await client.send(.GET, "/v1/reconciliation")
                print(json ? board.text : Self.words(board))
            }
        }

        private static func words(_ board: JSONValue) -> String {
            func list(_ name: String) -> [JSONValue] { board[name]?.array ?? [] }
            var lines = [
                "\(board["cuts"]?.integer ?? 0) cuts, \(board["lines"]?.integer ?? 0) bank lines, "
                    + "\(list("settlements").count) settlements"
            ]
            lines += list("matches").filter { $0["bookable"]?.bool == true }.map {
                "to book  \($0["rule"]?.string ?? "")  \(euros($0["amount"]))"
            }
            for item in list("open") {
                lines.append(
                    "open  \(item["item"]?.string ?? "")  \(item["day"]?.string ?? "")  "
                        + "\(euros(item["amount"]))  \(item["age"]?.integer ?? 0) days  "
                        + "\(item["reason"]?.string ?? "")")
                if let text = item["text"]?.string, !text.isEmpty { lines.append("      \(text)") }
                for candidate in item["candidates"]?.array ?? [] {
                    lines.append("      perhaps \(candidate.string ?? "")")
                }
            }
            for claim in list("claims") {
                lines.append(
                    "claim  \(claim["yard"]?.string ?? "") \(claim["receipt"]?.string ?? "")  "
                        + "\(claim["day"]?.string ?? "")  \(euros(claim["open"]))  "
                        + "\(claim["age"]?.integer ?? 0) days")
            }
            for proof in list("clearing") {
                lines.append(
                    "clearing  \(proof["scheme"]?.string ?? "")  \(euros(proof["balance"]))  "
                        + "unexplained \(euros(proof["unexplained"]))")
                for item in proof["items"]?.array ?? [] {
                    lines.append(
                        "      \(item["cause"]?.string ?? "")  \(item["item"]?.string ?? "")  "
                            + "\(item["day"]?.string ?? "")  \(euros(item["amount"]))")
                }
            }
            return (lines + list("findings").map(ReconcileCommand.finding))
                .joined(separator: "\n")
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the rules book what belongs together to the cent.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.runForTown { client in
                let answer = try await client.send(.POST, "/v1/reconciliation/run")
                print("\(answer["booked"]?.integer ?? 0) matches booked.")
            }
        }
    }

    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a settlement back; its items are open again.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "What the settlement is called, such as mitte/1234.")
        var id: String
        @Option(help: "Why.")
        var reason: String

        func run() async throws {
            let (id, body) = (id, JSONValue.fields(["reason": .string(reason)]))
            try await reporting {
                let parts = id.split(separator: "/", omittingEmptySubsequences: false)
                guard parts.count == 2, YardID(String(parts[0])) != nil, Int64(parts[1]) != nil
                else {
                    throw Failure(
                        "\(id): wanted is the yard and number of a settlement, such as mitte/1234",
                        Exit.usage)
                }
                try await OfficeClient.run(office, needsYard: false) { client in
                    try await client.send(
                        .POST, "/v1/reconciliation/settlements/\(id)/undo", body)
                    print("Taken back.")
                }
            }
        }
    }
}

/// An amount of an answer in euros; a dash where there is none.
private func euros(_ amount: JSONValue?) -> String {
    amount?.integer.map { GermanFormat.euros(Cents($0)) } ?? "–"
}

extension OfficeClient {
    func takeIn(_ bytes: [UInt8], profile: String?) async throws -> JSONValue {
        let query = profile.map { "?profile=\($0)" } ?? ""
        let answer = try await fetch(.POST, "/v1/reconciliation/statements\(query)", bytes)
        return try StrictJSON.parse(answer, depthMax: 8)
    }
}
