package import Units

/// One amount on a bank account: an entry, or each detail of a batch entry.
package struct BankLine: Hashable, Sendable {
    package let key: BankLineKey
    package let day: BusinessDay
    /// Positive for a credit.
    package let amount: Cents
    package let kind: TransactionKind
    package let isReversal: Bool
    package let facts: TransactionFacts
    /// Of the entry around it.
    package let entryFacts: TransactionFacts
    package let card: CardTakings?
}

/// Where a bank line stands.
package struct BankLineKey: Hashable, Comparable, Sendable {
    package let account: String
    package let day: BusinessDay
    /// Id and number of the statement.
    package let statement: String
    /// From 1.
    package let entry: Int
    /// From 1; 0 for the entry as a whole.
    package let detail: Int

    package static func < (left: Self, right: Self) -> Bool {
        guard left.account == right.account, left.day == right.day else {
            return (left.account, left.day) < (right.account, right.day)
        }
        return (left.statement, left.entry, left.detail)
            < (right.statement, right.entry, right.detail)
    }
}

extension StatementSeries {
    /// Every booked amount once. A notification adds no money: its details stand in for those that
    /// a statement's entry lacks, where bank reference and amount are the same.
    package var lines: [BankLine] {
        let extra = notified
        return statements.filter { $0.kind == .statement }.flatMap { statement in
            statement.entries.enumerated().flatMap { place, entry -> [BankLine] in
                guard entry.status == .booked, entry.amount != .zero else { return [] }
                let notice = NoticeKey(statement, entry).flatMap { extra[$0] }
                let details = entry.details.count > 1 ? entry.details : notice ?? entry.details
                return Self.lines(statement, place, entry, details)
            }
        }
    }

    /// One line for each detail if all have amounts that add up to the entry; else one.
    private static func lines(
        _ statement: BankStatement, _ place: Int, _ entry: StatementEntry,
        _ details: [EntryDetail]
    ) -> [BankLine] {
        let day = entry.bookedOn ?? entry.valueOn ?? statement.lastDay
        let amounts = details.compactMap(\.amount)
        let adds = amounts.count == details.count && amounts.sum() == entry.amount
        let parts: [EntryDetail?] = details.count > 1 && adds ? details : [details.first]
        return parts.enumerated().compactMap { number, detail in
            let amount = parts.count > 1 ? detail?.amount ?? .zero : entry.amount
            guard amount != .zero else { return nil }
            let known = detail?.kind ?? .unknown
            return BankLine(
                key: BankLineKey(
                    account: statement.account, day: day, statement: statement.name,
                    entry: place + 1, detail: parts.count > 1 ? number + 1 : 0),
                day: day, amount: amount,
                kind: TransactionKind(
                    code: entry.kind.code ?? known.code, gvc: entry.kind.gvc ?? known.gvc),
                isReversal: entry.isReversal, facts: detail?.facts ?? entry.facts,
                entryFacts: entry.facts, card: detail?.card ?? entry.card)
        }
    }

    private var notified: [NoticeKey: [EntryDetail]] {
        var found: [NoticeKey: [EntryDetail]] = [:]
        for statement in statements where statement.kind == .notification {
            for entry in statement.entries where entry.details.count > 1 {
                if let key = NoticeKey(statement, entry) { found[key] = entry.details }
            }
        }
        return found
    }
}

private struct NoticeKey: Hashable {
    let account: String
    let reference: String
    let amount: Cents

    init?(_ statement: BankStatement, _ entry: StatementEntry) {
        guard let reference = entry.facts.bankReference else { return nil }
        account = statement.account
        self.reference = reference
        amount = entry.amount
    }
}

extension BankLine {
    /// Every run of letters and digits in its references and texts, capitals; all-digit runs
    /// without leading zeros.
    var tokens: Set<String> {
        let texts =
            [facts, entryFacts].flatMap { fact in
                [fact.text, fact.bankReference ?? ""] + fact.references
            } + [card?.terminal ?? "", card?.batch ?? ""]
        return Set(texts.flatMap { Token.all(in: $0) })
    }

    /// What the bank wrote about it: the entry's text, then the detail's own.
    package var text: String {
        let texts = entryFacts.text == facts.text ? [facts.text] : [entryFacts.text, facts.text]
        return texts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// All its words in capitals, for the few words that say what kind of line it is.
    var words: String { (facts.text + " " + entryFacts.text).uppercased() }
}

/// Words of a text as identifiers are compared.
enum Token {
    static func all(in text: String) -> [String] {
        text.utf8.split(whereSeparator: { !isWord($0) }).compactMap { run in
            let bytes = run.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
            return bytes.count < 2 ? nil : normal(bytes)
        }
    }

    /// A name as its token, such as `00651` as `651`.
    static func of(_ name: String) -> String {
        normal(name.utf8.filter(isWord).map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 })
    }

    private static func normal(_ bytes: [UInt8]) -> String {
        let isNumber = bytes.allSatisfy { (0x30...0x39).contains($0) }
        return String(decoding: isNumber ? bytes.drop { $0 == 0x30 } : bytes[...], as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte >= 0x80
    }
}
