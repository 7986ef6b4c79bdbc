import Foundation
import Journal
import Text

/// Strict decoding of a signed sale beside orjson on the same bytes.
struct DecodingBench {
    let payload: [UInt8]
    let size: BenchSize
    let report: BenchReport

    func run() throws {
        var trees: [Double] = []
        var records: [Double] = []
        var floors: [Double] = []
        let count = max(1_000, size.sales)
        for _ in 0..<size.rounds {
            trees.append(try cost(count) { _ = try StrictJSON.parse(payload) })
            records.append(try cost(count) { _ = try TerminalRecord(payload: payload) })
            if let time = try orjson(count) { floors.append(time) }
        }
        if floors.isEmpty {
            report.note("skipped: orjson; no Python with it (scripts/python-tests.sh makes one)")
        }
        let floor = floors.isEmpty ? nil : floors.median
        let kinds = [
            ("decode-tree", "a sale of \(payload.count) bytes as a strict JSON tree", trees),
            ("decode-sale", "the same as a checked sale, every strictness check on", records),
        ]
        for (name, what, times) in kinds {
            report.add(
                BenchFigure(
                    name: name, what: what, value: times.median, unit: "µs CPU", floor: floor,
                    floorWhat: floor.map { _ in "orjson.loads" },
                    ratio: floor.map { times.median / $0 }, aim: "at most 2"))
        }
    }

    private func cost(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
        try Usage.cpuMicroseconds { for _ in 0..<count { try body() } } / Double(count)
    }

    /// CPU microseconds in the tests' Python, or the machine's; nil where neither has orjson.
    private func orjson(_ count: Int) throws -> Double? {
        for python in [".venv/bin/python", "/usr/bin/python3"]
        where FileManager.default.isExecutableFile(atPath: python) {
            let tool = Tool(path: python, arguments: ["-c", Self.program, "\(count)"])
            let (status, output) = try tool.run(input: payload)
            if status == 0 { return Double(output) }
        }
        return nil
    }

    private static let program = """
        import sys, time
        data, count = sys.stdin.buffer.read(), int(sys.argv[1])
        import orjson
        began = time.process_time()
        for _ in range(count): orjson.loads(data)
        print((time.process_time() - began) / count * 1e6, end="")
        """
}
