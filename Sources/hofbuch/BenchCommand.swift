import ArgumentParser
import Foundation

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the program on this machine.",
        subcommands: [
            Sales.self, Decoding.self, Tariffs.self, Exports.self, Close.self, Statement.self,
        ],
        defaultSubcommand: Sales.self)

    struct Sales: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure the way of a sale, each figure beside its floor.",
            discussion: """
                Rates, latencies, decoding, memory, start and verification (design 6), each beside \
                what it cannot be better than, measured in the same run in turn. PostgreSQL is \
                measured too where PGHOST and PGUSER lead to a server, and orjson where Python has \
                it. Takes some minutes and writes to the folder for temporary files.
                """)

        @Option(help: "Rounds; medians are printed.")
        var rounds = 5
        @Option(help: "Sales in one round.")
        var sales = 4_000
        @Option(help: "Sales in the journal that is opened and verified.")
        var stored = 20_000
        @Flag(help: "Open and verify a journal of a million sales.")
        var full = false
        @Flag(
            help: "A few sales in one round, to see that the bench works; the figures say little.")
        var short = false
        @Flag(help: "Print JSON at the end instead of lines.")
        var json = false

        func validate() throws {
            guard rounds >= 1, sales >= 1, stored >= 10 else {
                throw ValidationError("--rounds and --sales from 1, --stored from 10")
            }
        }

        func run() async throws {
            try await reporting {
                let size =
                    short
                    ? BenchSize(rounds: 1, sales: 64, stored: 100)
                    : BenchSize(
                        rounds: rounds, sales: sales, stored: full ? 1_000_000 : stored)
                try await Bench(size: size, report: BenchReport(isJSON: json)).run()
            }
        }
    }

    struct Decoding: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure strict decoding of a sale alone, beside orjson.")

        @Option(help: "Rounds; medians are printed.")
        var rounds = 15
        @Option(help: "Sales in one round, at least 1000 whatever is given.")
        var sales = 20_000
        @Flag(help: "Print JSON at the end instead of lines.")
        var json = false

        func validate() throws {
            guard rounds >= 1, sales >= 1 else {
                throw ValidationError("--rounds and --sales from 1")
            }
        }

        func run() async throws {
            try await reporting {
                let size = BenchSize(rounds: rounds, sales: sales, stored: 0)
                let report = BenchReport(isJSON: json)
                try await withBenchFolder { folder in
                    let bench = try await BenchYard(folder: folder + "/sales")
                    try DecodingBench(
                        payload: try bench.payload(), size: size, report: report
                    ).run()
                    try bench.close()
                    try report.finish()
                }
            }
        }
    }

    struct Tariffs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what a price costs, and reading and checking a tariff file.")

        @Option(help: "Rounds; medians are printed.")
        var rounds = 5
        @Flag(help: "One round over few deliveries, to see that the bench works.")
        var short = false
        @Flag(help: "Print JSON at the end instead of lines.")
        var json = false

        func validate() throws {
            guard rounds >= 1 else { throw ValidationError("--rounds from 1") }
        }

        func run() async throws {
            try await reporting {
                try TariffBench(
                    rounds: short ? 1 : rounds, deliveries: short ? 20 : 1_000,
                    report: BenchReport(isJSON: json)
                ).run()
            }
        }
    }
}

/// All parts of the bench of sales, in a folder of its own that is removed afterwards.
private struct Bench {
    let size: BenchSize
    let report: BenchReport

    func run() async throws { try await withBenchFolder { try await run(in: $0) } }

    private func run(in folder: String) async throws {
        try await StoreBench(folder: folder + "/stored", size: size, report: report).run()
        let bench = try await BenchYard(folder: folder + "/sales")
        let rates = try await SalesBench(bench: bench, size: size, report: report).run()
        try PostgresBench(size: size, report: report).run(rates, folder: folder)
        try await LatencyBench(
            folder: folder, bench: bench, size: size, report: report
        ).run(peak: rates["sales-64"] ?? 0)
        try DecodingBench(payload: try bench.payload(), size: size, report: report).run()
        try bench.close()
        try report.finish()
    }
}

/// Runs `body` with a folder of its own, which is removed afterwards.
func withBenchFolder(_ body: (String) async throws -> Void) async throws {
    let files = FileManager.default
    let folder =
        files.temporaryDirectory.path
        + "/hofbuch-bench-\(ProcessInfo.processInfo.processIdentifier)"
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    do { try await body(folder) } catch {
        try files.removeItem(atPath: folder)
        throw error
    }
    try files.removeItem(atPath: folder)
}
