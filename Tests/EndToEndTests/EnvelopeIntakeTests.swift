import API
import Defaults
import Foundation
import Hummingbird
import Journal
import NIOHTTP1
import Operations
import Sales
import Testing
import Text
import Units

@testable import hofbuch

/// One sale a request, by the short way and by the usual one: nobody can tell them apart.
struct EnvelopeIntakeTests {
    /// What came over a socket, taken apart.
    private struct Message: Equatable {
        let status: Int
        /// Sorted; those that change from one second to the next without their value.
        let fields: [String]
        let body: String

        nonisolated(unsafe) private static let date =
            /date: [a-z]{3}, [0-9]{2} [a-z]{3} [0-9]{4} [0-9:]{8} gmt/

        /// Answers behind each other, each with its length.
        static func all(in bytes: [UInt8]) throws -> [Message] {
            var rest = String(decoding: bytes, as: UTF8.self)[...]
            var found: [Message] = []
            while !rest.isEmpty {
                let head = try #require(rest.range(of: "\r\n\r\n"), "no head: \(rest)")
                let lines = rest[..<head.lowerBound].components(separatedBy: "\r\n")
                let fields = lines.dropFirst().map { $0.lowercased() }
                let length = try #require(
                    fields.first { $0.hasPrefix("content-length: ") }.flatMap {
                        Int($0.dropFirst(16))
                    })
                let body = rest[head.upperBound...].utf8.prefix(length)
                rest = rest[body.endIndex...]
                found.append(
                    Message(
                        status: try #require(Int(lines[0].split(separator: " ")[1])),
                        fields: fields.map { $0.replacing(Self.date, with: "date: then") }.sorted(),
                        body: try #require(String(body))))
            }
            return found
        }
    }

    /// How a body is sent: with its length, so that it is answered before a task is made of it, or
    /// in a chunk, which takes the usual way.
    private enum Way: CaseIterable {
        case short, usual

        func request(_ body: [UInt8], path: String = "/v1/yards/hof-1/envelopes") -> String {
            let head = "POST \(path) HTTP/1.1\r\nHost: x\r\n"
            let text = String(decoding: body, as: UTF8.self)
            return switch self {
            case .short: head + "Content-Length: \(body.count)\r\n\r\n" + text
            case .usual:
                head + "Transfer-Encoding: chunked\r\n\r\n"
                    + (body.isEmpty ? "" : String(body.count, radix: 16) + "\r\n\(text)\r\n")
                    + "0\r\n\r\n"
            }
        }
    }

    /// A served town, and the envelopes of a terminal that signed `count` sales.
    private func serving(
        _ count: Int, _ body: (Line, [[UInt8]]) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, line) = try await town.serve()
            let clara = try await town.signIn("clara", line)
            let bernd = try await town.signIn("bernd", line)
            let file = URL(fileURLWithPath: repository + "/tariffs/goettingen-2024.yaml")
            let bytes = Array(try Data(contentsOf: file))
            let tariffs = "/v1/yards/hof-1/tariffs"
            let sent = try await line.send(.POST, tariffs, token: clara, bytes)
            let digest = try #require(try sent.json["digest"]?.string)
            try await line.json(.POST, "\(tariffs)/\(digest)/approve", token: bernd)
            let terminal = try await SigningTerminal.enrol(
                "kasse-1", at: line, operator: clara, approver: bernd)
            let sale = try Sale.sample(try TariffFile.decode(bytes))
            try await body(line, try terminal.envelopes(count, of: sale))
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    /// The answers to what `send` sends over a socket of its own, which the server closes after
    /// them.
    private func answers(
        _ line: Line, _ send: (RawClient) async throws -> Void
    ) async throws -> [Message] {
        let client = try RawClient(line.base)
        try await send(client)
        return try Message.all(in: try #require(await client.readToEnd(seconds: 20)))
    }

    private func index(_ message: Message) throws -> Int64 {
        try Answer(status: 0, bytes: Array(message.body.utf8)).acknowledgement.index
    }

    @Test(.timeLimit(.minutes(3)))
    func `both ways give the same answer, whatever is sent`() async throws {
        try await serving(3) { line, envelopes in
            let first = try await line.send(.POST, "/v1/yards/hof-1/envelopes", envelopes[0])
            #expect(first.status == 201)
            var altered = envelopes[1]
            let dot = try #require(altered.lastIndex(of: UInt8(ascii: ".")))
            altered[dot + 1] = altered[dot + 1] == 0x41 ? 0x42 : 0x41
            let text = String(decoding: envelopes[1], as: UTF8.self)
            let bodies: [(String, [UInt8], String, Int)] = [
                ("a repeat", envelopes[0], "hof-1", 200),
                ("an altered signature", altered, "hof-1", 401),
                ("no JSON", Array("{".utf8), "hof-1", 422),
                ("nothing", [], "hof-1", 422),
                ("other members", Array("{\"jws\":1}".utf8), "hof-1", 422),
                (
                    "another member", Array(("{\"x\":1," + text.dropFirst()).utf8), "hof-1",
                    422
                ),
                ("an unknown yard", envelopes[1], "hof-9", 404),
                (
                    "too much", [UInt8](repeating: 0x20, count: 65_537), "hof-1",
                    413
                ),
            ]
            for (name, body, yard, status) in bodies {
                var found: [Message] = []
                for way in Way.allCases {
                    found += try await answers(line) { client in
                        let path = "/v1/yards/\(yard)/envelopes"
                        #expect(client.send(way.request(body, path: path)))
                        client.endSending()
                    }
                }
                #expect(found.map(\.status) == [status, status], "\(name)")
                #expect(found.first == found.last, "\(name)")
                #expect(found.allSatisfy { $0.fields.contains("date: then") }, "\(name)")
            }
            // What was refused was not recorded.
            let next = try await line.send(.POST, "/v1/yards/hof-1/envelopes", envelopes[1])
            #expect(next.status == 201)
            #expect(try next.acknowledgement.index == first.acknowledgement.index + 1)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `answers come in the order of the requests, whichever way these take`() async throws {
        try await serving(6) { line, envelopes in
            let health = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
            let found = try await answers(line) { client in
                let requests = [
                    Way.short.request(envelopes[0]), Way.short.request(envelopes[1]), health,
                    Way.short.request(envelopes[2]), Way.usual.request(envelopes[3]),
                    Way.short.request(envelopes[4]), health, Way.short.request(envelopes[0]),
                ]
                #expect(client.send(requests.joined()))
                client.endSending()
            }
            #expect(
                found.map(\.status)
                    == [201, 201, 200, 201, 201, 201, 200, 200])
            let indices = try found.filter { $0.body.contains("proof") }.map(index)
            #expect(indices == [0, 1, 2, 3, 4, 0].map { $0 + indices[0] })
            let garbage = try await answers(line) { client in
                #expect(client.send(Way.short.request(envelopes[5]) + "no request\r\n\r\n"))
                client.endSending()
            }
            #expect(garbage.map(\.status) == [201, 400])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a body in pieces, a closed line and one who asks to close are served`() async throws {
        try await serving(5) { line, envelopes in
            for (number, pieces) in [2, 3, 12].enumerated() {
                let found = try await answers(line) { client in
                    let request = Array(Way.short.request(envelopes[number]).utf8)
                    let size = request.count / pieces + 1
                    for start in stride(from: 0, to: request.count, by: size) {
                        let piece = request[start..<min(start + size, request.count)]
                        #expect(client.send(String(decoding: piece, as: UTF8.self)))
                        try await Task.sleep(for: .milliseconds(40))
                    }
                    client.endSending()
                }
                #expect(found.map(\.status) == [201], "\(pieces) pieces")
            }
            // Without the end of input: the server closes.
            let closed = try await answers(line) { client in
                let request = Way.short.request(envelopes[3]).replacing(
                    "Host: x", with: "Host: x\r\nConnection: close")
                #expect(client.send(request))
            }
            #expect(closed.map(\.status) == [201])
            // Who goes away without the answer finds the sale recorded.
            do {
                let client = try RawClient(line.base)
                #expect(client.send(Way.short.request(envelopes[4])))
            }
            var again = try await line.send(.POST, "/v1/yards/hof-1/envelopes", envelopes[4])
            if again.status == 201 {
                // It came first.
                again = try await line.send(.POST, "/v1/yards/hof-1/envelopes", envelopes[4])
            }
            #expect(again.status == 200)
            #expect(try again.acknowledgement.isRepeat)
        }
    }

    @Test func `only a plain sale is answered before there is a route`() async throws {
        try await withFolder { folder in
            let directory = DataDirectory(folder + "/data")
            try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
            let installation = try Installation(directory: directory, logger: .quiet)
            _ = try await installation.createYard(
                YardDescription(
                    id: try #require(YardID("hof-1")), name: "Nord", town: "Musterstadt",
                    address: "Am Hof 1", host: "musterstadt.example"))
            let address = ServerAddress(host: "127.0.0.1", port: 0, tls: nil)
            try await address.serving(
                Router(context: BasicRequestContext.self),
                first: { EnvelopeIntake(installation, serverName: "test") }
            ) { base in
                let line = Line(base: base)
                for (way, status) in [(Way.short, 422), (.usual, 404)] {
                    let found = try await answers(line) { client in
                        #expect(client.send(way.request(Array("{".utf8))))
                        client.endSending()
                    }
                    #expect(found.map(\.status) == [status], "\(way)")
                }
            }
            try installation.close()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a sale on its way is answered before the server stops`() async throws {
        try await withFolder { folder in
            let bench = try await BenchYard(
                folder: folder + "/data", terminals: 1, syncDelay: .seconds(1))
            let request = Way.short.request(try bench.envelopes(1)[0], path: bench.path)
            let client = try await bench.serving { port in
                let client = try RawClient("http://127.0.0.1:\(port)")
                #expect(client.send(request))
                // Read and not recorded yet: each commit takes a second longer.
                #expect(client.waitUntilRead(seconds: 20))
                return client
            }
            let found = try Message.all(in: try #require(await client.readToEnd(seconds: 10)))
            #expect(found.map(\.status) == [201])
            try bench.close()
        }
    }
}
