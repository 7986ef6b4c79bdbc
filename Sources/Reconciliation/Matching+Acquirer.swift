import Sales
import Units

extension Matching {
    /// All lines that an acquirer pays out at once.
    struct Payout {
        let id: String
        let day: BusinessDay
        let net: Cents
        let fees: Cents
        var isUsed = false
    }

    /// The gross side of an acquirer's line.
    struct GrossLine {
        let item: MatchItem
        let line: AcquirerLine
        /// As the slip numbers it; nil if no known terminal is named.
        let terminal: String?
        var isUsed = false
    }

    /// What gross lines and cuts without a number have in common.
    struct AcquiredKey: Hashable {
        let terminal: String
        let scheme: CardScheme
        let day: BusinessDay

        /// Nil for a part of all schemes.
        init?(_ part: Part) {
            guard let scheme = part.key.scheme else { return nil }
            terminal = part.key.cardTerminal
            self.scheme = scheme
            day = part.key.day
        }

        /// Nil for a line that names no known terminal, or no scheme.
        init?(_ line: GrossLine) {
            guard let terminal = line.terminal, let scheme = line.line.scheme else { return nil }
            self.terminal = terminal
            self.scheme = scheme
            day = line.line.day
        }
    }

    /// Payouts and gross lines, ascending; each line counts as often as it is given.
    static func acquirer(
        _ given: [AcquirerLine], _ names: TerminalNames
    ) -> ([Payout], [GrossLine]) {
        let lines = given.sorted(by: precedes)
        let payouts = Dictionary(grouping: lines, by: \.payout).map { id, lines in
            Payout(
                id: id, day: lines.map(\.day).max() ?? lines[0].day, net: lines.map(\.net).sum(),
                fees: lines.map(\.fee).sum())
        }
        // Lines of one payout and reference are counted apart, so that a line is called the same
        // whatever other payouts are known.
        var seen: [[String]: Int] = [:]
        let gross = lines.filter { $0.gross != .zero }.map { line in
            let place = seen[[line.payout, line.reference], default: 0]
            seen[[line.payout, line.reference]] = place + 1
            return GrossLine(
                item: .gross(payout: line.payout, reference: line.reference, place: place),
                line: line, terminal: line.terminal.flatMap(names.terminal))
        }
        return (payouts.filter { $0.net != .zero }.sorted { $0.id < $1.id }, gross)
    }

    private static func precedes(_ left: AcquirerLine, _ right: AcquirerLine) -> Bool {
        guard left.payout == right.payout, left.reference == right.reference else {
            return (left.payout, left.reference) < (right.payout, right.reference)
        }
        let words = { (line: AcquirerLine) in
            [line.kind.rawValue, line.scheme?.rawValue ?? "", line.terminal ?? "", line.cut ?? ""]
        }
        guard words(left) == words(right) else {
            return words(left).lexicographicallyPrecedes(words(right))
        }
        return (left.day, left.gross, left.fee) < (right.day, right.gross, right.fee)
    }

    /// A bank line that names the payout and has its net to the cent.
    mutating func matchPayouts() {
        guard !payouts.isEmpty else { return }
        let names = SpelledNames(payouts.map(\.id))
        let ofAmount = Dictionary(grouping: lines.indices) { lines[$0].line.amount }
        for place in payouts.indices where !payouts[place].isUsed {
            let token = Token.of(payouts[place].id)
            guard !token.isEmpty else { continue }
            let found = (ofAmount[payouts[place].net] ?? []).first {
                !lines[$0].isUsed && names.found(in: lines[$0].line.texts).contains(token)
            }
            guard let line = found else { continue }
            payouts[place].isUsed = true
            lines[line].isUsed = true
            matches.append(
                Match(
                    .acquirerPayout, expected: [.payout(payouts[place].id)],
                    received: [.bank(lines[line].line.key)], amount: payouts[place].net,
                    fees: payouts[place].fees))
        }
    }

    /// The newest cut that an acquirer's payment or refund names, of its terminal and scheme.
    func namedCut(_ line: GrossLine) -> Int? {
        guard [.payment, .refund].contains(line.line.kind), let cut = line.line.cut else {
            return nil
        }
        return acquiredByToken[Token.of(cut)]?.last { place in
            let part = acquired[place]
            return part.key.cardTerminal == line.terminal
                && part.key.scheme == line.line.scheme
                && abs(part.key.day.ordinal - line.line.day.ordinal) <= SettlementRules.lateDaysMax
        }
    }

    /// Books gross lines and cuts of one sum.
    private mutating func matchGross(_ places: [Int], _ cuts: [Int]) {
        let sum = cuts.map { acquired[$0].amount }.sum()
        guard !cuts.isEmpty, places.map({ gross[$0].line.gross }).sum() == sum else { return }
        for place in places { gross[place].isUsed = true }
        for place in cuts { acquired[place].isUsed = true }
        matches.append(
            Match(
                .acquirerGross, expected: cuts.map { .cut(acquired[$0].key) },
                received: places.map { gross[$0].item }, amount: sum,
                fees: places.map { gross[$0].line.fee }.sum()))
    }

    /// All payments and refunds of a terminal, scheme and day against the open cuts of that day;
    /// those that name a cut against that. A cut that somebody settled otherwise is in no sum.
    mutating func matchGross() {
        var ofCut: [Int: [Int]] = [:]
        var theirs: [AcquiredKey: [Int]] = [:]
        for (place, line) in gross.enumerated() where [.payment, .refund].contains(line.line.kind) {
            if let cut = namedCut(line) {
                ofCut[cut, default: []].append(place)
            } else if let key = AcquiredKey(line) {
                theirs[key, default: []].append(place)
            }
        }
        for (cut, places) in ofCut where !acquired[cut].isUsed { matchGross(places, [cut]) }
        for (key, places) in theirs {
            let cuts = (acquiredByKey[key] ?? []).filter {
                ofCut[$0] == nil && !acquired[$0].isUsed
            }
            matchGross(places, cuts)
        }
    }

    /// A chargeback and its return: same reference, opposite amounts, the return not earlier and
    /// no card takings.
    mutating func matchChargebacksWonBack() {
        for place in lines.indices where !lines[place].isUsed && lines[place].isChargeback {
            let debit = lines[place].line
            let back = lines.indices.first {
                !lines[$0].isUsed && lines[$0].line.amount == -debit.amount
                    && lines[$0].terminals.isEmpty && !lines[$0].isTakings
                    && lines[$0].line.day >= debit.day
                    && lines[$0].line.key.account == debit.key.account
                    && !lines[$0].line.ownReferences.isDisjoint(with: debit.ownReferences)
            }
            guard let back else { continue }
            (lines[place].isUsed, lines[back].isUsed) = (true, true)
            append(won: [.bank(debit.key), .bank(lines[back].line.key)])
        }
        for place in gross.indices where gross[place].line.kind == .chargeback {
            let back = gross.indices.first {
                !gross[$0].isUsed && gross[$0].line.kind == .chargebackReversal
                    && gross[$0].line.reference == gross[place].line.reference
                    && gross[$0].line.gross == -gross[place].line.gross
            }
            guard let back else { continue }
            (gross[place].isUsed, gross[back].isUsed) = (true, true)
            append(won: [gross[place].item, gross[back].item])
        }
    }

    private mutating func append(won items: [MatchItem]) {
        matches.append(Match(.chargebackWon, expected: [], received: items, amount: .zero))
    }
}

extension BankLine {
    /// References that name one transaction, such as end to end and mandate. Short ones are left
    /// out: many a bank numbers its entries from 1.
    var ownReferences: Set<String> {
        Set((facts.references + entryFacts.references).filter { $0.utf8.count >= 6 })
    }
}

extension Matching.Line {
    /// A debit that gives a card payment back (returned card debit, reversal, direct debit return).
    var isChargeback: Bool {
        guard line.amount.isNegative else { return false }
        let codes = ["PMNT/MCRD/UPCT", "PMNT/MCRD/DAJT"]
        let words = ["CHARGEBACK", "RÜCKBELASTUNG", "RUECKBELASTUNG", "RÜCKLASTSCHRIFT"]
        return line.kind.code.map(codes.contains) == true
            || ["109", "110"].contains(line.kind.gvc ?? "")
            || words.contains { line.words.contains($0) }
    }

    var isFee: Bool {
        guard line.amount.isNegative else { return false }
        let words = ["ENTGELT", "GEBÜHR", "GEBUEHR", "DISAGIO", "SERVICEPAUSCHALE"]
        return line.kind.code?.hasSuffix("/CHRG") == true
            || ["106", "805", "808"].contains(line.kind.gvc ?? "")
            || words.contains { line.words.contains($0) }
    }
}
