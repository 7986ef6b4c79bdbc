import Text
import Units

/// A quantity that is counted over several deliveries, with what grants it.
struct GrantedQuota {
    /// Of the position or acceptance rule: what is used is kept under it.
    let number: String
    let kind: QuotaKey.Kind
    let limit: Limit
    /// Nil: every fraction.
    let fractions: Set<FractionID>?
    let place: SourcePosition
}

extension Tariff {
    /// Quotas that count something else than under the same number in another version while a
    /// period is running, so that what was used of the one counts for the other.
    func quotaProblems(after previous: Tariff) -> [SourceProblem] {
        let before = previous.grantedQuotas
        return grantedQuotas.compactMap { new -> SourceProblem? in
            let old = before.first { $0.number == new.number && $0.kind == new.kind }
            guard let old, new.differs(from: old) else { return nil }
            let isFresh = [old, new].allSatisfy { $0.begins(on: validity.from) }
            guard !isFresh else { return nil }
            return TariffProblem.quotaChanged.at(
                new.place,
                "Nr. \(new.number) zählt etwas anderes als in „\(previous.reference.id)“: "
                    + "\(previous.words(of: old.limit)) → \(words(of: new.limit)). Was im "
                    + "laufenden Zeitraum schon genutzt ist, zählt dann falsch. Nehmen Sie eine "
                    + "andere Nummer, oder beginnen Sie mit einem neuen Zeitraum.")
        }
    }

    /// In the order of the file, positions first.
    var grantedQuotas: [GrantedQuota] {
        var quotas: [GrantedQuota] = []
        func note(_ limit: Limit?, _ kind: QuotaKey.Kind, of position: Position) {
            guard let limit else { return }
            quotas.append(
                GrantedQuota(
                    number: position.number, kind: kind, limit: limit,
                    fractions: Set(position.fractions), place: position.place))
        }
        for position in positions {
            note(position.freeQuantity, .free, of: position)
            note(position.limit, .limit, of: position)
        }
        for rule in rules.acceptance {
            guard case .atMost(let limit) = rule.demand else { continue }
            quotas.append(
                GrantedQuota(
                    number: rule.number, kind: .limit, limit: limit, fractions: rule.fractions,
                    place: rule.place))
        }
        return quotas.filter { $0.limit.scope.holder != nil }
    }

    private func words(of limit: Limit) -> String {
        GermanText.limit(limit, catalogue.container(of: limit.measure))
    }
}

extension GrantedQuota {
    /// Whether it counts another measure, over another period, for others or of other waste.
    func differs(from old: GrantedQuota) -> Bool {
        guard limit.measure == old.limit.measure, limit.scope == old.limit.scope else {
            return true
        }
        guard let fractions, let others = old.fractions else { return false }
        return fractions.isDisjoint(with: others)
    }

    /// Whether a period begins on a day.
    func begins(on day: BusinessDay) -> Bool { limit.scope.period.start(of: day) == day }
}
