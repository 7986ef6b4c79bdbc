import ArgumentParser
import Calendars
import Foundation
import Operations
import Tariffs
import Text
import Units

struct TariffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tariff", abstract: "Tariff files: check, price, bring into force.",
        subcommands: [
            Check.self, Price.self, Propose.self, Approve.self, Withdraw.self, List.self,
            Fetch.self, Reprice.self,
        ])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check tariff files and run their worked examples.")

        @Argument(help: "Tariff files.")
        var files: [String]

        func run() async throws {
            try await reporting {
                var hasErrors = false
                for file in files {
                    let (tariff, problems) = TariffFile.read(try bytes(of: file))
                    for problem in problems {
                        print("\(file):\(problem.line)")
                        if problem.severity == .error { hasErrors = true }
                    }
                    guard let tariff else {
                        hasErrors = true
                        continue
                    }
                    let errors = problems.count { $0.severity == .error }
                    print(
                        "\(file): \(tariff.positions.count) positions, "
                            + "\(tariff.examples.count) examples, \(errors) errors, "
                            + "\(problems.count - errors) warnings")
                }
                if hasErrors { throw Exit.badData }
            }
        }
    }

    struct Price: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price a delivery and say why each line costs what it costs.",
            discussion: """
                Example:
                  hofbuch tariff price tariffs/wadersloh-2022.yaml "privat: 700 l gruenabfall"
                """)

        @Argument(help: "A tariff file.")
        var file: String
        @Argument(help: "The delivery: \"privat: 700 l gruenabfall\", or a JSON file.")
        var delivery: String
        @Option(help: "Day of the delivery, such as 2026-11-22; today without it.")
        var day: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let tariff = try TariffFile.decode(try bytes(of: file))
                switch tariff.price(try parsed(for: tariff)) {
                case .priced(let quote): show(quote)
                case .refused(let refusals):
                    for refusal in refusals {
                        print("abgelehnt (\(refusal.code)): \(refusal.reason.german)")
                    }
                    throw Exit.badData
                }
            }
        }

        private func show(_ quote: Quote) {
            if json {
                let lines = quote.lines.map { line in
                    JSONValue.fields([
                        "position": .string(line.position),
                        "gross": .integer(line.gross.value),
                        "de": .string(line.explanation.german),
                        "en": .string(line.explanation.english),
                    ])
                }
                let document = JSONValue.fields([
                    "total": .integer(quote.total.value), "lines": .array(lines),
                ])
                return print(document.text)
            }
            for line in quote.lines {
                print("\(GermanFormat.euros(line.gross))  \(line.explanation.german)")
            }
            print("\(GermanFormat.euros(quote.total))  Summe, \(quote.tariff.title)")
        }

        private func parsed(for tariff: Tariff) throws -> Delivery {
            if FileManager.default.fileExists(atPath: delivery) {
                do {
                    return try Delivery(json: StrictJSON.parse(try bytes(of: delivery)))
                } catch {
                    throw Failure("\(delivery) is no delivery: \(error)", Exit.badData)
                }
            }
            guard let calendar = LocalCalendar(zone: "Europe/Berlin"),
                let day = day.map(BusinessDay.init(iso:)) ?? calendar.day(of: SystemClock.now())
            else { throw Failure("--day has to be a date such as 2026-11-22", ExitCode(64)) }
            do {
                return try DeliveryPhrase.parse(
                    delivery, day: day, group: .household, tariff: tariff)
            } catch {
                throw Failure("\(error)", Exit.badData)
            }
        }
    }
}

/// The bytes of a file named on the command line.
func bytes(of file: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: file) else {
        throw Failure("\(file) cannot be read", Exit.noInput)
    }
    return Array(data)
}
