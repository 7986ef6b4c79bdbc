import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client takes an answer too slowly: the idle time of the server does
/// not run while an answer is being sent (trust.md 6).
///
/// While bytes of an answer wait for the client at least ``bytesMin`` have to leave within each
/// interval. An event stream may be slow on purpose: there a byte is enough, as long as
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
    /// Runs while bytes wait.
    private var check: Scheduled<Void>?
    /// Bytes of bodies given to the connection.
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
            isLast = head.status == .requestTimeout
            let isStream = head.headerFields[.contentType] == "text/event-stream"
            wanted = isStream ? 1 : Self.bytesMin
            context.write(data, promise: promise)
        case .body(let bytes):
            handedOn += bytes.readableBytes
            context.write(data, promise: promise)
        case .end:
            guard isLast else { return context.write(data, promise: promise) }
            let done = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            done.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
            context.write(data, promise: done)
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        guard check == nil, case let waiting = waiting(context), waiting > 0 else { return }
        takenBefore = handedOn - waiting
        watch(context)
    }

    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleTask(in: interval) {
            let (guardian, context) = bound.value
            guardian.look(context)
        }
    }

    /// Closes if bytes wait and too few were taken since the last look.
    private func look(_ context: ChannelHandlerContext) {
        check = nil
        let waiting = waiting(context)
        // The next bytes that have to wait are watched again.
        guard waiting > 0 else { return }
        let taken = handedOn - waiting
        guard taken - takenBefore >= wanted else { return context.close(promise: nil) }
        takenBefore = taken
        watch(context)
    }

    /// Bytes that the client has not taken; none if the channel is closing.
    private func waiting(_ context: ChannelHandlerContext) -> Int {
        do {
            return
                try context.channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
        } catch { return 0 }
    }

    private func stop() {
        check?.cancel()
        check = nil
    }
}
