import API
import ArgumentParser
import CloseSheets
import Defaults
import Foundation
import Logging
import Operations
import Storage

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create a data directory with a town and its first yard.")

    @Option(help: "The data directory to create.")
    var data = "data"
    @Option(help: "Name of the town.")
    var town: String
    @OptionGroup var yard: YardOptions

    func run() async throws {
        try await reporting {
            // Before the folder is made: a wrong value leaves nothing behind.
            let description = try yard.description(town: town)
            let directory = DataDirectory(data)
            try Installation.create(
                in: directory, finance: DefaultFile.finance(of: description.id))
            let installation = try Installation(directory: directory, logger: .quiet)
            let created = try await installation.createYard(description)
            try installation.close()
            print("Created \(data) with the yard \(created.id) and its log \(created.origin).")
            created.announce()
            print("Next: hofbuch user add --data \(data) …, then hofbuch serve --data \(data)")
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
    @Option(help: "Port to listen on; 0 takes a free one.")
    var port: UInt16 = 8080
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

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
    }

    func run() async throws {
        try await reporting {
            // Before anything is opened that would need a descriptor.
            _ = try DescriptorLimit.connections(
                wanted: Server.connectionsMax, faults: ProvokedFaults(dataDirectory: data))
            _ = try address.tlsConfiguration()
            var logger = Logger(label: "hofbuch")
            logger.logLevel = .info
            let installation = try Installation(
                directory: DataDirectory(data), safety: Safety(reserve: space.reserve),
                logger: logger, sheets: SheetPrinter(python: sheetPython))
            try await Server.serve(installation, at: address)
            try installation.close()
        }
    }

    private var address: ServerAddress {
        let tls = tlsCertificate.flatMap { certificate in
            tlsKey.map { (certificate: certificate, key: $0) }
        }
        return ServerAddress(host: host, port: Int(port), tls: tls)
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
        // Of its own where the address is TLS: the certificate does not name the address that
        // commands on this machine would use.
        let (opened, continuation) = AsyncStream.makeStream(of: Void.self)
        let local = address.tls.map { _ in
            Server(installation: installation, address: .loopback) { port in
                RunningServer.announce("http://127.0.0.1:\(port)", installation.directory)
                continuation.finish()
            }
        }
        if local == nil { continuation.finish() }
        let server = Server(installation: installation, address: address) { port in
            let scheme = address.tls == nil ? "http" : "https"
            let base = "\(scheme)://\(address.hostInURL):\(port)"
            if address.tls == nil { RunningServer.announce(base, installation.directory) }
            for await _ in opened {}
            print(announcement(base))
            // Into a pipe or file the line would wait for more to come.
            fflush(nil)
        }
        try await address.listening { try await server.run(beside: local) }
    }
}
