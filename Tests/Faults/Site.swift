import Foundation
import Sales
import Storage

/// A copy of the town's data directory with the terminals and the history of one round.
final class Site {
    let town: Town
    /// Holds the data directory and the output of the programs.
    let folder: String
    let history = History()
    let registers: [Register]
    /// Variables of every server that is started here.
    var environment: [String: String] = [:]

    var data: String { folder + "/data" }
    var database: String { data + "/hofbuch.sqlite3" }

    init(_ town: Town, in folder: String) throws {
        self.town = town
        self.folder = folder
        registers = town.registers()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: town.folder + "/data", toPath: folder + "/data")
    }

    func serve(wrapper: [String] = [], environment more: [String: String] = [:]) throws -> Server {
        try Server(
            data: data, in: folder, wrapper: wrapper,
            environment: environment.merging(more) { $1 })
    }

    /// Sends every sale posted so far again, each terminal in order, all terminals at once.
    func repeatAll(port: Int) {
        let all = Dictionary(grouping: history.sales.values) { $0.reference.terminal }
        let group = DispatchGroup()
        for sales in all.values {
            Thread.run(in: group) { [history] in
                let line = SteadyLine(port: port, history: history)
                for sale in sales.sorted(by: { $0.reference < $1.reference }) {
                    guard line.deliver(sale, attempts: 50) else {
                        history.complain("\(sale.reference.receiptNumber) got no answer again")
                        return
                    }
                }
            }
        }
        group.wait()
    }
}

/// A client that sends a sale until it is acknowledged or refused.
final class SteadyLine {
    private let port: Int
    private let history: History
    private var wire: Wire?

    init(port: Int, history: History) {
        self.port = port
        self.history = history
    }

    /// Sends it once; nil if the line broke.
    func send(_ sale: SignedSale) -> Answer? {
        if wire == nil { wire = Wire(port: port) }
        guard let answer = wire?.request("POST", "/v1/yards/hof-1/envelopes", sale.body) else {
            wire = nil
            return nil
        }
        history.tell(answer, sale)
        return answer
    }

    /// Sends it until the server decides; false if it does not within `attempts`.
    func deliver(_ sale: SignedSale, attempts: Int) -> Bool {
        for _ in 0..<attempts {
            if let answer = send(sale), ![408, 429, 500, 503, 507].contains(answer.status) {
                return true
            }
            usleep(20_000)
        }
        return false
    }
}

/// Terminals that sell as fast as the server answers, until the line breaks or they are stopped.
final class Load: @unchecked Sendable {
    private let group = DispatchGroup()
    private let lock = NSLock()
    private var isStopped = false

    /// - Parameter pauseMicroseconds: of each terminal between two sales.
    init(
        _ site: Site, port: Int, registers: [Register]? = nil, pauseMicroseconds: UInt32 = 0,
        isPersistent: Bool = false
    ) {
        for register in registers ?? site.registers {
            Thread.run(in: group) { [self, history = site.history] in
                let line = SteadyLine(port: port, history: history)
                while !lock.withLock({ isStopped }) {
                    do {
                        let sale = try register.sign()
                        history.post(sale)
                        while true {
                            let answer = line.send(sale)
                            if answer == nil, !isPersistent { return }
                            if let answer, [200, 201, 409, 422].contains(answer.status) { break }
                            if lock.withLock({ isStopped }) { return }
                            usleep(20_000)
                        }
                    } catch { history.complain("a sale was not signed: \(error)") }
                    usleep(pauseMicroseconds)
                }
            }
        }
    }

    /// Waits until every terminal has stopped, which happens when the line breaks.
    func join() { group.wait() }

    func stop() {
        lock.withLock { isStopped = true }
        group.wait()
    }
}

extension Thread {
    static func run(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        let thread = Thread {
            body()
            group.leave()
        }
        thread.stackSize = 4 << 20
        thread.start()
    }
}
