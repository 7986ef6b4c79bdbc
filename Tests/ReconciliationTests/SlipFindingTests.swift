import DayClosing
import Reconciliation
import Sales
import Testing
import Units

@Suite struct SlipFindingTests {
    private func verdicts(_ cuts: [CardCut], today: String = "2026-11-21") -> [SlipFinding.Verdict]
    {
        SlipFinding.findings(cuts, today: Made.day(today)).map(\.verdict)
    }

    @Test func `our total and the slip agree only in count and amount`() {
        let same = Made.cut(1, "2026-11-20", 100)
        let otherCount = CardCut(
            close: "mitte-000002", number: 2, day: Made.day("2026-11-20"),
            cardTerminal: "68100001",
            comparisons: [
                CardComparison(
                    key: CardKey(cardTerminal: "68100001", scheme: .girocard),
                    expected: Tally(count: 2, amount: Cents(100)),
                    counted: Tally(count: 1, amount: Cents(100)))
            ])

        #expect(verdicts([same, otherCount]) == [.agrees, .countDiffers])
    }

    @Test func `money that only one side knows is named by side`() {
        #expect(verdicts([Made.cut(1, "2026-11-20", 300, expected: 100)]) == [.terminalOnly])
        #expect(verdicts([Made.cut(1, "2026-11-20", 100, expected: 300)]) == [.ledgerOnly])
    }

    @Test func `a payment on either side of the cut straddles`() {
        let cuts = [
            Made.cut(1, "2026-11-19", 100, expected: 300),
            Made.cut(2, "2026-11-20", 300, expected: 100),
        ]

        #expect(verdicts(cuts) == [.straddles, .straddles])
    }

    @Test(arguments: [("2026-11-27", SlipFinding.Verdict.ledgerOnly), ("2026-11-28", .lapsed)])
    func `payments without a cut lapse after eight days`(
        today: String, verdict: SlipFinding.Verdict
    ) {
        let cut = Made.cut(1, "2026-11-20", 0, expected: 300)

        #expect(verdicts([cut], today: today) == [verdict])
    }
}
