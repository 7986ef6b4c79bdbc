import Foundation

/// How long an acknowledgement takes: of a single sale, and at half the peak rate.
struct LatencyBench {
    let folder: String
    let bench: BenchYard
    let size: BenchSize
    let report: BenchReport

    /// - Parameter peak: sales a second that the server takes at most.
    func run(peak: Double) async throws {
        try await quiet(bench, name: "quiet", what: "one sale at a quiet moment, median")
        let slow = try await BenchYard(
            folder: folder + "/slow", terminals: 1, syncDelay: .milliseconds(10))
        try await quiet(
            slow, name: "quiet-slow-disk", what: "the same with 10 ms more for each commit")
        try slow.close()
        try await halfPeak(peak / 2)
    }

    /// Single sales with pauses, and single commits of the same rows, in turn.
    private func quiet(_ bench: BenchYard, name: String, what: String) async throws {
        var answered: [Double] = []
        var committed: [Double] = []
        for _ in 0..<size.rounds {
            let bodies = try bench.envelopes(max(2, min(40, size.sales)))
            let path = bench.path
            answered += try await bench.serving { port in
                try LoadSender(
                    port: port, path: path, connections: 1, ratePerSecond: 40,
                    countsFromSending: true, warmUp: [bodies[0]]
                ).post(Array(bodies.dropFirst()), wanted: "201").latencies
            }
            committed += try bodies.map { body in
                usleep(25_000)
                return try bench.commitSeconds([body]) * 1e6
            }
        }
        report.add(
            BenchFigure(
                name: name, what: what, value: answered.median / 1e3, unit: "ms",
                floor: committed.median / 1e3, floorWhat: "one bare commit of the same rows",
                aim: "at most 1 ms above"))
    }

    /// Sales at a held rate, and the same rows at the same rate by a bare writer; the time of each
    /// counts from when it was due.
    private func halfPeak(_ rate: Double) async throws {
        var answered: [Double] = []
        var committed: [Double] = []
        let warm = 256
        for _ in 0..<size.rounds {
            let bodies = try bench.envelopes(warm + size.sales)
            let path = bench.path
            answered.append(
                try await bench.serving { port in
                    try LoadSender(
                        port: port, path: path, connections: 64, ratePerSecond: rate,
                        warmUp: Array(bodies.prefix(warm))
                    ).post(Array(bodies.dropFirst(warm)), wanted: "201").latencies.quantile(0.99)
                })
            committed.append(
                try bench.commitLatencies(Array(bodies.dropFirst(warm)), ratePerSecond: rate)
                    .quantile(0.99))
        }
        report.add(
            BenchFigure(
                name: "half-peak-p99",
                what: "99 % of sales at half the peak rate (\(Int(rate))/s) within",
                value: answered.median / 1e3, unit: "ms", floor: committed.median / 1e3,
                floorWhat: "the same rows by a bare writer at that rate",
                ratio: answered.median / committed.median, aim: "at most 1.5"))
    }
}
