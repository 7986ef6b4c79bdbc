import SourceFiles
import Testing
import Text

/// What the reader accepts, what it refuses, and where.
struct SourceFileTests {
    @Test func `mappings, lists and texts keep their order and place`() throws {
        let root = try SourceFile.tree(
            of: Array("titel: Größe\nliste:\n  - eins\n  - ab: nein\n    bis: ''\n".utf8))

        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.key) == ["titel", "liste"])
        #expect(entries[0].value == scalar("Größe", 1, 8))
        #expect(entries[1].keyPosition == SourcePosition(line: 2, column: 1))
        #expect(
            entries[1].value
                == SourceNode(
                    .sequence([
                        scalar("eins", 3, 5),
                        SourceNode(
                            .mapping([
                                .init(
                                    key: "ab", keyPosition: at(4, 5), value: scalar("nein", 4, 9)),
                                .init(key: "bis", keyPosition: at(5, 5), value: scalar("", 5, 10)),
                            ]), at: at(4, 5)),
                    ]), at: at(3, 3)))
    }

    @Test func `numbers, dates and words like no stay texts`() throws {
        let root = try SourceFile.tree(of: Array("[1.0, 2024-01-05, no, ~, '05*', 05*]".utf8))

        guard case .sequence(let elements) = root.content else {
            Issue.record("no list")
            return
        }
        #expect(
            elements.map(\.content)
                == ["1.0", "2024-01-05", "no", "~", "05*", "05*"].map { .scalar($0) })
    }

    struct Refused: CustomTestStringConvertible {
        let text: String
        let code: String
        let place: SourcePosition?
        var testDescription: String { "\(code) \(text.prefix(30))" }

        init(_ text: String, _ code: String, _ line: Int, _ column: Int) {
            self.text = text
            self.code = code
            place = line == 0 ? nil : SourcePosition(line: line, column: column)
        }
    }

    @Test(arguments: [
        Refused(String(repeating: "a", count: 1_000_001), "S-E01", 0, 0),
        Refused("\u{FEFF}a: 1", "S-E03", 1, 1),
        Refused("ä: 1\nü:\t1", "S-E04", 2, 3),
        Refused("a:\n\t- 1", "S-E04", 2, 1),
        Refused("a: [1, 2", "S-E05", 2, 1),
        Refused("a: 1\n b: 2", "S-E05", 2, 3),
        Refused("a: \"offen", "S-E05", 1, 10),
        Refused("a: &x 1", "S-E06", 1, 4),
        Refused("a: &x [1]", "S-E06", 1, 4),
        Refused("a: &x {b: 1}", "S-E06", 1, 4),
        Refused("a: 1\nb: *a", "S-E06", 2, 4),
        Refused("*a : 1", "S-E06", 1, 1),
        Refused("a: !!int 1", "S-E07", 1, 4),
        Refused("a: ! 1", "S-E07", 1, 4),
        Refused("a: !x [1]", "S-E07", 1, 4),
        Refused("a: !x {b: 1}", "S-E07", 1, 4),
        Refused("%YAML 1.1\n---\na: 1", "S-E07", 1, 1),
        Refused("%TAG ! tag:x,2000:\n---\na: 1", "S-E07", 1, 1),
        Refused("a: 1\nb: 2\na: 3", "S-E08", 3, 1),
        Refused("x: {a: 1, a: 2}", "S-E08", 1, 11),
        Refused("? [a]\n: 1", "S-E09", 1, 3),
        Refused("? {a: b}\n: 1", "S-E09", 1, 3),
        Refused(String(repeating: "[", count: 33), "S-E10", 1, 33),
        Refused("", "S-E11", 0, 0),
        Refused("# nur ein Kommentar\n", "S-E11", 0, 0),
        Refused("a: 1\n---\nb: 2", "S-E12", 2, 1),
    ])
    func `a file is refused at the line and column of its first fault`(_ refused: Refused) {
        let problem = #expect(throws: SourceProblem.self) {
            try SourceFile.tree(of: Array(refused.text.utf8))
        }

        #expect(problem?.code == refused.code)
        #expect(problem?.position == refused.place)
        #expect(problem?.severity == .error)
        #expect(problem?.message.isEmpty == false)
    }

    @Test(
        arguments: [
            [0x61, 0x3A, 0x20, 0xFF], [0x61, 0x3A, 0x20, 0xC3], [0x61, 0x3A, 0x20, 0xC0, 0x80],
            [0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], [0x61, 0x3A, 0x20, 0xF5, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `invalid UTF-8 is refused where it stands`(_ bytes: [UInt8]) {
        let problem = #expect(throws: SourceProblem.self) { try SourceFile.tree(of: bytes) }

        #expect(problem?.code == "S-E02")
        #expect(problem?.position == SourcePosition(line: 1, column: 4))
    }

    @Test func `32 levels and a million bytes are still read`() throws {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        let large = "a: " + String(repeating: "b", count: 999_997)

        #expect(throws: Never.self) { try SourceFile.tree(of: Array(deep.utf8)) }
        #expect(throws: Never.self) { try SourceFile.tree(of: Array(large.utf8)) }
    }

    @Test func `a control character is refused`() {
        #expect(throws: SourceProblem.self) { try SourceFile.tree(of: Array("a: \u{1}".utf8)) }
        #expect(throws: SourceProblem.self) { try SourceFile.tree(of: Array("a: \u{0}b".utf8)) }
    }

    private func at(_ line: Int, _ column: Int) -> SourcePosition {
        SourcePosition(line: line, column: column)
    }

    private func scalar(_ text: String, _ line: Int, _ column: Int) -> SourceNode {
        SourceNode(.scalar(text), at: at(line, column))
    }
}
