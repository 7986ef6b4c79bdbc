import DayClosing
import Journal
import Reconciliation
import Sales
import Testing
import Text
import Units

/// Each batch cut of a close is an amount of its own.
@Suite struct CutMatchingTests {
    private let text = "KARTENUMSATZ TID 65010001"

    /// A close of one card terminal with cuts by number and cents of girocard.
    private func close(
        _ number: Int64, _ iso: String, _ cuts: [(String?, Int64)], at printed: [String?] = [],
        scheme: CardScheme = .girocard
    ) -> CardCut {
        let sum = Tally(
            count: Int64(cuts.count), amount: cuts.map { Cents($0.1) }.sum())
        return CardCut(
            close: "mitte-\(padded(number, 6))", number: number, day: Made.day(iso),
            cardTerminal: "68100001",
            comparisons: [
                CardComparison(
                    key: CardKey(cardTerminal: "68100001", scheme: scheme), expected: sum,
                    counted: sum)
            ],
            batches: cuts.enumerated().map { place, cut in
                BatchCut(
                    cardTerminal: "68100001", number: cut.0,
                    printedAt: printed.indices.contains(place) ? printed[place] : nil,
                    totals: [scheme: Tally(count: 1, amount: Cents(cut.1))])
            })
    }

    private func codes(_ items: [MatchItem]) -> [String] { items.map { SettledItem($0).code } }

    @Test func `two cuts of a close are two amounts, each with its credit`() {
        let board = Made.board(
            [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_500)])],
            [Made.entry("2026-11-20", 1_000, text), Made.entry("2026-11-23", 2_500, text)])

        #expect(board.matches.map(\.rule) == [.single, .single])
        #expect(
            board.matches.map { codes($0.expected) } == [
                ["mitte-000001:68100001:0017"], ["mitte-000001:68100001:0018"],
            ])
        #expect(board.open.isEmpty)
    }

    @Test func `one credit for both cuts of a close is a merge that says which`() {
        let board = Made.board(
            [close(1, "2026-11-20", [("0017", 1_000), (nil, 2_500)])],
            [Made.entry("2026-11-23", 3_500, text)])

        #expect(board.matches.map(\.rule) == [.consecutive])
        #expect(
            codes(board.matches[0].expected) == [
                "mitte-000001:68100001:0017", "mitte-000001:68100001:-",
            ])
    }

    @Test func `the only cut of a close is called as ever, with its number or without`() {
        let cuts = [
            close(1, "2026-11-20", [("0017", 1_000)]), close(2, "2026-11-21", [(nil, 2_000)]),
            Made.cut(3, "2026-11-22", 3_000),
        ]
        let board = Made.board(cuts, [])

        #expect(
            codes(board.open.map(\.item)) == [
                "mitte-000001:68100001", "mitte-000002:68100001", "mitte-000003:68100001",
            ])
    }

    @Test(arguments: ["KASSENSCHNITT NR. 0018", "Schnitt 18", "BATCH 018", "SCHNITTNR:0018"])
    func `of two cuts of one amount a credit belongs to the one it names`(words: String) {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 1_000)])]
        let board = Made.board(cuts, [Made.entry("2026-11-23", 1_000, "\(text) \(words)")])

        #expect(board.matches.map { codes($0.expected) } == [["mitte-000001:68100001:0018"]])
        #expect(codes(board.open.map(\.item)) == ["mitte-000001:68100001:0017"])
    }

    @Test func `the bank's own field names the cut, and a number of its own names none`() {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 1_000)])]
        func named(_ batch: String) -> [[String]] {
            let entry = Made.entry(
                "2026-11-23", 1_000, "GUTSCHRIFT",
                card: CardTakings(terminal: "65010001", batch: batch))
            return Made.board(cuts, [entry]).matches.map { codes($0.expected) }
        }
        #expect(named("18") == [["mitte-000001:68100001:0018"]])
        #expect(named("990018") == [["mitte-000001:68100001:0017"]])
    }

    @Test(arguments: ["SCHNITT 18.11.2026", "SCHNITT 17-18", "BELEG 18", "SCHNITT VOM 18 11"])
    func `a date, a span and another number name no cut`(words: String) {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_000)])]
        let board = Made.board(cuts, [Made.entry("2026-11-23", 1_000, "\(text) \(words)")])

        #expect(board.matches.map { codes($0.expected) } == [["mitte-000001:68100001:0017"]])
    }

    @Test func `a credit that names a cut of another amount is proposed, and booked nowhere else`()
    {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_000)])]
        let board = Made.board(cuts, [Made.entry("2026-11-23", 1_000, "\(text) SCHNITT 0018")])

        #expect(board.matches.isEmpty)
        let line = board.open.first { if case .bank = $0.item { true } else { false } }
        #expect(line?.reason == .amountDiffers)
        #expect(line.map { codes($0.candidates) } == ["mitte-000001:68100001:0018"])
    }

    @Test func `a credit that names several cuts is their sum, with another between them`() {
        let cuts = [
            close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_000), ("0019", 4_000)])
        ]
        let board = Made.board(
            cuts, [Made.entry("2026-11-23", 5_000, "\(text) SCHNITTE 0017 UND 0019")])

        #expect(board.matches.map(\.rule) == [.consecutive])
        #expect(
            board.matches.map { codes($0.expected) } == [
                ["mitte-000001:68100001:0017", "mitte-000001:68100001:0019"]
            ])
    }

    @Test func `a named credit may be late, although another cut has its amount`() {
        let cuts = [close(1, "2026-11-02", [("0017", 1_000), ("0018", 1_000)])]
        let named = Made.board(cuts, [Made.entry("2026-11-20", 1_000, "\(text) SCHNITT 0018")])
        let unnamed = Made.board(cuts, [Made.entry("2026-11-20", 1_000, text)])

        #expect(named.matches.map(\.rule) == [.late])
        #expect(unnamed.matches.isEmpty)
    }

    @Test func `two credits for one of two cuts are a split of that one`() {
        let board = Made.board(
            [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_500)])],
            [
                Made.entry("2026-11-20", 1_000, text), Made.entry("2026-11-20", 900, text),
                Made.entry("2026-11-23", 1_600, text),
            ])

        #expect(board.matches.map(\.rule) == [.single, .split])
        #expect(codes(board.matches[1].expected) == ["mitte-000001:68100001:0018"])
    }

    @Test func `cuts of a close that were credited together are known by their sum`() {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_500)])]
        let both = ["mitte-000001:68100001:0017", "mitte-000001:68100001:0018"]
        let split = Made.board(
            cuts, [Made.entry("2026-11-23", 1_200, text), Made.entry("2026-11-24", 2_300, text)])
        #expect(split.matches.map(\.rule) == [.split])
        #expect(split.matches.map { codes($0.expected) } == [both])
        let late = Made.board(cuts, [Made.entry("2026-12-01", 3_500, text)])
        #expect(late.matches.map(\.rule) == [.late])
        #expect(late.matches.map { codes($0.expected) } == [both])

        func open(_ cents: Int64, _ text: String) -> OpenItem? {
            Made.board(cuts, [Made.entry("2026-11-23", cents, text)]).open
                .first { if case .bank = $0.item { true } else { false } }
        }
        let netted = open(3_465, text)
        #expect(netted?.reason == .feeNetted && netted.map { codes($0.candidates) } == both)
        let unnamed = open(3_500, "GUTSCHRIFT")
        #expect(unnamed?.reason == .unreferenced && unnamed.map { codes($0.candidates) } == both)
        // One cut alone is nearer than the sum.
        #expect(open(2_475, text).map { codes($0.candidates) } == [both[1]])
    }

    @Test func `cuts of several days in one close are on time by their slips`() {
        let forgotten = close(
            1, "2026-11-20", [("17", 1_000), ("18", 2_000)],
            at: ["2026-11-18 18:00", "2026-11-20 18:00"])
        let board = Made.board(
            [forgotten],
            [Made.entry("2026-11-19", 1_000, text), Made.entry("2026-11-23", 2_000, text)])

        #expect(board.matches.map(\.rule) == [.single, .single])
        // A slip of the pen moves nothing.
        let mistyped = close(1, "2026-11-20", [("17", 1_000)], at: ["2025-11-18 18:00"])
        #expect(
            Made.board([mistyped], [Made.entry("2026-11-23", 1_000, text)]).matches.map(\.rule)
                == [.single])
    }

    @Test func `an acquirer's line that names a cut is compared with that cut, whatever its day`() {
        let cuts = [
            close(1, "2026-11-20", [("0017", 1_500), ("0018", 500)], scheme: .visa)
        ]
        func line(_ day: String, _ gross: Int64, _ reference: String, _ cut: String?)
            -> AcquirerLine
        {
            Made.line(.payment, day, gross, 10, reference: reference, cut: cut)
        }
        let board = Made.board(
            cuts, [],
            acquirer: [line("2026-11-21", 1_500, "a", "17"), line("2026-11-20", 500, "b", "0018")])
        #expect(board.matches.map(\.rule) == [.acquirerGross, .acquirerGross])
        #expect(
            Set(board.matches.flatMap { codes($0.expected) }) == [
                "mitte-000001:68100001:0017:visa", "mitte-000001:68100001:0018:visa",
            ])

        let differs = Made.board(cuts, [], acquirer: [line("2026-11-20", 1_501, "a", "17")])
        let open = differs.open.first { if case .gross = $0.item { true } else { false } }
        #expect(open?.reason == .amountDiffers)
        #expect(open.map { codes($0.candidates) } == ["mitte-000001:68100001:0017:visa"])
    }

    @Test func `a match of an earlier version settles all cuts of its close`() {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_500)])]
        let whole = SettledItem.cut(
            close: "mitte-000001", cardTerminal: "68100001", scheme: nil)
        let board = SettlementBoard(
            cuts: cuts, statements: StatementSeries([]), rules: Made.rules, booked: [whole],
            today: Made.day("2026-12-01"))
        let proofs = ClearingProof.proofs(
            cuts: cuts, acquirer: [], board: board, rules: Made.rules, booked: [whole],
            settled: [SettledShare(.clearing(.girocard), Cents(3_500))])

        #expect(board.open.isEmpty)
        #expect(proofs.isEmpty)
    }

    @Test func `clearing names each open cut`() {
        let cuts = [close(1, "2026-11-20", [("0017", 1_000), ("0018", 2_500)])]
        let booked: Set<SettledItem> = [
            .cut(close: "mitte-000001", cardTerminal: "68100001", scheme: nil, batch: "0017")
        ]
        let board = SettlementBoard(
            cuts: cuts, statements: StatementSeries([]), rules: Made.rules, booked: booked,
            today: Made.day("2026-12-01"))
        let proofs = ClearingProof.proofs(
            cuts: cuts, acquirer: [], board: board, rules: Made.rules, booked: booked,
            settled: [SettledShare(.clearing(.girocard), Cents(1_000))])

        #expect(proofs.map(\.unexplained) == [.zero])
        #expect(proofs[0].items.map(\.item.code) == ["mitte-000001:68100001:0018"])
        #expect(proofs[0].items.map(\.amount) == [Cents(2_500)])
    }

    @Test func `a card terminal without a cut owes nothing yet, and its slip is unknown`() {
        let cut = CardCut(
            close: "mitte-000001", number: 1, day: Made.day("2026-11-28"),
            cardTerminal: "68100001",
            comparisons: [
                CardComparison(
                    key: CardKey(cardTerminal: "68100001", scheme: .girocard),
                    expected: Tally(count: 1, amount: Cents(300)), counted: nil)
            ])
        let board = Made.board([cut], [])
        #expect(board.open.isEmpty)
        #expect(board.slips.map(\.verdict) == [.unknown])
        #expect(board.slips.map(\.counted) == [nil])
        #expect(Made.board([cut], [], today: "2026-12-06").slips.map(\.verdict) == [.lapsed])
    }

    @Test func `a cut is named in a record by its number, and one of earlier versions without`()
        throws
    {
        let whole = SettledItem.cut(close: "mitte-000001", cardTerminal: "6", scheme: .visa)
        let one = SettledItem.cut(
            close: "mitte-000001", cardTerminal: "6", scheme: .visa, batch: "0017")
        #expect(one.json["cut"]?.string == "0017" && whole.json["cut"] == nil)
        for item in [whole, one] {
            #expect(try SettledItem(json: item.json, path: "item") == item)
            #expect(item.wholeCut == whole)
        }
    }
}
