import Pages
import Testing

@testable import Console

/// The sheet that an auditor reads must show every figure of the close.
struct CloseSheetTests {
    private static let pages = ConsoleFixtures.all()
    private let html: String? =
        Self.pages.first { $0.name == "console-close-sheet" }?.html

    @Test(arguments: [
        "Abschluss Nr. 142", "Haushaltsjahr", "2026", "Einträge 1.000 bis 1.215",
        "000811", "000974", "164", "000252", "Bauschutt", "13.184,00", "2.219,27", "1.864,93",
        "354,34", "Debitkarte", "15.188,77", "Kreditkarte", "60012345", "2.843,10", "237,00",
        "−45,67", "Zahlung nur am Kartengerät", "1.834.000,00", "15.403,27", "1.849.403,27",
        "t1-000913", "t2-000240", "Eintrag 1.207", "Gezählt von", "A. Beispiel",
        "Freigegeben von", "C. Muster", "Sachlich und rechnerisch richtig", "Zeitstempel",
        "Bezahlte Verkäufe",
    ])
    func `the sheet shows`(text: String) throws {
        #expect(try #require(html).contains(text))
    }

    @Test func `counting shows nothing of what is expected`() throws {
        let page = try #require(
            ConsoleFixtures.all().first { $0.name == "console-close-count" }
        ).html

        #expect(!page.contains("2.843,10"))
        #expect(page.contains("name=\"anzahl-60012345-girocard\""))
        #expect(page.contains("name=\"betrag-60012345-visa-debit\""))
    }
}
