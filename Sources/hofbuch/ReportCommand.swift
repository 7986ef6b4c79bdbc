import ArgumentParser
import NIOHTTP1
import Reports
import Text
import Units

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Turnover, weight and count of recorded sales; differences of card terminals.",
        discussion: """
            Examples:
              hofbuch report sales --as kasse --by fraction --from 2026-01-01 --to 2026-12-31
              hofbuch report sales --as kasse --by month --compare --csv > 2026.csv
              hofbuch report differences --as pruefung
            """,
        subcommands: [SalesCommand.self, Differences.self])

    struct SalesCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sales", abstract: "Recorded sales, added up.")

        @OptionGroup var office: OfficeOptions
        @OptionGroup var question: ReportQuestion
        @Option(
            help: """
                What a row stands for: \(ReportGrouping.allCases.map(\.rawValue)
                    .joined(separator: ", ")).
                """)
        var by = ReportGrouping.fraction
        @Flag(help: "Beside the same days of the year before.")
        var compare = false

        func validate() throws { try question.requireOneForm(office) }

        func run() async throws {
            try await question.print(
                "sales", ["by=\(by.rawValue)"] + (compare ? ["compare=year-before"] : []), office)
        }
    }

    struct Differences: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How often and by how much card terminals differed, by month.")

        @OptionGroup var office: OfficeOptions
        @OptionGroup var question: ReportQuestion

        func validate() throws { try question.requireOneForm(office) }

        func run() async throws { try await question.print("differences", [], office) }
    }
}

/// Days, yards and form of a report.
struct ReportQuestion: ParsableArguments {
    @Option(help: "The first day; the first of this year if left out.")
    var from: String?
    @Option(help: "The last day; today if left out.")
    var to: String?
    @Flag(help: "All yards of the installation, not only the one of --yard.")
    var allYards = false
    @Flag(help: "Print CSV for a spreadsheet.")
    var csv = false

    func validate() throws {
        let first = try Self.day(from, "--from")
        let last = try Self.day(to, "--to")
        if let first, let last, first > last {
            throw ValidationError("--from \(first.iso) is later than --to \(last.iso)")
        }
    }

    private static func day(_ text: String?, _ option: String) throws -> BusinessDay? {
        guard let text else { return nil }
        guard let day = BusinessDay(iso: text) else {
            throw ValidationError("\(option) \(text): wanted is a day such as 2026-11-01")
        }
        return day
    }

    /// Says of two forms at once that only one can be printed.
    func requireOneForm(_ office: OfficeOptions) throws {
        guard !(csv && office.json) else {
            throw ValidationError("give either --csv or --json")
        }
    }

    func print(_ report: String, _ parameters: [String], _ office: OfficeOptions) async throws {
        let today = try today()
        let days = [
            "from=\(from ?? "\(today.year)-01-01")", "to=\(to ?? today.iso)",
            "form=\(office.json ? "json" : csv ? "csv" : "text")",
        ]
        let allYards = allYards
        try await reporting {
            try await OfficeClient.run(office, needsYard: !allYards) { client in
                let yard = allYards ? [] : ["yard=\(client.yard)"]
                let query = (parameters + days + yard).joined(separator: "&")
                let bytes = try await client.fetch(.GET, "/v1/reports/\(report)?\(query)")
                Swift.print(String(decoding: bytes, as: UTF8.self), terminator: "")
            }
        }
    }
}

extension ReportGrouping: ExpressibleByArgument {}
