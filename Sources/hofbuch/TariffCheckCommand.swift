import ArgumentParser
import Defaults
import Operations
import Tariffs
import Text
import Units

extension TariffCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check tariff files: prices, examples, what the examples do not cover.",
            discussion: """
                Exit code 65 if a file has an error; warnings alone are no error. Examples:
                  hofbuch tariff check tariffs/*.yaml
                  hofbuch tariff check draft.yaml --previous tariffs/gladbeck-2023.yaml
                """)

        @Argument(help: "Tariff files.")
        var files: [String]
        @Option(help: "The version that the file replaces, to compare with.")
        var previous: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let previous = try previous.map { try TariffFile.decode(try bytes(of: $0)) }
                let checked = try files.map {
                    CheckedFile($0, try bytes(of: $0), replacing: previous)
                }
                if json {
                    print(JSONValue.array(checked.map(\.json)).text)
                } else {
                    for file in checked { print(file.words) }
                }
                if checked.contains(where: \.hasErrors) { throw Exit.badData }
            }
        }
    }
}

extension TariffCommand {
    struct SchemaCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of tariff files, for editors.")

        func run() async throws {
            print(
                String(decoding: DefaultFile.tariffSchema?.bytes ?? [], as: UTF8.self),
                terminator: "")
        }
    }
}

/// A tariff file with everything that was found in it.
private struct CheckedFile {
    let file: String
    let tariff: Tariff?
    let problems: [SourceProblem]
    let coverage: ExampleCoverage?

    init(_ file: String, _ bytes: [UInt8], replacing previous: Tariff?) {
        self.file = file
        let (tariff, problems) = TariffFile.read(bytes)
        self.tariff = tariff
        coverage = tariff?.exampleCoverage()
        let lint = tariff?.lint() ?? []
        let versions = previous.flatMap { tariff?.lint(against: $0) } ?? []
        self.problems = problems + lint + versions + (coverage?.problems ?? [])
    }

    var errorCount: Int { problems.count { $0.severity == .error } }
    var hasErrors: Bool { tariff == nil || errorCount > 0 }

    /// Each problem on a line, then the sum.
    var words: String {
        var lines = problems.map { "\(file):\($0.line)" }
        if let tariff, let coverage {
            lines.append(
                "\(file): \(tariff.positions.count) positions, \(tariff.examples.count) examples "
                    + "(\(coverage.summary)), \(errorCount) errors, "
                    + "\(problems.count - errorCount) warnings")
        }
        return lines.joined(separator: "\n")
    }

    /// docs/formats/tariff-reports.md.
    var json: JSONValue {
        .fields([
            "file": .string(file), "tariff": tariff.map { .string($0.reference.id) },
            "positions": tariff.map { .integer(Int64($0.positions.count)) },
            "examples": tariff.map { .integer(Int64($0.examples.count)) },
            "casesNeeded": coverage.map { .integer(Int64($0.needed)) },
            "casesShown": coverage.map { .integer(Int64($0.given)) },
            "errors": .integer(Int64(errorCount)),
            "warnings": .integer(Int64(problems.count - errorCount)),
            "problems": .array(problems.map(\.json)),
        ])
    }
}

extension SourceProblem {
    fileprivate var json: JSONValue {
        .fields([
            "code": .string(code), "severity": .string(severity.rawValue),
            "line": position.map { .integer(Int64($0.line)) },
            "column": position.map { .integer(Int64($0.column)) }, "message": .string(message),
        ])
    }
}
