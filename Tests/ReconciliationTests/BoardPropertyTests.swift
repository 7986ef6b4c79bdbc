import DayClosing
import FinanceSamples
import Reconciliation
import Testing
import Units

@Suite struct BoardPropertyTests {
    static let seeds = (0..<12).map { _ in UInt64.random(in: 0...UInt64.max) }

    /// Every item with its amount, from what went in.
    private func given(_ year: MadeYear) -> [MatchItem: Cents] {
        var items: [MatchItem: Cents] = [:]
        for cut in year.cuts {
            for comparison in cut.comparisons where comparison.counted.amount != .zero {
                let scheme = comparison.key.scheme
                let isAcquired = year.rules.acquired.contains(scheme)
                let part = CutPart(cut, scheme: isAcquired ? scheme : nil)
                items[.cut(part), default: .zero] += comparison.counted.amount
            }
        }
        for line in StatementSeries(year.statements).lines { items[.bank(line.key)] = line.amount }
        for (payout, lines) in Dictionary(grouping: year.acquirer, by: \.payout) {
            items[.payout(payout)] = lines.map(\.net).sum()
        }
        return items
    }

    @Test(arguments: seeds)
    func `every cent is in exactly one match or one open item`(seed: UInt64) {
        var year = MadeYear(seed: seed, yards: 4, days: 40)
        year.addPayouts()
        let amounts = given(year)

        let board = year.board()

        var seen: [MatchItem: Int] = [:]
        for match in board.matches {
            for item in match.expected + match.received { seen[item, default: 0] += 1 }
        }
        for item in board.open {
            seen[item.item, default: 0] += 1
            if let amount = amounts[item.item] { #expect(item.amount == amount, "seed \(seed)") }
        }
        #expect(seen.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        let isGross = { (item: MatchItem) in if case .gross = item { true } else { false } }
        #expect(Set(seen.keys.filter { !isGross($0) }) == Set(amounts.keys), "seed \(seed)")
        #expect(seen.keys.count(where: isGross) == year.acquirer.count, "seed \(seed)")
        for match in board.matches where match.rule != .acquirerGross {
            let sums = [match.expected, match.received].map { side in
                side.map { amounts[$0] ?? .zero }.sum()
            }
            #expect(sums == [match.amount, match.amount], "seed \(seed), \(match.rule)")
        }
    }

    @Test(arguments: seeds)
    func `the order of input does not matter`(seed: UInt64) {
        var year = MadeYear(seed: seed, yards: 3, days: 30)
        year.addPayouts()
        var random = SeededGenerator(seed: seed)

        let shuffled = year.board(
            cuts: year.cuts.shuffled(using: &random),
            statements: year.statements.shuffled(using: &random))

        #expect(shuffled == year.board(), "seed \(seed)")
    }

    @Test(arguments: seeds)
    func `a statement and a cut delivered twice change nothing but the findings`(seed: UInt64) {
        let year = MadeYear(seed: seed, yards: 3, days: 30)
        var random = SeededGenerator(seed: seed)
        let once = year.board()

        let twice = year.board(
            cuts: year.cuts + year.cuts.prefix(5),
            statements: year.statements
                + [year.statements.randomElement(using: &random)].compactMap(\.self))

        #expect(twice.matches == once.matches, "seed \(seed)")
        #expect(twice.open == once.open, "seed \(seed)")
        #expect(twice.statements.map(\.code) == [.duplicate] + once.statements.map(\.code))
    }

    @Test func `a year of a county is matched, and what is open is what was planted`() {
        var year = MadeYear(seed: 20_261_126, yards: 31, days: 290)
        year.addPayouts()
        let clock = ContinuousClock()

        let statements = year.statements
        var board: SettlementBoard?
        let time = clock.measure {
            board = year.board(statements: statements)
        }

        guard let board else { return }
        let rules = Dictionary(grouping: board.matches, by: \.rule).mapValues(\.count)
        let reasons = Dictionary(grouping: board.open, by: \.reason).mapValues(\.count)
        print("\(year.cuts.count) cuts, \(year.entries.count) bank lines, \(time)")
        print("matches \(rules), open \(reasons), planted \(year.planted)")
        let planted = { (kind: String) in year.planted[kind] ?? 0 }
        #expect(reasons[.chargeback] == planted("chargeback"))
        #expect(reasons[.fee] == planted("fee"))
        #expect(reasons[.unknownTerminal] == planted("unknown terminal"))
        #expect(rules[.acquirerPayout] == planted("payout"))
        #expect((rules[.single] ?? 0) + (rules[.consecutive] ?? 0) >= planted("clean"))
        #expect(rules[.acquirerGross] == year.acquirer.count)
        #expect(rules[.acrossTerminals] == planted("merged terminals"))
        expectNames(of: year, StatementSeries(statements), board)
    }

    /// The reason that an entry is open for by what it was planted as; empty if a rule books it.
    ///
    /// Of two equal credits either may be booked. Where the amount fits no cut, the rest decides
    /// whether it looks like a fee held back.
    private func reasons(_ origin: MadeYear.Origin) -> Set<OpenReason> {
        let differs: Set<OpenReason> = [.amountDiffers, .feeNetted]
        switch (origin.kind, origin.reach) {
        case ("fee", _): return [.fee]
        case ("chargeback", _): return [.chargeback]
        case ("other business", _): return [.otherBusiness]
        case ("unknown terminal", _): return [.unknownTerminal]
        case ("unreferenced", .oneCut): return [.unreferenced]
        case ("unreferenced", _): return [.otherBusiness]
        case ("fee netted", .oneCut): return [.feeNetted]
        case ("fee netted", _): return differs
        case ("late", .oneCut): return []
        case ("late", _): return differs.union([.cutMissing])
        case (_, .interruptedCuts): return differs
        case ("duplicate", _): return [.duplicateBatch]
        default: return []
        }
    }

    private func expectNames(
        of year: MadeYear, _ series: StatementSeries, _ board: SettlementBoard
    ) {
        var open: [BankLineKey: OpenReason] = [:]
        var closes: Set<String> = []
        for item in board.open {
            switch item.item {
            case .bank(let key): open[key] = item.reason
            case .cut(let part) where part.scheme == nil && item.reason == .missingBatch:
                closes.insert(part.close)
            default: Issue.record("open, but not planted: \(item)")
            }
        }
        #expect(closes.subtracting(year.unpaidCloses) == [], "open, but paid")
        #expect(year.unpaidCloses.subtracting(closes) == [], "unpaid, but not named")
        let origins = year.lineOrigins
        #expect(series.lines.count == origins.count)
        var duplicates = 0
        for (line, origin) in zip(series.lines, origins) {
            let allowed = reasons(origin)
            guard let found = open[line.key] else {
                let isEither = allowed == [.duplicateBatch]
                if isEither { duplicates += 1 }
                #expect(allowed.isEmpty || isEither, "planted, but not named: \(origin) \(line)")
                continue
            }
            if found == .duplicateBatch { duplicates -= 1 }
            #expect(allowed.contains(found), "\(origin) is named \(found): \(line)")
        }
        #expect(duplicates == 0, "of two equal credits one is booked and one is named")
    }
}
