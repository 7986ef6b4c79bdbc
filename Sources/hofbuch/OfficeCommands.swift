import ArgumentParser
import Foundation
import Keys
import NIOHTTP1
import Pages
import Sales
import Text
import Units

struct PaymentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payment", abstract: "Payments whose outcome is unknown.",
        subcommands: [List.self, Resolve.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List unknown payments.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("payments/unknown") { answer in
                let payments = answer["payments"]?.array ?? []
                for payment in payments {
                    print(
                        "\(payment.receiptNumber)  \(payment.word("at"))  "
                            + payment.euros("total"))
                }
                if payments.isEmpty { print("No payment is unknown.") }
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
                    "debtor": debtor.map { .string($0) }, "original": original.json,
                    "finding": .object(members), "evidence": .string(evidence),
                    "note": .string(note),
                ])
                try await office.post("payments/resolve", body, done: "Resolved.")
            }
        }
    }
}

struct RefundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Refunds and late voids, with two people.",
        subcommands: [
            Request.self, Approve.self, Reject.self, Complete.self, Payee.self, List.self,
        ])

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
        @Option(help: "For bank-transfer: name of whom to pay, as the bank has it.")
        var payee: String?
        @Option(help: "For bank-transfer: IBAN of the payee.")
        var iban: String?
        @Flag(help: "A void of the whole sale instead of a refund.")
        var void = false

        func run() async throws {
            try await reporting {
                let amounts = try line.map { text in
                    let parts = text.split(separator: ":")
                    guard parts.count == 2, let index = Int64(parts[0]),
                        let cents = GermanAmount.parse(String(parts[1]))
                    else { throw Failure("\(text): wanted is line:amount, 0:4,00", Exit.usage) }
                    return JSONValue.fields([
                        "line": .integer(index), "gross": .integer(cents.value),
                    ])
                }
                let body = JSONValue.fields([
                    "kind": .string(void ? "void" : "refund"),
                    "original": try reference(receipt).json,
                    "amounts": amounts.isEmpty ? nil : .array(amounts),
                    "reason": .string(reason), "method": .string(method),
                    "payee": payee == nil && iban == nil
                        ? nil
                        : .fields([
                            "name": .string(payee ?? ""), "iban": .string(iban ?? ""),
                        ]),
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

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a request (approver, another person).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post("reversals/\(id)/reject", done: "Refused; nothing changed.")
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

    struct Payee: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Whom a refund by bank transfer is paid to; who looks is noted.",
            discussion: "The whole IBAN is shown to finance only.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64
        @Option(help: "What for, in a few words.")
        var purpose: String

        func run() async throws {
            let (id, json) = (id, office.json)
            let body = JSONValue.fields(["purpose": .string(purpose)])
            try await office.run {
                let answer = try await $0.atYard(.POST, "reversals/\(id)/payee", body)
                if json { return print(answer.text) }
                guard let payee = answer["payee"], payee != .null else {
                    return print("Nobody is paid by bank transfer for this request.")
                }
                print("\(payee.word("name"))  \(payee.word("iban"))")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List requests.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("reversals") { answer in
                let requests = answer["reversals"]?.array ?? []
                for request in requests {
                    let original = request["original"]?.receiptNumber ?? ""
                    let decided = request["decidedBy"]?.string.map { ", decided by \($0)" } ?? ""
                    print(
                        "\(request["id"]?.integer ?? 0)  \(request.word("state"))  "
                            + "\(request.word("kind")) of \(original), "
                            + "\(request.euros("amount")), \(request.word("method")), asked by "
                            + "\(request.word("requestedBy"))\(decided)  \(request.word("reason"))")
                }
                if requests.isEmpty { print("Nobody has asked.") }
            }
        }
    }
}

/// A sale reference from a receipt number such as `t1-000042`.
func reference(_ receipt: String) throws -> SaleReference {
    guard let dash = receipt.lastIndex(of: "-"),
        let terminal = TerminalID(String(receipt[..<dash])),
        let sequence = Int64(receipt[receipt.index(after: dash)...]), sequence > 0
    else {
        throw Failure("\(receipt): wanted is a receipt number such as t1-000042", Exit.usage)
    }
    return SaleReference(terminal: terminal, sequence: sequence)
}

extension SaleReference {
    /// Its path below the yard's address.
    var path: String { "sales/\(terminal.text)/\(sequence)" }
}

private func slipMembers(_ text: String) throws -> [JSONValue.Member] {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 4, let scheme = CardScheme(rawValue: parts[1]),
        let slip = CardSlip(
            cardTerminal: parts[0], scheme: scheme, receiptNumber: parts[2],
            traceNumber: parts[3])
    else {
        throw Failure("\(text): wanted is TID:scheme:receipt:trace", Exit.usage)
    }
    return slip.members
}

extension JSONValue {
    /// A member that holds cents, as euros; empty if there is none.
    fileprivate func euros(_ name: String) -> String {
        self[name]?.integer.map { GermanFormat.euros(Cents($0)) } ?? ""
    }
}
