import Foundation
import Testing

struct SourceTests {
    private func sources() throws -> [SourceLines] {
        try Repository.files(below: "Sources", endings: [".swift"]).map(SourceLines.init)
    }

    private func places(in files: [SourceLines], where isOdd: (SourceLines.Line) -> Bool)
        -> [String]
    {
        files.flatMap(\.all).filter(isOdd).map { "\($0.place): \($0.text)" }
    }

    @Test func `no line is longer than 100 columns`() throws {
        let files = try Repository.swiftFiles().map(SourceLines.init)

        let long = places(in: files) { $0.text.count > 100 }

        #expect(long.isEmpty, long.listed)
    }

    @Test func `no file is longer than 400 lines`() throws {
        let long = try Repository.swiftFiles().map(SourceLines.init).filter { $0.all.count > 401 }

        #expect(long.isEmpty, long.map { "\($0.path): \($0.all.count)" }.listed)
    }

    @Test func `sources never force a value or drop an error`() throws {
        let found = places(in: try sources()) {
            $0.code.contains(/\btry[!?]|\bas!|\bfatalError\(|\bcatch \{ *\}/)
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `money is never a floating-point number`() throws {
        let floors = Floors.floors[0...1].joined() + ["Exports", "Operations", "Storage"]
        let files = try floors.flatMap {
            try Repository.files(below: "Sources/\($0)", endings: [".swift"])
        }.map(SourceLines.init)

        let found = places(in: files) {
            $0.code.contains(/\b(?:Double|Float|Decimal|NSDecimalNumber)\b/)
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `a note of work to do names its issue`() throws {
        let files = try Repository.swiftFiles().filter { !$0.hasPrefix("Tests/TidyTests/") }
            .map(SourceLines.init)

        let found = places(in: files) { line in
            line.text.contains(/\b(?:TODO|FIXME|XXX)\b/) && !line.text.contains(/TODO\(#\d+\)/)
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `types have no empty names`() throws {
        let found = places(in: try sources()) {
            $0.code.contains(
                /\b(?:struct|class|enum|actor|protocol) \w*(?:Manager|Helper|Util|Utils|Info|Processor|Impl|Base)\b/
            )
        }

        #expect(found.isEmpty, found.listed)
    }

    @Test func `every package declaration of the two lowest floors says what it is`() throws {
        let files = try Floors.floors[0...1].joined().flatMap {
            try Repository.files(below: "Sources/\($0)", endings: [".swift"])
        }.map(SourceLines.init)

        let found = files.flatMap(undocumentedTypes)

        #expect(found.isEmpty, found.listed)
    }

    /// Types with package access without a doc comment above them or their attributes.
    private func undocumentedTypes(_ file: SourceLines) -> [String] {
        file.all.indices.compactMap { index in
            let line = file.all[index]
            guard line.text.contains(#/^package (?:struct|enum|protocol|final class|actor)\b/#)
            else { return nil }
            var above = index - 1
            while above >= 0, file.all[above].text.hasPrefix("@") { above -= 1 }
            let isDocumented = above >= 0 && file.all[above].text.hasPrefix("///")
            let isNameOnly = line.text.hasSuffix("Kind {}")
            return isDocumented || isNameOnly ? nil : "\(line.place): \(line.text)"
        }
    }

    @Test func `no file names a place on somebody's machine`() throws {
        let endings = [
            ".swift", ".md", ".yaml", ".json", ".mustache", ".sh", ".py", ".c", ".h", ".css", ".js",
        ]
        let files =
            try ["Sources", "Tests", "docs", "tariffs", "finance", "receipts"].flatMap {
                try Repository.files(below: $0, endings: endings)
            } + ["README.md", "CHANGELOG.md", "Makefile", "Package.swift", ".ci/run"]
        let paths = /(?:^|[\s"'`(=])\/(?:home|root|Users|work|tmp|mnt)\//

        let found = try files.filter { !$0.hasPrefix("Tests/TidyTests/") }
            .flatMap { try SourceLines($0).all }.filter { $0.text.contains(paths) }

        #expect(found.isEmpty, found.map { "\($0.place): \($0.text)" }.listed)
    }
}
