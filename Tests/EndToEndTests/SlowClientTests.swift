import Defaults
import Foundation
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Operations
import Testing
import Units

@testable import Witness
@testable import hofbuch

/// A client that speaks to a socket by itself, as slowly as it likes.
final class RawClient: Sendable {
    private let socket: Int32
    private let port: Int

    /// - Parameter segmentMax: the largest part that it takes at once; as large as this machine's
    ///   own network allows if nil, which makes the server's buffer larger than any answer.
    init(_ base: String, segmentMax: Int32? = nil) throws {
        port = try #require(URL(string: base)?.port)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var segmentMax {
            setsockopt(
                socket, Int32(IPPROTO_TCP), TCP_MAXSEG, &segmentMax,
                socklen_t(MemoryLayout<Int32>.size))
        }
        // A small window, so that the server notices a client that does not read.
        var small: Int32 = 4_096
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &small, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { Glibc.close(socket) }

    /// Whether the bytes could still be sent.
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Waits until the server has read all that was sent: the kernel shows what it still keeps.
    ///
    /// - Returns: false if the server has not within `seconds`.
    func waitUntilRead(seconds: Int) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if isRead { return true }
            usleep(2_000)
        }
        return false
    }

    /// Whether nothing waits at the server's end of the line.
    private var isRead: Bool {
        var own = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(socket, $0, &length)
            }
        }
        guard result == 0 else { return false }
        let (server, client) = (Self.hex(port), Self.hex(Int(UInt16(bigEndian: own.sin_port))))
        // Its size is said to be 0.
        let table = FileHandle(forReadingAtPath: "/proc/net/tcp")?.readDataToEndOfFile() ?? Data()
        for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
            // Number, own address, other address, state, bytes to send and to be read.
            let fields = line.split(separator: " ")
            guard fields.count > 4, fields[1].hasSuffix(server), fields[2].hasSuffix(client) else {
                continue
            }
            return fields[4].hasSuffix(":00000000")
        }
        return false
    }

    /// A port as the kernel writes it behind an address.
    private static func hex(_ port: Int) -> String {
        let digits = String(port, radix: 16, uppercase: true)
        return ":" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Says that nothing more is sent.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// What comes until the server closes or `seconds` are over; nil then. Waits on a thread of its
    /// own: the server under test needs those that tasks share.
    func readToEnd(seconds: Int) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.read(seconds: seconds)) }.start()
        }
    }

    /// What comes until it holds `text`; nil if the server closes before, or nothing comes for
    /// `seconds`.
    func read(until text: String, seconds: Int) async -> String? {
        await withCheckedContinuation { continuation in
            Thread {
                var all: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65_536)
                self.limit(seconds)
                while !String(decoding: all, as: UTF8.self).contains(text) {
                    let count = recv(self.socket, &chunk, chunk.count, 0)
                    guard count > 0 else { return continuation.resume(returning: nil) }
                    all += chunk.prefix(count)
                }
                continuation.resume(returning: String(decoding: all, as: UTF8.self))
            }.start()
        }
    }

    /// The bodies of so many answers, taken at a steady pace; nil if the server closes before.
    func bodies(_ count: Int, bytesPerSecond: Int) async -> [[UInt8]]? {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: self.take(count, bytesPerSecond)) }.start()
        }
    }

    private func take(_ count: Int, _ bytesPerSecond: Int) -> [[UInt8]]? {
        limit(20)
        let began = ContinuousClock.now
        var (taken, waiting, bodies) = (0, [UInt8](), [[UInt8]]())
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while bodies.count < count {
            // Who was held up takes at once what is owed.
            let seconds = began.duration(to: .now) / .seconds(1)
            guard Double(taken) < seconds * Double(bytesPerSecond) else {
                usleep(10_000)
                continue
            }
            let received = recv(socket, &chunk, chunk.count, 0)
            guard received > 0 else { return nil }
            taken += received
            waiting += chunk.prefix(received)
            while let body = Self.takeBody(from: &waiting) { bodies.append(body) }
        }
        return bodies
    }

    /// The body of the answer at the front, as long as its head says; nil if it is not whole yet.
    private static func takeBody(from bytes: inout [UInt8]) -> [UInt8]? {
        guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
        guard
            let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap({ Int($0.1) }),
            bytes.count >= end.upperBound + length
        else { return nil }
        let body = Array(bytes[end.upperBound..<end.upperBound + length])
        bytes.removeFirst(end.upperBound + length)
        return body
    }

    private func limit(_ seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private func read(seconds: Int) -> [UInt8]? {
        limit(seconds)
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &chunk, chunk.count, 0)
            if count < 0, errno == EAGAIN { return nil }
            // A connection that was cut counts as closed too.
            guard count > 0 else { return all }
            all += chunk.prefix(count)
        }
    }
}

/// A36: clients that send or read slowly lose their connection, others go on.
@Suite(.serialized) struct SlowClientTests {
    private func serving(
        idle: TimeAmount = .seconds(1), _ body: @Sendable @escaping (String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/hofbuch-\(UUID().uuidString)"
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        let directory = DataDirectory(folder)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(directory: directory, logger: .quiet)
        let address = ServerAddress(
            host: "127.0.0.1", port: 0, tls: nil,
            limits: ServerLimits(idle: idle, slowRead: .seconds(1)))
        let server = Server(installation: installation, address: address) { _ in }
        try await server.serving(body)
        try installation.close()
    }

    /// A witness that waits a second at most, for a part of a request and for the whole of it.
    private func witnessing(_ body: @Sendable @escaping (String) async throws -> Void) async throws
    {
        let folder = FileManager.default.temporaryDirectory.path + "/hofbuch-\(UUID().uuidString)"
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        _ = try WitnessFolder.create(at: folder, name: "rpa.example/witness")
        let book = try WitnessBook(WitnessFolder(folder)) { 1_795_000_000 }
        let address = ServerAddress(
            host: "127.0.0.1", port: 0, tls: nil,
            limits: ServerLimits(idle: .seconds(1), slowRead: .seconds(1)))
        let server = WitnessServer(
            book: book, host: "127.0.0.1", port: 0, connections: WitnessServer.connectionsMax,
            server: try address.serverBuilder(), bodySeconds: 1, logger: .quiet)
        try await address.serving(
            { server.application(started: $0) }, logger: .quiet, body)
        book.close()
    }

    @Test func `A36 headers that trickle end the connection, and others are served`() async throws {
        try await serving { base in
            let slow = try RawClient(base)
            #expect(slow.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "))
            var letters = 0
            while letters < 200, slow.send("a") {
                letters += 1
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(letters < 100)
            let health = try await Line(base: base).send(.GET, "/healthz")
            #expect(health.status == 200)
        }
    }

    @Test func `A36 an answer that nobody reads is given up`() async throws {
        try await serving { base in
            let slow = try RawClient(base)
            let count = 400
            let requests = String(
                repeating: "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", count: count)
            #expect(slow.send(requests))
            let size = try await Line(base: base).send(.GET, "/openapi.json").bytes.count
            try await Task.sleep(for: .seconds(12))
            let read = try #require(await slow.readToEnd(seconds: 20), "still open")
            #expect(read.count < size * count)
        }
    }

    @Test func `A36 an answer that is read slowly but steadily arrives whole`() async throws {
        // Behind the last answer the line is idle, though its end may not have been taken.
        try await serving(idle: .seconds(15)) { base in
            let whole = try await Line(base: base).send(.GET, "/openapi.json").bytes
            let pace = 3 * SlowReaderGuard.bytesMin
            let count = 4
            // Several times longer than the interval in which the least has to be taken.
            #expect(count * whole.count > 5 * pace)
            let patient = try RawClient(base, segmentMax: 1_460)
            let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
            #expect(patient.send(String(repeating: request, count: count)))
            let found = await patient.bodies(count, bytesPerSecond: pace)
            let bodies = try #require(found, "closed before the end")
            #expect(bodies.allSatisfy { $0 == whole })
        }
    }

    @Test func `A36 a body that trickles is answered with 408 and closed`() async throws {
        try await serving { base in
            try await expectClosed(
                base, sending: "{",
                after: "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        }
    }

    /// Sends a head and then a letter now and then: the line is closed before long.
    private func expectClosed(
        _ base: String, sending letter: String, after head: String
    ) async throws {
        let slow = try RawClient(base)
        #expect(slow.send(head))
        let clock = ContinuousClock()
        let began = clock.now
        while clock.now - began < .seconds(60), slow.send(letter) {
            try await Task.sleep(for: .milliseconds(250))
        }
        #expect(clock.now - began < .seconds(45))
    }

    @Test func `A36 a witness closes lines on which nothing comes, and answers others`()
        async throws
    {
        try await witnessing { base in
            let begun = "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nold"
            for text in ["", begun] {
                let idle = try RawClient(base)
                #expect(idle.send(text))
                _ = try #require(await idle.readToEnd(seconds: 30), "still open")
            }
            let seen = try await Line(base: base).send(.GET, "/")
            #expect(seen.status == 200)
        }
    }

    @Test func `A36 a witness gives up a request that trickles`() async throws {
        try await witnessing { base in
            try await expectClosed(
                base, sending: "o",
                after:
                    "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        }
    }
}
