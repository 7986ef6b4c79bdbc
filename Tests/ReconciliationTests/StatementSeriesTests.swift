import Journal
import Reconciliation
import Testing
import Units

@Suite struct StatementSeriesTests {
    private let one = Made.statement(
        [Made.entry("2026-11-20", 500, "A")], number: 1, day: "2026-11-20")
    private let two = Made.statement(
        [Made.entry("2026-11-21", 700, "B")], number: 2, opening: 500, day: "2026-11-21")

    @Test func `statements that follow one another have no findings`() {
        let series = StatementSeries([two, one])

        #expect(series.statements == [one, two])
        #expect(series.findings.isEmpty)
        #expect(series.lines.map(\.amount) == [Cents(500), Cents(700)])
    }

    @Test func `a statement delivered twice counts once and is named`() {
        let again = Made.statement(
            one.entries, number: 1, day: "2026-11-20", message: "another message")

        let series = StatementSeries([one, two, again])

        #expect(series.findings.map(\.code) == [.duplicate])
        #expect(series.lines.count == 2)
    }

    @Test func `the same number with other content is a conflict, whatever came first`() {
        let other = Made.statement(
            [Made.entry("2026-11-20", 600, "A")], number: 1, day: "2026-11-20")

        let (first, second) = (StatementSeries([one, other]), StatementSeries([other, one]))

        #expect(first == second)
        #expect(first.findings.map(\.code) == [.conflict])
    }

    @Test func `a missing number and a broken chain are named`() {
        let four = Made.statement([], number: 4, opening: 1_300, day: "2026-11-24")

        let codes = StatementSeries([one, two, four]).findings.map(\.code)

        #expect(codes == [.empty, .gap, .chainBroken])
    }

    @Test func `numbers may begin again in a new year`() {
        let old = Made.statement([], number: 250, day: "2026-12-31")
        let new = Made.statement([], number: 1, day: "2027-01-04")

        #expect(StatementSeries([old, new]).findings.map(\.code) == [.empty, .empty])
    }

    @Test func `details of a batch entry are lines of their own if they add up`() {
        let detail = { (cents: Int64) in
            EntryDetail(
                amount: Cents(cents), kind: .unknown, facts: TransactionFacts(), card: nil,
                returnReason: nil)
        }
        let whole = Made.entry("2026-11-20", 500, "A", details: [detail(200), detail(300)])
        let wrong = Made.entry("2026-11-20", 500, "A", details: [detail(200), detail(301)])

        let series = StatementSeries([Made.statement([whole, wrong])])

        #expect(series.lines.map(\.amount.value) == [200, 300, 500])
        #expect(series.findings.map(\.code) == [.detailsDiffer])
    }

    @Test func `an amount in another currency is no money here, and is named`() {
        let foreign = Made.entry("2026-11-20", 80_290, "TID 65010001", currency: "USD")
        let own = Made.entry("2026-11-20", 500, "A")
        let inside = StatementSeries([Made.statement([foreign, own], closing: 500)])
        let whole = StatementSeries([Made.statement([foreign], currency: "USD")])

        #expect(inside.lines.map(\.amount) == [Cents(500)])
        #expect(inside.findings.map(\.code) == [.currencyDiffers])
        #expect(inside.findings.map(\.entry) == [1])
        #expect(whole.lines.isEmpty)
        #expect(whole.findings.map(\.code) == [.currencyDiffers])
        #expect(whole.findings.map(\.entry) == [nil])
    }

    @Test func `entries of one day in two statements of one name are two lines`() {
        let statements = [
            Made.unnumbered([Made.entry("2026-11-02", 80_290, "A")], day: "2026-11-02"),
            Made.unnumbered([Made.entry("2026-11-02", 50_085, "B")], day: "2026-11-03"),
        ]

        let lines = StatementSeries(statements).lines

        #expect(lines.map(\.amount.value) == [80_290, 50_085])
        #expect(
            lines.map(\.key.statement) == ["STARTUMS", "STARTUMS vom 2026-11-03"])
        #expect(Set(lines.map(\.key)).count == 2)
        #expect(lines.map(\.formerKey) == [nil, lines[0].key])
    }

    /// What was booked under the name that both lines had is the line which still has it.
    @Test func `a line that was booked by its former name is not booked again`() {
        let first = Made.unnumbered([Made.entry("2026-11-02", 80_290, "A")], day: "2026-11-02")
        let second = Made.unnumbered([Made.entry("2026-11-02", 50_085, "B")], day: "2026-11-03")
        let name = SettledItem.bank(
            account: Made.account, day: Made.day("2026-11-02"), statement: "STARTUMS", entry: 1,
            detail: 0)
        func open(_ statements: [BankStatement]) -> [Cents] {
            SettlementBoard(
                cuts: [], statements: StatementSeries(statements), rules: Made.rules,
                booked: [name], today: Made.day("2026-12-01")
            ).open.map(\.amount)
        }

        #expect(open([second]).isEmpty)
        #expect(open([first, second]) == [Cents(50_085)])
    }

    @Test func `details that do not add up lend all their words to the entry`() {
        let detail = { (text: String, terminal: String) in
            EntryDetail(
                amount: nil, kind: .unknown,
                facts: TransactionFacts(references: ["E" + terminal], text: text),
                card: CardTakings(terminal: terminal, batch: nil), returnReason: nil)
        }
        let entry = Made.entry(
            "2026-11-20", 500, "SAMMLER",
            details: [detail("TID EINS", "65010001"), detail("TID ZWEI", "65010002")])

        let lines = StatementSeries([Made.statement([entry])]).lines

        #expect(lines.map(\.amount) == [Cents(500)])
        #expect(lines.map(\.text) == ["SAMMLER TID EINS TID ZWEI"])
        #expect(
            lines.map(\.facts.references)
                == [["E65010001", "E65010002", "65010001", "65010002"]])
        #expect(lines.map(\.card) == [CardTakings(terminal: "65010001", batch: nil)])
    }

    @Test(arguments: ["NONREF", "NOTPROVIDED"])
    func `words for no reference join no details to an entry`(word: String) {
        let detail = EntryDetail(
            amount: Cents(250), kind: .unknown, facts: TransactionFacts(), card: nil,
            returnReason: nil)
        let bare = Made.entry("2026-11-20", 500, "A", bankReference: word)
        let told = Made.entry(
            "2026-11-20", 500, "B", details: [detail, detail], bankReference: word)
        let notice = Made.statement([told], number: 9, kind: .notification)

        let lines = StatementSeries([Made.statement([bare]), notice]).lines

        #expect(lines.map(\.amount) == [Cents(500)])
    }

    @Test func `a notification adds details, never money`() {
        let detail = { (cents: Int64) in
            EntryDetail(
                amount: Cents(cents), kind: .unknown, facts: TransactionFacts(), card: nil,
                returnReason: nil)
        }
        let bare = Made.entry("2026-11-20", 500, "A", bankReference: "R1")
        let told = Made.entry(
            "2026-11-20", 500, "A", details: [detail(200), detail(300)], bankReference: "R1")
        let notice = Made.statement([told], number: 9, kind: .notification)

        let lines = StatementSeries([Made.statement([bare]), notice]).lines

        #expect(lines.map(\.amount.value) == [200, 300])
    }

    @Test(arguments: [
        ("4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("KARTE 4111111111111111 OK", "KARTE ************1111 OK"),
        ("4111111111111112", "4111111111111112"),
        ("DE4111111111111111", "DE4111111111111111"), ("1234567890123", "1234567890123"),
    ])
    func `a run of digits that can be a card number keeps its last four`(
        text: String, masked: String
    ) {
        #expect(CardNumbers.masked(text) == masked)
    }

    @Test(arguments: [
        ("2026-12-23", 3, "2026-12-29"), ("2026-04-02", 1, "2026-04-07"),
        ("2026-04-30", 1, "2026-05-04"), ("2027-03-25", 1, "2027-03-30"),
        ("2026-12-31", 1, "2027-01-04"),
    ])
    func `bank days leave out weekends and the closing days of T2`(
        start: String, count: Int, end: String
    ) {
        #expect(BankDays.day(count, after: Made.day(start)) == Made.day(end))
    }
}
