import ArgumentParser
import DayClosing
import Keys
import NIOHTTP1
import Pages
import Text
import Units

struct CloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "The day close.",
        discussion: """
            In order: prepare, count, search and explain where something differs, approve or \
            send-back by a second person, show. A close that is approved is final.
            """,
        subcommands: [
            Prepare.self, Preview.self, Count.self, Search.self, Explain.self, Approve.self,
            SendBack.self, Show.self, List.self, Snapshot.self, Policy.self,
        ])

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Totals since the last close (X report) and how far the next one is.",
            discussion: "Where the yard counts blind, those who count see totals afterwards.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run {
                if json { return print(try await $0.atYard(.GET, "closes/next").text) }
                print(try await $0.text("closes/next/report"), terminator: "")
            }
        }
    }

    struct Snapshot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Freeze what the books say now, for an audit; the day goes on.",
            discussion: "With a reason it is taken (auditor or approver); with --show printed.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Why, in a few words.")
        var reason: String?
        @Option(help: "Print the snapshot with this number instead.")
        var show: Int64?

        func validate() throws {
            guard (reason == nil) != (show == nil) else {
                throw ValidationError("give either a reason, or --show with a number")
            }
        }

        func run() async throws {
            let (json, show) = (office.json, show)
            let body = JSONValue.fields(["reason": .string(reason ?? "")])
            try await office.run { client in
                var number = show
                if number == nil {
                    let taken = try await client.atYard(.POST, "snapshots", body)
                    if json { return print(taken.text) }
                    number = taken["number"]?.integer
                }
                let path = "snapshots/\(number ?? 0)"
                if json { return print(try await client.atYard(.GET, path).text) }
                print(try await client.text(path + "/sheet.txt"), terminator: "")
            }
        }
    }

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Type in the card terminals' totals; cuts the journal here (cashier).",
            discussion: """
                hofbuch close count --as anna 2026-11-22 51234567:girocard:42:613,80
                hofbuch close count --as anna 2026-11-22 --cuts kassenschnitte.csv

                A count that would hold unknown payments is refused unless they are carried over \
                by name (--acknowledge-unknown). A card terminal that is left out has no batch \
                cut: nobody knows its total, and it has to be explained; where its slip shows \
                nothing, give 0 and 0,00. A day that is over is closed up to its last record. \
                Several batch cuts of a card terminal come from a file (docs/formats/close.md).
                """)
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The business day.")
        var day: String
        @Argument(help: "Totals: card terminal, scheme, count and amount, with colons between.")
        var totals: [String] = []
        @Option(help: "File of batch cuts instead of totals.")
        var cuts: String?
        @Flag(help: "Unknown payments are known; carry them over by name.")
        var acknowledgeUnknown = false

        func run() async throws {
            try await reporting {
                let body = try body()
                let json = office.json
                try await OfficeClient.run(office) {
                    let next = try await $0.atYard(.POST, "closes/next/count", body)
                    print(json ? next.text : Comparisons(next).text)
                }
            }
        }

        private func body() throws -> JSONValue {
            let (name, values) = try counted()
            return .fields([
                "day": .string(day), name: .array(values),
                "acknowledgeUnknown": acknowledgeUnknown ? .bool(true) : nil,
            ])
        }

        /// What was counted, with the name of its member.
        private func counted() throws -> (String, [JSONValue]) {
            guard let cuts else { return ("totals", try totals.map(Self.total)) }
            guard totals.isEmpty else {
                throw Failure("give either totals or --cuts", Exit.usage)
            }
            let content = try bytes(of: cuts)
            do {
                let found = try BatchCutFile.parse(bytes: content)
                return ("cuts", found.map(\.json))
            } catch {
                throw Failure(
                    "\(cuts), line \(error.line): wanted is \(error.what.wanted) (cut-file)",
                    Exit.badData)
            }
        }

        private static func total(_ text: String) throws -> JSONValue {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 4, let count = Int64(parts[2]),
                let amount = GermanAmount.parse(String(parts[3]))
            else {
                throw Failure(
                    "\(text): wanted is TID:scheme:count:amount, such as "
                        + "51234567:girocard:42:613,80", Exit.usage)
            }
            return .fields([
                "tid": .string(String(parts[0])), "scheme": .string(String(parts[1])),
                "count": .integer(count), "amount": .integer(amount.value),
            ])
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name the reason of a difference (cashier).",
            discussion: """
                Reasons: \(DifferenceReason.allCases.map(\.rawValue).joined(separator: ", ")). \
                With \(DifferenceReason.allCases.filter(\.isCarried).map(\.rawValue)
                    .joined(separator: ", ")) the next close expects the difference back; \
                without a batch cut only these fit, and \(DifferenceReason.unexplained.rawValue).
                """)
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Card terminal (TID).")
        var cardTerminal: String
        @Argument(help: "Scheme, such as girocard.")
        var scheme: String
        @Argument(help: "Reason, such as test-transaction or missing-in-ledger.")
        var reason: String
        @Argument(help: "What happened, in a sentence.")
        var text: String

        func run() async throws {
            let body = JSONValue.fields([
                "tid": .string(cardTerminal), "scheme": .string(scheme),
                "reason": .string(reason), "text": .string(text),
            ])
            try await office.post("closes/next/explain", body, done: "Noted.")
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve the counted close (approver, another person): then it is final.",
            discussion: """
                What turned up after the count (an unknown payment, a terminal that has not sent \
                everything, an open refund) is named and the approval refused, until it is \
                settled or --known says that it is left to the next close.
                """)
        @OptionGroup var office: OfficeOptions
        @Option(help: "The mark of the count that was looked at; refused if it changed since.")
        var seen: String?
        @Option(help: "The mark of what turned up after the count (`close prepare` prints it).")
        var known: String?

        func validate() throws {
            try requireMark(seen, of: "seen", by: "count")
            try requireMark(known, of: "known", by: "prepare")
        }

        func run() async throws {
            let parts = [seen.map { "seen=\($0)" }, known.map { "known=\($0)" }]
                .compactMap(\.self).joined(separator: "&")
            let query = parts.isEmpty ? "" : "?\(parts)"
            try await office.run { client in
                let close = try await client.atYard(.POST, "closes/next/approve\(query)")
                print("Close \(close["number"]?.integer ?? 0) is final.")
            }
        }
    }

    struct SendBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send the count back with a reason (approver); the cashier counts again.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "What to look at again, in a sentence.")
        var reason: String
        @Option(help: "The mark of the count that was looked at; refused if it changed since.")
        var seen: String?

        func validate() throws { try requireMark(seen, of: "seen", by: "count") }

        func run() async throws {
            let query = seen.map { "?seen=\($0)" } ?? ""
            try await office.post(
                "closes/next/reject\(query)", .fields(["reason": .string(reason)]),
                done: "Sent back.")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a close, or write its archive file.",
            discussion: "The archive file is PDF/A-1b, tagged, the same bytes every time.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the close.")
        var number: Int64
        @Option(help: "Write the archive file here.")
        var pdf: String?

        func run() async throws {
            let (number, pdf, json) = (number, pdf, office.json)
            try await office.run { client in
                if let pdf {
                    let bytes = try await client.fetch(
                        .GET, "/v1/yards/\(client.yard)/closes/\(number)/sheet.pdf")
                    try DurableFile.replace(path: pdf, with: bytes)
                    return print(pdf)
                }
                if json { return print(try await client.atYard(.GET, "closes/\(number)").text) }
                print(try await client.text("closes/\(number)/sheet.txt"), terminator: "")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List closes, the newest last.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run { client in
                let path = "/v1/yards/\(client.yard)/closes?limit=100"
                let closes: [JSONValue] = try await client.all("closes", path).reversed()
                if json { return print(JSONValue.fields(["closes": .array(closes)]).text) }
                for close in closes {
                    let turnover = Cents(close["totals"]?["turnover"]?.integer ?? 0)
                    print(
                        "\(close["number"]?.integer ?? 0)  \(close["day"]?.string ?? "")  "
                            + "\(GermanFormat.euros(turnover))  "
                            + "\(close["countedBy"]?.string ?? "") / "
                            + "\(close["approvedBy"]?.string ?? "")  " + Self.words(close["seal"]))
                }
            }
        }

        /// How far a final close has come with witnesses and time stamp.
        private static func words(_ seal: JSONValue?) -> String {
            let state = seal?["state"]?.string ?? ""
            return state == "approved" ? "not yet witnessed" : state
        }
    }

    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Whether those who count see totals only afterwards, and when a cut is late.",
            discussion: """
                Blind unless switched off, three days unless said otherwise (operator). Without an \
                option both are only shown.
                """)

        enum Blind: String, ExpressibleByArgument, CaseIterable {
            case on, off
        }

        @OptionGroup var office: OfficeOptions
        @Option(help: "on or off.")
        var blind: Blind?
        @Option(help: "Name a card terminal after so many days without a batch cut, 1 to 30.")
        var cutDays: Int64?

        func run() async throws {
            let wanted = JSONValue.fields([
                "blind": blind.map { .bool($0 == .on) }, "cutDays": cutDays.map { .integer($0) },
            ])
            let isAsked = blind == nil && cutDays == nil
            try await office.run { client in
                let answer =
                    try await isAsked
                    ? client.atYard(.GET, "closes/policy")
                    : client.atYard(.PUT, "closes/policy", wanted)
                print("Blind count: \(answer["blind"]?.bool == true ? "on" : "off")")
                print("Batch cut late after days: \(answer["cutDays"]?.integer ?? 0)")
            }
        }
    }
}

/// The comparison that follows a count, a line for each card terminal and scheme.
private struct Comparisons {
    let text: String

    init(_ next: JSONValue) {
        let draft = next["draft"]
        let lines = (draft?["comparisons"]?.array ?? []).map { line in
            let (ours, theirs) = (line["expected"]?.integer ?? 0, line["counted"]?.integer ?? 0)
            let brought = line["brought"]?.integer ?? 0
            let slip =
                line["counted"] == nil
                ? "no batch cut, unknown"
                : "\(line["countedCount"]?.integer ?? 0) / \(GermanFormat.euros(Cents(theirs)))"
            return "\(line["tid"]?.string ?? "") \(line["scheme"]?.string ?? ""): "
                + "\(line["expectedCount"]?.integer ?? 0) / \(GermanFormat.euros(Cents(ours))), "
                + "card terminal \(slip)"
                + (brought == 0 ? "" : ", brought \(GermanFormat.euros(Cents(brought)))")
        }
        let findings = (draft?["cutFindings"]?.array ?? []).map(Self.words)
        text = (lines + findings + ["Mark: \(draft?["mark"]?.string ?? "")"]).joined(
            separator: "\n")
    }

    /// What is odd about the number of a batch cut.
    private static func words(_ finding: JSONValue) -> String {
        let what =
            switch finding["kind"]?.string {
            case "repeated": "stands in close \(finding["close"]?.integer ?? 0) with other totals"
            case "gap":
                "\(finding["missing"]?.integer ?? 0) missing after "
                    + (finding["after"]?.string ?? "")
            default: "comes after \(finding["after"]?.string ?? "")"
            }
        return "Batch cut \(finding["number"]?.string ?? "") of card terminal "
            + "\(finding["tid"]?.string ?? ""): \(what)"
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (0x30...0x39).contains(self) || (0x61...0x66).contains(self)
    }
}

extension OfficeClient {
    /// A text below the yard's address.
    fileprivate func text(_ path: String) async throws -> String {
        String(decoding: try await fetch(.GET, "/v1/yards/\(yard)/\(path)"), as: UTF8.self)
    }
}

/// Refuses what is no mark of a count or of what turned up after it.
private func requireMark(_ mark: String?, of option: String, by command: String) throws {
    guard mark?.utf8.allSatisfy(\.isHexDigit) ?? true else {
        throw ValidationError("--\(option) is the mark that `close \(command)` prints")
    }
}
