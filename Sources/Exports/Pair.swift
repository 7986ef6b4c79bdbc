package import Ledger
package import Units

/// One amount from a credited to a debited account: what a file with an account and a contra
/// account in each row can say.
package struct Pair: Hashable, Sendable {
    package let debit: Account
    package let credit: Account
    /// The cost centre of either posting, the credited one first: revenue has one, clearing none.
    package let costCentre: String?
    /// Positive.
    package let amount: Cents
}

extension Entry {
    /// The entry as pairs that add up to it, account by account and side by side.
    ///
    /// First each posting that some postings of the other side add up to exactly is paired with
    /// these, so that a claim under public law meets its fee and not another claim's tax. The rest
    /// is filled up in order. A pair with one account on both sides is parted; it appears only
    /// where the entry has no other account.
    package var pairs: [Pair] {
        if let pairs = pairsOfOne { return pairs }
        var pairing = Pairing(self)
        pairing.matchSums()
        pairing.fillUp()
        pairing.partSame()
        return pairing.pairs
    }
}

extension Entry {
    /// The pairs of an entry with a single debit or credit, which nearly all are; nil for others
    /// and for an account on both sides.
    private var pairsOfOne: [Pair]? {
        let debits = postings.count { $0.side == .debit }
        guard debits == 1 || debits + 1 == postings.count,
            let one = postings.first(where: { ($0.side == .debit) == (debits == 1) })
        else { return nil }
        var pairs: [Pair] = []
        pairs.reserveCapacity(postings.count - 1)
        for other in postings where other.side != one.side {
            guard other.account != one.account else { return nil }
            pairs.append(
                one.side == .debit
                    ? Pair(one, other, other.amount) : Pair(other, one, other.amount))
        }
        return pairs
    }
}

extension Pair {
    fileprivate init(_ debit: Posting, _ credit: Posting, _ amount: Cents) {
        self.init(
            debit: debit.account, credit: credit.account,
            costCentre: credit.costCentre ?? debit.costCentre, amount: amount)
    }
}

/// The work of pairing one entry.
private struct Pairing {
    private struct Leg {
        let posting: Posting
        var left: Cents
    }

    /// A part of a debit and of a credit that belong together.
    private struct Match {
        let debit: Posting
        let credit: Posting
        /// Zero where another match took it over.
        var amount: Cents

        var isSame: Bool { debit.account == credit.account }

        func touches(_ account: Account) -> Bool {
            debit.account == account || credit.account == account
        }
    }

    private var debits: [Leg]
    private var credits: [Leg]
    private var matches: [Match] = []
    /// What goes over an account and back.
    private var detours: [Pair] = []

    var pairs: [Pair] {
        matches.filter { $0.amount > .zero }.map { Pair($0.debit, $0.credit, $0.amount) } + detours
    }

    /// With more postings on a side no sums are tried, because they double with each posting.
    private static let summandsMax = 10

    init(_ entry: Entry) {
        func legs(_ side: Side) -> [Leg] {
            entry.postings.filter { $0.side == side }.map { Leg(posting: $0, left: $0.amount) }
        }
        debits = legs(.debit)
        credits = legs(.credit)
    }

    mutating func matchSums() {
        guard (2...Self.summandsMax).contains(debits.count),
            (2...Self.summandsMax).contains(credits.count)
        else { return }
        for debit in debits.indices {
            for credit in Self.summands(of: debits[debit], among: credits) {
                pair(debit, credit)
            }
        }
        for credit in credits.indices {
            for debit in Self.summands(of: credits[credit], among: debits) {
                pair(debit, credit)
            }
        }
    }

    /// Each debit takes from the first credit with something left on another account.
    mutating func fillUp() {
        // Credits before this one are used up.
        var start = 0
        for debit in debits.indices {
            while debits[debit].left > .zero {
                while start < credits.count, credits[start].left == .zero { start += 1 }
                guard start < credits.count else { return }
                let account = debits[debit].posting.account
                let other = credits[start...].firstIndex {
                    $0.left > .zero && $0.posting.account != account
                }
                pair(debit, other ?? start)
            }
        }
    }

    /// Parts what has one account on both sides, such as the odd cent between two cost centres.
    mutating func partSame() {
        for place in matches.indices where matches[place].isSame {
            exchange(place)
            detour(place)
        }
    }

    /// Changes partners with matches of other accounts, which leaves what each posting holds. Once
    /// there are none left, no pairing of the entry does without one account on both sides.
    private mutating func exchange(_ place: Int) {
        let same = matches[place]
        for other in matches.indices where !matches[other].touches(same.debit.account) {
            let partner = matches[other]
            let amount = min(matches[place].amount, partner.amount)
            guard amount > .zero else { continue }
            matches[place].amount -= amount
            matches[other].amount -= amount
            matches.append(Match(debit: partner.debit, credit: same.credit, amount: amount))
            matches.append(Match(debit: same.debit, credit: partner.credit, amount: amount))
        }
    }

    /// Goes over the first other account of the entry and back, if there is one: each half keeps
    /// its own cost centre.
    private mutating func detour(_ place: Int) {
        let same = matches[place]
        let others = (credits + debits).map(\.posting.account)
        guard same.amount > .zero, let other = others.first(where: { $0 != same.debit.account })
        else { return }
        matches[place].amount = .zero
        detours.append(
            Pair(
                debit: same.debit.account, credit: other, costCentre: same.debit.costCentre,
                amount: same.amount))
        detours.append(
            Pair(
                debit: other, credit: same.credit.account, costCentre: same.credit.costCentre,
                amount: same.amount))
    }

    /// The places of the first untouched legs, counting upwards in binary, that add up to `leg`;
    /// empty if none do.
    private static func summands(of leg: Leg, among others: [Leg]) -> [Int] {
        let open = others.indices.filter {
            others[$0].left > .zero && others[$0].posting.account != leg.posting.account
        }
        guard leg.left > .zero, !open.isEmpty else { return [] }
        for choice in 1..<(1 << open.count) {
            let places = open.indices.filter { choice >> $0 & 1 == 1 }.map { open[$0] }
            if places.map({ others[$0].left }).sum() == leg.left { return places }
        }
        return []
    }

    private mutating func pair(_ debit: Int, _ credit: Int) {
        let amount = min(debits[debit].left, credits[credit].left)
        debits[debit].left -= amount
        credits[credit].left -= amount
        matches.append(
            Match(debit: debits[debit].posting, credit: credits[credit].posting, amount: amount))
    }
}
