import HTTPTypes
import Hummingbird
package import HummingbirdCore
package import Logging
import NIOCore
import Transparency

/// The witness over HTTP (C2SP tlog-witness 1.0.0): checkpoints are submitted and read under the
/// same address.
package struct WitnessServer: Sendable {
    private let book: WitnessBook
    private let host: String
    private let port: Int
    private let connections: Int
    private let server: HTTPServerBuilder
    private let bodySeconds: Int64
    private let logger: Logger

    /// Connections at once; further ones wait.
    package static let connectionsMax = 100

    /// A longer request is refused: 63 hashes and 64 signatures need some 12 kB.
    private static let bodyBytesMax = 65_536

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - server: closes lines on which nothing comes, and those of answers with status 408.
    ///   - bodySeconds: longest wait for the whole of a request, however slowly it trickles in.
    package init(
        book: WitnessBook, host: String, port: Int, connections: Int, server: HTTPServerBuilder,
        bodySeconds: Int64 = 30, logger: Logger
    ) {
        self.book = book
        self.host = host
        self.port = port
        self.connections = connections
        self.server = server
        self.bodySeconds = bodySeconds
        self.logger = logger
    }

    /// Serves until the process is asked to end.
    ///
    /// - Parameter started: called once with the port.
    package func run(started: @escaping @Sendable (Int) async -> Void) async throws {
        try await application(started: started).runService()
    }

    func application(started: @escaping @Sendable (Int) async -> Void) -> some ApplicationProtocol {
        Application(
            router: router(), server: server,
            configuration: .init(
                address: .hostname(host, port: port), serverName: "hofbuch-witness",
                availableConnectionsDelegate: MaximumAvailableConnections(connections)),
            onServerRunning: { await started($0.localAddress?.port ?? port) }, logger: logger)
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.post("add-checkpoint") { request, _ in try await addCheckpoint(request) }
        router.get("{hash}/checkpoint") { _, context in
            let note = context.parameters.get("hash").flatMap(book.checkpoint(ofOriginHash:))
            guard let note else {
                return Self.text("No such log, or nothing cosigned.\n", .notFound)
            }
            return Self.text(String(decoding: note, as: UTF8.self), .ok)
        }
        router.get("/") { _, _ in
            let logs = book.sizes.map { "log \($0.origin) cosigned up to size \($0.size)\n" }
            return Self.text("witness \(book.verifier.text)\n" + logs.joined(), .ok)
        }
        return router
    }

    private func addCheckpoint(_ request: Request) async throws -> Response {
        let began = ContinuousClock.now
        var body: [UInt8] = []
        // A line that brings nothing is closed by the server; one that brings a little now and then
        // would stay for ever.
        for try await part in request.body {
            guard began.duration(to: .now) < .seconds(bodySeconds) else {
                return Self.text("The request took too long.\n", .requestTimeout)
            }
            guard body.count + part.readableBytes <= Self.bodyBytesMax else {
                return Self.text("The request is too long.\n", .contentTooLarge)
            }
            body.append(contentsOf: part.readableBytesView)
        }
        let answer = book.answer(body)
        log(answer)
        return Self.text(answer.body, .init(code: answer.status), type: answer.contentType)
    }

    private func log(_ answer: WitnessAnswer) {
        switch answer {
        case .cosigned: logger.info("cosigned a checkpoint")
        case .refused(let verdict, .unneeded):
            logger.notice("refused a checkpoint", metadata: ["verdict": "\(verdict.words)"])
        case .refused(let verdict, .kept):
            logger.critical(
                "a log signed what contradicts its earlier head; the request is kept as evidence",
                metadata: ["verdict": "\(verdict.words)"])
        case .refused(let verdict, .full):
            logger.critical(
                "a log signed what contradicts its earlier head",
                metadata: ["verdict": "\(verdict.words)"])
            logger.error("the evidence folder is full; the request is lost. Move its folders away")
        case .failed(let words):
            logger.critical("cannot answer", metadata: ["reason": "\(words)"])
        }
    }

    private static func text(
        _ text: String, _ status: HTTPResponse.Status, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
