import API
import ArgumentParser
import CloseSheets
import Defaults
import Foundation
import Journal
import Keys
import Logging
import NIOHTTP1
import Operations
import People
import Storage
import Text
import Units

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create a data directory with a town and its first yard.")

    @Option(help: "The data directory to create.")
    var data = "data"
    @Option(help: "Name of the town.")
    var town: String
    @Option(help: "Short name of the yard: a-z, 0-9, - and .")
    var yard: String
    @Option(help: "Name of the yard as printed on receipts.")
    var yardName: String
    @Option(help: "Address of the yard: street, postal code, place.")
    var address: String
    @Option(help: "Host name for receipts and proofs, such as hofbuch.musterstadt.de.")
    var host: String

    func run() async throws {
        try await reporting {
            guard let id = YardID(yard) else {
                throw Failure("--yard has to be 1 to 64 of a-z, 0-9, - and .", ExitCode(64))
            }
            let directory = DataDirectory(data)
            try Installation.create(
                in: directory, finance: DefaultFile.files(in: "finance/"))
            let installation = try Installation(directory: directory, logger: .quiet)
            let created = try await installation.createYard(
                YardDescription(id: id, name: yardName, town: town, address: address, host: host))
            try installation.close()
            print("Created \(data) with the yard \(created.id) and its log \(created.origin).")
            print("Log key to give to auditors: \(created.genesis.logKey)")
            print("Next: hofbuch user add --data \(data) …, then hofbuch serve --data \(data)")
        }
    }
}

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "People and their roles.",
        subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or change a person, on the server's machine.",
            discussion: "Roles: cashier, approver, finance, auditor, operator.")

        @Option(help: "The data directory.")
        var data = "data"
        @Option(help: "Sign-in name: a-z, 0-9, - and .")
        var id: String
        @Option(help: "Full name.")
        var name: String
        @Option(help: "Roles, separated by commas.")
        var roles: String
        @Option(help: "File with the password, at least ten characters.")
        var passwordFile: String
        @Flag(help: "The person may no longer sign in.")
        var inactive = false

        func run() async throws {
            try await reporting {
                guard let id = PersonID(id) else {
                    throw Failure("--id has to be 1 to 64 of a-z, 0-9, - and .", ExitCode(64))
                }
                let names = roles.split(separator: ",").map(String.init)
                let found = names.compactMap(Role.init(rawValue:))
                guard found.count == names.count else {
                    throw Failure(
                        "roles are \(Role.allCases.map(\.rawValue).joined(separator: ", "))",
                        ExitCode(64))
                }
                guard let bytes = FileManager.default.contents(atPath: passwordFile) else {
                    throw Failure("\(passwordFile) cannot be read", Exit.noInput)
                }
                let password = String(decoding: bytes, as: UTF8.self)
                    .trimmingCharacters(in: .newlines)
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
            let json = office.json
            try await office.run { client in
                let answer = try await client.send(.GET, "/v1/people")
                if json { return print(answer.text) }
                for person in answer["people"]?.array ?? [] {
                    let roles = person["roles"]?.array?.compactMap(\.string) ?? []
                    print(
                        "\(person["id"]?.string ?? "")  \(person["name"]?.string ?? "")  "
                            + roles.joined(separator: ", "))
                }
            }
        }
    }
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve interface and console until stopped.")

    @Option(help: "The data directory.")
    var data = "data"
    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"
    @Option(help: "Port to listen on.")
    var port = 8080
    @Option(help: "PEM file of the certificate chain, for HTTPS.")
    var tlsCertificate: String?
    @Option(help: "PEM file of the certificate's key.")
    var tlsKey: String?
    @OptionGroup var space: SpaceOptions
    @Option(
        help: """
            Python with the package typst, for archive files of closes; without it the one that \
            scripts/sheets.sh installs.
            """)
    var sheetPython: String?

    func run() async throws {
        try await reporting {
            // Before anything is opened that would need a descriptor.
            _ = try DescriptorLimit.connections(
                wanted: Server.connectionsMax, faults: ProvokedFaults(dataDirectory: data))
            var logger = Logger(label: "hofbuch")
            logger.logLevel = .info
            let installation = try Installation(
                directory: DataDirectory(data), safety: Safety(reserve: space.reserve),
                logger: logger, sheets: SheetPrinter(python: sheetPython))
            try await serve(installation)
            try installation.close()
        }
    }

    private func serve(_ installation: Installation) async throws {
        let tls = tlsCertificate.flatMap { certificate in
            tlsKey.map { (certificate: certificate, key: $0) }
        }
        let address = ServerAddress(host: host, port: port, tls: tls)
        try await Server.serve(installation, at: address)
    }
}

extension Server {
    /// Serves until stopped and tells other commands where.
    ///
    /// - Parameter announcement: the line that is printed with the console's address.
    static func serve(
        _ installation: Installation, at address: ServerAddress,
        announcement: @Sendable @escaping (String) -> String = {
            "Console: \($0)/   Stop with Ctrl-C."
        }
    ) async throws {
        let path = RunningServer.path(installation.directory)
        let scheme = address.tls == nil ? "http" : "https"
        let server = Server(installation: installation, address: address) { port in
            let base = "\(scheme)://\(address.host):\(port)"
            do {
                try DurableFile.replace(path: path, with: Array(base.utf8))
            } catch {
                Message.error("\(path) cannot be written: \(error)")
            }
            print(announcement(base))
            // Into a pipe or file the line would wait for more to come.
            fflush(nil)
        }
        try await server.run()
    }
}
