import ArgumentParser
import Calendars
import Foundation
import Operations
import TariffReports
import Tariffs
import Text
import Units

struct TariffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tariff",
        abstract: "Tariff files: check, price, compare, simulate, bring into force.",
        subcommands: [
            Check.self, Price.self, Explain.self, Positions.self, Diff.self, Simulate.self,
            PriceListCommand.self, ConformanceCommand.self, Propose.self, Approve.self,
            Withdraw.self, List.self, Fetch.self, Reprice.self, SchemaCommand.self,
        ])

    struct Price: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price a delivery and say why each line costs what it costs.",
            discussion: """
                Example:
                  hofbuch tariff price tariffs/wadersloh-2022.yaml "privat: 700 l gruenabfall"
                """)

        @OptionGroup var question: PriceQuestion

        func run() async throws {
            try await reporting {
                let report = try question.answer()
                print(question.json ? report.json.text + "\n" : report.brief, terminator: "")
                try report.exit()
            }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price a delivery and show every figure: free, charged, billed, exact price.",
            discussion: """
                Example, with an earlier delivery of the same household:
                  hofbuch tariff explain tariffs/gladbeck-2024.yaml --day 2024-05-04 \\
                    --earlier "privat, Haushalt A: 800 l gartenabfall" \\
                    "privat, Haushalt A: 700 l gartenabfall"
                """)

        @OptionGroup var question: PriceQuestion

        func run() async throws {
            try await reporting {
                let report = try question.answer()
                print(question.json ? report.json.text + "\n" : report.text(), terminator: "")
                try report.exit()
            }
        }
    }

    struct Positions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the positions of a tariff file with their prices.",
            discussion: "Example: hofbuch tariff positions tariffs/remscheid-2020.yaml")

        @Argument(help: "A tariff file.")
        var file: String
        @OptionGroup var output: ReportOutput

        func run() async throws {
            try await reporting {
                let listing = Listing(of: try TariffFile.decode(try bytes(of: file)))
                try output.write(listing.text(width: output.width), listing.json)
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare two versions of a tariff in citizens' words, with amounts.",
            discussion: """
                Example:
                  hofbuch tariff diff tariffs/gladbeck-2023.yaml tariffs/gladbeck-2024.yaml
                """)

        @Argument(help: "The old tariff file.")
        var old: String
        @Argument(help: "The new tariff file.")
        var new: String
        @OptionGroup var output: ReportOutput

        func run() async throws {
            try await reporting {
                let diff = TariffDiff(
                    from: try TariffFile.decode(try bytes(of: old)),
                    to: try TariffFile.decode(try bytes(of: new)))
                try output.write(diff.text(width: output.width), diff.json)
            }
        }
    }

    struct PriceListCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pricelist", abstract: "A price list for the notice board or the web.",
            discussion: """
                Example:
                  hofbuch tariff pricelist tariffs/wadersloh-2022.yaml --html --into preise.html
                """)

        @Argument(help: "A tariff file.")
        var file: String
        @Option(help: "The day; without it today, or the tariff's first day if that is later.")
        var day: String?
        @Flag(help: "Show every season and date window instead of one day's prices.")
        var all = false
        @Flag(help: "Write a complete page.")
        var html = false
        @OptionGroup var output: ReportOutput

        func run() async throws {
            try await reporting {
                let tariff = try TariffFile.decode(try bytes(of: file))
                let list = PriceList(of: tariff, on: all ? nil : try shownDay(of: tariff))
                try output.write(html ? list.html : list.text(width: output.width), list.json)
            }
        }

        private func shownDay(of tariff: Tariff) throws -> BusinessDay {
            if let day {
                let day = try businessDay(day, option: "--day")
                guard tariff.validity.contains(day) else {
                    throw Failure(
                        "\(file) is not in force on \(day.iso); use --all or a day from "
                            + tariff.validity.from.iso, Exit.badData)
                }
                return day
            }
            let today = try today()
            return tariff.validity.contains(today) ? today : tariff.validity.from
        }
    }

    struct ConformanceCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "conformance",
            abstract: "The table for the council: statute beside position, examples to sign.",
            discussion: """
                Exit code 65 if an example does not come out right. Example:
                  hofbuch tariff conformance tariffs/wadersloh-2022.yaml --html --into rat.html
                """)

        @Argument(help: "A tariff file.")
        var file: String
        @Flag(help: "Write a complete page.")
        var html = false
        @OptionGroup var output: ReportOutput

        func run() async throws {
            try await reporting {
                let (tariff, problems) = TariffFile.read(try bytes(of: file))
                guard let tariff else {
                    throw OperationsError.tariffInvalid(problems.filter { $0.severity == .error })
                }
                let table = Conformance(of: tariff)
                try output.write(html ? table.html : table.text(width: output.width), table.json)
                if !table.failing.isEmpty { throw Exit.badData }
            }
        }
    }
}
