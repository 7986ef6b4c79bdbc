import DayClosing
package import Journal
package import Sales
package import Units

/// Why a clearing account is not empty, item by item (finance.md 3): what it holds by closes and
/// bookings, and each cause of it. What is left over after all causes must be zero.
package struct ClearingProof: Hashable, Sendable {
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// A cut whose money did not come yet.
        case openCut = "open-cut"
        /// Payments of the journal whose card terminal had no batch cut at the close, nor since:
        /// nobody knows what it has. A later cut holds them or lacks them, and is compared with
        /// them.
        case uncut
        /// The journal has more, or less, than the card terminal counted; with what was uncut
        /// before.
        case slipDifference = "slip-difference"
        /// The acquirer settled it, but the payout is not on the bank account yet.
        case onTheWay = "on-the-way"
        /// The acquirer paid out what no cut shows.
        case withoutCut = "without-cut"

        /// What it means, in German.
        package var words: String {
            switch self {
            case .openCut: "Kassenschnitt ohne Gutschrift"
            case .uncut: "Kassenschnitt fehlt noch: Betrag nur aus dem Hofbuch"
            case .slipDifference: "Hofbuch und Kartengerät weichen ab"
            case .onTheWay: "Abgerechnet, Auszahlung steht aus"
            case .withoutCut: "Ausgezahlt ohne Kassenschnitt"
            }
        }
    }

    package struct Item: Hashable, Sendable {
        package let cause: Cause
        package let item: SettledItem
        package let day: BusinessDay
        package let amount: Cents
    }

    package let scheme: CardScheme
    /// Debit balance of what this scheme brought to clearing.
    package let balance: Cents
    /// By cause, day and item.
    package let items: [Item]
    /// Balance less all items; zero unless something is wrong with the books.
    package var unexplained: Cents { balance - items.map(\.amount).sum() }

    /// One proof for each scheme that ever moved, in the order of ``Sales/CardScheme``.
    ///
    /// - Parameters:
    ///   - board: with what stands in `booked` left out of its matches.
    ///   - settled: the shares of all records, with those that were undone.
    package static func proofs(
        cuts: [CardCut], acquirer: [AcquirerLine], board: SettlementBoard, rules: SettlementRules,
        booked: Set<SettledItem>, settled: [SettledShare]
    ) -> [ClearingProof] {
        var work = ClearingWork(rules: rules, booked: booked)
        let cuts = Set(cuts)
        for closes in Dictionary(grouping: cuts, by: \.cardTerminal).values {
            work.addTotals(of: closes.sorted(by: ClearingWork.precedes))
        }
        for cut in cuts { work.addOpen(cut, grossMatched: board.cutsOfGross) }
        work.add(acquirer: acquirer, grossMatched: board.grossOfCuts)
        for share in settled.added {
            if case .clearing(let scheme) = share.matter {
                work.balances[scheme, default: .zero] -= share.amount
            }
        }
        return CardScheme.allCases.compactMap(work.proof)
    }
}

extension SettlementBoard {
    /// Cut parts and gross lines that the acquirer's statement and the cuts agree about.
    fileprivate var cutsOfGross: Set<MatchItem> {
        Set(matches.filter { $0.rule == .acquirerGross }.flatMap(\.expected))
    }

    fileprivate var grossOfCuts: Set<MatchItem> {
        Set(matches.filter { $0.rule == .acquirerGross }.flatMap(\.received))
    }
}

/// The sums and causes while they are collected.
private struct ClearingWork {
    let rules: SettlementRules
    let booked: Set<SettledItem>
    var balances: [CardScheme: Cents] = [:]
    private var items: [CardScheme: [ClearingProof.Item]] = [:]

    init(rules: SettlementRules, booked: Set<SettledItem>) {
        self.rules = rules
        self.booked = booked
    }

    /// The totals of one card terminal, close by close. What the journal has without a batch cut
    /// waits for the next one.
    ///
    /// - Parameter closes: in the order of ``precedes(_:_:)``.
    mutating func addTotals(of closes: [CardCut]) {
        var uncut: [(close: CardCut, scheme: CardScheme, amount: Cents)] = []
        for close in closes {
            let isCut = close.isCut
            var left: [CardScheme: Cents] = [:]
            if isCut {
                for payment in uncut { left[payment.scheme, default: .zero] += payment.amount }
                uncut = []
            }
            for comparison in close.comparisons {
                let (scheme, expected) = (comparison.key.scheme, comparison.expected.amount)
                balances[scheme, default: .zero] += expected
                if isCut {
                    left[scheme, default: .zero] += expected - comparison.counted.amount
                } else {
                    uncut.append((close, scheme, expected))
                }
            }
            for (scheme, amount) in left { note(.slipDifference, close, amount, scheme) }
        }
        for payment in uncut { note(.uncut, payment.close, payment.amount, payment.scheme) }
    }

    /// By day, of one day by number.
    static func precedes(_ left: CardCut, _ right: CardCut) -> Bool {
        (left.day, left.number, left.close) < (right.day, right.number, right.close)
    }

    /// The cuts of a close whose money did not come.
    mutating func addOpen(_ cut: CardCut, grossMatched: Set<MatchItem>) {
        for (part, shares) in cut.shares(acquired: rules.acquired) {
            let item = SettledItem(.cut(part))
            guard !booked.holds(item), !grossMatched.contains(.cut(part)) else { continue }
            for share in shares { note(.openCut, item, part.day, share.amount, share.scheme) }
        }
    }

    mutating func add(acquirer: [AcquirerLine], grossMatched: Set<MatchItem>) {
        let (_, gross) = Matching.acquirer(acquirer, TerminalNames(rules))
        for line in gross where [.payment, .refund].contains(line.line.kind) {
            guard let scheme = line.line.scheme else { continue }
            let isPaid = booked.contains(.payout(line.line.payout))
            switch (grossMatched.contains(line.item), isPaid) {
            case (true, false):
                note(.onTheWay, SettledItem(line.item), line.line.day, line.line.gross, scheme)
            case (false, true):
                note(.withoutCut, SettledItem(line.item), line.line.day, -line.line.gross, scheme)
            case (true, true), (false, false): break
            }
        }
    }

    /// What a close leaves of a scheme.
    private mutating func note(
        _ cause: ClearingProof.Cause, _ close: CardCut, _ amount: Cents, _ scheme: CardScheme
    ) {
        let part = CutPart(close, scheme: rules.acquired.contains(scheme) ? scheme : nil)
        note(cause, SettledItem(.cut(part)), close.day, amount, scheme)
    }

    private mutating func note(
        _ cause: ClearingProof.Cause, _ item: SettledItem, _ day: BusinessDay, _ amount: Cents,
        _ scheme: CardScheme
    ) {
        guard amount != .zero else { return }
        items[scheme, default: []].append(
            ClearingProof.Item(cause: cause, item: item, day: day, amount: amount))
    }

    func proof(of scheme: CardScheme) -> ClearingProof? {
        let found = items[scheme] ?? []
        guard let balance = balances[scheme], balance != .zero || !found.isEmpty else {
            return nil
        }
        return ClearingProof(scheme: scheme, balance: balance, items: found.sorted(by: Self.order))
    }

    private static func order(_ left: ClearingProof.Item, _ right: ClearingProof.Item) -> Bool {
        guard left.cause == right.cause, left.day == right.day else {
            return (left.cause.rawValue, left.day) < (right.cause.rawValue, right.day)
        }
        return (left.item.code, left.amount) < (right.item.code, right.amount)
    }
}
