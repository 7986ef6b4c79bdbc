import Units

/// What the delivery brought so far, by position and fraction.
struct Load {
    private struct Entry {
        let position: Int
        let fraction: FractionID
        let measure: Measure
        let number: Int64
        let free: Int64
        let charged: Int64
    }

    private var entries: [Entry] = []

    mutating func add(_ line: CalculatedLine) {
        let number = line.amount.number
        entries.append(
            Entry(
                position: line.position, fraction: line.fraction, measure: line.amount.measure,
                number: number, free: line.allowance.free,
                charged: line.allowance.isExempt ? 0 : number - line.allowance.free))
    }

    /// Charged of a fraction at a position.
    func charged(of fraction: FractionID, at position: Int) -> Int64 {
        sum { $0.position == position && $0.fraction == fraction ? $0.charged : 0 }
    }

    /// Brought at a position in a measure.
    func brought(at position: Int, in measure: Measure) -> Int64 {
        sum { $0.position == position && $0.measure == measure ? $0.number : 0 }
    }

    /// Free of charge at a position.
    func free(at position: Int) -> Int64 {
        sum { $0.position == position ? $0.free : 0 }
    }

    private func sum(_ part: (Entry) -> Int64) -> Int64 { entries.reduce(0) { $0 + part($1) } }
}

/// The quotas that a delivery looks at: what was used before, and what it takes.
struct QuotaMemory {
    private let before: [QuotaUse]
    private(set) var uses: [QuotaUse] = []

    init(used: [QuotaUse]) { before = used }

    /// What was used before the delivery.
    func used(_ key: QuotaKey) -> Int64 { before.first { $0.key == key }?.used ?? 0 }

    /// Notes what the delivery takes; a quota of one visit needs no memory.
    mutating func take(
        _ number: Int64, of limit: Limit, kind: QuotaKey.Kind, rule: String, by delivery: Delivery
    ) {
        guard let key = limit.key(kind, rule: rule, for: delivery) else { return }
        if let place = uses.firstIndex(where: { $0.key == key }) {
            let sum = limit.measure == .delivery ? 1 : uses[place].taken + number
            uses[place] = QuotaUse(key: key, used: uses[place].used, taken: sum)
        } else {
            uses.append(QuotaUse(key: key, used: used(key), taken: number))
        }
    }
}

extension Limit {
    /// Whether amounts of this kind count: its own measure, or visits.
    func counts(_ amount: Amount) -> Bool { measure == .delivery || measure == amount.measure }

    /// The quota that a delivery uses; nil for one visit, and where the holder is not named.
    func key(_ kind: QuotaKey.Kind, rule: String, for delivery: Delivery) -> QuotaKey? {
        guard let holder = scope.holder, let key = delivery.holders[holder] else { return nil }
        return QuotaKey(
            rule: rule, kind: kind, holder: holder, key: key,
            periodStart: scope.period.start(of: delivery.day))
    }

    /// Whose key a delivery fails to name.
    func missingHolder(in delivery: Delivery) -> Holder? {
        scope.holder.flatMap { delivery.holders[$0] == nil ? $0 : nil }
    }
}

extension Calculator {
    /// Refuses what is above the limit of a position.
    func checkLimit(of match: Int, _ amount: Amount, at place: Int) throws(CalculatedRefusal) {
        guard let limit = tariff.index[match].limit, limit.counts(amount) else { return }
        let number = tariff.index[match].position.number
        let before = try used(limit, kind: .limit, rule: number, at: place, match)
        let now =
            limit.measure == .delivery
            ? 1 : load.brought(at: match, in: amount.measure) + amount.number
        guard before + now > limit.most else { return }
        throw CalculatedRefusal(.tooMuch, item: place, position: match, limit: limit)
    }

    /// What of an item is free by quantity or exemption.
    func allowance(
        of match: Int, _ fraction: FractionID, _ amount: Amount, at place: Int
    ) throws(CalculatedRefusal) -> CalculatedLine.Allowance {
        let priced = tariff.index[match]
        if let exemption = priced.exemption, exemption.limit.measure == amount.measure {
            let whole = brought(of: fraction, amount, at: place)
            return .init(free: 0, used: nil, left: nil, isExempt: exemption.covers(whole))
        }
        guard let free = priced.freeQuantity, free.counts(amount) else { return .none }
        let number = priced.position.number
        let before = try used(free, kind: .free, rule: number, at: place, match)
        guard free.measure != .delivery else {
            let isFree = before < free.most
            return .init(
                free: isFree ? amount.number : 0, used: before,
                left: max(0, free.most - before - 1), isExempt: false)
        }
        let used = before + load.free(at: match)
        let part = min(max(0, free.most - used), amount.number)
        return .init(
            free: part, used: used, left: max(0, free.most - used - part), isExempt: false)
    }

    private func used(
        _ limit: Limit, kind: QuotaKey.Kind, rule: String, at place: Int, _ match: Int
    ) throws(CalculatedRefusal) -> Int64 {
        if let holder = limit.missingHolder(in: delivery) {
            throw CalculatedRefusal(.holderMissing, item: place, position: match, holder: holder)
        }
        return limit.key(kind, rule: rule, for: delivery).map { memory.used($0) } ?? 0
    }

    /// What the whole delivery brings of a fraction in the measure of an item's amount of it, mixed
    /// loads with all that is in them.
    private func brought(of fraction: FractionID, _ amount: Amount, at place: Int) -> Int64 {
        var sum = amount.number
        for (other, item) in delivery.items.enumerated() where other != place {
            guard item.fraction == fraction || item.mixedWith.contains(fraction) else { continue }
            sum += number(of: other, as: fraction, in: amount.measure)
        }
        return sum
    }
}

extension Exemption {
    func covers(_ number: Int64) -> Bool {
        includesThreshold ? number <= limit.most : number < limit.most
    }
}
