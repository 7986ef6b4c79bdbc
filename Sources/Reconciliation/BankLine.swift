package import Units

/// One amount on a bank account: an entry, or each detail of a batch entry.
package struct BankLine: Hashable, Sendable {
    package let key: BankLineKey
    /// What earlier versions called it, where that was another name.
    package let formerKey: BankLineKey?
    package let day: BusinessDay
    /// Positive for a credit.
    package let amount: Cents
    package let kind: TransactionKind
    package let isReversal: Bool
    package let facts: TransactionFacts
    /// Of the entry around it.
    package let entryFacts: TransactionFacts
    package let card: CardTakings?

    /// The only currency whose entries are booked (ISO 4217); no amount is ever converted.
    package static let currency = "EUR"
}

/// Where a bank line stands.
package struct BankLineKey: Hashable, Comparable, Sendable {
    package let account: String
    package let day: BusinessDay
    /// Id and number of the statement; with its day where a bank that does not number could give
    /// two entries of one day the same place.
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
    /// Every booked amount in Euro once. A notification adds no money: its details stand in for
    /// those that a statement's entry lacks, where bank reference and amount are the same.
    package var lines: [BankLine] {
        let extra = notified
        return statements.filter { $0.kind == .statement }.flatMap { statement in
            statement.entries.enumerated().flatMap { place, entry -> [BankLine] in
                guard entry.status == .booked, entry.amount != .zero,
                    entry.currency == BankLine.currency
                else { return [] }
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
        let parts: [EntryDetail?] =
            details.count > 1 && adds ? details : [EntryDetail(joining: details)]
        let name = statement.lineName(on: day)
        return parts.enumerated().compactMap { number, detail in
            let amount = parts.count > 1 ? detail?.amount ?? .zero : entry.amount
            guard amount != .zero else { return nil }
            let known = detail?.kind ?? .unknown
            let key = { (name: String) in
                BankLineKey(
                    account: statement.account, day: day, statement: name, entry: place + 1,
                    detail: parts.count > 1 ? number + 1 : 0)
            }
            return BankLine(
                key: key(name), formerKey: name == statement.name ? nil : key(statement.name),
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
        guard let reference = entry.facts.bankReference,
            // What a bank writes where it has no reference.
            !["NONREF", "NOTPROVIDED"].contains(reference)
        else { return nil }
        account = statement.account
        self.reference = reference
        amount = entry.amount
    }
}

extension BankStatement {
    /// What lines of a day call the statement. A bank that does not number gives many statements
    /// one name: entries of another day than the closing one carry that day too.
    fileprivate func lineName(on day: BusinessDay) -> String {
        sequence == nil && day != lastDay ? "\(name) vom \(lastDay.iso)" : name
    }
}

extension EntryDetail {
    /// All details of an entry that is one line, without an amount; nil for none. Where they name
    /// several terminals, all stand among the references; several batches are left out.
    fileprivate init?(joining details: [EntryDetail]) {
        guard let first = details.first else { return nil }
        guard details.count > 1 else {
            self = first
            return
        }
        let cards = details.compactMap(\.card)
        let terminals = Set(cards.compactMap(\.terminal)).sorted()
        let isOneBatch = Set(cards.map(\.batch)).count == 1
        let texts = details.map(\.facts.text).filter { !$0.isEmpty }
        self.init(
            amount: nil, kind: first.kind,
            facts: TransactionFacts(
                bankReference: details.compactMap(\.facts.bankReference).first,
                references: details.flatMap(\.facts.references)
                    + (terminals.count > 1 ? terminals : []),
                party: details.compactMap(\.facts.party).first,
                text: texts.joined(separator: " "),
                charges: details.map(\.facts.charges).sum()),
            card: cards.first.map {
                CardTakings(terminal: $0.terminal, batch: isOneBatch ? $0.batch : nil)
            },
            returnReason: first.returnReason)
    }
}

extension BankLine {
    /// Its references and texts, each once.
    var texts: [String] {
        var seen: Set<String> = []
        let all =
            [facts, entryFacts].flatMap { fact in
                [fact.text, fact.bankReference ?? ""] + fact.references
            } + [card?.terminal ?? "", card?.batch ?? ""]
        return all.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// The numbers of batch cuts that it names, as tokens: the bank's own field, and numbers behind
    /// a word for a cut. A bank may use its own numbers, so that they need not be known.
    var cutTokens: Set<String> {
        let texts = Set(
            [facts, entryFacts].flatMap { [$0.text] + $0.references })
        let named = texts.flatMap { CutWords.numbers(in: $0) }
        return Set(named + [card?.batch].compactMap(\.self).map(Token.of))
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
    /// Where the runs of letters and digits stand.
    static func runs(in bytes: [UInt8]) -> [Range<Int>] {
        bytes.split(whereSeparator: { !isWord($0) }).map(\.indices)
    }

    /// A run in capitals, with its leading zeros.
    static func capitals(_ run: ArraySlice<UInt8>) -> String {
        String(decoding: run.map(capital), as: UTF8.self)
    }

    /// A name as its token, such as `00651` as `651`.
    static func of(_ name: String) -> String {
        normal(name.utf8.filter(isWord).map(capital))
    }

    /// What runs spell together, as one token.
    static func joined(_ runs: [UInt8]) -> String { normal(runs.map(capital)) }

    private static func capital(_ byte: UInt8) -> UInt8 {
        (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
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

/// Where a bank's text names batch cuts.
private enum CutWords {
    private static let words: Set<String> = [
        "SCHNITT", "SCHNITTE", "KASSENSCHNITT", "KASSENSCHNITTE", "SCHNITTNR", "KASSENSCHNITTNR",
        "BATCH",
    ]
    /// Stand between the word and the number, or between two numbers.
    private static let fillers: Set<String> = ["NR", "NO", "UND"]

    /// The numbers behind a word for a cut, as tokens: `KASSENSCHNITT NR. 0017 UND 0018`. What
    /// looks like a date or a span is none.
    static func numbers(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        var found: [String] = []
        var isBehindWord = false
        for run in Token.runs(in: bytes) {
            let word = Token.capitals(bytes[run])
            if words.contains(word) {
                isBehindWord = true
            } else if isBehindWord, isNumber(bytes[run]), !isJoined(bytes, at: run.upperBound) {
                found.append(Token.of(word))
            } else if !fillers.contains(word) {
                isBehindWord = false
            }
        }
        return found
    }

    private static func isNumber(_ run: ArraySlice<UInt8>) -> Bool {
        run.count <= 16 && run.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether a point, hyphen or slash joins it to a digit.
    private static func isJoined(_ bytes: [UInt8], at end: Int) -> Bool {
        guard end + 1 < bytes.count, [0x2D, 0x2E, 0x2F].contains(bytes[end]) else { return false }
        return (0x30...0x39).contains(bytes[end + 1])
    }
}
