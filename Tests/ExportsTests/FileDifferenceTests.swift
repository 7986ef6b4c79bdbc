import Exports
import Testing

struct FileDifferenceTests {
    static let registered =
        "Konto;Betrag;Text\r\n432100;412,50;\"Gebühren; A\"\r\n446100;5,00;B\r\n"

    private func words(_ found: [UInt8]) throws -> [String] {
        try Self.words(Array(Self.registered.utf8), found)
    }

    /// Whatever the pieces are that the files come in, the sentences are the same.
    private static func words(_ registered: [UInt8], _ found: [UInt8]) throws -> [String] {
        let whole = try FileDifference.words(
            registered: PiecedFile(name: "", bytes: registered),
            found: PiecedFile(name: "", bytes: found))
        for (old, new) in [(1, 7), (5, 3), (64, 1)] where registered.count < 1_000 {
            #expect(
                try FileDifference.words(
                    registered: pieced(registered, old), found: pieced(found, new)) == whole)
        }
        return whole
    }

    private static func pieced(_ bytes: [UInt8], _ count: Int) -> PiecedFile {
        PiecedFile(name: "", byteCount: Int64(bytes.count)) { number in
            let start = Int(number) * count
            return start < bytes.count ? Array(bytes[start...].prefix(count)) : nil
        }
    }

    private func words(_ found: String) throws -> [String] { try words(Array(found.utf8)) }

    @Test func `equal bytes have no difference`() throws {
        #expect(try words(Self.registered) == [])
    }

    @Test func `a changed cell is named by line and column with both values`() throws {
        let found = try words(Self.registered.replacing("412,50", with: "412,51"))
        #expect(
            found == [
                "64 bytes are registered, 64 were found.",
                "Line 2, column Betrag: registered 412,50, found 412,51.",
            ])
        let text = try words(Self.registered.replacing("Gebühren; A", with: "Gebühren; AB"))
        #expect(
            text.last
                == "Line 2, column Text: registered \"Gebühren; A\", found \"Gebühren; AB\".")
    }

    @Test func `a changed heading is named by its place`() throws {
        let found = try words(Self.registered.replacing("Betrag", with: "Summe"))
        #expect(found.last == "Line 1, column 2: registered Betrag, found Summe.")
    }

    @Test(arguments: [
        ("446100;5,00;B\r\n", "", "The file is cut off after 49 of 64 bytes."),
        ("446100", "1;2;3\r\n446100", "1 line from line 3 on were added."),
        ("446100;5,00;B\r\n", "1;2;3\r\n4;5;6\r\n", "From line 3 on, 1 line became 2 lines."),
        ("446100;5,00;B", "446100;5,00", "Line 3 has 2 cells instead of 3."),
    ])
    func `missing and added lines are counted`(old: String, new: String, wanted: String) throws {
        let found = try words(Self.registered.replacing(old, with: new))
        #expect(found.last == wanted)
    }

    @Test func `what an editor does to every line is said in one sentence`() throws {
        let bytes = Array(Self.registered.utf8)
        #expect(
            try words(Self.registered.replacing("\r\n", with: "\n")) == [
                "All lines are the same, but their ends were changed."
            ])
        #expect(try words([0xEF, 0xBB, 0xBF] + bytes) == ["A byte order mark was put in front."])
        #expect(try words([]) == ["The file is empty."])
        #expect(
            try words(Array(bytes.prefix(40))) == ["The file is cut off after 40 of 64 bytes."])
        let latin = Self.registered.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(
            try words(latin) == ["The text is the same, but it was saved in another character set."]
        )
    }

    @Test func `columns of a DATEV file are named by its second line`() throws {
        let file = "\"EXTF\";700;21\r\nUmsatz;Konto;Text\r\n1,00;2;\"a\"\r\n"
        let found = try Self.words(
            Array(file.utf8), Array(file.replacing("1,00", with: "9,00").utf8))
        #expect(found.last == "Line 3, column Umsatz: registered 1,00, found 9,00.")
    }

    @Test func `a file of other content is told in a few lines`() throws {
        let many = (1...200).map { "\($0);x\r\n" }.joined()
        let other = (1...200).map { "\($0);y\r\n" }.joined()
        let found = try Self.words(Array(many.utf8), Array(other.utf8))
        #expect(found.count < 15 && found.last == "More lines differ.")
    }

    @Test func `text that breaks off inside a character is no other character set`() throws {
        let registered = Array("ä;é".utf8)
        let found = try Self.words(registered, Array("ä;é".utf8.dropLast()) + [0x41])
        #expect(found.first == "5 bytes are registered, 5 were found.")
    }

    /// Such as a close as JSON: of a line only its beginning is held, the rest is hashed.
    @Test(arguments: [1, 70_000, 199_999])
    func `in a very long line the first other byte is named`(place: Int) throws {
        let line = [UInt8](repeating: 0x61, count: 200_000)
        var other = line
        other[place] = 0x62
        let found = try Self.words([0x61, 0x0A] + line, [0x61, 0x0A] + other)
        #expect(
            found == [
                "200002 bytes are registered, 200002 were found.",
                "Line 2 differs, the first time at byte \(place + 3) of the file.",
            ])
        #expect(
            try Self.words(line + [0x0A] + line, line + [0x0A, 0x0A] + line).last
                == "1 line from line 2 on were added.")
    }

    @Test func `a piece that cannot be read is no difference`() {
        struct Torn: Error {}
        let torn = PiecedFile(name: "", byteCount: 3) { number in
            guard number == 0 else { throw Torn() }
            return [0x61]
        }
        #expect(throws: Torn.self) {
            _ = try FileDifference.words(
                registered: PiecedFile(name: "", bytes: [0x61, 0x62, 0x63]), found: torn)
        }
    }
}
