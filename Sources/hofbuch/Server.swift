import API
import Console
import Defaults
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Operations
import Remote
import ServiceLifecycle
import Storage
import Text
import Units
import UnixSignals

/// Where and how the server listens.
struct ServerAddress {
    let host: String
    let port: Int
    /// PEM files of certificate chain and key; nil serves plain HTTP, for loopback or behind a
    /// proxy.
    let tls: (certificate: String, key: String)?
    var limits = ServerLimits()

    /// A free port for commands on this machine.
    static let loopback = ServerAddress(
        host: "127.0.0.1", port: 0, tls: nil, limits: ServerLimits(connections: 16))

    /// - Throws: a ``Failure`` if somebody listens there already.
    func requireFree() throws {
        var address = sockaddr_in()
        // A name or another kind of address is tried out by listening.
        guard port != 0, inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(descriptor) }
        var yes: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno != EADDRINUSE else {
            throw Failure(
                "port \(port) on \(host) is in use by another program. Choose another with --port.",
                Exit.unavailable)
        }
    }
}

/// How long a client may take (trust.md 6).
struct ServerLimits {
    /// Between two parts of a request, and for its head.
    var idle = TimeAmount.seconds(15)
    /// In which ``SlowReaderGuard/bytesMin`` of an answer have to be taken.
    var slowRead = TimeAmount.seconds(30)
    /// Connections at once; further ones wait (trust.md 6).
    var connections = Server.connectionsMax
}

/// The HTTP server: interface and console on one address.
struct Server {
    let installation: Installation
    let address: ServerAddress
    /// Called with the port once it listens.
    let started: @Sendable (Int) async -> Void

    /// What the server calls itself in its answers.
    private static let name = "hofbuch"
    /// Connections at once on the address that everybody uses.
    static let connectionsMax = 500

    func application() throws -> some ApplicationProtocol {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: HeadAnswers())
        router.add(middleware: OffTheLoop())
        APIRoutes(installation).addRoutes(to: router)
        for name in ["openapi.json", "schemas/tariff.json"] {
            router.get(RouterPath(name)) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: .init(
                        byteBuffer: ByteBuffer(bytes: DefaultFile.named(name)?.bytes ?? [])))
            }
        }
        try ConsoleRoutes(installation).addRoutes(to: router)
        let (installation, started) = (installation, started)
        let connections = try DescriptorLimit.connections(
            wanted: address.limits.connections,
            faults: ProvokedFaults(dataDirectory: installation.directory.path))
        return Application(
            router: router,
            server: try address.serverBuilder {
                EnvelopeIntake(installation, serverName: Self.name)
            },
            configuration: .init(
                address: .hostname(address.host, port: address.port), serverName: Self.name,
                availableConnectionsDelegate: MaximumAvailableConnections(connections)),
            onServerRunning: { await started($0.localAddress?.port ?? 0) },
            logger: installation.logger)
    }

    /// Serves until SIGTERM or SIGINT, then drains for at most ten seconds.
    ///
    /// What witnesses have stored is compared before the first request is taken.
    ///
    /// - Parameter local: another address of the same installation that is served as long.
    func run(beside local: Server? = nil) async throws {
        try address.requireFree()
        let rounds = CosignatureRounds(installation, exchange: PlainRequest.overNetwork)
        await rounds.compareHeads()
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: try application()),
                .init(
                    service: RoundsService(rounds: rounds),
                    successTerminationBehavior: .ignore),
                .init(
                    service: PeriodicService.retention(installation),
                    successTerminationBehavior: .ignore),
                .init(
                    service: PeriodicService.totals(installation),
                    successTerminationBehavior: .ignore),
                // Stops first: the others wait for streams to end.
                .init(
                    service: FeedService(feed: installation.feed),
                    successTerminationBehavior: .ignore),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: installation.logger)
        if let local {
            configuration.services.insert(.init(service: try local.application()), at: 0)
        }
        // Cuts off who is still sending or reading then, as a slow client may for long.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Serves while `body` runs, and hands it the base address.
    func serving<Value: Sendable>(_ body: @Sendable @escaping (String) async throws -> Value)
        async throws -> Value
    {
        try await address.serving(
            { try Server(installation: installation, address: address, started: $0).application() },
            logger: installation.logger, body)
    }
}

extension ServerAddress {
    /// HTTP/1.1 with the limits of trust.md 6, each connection's tasks on its event loop.
    ///
    /// - Parameter first: makes what sees the requests of a connection before a task does.
    func serverBuilder(first: @escaping @Sendable () -> (any ChannelHandler)? = { nil }) throws
        -> HTTPServerBuilder
    {
        let slowRead = limits.slowRead
        let limits = HTTP1Channel.Configuration(
            additionalChannelHandlers: [SlowReaderGuard(interval: slowRead)],
            idleTimeout: limits.idle,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8_192, maxHeaderListSize: 16_384,
                maxHeaderFieldCount: 64))
        let plain = HTTPServerBuilder { responder in
            LoopBound(
                base: HTTP1Channel(responder: responder, configuration: limits), first: first)
        }
        guard let configuration = try tlsConfiguration() else { return plain }
        return try .tls(plain, tlsConfiguration: configuration)
    }

    /// Certificate chain and key, read and found to belong together; nil for plain HTTP.
    ///
    /// - Throws: a ``Failure`` with the path.
    func tlsConfiguration() throws -> TLSConfiguration? {
        guard let tls else { return nil }
        let chain = try Self.reading(tls.certificate) { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try Self.reading(tls.key) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw Failure(
                "\(tls.key) is not the key of the certificate in \(tls.certificate): \(error). "
                    + "Where that file holds a chain, the server's own certificate stands first.",
                Exit.configuration)
        }
        return configuration
    }

    /// Serves an application while `body` runs, and hands it the base address.
    ///
    /// - Parameter application: makes it; calls what it is given with the port once it listens.
    func serving<Value: Sendable>(
        _ application: (@escaping @Sendable (Int) async -> Void) throws -> some ApplicationProtocol,
        logger: Logger, _ body: @Sendable @escaping (String) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let service = try application { port in continuation.yield(port) }
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: service)], logger: logger))
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else {
                throw Failure("the server did not start", Exit.unavailable)
            }
            let result: Result<Value, any Error>
            do {
                result = .success(try await body("http://\(host):\(port)"))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}

/// Rounds of cosignatures for as long as the server serves.
private struct RoundsService: Service {
    let rounds: CosignatureRounds

    func run() async throws {
        await cancelWhenGracefulShutdown { await rounds.run() }
    }
}

/// Does something when the server starts and again after each interval, until it stops. What fails
/// is told and tried again in the next round.
private struct PeriodicService: Service {
    let interval: Duration
    let logger: Logger
    /// What is said of a round that failed.
    let failure: Logger.Message
    let round: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    do { try await round() } catch let error where !(error is CancellationError) {
                        logger.error(failure, metadata: ["error": "\(error)"])
                    }
                    try await Task.sleep(for: interval)
                } catch { return }
            }
        }
    }

    /// Erases personal data whose time is over, once a day.
    static func retention(_ installation: Installation) -> PeriodicService {
        PeriodicService(
            interval: .seconds(86_400), logger: installation.logger,
            failure: "personal data was not erased; the next round tries again"
        ) {
            let count = try await installation.eraseExpired()
            guard !count.fields.isEmpty || count.accesses > 0 || !count.isOverwritten else {
                return
            }
            installation.logger.notice(
                "personal data was erased",
                metadata: [
                    "values": "\(count.fields.values.reduce(0, +))",
                    "accesses": "\(count.accesses)", "overwritten": "\(count.isOverwritten)",
                ])
        }
    }

    /// Adds up what the next closes will hold while it comes in.
    static func totals(_ installation: Installation) -> PeriodicService {
        PeriodicService(
            interval: .seconds(30), logger: installation.logger,
            failure: "the totals of the next closes are not added up ahead"
        ) {
            try await TotalsAhead(installation).round()
        }
    }
}

/// Ends the event streams when the server is asked to stop: they would not end by themselves.
private struct FeedService: Service {
    let feed: EventFeed

    func run() async throws {
        // Also ends when it is cancelled.
        do { try await gracefulShutdown() } catch is CancellationError {}
        feed.close()
    }
}
