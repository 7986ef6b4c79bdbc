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
                All files are looked at. Exit code 65 if one has an error, 66 if one cannot be \
                read; warnings alone are no error. Examples:
                  hofbuch tariff check tariffs/*.yaml
                  hofbuch tariff check draft.yaml --previous tariffs/gladbeck-2023.yaml
                  hofbuch tariff check tariff.yaml --data data --from 2025-01-01
                With --data also which positions no recorded sale used.
                """)

        @Argument(help: "Tariff files.")
        var files: [String]
        @Option(help: "The version that the file replaces, to compare with.")
        var previous: String?
        @OptionGroup var recorded: RecordedSalesOptions
        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            let asked = [recorded.yard, recorded.from, recorded.to].compactMap(\.self)
            guard recorded.data != nil || asked.isEmpty else {
                throw ValidationError("--yard, --from and --to go with --data")
            }
        }

        func run() async throws {
            try await reporting {
                let sold = recorded.data == nil ? nil : try recorded.positions()
                let previous = try previous.map { try TariffFile.decode(try bytes(of: $0)) }
                var (checked, unread): ([CheckedFile], ExitCode?) = ([], nil)
                for file in files {
                    do {
                        checked.append(
                            CheckedFile(
                                file, try bytes(of: file), replacing: previous, sold: sold))
                    } catch let failure as Failure {
                        // The others are looked at all the same.
                        Message.error(failure.text)
                        unread = failure.code
                    }
                }
                if json {
                    print(JSONValue.array(checked.map(\.json)).text)
                } else {
                    for file in checked { print(file.words) }
                }
                if checked.contains(where: \.hasErrors) { throw Exit.badData }
                if let unread { throw unread }
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

    /// - Parameter sold: positions that recorded sales used; nil if nobody asked.
    init(_ file: String, _ bytes: [UInt8], replacing previous: Tariff?, sold: Set<String>?) {
        self.file = file
        let (tariff, problems) = TariffFile.read(bytes)
        self.tariff = tariff
        coverage = tariff?.exampleCoverage()
        let lint = tariff?.lint() ?? []
        let versions = previous.flatMap { tariff?.lint(against: $0) } ?? []
        let unused = sold.flatMap { tariff?.lint(usedInSales: $0) } ?? []
        self.problems = problems + lint + versions + unused + (coverage?.problems ?? [])
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
