import Foundation
import Glibc
import Journal
import Text

/// What a request got back.
struct Answer {
    let status: Int
    let body: [UInt8]

    var json: JSONValue { get throws { try StrictJSON.parse(body, depthMax: 32) } }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The stable code of a problem; empty if it is none.
    var code: String {
        struct Problem: Decodable { let code: String }
        do { return try JSONDecoder().decode(Problem.self, from: Data(body)).code } catch {
            return ""
        }
    }
}

/// An acknowledgement as a client reads it; its texts hold line ends, which strict JSON refuses.
struct Receipt: Decodable, Hashable, Sendable {
    let index: Int64
    let `repeat`: Bool
    let flags: [String]
    let entry: String
    let proof: String

    init(_ acknowledgement: Acknowledgement) {
        index = acknowledgement.index
        `repeat` = acknowledgement.isRepeat
        flags = acknowledgement.flags
        entry = String(decoding: acknowledgement.entry, as: UTF8.self)
        proof = acknowledgement.proof
    }

    init(_ body: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(body))
    }
}

/// A blocking HTTP connection that one thread uses. Nil instead of an answer says that the line
/// broke, so that nobody knows what the server did.
final class Wire {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Nil if nobody listens.
    init?(port: Int, seconds: Int = 60) {
        descriptor = Loopback.socket()
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = Loopback.address(port: port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // `deinit` closes the socket: it runs for a line that was not made, too.
        guard result == 0 else { return nil }
    }

    deinit { close(descriptor) }

    func request(
        _ method: String, _ path: String, token: String? = nil, _ body: [UInt8] = []
    ) -> Answer? {
        guard send(Self.bytes(method, path, token: token, body)) else { return nil }
        return answer()
    }

    static func bytes(
        _ method: String, _ path: String, token: String? = nil, _ body: [UInt8] = []
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// Sends bytes as they are; false if the line broke.
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads one whole answer.
    func answer() -> Answer? {
        while true {
            if let answer = takeAnswer() { return answer }
            guard let more = receive() else { return nil }
            buffer += more
        }
    }

    /// What has arrived; nil at the end of the line.
    func receive() -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Array(chunk[..<count]) : nil
    }

    private func takeAnswer() -> Answer? {
        let end = Data(buffer).range(of: Data("\r\n\r\n".utf8))
        guard let end else { return nil }
        let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).lowercased()
        let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
        guard buffer.count >= end.upperBound + length,
            let status = Int(head.split(separator: " ")[1])
        else { return nil }
        let body = Array(buffer[end.upperBound..<end.upperBound + length])
        buffer.removeFirst(end.upperBound + length)
        return Answer(status: status, body: body)
    }
}
