import ArgumentParser
import Foundation
import Logging
import NIOHTTP1
import Operations
import People
import Text
import Units

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "People, their roles and passwords.",
        subcommands: [Add.self, List.self, Changes.self, Password.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or change a person, on the server's machine.",
            discussion: """
                Roles: cashier, approver, finance, auditor, operator. Each change is noted and \
                ends the person's sessions; `hofbuch user changes` lists them.
                """)

        @Option(help: "The data directory.")
        var data = "data"
        @Option(help: "Sign-in name: a-z, 0-9, - and .")
        var id: String
        @Option(help: "Full name.")
        var name: String
        @Option(help: "Roles, separated by commas.")
        var roles: String
        @Option(
            help: """
                File with the password, at least ten characters; without it that of somebody who \
                is here already stays.
                """)
        var passwordFile: String?
        @Flag(help: "The person may no longer sign in.")
        var inactive = false

        func run() async throws {
            try await reporting {
                guard let id = PersonID(id) else {
                    throw Failure("--id has to be 1 to 64 of a-z, 0-9, - and .", Exit.usage)
                }
                let names = roles.split(separator: ",").map(String.init)
                let found = names.compactMap(Role.init(rawValue:))
                guard found.count == names.count else {
                    throw Failure(
                        "roles are \(Role.allCases.map(\.rawValue).joined(separator: ", "))",
                        Exit.usage)
                }
                let password = try passwordFile.map { try readPassword(of: "\(id)", file: $0) }
                let installation = try Installation(
                    directory: DataDirectory(data), logger: .quiet)
                try await installation.save(
                    Person(id: id, name: name, roles: Set(found), isActive: !inactive),
                    password: password)
                try installation.close()
                print("\(id): \(name), \(names.joined(separator: ", "))")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List people and roles.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.showForTown("/v1/people") { answer in
                for person in answer["people"]?.array ?? [] {
                    print("\(person.word("id"))  \(person.word("name"))  \(person.roleWords)")
                }
            }
        }
    }

    struct Changes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who changed whose roles, name or password, newest first.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let isJSON = office.json
            try await office.runForTown { client in
                let all = try await client.all("changes", "/v1/people/changes")
                if isJSON { return print(JSONValue.fields(["changes": .array(all)]).text) }
                for change in all { print(change.personChangeWords) }
            }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change your own password; ends all your sessions.")
        @OptionGroup var office: OfficeOptions
        @Option(help: "File with the new password; without it the terminal asks twice.")
        var newPasswordFile: String?

        func run() async throws {
            try await reporting {
                let old = try office.password()
                let body = JSONValue.fields(["old": .string(old), "new": .string(try typed())])
                try await OfficeClient.run(office, needsYard: false, password: old) { client in
                    try await client.send(.POST, "/v1/people/me/password", body)
                }
                print("Changed. Sign in again with the new password.")
            }
        }

        private func typed() throws -> String {
            let first = try readPassword(of: "\(office.person), the new one", file: newPasswordFile)
            guard newPasswordFile == nil else { return first }
            let second = try readPassword(of: "\(office.person), the new one again", file: nil)
            guard first.utf8.elementsEqual(second.utf8) else {
                throw Failure("the two new passwords differ; nothing was changed", Exit.usage)
            }
            return first
        }
    }
}

extension JSONValue {
    /// The roles of a person, with commas between.
    fileprivate var roleWords: String {
        (self["roles"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    }

    /// A change of a person in one line.
    fileprivate var personChangeWords: String {
        let (before, after) = (self["before"] ?? .null, self["after"] ?? .null)
        var parts: [String] = []
        if before == .null {
            parts.append("new, \(after.word("name")), roles: \(after.roleWords)")
        } else {
            if before.word("name") != after.word("name") {
                parts.append("name: \(before.word("name")) -> \(after.word("name"))")
            }
            if before["roles"] != after["roles"] {
                parts.append("roles: \(before.roleWords) -> \(after.roleWords)")
            }
        }
        if before["active"] != after["active"], before != .null || after["active"] == .bool(false) {
            parts.append(after["active"] == .bool(true) ? "may sign in again" : "switched off")
        }
        if self["password"] == .bool(true) { parts.append("password set") }
        let actor = self["by"]?.string ?? "at the server's machine"
        return "\(word("at"))  \(actor)  \(after.word("id"))  "
            + (parts.isEmpty ? "saved unchanged" : parts.joined(separator: "; "))
    }
}
