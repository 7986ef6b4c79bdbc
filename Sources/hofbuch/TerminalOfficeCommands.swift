import ArgumentParser
import NIOHTTP1
import Text

extension TerminalCommand {
    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask for a new terminal; prints its one-time code (operator).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Id of the terminal: a-z, 0-9, - and .")
        var terminal: String
        @Option(help: "Its name, such as \"Kasse Einfahrt\".")
        var name: String

        func run() async throws {
            try await reporting {
                let body = JSONValue.fields([
                    "terminal": .string(terminal), "name": .string(name),
                ])
                try await OfficeClient.run(office) { client in
                    let answer = try await client.atYard(.POST, "enrolments", body)
                    print("Request \(answer["id"]?.integer ?? 0) waits for a second person.")
                    print("One-time code: \(answer["code"]?.string ?? "")")
                }
            }
        }
    }

    struct Admit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve a new terminal; its code is then good for ten minutes (approver).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post(
                "enrolments/\(id)/approve", done: "Approved. The code is good for ten minutes.")
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a new terminal; its code is no longer known (approver).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the request.")
        var id: Int64

        func run() async throws {
            try await office.post("enrolments/\(id)/reject", done: "Refused; nothing changed.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The terminals of a yard, and new ones that are not enrolled yet.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let isJSON = office.json
            try await office.run { client in
                let terminals = try await client.atYard(.GET, "terminals")["terminals"]
                let requests = try await client.atYard(.GET, "enrolments")["enrolments"]
                if isJSON {
                    let both = JSONValue.fields(["terminals": terminals, "enrolments": requests])
                    return print(both.text)
                }
                for terminal in terminals?.array ?? [] { print(terminal.terminalWords) }
                for request in requests?.array ?? [] { print(request.enrolmentWords) }
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a quarantined terminal go on (approver).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Id of the terminal.")
        var terminal: String
        @Option(help: "Why.")
        var reason: String

        func run() async throws {
            try await office.post(
                "terminals/\(terminal)/release", .fields(["reason": .string(reason)]),
                done: "Released.")
        }
    }
}

extension JSONValue {
    fileprivate var terminalWords: String {
        let seen = self["seen"]?.string.map { "seen \($0)" } ?? "never seen"
        return "\(word("terminal"))  \(word("name"))  \(word("state"))  "
            + "last \(self["last"]?.integer ?? 0)  queued \(self["queued"]?.integer ?? 0)  \(seen)"
    }

    fileprivate var enrolmentWords: String {
        let standing =
            self["approvedBy"]?.string.map { "approved by \($0), its code is still good" }
            ?? "waits for another person: hofbuch terminal admit or reject"
        return "request \(self["id"]?.integer ?? 0)  \(word("terminal"))  \(word("name"))  "
            + "asked by \(word("requestedBy"))  \(standing)"
    }
}
