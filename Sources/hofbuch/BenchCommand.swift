import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the program on this machine.",
        subcommands: [Sales.self, Tariffs.self], defaultSubcommand: Sales.self)

    struct Sales: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure durable signed sales per second beside the floor of their parts.")

        @Option(help: "Sales in one round.")
        var sales = 4_000
        @Option(help: "Connections at once.")
        var connections = 64
        @Option(help: "Rounds; the median is printed.")
        var rounds = 5

        func run() async throws {
            try await reporting {
                try await SalesBench(sales: sales, connections: connections, rounds: rounds).run()
            }
        }
    }

    struct Tariffs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what a price costs, and reading and checking a tariff file.")

        @Option(help: "Rounds; the median is printed.")
        var rounds = 5

        func run() async throws {
            try await reporting { try TariffBench(rounds: rounds).run() }
        }
    }
}
