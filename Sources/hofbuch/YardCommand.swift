import ArgumentParser
import Foundation
import Journal
import Logging
import Operations
import Text
import Units

/// What a new yard is told.
struct YardOptions: ParsableArguments {
    @Option(help: "Short name of the yard: a-z, 0-9, - and .")
    var yard: String
    @Option(help: "Name of the yard as printed on receipts.")
    var yardName: String
    @Option(help: "Address of the yard: street, postal code, place.")
    var address: String
    @Option(help: "Host name for receipts and proofs, such as hofbuch.musterstadt.de.")
    var host: String

    /// The checked description; what does not fit is said by its option.
    func description(town: String) throws -> YardDescription {
        guard let id = YardID(yard) else {
            throw Failure("--yard has to be 1 to 64 of a-z, 0-9, - and .", Exit.usage)
        }
        let description = YardDescription(
            id: id, name: yardName, town: town, address: address, host: host)
        do { try description.check() } catch {
            guard case .input(let field, let wanted) = error else { throw error }
            throw Failure("--\(field): wanted is \(wanted)", Exit.usage)
        }
        return description
    }
}

extension Yard {
    /// What the person has to know who made it.
    func announce() {
        print("Log key to give to auditors: \(genesis.logKey)")
    }
}

struct YardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yard", abstract: "The yards of the town.",
        subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a yard with a log of its own, on the server's machine.",
            discussion: """
                Works while no server runs on the data. The yard has its own tariff, terminals and \
                closes; people and account plan are those of the town.
                """)

        @Option(help: "The data directory.")
        var data = "data"
        @Option(help: "Name of the town; that of the first yard where it is left out.")
        var town: String?
        @OptionGroup var yard: YardOptions

        func run() async throws {
            try await reporting {
                let installation = try Installation(
                    directory: DataDirectory(data), logger: .quiet)
                let known = installation.yards.first?.genesis.town
                guard let town = town ?? known else {
                    throw Failure("--town is needed for the first yard", Exit.usage)
                }
                let created = try await installation.createYard(yard.description(town: town))
                try installation.close()
                print("Added the yard \(created.id) with its log \(created.origin).")
                created.announce()
                print(
                    "Next: name \(created.id) in finance/abgleich.yaml, with its bank account and "
                        + "card terminals, and under `höfe` of the export profiles you use.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the yards with their logs and keys.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.showForTown("/v1/yards") { answer in
                for yard in answer["yards"]?.array ?? [] {
                    print("\(yard.word("id"))  \(yard.word("name"))  \(yard.word("logKey"))")
                }
            }
        }
    }
}
