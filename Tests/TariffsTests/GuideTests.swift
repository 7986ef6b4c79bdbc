import SourceFiles
import Testing
import Text
import Units

@testable import Tariffs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The pages about tariff files show what the program does.
struct GuideTests {
    /// A page of docs/.
    static func page(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try Data(contentsOf: root.appending(path: "docs/\(path)"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The YAML blocks of a page, in order.
    static func snippets(of page: String) -> [String] {
        page.components(between: "```yaml\n", and: "```")
    }

    /// The file that the pieces of the guide make.
    static func guideFile() throws -> String {
        snippets(of: try page("guide/tariff.md")).joined(separator: "\n")
    }

    /// Everything that `hofbuch tariff check` reports.
    static func problems(in text: String) throws -> [SourceProblem] {
        let decoding = Tariff.decode(try SourceFile.tree(of: Array(text.utf8)), digest: "")
        guard let tariff = decoding.tariff else { return decoding.problems }
        return decoding.problems + tariff.check() + tariff.lint()
            + tariff.exampleCoverage().problems
    }

    @Test func `the pieces of the guide make a file that is good in every way`() throws {
        let file = try Self.guideFile()

        #expect(try Self.problems(in: file).map(\.line) == [])
        let tariff = try decoded(Array(file.utf8)).get()
        #expect(tariff.positions.count == 3)
        #expect(tariff.examples.count == 9)
        #expect(tariff.exampleCoverage().needed == tariff.exampleCoverage().given)
    }

    @Test(arguments: [
        ("    wer: gewerblich\n", "    wer: gewerblich\n    zeitraum: ab 02.01.2025\n"),
        ("summe: \"11,40 €\"", "summe: \"7,60 €\""),
        (
            ", anlieferung: 4 Eimer bauschutt, summe: \"10,00 €\"",
            ", anlieferung: 3 Eimer bauschutt, summe: \"7,50 €\""
        ),
    ])
    func `the guide shows a message as it is printed`(_ good: String, _ spoiled: String) throws {
        let file = try Self.guideFile()
        try #require(file.contains(good))

        let problems = try Self.problems(in: file.replacing(good, with: spoiled))

        let guide = Self.words(of: try Self.page("guide/tariff.md"))
        let first = try #require(problems.first)
        #expect(
            guide.contains(Self.words(of: "tarif.yaml:\(first.line)")),
            "\(problems.map(\.line))")
    }

    /// The text with single spaces, for lines are wrapped in pages.
    private static func words(of text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func `the smallest file of the format is good in every way`() throws {
        let smallest = try #require(Self.snippets(of: try Self.page("formats/tariff.md")).first)

        #expect(try Self.problems(in: smallest).map(\.line) == [])
    }

    @Test(arguments: BlockForm.allCases)
    func `every key stands in the format`(_ form: BlockForm) throws {
        let page = try Self.page("formats/tariff.md")

        let missing = form.keys.filter { !page.contains("`\($0)`") }

        #expect(missing == [])
    }

    @Test func `every code of a tariff file stands there with what to do`() throws {
        let rows = try Self.page("errors/tariff.md").split(separator: "\n")
            .map { $0.split(separator: "|").map { $0.trimming(while: { $0 == " " }) } }
        let codes =
            TariffProblem.allCases.map(\.rawValue)
            + (1...12).map { number in
                "S-E\(number < 10 ? "0" : "")\(number)"
            }

        for code in codes {
            let own = rows.filter { $0.first == code }
            #expect(own.count == 1, "\(code)")
            #expect(own.first?.count == 3 && own.first?.contains("") == false, "\(code)")
        }
    }

    @Test func `every refusal stands in the format with its word`() throws {
        let page = try Self.page("formats/tariff.md")

        for code in RefusalCode.allCases {
            #expect(page.contains("| `\(code.german)` | `\(code.rawValue)` |"))
        }
    }
}

extension String {
    /// What stands between each `start` and the next `end`.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let opening = rest.firstRange(of: start) {
            rest = rest[opening.upperBound...]
            guard let closing = rest.firstRange(of: end) else { break }
            parts.append(String(rest[..<closing.lowerBound]))
            rest = rest[closing.upperBound...]
        }
        return parts
    }
}

extension Substring {
    fileprivate func trimming(while isDropped: (Character) -> Bool) -> String {
        var rest = self
        while let first = rest.first, isDropped(first) { rest.removeFirst() }
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return String(rest)
    }
}
