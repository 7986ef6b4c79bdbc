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
        (listener, port) = try Self.listening()
        Thread { self.acceptAll() }.start()
    }

    /// A socket on a free port.
    private static func listening() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Loopback.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard result else { throw Unforeseen("the proxy cannot listen") }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Takes no further connection.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func acceptAll() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else {
                close(listener)
                return
            }
            let number = lock.withLock {
                connections += 1
                return connections
            }
            Thread { self.serve(client, self.plan(number)) }.start()
        }
    }

    private func serve(_ client: Int32, _ plan: Plan) {
        defer { close(client) }
        // One request a connection: whoever uses the proxy connects anew for each.
        guard let request = Self.request(from: client) else { return }
        switch plan {
        case .pass: answer(client, asking(request))
        case .dropAnswer: _ = asking(request)
        case .cut(let count):
            guard let wire = Wire(port: server) else { return }
            _ = wire.send(Array(request.prefix(count)))
        case .duplicate:
            let first = asking(request)
            _ = asking(request)
            answer(client, first)
        case .delay(let milliseconds):
            usleep(UInt32(milliseconds) * 1_000)
            answer(client, asking(request))
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

    private func answer(_ client: Int32, _ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(
                    client, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private static func request(from client: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
                let length =
                    head.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
                if bytes.count >= end.upperBound + length { return bytes }
            }
            let count = chunk.withUnsafeMutableBytes { recv(client, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
    }
}
