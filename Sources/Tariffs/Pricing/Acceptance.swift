import Units

extension Calculator {
    /// What the acceptance rules refuse, in the order of the items; and what cannot be at all.
    mutating func acceptanceRefusals() -> [CalculatedRefusal] {
        let invalid = delivery.items.indices.filter { !delivery.items[$0].isPossible }
        guard invalid.isEmpty else {
            return invalid.map { CalculatedRefusal(.invalidAmount, item: $0) }
        }
        if needsCard, delivery.holders[.card] == nil {
            return [CalculatedRefusal(.holderMissing, holder: .card)]
        }
        var refused: [Int: CalculatedRefusal] = [:]
        for rule in tariff.rules.acceptance.indices {
            for refusal in refusals(by: rule) {
                guard let item = refusal.item, refused[item] == nil else { continue }
                refused[item] = refusal
            }
        }
        return refused.keys.sorted().compactMap { refused[$0] }
    }

    /// Whether an entitlement is ticked, which stands for a card.
    private var needsCard: Bool {
        guard tariff.features.contains(where: \.isEntitlement) else { return false }
        return delivery.items.contains { item in
            delivery.features.union(item.features).contains {
                tariff.catalogue.feature($0)?.isEntitlement == true
            }
        }
    }

    private mutating func refusals(by place: Int) -> [CalculatedRefusal] {
        let rule = tariff.rules.acceptance[place]
        let items = delivery.items.indices.filter { rule.concerns(delivery.items[$0], delivery) }
        switch rule.demand {
        case .refused:
            return items.map { CalculatedRefusal(.notAccepted, item: $0, rule: place) }
        case .requires(let wanted):
            return items.compactMap { item in
                let missing = wanted.subtracting(delivery.features)
                    .subtracting(delivery.items[item].features)
                guard !missing.isEmpty else { return nil }
                return CalculatedRefusal(
                    .requirementMissing, item: item, rule: place, missing: missing)
            }
        case .atMost(let limit): return tooMuch(limit, of: items, by: place)
        }
    }

    private mutating func tooMuch(
        _ limit: Limit, of items: [Int], by place: Int
    ) -> [CalculatedRefusal] {
        guard let first = items.first else { return [] }
        if let holder = limit.missingHolder(in: delivery) {
            return [CalculatedRefusal(.holderMissing, item: first, rule: place, holder: holder)]
        }
        let rule = tariff.rules.acceptance[place]
        let before = limit.key(.limit, rule: rule.number, for: delivery).map { memory.used($0) }
        var sum: Int64 = 0
        for item in items {
            sum =
                limit.measure == .delivery ? 1 : sum + number(of: item, in: limit.measure, by: rule)
            if (before ?? 0) + sum > limit.most {
                return [CalculatedRefusal(.tooMuch, item: item, rule: place, limit: limit)]
            }
        }
        memory.take(sum, of: limit, kind: .limit, rule: rule.number, by: delivery)
        return []
    }

    /// An item in smallest units of a measure. While the scale is broken a volume counts as the
    /// weight that it stands for, a mixed one as its heaviest fraction that the rule speaks of.
    private func number(of place: Int, in measure: Measure, by rule: AcceptanceRule) -> Int64 {
        let item = delivery.items[place]
        guard delivery.isScaleBroken, measure == .weight, item.amount.measure == .volume else {
            return tariff.number(of: item.amount, in: measure)
        }
        let fractions = item.fractions.filter { rule.fractions?.contains($0) ?? true }
        return fractions.map { number(of: place, as: $0, in: measure) }.max() ?? 0
    }
}

extension DeliveryItem {
    /// Whether the amount can be: its numbers lie in range, and a weight that was weighed is gross
    /// less tare.
    var isPossible: Bool {
        guard case .weight(let weight) = amount, case .weighed(let weighing) = source else {
            return amount.isValid
        }
        return amount.isValid && weight == weighing.net
    }
}

extension AcceptanceRule {
    /// Whether the rule speaks about an item, or about a part of a mixed one.
    func concerns(_ item: DeliveryItem, _ delivery: Delivery) -> Bool {
        let circumstances = Circumstances(of: delivery, item)
        guard
            condition.holds(
                for: circumstances.group, from: circumstances.origin, on: circumstances.day,
                features: circumstances.features)
        else { return false }
        guard let fractions else { return true }
        return fractions.contains(item.fraction) || !fractions.isDisjoint(with: item.mixedWith)
    }
}

extension Tariff {
    /// An amount in smallest units of a measure: its own, or the content of containers; zero where
    /// it has none in that measure.
    func number(of amount: Amount, in measure: Measure) -> Int64 {
        if amount.measure == measure { return amount.number }
        guard measure == .volume, case .containers(let count, let kind, _) = amount else {
            return 0
        }
        return (catalogue.container(kind)?.content?.value ?? 0) * count
    }
}
