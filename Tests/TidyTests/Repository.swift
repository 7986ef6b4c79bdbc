import Foundation
import Testing

/// The files of this repository, as the tests below read them.
enum Repository {
    /// Its folder, two above that of this file.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Paths of all files below `folder` whose names end in one of `endings`, sorted.
    static func files(below folder: String, endings: [String]) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(
            atPath: root.appendingPathComponent(folder).path)
        return names.filter { name in
            endings.contains { name.hasSuffix($0) } && !name.contains("__pycache__")
        }.map { "\(folder)/\($0)" }.sorted()
    }

    static func folders(in folder: String) throws -> [String] {
        let place = root.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: place.path).filter { name in
            var isFolder: ObjCBool = false
            let path = place.appendingPathComponent(name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }

    /// Swift files of sources and tests, and the package's description.
    static func swiftFiles() throws -> [String] {
        try files(below: "Sources", endings: [".swift"])
            + files(below: "Tests", endings: [".swift"]) + ["Package.swift"]
    }
}

/// A file as lines, each with its number.
struct SourceLines {
    struct Line {
        let place: String
        let text: String
        /// Without what follows `//`; a mark inside a text may cut it short, which hides nothing
        /// that these tests look for.
        let code: String
    }

    let path: String
    let all: [Line]

    init(_ path: String) throws {
        self.path = path
        let parts = try Repository.text(path).split(
            separator: "\n", omittingEmptySubsequences: false)
        all = parts.enumerated().map { index, part in
            let text = String(part)
            let code = text.range(of: "//").map { String(text[..<$0.lowerBound]) } ?? text
            return Line(place: "\(path):\(index + 1)", text: text, code: code)
        }
    }

    /// The modules that the file imports.
    var imports: [(module: String, place: String)] {
        all.compactMap { line in
            line.code.prefixMatch(
                of: /(?:@\w+ +)?(?:package |public |internal |private )?import +([A-Za-z_]\w*)/
            ).map { (String($0.1), line.place) }
        }
    }
}

extension [String] {
    /// One line each, as the comment of an expectation.
    var listed: Comment { Comment(rawValue: joined(separator: "\n")) }
}
