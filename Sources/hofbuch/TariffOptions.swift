import ArgumentParser
import Calendars
import Foundation
import Keys
import Operations
import TariffReports
import Tariffs
import Text
import Units

/// How and where a report about a tariff is written.
struct ReportOutput: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: "Columns of a line of text, 40 to 1000.")
    var width = 100

    @Option(help: "File to write; standard output without it.")
    var into: String?

    func write(_ text: String, _ json: JSONValue) throws {
        let text = self.json ? json.text + "\n" : text
        guard let into else { return print(text, terminator: "") }
        try DurableFile.replace(path: into, with: Array(text.utf8))
    }
}

/// A delivery to price: in words or as a JSON file, and those of the same holder before it.
struct PriceQuestion: ParsableArguments {
    @Argument(help: "A tariff file.")
    var file: String

    @Argument(help: "The delivery: \"privat: 700 l gruenabfall\", or a JSON file.")
    var delivery: String

    @Option(help: "Day of the delivery, such as 2026-11-22; today without it.")
    var day: String?

    @Option(help: "An earlier delivery on that day whose quotas count; may be repeated.")
    var earlier: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    func answer() throws -> PricingReport {
        let tariff = try TariffFile.decode(try bytes(of: file))
        var used = UsedQuotas()
        for text in earlier {
            let delivery = try parsed(text, tariff)
            let before = used.state(before: delivery, under: tariff)
            guard case .priced(_, let taken) = tariff.amountLines(of: delivery, quota: before)
            else { throw Failure("the earlier delivery \"\(text)\" is refused", Exit.badData) }
            used.add(taken)
        }
        let asked = try parsed(delivery, tariff)
        let before = used.state(before: asked, under: tariff)
        return PricingReport(tariff.price(asked, quota: before), of: tariff)
    }

    private func parsed(_ text: String, _ tariff: Tariff) throws -> Delivery {
        if FileManager.default.fileExists(atPath: text) {
            do {
                return try Delivery(json: StrictJSON.parse(try bytes(of: text)))
            } catch let error as DeliveryJSONError {
                throw Failure("\(text) is no delivery: \(error.words)", Exit.badData)
            } catch let error as StrictJSONError {
                throw Failure(
                    "\(text) is no strict JSON: byte \(error.offset), \(error.code)",
                    Exit.badData)
            }
        }
        let day = try day.map { try businessDay($0, option: "--day") } ?? today()
        return try DeliveryPhrase.parse(text, day: day, group: .household, tariff: tariff)
    }
}

extension PricingReport {
    /// Ends with the exit code for bad data where the delivery is refused.
    func exit() throws {
        if case .refused = decision { throw Exit.badData }
    }
}

/// The wall clock of the yards.
func yardCalendar() throws -> LocalCalendar {
    guard let calendar = LocalCalendar(zone: LocalCalendar.yardZone) else {
        throw Failure(
            "the time zone \(LocalCalendar.yardZone) is not installed", Exit.configuration)
    }
    return calendar
}

/// Today in the yard's time zone.
func today() throws -> BusinessDay { try yardCalendar().day(of: SystemClock.now()) }

/// A day that was typed as an option.
func businessDay(_ text: String, option: String) throws -> BusinessDay {
    guard let day = BusinessDay(iso: text) else {
        throw Failure("\(option) has to be a date such as 2026-11-22", Exit.usage)
    }
    return day
}

/// The bytes of a file named on the command line.
func bytes(of file: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: file) else {
        throw Failure("\(file) cannot be read", Exit.noInput)
    }
    return Array(data)
}
