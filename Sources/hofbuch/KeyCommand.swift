import ArgumentParser
import NIOHTTP1
import Sales
import Text
import Units

/// Keys of terminals and of the server.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Keys: which are in force, where they live, rotation, revocation.",
        discussion: """
            Nothing comes into force by one person alone:
              hofbuch key rotate log --as clara          an operator makes a new key
              hofbuch key approve 7 --as bernd           an approver puts it into force
              hofbuch key retire KEY --as clara          the old one is removed, when all know
                                                         the new one
            A terminal announces its next key itself: hofbuch terminal rotate-key
            """,
        subcommands: [
            List.self, Requests.self, Rotate.self, Revoke.self, Approve.self, Reject.self,
            Retire.self, Doubtful.self, Decide.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The keys of the server and of all terminals, and where the server's live.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("keys") { answer in
                for key in answer["server"]?.array ?? [] {
                    let place = key["place"]?.string ?? "not at hand"
                    print("\(key.word("purpose"))  \(key.span)  \(place)  \(key.word("key"))")
                }
                for key in answer["terminals"]?.array ?? [] {
                    print("terminal \(key.word("terminal"))  \(key.span)  \(key.word("key"))")
                }
            }
        }
    }

    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits for a second person.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("keys/requests") { answer in
                for request in answer["requests"]?.array ?? [] {
                    let subject =
                        request["terminal"]?.string.map { "terminal \($0)" } ?? "the server"
                    let key = request["key"]?.string ?? ""
                    let by = request["requestedBy"]?.string ?? "the terminal itself"
                    print(
                        "\(request["id"]?.integer ?? 0)  \(request.word("kind")) of \(subject)"
                            + ", asked by \(by)  \(key)")
                }
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key of the server and ask to put it into force (operator).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "log (the checkpoints of the yard's log) or record (the server's records).")
        var purpose: String
        @Flag(help: "Make it in the token (HSM) that keys/token.json names; it never leaves it.")
        var token = false

        func run() async throws {
            try await reporting {
                guard ["log", "record"].contains(purpose) else {
                    throw Failure("wanted is log or record, not \(purpose)", Exit.usage)
                }
                let body = JSONValue.fields([
                    "kind": .string("rotate-\(purpose)"), "token": .bool(token),
                ])
                try await OfficeClient.run(office) { client in
                    let answer = try await client.atYard(.POST, "keys/requests", body)
                    print("New key: \(answer.word("key"))")
                    print("Request \(answer["id"]?.integer ?? 0) waits for an approver.")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask to revoke a terminal's keys (operator or approver).",
            discussion: "Records that come later are kept, flagged, and count only by `key decide`."
        )
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Id of the terminal.")
        var terminal: String
        @Option(help: "The last sequence number that is trusted; 0 for none.")
        var trusted: Int64
        @Option(help: "What happened.")
        var reason: String

        func run() async throws {
            let body = JSONValue.fields([
                "kind": "revoke", "terminal": .string(terminal), "trusted": .integer(trusted),
                "reason": .string(reason),
            ])
            try await office.ask("keys/requests", body)
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put into force what was asked (approver, another person).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post("keys/requests/\(id)/approve", done: "In force.")
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse what was asked (approver).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post("keys/requests/\(id)/reject", done: "Refused; nothing changed.")
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a replaced key of the server (operator).",
            discussion: """
                An old log key signs every checkpoint beside the new one until it is retired, so \
                that terminals and witnesses that know only the old one can follow.
                """)
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The key as `key list` prints it.")
        var key: String

        func run() async throws {
            let body = JSONValue.fields(["key": .string(key)])
            try await office.runForTown {
                try await $0.send(.POST, "/v1/keys/retire", body)
                print("Removed.")
            }
        }
    }

    struct Doubtful: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The records of a revoked terminal that somebody has to look at.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Id of the terminal.")
        var terminal: String

        func run() async throws {
            try await office.show("terminals/\(terminal)/doubtful") { answer in
                for record in answer["records"]?.array ?? [] {
                    let cents = Cents(record["total"]?.integer ?? 0)
                    print(
                        "\(record.receiptNumber)  "
                            + "entry \(record["index"]?.integer ?? 0)  \(record.word("kind"))  "
                            + "\(cents.value) cents  \(record.word("state"))")
                }
            }
        }
    }

    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a record under a revoked key counts (approver).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Receipt number, such as t1-000042.")
        var receipt: String
        @Flag(inversion: .prefixedNo, help: "Whether it counts.")
        var counts: Bool
        @Option(help: "Why.")
        var reason: String

        func run() async throws {
            try await reporting {
                let original = try reference(receipt)
                let body = JSONValue.fields([
                    "terminal": .string(original.terminal.text),
                    "seq": .integer(original.sequence), "counts": .bool(counts),
                    "reason": .string(reason),
                ])
                try await office.post("decisions", body, done: "Decided.")
            }
        }
    }
}

extension JSONValue {
    func word(_ name: String) -> String { self[name]?.string ?? "" }

    /// The receipt number of a sale or record, in the form that commands take.
    var receiptNumber: String {
        guard let terminal = TerminalID(word("terminal")) else { return word("terminal") }
        return SaleReference(terminal: terminal, sequence: self["seq"]?.integer ?? 0).receiptNumber
    }

    /// The state of a key and from where on it is in force.
    fileprivate var span: String {
        let from = self["from"]?.integer.map { " from \($0)" } ?? ""
        let to = self["to"]?.integer.map { " to \($0)" } ?? ""
        return "\(word("state"))\(from)\(to)"
    }
}
