/// What a tariff wants to know of a delivery besides its items: the questions of an entry form.
package struct DeliveryQuestions: Hashable, Sendable {
    /// Whether anything depends on where the waste comes from.
    package let asksOrigin: Bool
    /// What can be ticked for the whole delivery, in the tariff's order.
    package let features: [Feature]
    /// Whose quotas are counted, in the order of ``Holder``.
    package let holders: [Holder]
    /// Whether a broken scale makes a difference: something is priced by weight.
    package let asksScale: Bool

    package init(
        asksOrigin: Bool, features: [Feature], holders: [Holder], asksScale: Bool
    ) {
        self.asksOrigin = asksOrigin
        self.features = features
        self.holders = holders
        self.asksScale = asksScale
    }

    /// Whether there is nothing to ask.
    package var isEmpty: Bool {
        !asksOrigin && features.isEmpty && holders.isEmpty && !asksScale
    }
}

extension Tariff {
    /// What to ask about a delivery as a whole.
    package var questions: DeliveryQuestions {
        let quotas = quotaHolders
        return DeliveryQuestions(
            asksOrigin: conditions.contains { $0.origins.count < Origin.allCases.count },
            features: features.filter { $0.scope == .delivery },
            holders: Holder.allCases.filter { quotas.contains($0) }, asksScale: weighsAnything)
    }

    /// What can be ticked for an item of these fractions: the features that anything about them
    /// depends on, in the tariff's order.
    package func itemFeatures(of fractions: [FractionID]) -> [Feature] {
        let wanted = mentionedFeatures(of: Set(fractions))
        return features.filter { $0.scope == .item && wanted.contains($0.id) }
    }

    /// Whether a load of several fractions that cannot be parted has a price.
    package var pricesMixtures: Bool { rules.mixture != nil }

    private var conditions: [Condition] {
        positions.map(\.condition) + rules.acceptance.map(\.condition)
            + rules.surcharges.map(\.condition) + (rules.deposit.map { [$0.condition] } ?? [])
    }

    private var weighsAnything: Bool {
        !scales.isEmpty
            || fractions.contains { fraction in
                fraction.measures.contains { $0.measure == .weight || $0.measure == .pounds }
            }
    }

    /// An entitlement stands for a card, which the delivery must then name.
    private var quotaHolders: Set<Holder> {
        let limits =
            positions.flatMap { [$0.limit, $0.freeQuantity] }
            + rules.acceptance.map {
                if case .atMost(let limit) = $0.demand { limit } else { nil }
            }
        let holders = Set(limits.compactMap { $0?.scope.holder })
        return features.contains(where: \.isEntitlement) ? holders.union([.card]) : holders
    }

    private func mentionedFeatures(of fractions: Set<FractionID>) -> Set<FeatureID> {
        let positions = positions.filter { !fractions.isDisjoint(with: $0.fractions) }
        var mentioned = Set(
            positions.flatMap { position in
                position.requires.union(position.condition.mentioned)
                    .union(position.adjustments.flatMap(\.features))
            })
        for rule in rules.acceptance where rule.fractions?.isDisjoint(with: fractions) != true {
            mentioned.formUnion(rule.condition.mentioned)
            if case .requires(let features) = rule.demand { mentioned.formUnion(features) }
        }
        let numbers = Set(positions.map(\.number))
        for surcharge in rules.surcharges
        where surcharge.positions?.isDisjoint(with: numbers) != true {
            mentioned.formUnion(surcharge.condition.mentioned)
        }
        return mentioned
    }
}

extension Condition {
    fileprivate var mentioned: Set<FeatureID> { with.union(without) }
}
