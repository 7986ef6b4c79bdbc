package import Ledger
package import Sales
import Text
package import Units

/// Where a yard's closes stand: what the next one has to continue.
package struct CloseMark: Hashable, Sendable {
    /// The number of the last close; 0 before the first.
    package let number: Int64
    /// The position after the last record closed.
    package let to: Int64
    package let grandTotal: Cents
    /// What it left open at card terminals, to be made up for in the next.
    package let carried: [CardKey: CarriedDifference]
    /// What clearing accounts hold after it, zero ones left out; nil where it does not say so.
    package let clearing: [Account: Cents]?

    /// Before the first close of a yard.
    package static let start = CloseMark(number: 0, to: 0, grandTotal: .zero, clearing: [:])

    package init(
        number: Int64, to: Int64, grandTotal: Cents, carried: [CardKey: CarriedDifference] = [:],
        clearing: [Account: Cents]? = nil
    ) {
        self.number = number
        self.to = to
        self.grandTotal = grandTotal
        self.carried = carried
        self.clearing = clearing
    }
}

/// Who did a step of a close, and when.
package struct SignOff: Hashable, Sendable {
    package let person: PersonID
    package let at: Timestamp

    package init(_ person: PersonID, at: Timestamp) {
        self.person = person
        self.at = at
    }
}

/// Why a close cannot be made.
package enum CloseError: Error, Hashable, Sendable {
    /// Counted and approved by one person (design decision 15).
    case samePerson(PersonID)
    /// Approved before it was counted.
    case approvedBeforeCount(counted: Timestamp, approved: Timestamp)
    /// The close would end before it begins.
    case positionsReversed(from: Int64, to: Int64)
    /// Debits and credits of the account totals differ.
    case unbalanced(debit: Cents, credit: Cents)
    /// A card terminal and scheme with a total of ours, or named twice, but not compared once
    /// with exactly that total.
    case notCompared(CardKey, expected: Tally)
    /// What the close before left open at a card terminal and scheme is not taken up here.
    case notTakenUp(CardKey)
    /// A total counted differs from its batch cuts.
    case cutsDiffer(CardKey)
    case reasonMissing(CardKey, difference: Cents)
    case explanationMissing(CardKey, DifferenceReason)
    /// A reason where nothing differs.
    case reasonWithoutDifference(CardKey, DifferenceReason)
    /// A reason that claims to know the total of a card terminal without a batch cut.
    case reasonClaimsTotal(CardKey, DifferenceReason)
}

extension DayClose {
    package var mark: CloseMark {
        CloseMark(
            number: number, to: to, grandTotal: grandTotalAfter, carried: carried,
            clearing: clearing?.held)
    }

    /// What it leaves open: differences whose reason says that they are made up for later.
    package var carried: [CardKey: CarriedDifference] {
        var carried: [CardKey: CarriedDifference] = [:]
        for comparison in comparisons
        where comparison.remaining != Tally() && comparison.reason?.isCarried == true {
            carried[comparison.key] = CarriedDifference(
                comparison.remaining, since: comparison.brought?.since ?? number)
        }
        return carried
    }

    /// The close that continues `previous` up to the log position `to`, signed by two people.
    ///
    /// - Parameter software: name and version of the program that makes it.
    /// - Throws: ``CloseError``, in the order of its cases; comparisons by card terminal and
    ///   scheme.
    package static func make(
        after previous: CloseMark, yard: YardID, day: BusinessDay, to: Int64,
        totals: CloseTotals, comparisons: [CardComparison], cuts: [BatchCut] = [],
        cutFindings: [CutFinding] = [], counted: SignOff, recounts: Int64 = 0,
        sentBack: [SentBack] = [], approved: SignOff, plan: AccountPlan, software: String? = nil
    ) throws(CloseError) -> DayClose {
        // Bytes too, because Swift calls canonically equivalent texts equal and others not.
        guard counted.person != approved.person,
            !counted.person.text.utf8.elementsEqual(approved.person.text.utf8)
        else { throw .samePerson(counted.person) }
        guard counted.at <= approved.at else {
            throw .approvedBeforeCount(counted: counted.at, approved: approved.at)
        }
        guard previous.to <= to else { throw .positionsReversed(from: previous.to, to: to) }
        let debit = totals.accounts.map(\.debit).sum()
        let credit = totals.accounts.map(\.credit).sum()
        guard debit == credit else { throw .unbalanced(debit: debit, credit: credit) }
        let sorted = comparisons.sorted { $0.key < $1.key }
        try check(sorted, against: totals.cards, brought: previous.carried)
        try check(sorted, against: cuts)
        return DayClose(
            number: previous.number + 1, yard: yard, day: day, from: previous.to, to: to,
            totals: totals, comparisons: sorted, cuts: cuts,
            cutFindings: cutFindings, grandTotalBefore: previous.grandTotal,
            countedBy: counted.person,
            countedAt: counted.at, recounts: recounts, sentBack: sentBack,
            approvedBy: approved.person, approvedAt: approved.at, accountPlan: plan.id,
            accountPlanDigest: plan.digest,
            clearing: previous.clearing.map { totals.clearing(of: plan, before: $0) },
            thirdParty: totals.thirdParty(of: plan), software: software)
    }

    /// Why this is not the close after `previous`, in a few words; nil if it is.
    ///
    /// The totals are compared with the journal by whoever can read it.
    package func misfit(after previous: CloseMark) -> String? {
        guard number == previous.number + 1, from == previous.to,
            grandTotalBefore == previous.grandTotal
        else { return "does not continue the one before" }
        do {
            try Self.check(comparisons, against: totals.cards, brought: previous.carried)
            try Self.check(comparisons, against: cuts)
        } catch { return "says other card totals than it was made of (\(error))" }
        guard clearing.map({ continues($0, previous.clearing) }) ?? true else {
            return "says clearing balances that do not follow from the one before"
        }
        return nil
    }

    /// What the close leaves out, or says of its batch cuts and should not, in a few words; nil if
    /// it fits. Program, clearing balances and course were added to closes together, and stand in
    /// each one after the first that has them.
    ///
    /// - Parameters:
    ///   - previous: the close before; nil for the first.
    ///   - earlier: the cuts of all closes before.
    package func misfit(after previous: DayClose?, cuts earlier: CutSequence) -> String? {
        let isNamed = software != nil
        guard isNamed || previous?.software == nil, isNamed == (clearing != nil),
            isNamed == (totals.course != nil)
        else { return "leaves out what closes say since they name their program" }
        // Findings were there before that.
        guard isNamed else { return nil }
        return cutFindings == earlier.findings(cuts)
            ? nil : "says other things about its batch cuts than their numbers show"
    }

    private func continues(_ balances: [ClearingBalance], _ held: [Account: Cents]?) -> Bool {
        guard balances.allSatisfy({ $0.after == $0.before + totals.movement(on: $0.account) })
        else { return false }
        guard let held else { return true }
        let before = balances.filter { $0.before != .zero }.map { ($0.account, $0.before) }
        return Dictionary(before) { $1 } == held
    }

    private static func check(
        _ comparisons: [CardComparison], against expected: [CardKey: Tally],
        brought: [CardKey: CarriedDifference]
    ) throws(CloseError) {
        var open = expected
        var seen: Set<CardKey> = []
        for comparison in comparisons {
            let ours = open.removeValue(forKey: comparison.key) ?? Tally()
            guard seen.insert(comparison.key).inserted, comparison.expected == ours else {
                throw .notCompared(comparison.key, expected: ours)
            }
        }
        if let (key, tally) = open.min(by: { $0.key < $1.key }) {
            throw .notCompared(key, expected: tally)
        }
        for comparison in comparisons where comparison.brought != brought[comparison.key] {
            throw .notTakenUp(comparison.key)
        }
        if let key = Set(brought.keys).subtracting(seen).min() { throw .notTakenUp(key) }
        for comparison in comparisons { try checkReason(of: comparison) }
    }

    /// What is unknown has no cut. Without cuts nothing else is checked: closes of earlier
    /// versions have none.
    private static func check(
        _ comparisons: [CardComparison], against cuts: [BatchCut]
    ) throws(CloseError) {
        let terminals = Set(cuts.map(\.cardTerminal))
        for comparison in comparisons
        where !comparison.isKnown && terminals.contains(comparison.key.cardTerminal) {
            throw .cutsDiffer(comparison.key)
        }
        guard !cuts.isEmpty else { return }
        let counted = cuts.tallies
        for comparison in comparisons
        where comparison.counted != counted[comparison.key] ?? Tally() {
            throw .cutsDiffer(comparison.key)
        }
        let compared = Set(comparisons.map(\.key))
        if let key = Set(counted.keys).subtracting(compared).min() { throw .cutsDiffer(key) }
    }

    private static func checkReason(of comparison: CardComparison) throws(CloseError) {
        guard !comparison.agrees else {
            if let reason = comparison.reason {
                throw .reasonWithoutDifference(comparison.key, reason)
            }
            return
        }
        guard let reason = comparison.reason else {
            throw .reasonMissing(comparison.key, difference: comparison.difference)
        }
        guard comparison.explanation?.isBlank == false else {
            throw .explanationMissing(comparison.key, reason)
        }
        guard comparison.isKnown || reason.fitsUnknown else {
            throw .reasonClaimsTotal(comparison.key, reason)
        }
    }
}
