import Testing

@testable import Receipts

struct SlipLayoutTests {
    @Test(arguments: [
        ("Summe\t1,00 €", "Summe   1,00 €\n"),
        ("^mitte", "    mitte\n"),
        ("---", "--------------\n"),
        ("  ein Satz der länger ist", "  ein Satz der\n  länger ist\n"),
        ("a\n\n\nb\n\n", "a\n\nb\n"),
        ("abcdefghijklmnopqr", "abcdefghijklmn\nopqr\n"),
        ("1,5\u{A0}m³ Holz\tX", "1,5 m³ Holz  X\n"),
        ("ein langer Name\t1", "ein langer   1\nName\n"),
        ("Name\t12345678901", "Name\n12345678901\n"),
        ("", "\n"),
    ])
    func `text is laid out in columns`(text: String, laidOut: String) {
        #expect(SlipLayout.format(text, width: 14) == laidOut)
    }
}
