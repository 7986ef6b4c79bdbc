import ArgumentParser
import Foundation
import Keys
import NIOHTTP1
import Text
import Units

// The yard's tariff book: what is in force when, and by whom.
extension TariffCommand {
    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a tariff file forward for a yard (operator).",
            discussion: """
                A version that begins while another is in force ends that one on the day before,
                once a second person has activated it. Days without a tariff, days with two, and
                days whose sales are made already are refused.
                """)
        @OptionGroup var office: OfficeOptions
        @Argument(help: "A tariff file.")
        var file: String

        func run() async throws {
            try await reporting {
                let (content, json) = (try bytes(of: file), office.json)
                try await OfficeClient.run(office) { client in
                    let bytes = try await client.fetch(
                        .POST, "/v1/yards/\(client.yard)/tariffs", content)
                    let answer = try StrictJSON.parse(bytes, depthMax: 8)
                    if json { return print(answer.text) }
                    let digest = answer.word("digest")
                    for tariff in try await client.tariffs(digest) {
                        print("Proposed: \(tariff.tariffDays).")
                    }
                    print("Digest: \(digest)")
                    print("Another person brings it into force: hofbuch tariff activate")
                }
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "activate",
            abstract: "Bring a proposed tariff into force (approver, another person).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The digest that `propose` printed.")
        var digest: String

        func run() async throws {
            let (digest, json) = (digest, office.json)
            try await office.run { client in
                try await client.atYard(.POST, "tariffs/\(digest)/approve")
                for tariff in try await client.tariffs(digest) {
                    print(json ? tariff.text : "Activated: \(tariff.tariffDays).")
                }
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a proposed tariff back (operator or approver).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The digest that `propose` printed.")
        var digest: String

        func run() async throws {
            let (digest, json) = (digest, office.json)
            try await office.run { client in
                try await client.atYard(.POST, "tariffs/\(digest)/withdraw")
                guard json else { return print("Withdrawn.") }
                for tariff in try await client.tariffs(digest) { print(tariff.text) }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a yard's tariff versions and proposals.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run { client in
                if json { return print(try await client.atYard(.GET, "tariffs").text) }
                for tariff in try await client.tariffs() {
                    let names = ["proposedBy", "approvedBy", "withdrawnBy"]
                        .compactMap { tariff[$0]?.string }.joined(separator: " / ")
                    print(
                        "\(tariff.tariffDays)  \(tariff["state"]?.string ?? "")  "
                            + "\(tariff["id"]?.string ?? "")  \(names)  "
                            + (tariff["digest"]?.string ?? ""))
                }
            }
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a stored tariff file, byte for byte.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The file's digest.")
        var digest: String
        @Option(help: "File to write.")
        var into: String

        func run() async throws {
            let (digest, into, json) = (digest, into, office.json)
            try await office.run { client in
                let bytes = try await client.fetch(
                    .GET, "/v1/yards/\(client.yard)/tariffs/\(digest)")
                try DurableFile.replace(path: into, with: bytes)
                let written = JSONValue.fields([
                    "digest": .string(digest), "file": .string(into),
                ])
                print(json ? written.text : into)
            }
        }
    }

    struct Reprice: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price a recorded sale again from the stored tariff file.",
            discussion: "Exit code 0 if each line costs the same to the cent, 11 if not.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Receipt number, such as t1-000042.")
        var receipt: String

        func run() async throws {
            try await reporting {
                let path = try reference(receipt).path + "/repricing"
                let (receipt, json) = (receipt, office.json)
                try await OfficeClient.run(office) { client in
                    let answer = try await client.atYard(.GET, path)
                    print(json ? answer.text : answer.repricingWords(receipt))
                    guard answer["agrees"] == .bool(true) else { throw Exit.misfit }
                }
            }
        }
    }
}

extension OfficeClient {
    fileprivate func tariffs() async throws -> [JSONValue] {
        try await atYard(.GET, "tariffs")["tariffs"]?.array ?? []
    }

    /// The versions with a digest: one, unless the file is not stored.
    fileprivate func tariffs(_ digest: String) async throws -> [JSONValue] {
        try await tariffs().filter { $0["digest"]?.string == digest }
    }
}

extension JSONValue {
    /// The days of a version, such as `2026-01-01 – 2026-12-31`.
    fileprivate var tariffDays: String {
        "\(self["from"]?.string ?? "") – \(self["to"]?.string ?? "")"
    }

    /// What a repricing says, for people.
    fileprivate func repricingWords(_ receipt: String) -> String {
        var lines = [
            "\(receipt), \(self["day"]?.string ?? ""): \(self["tariff"]?["id"]?.string ?? "") "
                + (self["tariff"]?["digest"]?.string ?? "")
        ]
        for (name, label) in [("stored", "sold"), ("computed", "again")] {
            for line in self[name]?.array ?? [] {
                let gross = Cents(line["gross"]?.integer ?? 0)
                lines.append(
                    "\(label)  \(GermanFormat.euros(gross))  \(line["de"]?.string ?? "")")
            }
        }
        for refusal in self["refused"]?.array ?? [] {
            lines.append("again  refused: \(refusal.string ?? "")")
        }
        lines.append("Difference: \(self["difference"]?.integer ?? 0) cents.")
        let byQuota = self["quotaDifference"]?.integer
        lines.append(
            byQuota.map { "By the quotas that the server knows: \($0) cents." }
                ?? "By the quotas that the server knows it would be refused.")
        return lines.joined(separator: "\n")
    }
}
