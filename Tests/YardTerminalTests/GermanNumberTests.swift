import Testing

@testable import YardTerminal

struct GermanNumberTests {
    @Test(arguments: [
        ("0", 1, 0), ("2", 1, 2), ("1,5", 1_000, 1_500), (" 1,5 ", 1_000, 1_500),
        ("1,50", 10, 15), ("1.234", 1, 1_234), ("1.234,5", 1_000, 1_234_500),
        ("2.860", 1_000, 2_860_000), ("2,0", 1, 2), ("0,001", 1_000, 1),
        ("1,5", 60, 90), ("0,25", 4_665_600, 1_166_400), ("0,5", 231, nil), ("0,37", 20_000, 7_400),
        ("0,0000001", 10_000_000, nil), ("0,0000000", 1, 0),
    ])
    func `numbers as people write them`(text: String, scale: Int64, value: Int64?) {
        #expect(GermanNumber.parse(text, scale: scale) == value)
    }

    @Test(arguments: [
        "", ",", "1,", ",5", "-1", "+1", "1,5,5", "1.23", "12.3456", "1e3", "½", "٣", "1,5",
        "9999999999999", "1 000 x", "0.500", "00.500", "0.500,5", ".500", "1234.567", "0123.456",
    ])
    func `anything else is refused`(text: String) {
        #expect(GermanNumber.parse(text, scale: 1) == nil)
    }

    @Test func `too much overflows into refusal`() {
        #expect(GermanNumber.parse("999.999.999.999", scale: 1_000_000_000) == nil)
    }
}
