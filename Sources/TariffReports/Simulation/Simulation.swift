package import Tariffs
package import Units

/// Prices recorded sales again under a draft and adds up what would change.
///
/// Sales are added one by one; parts that were added apart can be merged, in any order, unless the
/// draft counts quotas: then the price of a sale depends on those before it, and all have to be
/// added in the order in which they happened (``mustRunInOrder``). Quotas are counted from the
/// draft's own decisions, beginning with nothing used.
package struct Simulation: Sendable {
    package let draft: Tariff
    /// Whether sales have to be added in the order in which they happened, and not in parts.
    package let mustRunInOrder: Bool
    package private(set) var counts = SaleCounts()
    package private(set) var effects: [EffectKey: Effect] = [:]
    /// How often the draft refuses for which reason, of sales that were charged.
    package private(set) var refusals: [RefusalCode: Int] = [:]
    /// Numbers under which something was charged that the draft's position of that number is not
    /// for; what is told by these numbers mixes two things.
    package private(set) var reused: Set<String> = []
    var dearer = TopList()
    var cheaper = TopList()
    var refusedNow = TopList()
    private var used = UsedQuotas()
    private var days: DayShift
    /// What the draft has each number for.
    private let fractions: [String: Set<FractionID>]

    package init(draft: Tariff) {
        self.draft = draft
        mustRunInOrder = draft.countsQuotas
        days = DayShift(validity: draft.validity)
        fractions = Dictionary(
            draft.positions.map { ($0.number, Set($0.fractions)) },
            uniquingKeysWith: { $0.union($1) })
    }

    /// Prices a sale under the draft and counts what it makes of it.
    ///
    /// A day outside the draft's validity counts as the same date of the nearest year inside, so
    /// that last year's sales meet the seasons of next year's draft.
    package mutating func add(_ sale: RecordedSale) {
        let delivery = sale.delivery.moved(to: days.moved(sale.delivery.day))
        let quota = used.state(before: delivery, under: draft)
        let group = delivery.group
        note(sale, group)
        switch draft.amountLines(of: delivery, quota: quota) {
        case .refused(let codes):
            counts.add(sale, draft: nil)
            guard sale.lines != nil else { return }
            refusals[codes.first ?? .notAccepted, default: 0] += 1
            refusedNow.add(
                TopSale(sale, delivery, quota, draft: nil, rank: sale.total.value))
        case .priced(let lines, let taken):
            used.add(taken)
            for line in lines {
                effects[EffectKey(position: line.position, group: group), default: Effect()]
                    .add(draft: line.gross)
            }
            let total = lines.map(\.gross).sum()
            counts.add(sale, draft: total)
            guard sale.lines != nil, total != sale.total else { return }
            let rise = total.value - sale.total.value
            let top = TopSale(sale, delivery, quota, draft: total, rank: abs(rise))
            if rise > 0 { dearer.add(top) } else { cheaper.add(top) }
        }
    }

    private mutating func note(_ sale: RecordedSale, _ group: CustomerGroup) {
        for line in sale.lines ?? [] {
            effects[EffectKey(position: line.position, group: group), default: Effect()]
                .add(recorded: line.gross)
        }
        // The first lines are those of the items, in their order.
        for (line, item) in zip(sale.lines ?? [], sale.delivery.items) {
            guard let known = fractions[line.position] else { continue }
            if known.isDisjoint(with: item.fractions) { reused.insert(line.position) }
        }
    }

    /// Adds what another part has counted under the same draft.
    package mutating func merge(_ other: Simulation) {
        counts.merge(other.counts)
        effects.merge(other.effects) { $0.merged(with: $1) }
        refusals.merge(other.refusals, uniquingKeysWith: +)
        reused.formUnion(other.reused)
        dearer.merge(other.dearer)
        cheaper.merge(other.cheaper)
        refusedNow.merge(other.refusedNow)
        used.merge(other.used)
    }
}

/// By what revenue is told apart.
package struct EffectKey: Hashable, Sendable {
    package let position: String
    package let group: CustomerGroup
}

/// Revenue of one position from one group, as recorded and under the draft.
package struct Effect: Hashable, Sendable {
    package private(set) var recordedLines = 0
    package private(set) var draftLines = 0
    package private(set) var recorded = Cents.zero
    package private(set) var draft = Cents.zero

    mutating func add(recorded gross: Cents) {
        recordedLines += 1
        recorded += gross
    }

    mutating func add(draft gross: Cents) {
        draftLines += 1
        draft += gross
    }

    func merged(with other: Effect) -> Effect {
        var sum = self
        sum.recordedLines += other.recordedLines
        sum.draftLines += other.draftLines
        sum.recorded += other.recorded
        sum.draft += other.draft
        return sum
    }
}

/// How many sales become what, and how much money is moved.
package struct SaleCounts: Hashable, Sendable {
    package private(set) var dearer = 0
    package private(set) var cheaper = 0
    package private(set) var same = 0
    package private(set) var refusedNow = 0
    package private(set) var acceptedNow = 0
    package private(set) var refusedStill = 0
    /// What was charged, and what the draft would charge, for everything.
    package private(set) var recorded = Cents.zero
    package private(set) var draft = Cents.zero
    /// What was charged for sales that the draft refuses; part of ``recorded``.
    package private(set) var lost = Cents.zero
    /// What the draft charges for deliveries that were refused; part of ``draft``.
    package private(set) var gained = Cents.zero

    /// Everything that was added.
    package var all: Int {
        dearer + cheaper + same + refusedNow + acceptedNow + refusedStill
    }

    mutating func add(_ sale: RecordedSale, draft total: Cents?) {
        let before = sale.lines == nil ? nil : sale.total
        recorded += before ?? .zero
        draft += total ?? .zero
        switch (before, total) {
        case (nil, nil): refusedStill += 1
        case (nil, let total?):
            acceptedNow += 1
            gained += total
        case (let before?, nil):
            refusedNow += 1
            lost += before
        case (let before?, let total?):
            if total > before {
                dearer += 1
            } else if total < before {
                cheaper += 1
            } else {
                same += 1
            }
        }
    }

    mutating func merge(_ other: SaleCounts) {
        dearer += other.dearer
        cheaper += other.cheaper
        same += other.same
        refusedNow += other.refusedNow
        acceptedNow += other.acceptedNow
        refusedStill += other.refusedStill
        recorded += other.recorded
        draft += other.draft
        lost += other.lost
        gained += other.gained
    }
}
