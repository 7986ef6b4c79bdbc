import AsyncHTTPClient
import Foundation
import Glibc
import Remote
import Testing

/// Requests to witnesses and time stamping authorities, over real sockets.
struct PlainExchangeTests {
    /// Answers the first request with `text`, and then says nothing more while `body` runs.
    private func answering(_ text: String, _ body: (_ url: String) async throws -> Void)
        async throws
    {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        try #require(isListening)
        Thread { Self.answer(text, on: listener) }.start()
        // Nobody may have come.
        defer { shutdown(listener, Int32(SHUT_RDWR)) }
        try await body("http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/")
    }

    private static func answer(_ text: String, on listener: Int32) {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        defer { close(client) }
        var chunk = [UInt8](repeating: 0, count: 4_096)
        var request: [UInt8] = []
        while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(client, &chunk, chunk.count, 0)
            guard count > 0 else { return }
            request += chunk.prefix(count)
        }
        let bytes = Array(text.utf8)
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        // Until the other side gives up.
        while recv(client, &chunk, chunk.count, 0) > 0 {}
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        ])
    func `an answer that stops anywhere is given up when the time is over`(text: String)
        async throws
    {
        try await answering(text) { url in
            let began = ContinuousClock.now

            await #expect(throws: HTTPClientError.deadlineExceeded) {
                _ = try await PlainRequest.overNetwork(PlainRequest(url, timeoutSeconds: 1))
            }

            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a terminal does not wait without end for the rest of an answer`() async throws {
        try await answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") { url in
            let server = HTTPYardServer(address: url, credentials: nil, timeoutSeconds: 1)
            let request = EnrolmentRequest(code: "code", key: [1], proof: [2])

            await #expect(throws: ServerFailure.self) { _ = try await server.enrol(request) }
        }
    }

    @Test func `a whole answer comes with status, type and body`() async throws {
        let text =
            "HTTP/1.1 409 No\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 2\r\n\r\n7\n"
        try await answering(text) { url in
            let reply = try await PlainRequest.overNetwork(PlainRequest(url, timeoutSeconds: 60))

            #expect(
                reply
                    == PlainReply(
                        status: 409, contentType: "text/x.tlog.size", body: Array("7\n".utf8)))
        }
    }
}
