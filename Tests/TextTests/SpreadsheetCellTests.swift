import Testing
import Text

struct SpreadsheetCellTests {
    @Test(arguments: [
        "=HYPERLINK(\"http://a.example\";\"Rechnung\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1",
        "\n=1", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}a",
    ])
    func `A19: what a spreadsheet would run is recognised`(text: String) {
        #expect(SpreadsheetCell.wouldRun(text.utf8))
    }

    @Test(arguments: ["", "1", "a=1", "Bauschutt", "'=1", "\u{FF1A}1", "\u{FF}1", "ä", "“="])
    func `A19: what it shows as it stands is left alone`(text: String) {
        #expect(!SpreadsheetCell.wouldRun(text.utf8))
    }
}
