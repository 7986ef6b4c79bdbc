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

    /// Single sales with pauses, the same through a ``BarePipeline``, and single commits of the
    /// same rows, in turn.
    private func quiet(_ bench: BenchYard, name: String, what: String) async throws {
        var answered: [Double] = []
        var piped: [Double] = []
        var committed: [Double] = []
        let answerSize = try await bench.answerSize()
        for _ in 0..<size.rounds {
            let bodies = try bench.envelopes(max(2, min(40, size.sales)))
            let path = bench.path
            answered += try await bench.serving { port in
                try Self.single(bodies, to: path, on: port)
            }
            piped += try await bench.servingBareParts(answerSize: answerSize) { port in
                try Self.single(bodies, to: path, on: port)
            }
            committed += try bodies.map { body in
                usleep(25_000)
                return try bench.commitSeconds([body]) * 1e6
            }
        }
        let above = answered.median - committed.median
        report.note(
            "\(what): \(BenchFigure.text(above / 1e3)) ms above the commit; through the bare "
                + "pipeline \(BenchFigure.text(piped.median / 1e3)) ms, "
                + "\(BenchFigure.text((piped.median - committed.median) / 1e3)) ms above it")
        report.add(
            BenchFigure(
                name: name, what: what, value: answered.median / 1e3, unit: "ms",
                floor: committed.median / 1e3, floorWhat: "one bare commit of the same rows",
                aim: "at most 1 ms above"))
    }

    private static func single(_ bodies: [[UInt8]], to path: String, on port: Int) throws
        -> [Double]
    {
        try LoadSender(
            port: port, path: path, connections: 1, ratePerSecond: 40, countsFromSending: true,
            warmUp: [bodies[0]]
        ).post(Array(bodies.dropFirst()), wanted: "201").latencies
    }

    /// What the rounds at a held rate found.
    private struct Held {
        /// Microseconds within which half, and 99 %, of the answers came.
        var half: [Double] = []
        var most: [Double] = []
        /// CPU microseconds a sale, client included.
        var cpu: [Double] = []
    }

    /// Sales at a held rate, the same through a ``BarePipeline``, and the same rows by a bare
    /// writer, in turn; the time of each counts from when it was due.
    private func halfPeak(_ rate: Double) async throws {
        var (ours, piped, committed) = (Held(), Held(), Held())
        let answerSize = try await bench.answerSize()
        let path = bench.path
        for _ in 0..<size.rounds {
            let bodies = try bench.envelopes(Self.warmUp + size.sales)
            try await bench.serving { port in
                try Self.post(bodies, to: path, on: port, rate)
            }.add(to: &ours)
            try await bench.servingBareParts(answerSize: answerSize) { port in
                try Self.post(bodies, to: path, on: port, rate)
            }.add(to: &piped)
            let before = Usage.cpuMicroseconds
            Round(
                latencies: try bench.commitLatencies(
                    Array(bodies.dropFirst(Self.warmUp)), ratePerSecond: rate),
                cpu: (Usage.cpuMicroseconds - before) / Double(size.sales)
            ).add(to: &committed)
        }
        for (name, held) in [("sales", ours), ("bare pipeline", piped), ("rows", committed)] {
            report.note(
                "half the peak, \(name): median \(BenchFigure.text(held.half.median / 1e3)) ms, "
                    + "CPU \(BenchFigure.text(held.cpu.median)) µs")
        }
        let what = "99 % of sales at half the peak rate (\(Int(rate))/s) within"
        report.add(
            BenchFigure(
                name: "half-peak-p99", what: what, value: ours.most.median / 1e3, unit: "ms",
                floor: committed.most.median / 1e3,
                floorWhat: "the same rows by a bare writer at that rate",
                ratio: ours.most.median / committed.most.median))
        report.add(
            BenchFigure(
                name: "half-peak-p99-pipeline", what: what, value: ours.most.median / 1e3,
                unit: "ms", floor: piped.most.median / 1e3,
                floorWhat: BarePipeline.words,
                ratio: ours.most.median / piped.most.median, aim: "at most 1.5"))
    }

    /// One round at a held rate.
    private struct Round {
        let latencies: [Double]
        let cpu: Double

        func add(to held: inout Held) {
            held.half.append(latencies.median)
            held.most.append(latencies.quantile(0.99))
            held.cpu.append(cpu)
        }
    }

    /// Requests that are sent first and not measured.
    private static let warmUp = 256

    private static func post(
        _ bodies: [[UInt8]], to path: String, on port: Int, _ rate: Double
    ) throws -> Round {
        let before = Usage.cpuMicroseconds
        let latencies = try LoadSender(
            port: port, path: path, connections: 64, ratePerSecond: rate,
            warmUp: Array(bodies.prefix(warmUp))
        ).post(Array(bodies.dropFirst(warmUp)), wanted: "201").latencies
        return Round(
            latencies: latencies, cpu: (Usage.cpuMicroseconds - before) / Double(bodies.count))
    }
}
