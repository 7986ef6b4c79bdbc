import ArgumentParser
import NIOHTTP1
import Sales
import Text

extension ReconcileCommand {
    /// What each decision needs: who, and why.
    struct DecisionOptions: ParsableArguments {
        @OptionGroup var office: OfficeOptions
        @Option(help: "Why, in a sentence.")
        var reason: String

        func send(
            _ decision: String, expected: [String] = [], received: [String] = [],
            difference: String? = nil, receipt: String? = nil
        ) async throws {
            let reason = reason
            try await reporting {
                let sale = try receipt.map { try reference($0) }
                try await OfficeClient.run(office, needsYard: receipt != nil) { client in
                    var original = sale?.json.members ?? []
                    original.append(.init("yard", .string(client.yard)))
                    let body = JSONValue.fields([
                        "decision": .string(decision),
                        "expected": .array(expected.map { .string($0) }),
                        "received": .array(received.map { .string($0) }),
                        "difference": difference.map { .string($0) },
                        "original": sale == nil ? nil : .object(original),
                        "reason": .string(reason),
                    ])
                    let answer = try await client.send(
                        .POST, "/v1/reconciliation/settlements", body)
                    print("Settled: \(answer["id"]?.string ?? "")")
                }
            }
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that open items belong together; name a difference.",
            discussion: """
                hofbuch reconcile confirm --as clara --expected mitte-000317:68100001 \
                --received b-3f9a2c11d0 --difference fee --reason "netto gutgeschrieben"
                """)
        @OptionGroup var decision: DecisionOptions
        @Option(help: "A cut or payout; may stand several times.")
        var expected: [String] = []
        @Option(help: "A bank line; may stand several times.")
        var received: [String] = []
        @Option(help: "What a difference is: fee, chargeback or unresolved.")
        var difference: String?

        func run() async throws {
            try await decision.send(
                "match", expected: expected, received: received, difference: difference)
        }
    }

    struct Fee: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bank lines are fees of bank or acquirer.")
        @OptionGroup var decision: DecisionOptions
        @Argument(help: "Bank lines.")
        var lines: [String]

        func run() async throws { try await decision.send("fee", received: lines) }
    }

    struct Chargeback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bank lines take a card payment back, or give it back again.")
        @OptionGroup var decision: DecisionOptions
        @Option(help: "Receipt of the sale, where it is known.")
        var receipt: String?
        @Argument(help: "Bank lines.")
        var lines: [String]

        func run() async throws {
            try await decision.send("chargeback", received: lines, receipt: receipt)
        }
    }

    struct NotOurs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bank lines have nothing to do with the yards; nothing is booked.")
        @OptionGroup var decision: DecisionOptions
        @Argument(help: "Bank lines.")
        var lines: [String]

        func run() async throws { try await decision.send("not-ours", received: lines) }
    }

    struct ClaimPaid: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "claim-paid", abstract: "Bank lines pay a claim, whole or in part.")
        @OptionGroup var decision: DecisionOptions
        @Argument(help: "Receipt of the claim, such as t1-000042.")
        var receipt: String
        @Argument(help: "Bank lines.")
        var lines: [String]

        func run() async throws {
            try await decision.send("claim-paid", received: lines, receipt: receipt)
        }
    }

    struct ClaimUnpaid: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "claim-unpaid",
            abstract: "A payment of a claim went back, or the claim goes to the treasury unpaid.")
        @OptionGroup var decision: DecisionOptions
        @Argument(help: "Receipt of the claim, such as t1-000042.")
        var receipt: String
        @Argument(help: "Bank lines that took the payment back; none if nothing ever came.")
        var lines: [String] = []

        func run() async throws {
            try await decision.send("claim-unpaid", received: lines, receipt: receipt)
        }
    }

    struct Debtor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name who owes a claim, for the first time or rightly (finance, cashier).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Receipt of the claim, such as t1-000042.")
        var receipt: String
        @Option(help: "Name and address.")
        var name: String
        @Option(help: "Why, without the data itself.")
        var reason: String

        func run() async throws {
            try await reporting {
                try await office.post(
                    "\(reference(receipt).path)/debtor",
                    .fields(["debtor": .string(name), "reason": .string(reason)]), done: "Named.")
            }
        }
    }
}
