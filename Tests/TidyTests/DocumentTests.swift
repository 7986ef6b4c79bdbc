import Foundation
import Testing

struct DocumentTests {
    /// All pages that may explain a code, as one text.
    private func explanations() throws -> String {
        try ["docs/errors", "docs/formats"].flatMap {
            try Repository.files(below: $0, endings: [".md"])
        }.map(Repository.text).joined(separator: "\n")
    }

    /// The codes of `var code: String { switch … }` in a file: `case …: "such-as-this"`.
    private func switchedCodes(in path: String) throws -> [String] {
        try Repository.text(path).matches(of: /case \.[^\n]*: "([a-z0-9-]+)"/)
            .map { String($0.1) }
    }

    /// The raw values of a string enum: written out, or the case's own name.
    private func rawValues(of name: String, in path: String) throws -> [String] {
        let text = try Repository.text(path)
        let start = try #require(text.range(of: "enum \(name):"), "\(path) has no enum \(name)")
        var values: [String] = []
        for line in text[start.upperBound...].split(separator: "\n").dropFirst() {
            let code = line.split(separator: "//", omittingEmptySubsequences: false)[0]
            if code.trimmingCharacters(in: .whitespaces) == "}" { break }
            guard let list = code.firstMatch(of: /^ *case (.*)$/) else { continue }
            for part in list.1.split(separator: ",") {
                let words = part.split(separator: "=").map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"`"))
                }
                values.append(words.last ?? "")
            }
        }
        return values
    }

    private func check(_ codes: [String], in pages: String) throws {
        try #require(!codes.isEmpty, "no code was found, so the source has another shape")
        let missing = Set(codes).filter { !pages.contains("`\($0)`") }.sorted()
        #expect(missing.isEmpty, missing.listed)
    }

    @Test func `every refusal of the server is explained`() throws {
        try check(
            switchedCodes(in: "Sources/Operations/OperationsError.swift"),
            in: Repository.text("docs/errors/operations.md"))
    }

    @Test func `every refusal of an envelope and every flag is explained`() throws {
        let page = try Repository.text("docs/errors/envelope.md")

        try check(switchedCodes(in: "Sources/Journal/EnvelopeCheck.swift"), in: page)
        try check(rawValues(of: "RecordFlag", in: "Sources/Journal/LogEntry.swift"), in: page)
    }

    @Test func `every problem of the interface is explained`() throws {
        let sources = try Repository.files(below: "Sources/API", endings: [".swift"])
            .map(Repository.text).joined(separator: "\n")
        let codes = sources.matches(of: /(?:Problem|self\.init)\(\s*\d{3}, "([a-z0-9-]+)"/)
            .map { String($0.1) }

        try check(codes, in: explanations())
    }

    @Test func `every problem of the terminal is explained`() throws {
        try check(
            rawValues(of: "Code", in: "Sources/TerminalOperations/TerminalError.swift"),
            in: explanations())
    }

    @Test func `every numbered problem of files and exports is explained`() throws {
        let sources = try Repository.files(below: "Sources", endings: [".swift"])
            .map(Repository.text)
        let written = sources.flatMap { text in
            text.matches(of: /\b([A-Z]-[EW]\d\d)\b/).map { String($0.1) }
        }
        let pages = try explanations()

        try #require(written.count > 30)
        let missing = Set(written).filter { !pages.contains($0) }.sorted()
        #expect(missing.isEmpty, missing.listed)
    }

    /// Account plan and export profile number their problems by a call, `error(7, …)`.
    @Test(arguments: [
        ("A", "docs/formats/account-plan.md", "Sources/Sales/AccountPlan+Decoding.swift"),
        ("P", "docs/formats/export-csv.md", "Sources/Exports/ExportProfile+Decoding.swift"),
        ("P", "docs/formats/export-csv.md", "Sources/Exports/ExportProfile+Examples.swift"),
        ("U", "docs/formats/handover.md", "Sources/Exports/HandoverSettings.swift"),
        ("Q", "docs/errors/statements.md", "Sources/Statements/AcquirerProfile+Decoding.swift"),
        ("R", "docs/formats/settlement.md", "Sources/Reconciliation/SettlementSetup.swift"),
    ])
    func `every problem that is numbered by a call is explained`(
        family: String, page: String, source: String
    ) throws {
        let text = try Repository.text(source)
        let page = try Repository.text(page)
        let codes = text.matches(of: /problems\.(error|warning)\(\s*(\d+),/).map { match in
            let number = match.2.count == 1 ? "0\(match.2)" : "\(match.2)"
            return "\(family)-\(match.1 == "error" ? "E" : "W")\(number)"
        }

        try #require(!codes.isEmpty)
        let missing = Set(codes).filter { !page.contains($0) }.sorted()
        #expect(missing.isEmpty, missing.listed)
    }

    /// Who reads a code looks it up by its letter and number alone.
    @Test func `no numbered code is explained twice, and each letter has one owner`() throws {
        let rows = try explanations().matches(of: /(?m)^\| `?([A-Z]-[EW]\d\d)`? \|/)
            .map { String($0.1) }
        let repeated = Dictionary(grouping: rows, by: \.self).filter { $0.value.count > 1 }
        var owners: [String: Set<String>] = [:]
        for path in try Repository.files(below: "Sources", endings: [".swift"]) {
            let text = try Repository.text(path)
            let letters =
                text.matches(of: /FileProblems\(family: "([A-Z])"\)/).map { String($0.1) }
                + text.matches(of: /case [a-zA-Z]+ = "([A-Z])-[EW]\d\d"/).map { String($0.1) }
            for letter in letters { owners[letter, default: []].insert(path) }
        }
        let shared = owners.filter { $0.value.count > 1 }

        try #require(rows.count > 150 && owners.count > 8)
        #expect(repeated.isEmpty, repeated.keys.sorted().listed)
        #expect(shared.isEmpty, shared.map { "\($0): \($1.sorted())" }.listed)
    }

    @Test func `links between pages lead somewhere`() throws {
        let pages =
            try Repository.files(below: "docs", endings: [".md"])
            + ["README.md", "CHANGELOG.md"]

        let broken = try pages.flatMap { page in
            let folder = Repository.root.appendingPathComponent(page).deletingLastPathComponent()
            return try Repository.text(page).matches(of: /\]\(([^)#\s]+)[^)]*\)/)
                .map { String($0.1) }
                .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
                .filter { link in
                    let target = folder.appendingPathComponent(link).standardizedFileURL
                    return !FileManager.default.fileExists(atPath: target.path)
                }
                .map { "\(page): \($0)" }
        }

        #expect(broken.isEmpty, broken.listed)
    }

    @Test func `every decision is at most a page`() throws {
        let decisions = try Repository.files(below: "docs/decisions", endings: [".md"])

        #expect(!decisions.isEmpty)
        for path in decisions {
            #expect(try SourceLines(path).all.count <= 60, "\(path)")
        }
    }
}
