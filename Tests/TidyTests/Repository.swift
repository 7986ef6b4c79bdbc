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

    /// The Swift files below Sources and Tests, and the package's description; read once.
    static let swift = Result {
        try
            (files(below: "Sources", endings: [".swift"])
            + files(below: "Tests", endings: [".swift"]) + ["Package.swift"]).map(SourceLines.init)
    }

    static func sources(of module: String? = nil) throws -> [SourceLines] {
        let folder = module.map { "Sources/\($0)/" } ?? "Sources/"
        return try swift.get().filter { $0.path.hasPrefix(folder) }
    }

    /// For each module of ours, the modules of ours that the package's description names for it;
    /// a module without a target is missing.
    static let declared = Result {
        let manifest = try text("Package.swift").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        return Dictionary(
            uniqueKeysWithValues: Floors.modules.compactMap { module in
                target(module, in: manifest).map { text in
                    // What stands between quotation marks is every second part.
                    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
                    let names = stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
                    return (module, Set(names).intersection(Floors.modules).subtracting([module]))
                }
            })
    }

    /// The call that declares a target, up to its closing bracket.
    private static func target(_ module: String, in manifest: String) -> Substring? {
        let calls = ["module(", "arget(name: ", "systemLibrary(name: "]
        let spellings = calls.flatMap { call in
            [call, call.replacingOccurrences(of: "(", with: "( ")].map { "\($0)\"\(module)\"" }
        }
        guard let start = spellings.lazy.compactMap({ manifest.range(of: $0) }).first else {
            return nil
        }
        var depth = 0
        for index in manifest[start.lowerBound...].indices {
            if manifest[index] == "(" { depth += 1 }
            guard manifest[index] == ")" else { continue }
            depth -= 1
            if depth == 0 { return manifest[start.lowerBound...index] }
        }
        return nil
    }
}

/// A file as lines, each with its place.
struct SourceLines: Sendable {
    struct Line: Sendable {
        let place: String
        let text: String
        /// Identifiers, each with an exclamation or question mark that follows at once; without
        /// what stands after `//`.
        let words: Set<String>
    }

    let path: String
    let all: [Line]

    init(_ path: String) throws {
        self.path = path
        let lines = try Repository.text(path).utf8.split(
            separator: 0x0A, omittingEmptySubsequences: false)
        all = lines.enumerated().map { index, line in
            Line(
                place: "\(path):\(index + 1)", text: String(decoding: line, as: UTF8.self),
                words: Self.words(Array(line)))
        }
    }

    private static func words(_ line: [UInt8]) -> Set<String> {
        var words: Set<String> = []
        var start: Int?
        for (index, byte) in (line + [0x20]).enumerated() {
            let isLetter =
                byte >= 0x80 || byte == 0x5F || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isLetter {
                start = start ?? index
            } else if let first = start {
                let isMarked = byte == 0x21 || byte == 0x3F
                words.insert(
                    String(decoding: line[first..<index + (isMarked ? 1 : 0)], as: UTF8.self))
                start = nil
            }
            if byte == 0x2F, index > 0, line[index - 1] == 0x2F { break }
        }
        return words
    }

    /// The modules that the file imports.
    var imports: [(module: String, place: String)] {
        all.compactMap { line in
            guard line.words.contains("import") else { return nil }
            let parts = line.text.split(separator: " ")
            guard parts.count <= 3, parts.dropLast().last == "import" else { return nil }
            return (String(parts[parts.count - 1]), line.place)
        }
    }
}

extension [String] {
    /// One line each, as the comment of an expectation.
    var listed: Comment { Comment(rawValue: joined(separator: "\n")) }
}
