import Glibc
import HTTPTypes
import Hummingbird
import Journal
import Logging
package import NIOCore
package import NIOHTTPTypes
package import Operations
import Text

/// Answers one sale a request on the connection's event loop, before a task is made of it.
///
/// A sale crosses from the loop to the writer's thread and back, and nothing else is made for it:
/// no task, no route, no logger (docs/decisions/0018-a-sale-before-its-task.md). Whatever is not
/// plainly such a request takes the usual way, where the route of the same address answers the
/// same (``APIRoutes``): another address or method, a body without a length, compressed, too
/// large, or slow, and what was sent before the answer to the request in front of it.
///
/// Stands behind the handler that counts requests and closes idle connections, which sees these
/// requests like all others.
package final class EnvelopeIntake: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    /// After so many reads a body that is not complete takes the usual way, with its time limits.
    private static let readsMax = 4

    /// What stands before and behind a yard's id in the address of its sales.
    private static let (before, behind) = ("/v1/yards/", "/envelopes")
    /// What the log calls the requests that are answered here.
    private static let route = before + "{yard}" + behind

    private enum State {
        /// Nothing of a sale has arrived.
        case idle
        /// The head and the body so far.
        case gathering(HTTPRequest, Yard, ByteBuffer, reads: Int)
        /// The writer has it.
        case waiting
    }

    /// What arrives while an answer is on its way, in order.
    private enum Held {
        case part(HTTPRequestPart)
        case event(Any)
        case error(any Error)
    }

    private let installation: Installation
    private let serverName: String
    private var date = HTTPDate()
    private var state = State.idle
    /// Requests handed on and not answered yet.
    private var handedOn = 0
    private var held: [Held] = []
    /// Whether the channel wants to read on as soon as ``held`` is empty.
    private var isReadHeld = false

    /// - Parameter serverName: what the server calls itself in its answers.
    package init(_ installation: Installation, serverName: String) {
        self.installation = installation
        self.serverName = serverName
    }

    // MARK: Requests

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data), context)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if case .gathering(let head, let yard, let body, let reads) = state {
            if reads < Self.readsMax {
                state = .gathering(head, yard, body, reads: reads + 1)
            } else {
                handOver(head, body, context)
            }
        }
        context.fireChannelReadComplete()
    }

    private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.waiting, _): held.append(.part(part))
        case (.idle, .head(let head)):
            if handedOn == 0, let yard = yard(of: head) {
                state = .gathering(head, yard, ByteBuffer(), reads: 1)
            } else {
                handOn(part, context)
            }
        case (.idle, _): handOn(part, context)
        case (.gathering(let head, let yard, var body, let reads), .body(let bytes)):
            // Not two owners of the bytes while they are added to.
            state = .idle
            if body.readableBytes == 0 { body = bytes } else { body.writeImmutableBuffer(bytes) }
            state = .gathering(head, yard, body, reads: reads)
        case (.gathering(_, let yard, let body, _), .end):
            admit(body, yard, context)
        case (.gathering(let head, _, let body, _), .head):
            handOver(head, body, context)
            handOn(part, context)
        }
    }

    /// The yard whose log a request would add one sale to; nil for every other request.
    private func yard(of head: HTTPRequest) -> Yard? {
        guard head.method == .post, let path = head.path,
            path.hasPrefix(Self.before), path.hasSuffix(Self.behind),
            head.headerFields[.contentEncoding] == nil, head.headerFields[.expect] == nil,
            head.headerFields[.connection] != "close",
            let length = head.headerFields[.contentLength].flatMap({ Int($0) }),
            length <= Request.jsonBytesMax
        else { return nil }
        let id = path.dropFirst(Self.before.count).dropLast(Self.behind.count)
        return installation.knownYard(String(id))
    }

    private func handOn(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        if case .head = part { handedOn += 1 }
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// Lets a request that began here take the usual way.
    private func handOver(
        _ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext
    ) {
        state = .idle
        handOn(.head(head), context)
        if body.readableBytes > 0 { handOn(.body(body), context) }
    }

    // MARK: Answers

    private func admit(_ body: ByteBuffer, _ yard: Yard, _ context: ChannelHandlerContext) {
        state = .waiting
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        let envelope: Envelope
        do { envelope = try Envelope(json: Request.json(of: body)) } catch {
            return answer(.failure(error), context)
        }
        installation.admit(envelope, to: yard) { admission in
            loop.execute {
                let (intake, context) = bound.value
                intake.answer(admission, context)
            }
        }
    }

    private func answer(_ admission: Result<Admission, any Error>, _ context: ChannelHandlerContext)
    {
        guard context.channel.isActive else { return }
        var answer: ReadyAnswer
        switch admission {
        case .success(let admission): answer = ReadyAnswer(admission)
        case .failure(let error):
            answer =
                installation.problem(error, path: Self.route, id: "\(RequestID())").answer
        }
        answer.headers[.date] = date.text
        answer.headers[.server] = serverName
        context.write(
            wrapOutboundOut(.head(.init(status: answer.status, headerFields: answer.headers))),
            promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        state = .idle
        replay(context)
    }

    /// Goes on with what arrived meanwhile, up to the next sale.
    private func replay(_ context: ChannelHandlerContext) {
        guard !held.isEmpty else { return }
        let waiting = held
        held = []
        for (index, item) in waiting.enumerated() {
            if case .waiting = state {
                held.append(contentsOf: waiting[index...])
                break
            }
            switch item {
            case .part(let part): take(part, context)
            case .event(let event): context.fireUserInboundEventTriggered(event)
            case .error(let error): context.fireErrorCaught(error)
            }
        }
        channelReadComplete(context: context)
        if isReadHeld, held.isEmpty {
            isReadHeld = false
            context.read()
        }
    }

    package func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        if case .end = unwrapOutboundIn(data) { handedOn -= 1 }
        context.write(data, promise: promise)
    }

    // MARK: Meanwhile

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The end of input would end the connection before the answer is sent.
        if case .waiting = state, event is ChannelEvent {
            held.append(.event(event))
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .waiting = state {
            held.append(.error(error))
        } else {
            context.fireErrorCaught(error)
        }
    }

    package func read(context: ChannelHandlerContext) {
        if held.isEmpty { context.read() } else { isReadHeld = true }
    }
}

/// The value of a `Date` field (RFC 9110, 5.6.7), written anew once a second.
private struct HTTPDate {
    private var second: time_t = 0
    private var written = ""

    var text: String {
        mutating get {
            var now = time(nil)
            guard now != second else { return written }
            second = now
            var parts = tm()
            gmtime_r(&now, &parts)
            var bytes = [CChar](repeating: 0, count: 32)
            let count = strftime(&bytes, bytes.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            written = String(decoding: bytes.prefix(count).map(UInt8.init), as: UTF8.self)
            return written
        }
    }
}
