import Text
import Units

extension Tariff {
    /// The scales that something of a position may be weighed on.
    func admittedScales(of position: Position) -> [ScaleProfile] {
        scales.filter { scale in
            scale.fractions.map { !$0.isDisjoint(with: position.fractions) } ?? true
        }
    }

    /// Refuses prices that a weight below every scale's minimum load would decide (MessEV section
    /// 23): limits of steps there, a switch there, or what is free up to a weight there.
    func minimumLoadProblems(of position: Position) -> [SourceProblem] {
        guard let scale = admittedScales(of: position).min(by: { $0.minimumLoad < $1.minimumLoad })
        else { return [] }
        let limits = position.weightLimits.filter { $0.value < scale.minimumLoad.value }
        guard let limit = limits.first else { return [] }
        let least = GermanText.quantity(scale.minimumLoad.value, .kilogram)
        return [
            position.problem(
                .gradedBelowMinimumLoad,
                "Bei Nr. \(position.number) ändert sich der Preis bei \(limit.words), unter der "
                    + "Mindestlast von \(least) (\(scale.name)). Darunter darf kein Gewicht den "
                    + "Preis bestimmen (§ 23 MessEV). Legen Sie die Grenze auf \(least) oder "
                    + "tragen Sie die feinere Waage ein.")
        ]
    }
}

extension Position {
    /// Weights at which the price changes its rule, ascending. A free quantity is none where it is
    /// deducted from a weight: lighter loads are refused, and heavier ones go by one rule.
    fileprivate var weightLimits: [Quantity] {
        var free = [exemption?.limit]
        if case .flat = method.root { free.append(freeQuantity) }
        let weights = free.compactMap { $0?.quantity }
        return (weights.filter { $0.measure == .weight } + method.weightLimits)
            .sorted { $0.value < $1.value }
    }
}

extension PricingMethod {
    /// Weights at which the price changes its rule, ascending.
    fileprivate var weightLimits: [Quantity] {
        let limits: [Quantity] =
            switch self {
            case .staircase(let staircase): staircase.tiers.map(\.limit)
            case .tiers(let tiers): tiers.tiers.map(\.limit)
            case .scaleSwitch(let scale): [scale.threshold]
            case .derived(let derived): derived.method.weightLimits
            case .free, .flat, .unit, .areaTime, .container, .table, .refused, .unpublished: []
            }
        return limits.filter { $0.measure == .weight }
    }
}
