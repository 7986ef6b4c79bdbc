import ArgumentParser
import Foundation
import Operations
import Sales
import TariffReports
import Tariffs
import Units

extension TariffCommand {
    struct Simulate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price recorded deliveries again under a draft: what would change for whom.",
            discussion: """
                Reads the sales and refused deliveries of a yard, or a file with one JSON object a
                line. A day outside the draft's validity counts as the same date of the nearest
                year inside. Free quantities and limits are counted from the draft's own
                decisions, beginning with nothing used. Examples:
                  hofbuch tariff simulate draft.yaml --data data --from 2025-01-01 --to 2025-12-31
                  hofbuch tariff simulate draft.yaml --deliveries 2025.jsonl --json
                """)

        @Argument(help: "The draft: a tariff file.")
        var draft: String
        @OptionGroup var recorded: RecordedSalesOptions
        @Option(help: "A file of recorded deliveries, one JSON object a line.")
        var deliveries: String?
        @OptionGroup var output: ReportOutput

        func validate() throws {
            guard (recorded.data == nil) != (deliveries == nil) else {
                throw ValidationError("give either --data or --deliveries")
            }
        }

        func run() async throws {
            try await reporting {
                let tariff = try TariffFile.decode(try bytes(of: draft))
                let report = SimulationReport(try await simulation(under: tariff))
                try output.write(report.text(width: output.width), report.json)
            }
        }

        private func simulation(under tariff: Tariff) async throws -> Simulation {
            let days = try recorded.days
            if let deliveries {
                return try await SaleFile(deliveries).simulation(under: tariff, days)
            }
            let archive = try recorded.archive
            let parts = try archive.parts(of: recorded.yardID, count: partCount(for: tariff))
            return try await merged(parts, under: tariff) { part, simulation in
                try archive.read(part, from: days.from, to: days.to) {
                    simulation.add(RecordedSale($0))
                }
            }
        }
    }
}

/// In how many parts a simulation runs: one where the order of the sales matters.
private func partCount(for draft: Tariff) -> Int {
    Simulation(draft: draft).mustRunInOrder ? 1 : ProcessInfo.processInfo.activeProcessorCount
}

/// Runs the parts beside each other and merges what they counted.
private func merged<Part: Sendable>(
    _ parts: [Part], under draft: Tariff,
    _ body: @Sendable @escaping (Part, inout Simulation) throws -> Void
) async throws -> Simulation {
    try await withThrowingTaskGroup(of: Simulation.self) { group in
        for part in parts {
            group.addTask {
                var simulation = Simulation(draft: draft)
                try body(part, &simulation)
                return simulation
            }
        }
        var whole = Simulation(draft: draft)
        for try await part in group { whole.merge(part) }
        return whole
    }
}

/// A file of recorded deliveries, one JSON object a line.
private struct SaleFile: Sendable {
    private let path: String
    private let content: Data

    init(_ path: String) throws {
        self.path = path
        do {
            content = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw Failure("\(path) cannot be read", Exit.noInput)
        }
    }

    func simulation(under draft: Tariff, _ days: RecordedDays) async throws -> Simulation {
        try await merged(parts(partCount(for: draft)), under: draft) { part, simulation in
            for line in content[part].split(separator: Self.newline) {
                let sale = try sale(line)
                if days.contains(sale.delivery.day) { simulation.add(sale) }
            }
        }
    }

    private func sale(_ line: Data) throws -> RecordedSale {
        do {
            return try RecordedSale(line: Array(line))
        } catch {
            let number = content[..<line.startIndex].count { $0 == Self.newline } + 1
            throw Failure("\(path):\(number): \(error.words)", Exit.badData)
        }
    }

    /// Ranges of about equal length that end behind a newline.
    private func parts(_ count: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = content.startIndex
        for number in 1...count {
            let wanted = content.count * number / count
            let rest = content[max(start, wanted)...]
            let end = rest.firstIndex(of: Self.newline).map { $0 + 1 } ?? content.endIndex
            if start < end { parts.append(start..<end) }
            start = end
        }
        return parts
    }

    private static let newline = UInt8(ascii: "\n")
}

extension RecordedSale {
    fileprivate init(_ entry: SalesArchive.Entry) {
        self.init(
            name: entry.reference.receiptNumber, delivery: entry.delivery,
            lines: entry.lines.map { lines in
                lines.map { ChargedLine(position: $0.position, gross: $0.gross) }
            })
    }
}
