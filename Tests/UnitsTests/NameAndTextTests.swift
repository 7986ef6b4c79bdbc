import Testing
import Units

struct IdentifierTests {
    @Test(arguments: ["a", "0", "t1", "hof-1", "a.b-c", String(repeating: "x", count: 64)])
    func `a name`(text: String) {
        #expect(TerminalID(text)?.text == text)
    }

    @Test(arguments: [
        "", "-a", ".a", "A", "hof 1", "hof_1", "hö", "a\n", "a/b",
        String(repeating: "x", count: 65),
        "a\u{301}",
    ])
    func `no name`(text: String) {
        #expect(TerminalID(text) == nil)
    }

    @Test func `names are ordered by their text`() throws {
        let (first, second) = (try #require(YardID("hof-1")), try #require(YardID("hof-2")))
        #expect(first < second)
        #expect("\(first)" == "hof-1")
    }
}

struct GermanFormatTests {
    @Test(
        arguments: [
            (0, "0,00"), (5, "0,05"), (99, "0,99"), (100, "1,00"), (123_456, "1.234,56"),
            (100_000_000, "1.000.000,00"), (-5, "\u{2212}0,05"), (-123_456, "\u{2212}1.234,56"),
        ] as [(Int64, String)])
    func `an amount of money`(cents: Int64, text: String) {
        #expect(GermanFormat.amount(Cents(cents)) == text)
        #expect(GermanFormat.euros(Cents(cents)) == text + "\u{A0}€")
    }

    @Test(
        arguments: [
            (1_750, 1_000, "1,75"), (2_000, 1_000, "2"), (5, 1_000, "0,005"),
            (-1_500, 1_000, "\u{2212}1,5"),
            (1_234_567, 100, "12.345,67"), (7, 1, "7"), (0, 100, "0"),
        ] as [(Int64, Int64, String)])
    func `a decimal number`(value: Int64, scale: Int64, text: String) {
        #expect(GermanFormat.decimal(value, scale: scale) == text)
    }

    @Test func `groups of three, and a day`() {
        #expect(GermanFormat.grouped(999) == "999")
        #expect(GermanFormat.grouped(1_000) == "1.000")
        #expect(GermanFormat.grouped(-1_234_567) == "\u{2212}1.234.567")
        #expect(BusinessDay(iso: "2026-01-09").map(GermanFormat.day) == "09.01.2026")
    }
}

struct PaddedTests {
    @Test func `digits with zeros before them`() {
        #expect(padded(0, 0) == "0" && padded(0, 3) == "000" && padded(7, 2) == "07")
        #expect(padded(Int64.max, 6) == "9223372036854775807")
        #expect(padded(UInt8(42), 6) == "000042" && padded(-5, 4) == "00-5")
    }
}
