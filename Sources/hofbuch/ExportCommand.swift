import ArgumentParser
import Foundation
import NIOHTTP1
import Pages
import Signing
import Text
import Units

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Files for the finance software.",
        subcommands: [
            Create.self, List.self, Show.self, Fetch.self, HandOver.self, Acknowledge.self,
            Reject.self, Completeness.self, Check.self, Lint.self,
        ])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an export of approved closes (finance or approver).",
            discussion: """
                Formats: datev, or the id of a profile (a close stands in one batch of each); \
                hledger, ledger, beancount, gobd and json (as often as you like). An approver \
                may make an export that names people, and does not fetch it.
                """)
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Format.")
        var format: String
        @Argument(help: "Numbers of closes.")
        var closes: [Int64]

        func run() async throws {
            try await reporting {
                let body = JSONValue.fields([
                    "profile": .string(format),
                    "closes": .array(closes.map { .integer($0) }),
                ])
                let json = office.json
                try await OfficeClient.run(office) {
                    let export = try await $0.atYard(.POST, "exports", body, .export)
                    print(json ? export.text : List.line(export))
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The register: exports, their state, formats and targets.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.show("exports") { answer in
                for export in answer["exports"]?.array ?? [] { print(Self.line(export)) }
                for (title, name) in [("Formats", "formats"), ("Targets", "targets")] {
                    let names = answer[name]?.array?.compactMap(\.string) ?? []
                    print("\(title): \(names.isEmpty ? "none" : names.joined(separator: ", "))")
                }
            }
        }

        /// An export in one line.
        fileprivate static func line(_ export: JSONValue) -> String {
            let closes = export["closes"]?.array?.compactMap { $0.integer.map(String.init) } ?? []
            let sum = export["sums"]?.array?.compactMap { $0["amount"]?.integer }.reduce(0, +)
            return [
                String(export["number"]?.integer ?? 0), export["profile"]?.string ?? "",
                "closes \(closes.joined(separator: ","))",
                sum.map { GermanFormat.euros(Cents($0)) } ?? "",
                export["state"]?.string ?? "",
                "\(export["by"]?.string ?? "") \(export["at"]?.string ?? "")",
            ].filter { !$0.isEmpty }.joined(separator: "  ")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One export: content, sums, hashes, and what became of it.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the export.")
        var number: Int64

        func run() async throws {
            let number = number
            try await office.run { print(try await $0.export(number).text) }
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the files of an export into a folder (finance or auditor).",
            discussion: """
                Of finance this is a hand-over and is recorded. An export that names people is for \
                finance alone.
                """)
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the export.")
        var number: Int64
        @Option(help: "Folder to write into; made if it is not there.")
        var into = "."
        @Flag(help: "All files as one ZIP archive.")
        var zip = false

        func run() async throws {
            let (number, folder, isArchive) = (number, into, zip)
            try await office.run { client in
                // Before anything is fetched: of finance that is recorded as a hand-over.
                try Self.makeFolder(folder)
                if isArchive { return try await Self.fetchArchive(number, into: folder, client) }
                let export = try await client.export(number)
                for file in export["files"]?.array ?? [] {
                    guard let name = file["name"]?.string else { continue }
                    try await client.download(
                        "/v1/yards/\(client.yard)/exports/\(number)/\(name)",
                        to: "\(folder)/\(name)",
                        digest: file["sha256"]?.string.flatMap { Digest(hex: $0) })
                    print("\(folder)/\(name)")
                }
            }
        }

        private static func makeFolder(_ folder: String) throws {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw Failure(
                    "\(folder) is no folder and cannot be made one: nothing was fetched. Say with "
                        + "--into where to write.", Exit.inputOutput)
            }
        }

        private static func fetchArchive(
            _ number: Int64, into folder: String, _ client: OfficeClient
        ) async throws {
            let path = "\(folder)/\(client.yard)-export-\(padded(number, 6)).zip"
            try await client.download(
                "/v1/yards/\(client.yard)/exports/\(number)/files.zip", to: path, digest: nil)
            print(path)
        }
    }

    struct HandOver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put the files to a target of finance/uebergabe.yaml (finance).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the export.")
        var number: Int64
        @Argument(help: "Name of the target.")
        var target: String

        func run() async throws {
            try await office.post(
                "exports/\(number)/hand-over", .fields(["target": .string(target)]),
                done: "Handed over.")
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that finance has booked a handed-over export (finance).")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the export.")
        var number: Int64
        @Option(help: "The number that the finance software gave it.")
        var reference: String?

        func run() async throws {
            try await office.post(
                "exports/\(number)/acknowledge",
                .fields(["reference": reference.map { .string($0) }]), done: "Acknowledged.")
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that finance did not take an export (finance).",
            discussion: "Its closes may then be exported anew; the new export names this one.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Number of the export.")
        var number: Int64
        @Argument(help: "Why, in a sentence.")
        var reason: String

        func run() async throws {
            try await office.post(
                "exports/\(number)/reject", .fields(["reason": .string(reason)]),
                done: "Rejected.")
        }
    }

    struct Completeness: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show whether every close went to finance exactly once.",
            discussion: "Exit code 0 if so in every format, 11 if not.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run { client in
                let answer = try await client.atYard(.GET, "exports/completeness")
                let formats = answer["formats"]?.array ?? []
                if json {
                    print(answer.text)
                } else if formats.isEmpty {
                    print("No format is demanded and none was used yet.")
                }
                for format in formats where !json { print(Self.words(format)) }
                if formats.contains(where: { $0["complete"] != .bool(true) }) {
                    throw Exit.misfit
                }
            }
        }

        private static func words(_ format: JSONValue) -> String {
            func numbers(_ name: String) -> String {
                (format[name]?.array ?? []).compactMap { $0.integer.map(String.init) }
                    .joined(separator: ", ")
            }
            func euros(_ name: String) -> String {
                GermanFormat.euros(Cents(format[name]?.integer ?? 0))
            }
            let findings = [
                ("in no export", "missing"), ("in more than one", "twice"),
                ("not answered by finance", "unanswered"),
            ].filter { !numbers($0.1).isEmpty }.map { "; \($0.0): \(numbers($0.1))" }
            let verdict = format["complete"] == .bool(true) ? "complete" : "NOT complete"
            return "\(format["format"]?.string ?? ""): \(verdict), "
                + "\(format["closes"]?.array?.count ?? 0) closes, exported \(euros("exported")) "
                + "of \(euros("grandTotal"))\(findings.joined())"
        }
    }
}

extension OfficeClient {
    /// An export of the register.
    fileprivate func export(_ number: Int64) async throws -> JSONValue {
        let exports = try await atYard(.GET, "exports")["exports"]?.array ?? []
        guard let export = exports.first(where: { $0["number"]?.integer == number }) else {
            throw Failure("there is no export \(number)", Exit.noInput)
        }
        return export
    }
}
