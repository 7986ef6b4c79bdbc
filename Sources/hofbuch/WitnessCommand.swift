import ArgumentParser
import Calendars
import Foundation
import Logging
import Transparency
import Units
import Witness

/// Which witness.
struct WitnessOptions: ParsableArguments {
    @Option(help: "The witness's folder: key, followed logs, last heads, evidence.")
    var folder = "witness"
}

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "A witness: cosigns the checkpoints of logs, on a machine of somebody else.",
        discussion: """
            An audit office sets it up away from the town's server:
              hofbuch witness init --folder witness --name rpa.musterstadt.de/witness
              hofbuch witness follow --folder witness LOG-KEY
              hofbuch witness serve --folder witness --host 0.0.0.0 --port 8090
            The town puts the printed key and the address into its policy file.
            """,
        subcommands: [Init.self, Follow.self, Serve.self])

    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a witness with a new key.")
        @OptionGroup var witness: WitnessOptions
        @Option(help: "Name of its key, such as rpa.musterstadt.de/witness.")
        var name: String

        func run() async throws {
            try await reporting {
                let key = try WitnessFolder.create(at: witness.folder, name: name)
                print("Witness key to give to the towns: \(key.text)")
            }
        }
    }

    struct Follow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow a log; a running witness has to be started again.")
        @OptionGroup var witness: WitnessOptions
        @Argument(help: "The log key that `hofbuch init` printed.")
        var log: String

        func run() async throws {
            try await reporting {
                let key = try WitnessFolder(witness.folder).follow(log)
                print("Follows \(key.name).")
            }
        }
    }

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cosign checkpoints until stopped.",
            discussion: "Requests prove themselves by their signatures, so plain HTTP will do.")
        @OptionGroup var witness: WitnessOptions
        @Option(help: "Address to listen on.")
        var host = "127.0.0.1"
        @Option(help: "Port to listen on.")
        var port: UInt16 = 8090

        func run() async throws {
            try await reporting {
                let address = ServerAddress(host: host, port: Int(port), tls: nil)
                try address.requireFree()
                let connections = try DescriptorLimit.connections(
                    wanted: WitnessServer.connectionsMax)
                let book = try WitnessBook(WitnessFolder(witness.folder)) {
                    SystemClock.now().milliseconds / 1_000
                }
                var logger = Logger(label: "hofbuch-witness")
                logger.logLevel = .info
                let server = WitnessServer(
                    book: book, host: host, port: Int(port), connections: connections,
                    server: try address.serverBuilder(), logger: logger)
                print("Witness key: \(book.verifier.text)")
                for log in book.sizes { print("Follows \(log.origin), size \(log.size).") }
                try await address.listening {
                    try await server.run { port in
                        print("Witness: http://\(address.hostInURL):\(port)/   Stop with Ctrl-C.")
                        fflush(nil)
                    }
                }
                book.close()
            }
        }
    }
}
