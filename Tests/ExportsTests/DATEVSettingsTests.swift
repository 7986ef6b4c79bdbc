import FinanceSamples
import Testing
import Text

@testable import Exports

struct DATEVSettingsTests {
    private let text = """
        beraternummer: 29098
        mandantennummer: 55003
        wirtschaftsjahr ab: 01.07.
        sachkontenlänge: 6
        festschreibung: ja
        herkunft: HB
        sachkontenrahmen: 04
        """

    @Test func `settings are read as they stand`() throws {
        let (settings, problems) = DATEVSettings.decode(try Samples.tree(text))
        #expect(problems.isEmpty)
        #expect(
            settings
                == DATEVSettings(
                    adviser: 29_098, client: 55_003,
                    yearStart: try #require(DATEVSettings.MonthDay(month: 7, day: 1)),
                    accountLength: 6, locks: true, origin: "HB", chart: "04"))
    }

    @Test(arguments: [
        ("beraternummer: 29098", "beraternummer: 1000", "D-E04", 1, 16),
        ("beraternummer: 29098", "beraternummer: 10000000", "D-E04", 1, 16),
        ("mandantennummer: 55003", "mandantennummer: 0", "D-E04", 2, 18),
        ("wirtschaftsjahr ab: 01.07.", "wirtschaftsjahr ab: 29.02.", "D-E04", 3, 21),
        ("sachkontenlänge: 6", "sachkontenlänge: 9", "D-E04", 4, 18),
        ("festschreibung: ja", "festschreibung:", "D-E04", 5, 16),
        ("festschreibung: ja\n", "", "D-E03", 1, 1),
        ("herkunft: HB", "herkunft: hb", "D-E04", 6, 11),
        ("herkunft: HB", "herkunft: HB\nkonto: 1", "D-E02", 7, 1),
    ])
    func `each mistake is named with its place`(
        old: String, new: String, code: String, line: Int, column: Int
    ) throws {
        let (settings, problems) = DATEVSettings.decode(
            try Samples.tree(text.replacing(old, with: new)))
        #expect(settings == nil)
        #expect(problems.map(\.code) == [code])
        #expect(problems.first?.position == SourcePosition(line: line, column: column))
    }
}
