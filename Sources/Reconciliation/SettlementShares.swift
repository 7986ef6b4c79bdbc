import DayClosing
package import Journal
package import Sales
package import Units

/// What the items of a match are for, yard by yard: the way from a match to the records that book
/// it.
package struct SettlementShares: Sendable {
    private let setup: SettlementSetup
    private let cuts: [SettledItem: (yard: YardID?, shares: [SettledShare])]
    private let payouts: [String: [AcquirerLine]]
    private let lines: [BankLineKey: BankLine]

    /// Why items cannot be booked together.
    package enum Refusal: Error, Hashable, Sendable {
        /// Not known, or in another match already.
        case unknown(SettledItem)
        /// What came is not what was expected, and nobody said what the difference is.
        case differs(expected: Cents, received: Cents)
        /// A reason for a difference where there is none.
        case noDifference
        /// No yard keeps the journal of this bank account.
        case accountUnknown(String)
        /// Named twice: what came or was expected would count double.
        case twice(SettledItem)
        /// Nothing was named.
        case empty
    }

    package init(
        setup: SettlementSetup, cuts: [CardCut], lines: [BankLine], acquirer: [AcquirerLine]
    ) {
        self.setup = setup
        var parts: [SettledItem: (yard: YardID?, shares: [SettledShare])] = [:]
        for cut in cuts {
            for (part, shares) in cut.shares(acquired: setup.rules.acquired) {
                parts[SettledItem(.cut(part))] = (
                    cut.yard, shares.map { SettledShare(.clearing($0.scheme), $0.amount) }
                )
            }
        }
        self.cuts = parts
        payouts = Dictionary(grouping: acquirer, by: \.payout)
        self.lines = Dictionary(lines.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The shares of each yard that has any, or that has one of the cuts.
    ///
    /// - Parameter difference: what stands for the amount by which more or less came than expected.
    /// - Throws: ``Refusal``.
    package func shares(
        expected: [MatchItem], received: [MatchItem], difference: SettledMatter?
    ) throws(Refusal) -> [YardID: [SettledShare]] {
        guard !expected.isEmpty || !received.isEmpty else { throw .empty }
        let home = try home(of: received)
        var shares: [YardID: [SettledShare]] = [:]
        for item in expected {
            for (yard, part) in try self.shares(of: item, home: home) {
                shares[yard, default: []] += part
            }
        }
        let came = try received.reduced { item throws(Refusal) in try amount(of: item) }
        let due = shares.values.flatMap(\.self).total
        if came != due {
            guard let difference else { throw .differs(expected: due, received: came) }
            let yard = shares.count == 1 ? shares.keys.first : home
            guard let yard = yard ?? shares.keys.min() else { throw .empty }
            shares[yard, default: []].append(SettledShare(difference, came - due))
        } else if difference != nil {
            throw .noDifference
        }
        if shares.isEmpty, let home { shares[home] = [] }
        return shares.mapValues(\.added)
    }

    /// What a bank line brings.
    private func amount(of item: MatchItem) throws(Refusal) -> Cents {
        guard case .bank(let key) = item, let line = lines[key] else {
            throw .unknown(SettledItem(item))
        }
        return line.amount
    }

    /// The yard of the bank account, or of the one terminal that a single line without counterpart
    /// names.
    private func home(of received: [MatchItem]) throws(Refusal) -> YardID? {
        guard case .bank(let key) = received.first else { return nil }
        guard let yard = setup.yardOfAccount[key.account] else {
            throw .accountUnknown(key.account)
        }
        return yard
    }

    private func shares(
        of item: MatchItem, home: YardID?
    ) throws(Refusal) -> [YardID: [SettledShare]] {
        switch item {
        case .cut:
            guard let cut = cuts[SettledItem(item)], let yard = cut.yard else {
                throw .unknown(SettledItem(item))
            }
            return [yard: cut.shares]
        case .payout(let id):
            guard let lines = payouts[id], let home = home ?? setup.yardOfAccount.values.min()
            else { throw .unknown(SettledItem(item)) }
            var shares: [YardID: [SettledShare]] = [:]
            for line in lines {
                let yard = line.terminal.flatMap(setup.yard(ofNamed:)) ?? home
                shares[yard, default: []] += line.shares
            }
            return shares
        case .bank, .gross: throw .unknown(SettledItem(item))
        }
    }
}

extension CardCut {
    /// The yard of its close, which the reference begins with.
    package var yard: YardID? {
        CutPart(self, scheme: nil).yard
    }
}

extension AcquirerLine {
    /// Gross by what it is, and the fee.
    var shares: [SettledShare] {
        let matter: SettledMatter =
            switch kind {
            case .payment, .refund: scheme.map(SettledMatter.clearing) ?? .unresolved
            case .chargeback, .chargebackReversal: .chargeback
            case .fee: .fee
            }
        return [SettledShare(matter, gross), SettledShare(.fee, -fee)]
            .filter { $0.amount != .zero }
    }
}

extension Sequence<MatchItem> {
    fileprivate func reduced(
        _ amount: (MatchItem) throws(SettlementShares.Refusal) -> Cents
    ) throws(SettlementShares.Refusal) -> Cents {
        var sum = Cents.zero
        for item in self { sum += try amount(item) }
        return sum
    }
}
