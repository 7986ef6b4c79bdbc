import DayClosing
import Reconciliation
import Sales
import Units

/// Made-up cuts, lines and statements.
enum Made {
    static let account = "DE02120300000000202051"
    static let rules = SettlementRules(
        routes: [
            .init(cardTerminal: "68100001", otherNames: ["65010001"], account: account),
            .init(cardTerminal: "68100002", otherNames: ["65010002"], account: account),
            .init(cardTerminal: "68100003", otherNames: ["65010003"], account: account),
        ],
        merchantNumbers: ["455600001"])

    static func day(_ iso: String) -> BusinessDay {
        guard let day = BusinessDay(iso: iso) else { preconditionFailure("a day: \(iso)") }
        return day
    }

    /// A cut with one amount by girocard; its own total agrees unless `expected` says otherwise.
    static func cut(
        _ number: Int64, _ iso: String, _ cents: Int64, terminal: String = "68100001",
        scheme: CardScheme = .girocard, expected: Int64? = nil, count: Int64 = 1
    ) -> CardCut {
        CardCut(
            close: "mitte-\(padded(number, 6))", number: number, day: day(iso),
            cardTerminal: terminal,
            comparisons: [
                CardComparison(
                    key: CardKey(cardTerminal: terminal, scheme: scheme),
                    expected: Tally(
                        count: expected == 0 ? 0 : count, amount: Cents(expected ?? cents)),
                    counted: Tally(count: cents == 0 ? 0 : count, amount: Cents(cents)))
            ])
    }

    /// A close without a batch cut of the card terminal: only the journal knows its payments.
    static func uncut(_ number: Int64, _ iso: String, _ cents: [CardScheme: Int64]) -> CardCut {
        CardCut(
            close: "mitte-\(padded(number, 6))", number: number, day: day(iso),
            cardTerminal: "68100001",
            comparisons: CardComparison.compare(
                expected: Dictionary(
                    uniqueKeysWithValues: cents.map { scheme, amount in
                        (
                            CardKey(cardTerminal: "68100001", scheme: scheme),
                            Tally(count: 1, amount: Cents(amount))
                        )
                    }), counted: [:]))
    }

    static func entry(
        _ iso: String, _ cents: Int64, _ text: String, code: String? = nil, gvc: String? = nil,
        references: [String] = [], details: [EntryDetail] = [], bankReference: String? = nil,
        card: CardTakings? = nil, currency: String = "EUR", isReversal: Bool = false
    ) -> StatementEntry {
        StatementEntry(
            amount: Cents(cents), currency: currency, status: .booked, isReversal: isReversal,
            bookedOn: day(iso), valueOn: nil, kind: TransactionKind(code: code, gvc: gvc),
            facts: TransactionFacts(
                bankReference: bankReference, references: references, text: text),
            card: card, details: details)
    }

    static func statement(
        _ entries: [StatementEntry], number: Int64 = 1, opening: Int64 = 0,
        day iso: String = "2026-11-30", kind: BankStatement.Kind = .statement,
        closing: Int64? = nil, message: String = "M", currency: String = "EUR"
    ) -> BankStatement {
        let sum = entries.map(\.amount.value).reduce(opening, +)
        let balance = { (cents: Int64) in
            StatementBalance(amount: Cents(cents), currency: currency, day: day(iso))
        }
        return BankStatement(
            kind: kind, message: message, id: "S\(number)", sequence: number, account: account,
            currency: currency, opening: balance(opening), closing: balance(closing ?? sum),
            entries: entries)
    }

    /// A statement of a bank that calls all of them the same and does not number.
    static func unnumbered(_ entries: [StatementEntry], day iso: String) -> BankStatement {
        let numbered = statement(entries, day: iso)
        return BankStatement(
            kind: .statement, message: "STARTUMS", id: "STARTUMS", sequence: nil, account: account,
            currency: "EUR", opening: numbered.opening, closing: numbered.closing,
            entries: entries)
    }

    static func board(
        _ cuts: [CardCut], _ entries: [StatementEntry], acquirer: [AcquirerLine] = [],
        today: String = "2026-12-01"
    ) -> SettlementBoard {
        SettlementBoard(
            cuts: cuts, statements: StatementSeries([statement(entries)]), acquirer: acquirer,
            rules: rules, today: day(today))
    }

    static func line(
        _ kind: AcquirerLine.Kind, _ iso: String, _ gross: Int64, _ fee: Int64,
        reference: String = "r1", payout: String = "po77", scheme: CardScheme = .visa,
        terminal: String? = "65010001", cut: String? = nil
    ) -> AcquirerLine {
        guard
            let line = AcquirerLine(
                kind: kind, reference: reference, day: day(iso), terminal: terminal,
                scheme: scheme, cut: cut, gross: Cents(gross), fee: Cents(fee), payout: payout)
        else { preconditionFailure("a line with a fitting sign") }
        return line
    }
}
