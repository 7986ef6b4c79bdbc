import DayClosing
import Journal
import Sales
import Units

/// The search for counterparts. Every list is sorted by keys first, so that the order of input
/// cannot matter; every search is bounded by the limits of ``SettlementRules``.
struct Matching {
    struct Part {
        let key: CutPart
        let amount: Cents
        /// Last day on which the credit is on time.
        let due: BusinessDay
        let account: String?
        /// The cut's number as bank lines name it; nil if the slip shows none.
        let token: String?
        var isUsed = false
    }

    struct Line {
        let line: BankLine
        /// The card terminals it names, as the slip numbers them.
        let terminals: Set<String>
        /// Says terminal or TID, or carries the bank's terminal field.
        let saysTerminal: Bool
        let namesMerchant: Bool
        /// Names a merchant number, or its code says card takings.
        let isTakings: Bool
        /// What it says are numbers of cuts, known or not.
        let cutTokens: Set<String>
        /// The numbers of cuts of its one terminal that it names: it belongs to no other cut.
        var named: Set<String> = []
        var isUsed = false

        /// Names several terminals, or none but says that it is card takings: of the merchant where
        /// it speaks of a terminal that is not known.
        var joinsTerminals: Bool {
            guard terminals.isEmpty else { return terminals.count > 1 }
            return isTakings && (namesMerchant || !namesUnknownTerminal)
        }
    }

    let rules: SettlementRules
    /// Parts that the bank credits by the cut, ascending: those of a terminal stand together.
    var parts: [Part] = []
    /// Parts that an acquirer settles, ascending.
    var acquired: [Part] = []
    /// Ascending by key: by account, then day.
    var lines: [Line] = []
    var payouts: [Payout] = []
    var gross: [GrossLine] = []
    var matches: [Match] = []
    private(set) var partsOfTerminal: [String: Range<Int>] = [:]
    private(set) var linesOfTerminal: [String: [Int]] = [:]
    private(set) var linesOfAccount: [String: Range<Int>] = [:]
    /// Places in ``acquired`` of the cuts with a number, by its token.
    private(set) var acquiredByToken: [String: [Int]] = [:]
    /// Places in ``acquired``, by what gross lines that name no cut have in common with them.
    private(set) var acquiredByKey: [AcquiredKey: [Int]] = [:]

    /// - Parameter booked: what stands in a match already and takes part in no other.
    init(
        cuts: [CardCut], lines: [BankLine], acquirer: [AcquirerLine], rules: SettlementRules,
        booked: Set<SettledItem> = []
    ) {
        self.rules = rules
        let accounts = Dictionary(
            rules.routes.map { ($0.cardTerminal, $0.account) },
            uniquingKeysWith: { first, _ in first })
        for cut in Set(cuts) {
            for (key, amount) in cut.parts(acquired: rules.acquired) {
                let part = Part(
                    key: key, amount: amount,
                    due: BankDays.day(rules.bankDaysMax, after: key.day),
                    account: accounts[cut.cardTerminal], token: key.cutNumber.map(Token.of))
                if key.scheme == nil { parts.append(part) } else { acquired.append(part) }
            }
        }
        parts.sort { $0.key < $1.key }
        acquired.sort { $0.key < $1.key }
        let names = TerminalNames(rules)
        self.lines = lines.sorted { $0.key < $1.key }.map { names.read($0) }
        (payouts, gross) = Self.acquirer(acquirer, names)
        index()
        if !booked.isEmpty { use(booked) }
    }

    /// In the order of finance.md 3.3. What was won back comes last: a reference that two lines
    /// share may be a running number, and takings go before.
    ///
    /// A payout's gross lines are compared with the cuts whether its money is booked or not.
    mutating func run() {
        matchPayouts()
        matchGross()
        matchNamed()
        matchSingle()
        matchConsecutive()
        matchAcrossTerminals()
        matchSplit()
        matchLate()
        matchChargebacksWonBack()
    }

    private mutating func use(_ booked: Set<SettledItem>) {
        for place in parts.indices {
            parts[place].isUsed = booked.holds(SettledItem(.cut(parts[place].key)))
        }
        for place in acquired.indices {
            acquired[place].isUsed = booked.holds(SettledItem(.cut(acquired[place].key)))
        }
        useLines(booked)
        for place in payouts.indices {
            payouts[place].isUsed = booked.contains(.payout(payouts[place].id))
        }
        for place in gross.indices {
            gross[place].isUsed = booked.contains(SettledItem(gross[place].item))
        }
    }

    /// What earlier versions booked by another name is used by that name, unless another line has
    /// it as its own: of lines of one name, that one or the first counted.
    private mutating func useLines(_ booked: Set<SettledItem>) {
        // Details that a notification brought later belong to the entry that was booked whole.
        let isBooked = { (key: BankLineKey) in
            booked.contains(SettledItem(.bank(key)))
                || booked.contains(SettledItem(.bank(key.wholeEntry)))
        }
        for place in lines.indices { lines[place].isUsed = isBooked(lines[place].line.key) }
        guard lines.contains(where: { $0.line.formerKey != nil }) else { return }
        var names = Set(lines.filter { $0.line.formerKey == nil }.map(\.line.key.wholeEntry))
        var owners: Set<BankLineKey> = []
        for place in lines.indices {
            let entry = lines[place].line.key.wholeEntry
            guard let former = lines[place].line.formerKey else { continue }
            if names.insert(former.wholeEntry).inserted { owners.insert(entry) }
            if owners.contains(entry) && isBooked(former) { lines[place].isUsed = true }
        }
    }

    private mutating func index() {
        for (place, part) in parts.enumerated() {
            let terminal = part.key.cardTerminal
            partsOfTerminal[terminal] = (partsOfTerminal[terminal]?.lowerBound ?? place)..<place + 1
        }
        for (place, line) in lines.enumerated() {
            let account = line.line.key.account
            linesOfAccount[account] = (linesOfAccount[account]?.lowerBound ?? place)..<place + 1
            if line.terminals.count == 1, let terminal = line.terminals.first {
                linesOfTerminal[terminal, default: []].append(place)
            }
        }
        for (place, part) in acquired.enumerated() {
            if let token = part.token { acquiredByToken[token, default: []].append(place) }
            if let key = AcquiredKey(part) { acquiredByKey[key, default: []].append(place) }
        }
        for (terminal, places) in linesOfTerminal {
            let own = parts[partsOfTerminal[terminal] ?? 0..<0]
            for place in places where !lines[place].cutTokens.isEmpty {
                let day = lines[place].line.day.ordinal
                let recent = own.filter {
                    (0...SettlementRules.lateDaysMax).contains(day - $0.key.day.ordinal)
                }
                lines[place].named = lines[place].cutTokens
                    .intersection(recent.compactMap(\.token))
            }
        }
    }

    /// Whether a line may belong to the part: one that names cuts belongs to these alone.
    func mayBelong(_ line: Int, to part: Int) -> Bool {
        let named = lines[line].named
        return named.isEmpty || parts[part].token.map(named.contains) == true
    }

    /// Books a match between cut parts and bank lines by their places.
    mutating func match(_ rule: MatchRule, parts taken: [Int], lines found: [Int]) {
        for place in taken { parts[place].isUsed = true }
        for place in found { lines[place].isUsed = true }
        matches.append(
            Match(
                rule, expected: taken.map { .cut(parts[$0].key) },
                received: found.map { .bank(lines[$0].line.key) },
                amount: amount(of: taken)))
    }

    /// Whether a credit on `day` is on time for the part: not before the cut, not after its due.
    func isOnTime(_ part: Part, _ day: BusinessDay) -> Bool {
        part.key.day <= day && day <= part.due
    }
}

/// Which terminals a bank line names.
struct TerminalNames {
    private var terminals: [String: String] = [:]
    private let merchants: Set<String>
    private let spelled: SpelledNames

    init(_ rules: SettlementRules) {
        for route in rules.routes.sorted(by: { $0.cardTerminal < $1.cardTerminal }) {
            for name in [route.cardTerminal] + route.otherNames {
                let token = Token.of(name)
                if terminals[token] == nil { terminals[token] = route.cardTerminal }
            }
        }
        merchants = Set(rules.merchantNumbers.map(Token.of))
        spelled = SpelledNames(
            rules.routes.flatMap { [$0.cardTerminal] + $0.otherNames } + rules.merchantNumbers)
    }

    func terminal(_ name: String) -> String? { terminals[Token.of(name)] }

    func read(_ line: BankLine) -> Matching.Line {
        let texts = line.texts
        let named = spelled.found(in: texts)
        let namesMerchant = !merchants.isDisjoint(with: named)
        let isTakings =
            line.kind.gvc == "198" || line.kind.code == "PMNT/MCRD/POSP" || line.card != nil
            || namesMerchant
        return Matching.Line(
            line: line, terminals: Set(named.compactMap { terminals[$0] }),
            saysTerminal: line.card?.terminal != nil || texts.contains(where: Self.saysTerminal),
            namesMerchant: namesMerchant, isTakings: isTakings, cutTokens: line.cutTokens)
    }

    private static func saysTerminal(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Token.runs(in: bytes).contains {
            ["TID", "TERMINAL", "TERMINALID"].contains(Token.capitals(bytes[$0]))
        }
    }
}
