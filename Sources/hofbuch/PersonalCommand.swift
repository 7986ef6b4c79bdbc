import ArgumentParser
import NIOHTTP1
import Text
import Units

/// Personal data beside the journal: how long it is kept, erasure, holds, who looked.
struct PersonalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "personal",
        abstract: "Personal data: how long it is kept, erasure, holds, who looked at it.",
        discussion: """
            What is kept for longer than the policy says is erased by itself, once a day while the \
            server serves. Everything else takes two people:
              hofbuch personal erase --as anna --reason … --field plate t1-000042
              hofbuch personal approve 7 --as bernd
            """,
        subcommands: [
            Status.self, EraseDue.self, Erase.self, Hold.self, Lift.self, Requests.self,
            Approve.self, Reject.self, Accesses.self,
        ])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How long each field is kept and why, what is due, and the holds in force.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("personal/retention") { answer in
                for field in answer["fields"]?.array ?? [] {
                    print(
                        "\(field.word("name"))  \(field.word("period"))  "
                            + "\(field["stored"]?.integer ?? 0) stored, "
                            + "\(field["due"]?.integer ?? 0) due, "
                            + "\(field["held"]?.integer ?? 0) of them held  "
                            + field.word("basis"))
                }
                print("who looked: \(answer["accessDays"]?.integer ?? 0) days")
                for hold in answer["holds"]?.array ?? [] {
                    let last = hold["last"]?.integer.map { "\($0)" } ?? "whatever comes"
                    print(
                        "hold \(hold["number"]?.integer ?? 0)  entries "
                            + "\(hold["first"]?.integer ?? 0) to \(last)  \(hold.word("reason"))")
                }
            }
        }
    }

    struct EraseDue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase now what is kept for longer than the policy says (operator).")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("personal/retention", method: .POST) { answer in
                let counts = answer["erased"]?.members ?? []
                for count in counts { print("\(count.name): \(count.value.integer ?? 0) erased") }
                if counts.isEmpty { print("Nothing was due.") }
                if answer["overwritten"] == .bool(false) {
                    print("A reader still uses the write-ahead log; try again in a minute.")
                }
            }
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask to erase fields beside records before their time is over.")
        @OptionGroup var office: OfficeOptions
        @Option(help: "Field: plate, customer, debtor, note, iban or payee; may be repeated.")
        var field: [String]
        @Option(help: "Why, without the data itself.")
        var reason: String
        @Argument(help: "Receipt numbers, such as t1-000042.")
        var receipts: [String]

        func run() async throws {
            try await office.askPersonal([
                "kind": "erase", "receipts": .array(receipts.map { .string($0) }),
                "fields": .array(field.map { .string($0) }), "reason": .string(reason),
            ])
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask to keep what stands beside records until the hold is lifted.")
        @OptionGroup var office: OfficeOptions
        @Option(help: "First log index.")
        var first: Int64 = 0
        @Option(help: "Last log index; without it, whatever comes too.")
        var last: Int64?
        @Option(help: "Why.")
        var reason: String

        func run() async throws {
            try await office.askPersonal([
                "kind": "hold", "first": .integer(first),
                "last": last.map { .integer($0) } ?? .null, "reason": .string(reason),
            ])
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ask to lift a hold.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the hold.")
        var number: Int64
        @Option(help: "Why.")
        var reason: String

        func run() async throws {
            try await office.askPersonal([
                "kind": "lift", "number": .integer(number), "reason": .string(reason),
            ])
        }
    }

    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits for a second person.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("personal/requests") { answer in
                for request in answer["requests"]?.array ?? [] {
                    print(
                        "\(request["id"]?.integer ?? 0)  \(request.word("kind")), asked by "
                            + "\(request.word("requestedBy"))  \(request["asked"]?.text ?? "")")
                }
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do what was asked (approver, another person).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post("personal/requests/\(id)/approve", done: "Done and recorded.")
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse what was asked (approver, another person).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post(
                "personal/requests/\(id)/reject", done: "Refused; nothing changed.")
        }
    }

    struct Accesses: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who looked at personal data, when and what for, newest first (auditor).")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let isJSON = office.json
            try await office.run { client in
                let path = "/v1/yards/\(client.yard)/personal/accesses"
                let all = try await client.all("accesses", path)
                if isJSON { return print(JSONValue.fields(["accesses": .array(all)]).text) }
                for access in all {
                    let place = access["index"]?.integer.map { "entry \($0)" } ?? "nothing found"
                    print(
                        "\(access.word("at"))  \(access.word("person"))  \(access.word("act")) "
                            + "\(access.word("fields"))  \(place)  \(access.word("purpose"))")
                }
            }
        }
    }
}

extension OfficeOptions {
    /// Posts a request about personal data and prints its number.
    fileprivate func askPersonal(_ members: KeyValuePairs<String, JSONValue>) async throws {
        try await ask(
            "personal/requests", .object(members.map { .init($0.key, $0.value) }))
    }
}
