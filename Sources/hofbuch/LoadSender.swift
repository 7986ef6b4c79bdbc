import Glibc

/// Posts bodies over keep-alive connections from one thread and times each answer.
///
/// With a rate, request n is due n/rate seconds after the start and its time counts from then,
/// whether or not a connection was free: a slow server cannot slow down its own measurement.
/// Without one, a connection sends again as soon as it has its answer.
struct LoadSender {
    let port: Int
    let path: String
    let connections: Int
    var ratePerSecond: Double?
    /// Whether a request's time counts from when it is sent: what a single client waits for, who
    /// has slept before and woke late.
    var countsFromSending = false
    /// Bodies that are sent first and as fast as may be, and are not measured: a line and its
    /// server take longer for the first request.
    var warmUp: [[UInt8]] = []

    /// What came back.
    struct Report {
        let perSecond: Double
        /// Microseconds from due, or sent, to answered, in the order of the answers.
        let latencies: [Double]
    }

    /// Posts each body once, in order.
    ///
    /// - Throws: ``Failure`` if a connection cannot be made, and if any answer has another status
    ///   than `wanted`.
    func post(_ bodies: [[UInt8]], wanted: String) throws -> Report {
        let count = max(1, min(connections, bodies.count))
        let lines = try (0..<count).map { _ in try LoadConnection(port: port) }
        defer { for line in lines { line.close() } }
        try post(warmUp, wanted: wanted, lines, nil)
        return try post(bodies, wanted: wanted, lines, ratePerSecond)
    }

    @discardableResult
    private func post(
        _ bodies: [[UInt8]], wanted: String, _ lines: [LoadConnection], _ ratePerSecond: Double?
    ) throws -> Report {
        var sending = Sending(bodies, by: self, lines, wanted: wanted, ratePerSecond)
        let began = Nanoseconds.now
        sending.run()
        let seconds = Double(Nanoseconds.now - began) / 1e9
        guard sending.failures == 0 else {
            throw Failure("\(sending.failures) answers were no \(wanted)", Exit.unavailable)
        }
        return Report(
            perSecond: Double(bodies.count) / seconds, latencies: sending.latencies)
    }

    fileprivate func request(_ body: [UInt8]) -> [UInt8] {
        Array(
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n".utf8
        ) + body
    }
}

/// The state of one run over all connections.
private struct Sending {
    private let bodies: [[UInt8]]
    private let sender: LoadSender
    private let wanted: [UInt8]
    private let lines: [LoadConnection]
    /// Nanoseconds between two requests; nil without a rate.
    private let gap: Double?
    private let began = Nanoseconds.now
    private var idle: [Int]
    private var next = 0
    /// The connections that an answer is due on. `pselect` takes time for each that it is given,
    /// and the client has the same cores as the server that it measures.
    private var waiting = fd_set()
    private let descriptorMax: Int32
    private(set) var failures = 0
    private(set) var latencies: [Double] = []

    init(
        _ bodies: [[UInt8]], by sender: LoadSender, _ lines: [LoadConnection], wanted: String,
        _ ratePerSecond: Double?
    ) {
        self.bodies = bodies
        self.sender = sender
        self.wanted = Array(wanted.utf8)
        self.lines = lines
        gap = ratePerSecond.map { 1e9 / $0 }
        idle = Array(lines.indices.reversed())
        descriptorMax = lines.map(\.descriptor).max() ?? 0
        latencies.reserveCapacity(bodies.count)
    }

    mutating func run() {
        while latencies.count < bodies.count {
            startWhatIsDue()
            takeAnswers()
        }
    }

    /// When the next request is due; nil without a rate.
    private var due: UInt64? { gap.map { began + UInt64(Double(next) * $0) } }

    private mutating func startWhatIsDue() {
        let now = Nanoseconds.now
        while next < bodies.count, !idle.isEmpty {
            let due = due ?? now
            guard due <= now, let index = idle.popLast() else { return }
            lines[index].due = sender.countsFromSending ? now : due
            waiting.insert(lines[index].descriptor)
            if !lines[index].send(sender.request(bodies[next])) { end(index, isRight: false) }
            next += 1
        }
    }

    /// Sleeps until answers arrive or the next request is due. It does not look again and again
    /// meanwhile: that would take the cores, and their caches, from the server.
    private mutating func takeAnswers() {
        guard idle.count < lines.count || gap != nil else { return }
        var readable = waiting
        guard wait(for: &readable) > 0 else { return }
        for index in lines.indices where readable.contains(lines[index].descriptor) {
            switch lines[index].receive() {
            case .partial: continue
            case .whole(let status): end(index, isRight: status.elementsEqual(wanted))
            case .broken: end(index, isRight: false)
            }
        }
    }

    /// How many connections are readable; 0 when the next request is due.
    private func wait(for readable: inout fd_set) -> Int32 {
        guard let due, next < bodies.count, !idle.isEmpty else {
            return pselect(descriptorMax + 1, &readable, nil, nil, nil, nil)
        }
        let now = Nanoseconds.now
        let left = due > now ? Int(due - now) : 0
        var timeout = timespec(tv_sec: left / 1_000_000_000, tv_nsec: left % 1_000_000_000)
        return pselect(descriptorMax + 1, &readable, nil, nil, &timeout, nil)
    }

    private mutating func end(_ index: Int, isRight: Bool) {
        latencies.append(Double(Nanoseconds.now - lines[index].due) / 1e3)
        if !isRight { failures += 1 }
        waiting.remove(lines[index].descriptor)
        idle.append(index)
    }
}

/// A keep-alive connection to loopback: a load generator's, not a client library.
final class LoadConnection {
    let descriptor: Int32
    /// When the request on the line was due.
    var due: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: 8_192)
    private var used = 0
    /// The place behind the head, and behind the body, of the answer that is arriving.
    private var ends: (head: Int, body: Int)?

    enum Answer {
        case partial, broken
        /// The three digits of the status.
        case whole(ArraySlice<UInt8>)
    }

    /// - Throws: ``Failure`` if nobody listens.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw Failure("nobody listens on port \(port)", Exit.unavailable)
        }
    }

    func close() { Glibc.close(descriptor) }

    /// Sends a whole request; false if the line broke.
    func send(_ request: [UInt8]) -> Bool {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress?.advanced(by: sent), request.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Takes what has arrived; waits if nothing has.
    func receive() -> Answer {
        if used == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let count = buffer.withUnsafeMutableBytes {
            recv(descriptor, $0.baseAddress?.advanced(by: used), $0.count - used, 0)
        }
        guard count > 0 else { return .broken }
        used += count
        if ends == nil { findEnds() }
        guard let ends, used >= ends.body else { return .partial }
        used = 0
        answered = ends
        self.ends = nil
        return .whole(buffer[9..<12])
    }

    private var answered = (head: 0, body: 0)

    /// The body of the last whole answer, until something else arrives.
    var body: ArraySlice<UInt8> { buffer[answered.head..<answered.body] }

    private static let lengthName = Array("\ncontent-length: ".utf8)

    /// Reads the head once it is complete.
    private func findEnds() {
        buffer.withUnsafeBufferPointer { bytes in
            var length = 0
            for index in 3..<max(3, used) where bytes[index] == 0x0A {
                if bytes[index - 2] == 0x0A {
                    ends = (index + 1, index + 1 + length)
                    return
                }
                if let found = Self.length(at: index, bytes, used) { length = found }
            }
        }
    }

    /// The number after `content-length: ` in any case of letters; nil for another line.
    private static func length(
        at start: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ used: Int
    ) -> Int? {
        guard start + lengthName.count < used else { return nil }
        for (offset, letter) in lengthName.enumerated()
        where bytes[start + offset] | 0x20 != letter | 0x20 { return nil }
        var length = 0
        var index = start + lengthName.count
        while index < used, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
            length = length * 10 + Int(digit)
            index += 1
        }
        return length
    }
}

/// Sets of 1,024 descriptors, a bit each (POSIX `select`).
extension fd_set {
    fileprivate mutating func insert(_ descriptor: Int32) {
        precondition(descriptor < 1_024, "the bench opens fewer connections")
        withUnsafeMutableBytes(of: &self) { $0[Int(descriptor / 8)] |= 1 << UInt8(descriptor % 8) }
    }

    fileprivate mutating func remove(_ descriptor: Int32) {
        withUnsafeMutableBytes(of: &self) {
            $0[Int(descriptor / 8)] &= ~(1 << UInt8(descriptor % 8))
        }
    }

    fileprivate func contains(_ descriptor: Int32) -> Bool {
        withUnsafeBytes(of: self) { $0[Int(descriptor / 8)] & 1 << UInt8(descriptor % 8) != 0 }
    }
}
