import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTPTypes
import Operations

/// A server of the same make that reads a body and answers with bytes of a given number.
enum EchoServer {
    /// As Hummingbird serves a route: in a task.
    case routed(Int)
    /// In a channel handler of SwiftNIO.
    case bare(Int)
    /// In a channel handler too, once the sale is durable.
    case durable(Int, BarePipeline)

    func serving<Value: Sendable>(_ body: @escaping @Sendable (Int) throws -> Value) async throws
        -> Value
    {
        let address = ServerAddress(host: "127.0.0.1", port: 0, tls: nil)
        return try await address.serving(
            { started in
                Application(
                    router: router, server: try address.serverBuilder(first: first),
                    configuration: .init(address: .hostname(address.host, port: 0)),
                    onServerRunning: { await started($0.localAddress?.port ?? 0) }, logger: .quiet)
            }, logger: .quiet
        ) { base in
            let port = Int(base.split(separator: ":").last ?? "") ?? 0
            return try await onThread { try body(port) }
        }
    }

    private var router: Router<BasicRequestContext> {
        let router = Router()
        guard case .routed(let size) = self else { return router }
        let answer = ByteBuffer(repeating: 0x78, count: size)
        router.post("echo") { request, _ in
            _ = try await request.body.collect(upTo: 1 << 20)
            return Response(
                status: .created,
                headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: answer))
        }
        return router
    }

    private func first() -> (any ChannelHandler)? {
        switch self {
        case .routed: nil
        case .bare(let size): Echo(ByteBuffer(repeating: 0x78, count: size), nil)
        case .durable(let size, let pipeline):
            Echo(ByteBuffer(repeating: 0x78, count: size), pipeline)
        }
    }
}

/// Answers each request with the same bytes, where it was read or once its body is durable.
private final class Echo: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    private let answer: ByteBuffer
    private let pipeline: BarePipeline?
    private var body = ByteBuffer()

    init(_ answer: ByteBuffer, _ pipeline: BarePipeline?) {
        self.answer = answer
        self.pipeline = pipeline
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body.clear()
        case .body(let bytes): if pipeline != nil { body.writeImmutableBuffer(bytes) }
        case .end:
            guard let pipeline else { return respond(context) }
            let loop = context.eventLoop
            let bound = NIOLoopBound((self, context), eventLoop: loop)
            pipeline.take(Array(body.readableBytesView)) {
                loop.execute {
                    let (echo, context) = bound.value
                    echo.respond(context)
                }
            }
        }
    }

    private func respond(_ context: ChannelHandlerContext) {
        let fields: HTTPFields = [
            .contentType: "application/json", .cacheControl: "no-store",
            .contentLength: "\(answer.readableBytes)",
        ]
        let head = HTTPResponse(status: .created, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
