import ArgumentParser
import Foundation
import Keys
import NIOHTTP1
import Pages
import Sales
import Text
import Units

struct CloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "The day close.",
        subcommands: [
            Preview.self, Count.self, Explain.self, Approve.self, Show.self, List.self,
        ])

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Totals since the last close (X report) and how far the next one is.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.run {
                print(try await $0.atYard(.GET, "closes/next").text)
            }
        }
    }

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Type in the card terminals' totals; cuts the journal here (cashier).",
            discussion: "hofbuch close count --as anna 2026-11-22 51234567:girocard:42:613,80")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The business day.")
        var day: String
        @Argument(help: "Totals: card terminal, scheme, count and amount, with colons between.")
        var totals: [String]

        func run() async throws {
            try await reporting {
                let totals = try totals.map(Self.total)
                let body = JSONValue.fields(["day": .string(day), "totals": .array(totals)])
                try await OfficeClient.run(office) {
                    print(try await $0.atYard(.POST, "closes/next/count", body).text)
                }
            }
        }

        private static func total(_ text: String) throws -> JSONValue {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 4, let count = Int64(parts[2]),
                let amount = GermanAmount.parse(String(parts[3]))
            else {
                throw Failure(
                    "\(text): wanted is TID:scheme:count:amount, such as "
                        + "51234567:girocard:42:613,80", ExitCode(64))
            }
            return .fields([
                "tid": .string(String(parts[0])), "scheme": .string(String(parts[1])),
                "count": .integer(count), "amount": .integer(amount.value),
            ])
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name the reason of a difference (cashier).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Card terminal (TID).")
        var cardTerminal: String
        @Argument(help: "Scheme, such as girocard.")
        var scheme: String
        @Argument(help: "Reason, such as test-transaction or missing-in-ledger.")
        var reason: String
        @Argument(help: "What happened, in a sentence.")
        var text: String

        func run() async throws {
            try await reporting {
                let body = JSONValue.fields([
                    "tid": .string(cardTerminal), "scheme": .string(scheme),
                    "reason": .string(reason), "text": .string(text),
                ])
                try await OfficeClient.run(office) {
                    try await $0.atYard(.POST, "closes/next/explain", body)
                    print("Noted.")
                }
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve the counted close (approver, another person): then it is final.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.run { client in
                let close = try await client.atYard(.POST, "closes/next/approve")
                print("Close \(close["number"]?.integer ?? 0) is final.")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a close.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the close.")
        var number: Int64

        func run() async throws {
            let number = number
            try await office.run {
                print(try await $0.atYard(.GET, "closes/\(number)").text)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List closes.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run { client in
                let answer = try await client.atYard(.GET, "closes")
                if json { return print(answer.text) }
                for close in answer["closes"]?.array ?? [] {
                    let turnover = Cents(close["totals"]?["turnover"]?.integer ?? 0)
                    print(
                        "\(close["number"]?.integer ?? 0)  \(close["day"]?.string ?? "")  "
                            + "\(GermanFormat.euros(turnover))  "
                            + "\(close["countedBy"]?.string ?? "") / "
                            + "\(close["approvedBy"]?.string ?? "")  " + Self.words(close["seal"]))
                }
            }
        }

        /// How far a final close has come with witnesses and time stamp.
        private static func words(_ seal: JSONValue?) -> String {
            let state = seal?["state"]?.string ?? ""
            return state == "approved" ? "not yet witnessed" : state
        }
    }
}

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Files for the finance software.",
        subcommands: [Create.self, List.self, Fetch.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an export of approved closes (finance or approver).",
            discussion: "Formats: datev, hledger, ledger, beancount, gobd, or the id of a profile.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Format.")
        var format: String
        @Argument(help: "Numbers of closes.")
        var closes: [Int64]

        func run() async throws {
            try await reporting {
                let body = JSONValue.fields([
                    "profile": .string(format),
                    "closes": .array(closes.map { .integer($0) }),
                ])
                try await OfficeClient.run(office) {
                    print(try await $0.atYard(.POST, "exports", body).text)
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List exports and formats.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.run {
                print(try await $0.atYard(.GET, "exports").text)
            }
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the files of an export into a folder (finance or auditor).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the export.")
        var number: Int64
        @Option(help: "Folder to write into.")
        var into = "."

        func run() async throws {
            let (number, folder) = (number, into)
            try await office.run { client in
                let exports = try await client.atYard(.GET, "exports")["exports"]?.array ?? []
                guard let export = exports.first(where: { $0["number"]?.integer == number })
                else { throw Failure("there is no export \(number)", Exit.noInput) }
                for name in export["files"]?.array?.compactMap({ $0["name"]?.string }) ?? [] {
                    let bytes = try await client.fetch(
                        .GET, "/v1/yards/\(client.yard)/exports/\(number)/\(name)")
                    try DurableFile.replace(path: "\(folder)/\(name)", with: bytes)
                    print("\(folder)/\(name)")
                }
            }
        }
    }
}

struct PaymentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payment", abstract: "Payments whose outcome is unknown.",
        subcommands: [List.self, Resolve.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List unknown payments.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.run {
                print(try await $0.atYard(.GET, "payments/unknown").text)
            }
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say how an unknown payment turned out (cashier).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Receipt number, such as t1-000042.")
        var receipt: String
        @Argument(help: "charged, not-charged-claim or not-charged-void.")
        var finding: String
        @Option(help: "How it was found out: repeat-receipt, totals or person.")
        var evidence = "person"
        @Option(help: "What was found, in a sentence.")
        var note: String
        @Option(help: "For charged: the slip, TID:scheme:receipt:trace.")
        var slip: String?
        @Option(help: "For not-charged-claim: name and address of the debtor.")
        var debtor: String?

        func run() async throws {
            try await reporting {
                let original = try reference(receipt)
                var members: [JSONValue.Member] = [.init("kind", .string(finding))]
                if let slip { members += try slipMembers(slip) }
                let body = JSONValue.fields([
                    "debtor": debtor.map { .string($0) }, "original": original,
                    "finding": .object(members), "evidence": .string(evidence),
                    "note": .string(note),
                ])
                try await OfficeClient.run(office) {
                    try await $0.atYard(.POST, "payments/resolve", body)
                    print("Resolved.")
                }
            }
        }
    }
}

struct RefundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Refunds and late voids, with two people.",
        subcommands: [Request.self, Approve.self, Complete.self, List.self])

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask to take a sale back, whole or in part (cashier).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Receipt number, such as t1-000042.")
        var receipt: String
        @Option(help: "Why.")
        var reason: String
        @Option(help: "card, bank-transfer or no-money.")
        var method = "bank-transfer"
        @Option(help: "Line and amount, such as 0:4,00; may stand several times. All without it.")
        var line: [String] = []
        @Flag(help: "A void of the whole sale instead of a refund.")
        var void = false

        func run() async throws {
            try await reporting {
                let amounts = try line.map { text in
                    let parts = text.split(separator: ":")
                    guard parts.count == 2, let index = Int64(parts[0]),
                        let cents = GermanAmount.parse(String(parts[1]))
                    else { throw Failure("\(text): wanted is line:amount, 0:4,00", ExitCode(64)) }
                    return JSONValue.fields([
                        "line": .integer(index), "gross": .integer(cents.value),
                    ])
                }
                let body = JSONValue.fields([
                    "kind": .string(void ? "void" : "refund"), "original": try reference(receipt),
                    "amounts": amounts.isEmpty ? nil : .array(amounts),
                    "reason": .string(reason), "method": .string(method),
                ])
                try await OfficeClient.run(office) { client in
                    let answer = try await client.atYard(.POST, "reversals", body)
                    print("Request \(answer["id"]?.integer ?? 0) waits for a second person.")
                }
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve a request (approver, another person).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post("reversals/\(id)/approve", done: "Approved.")
        }
    }

    struct Complete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Type in the slip of an approved reversal by card (cashier).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64
        @Argument(help: "The slip, TID:scheme:receipt:trace.")
        var slip: String

        func run() async throws {
            try await reporting {
                let (id, body) = (id, JSONValue.object(try slipMembers(slip)))
                try await OfficeClient.run(office) {
                    try await $0.atYard(.POST, "reversals/\(id)/complete", body)
                    print("Recorded.")
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List requests.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.run {
                print(try await $0.atYard(.GET, "reversals").text)
            }
        }
    }
}

/// A sale reference from a receipt number such as `t1-000042`.
func reference(_ receipt: String) throws -> JSONValue {
    guard let dash = receipt.lastIndex(of: "-"),
        let terminal = TerminalID(String(receipt[..<dash])),
        let sequence = Int64(receipt[receipt.index(after: dash)...]), sequence > 0
    else {
        throw Failure("\(receipt): wanted is a receipt number such as t1-000042", ExitCode(64))
    }
    return SaleReference(terminal: terminal, sequence: sequence).json
}

private func slipMembers(_ text: String) throws -> [JSONValue.Member] {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 4, let scheme = CardScheme(rawValue: parts[1]),
        let slip = CardSlip(
            cardTerminal: parts[0], scheme: scheme, receiptNumber: parts[2],
            traceNumber: parts[3])
    else {
        throw Failure("\(text): wanted is TID:scheme:receipt:trace", ExitCode(64))
    }
    return slip.members
}
