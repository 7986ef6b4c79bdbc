import Foundation
import Testing

struct SourceTests {
    private func places(in files: [SourceLines], where isOdd: (SourceLines.Line) -> Bool)
        -> [String]
    {
        files.flatMap(\.all).filter(isOdd).map { "\($0.place): \($0.text)" }
    }

    @Test func `no line is longer than 100 columns`() throws {
        let long = places(in: try Repository.swift.get()) {
            $0.text.utf8.count > 100 && $0.text.count > 100
        }

        #expect(long.isEmpty, long.listed)
    }

    @Test func `no file is longer than 400 lines`() throws {
        let long = try Repository.swift.get().filter { $0.all.count > 401 }
            .map { "\($0.path): \($0.all.count - 1)" }

        #expect(long.isEmpty, long.listed)
    }

    @Test func `sources never force a value or drop an error`() throws {
        let words: Set = ["try!", "try?", "as!", "fatalError"]

        let found = places(in: try Repository.sources()) {
            !$0.words.isDisjoint(with: words) || $0.text.contains("catch {}")
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `money is never a floating-point number`() throws {
        let words: Set = ["Double", "Float", "Decimal", "NSDecimalNumber", "NSNumber"]
        let modules = Floors.floors[0...1].joined() + ["Exports", "Operations", "Storage"]

        let found = places(in: try modules.flatMap { try Repository.sources(of: $0) }) {
            !$0.words.isDisjoint(with: words)
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `a note of work to do names its issue`() throws {
        let marks = ["TODO", "FIXME"]
        let files = try Repository.swift.get().filter { !$0.path.hasPrefix("Tests/TidyTests/") }

        let found = places(in: files) { line in
            marks.contains(where: line.text.contains) && !line.text.contains("TODO(#")
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `types have names that say something`() throws {
        let kinds: Set = ["struct", "class", "enum", "actor", "protocol"]
        let endings = [
            "Manager", "Helper", "Util", "Utils", "Info", "Data", "Processor", "Impl", "Base",
        ]

        let found = places(in: try Repository.sources()) { line in
            guard !line.words.isDisjoint(with: kinds) else { return false }
            let parts = line.text.split { !$0.isLetter && !$0.isNumber }
            return zip(parts, parts.dropFirst()).contains { kind, name in
                kinds.contains(String(kind)) && endings.contains { name.hasSuffix($0) }
            }
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `every package type says what it is`() throws {
        let found = try Repository.sources().flatMap(undocumentedTypes)

        #expect(found.isEmpty, found.listed)
    }

    /// Types with package access on their own level without a doc comment above them or their
    /// attributes. An enum that only tells identifiers apart is explained by its identifier.
    private func undocumentedTypes(_ file: SourceLines) -> [String] {
        let kinds = ["struct", "enum", "protocol", "final class", "actor"].map { "package \($0) " }
        return file.all.indices.compactMap { index in
            let line = file.all[index]
            guard kinds.contains(where: line.text.hasPrefix), !line.text.hasSuffix("Kind {}")
            else { return nil }
            var above = index - 1
            while above >= 0, file.all[above].text.hasPrefix("@") { above -= 1 }
            let isDocumented = above >= 0 && file.all[above].text.hasPrefix("///")
            return isDocumented ? nil : "\(line.place): \(line.text)"
        }
    }

    @Test func `no file names a place on somebody's machine`() throws {
        let endings = [
            ".swift", ".md", ".yaml", ".json", ".mustache", ".sh", ".py", ".c", ".h", ".css", ".js",
        ]
        let files = try ["Sources", "Tests", "docs", "tariffs", "finance", "receipts"].flatMap {
            try Repository.files(below: $0, endings: endings)
        }
        let single = ["README.md", "CHANGELOG.md", "Makefile", "Package.swift", ".ci/run"]
        let folders = ["home", "root", "Users", "work", "tmp", "mnt"].flatMap { folder in
            [" ", "\"", "'", "`", "(", "="].map { "\($0)/\(folder)/" }
        }

        let found = try (files + single).filter { !$0.hasPrefix("Tests/TidyTests/") }
            .filter { path in
                let text = try Repository.text(path)
                return folders.contains { text.contains($0) }
            }

        #expect(found.isEmpty, found.listed)
    }
}
