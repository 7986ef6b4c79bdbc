import HTTPTypes
import Hummingbird
import Journal
import NIOCore
import Operations
import People
import Sales
import Text
import Units

extension APIRoutes {
    /// What happens in all logs: as a list that can be read again, and as a stream.
    func addEventRoutes(to group: RouterGroup<APIContext>) {
        group.get("v1/events") { request, _ in
            _ = try installation.person(request, for: .readSales)
            let parameters = request.uri.queryParameters
            try parameters.requireOnly("after", "limit")
            let page = try installation.events(
                after: parameters.get("after"),
                limit: try parameters.pageLimit())
            return Response.json(
                .fields([
                    "events": .array(page.events.map(\.json)), "next": .string(page.next),
                    "more": .bool(page.hasMore),
                ]))
        }
        group.get("v1/events/stream") { request, _ in
            try stream(request)
        }
    }

    /// Server-sent events from behind `Last-Event-ID` or `after` on, or from now on.
    private func stream(_ request: Request) throws -> Response {
        _ = try installation.person(request, for: .readSales)
        let parameters = request.uri.queryParameters
        try parameters.requireOnly("after")
        let wanted = request.headers[Self.lastEventID] ?? parameters.get("after")
        let start = try wanted ?? installation.newestCursor()
        // A wrong cursor is told before the stream begins.
        _ = try installation.events(after: start, limit: 1)
        let listener = try installation.feed.listen()
        let installation = installation
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
                try await Self.follow(listener, from: start, installation, request, &writer)
                try await writer.finish(nil)
            })
    }

    /// Writes what comes until the client goes, the session or the server ends. A client that takes
    /// too little is cut off by the connection (`SlowReaderGuard`).
    @concurrent private static func follow(
        _ listener: EventFeed.Listener, from start: String, _ installation: Installation,
        _ request: Request, _ writer: inout any ResponseBodyWriter
    ) async throws {
        let ticks = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: heartbeat)
                listener.ring()
            }
        }
        defer { ticks.cancel() }
        var cursor = start
        var rings = listener.rings.makeAsyncIterator()
        repeat {
            let page = try await Self.page(after: cursor, installation)
            cursor = page.next
            let text = page.events.map(\.serverSent).joined()
            try await writer.write(ByteBuffer(string: text.isEmpty ? ":\n\n" : text))
            if page.hasMore {
                guard !listener.isClosed else { return }
            } else {
                guard await rings.next() != nil else { return }
            }
            guard isAllowed(request, installation) else { return }
        } while true
    }

    /// Reads beside the connection's event loop.
    private static func page(after cursor: String, _ installation: Installation) async throws
        -> EventPage
    {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try installation.events(after: cursor)
        }
    }

    /// Whether the session still is one.
    private static func isAllowed(_ request: Request, _ installation: Installation) -> Bool {
        do {
            _ = try installation.person(request, for: .readSales)
            return true
        } catch {
            return false
        }
    }

    /// How long nothing is sent at most: proxies close what is silent, and who is gone is noticed.
    private static let heartbeat = Duration.seconds(15)

    private static let lastEventID: HTTPField.Name = {
        guard let name = HTTPField.Name("Last-Event-ID") else {
            preconditionFailure("it is a name of a field")
        }
        return name
    }()
}

extension LogEvent {
    fileprivate var json: JSONValue {
        .fields([
            "id": .string(cursor), "yard": .string(yard.text), "index": .integer(index),
            "kind": .string(kind.rawValue), "at": .string(received.iso),
            "flags": .array(flags.map { .string($0.rawValue) }),
            "receipt": receipt.map { .string($0.receiptNumber) } ?? .null,
            "state": state.map { .string($0) } ?? .null,
            "total": total.map { .integer($0.value) } ?? .null,
        ])
    }

    /// As the WHATWG format for `text/event-stream` has it; JSON holds no line ends.
    fileprivate var serverSent: String {
        "id: \(cursor)\nevent: \(kind.rawValue)\ndata: \(json.text)\n\n"
    }
}
