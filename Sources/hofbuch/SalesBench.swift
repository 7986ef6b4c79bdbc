import Foundation

/// Durable signed sales per second over loopback, beside the sum of what each sale must cost on
/// the same cores (docs/measurements.md says how the floor is put together).
struct SalesBench {
    let bench: BenchYard
    let size: BenchSize
    let report: BenchReport

    /// How sales come in.
    struct Shape: Sendable {
        let name: String
        let what: String
        let connections: Int
        /// Sales in one request.
        let batch: Int
        let aim: Double
    }

    static let shapes = [
        Shape(
            name: "sales-64", what: "durable signed sales, one a request, 64 connections",
            connections: 64, batch: 1, aim: 0.65),
        Shape(
            name: "sales-256", what: "durable signed sales, one a request, 256 connections",
            connections: 256, batch: 1, aim: 0.70),
        Shape(
            name: "sales-batch", what: "durable signed sales in batches of 256, 4 connections",
            connections: 4, batch: 256, aim: 0.80),
    ]

    /// What the rounds of a shape found, per sale.
    private struct Found {
        var rates: [Double] = []
        /// Those of a ``BarePipeline``; none of batches.
        var piped: [Double] = []
        var cpu: [Double] = []
        var http: [Double] = []
        /// ``http`` of requests that end in a channel handler, without a task and a route.
        var bareHTTP: [Double] = []
    }

    /// Measures all shapes; the median rate of each by its name.
    func run() async throws -> [String: Double] {
        var floor = SalesFloor()
        var found = Self.shapes.map { _ in Found() }
        let answerSize = try await bench.answerSize()
        for round in 1...size.rounds {
            try floor.measure(bench, count: min(size.sales, 2_000))
            for (index, shape) in Self.shapes.enumerated() {
                let bodies =
                    shape.batch == 1
                    ? try bench.envelopes(size.sales) : try bench.batches(size.sales)
                let answer = answerSize * shape.batch
                found[index].http.append(try await echoCost(bodies, shape, .routed(answer)))
                found[index].bareHTTP.append(try await echoCost(bodies, shape, .bare(answer)))
                let path = bench.path + (shape.batch == 1 ? "" : "/batch")
                let post: @Sendable (Int) throws -> (perSecond: Double, cpu: Double) = { port in
                    let before = Usage.cpuMicroseconds
                    let sent = try LoadSender(
                        port: port, path: path, connections: shape.connections
                    ).post(bodies, wanted: shape.batch == 1 ? "201" : "200")
                    return (sent.perSecond, Usage.cpuMicroseconds - before)
                }
                let served = try await bench.serving(post)
                let sales = Double(size.sales)
                found[index].cpu.append(served.cpu / sales)
                found[index].rates.append(served.perSecond * sales / Double(bodies.count))
                if shape.batch == 1 {
                    found[index].piped.append(
                        try await bench.servingBareParts(answerSize: answer, post).perSecond)
                }
                report.note(
                    "round \(round), \(shape.name): \(Int(found[index].rates[round - 1]))/s")
            }
        }
        for (shape, found) in zip(Self.shapes, found) { tell(found, shape, floor) }
        return Dictionary(
            uniqueKeysWithValues: zip(Self.shapes, found).map { ($0.name, $1.rates.median) })
    }

    private func tell(_ found: Found, _ shape: Shape, _ floor: SalesFloor) {
        let sum = found.http.median + floor.sum
        let cores = Double(ProcessInfo.processInfo.activeProcessorCount)
        report.note(
            "\(shape.name), CPU µs a sale: HTTP and client \(BenchFigure.text(found.http.median)), "
                + floor.words + ", sum \(BenchFigure.text(sum))")
        let most = cores * 1e6 / sum
        report.add(
            BenchFigure(
                name: shape.name, what: shape.what, value: found.rates.median, unit: "/s",
                floor: most, floorWhat: "sum floor on \(Int(cores)) cores",
                ratio: found.rates.median / most, aim: "at least \(shape.aim)"))
        report.add(
            BenchFigure(
                name: "\(shape.name)-cpu", what: "CPU of such a sale, client included",
                value: found.cpu.median, unit: "µs", floor: sum, floorWhat: "sum floor",
                ratio: sum / found.cpu.median))
        if !found.piped.isEmpty {
            report.add(
                BenchFigure(
                    name: "\(shape.name)-pipeline", what: shape.what, value: found.rates.median,
                    unit: "/s", floor: found.piped.median,
                    floorWhat: BarePipeline.words,
                    ratio: found.rates.median / found.piped.median))
        }
        let bareSum = found.bareHTTP.median + floor.sum
        report.add(
            BenchFigure(
                name: "\(shape.name)-bare", what: shape.what, value: found.rates.median, unit: "/s",
                floor: cores * 1e6 / bareSum,
                floorWhat: "the same with HTTP that ends in a channel handler, "
                    + "\(BenchFigure.text(found.bareHTTP.median)) µs",
                ratio: found.rates.median * bareSum / (cores * 1e6)))
    }

    /// CPU microseconds a sale of reading the requests and sending answers of the real size.
    private func echoCost(_ bodies: [[UInt8]], _ shape: Shape, _ server: EchoServer) async throws
        -> Double
    {
        let sales = Double(size.sales)
        return try await server.serving { port in
            let before = Usage.cpuMicroseconds
            _ = try LoadSender(port: port, path: "/echo", connections: shape.connections)
                .post(bodies, wanted: "201")
            return (Usage.cpuMicroseconds - before) / sales
        }
    }
}
