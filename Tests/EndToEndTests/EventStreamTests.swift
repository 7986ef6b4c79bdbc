import Defaults
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Operations
import People
import Testing
import Text
import Units

@testable import hofbuch

/// Server-sent events over real sockets.
@Suite(.serialized) struct EventStreamTests {
    private static let limits = ServerLimits(idle: .seconds(1), slowRead: .seconds(1))

    private static func yard(_ name: String) throws -> YardDescription {
        YardDescription(
            id: try #require(YardID(name)), name: name, town: "Musterstadt",
            address: "Am Hof 1, 12345 Musterstadt", host: "musterstadt.example")
    }

    private func serving(
        _ body: @Sendable @escaping (Installation, String, String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/hofbuch-\(UUID().uuidString)"
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
        let directory = DataDirectory(folder)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(directory: directory, logger: .quiet)
        _ = try await installation.createYard(try Self.yard("hof-1"))
        let person = Person(
            id: try #require(PersonID("david")), name: "David", roles: [.auditor])
        try await installation.save(person, password: "david-hat-ein-passwort")
        let address = ServerAddress(host: "127.0.0.1", port: 0, tls: nil)
        let server = Server(installation: installation, address: address) { _ in }
        try await server.serving { base in
            let answer = try await Line(base: base).json(
                .POST, "/v1/sessions",
                .fields(["name": "david", "password": "david-hat-ein-passwort"]))
            try await body(installation, base, try #require(answer["token"]?.string))
            // Streams would go on for ever.
            installation.feed.close()
        }
        try installation.close()
    }

    private static func request(_ path: String, _ token: String, _ field: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\(field)\r\n"
    }

    @Test func `what is recorded arrives at once, and goes on where the last event was`()
        async throws
    {
        try await serving { installation, base, token in
            let first = try RawClient(base)
            #expect(first.send(Self.request("/v1/events/stream", token)))
            _ = try #require(await first.read(until: "retry: 3000\n\n", seconds: 20))

            _ = try await installation.createYard(try Self.yard("hof-2"))

            let text = try #require(await first.read(until: "\"hof-2\"", seconds: 20))
            #expect(text.contains("event: genesis\n") && !text.contains("\"hof-1\""))
            let id = try #require(text.firstMatch(of: /id: ([A-Za-z0-9_-]+)/)?.1)
            _ = try await installation.createYard(try Self.yard("hof-3"))
            let second = try RawClient(base)
            #expect(
                second.send(
                    Self.request("/v1/events/stream", token, "Last-Event-ID: \(id)\r\n")))
            let rest = try #require(await second.read(until: "\"hof-3\"", seconds: 20))
            #expect(!rest.contains("\"hof-2\"") && !rest.contains("\"hof-1\""))
        }
    }

    @Test func `the list begins at the first entry and goes on with its cursor`() async throws {
        try await serving { installation, base, token in
            _ = try await installation.createYard(try Self.yard("hof-2"))
            let line = Line(base: base)
            var yards: [String] = []
            var path = "/v1/events?limit=1"
            for isLast in [false, true] {
                let page = try await line.json(.GET, path, token: token)
                yards += page["events"]?.array?.compactMap { $0["yard"]?.string } ?? []
                #expect(page["more"] == .bool(!isLast))
                path = "/v1/events?limit=1&after=\(try #require(page["next"]?.string))"
            }
            #expect(yards == ["hof-1", "hof-2"])
            #expect(try await line.json(.GET, path, token: token)["events"] == .array([]))
            let refused = [
                "/v1/events?after=x", "/v1/events/stream?after=AAAA", "/v1/events?cursor=x",
                "/v1/events/stream?cursor=x",
            ]
            for wrong in refused {
                #expect(try await line.send(.GET, wrong, token: token).status == 422)
            }
            #expect(try await line.send(.GET, "/v1/events/stream").status == 401)
        }
    }

    @Test func `more streams than there may be are refused, and a closed one makes room`()
        async throws
    {
        try await serving { installation, base, token in
            var clients: [RawClient] = []
            for _ in 0..<EventFeed.streamsMax {
                let client = try RawClient(base)
                #expect(client.send(Self.request("/v1/events/stream", token)))
                _ = try #require(await client.read(until: "retry", seconds: 20))
                clients.append(client)
            }
            let line = Line(base: base)
            let refused = try await line.send(.GET, "/v1/events/stream", token: token)
            #expect(refused.status == 503)
            #expect(try refused.json["code"]?.string == "too-many-streams")

            clients = []
            // Who is gone is noticed when something is written.
            var number = 2
            var status = 503
            let deadline = ContinuousClock.now + .seconds(30)
            while status == 503, ContinuousClock.now < deadline {
                _ = try await installation.createYard(try Self.yard("hof-\(number)"))
                number += 1
                let client = try RawClient(base)
                #expect(client.send(Self.request("/v1/events/stream", token)))
                let head = await client.read(until: "\r\n", seconds: 20) ?? ""
                status = head.contains(" 200 ") ? 200 : 503
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(status == 200)
        }
    }

    @Test func `A36 a stream that nobody reads is cut off, and one that says nothing is not`()
        async throws
    {
        let router = Router(context: BasicRequestContext.self)
        router.get("flood") { _, _ in
            Self.stream { writer in
                while true { try await writer.write(ByteBuffer(repeating: 0x61, count: 65_536)) }
            }
        }
        router.get("quiet") { _, _ in
            Self.stream { writer in
                try await writer.write(ByteBuffer(string: "first"))
                try await Task.sleep(for: .seconds(5))
                try await writer.write(ByteBuffer(string: "second"))
            }
        }
        let address = ServerAddress(host: "127.0.0.1", port: 0, tls: nil, limits: Self.limits)
        try await address.serving(router) { base in
            let quiet = try RawClient(base)
            #expect(quiet.send("GET /quiet HTTP/1.1\r\nHost: x\r\n\r\n"))
            let slow = try RawClient(base)
            #expect(slow.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n"))
            try await Task.sleep(for: .seconds(4))
            _ = try #require(await slow.readToEnd(seconds: 20), "still open")
            _ = try #require(await quiet.read(until: "second", seconds: 20), "cut off")
        }
    }

    private static func stream(
        _ write: @concurrent @Sendable @escaping (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await write(&writer)
                try await writer.finish(nil)
            })
    }
}
