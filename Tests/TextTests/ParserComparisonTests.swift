import Foundation
import Testing
import Text

/// What our parser makes of a document.
private enum Verdict: Hashable {
    case read(JSONValue)
    case refused(StrictJSONError.Code)

    init(_ bytes: [UInt8]) {
        do { self = .read(try StrictJSON.parse(bytes)) } catch { self = .refused(error.code) }
    }

    /// What was read, in hexadecimal; `-` if nothing was.
    var hex: String {
        if case .read(let value) = self { Hex.encode(value.bytes) } else { "-" }
    }
}

/// The rules by which the strict profile is narrower than RFC 8259: the only reasons for which we
/// may refuse what another parser reads.
private let profile: Set<StrictJSONError.Code> = [
    .controlCharacter, .directionControl, .notComposed, .notWhole, .negativeZero, .numberTooLarge,
    .duplicateName, .tooDeep, .loneSurrogate,
]

/// A corpus of documents, generated and made by hand, read by our parser and by two others.
@Suite struct ParserComparisonTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("parsers")
    private static let hasNode = FileManager.default.fileExists(atPath: "/usr/bin/node")

    /// The answers of another program, one for each line.
    private static func ask(_ program: String, _ script: String, _ lines: [String]) throws
        -> [String]
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program, folder.appendingPathComponent(script).path]
        // A file and no pipe: both sides would wait for each other once a pipe is full.
        let input = FileManager.default.temporaryDirectory
            .appendingPathComponent("hofbuch-corpus-\(UUID().uuidString)")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func corpus() -> (seed: UInt64, documents: [[UInt8]]) {
        let seed = UInt64.random(in: 0 ... .max)
        print("JSON corpus seed \(seed)")
        var corpus = DocumentCorpus(seed: seed)
        return (seed, DocumentCorpus.traps + (0..<6_000).map { _ in corpus.document() })
    }

    @Test func `Python reads the same, or one named rule says why we refuse`() throws {
        let (seed, documents) = Self.corpus()
        let answers = try Self.ask("python3", "reference.py", documents.map(Hex.encode))
        try #require(answers.count == documents.count)
        var rules: [StrictJSONError.Code: Int] = [:]
        var (read, refused) = (0, 0)
        for (bytes, answer) in zip(documents, answers) {
            let parts = answer.split(separator: " ").map(String.init)
            let note: Comment = "seed \(seed), \(Hex.encode(bytes)): \(answer)"
            switch Verdict(bytes) {
            case .read(let value):
                // By its own reading no rule is broken, and it read the same tree.
                #expect(parts == ["read", "-", Hex.encode(value.bytes)], note)
                read += 1
            case .refused(let code) where parts[0] == "read":
                #expect(profile.contains(code), note)
                #expect(parts[1].split(separator: ",").contains { $0 == code.rawValue }, note)
                rules[code, default: 0] += 1
            case .refused: refused += 1
            }
        }
        print(
            "JSON corpus: \(read) read by both, \(refused) by none, refused by us alone: \(rules)")
        #expect(Set(rules.keys) == profile, "the corpus misses a rule; seed \(seed)")
        #expect(read > 1_000 && refused > 500, "seed \(seed)")
    }

    @Test(.enabled(if: hasNode, "node is not installed: not compared with it"))
    func `Node reads the same, or refuses what we refuse`() throws {
        let (seed, documents) = Self.corpus()
        let verdicts = documents.map(Verdict.init)
        let lines = zip(documents, verdicts).map { "\(Hex.encode($0)) \($1.hex)" }
        let answers = try Self.ask("node", "reference.js", lines)
        try #require(answers.count == documents.count)
        for ((bytes, verdict), answer) in zip(zip(documents, verdicts), answers) {
            let note: Comment = "seed \(seed), \(Hex.encode(bytes)): \(answer), \(verdict)"
            switch verdict {
            case .read: #expect(answer == "read", note)
            case .refused(let code): #expect(answer == "refused" || profile.contains(code), note)
            }
        }
    }

    @Test func `a hostile document costs no more than its length`() throws {
        let clock = ContinuousClock()
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        let wide = Array(("[" + (0..<300_000).map { "\($0)" }.joined(separator: ",") + "]").utf8)
        let names = Array(
            ("{" + (0..<100_000).map { "\"n\($0)\":0" }.joined(separator: ",") + "}").utf8)
        let huge = [UInt8](repeating: UInt8(ascii: "9"), count: 2_000_000)
        for (document, code) in [
            (deep, StrictJSONError.Code.tooDeep), (wide, nil), (names, nil),
            (huge, .numberTooLarge),
        ] {
            var verdict = Verdict.refused(.unexpectedEnd)
            let took = clock.measure { verdict = Verdict(document) }
            #expect(took < .seconds(20))
            if let code {
                #expect(verdict == .refused(code))
            } else if case .refused(let found) = verdict {
                Issue.record("\(found)")
            }
        }
    }
}
