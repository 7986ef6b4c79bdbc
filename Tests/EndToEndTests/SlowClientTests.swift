import Defaults
import Foundation
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Operations
import Testing
import Units

@testable import hofbuch

/// A client that speaks to a socket by itself, as slowly as it likes.
final class RawClient: Sendable {
    private let socket: Int32

    init(_ base: String) throws {
        let port = try #require(URL(string: base)?.port)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
    private func serving(_ body: @Sendable @escaping (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/hofbuch-\(UUID().uuidString)"
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        let directory = DataDirectory(folder)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(directory: directory, logger: .quiet)
        let address = ServerAddress(
            host: "127.0.0.1", port: 0, tls: nil,
            limits: ServerLimits(idle: .seconds(1), slowRead: .seconds(1)))
        let server = Server(installation: installation, address: address) { _ in }
        try await server.serving(body)
        try installation.close()
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
        try await serving { base in
            let patient = try RawClient(base)
            #expect(
                patient.send(
                    "GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
            let read = try #require(await patient.readToEnd(seconds: 20))
            #expect(String(decoding: read.suffix(3), as: UTF8.self).contains("}"))
        }
    }

    @Test func `A36 a body that trickles is answered with 408 and closed`() async throws {
        try await serving { base in
            let slow = try RawClient(base)
            #expect(
                slow.send(
                    "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"))
            let clock = ContinuousClock()
            let began = clock.now
            while clock.now - began < .seconds(60), slow.send("{") {
                try await Task.sleep(for: .milliseconds(250))
            }
            #expect(clock.now - began < .seconds(45))
        }
    }
}
