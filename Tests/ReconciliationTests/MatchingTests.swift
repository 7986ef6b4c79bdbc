import DayClosing
import Reconciliation
import Sales
import Testing
import Units

/// Every exception of finance.md 3.4 by name.
@Suite struct MatchingTests {
    private let text = "KARTENUMSATZ TID 65010001 VOM 20.11."

    @Test func `a credit that names the terminal with the amount of the cut is a match`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)], [Made.entry("2026-11-23", 8_450, text)])

        #expect(board.matches.map(\.rule) == [.single])
        #expect(board.matches.map(\.amount) == [Cents(8_450)])
        #expect(board.open.isEmpty)
    }

    @Test(arguments: [
        ("2026-11-20", MatchRule.single), ("2026-11-25", .single), ("2026-11-26", .late),
    ])
    func `three bank days are on time, the fourth is late`(day: String, rule: MatchRule) {
        // 20 November 2026 is a Friday.
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)], [Made.entry(day, 8_450, text)])

        #expect(board.matches.map(\.rule) == [rule])
    }

    @Test func `a credit before its cut is no match`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)], [Made.entry("2026-11-19", 8_450, text)])

        #expect(board.matches.isEmpty)
        #expect(board.open.map(\.reason) == [.missingBatch, .cutMissing])
    }

    @Test func `one cent less is proposed as netted fee, never booked`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)], [Made.entry("2026-11-23", 8_449, text)])

        #expect(board.matches.isEmpty)
        #expect(board.open.map(\.reason) == [.missingBatch, .feeNetted])
        #expect(board.open.last?.candidates.count == 1)
    }

    @Test func `another amount of a named terminal is proposed as a difference`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)], [Made.entry("2026-11-23", 9_000, text)])

        #expect(board.open.map(\.reason) == [.missingBatch, .amountDiffers])
    }

    @Test func `of another amount the nearest is proposed first, an earlier cut too`() {
        let cuts = [
            Made.cut(1, "2026-10-30", 50_085), Made.cut(2, "2026-11-26", 118_900),
            Made.cut(3, "2026-11-27", 60_000),
        ]
        let board = Made.board(cuts, [Made.entry("2026-11-30", 48_085, text)])
        let open = board.open.map(\.item)

        #expect(board.open.last?.reason == .amountDiffers)
        #expect(board.open.last?.candidates == [open[0], open[2], open[1]])

        // What is on time and nearer is not joined by what is further away.
        let other = Made.board(cuts, [Made.entry("2026-11-30", 61_000, text)])
        #expect(other.open.last?.candidates == [open[2], open[1]])
    }

    @Test func `amount and time without a name are proposed, never booked`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)], [Made.entry("2026-11-23", 8_450, "GUTSCHRIFT")])

        #expect(board.matches.isEmpty)
        #expect(board.open.last?.reason == .unreferenced)
    }

    @Test func `a missing batch is open with its age, a fresh one waits`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450), Made.cut(2, "2026-11-30", 100)], [])

        #expect(board.open.map(\.reason) == [.missingBatch, .waiting])
        #expect(board.open.map(\.ageDays) == [11, 1])
    }

    @Test func `the same credit twice is one match and a duplicate`() {
        let entry = Made.entry("2026-11-23", 8_450, text)
        let board = Made.board([Made.cut(1, "2026-11-20", 8_450)], [entry, entry])

        #expect(board.matches.map(\.rule) == [.single])
        #expect(board.open.map(\.reason) == [.duplicateBatch])
    }

    @Test func `a credit may join cuts of one terminal over a weekend and one in mid-day`() {
        let cuts = [
            Made.cut(1, "2026-11-20", 1_000), Made.cut(2, "2026-11-20", 2_000),
            Made.cut(3, "2026-11-21", 4_000),
        ]
        let board = Made.board(cuts, [Made.entry("2026-11-23", 7_000, text)])

        #expect(board.matches.map(\.rule) == [.consecutive])
        #expect(board.matches.first?.expected.count == 3)
        #expect(board.open.isEmpty)
    }

    @Test func `two runs with the same sum are ambiguous and not booked`() {
        let cuts = [
            Made.cut(1, "2026-11-19", 1_000), Made.cut(2, "2026-11-20", 2_000),
            Made.cut(3, "2026-11-21", 1_000),
        ]
        let board = Made.board(cuts, [Made.entry("2026-11-23", 3_000, text)])

        #expect(board.matches.isEmpty)
        #expect(board.open.last?.reason == .ambiguous)
        #expect(board.open.last?.candidates.count == 3)
    }

    @Test func `a credit that names the merchant joins all terminals of the account`() {
        let cuts = [
            Made.cut(1, "2026-11-20", 1_000),
            Made.cut(1, "2026-11-20", 2_500, terminal: "68100002"),
            Made.cut(1, "2026-11-20", 4_000, terminal: "68100003"),
        ]
        let board = Made.board(
            cuts, [Made.entry("2026-11-23", 7_500, "EC-UMSATZ VU 455600001")])

        #expect(board.matches.map(\.rule) == [.acrossTerminals])
        #expect(board.open.isEmpty)
    }

    @Test func `a credit that names two terminals joins these two`() {
        let cuts = [
            Made.cut(1, "2026-11-20", 1_000),
            Made.cut(1, "2026-11-20", 2_500, terminal: "68100002"),
            Made.cut(1, "2026-11-20", 4_000, terminal: "68100003"),
        ]
        let board = Made.board(
            cuts, [Made.entry("2026-11-23", 5_000, "TID 65010001 1000 TID 65010003 4000")])

        #expect(board.matches.map(\.rule) == [.acrossTerminals])
        #expect(board.open.map(\.amount) == [Cents(2_500)])
    }

    @Test func `one cut may come in credits of own and other banks' cards`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 8_450)],
            [Made.entry("2026-11-23", 6_000, text), Made.entry("2026-11-24", 2_450, text)])

        #expect(board.matches.map(\.rule) == [.split])
        #expect(board.open.isEmpty)
    }

    @Test func `refunds beyond payments are a debit that matches a negative cut`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", -500)], [Made.entry("2026-11-23", -500, text)])

        #expect(board.matches.map(\.rule) == [.single])
    }

    @Test func `refund, fee, chargeback and other business are told apart`() {
        let board = Made.board(
            [],
            [
                Made.entry("2026-11-23", -500, text),
                Made.entry("2026-11-23", -900, "ENTGELT KARTENTERMINAL"),
                Made.entry("2026-11-23", -700, "SONSTIGES", code: "PMNT/MCRD/UPCT"),
                Made.entry("2026-11-23", 80_000, "MIETE NOVEMBER"),
                Made.entry("2026-11-23", 80_100, "TID 99999999"),
                Made.entry("2026-11-23", 80_200, "KARTEN", gvc: "198"),
            ])

        #expect(
            board.open.map(\.reason) == [
                .refund, .fee, .chargeback, .otherBusiness, .unknownTerminal, .cutMissing,
            ])
    }

    @Test func `a terminal without a route is named on its cut`() {
        let board = Made.board([Made.cut(1, "2026-11-20", 100, terminal: "77")], [])

        #expect(board.open.map(\.reason) == [.unknownTerminal])
    }

    @Test func `a chargeback that was won back is settled by its reference`() {
        let back = { (day: String, cents: Int64, reference: String) in
            Made.entry(
                day, cents, "RÜCKBELASTUNG KARTE", references: [reference])
        }
        let won = Made.board(
            [], [back("2026-11-02", -700, "cb-009"), back("2026-11-20", 700, "cb-009")])
        let other = Made.board(
            [], [back("2026-11-02", -700, "cb-009"), back("2026-11-20", 700, "cb-008")])
        let short = Made.board([], [back("2026-11-02", -700, "1"), back("2026-11-20", 700, "1")])

        #expect(won.matches.map(\.rule) == [.chargebackWon])
        #expect(won.open.isEmpty)
        #expect(other.matches.isEmpty)
        #expect(short.matches.isEmpty, "a running number names nothing")
    }

    @Test func `takings that share a reference with a chargeback are no return of it`() {
        let entries = [
            Made.entry("2026-11-20", -50_085, "RETOURE", gvc: "110", references: ["000001"]),
            Made.entry("2026-11-23", 50_085, "TID 65010002", references: ["000001"]),
        ]
        let cut = Made.cut(1, "2026-11-20", 50_085, terminal: "68100002")

        #expect(Made.board([cut], entries).matches.map(\.rule) == [.single])
        #expect(Made.board([], entries).matches.isEmpty)
    }

    @Test func `a credit of a terminal that is not known joins no cuts, unless of the merchant`() {
        let cuts = [
            Made.cut(1, "2026-11-20", 80_290),
            Made.cut(1, "2026-11-20", 50_085, terminal: "68100002"),
        ]
        func board(_ text: String) -> SettlementBoard {
            Made.board(cuts, [Made.entry("2026-11-23", 130_375, text, gvc: "198")])
        }

        let foreign = board("TID 99990009 PARKHAUS KARTENUMSATZ")
        #expect(foreign.matches.isEmpty)
        #expect(foreign.open.map(\.reason) == [.missingBatch, .missingBatch, .unknownTerminal])
        #expect(
            board("TID 99990009 VU 455600001").matches.map(\.rule) == [.acrossTerminals])
        #expect(board("KARTENUMSATZ").matches.map(\.rule) == [.acrossTerminals])
    }

    @Test(arguments: [
        ("AUSZAHLUNG po_1ABC", true), ("AUSZAHLUNG PO 1ABC", true), ("PO1ABC", true),
        ("PO-1ABC", true), ("PO 2 1ABC", false), ("PO 1ABCD", false), ("1ABC", false),
    ])
    func `a payout is named whatever the bank makes of its punctuation`(
        text: String, isNamed: Bool
    ) {
        let line = Made.line(.payment, "2026-11-20", 2_000, 20, payout: "po_1ABC")
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 2_000, scheme: .visa)],
            [Made.entry("2026-11-25", 1_980, text)], acquirer: [line])

        #expect(board.matches.contains { $0.rule == .acquirerPayout } == isNamed)
    }

    @Test(arguments: [
        ("TID 6501-0001", true), ("TID 0065010001", true), ("6501/0001", true),
        ("TID 6501 0001", false), ("6501.0001 EUR", false), ("65-01-0001", true),
    ])
    func `a terminal is named with hyphens too, never by numbers that stand apart`(
        text: String, isNamed: Bool
    ) {
        let entry = Made.entry("2026-11-23", 8_450, text)
        let board = Made.board([Made.cut(1, "2026-11-20", 8_450)], [entry])

        #expect(!board.matches.isEmpty == isNamed)
    }

    @Test func `what the bank takes back itself is no refund, and the new credit no second one`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 80_290)],
            [
                Made.entry("2026-11-23", 80_290, text),
                Made.entry("2026-11-24", -80_290, text, isReversal: true),
                Made.entry("2026-11-25", 80_290, text),
            ])

        #expect(board.matches.map(\.rule) == [.single])
        #expect(board.open.map(\.reason) == [.bankReversal, .cutMissing])
    }

    @Test func `lines that are alike count as often as one file has them`() {
        let line = Made.line(.payment, "2026-11-20", 1_250, 15, reference: "")
        let other = Made.line(.payment, "2026-11-21", 700, 0, reference: "b", payout: "po78")
        let lines = AcquirerLine.counted([[line, other, line], [line], [line, line], [other]])
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 2_500, scheme: .visa, count: 2)],
            [Made.entry("2026-11-25", 2_470, "AUSZAHLUNG PO77")], acquirer: lines)

        #expect(lines.count == 3)
        #expect(board.matches.map(\.rule) == [.acquirerGross, .acquirerPayout])
        #expect(board.matches.map(\.amount) == [Cents(2_500), Cents(2_470)])
        #expect(board.matches[0].received.count == 2)
    }

    @Test func `credit cards match gross with the cut and net with the bank, fees exact`() {
        let cuts = [
            Made.cut(1, "2026-11-20", 2_000, scheme: .visa),
            Made.cut(2, "2026-11-21", 1_000, scheme: .visa),
        ]
        let lines = [
            Made.line(.payment, "2026-11-20", 1_500, 20, reference: "a"),
            Made.line(.payment, "2026-11-20", 500, 10, reference: "b"),
            Made.line(.payment, "2026-11-21", 1_000, 15, reference: "c"),
            Made.line(.fee, "2026-11-22", 0, 100, reference: "d"),
        ]
        let board = Made.board(
            cuts, [Made.entry("2026-11-25", 2_855, "AUSZAHLUNG PO77")], acquirer: lines)

        #expect(
            board.matches.map(\.rule) == [.acquirerGross, .acquirerGross, .acquirerPayout])
        #expect(board.matches.map(\.fees) == [Cents(30), Cents(15), Cents(145)])
        #expect(board.open.isEmpty)
    }

    @Test func `a payout that comes one cent short is open on both sides`() {
        let board = Made.board(
            [Made.cut(1, "2026-11-20", 2_000, scheme: .visa)],
            [Made.entry("2026-11-25", 1_979, "AUSZAHLUNG PO77")],
            acquirer: [Made.line(.payment, "2026-11-20", 2_000, 20)])

        #expect(board.matches.map(\.rule) == [.acquirerGross])
        #expect(Set(board.open.map(\.reason)) == [.amountDiffers, .otherBusiness])
    }

    @Test func `a chargeback in the acquirer's statement is open until it is won back`() {
        let lost = Made.line(.chargeback, "2026-11-20", -700, 0, reference: "c")
        let won = Made.line(
            .chargebackReversal, "2026-11-28", 700, 0, reference: "c", payout: "po78")

        let open = Made.board([], [], acquirer: [lost])
        let settled = Made.board([], [], acquirer: [lost, won])

        #expect(open.open.contains { $0.reason == .chargeback && $0.amount == Cents(-700) })
        #expect(settled.matches.map(\.rule) == [.chargebackWon])
    }

    @Test func `a gross line without a cut and one of an unknown terminal are named`() {
        let board = Made.board(
            [], [],
            acquirer: [
                Made.line(.payment, "2026-11-20", 700, 0, reference: "a"),
                Made.line(.payment, "2026-11-20", 800, 0, reference: "b", terminal: "1"),
            ])
        let reasons = board.open.map(\.reason)

        #expect(reasons.contains(.cutMissing))
        #expect(reasons.contains(.unknownTerminal))
    }

    @Test func `every rule and every reason has its sentence`() {
        #expect(Set(MatchRule.allCases.map(\.sentence)).count == MatchRule.allCases.count)
        #expect(Set(OpenReason.allCases.map(\.sentence)).count == OpenReason.allCases.count)
    }
}
