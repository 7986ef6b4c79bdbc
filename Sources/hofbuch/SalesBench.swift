import Foundation
import Glibc
import Hummingbird
import Journal
import Keys
import Logging
import NIOCore
import Operations
import Sales
import Signing
import Storage
import Synchronization
import Tariffs
import Text
import Units

/// Durable signed sales per second, one a request over loopback, beside the sum of what each sale
/// must cost on the same cores (docs/measurements.md says how the floor is put together).
struct SalesBench {
    let sales: Int
    let connections: Int
    let rounds: Int

    private static let terminalCount = 8

    func run() async throws {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/hofbuch-bench-\(ProcessInfo.processInfo.processIdentifier)"
        defer { Self.remove(folder) }
        let bench = try await BenchYard(folder: folder, terminals: Self.terminalCount)
        let floor = try await floor(bench)
        var rates: [Double] = []
        for round in 1...rounds {
            let bodies = try bench.envelopes(sales)
            let rate = try await bench.serving { port in
                Self.post(
                    bodies, to: "/v1/yards/\(bench.yard.id)/envelopes", port: port,
                    connections: connections, wanted: "201")
            }
            rates.append(rate)
            print("round \(round): \(Int(rate)) durable signed sales/s")
        }
        let median = rates.sorted()[rates.count / 2]
        print(
            """
            sales/s, one a request, \(connections) connections: \(Int(median))
            sum floor on 2 cores: \(Int(2_000_000 / floor)) sales/s (\(Int(floor)) µs CPU a sale)
            ratio: \(Int(median * floor / 20_000)) %
            """)
        try bench.installation.close()
    }

    /// CPU microseconds that the parts of one sale cost, each measured alone.
    private func floor(_ bench: BenchYard) async throws -> Double {
        let bodies = try bench.envelopes(2_000)
        let echo = Router()
        let answer = [UInt8](repeating: 0x78, count: 2_600)
        echo.post("echo") { request, _ in
            _ = try await request.body.collect(upTo: 65_536)
            return Response(status: .created, body: .init(byteBuffer: ByteBuffer(bytes: answer)))
        }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: echo, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "echo") { _ in SwiftLogNoOpLogHandler() })
        let http = await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await application.run() } catch is CancellationError { return }
            }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let cost =
                Self.cpuMicroseconds {
                    _ = Self.post(
                        bodies, to: "/echo", port: port, connections: connections, wanted: "201")
                } / Double(bodies.count)
            group.cancelAll()
            return cost
        }
        let check = try bench.checkCost(bodies)
        let rows = try bench.rowCost(bodies)
        let proof = try bench.proofCost()
        print(
            "CPU µs a sale: HTTP and client \(Int(http)), check and price \(Int(check)), "
                + "rows \(Int(rows)), proof and share of the checkpoint \(Int(proof))")
        return http + check + rows + proof
    }

    private static func remove(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            Message.note("\(folder) was not removed: \(error)")
        }
    }

    /// CPU time of this process over `body`.
    static func cpuMicroseconds(_ body: () throws -> Void) rethrows -> Double {
        func used() -> Double {
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
                + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        }
        let before = used()
        try body()
        return used() - before
    }

    /// Posts each body once over keep-alive connections; requests per second.
    static func post(
        _ bodies: [[UInt8]], to path: String, port: Int, connections: Int, wanted: String
    ) -> Double {
        let next = Atomic(0)
        let failures = Atomic(0)
        let began = ContinuousClock.now
        let group = DispatchGroup()
        for _ in 0..<connections {
            group.enter()
            Thread {
                defer { group.leave() }
                guard let connection = BlockingConnection(port: port) else {
                    failures.add(1, ordering: .relaxed)
                    return
                }
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < bodies.count else { return }
                    if connection.post(path, bodies[index]) != wanted {
                        failures.add(1, ordering: .relaxed)
                    }
                }
            }.start()
        }
        group.wait()
        let seconds = began.duration(to: .now) / .seconds(1)
        let failed = failures.load(ordering: .relaxed)
        if failed > 0 { Message.error("\(failed) requests were not answered with \(wanted)") }
        return Double(bodies.count) / seconds
    }
}

/// A keep-alive connection that one thread uses; a load generator, not a client library.
private final class BlockingConnection {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init?(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes,
            socklen_t(MemoryLayout<Int32>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            return nil
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Sends a request and reads the whole answer; its status, empty if the line broke.
    func post(_ path: String, _ body: [UInt8]) -> String {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        let request = Array(head.utf8) + body
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: sent), request.count - sent)
            }
            guard count > 0 else { return "" }
            sent += count
        }
        return answer()
    }

    private func answer() -> String {
        var used = 0
        var wanted = Int.max
        while used < wanted {
            let count = buffer.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress?.advanced(by: used), $0.count - used)
            }
            guard count > 0 else { return "" }
            used += count
            if wanted == .max, let end = headEnd(used) {
                wanted = end + contentLength(end)
            }
        }
        return String(decoding: buffer[9..<12], as: UTF8.self)
    }

    private func headEnd(_ used: Int) -> Int? {
        guard used >= 4 else { return nil }
        for index in 3..<used where buffer[index] == 0x0A && buffer[index - 2] == 0x0A {
            return index + 1
        }
        return nil
    }

    private func contentLength(_ end: Int) -> Int {
        let head = String(decoding: buffer[..<end], as: UTF8.self).lowercased()
        guard let range = head.range(of: "content-length: ") else { return 0 }
        return Int(head[range.upperBound...].prefix { $0.isNumber }) ?? 0
    }
}
