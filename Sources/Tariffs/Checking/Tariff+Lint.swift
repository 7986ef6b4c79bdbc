package import Text
import Units

extension Tariff {
    /// What speaks against a tariff besides what keeps it from loading (docs/errors/tariff.md,
    /// "Checking the tariff"): errors first, then warnings, each in file order.
    ///
    /// Examples are for ``check()`` and ``exampleCoverage()``.
    package func lint() -> [SourceProblem] {
        let prices = positions.flatMap { minimumLoadProblems(of: $0) + curveProblems(of: $0) }
        return
            (prices + wasteCodeProblems() + outliers() + factorChains() + packingProblems()
            + cardSurcharges() + unreachablePositions()).inReadingOrder
    }

    /// Positions of which no sale was recorded, as warnings in file order.
    ///
    /// - Parameter used: the numbers of the positions that sales were recorded under.
    package func lint(usedInSales used: Set<String>) -> [SourceProblem] {
        positions.filter { !used.contains($0.number) }.map {
            $0.problem(
                .positionNotUsed,
                "Unter Nr. \($0.number) wurde im betrachteten Zeitraum nichts verkauft. Prüfen "
                    + "Sie, ob sie noch gebraucht oder am Hof falsch eingeordnet wird."
            )
        }
    }

    private func outliers() -> [SourceProblem] {
        unitPriceOutliers().map { outlier in
            let position = positions[outlier.place]
            return position.problem(
                .priceOutOfLine,
                "Nr. \(position.number) kostet \(words(of: outlier.rate)), mehr als das "
                    + "\(UnitPriceOutlier.timesMax)-fache des mittleren Preises in diesem Maß "
                    + "(\(words(of: outlier.median))). Prüfen Sie Zahl und Einheit.")
        }
    }

    private func factorChains() -> [SourceProblem] {
        positions.filter { isFactorChain($0) }.map {
            $0.problem(
                .factorChain,
                "Der Preis von Nr. \($0.number) ist über zwei Stufen abgeleitet. Leiten Sie ihn "
                    + "von der ursprünglichen Position ab oder schreiben Sie ihn aus.")
        }
    }

    private func isFactorChain(_ position: Position) -> Bool {
        guard case .derived(let derived) = position.method else { return false }
        let base = positions.first { $0.number == derived.base }
        let hasFactor = position.adjustments.contains { $0.change.isFactor }
        if case .derived = derived.method { return true }
        if case .derived? = base?.method { return true }
        return hasFactor && derived.change.isFactor
    }

    private func unreachablePositions() -> [SourceProblem] {
        coverageFindings().compactMap { finding in
            guard case .unreachable(let place) = finding else { return nil }
            return positions[place].problem(
                .positionUnreachable,
                "Auf Nr. \(positions[place].number) passt keine Anlieferung: Die Tage liegen "
                    + "außerhalb der Gültigkeit, die Merkmale schließen sich aus, oder Ausnahmen "
                    + "verdrängen sie ganz. Berichtigen oder streichen Sie die Position.")
        }
    }
}

extension Adjustment.Change {
    fileprivate var isFactor: Bool {
        switch self {
        case .factor: true
        case .discountPercent, .discount: false
        }
    }
}

extension Derived.Change {
    fileprivate var isFactor: Bool {
        switch self {
        case .factor: true
        case .difference: false
        }
    }
}

extension Position {
    /// A problem at the place of the position.
    func problem(_ problem: TariffProblem, _ message: String) -> SourceProblem {
        problem.at(place, message)
    }
}

extension [SourceProblem] {
    /// Errors first, then by place; what has no place comes before the rest.
    var inReadingOrder: [SourceProblem] {
        func rank(_ problem: SourceProblem) -> (Int, Int, Int) {
            (
                problem.severity == .error ? 0 : 1, problem.position?.line ?? 0,
                problem.position?.column ?? 0
            )
        }
        return enumerated()
            .sorted { left, right in
                let (first, second) = (rank(left.element), rank(right.element))
                return first == second ? left.offset < right.offset : first < second
            }
            .map(\.element)
    }
}
