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

    @Test(arguments: [("2026-11-27", SlipFinding.Verdict.unknown), ("2026-11-28", .lapsed)])
    func `payments without a cut lapse after eight days`(
        today: String, verdict: SlipFinding.Verdict
    ) {
        let cut = Made.uncut(1, "2026-11-20", [.girocard: 300])

        #expect(verdicts([cut], today: today) == [verdict])
    }

    @Test func `a slip that shows nothing is compared and lapses never`() {
        let cut = Made.cut(1, "2026-11-20", 0, expected: 300)

        #expect(verdicts([cut], today: "2026-12-28") == [.ledgerOnly])
    }

    @Test func `what several closes left without a cut comes back in the next one`() {
        let uncut = [
            Made.uncut(1, "2026-11-18", [.girocard: 100]),
            Made.uncut(2, "2026-11-19", [.girocard: 50]),
        ]
        let whole = Made.cut(3, "2026-11-20", 220, expected: 70)
        let short = Made.cut(3, "2026-11-20", 200, expected: 70)

        #expect(
            verdicts(uncut + [whole], today: "2026-12-28")
                == [.straddles, .straddles, .straddles])
        #expect(
            verdicts(uncut + [short], today: "2026-12-28") == [.lapsed, .lapsed, .terminalOnly])
    }
}
