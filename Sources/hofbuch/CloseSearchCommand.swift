import ArgumentParser
import NIOHTTP1
import Text

// What to look at before a close, and where to look when it differs.
extension CloseCommand {
    struct Prepare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What to settle before the close, or to know of.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run { client in
                let next = try await client.atYard(.GET, "closes/next")
                let points = next["points"]?.array ?? []
                if json { return print(JSONValue.array(points).text) }
                for sent in next["sentBack"]?.array ?? [] {
                    print(
                        "Sent back by \(sent["by"]?.string ?? ""): \(sent["reason"]?.string ?? "")")
                }
                for point in points { print(point["text"]?.string ?? "") }
                if points.isEmpty { print("Nothing is open.") }
                for line in Self.news(next["news"]) { print(line) }
            }
        }

        /// What turned up after the count, for the person who approves.
        private static func news(_ news: JSONValue?) -> [String] {
            guard let mark = news?["mark"]?.string else { return [] }
            return ["After the count turned up:"]
                + (news?["points"]?.array ?? []).map { "  " + ($0["text"]?.string ?? "") }
                + ["Who approves all the same says so: close approve --known \(mark)"]
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The sales that may explain each difference of the count.",
            discussion: "Behind each arrow stands the reason that `close explain` takes.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("closes/next/suspicions") { answer in
                let differences = answer["differences"]?.array ?? []
                if differences.isEmpty { print("Nothing differs.") }
                for difference in differences {
                    let found = difference["suspicions"]?.array ?? []
                    print(
                        "\(difference["tid"]?.string ?? "") \(difference["scheme"]?.string ?? "")"
                            + (found.isEmpty ? ": nothing fits" : ":"))
                    for suspicion in found {
                        let sales = (suspicion["sales"]?.array ?? []).map(\.receiptNumber)
                        print(
                            "  \(suspicion["kind"]?.string ?? "") → "
                                + "\(suspicion["reason"]?.string ?? ""): "
                                + sales.joined(separator: ", "))
                    }
                }
            }
        }
    }
}
