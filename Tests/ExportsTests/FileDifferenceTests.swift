import Exports
import Testing

struct FileDifferenceTests {
    static let registered =
        "Konto;Betrag;Text\r\n432100;412,50;\"Gebühren; A\"\r\n446100;5,00;B\r\n"

    private func words(_ found: [UInt8]) -> [String] {
        FileDifference.words(registered: Array(Self.registered.utf8), found: found)
    }

    private func words(_ found: String) -> [String] { words(Array(found.utf8)) }

    @Test func `equal bytes have no difference`() {
        #expect(words(Self.registered) == [])
    }

    @Test func `a changed cell is named by line and column with both values`() {
        let found = words(Self.registered.replacing("412,50", with: "412,51"))
        #expect(
            found == [
                "64 bytes are registered, 64 were found.",
                "Line 2, column Betrag: registered 412,50, found 412,51.",
            ])
        let text = words(Self.registered.replacing("Gebühren; A", with: "Gebühren; AB"))
        #expect(
            text.last
                == "Line 2, column Text: registered \"Gebühren; A\", found \"Gebühren; AB\".")
    }

    @Test func `a changed heading is named by its place`() {
        let found = words(Self.registered.replacing("Betrag", with: "Summe"))
        #expect(found.last == "Line 1, column 2: registered Betrag, found Summe.")
    }

    @Test(arguments: [
        ("446100;5,00;B\r\n", "", "The file is cut off after 49 of 64 bytes."),
        ("446100", "1;2;3\r\n446100", "1 line from line 3 on were added."),
        ("446100;5,00;B\r\n", "1;2;3\r\n4;5;6\r\n", "From line 3 on, 1 line became 2 lines."),
        ("446100;5,00;B", "446100;5,00", "Line 3 has 2 cells instead of 3."),
    ])
    func `missing and added lines are counted`(old: String, new: String, wanted: String) {
        let found = words(Self.registered.replacing(old, with: new))
        #expect(found.last == wanted)
    }

    @Test func `what an editor does to every line is said in one sentence`() {
        let bytes = Array(Self.registered.utf8)
        #expect(
            words(Self.registered.replacing("\r\n", with: "\n")) == [
                "All lines are the same, but their ends were changed."
            ])
        #expect(words([0xEF, 0xBB, 0xBF] + bytes) == ["A byte order mark was put in front."])
        #expect(words([]) == ["The file is empty."])
        #expect(
            words(Array(bytes.prefix(40))) == ["The file is cut off after 40 of 64 bytes."])
        let latin = Self.registered.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(
            words(latin) == ["The text is the same, but it was saved in another character set."])
    }

    @Test func `columns of a DATEV file are named by its second line`() {
        let file = "\"EXTF\";700;21\r\nUmsatz;Konto;Text\r\n1,00;2;\"a\"\r\n"
        let found = FileDifference.words(
            registered: Array(file.utf8), found: Array(file.replacing("1,00", with: "9,00").utf8))
        #expect(found.last == "Line 3, column Umsatz: registered 1,00, found 9,00.")
    }

    @Test func `a file of other content is told in a few lines`() {
        let many = (1...200).map { "\($0);x\r\n" }.joined()
        let other = (1...200).map { "\($0);y\r\n" }.joined()
        let found = FileDifference.words(registered: Array(many.utf8), found: Array(other.utf8))
        #expect(found.count < 15 && found.last == "More lines differ.")
    }
}
