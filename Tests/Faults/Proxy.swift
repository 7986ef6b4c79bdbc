import Foundation
import Glibc

/// A line between terminals and server that does to each connection what it is told.
final class Proxy: @unchecked Sendable {
    enum Plan: Hashable {
        case pass
        /// The server gets the request; its answer is thrown away.
        case dropAnswer
        /// The server gets only the first bytes.
        case cut(after: Int)
        /// The server gets the request on two connections.
        case duplicate
        /// The request waits.
        case delay(milliseconds: Int)
    }

    let port: Int
    private let server: Int
    private let listener: Int32
    private let plan: @Sendable (Int) -> Plan
    private let lock = NSLock()
    private var connections = 0

    /// - Parameter plan: says what becomes of the n-th connection.
    init(to server: Int, plan: @escaping @Sendable (Int) -> Plan) throws {
        self.server = server
        self.plan = plan
        (listener, port) = try Loopback.listening()
        Thread { self.acceptAll() }.start()
    }

    /// Takes no further connection.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func acceptAll() {
        while let client = Loopback.accept(listener) {
            let number = lock.withLock {
                connections += 1
                return connections
            }
            Thread { self.serve(client, self.plan(number)) }.start()
        }
        close(listener)
    }

    private func serve(_ client: Int32, _ plan: Plan) {
        defer { close(client) }
        // One request a connection: whoever uses the proxy connects anew for each.
        guard let request = Loopback.request(from: client) else { return }
        switch plan {
        case .pass: Loopback.send(asking(request), to: client)
        case .dropAnswer: _ = asking(request)
        case .cut(let count):
            guard let wire = Wire(port: server) else { return }
            _ = wire.send(Array(request.prefix(count)))
        case .duplicate:
            let first = asking(request)
            _ = asking(request)
            Loopback.send(first, to: client)
        case .delay(let milliseconds):
            usleep(UInt32(milliseconds) * 1_000)
            Loopback.send(asking(request), to: client)
        }
    }

    private func asking(_ request: [UInt8]) -> [UInt8] {
        guard let wire = Wire(port: server), wire.send(request), let answer = wire.answer() else {
            return []
        }
        return Array(
            "HTTP/1.1 \(answer.status) -\r\nContent-Length: \(answer.body.count)\r\n\r\n".utf8)
            + answer.body
    }
}
