import Pages
import Testing
import Units

struct GermanAmountTests {
    @Test(arguments: [
        ("14,40", 1440), ("14,4", 1440), ("14", 1400), ("0,05", 5), ("1.234,50", 123_450),
        ("1234,5", 123_450), ("1234.5", 123_450), ("1234.50", 123_450), ("1 234,50", 123_450),
        ("1\u{A0}234,50", 123_450), ("1.234", 123_400), ("1.234.567,89", 123_456_789),
        (" 7,00 € ", 700), ("7 EUR", 700), ("-3,20", -320), ("\u{2212}3,20", -320), ("+3", 300),
        ("999999999999,99", 99_999_999_999_999),
    ])
    func `an amount as people type it is read to the cent`(text: String, cents: Int64) {
        #expect(GermanAmount.parse(text) == Cents(cents))
    }

    @Test(arguments: [
        "", " ", ",", "14,", ",50", "14,405", "1.23,4", "12.34.56", "1.2345", "1,234.50",
        "1.234.50", "0.500", "0 500,00",
        "abc", "14€40", "--3", "0x10", "１４", "1 23", "1.234 567", "9999999999999", "€", "14,4a",
    ])
    func `anything else is refused`(text: String) {
        #expect(GermanAmount.parse(text) == nil)
    }

    @Test func `what is shown can be typed back`() {
        for cents in [0, 1, 99, 100, 123_456, 100_000_000, -45] as [Int64] {
            #expect(GermanAmount.parse(GermanFormat.amount(Cents(cents))) == Cents(cents))
            #expect(GermanAmount.parse(GermanFormat.euros(Cents(cents))) == Cents(cents))
        }
    }
}
