import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client takes an answer too slowly: the idle time of the server does
/// not run while an answer is being sent (trust.md 6).
///
/// From the head of an answer on at least ``bytesMin`` have to leave within each interval, until
/// the last byte has. An event stream may be slow on purpose: there a byte is enough, as long as
/// any wait. Also closes behind an answer 408: the rest of a body that came too slowly is not
/// waited for.
final class SlowReaderGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What has to leave within an interval.
    static let bytesMin = 32_768

    private let interval: TimeAmount
    private var check: Scheduled<Void>?
    /// Bytes of the answer's body given to the connection.
    private var handedOn = 0
    /// How many of them the client had taken at the last look.
    private var takenBefore = 0
    /// Whether the connection ends with the answer that is being sent.
    private var isLast = false
    /// What has to leave within an interval of this answer.
    private var wanted = SlowReaderGuard.bytesMin

    init(interval: TimeAmount) {
        self.interval = interval
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            (handedOn, takenBefore) = (0, 0)
            isLast = head.status == .requestTimeout
            let isStream = head.headerFields[.contentType] == "text/event-stream"
            wanted = isStream ? 1 : Self.bytesMin
            watch(context)
            context.write(data, promise: promise)
        case .body(let bytes):
            handedOn += bytes.readableBytes
            context.write(data, promise: promise)
        case .end:
            let done = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            done.futureResult.whenComplete { _ in
                let (guardian, context) = bound.value
                guardian.stop()
                if guardian.isLast { context.close(promise: nil) }
            }
            context.write(data, promise: done)
        }
    }

    private func watch(_ context: ChannelHandlerContext) {
        stop()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleTask(in: interval) {
            let (guardian, context) = bound.value
            guardian.look(context)
        }
    }

    /// Closes if bytes wait and too few were taken since the last look.
    private func look(_ context: ChannelHandlerContext) {
        let waiting: Int
        do {
            waiting =
                try context.channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
        } catch {
            // The channel is closing.
            return
        }
        let taken = handedOn - waiting
        guard waiting == 0 || taken - takenBefore >= wanted else {
            return context.close(promise: nil)
        }
        takenBefore = taken
        watch(context)
    }

    private func stop() {
        check?.cancel()
        check = nil
    }
}
