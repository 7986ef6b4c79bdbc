import Foundation
import Sales
import Storage
import Text

extension Fault {
    static let terminals = [
        Fault(
            "F20", "a terminal hands in 2,000 sales at once while others sell", short: 1, full: 5,
            bite: .syncEachSale, isTimed: true
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let offline = site.registers[0]
            let sales = try (0..<(trial.isShort ? 300 : 2_000)).map { _ in try offline.sign() }
            sales.forEach(site.history.post)
            let live = LiveTerminals(site, port: server.port, count: 4)
            usleep(500_000)
            let wire = Wire(port: server.port)
            for start in stride(from: 0, to: sales.count, by: 250) {
                let batch = Array(sales[start..<min(start + 250, sales.count)])
                try site.deliverBatch(batch, over: wire)
            }
            usleep(200_000)
            let milliseconds = live.stop()
            trial.note("live p50 ms", milliseconds[milliseconds.count / 2])
            let slowest = milliseconds[milliseconds.count * 99 / 100]
            trial.note("live p99 ms", slowest)
            // Of the honest program in `make test` the figure says more of what runs beside it.
            if slowest > 500, !trial.isShort || trial.breakage != nil {
                trial.complain("live terminals waited longer than 500 ms")
            }
            try trial.finish(site, server)
        },
        Fault(
            "F21", "a terminal restored from an older backup", short: 1, full: 10,
            bite: .noPreviousHash
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let register = site.registers[0]
            let line = SteadyLine(port: server.port, history: site.history)
            func sell(_ count: Int) throws {
                for _ in 0..<count {
                    let sale = try register.sign()
                    site.history.post(sale)
                    _ = line.deliver(sale, attempts: 5)
                }
            }
            try sell(trial.any(3...6))
            let restored = register.copy()
            try sell(3)
            // The restored one signs the same numbers again, with other sales.
            let twins = try (0..<3).map { _ in try restored.sign(variant: trial.any(0...4)) }
            for twin in twins {
                let status = try trial.offer(twin, to: server.port)
                if ![200, 409].contains(status) {
                    trial.complain("another sale with a used number got \(status)")
                }
            }
            let next = try restored.sign()
            site.history.post(next)
            trial.expectFlag("previous-hash", of: next, line, site)
            try trial.finish(site, server)
        },
        Fault(
            "F22", "two copies of one terminal", short: 1, full: 10, bite: .noPreviousHash
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let (one, other) = (site.registers[0], site.registers[0].copy())
            let line = SteadyLine(port: server.port, history: site.history)
            let first = try one.sign(variant: 0)
            site.history.post(first)
            _ = line.deliver(first, attempts: 5)
            let status = try trial.offer(try other.sign(variant: 1), to: server.port)
            if status != 409 { trial.complain("the first conflicting number got \(status)") }
            let next = try other.sign()
            site.history.post(next)
            trial.expectFlag("previous-hash", of: next, line, site)
            try trial.finish(site, server)
        },
    ]
}

extension Trial {
    /// Sends what must not be recorded as a sale; gives the status.
    fileprivate func offer(_ sale: SignedSale, to port: Int) throws -> Int {
        let answer = Wire(port: port)?.request("POST", "/v1/yards/hof-1/envelopes", sale.body)
        guard let answer else { throw Unforeseen("the line broke") }
        return answer.status
    }

    fileprivate func expectFlag(
        _ flag: String, of sale: SignedSale, _ line: SteadyLine, _ site: Site
    ) {
        _ = line.deliver(sale, attempts: 5)
        let flags = site.history.receipts[sale.reference]?.last?.flags ?? []
        if !flags.contains(flag) {
            complain("\(sale.reference.receiptNumber) carries \(flags), not \(flag)")
        }
    }
}

extension Site {
    /// Hands in a batch as a terminal does that comes back, and keeps each answer.
    func deliverBatch(_ sales: [SignedSale], over wire: Wire?) throws {
        let bodies = sales.map { String(decoding: $0.body, as: UTF8.self) }
        let body = "{\"envelopes\":[\(bodies.joined(separator: ","))]}"
        let answer = wire?.request("POST", "/v1/yards/hof-1/envelopes/batch", Array(body.utf8))
        guard let answer, answer.status == 200,
            let object = try JSONSerialization.jsonObject(with: Data(answer.body))
                as? [String: Any], let results = object["results"] as? [[String: Any]]
        else { throw Unforeseen("the batch got \(answer?.status ?? 0)") }
        for (sale, result) in zip(sales, results) {
            let bytes = try JSONSerialization.data(
                withJSONObject: result["acknowledgement"] ?? [:])
            history.tell(Answer(status: result["status"] as? Int ?? 0, body: Array(bytes)), sale)
        }
    }
}

/// Terminals that sell at a steady rate, and how long each sale took.
private final class LiveTerminals: @unchecked Sendable {
    private let group = DispatchGroup()
    private let lock = NSLock()
    private var isStopped = false
    private var milliseconds: [Double] = []

    init(_ site: Site, port: Int, count: Int) {
        for register in site.registers.suffix(count) {
            Thread.run(in: group) { [self, history = site.history] in
                let line = SteadyLine(port: port, history: history)
                while !lock.withLock({ isStopped }) {
                    do {
                        let sale = try register.sign()
                        history.post(sale)
                        let began = ContinuousClock.now
                        _ = line.deliver(sale, attempts: 50)
                        let taken = began.duration(to: .now) / .milliseconds(1)
                        lock.withLock { milliseconds.append(taken) }
                    } catch { history.complain("a sale was not signed: \(error)") }
                    usleep(40_000)
                }
            }
        }
    }

    /// Gives what each sale took, ascending.
    func stop() -> [Double] {
        lock.withLock { isStopped = true }
        group.wait()
        return milliseconds.sorted()
    }
}
