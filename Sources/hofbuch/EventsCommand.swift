import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Text

/// What is recorded in all logs, for programs and people who follow.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "What is recorded, in order: as a list, or as it happens.",
        discussion: """
            Every event has an id. Give the last one you have seen, and you get what came after \
            it, each event once:
              hofbuch events list --as david --after ID
              hofbuch events follow --as david --after ID
            """,
        subcommands: [List.self, Follow.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Events up to now, one JSON object a line.")
        @OptionGroup var office: OfficeOptions
        @Option(help: "Id of the last event seen; without it, from the first on.")
        var after: String?

        func run() async throws {
            let after = after
            try await office.runForTown { client in
                var path = "/v1/events?limit=500"
                if let after { path += "&after=\(try EventsCommand.asked(after))" }
                while true {
                    let page = try await client.send(.GET, path)
                    for event in page["events"]?.array ?? [] { print(event.text) }
                    guard page["more"] == .bool(true), let next = page["next"]?.string else {
                        return
                    }
                    path = "/v1/events?limit=500&after=\(next)"
                }
            }
        }
    }

    struct Follow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Events as they are recorded, one JSON object a line, until you stop it.",
            discussion: "Ends with 75 when the server or the session ends; go on with --after.")
        @OptionGroup var office: OfficeOptions
        @Option(help: "Id of the last event seen; without it, from now on.")
        var after: String?

        func run() async throws {
            let after = after
            try await office.runForTown { client in
                var request = HTTPClientRequest(url: client.base + "/v1/events/stream")
                request.headers.add(name: "Authorization", value: "Bearer \(client.token)")
                if let after {
                    request.headers.add(
                        name: "Last-Event-ID", value: try EventsCommand.asked(after))
                }
                let response = try await HTTPClient.shared.execute(request, timeout: .hours(8_760))
                guard response.status == .ok else {
                    let body = try await response.body.collect(upTo: 1 << 20)
                    throw OfficeClient.failure(
                        Int(response.status.code), Array(body.readableBytesView))
                }
                var lines = EventLines()
                for try await part in response.body {
                    for event in lines.take(part.readableBytesView) { print(event) }
                    // Into a pipe or file a line would wait for more to come.
                    fflush(nil)
                }
                throw Failure(
                    "the stream ended; go on with --after and the id of the last event",
                    Exit.tryAgain)
            }
        }
    }

    /// - Throws: a ``Failure`` for what cannot stand in an address.
    private static func asked(_ id: String) throws -> String {
        guard Base64URL.decode(Array(id.utf8)) != nil else {
            throw Failure("\(id) is no id of an event", Exit.usage)
        }
        return id
    }
}

/// Cuts server-sent events out of the bytes of a stream.
struct EventLines {
    private var rest: [UInt8] = []

    /// The data of the events that end within `bytes`, in order.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        rest += bytes
        var found: [String] = []
        while let end = rest.firstIndex(of: 0x0A) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest.removeSubrange(...end)
            if line.hasPrefix("data: ") { found.append(String(line.dropFirst(6))) }
        }
        return found
    }
}
