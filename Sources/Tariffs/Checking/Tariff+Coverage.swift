import Text
import Units

extension Tariff {
    /// Whether every delivery has exactly one position, decided exactly; empty means good.
    ///
    /// For every fraction, group, origin, day of the validity and combination of features (all can
    /// be combined) there must be a position in some measure unless a rule refuses, and no measure
    /// may have two. By fraction in the order of the catalogue; then what no delivery reaches.
    func coverageFindings() -> [CoverageFinding] {
        let conditions = positions.map(\.condition) + rules.acceptance.map(\.condition)
        let samples = DaySamples(Set(conditions.map { DayCondition($0) }), in: validity)
        var findings: [CoverageFinding] = []
        var reached: Set<Int> = []
        for fraction in fractions.map(\.id) {
            guard var coverage = FractionCoverage(self, fraction) else {
                findings.append(.undecided(fraction))
                reached.formUnion(index.places(of: fraction))
                continue
            }
            coverage.decide(self, on: samples)
            findings += coverage.findings
            reached.formUnion(coverage.reached)
        }
        let unreached = positions.indices.filter { !reached.contains($0) }
        return findings + unreached.map { .unreachable(position: $0) }
    }

    /// Conditions under which the fraction is never taken.
    func refusals(of fraction: FractionID) -> [Condition] {
        rules.acceptance.compactMap { rule in
            guard rule.demand == .refused, rule.fractions?.contains(fraction) ?? true else {
                return nil
            }
            return rule.condition
        }
    }

    /// Places of the positions that are exceptions to the one at a place.
    func displacers(of place: Int, among places: [Int]) -> Set<Int> {
        let number = positions[place].number
        return Set(places.filter { $0 != place && positions[$0].exceptionTo.contains(number) })
    }
}

extension SourceReader {
    /// Reports deliveries with two positions (overlap) and without any (gap).
    ///
    /// - Parameter fractions: where the entries of the catalogue stand, in its order.
    mutating func checkCoverage(of tariff: Tariff, fractions: [SourceNode]) {
        let places = Dictionary(
            zip(tariff.fractions.map(\.id), fractions.map(\.position))
        ) { first, _ in first }
        for finding in tariff.coverageFindings() {
            guard let problem = finding.problem(of: tariff, fractions: places) else { continue }
            report(problem.code, at: problem.place, problem.message)
        }
    }
}

extension CoverageFinding {
    /// The problem that it is; nil for what is only worth a warning.
    fileprivate func problem(
        of tariff: Tariff, fractions: [FractionID: SourcePosition]
    ) -> (code: TariffProblem, place: SourcePosition?, message: String)? {
        let catalogue = tariff.catalogue
        switch self {
        case .overlap(let places, let example):
            let numbers = places.map { "Nr. \(tariff.positions[$0].number)" }
            return (
                .overlap, places.last.map { tariff.positions[$0].place },
                "Auf dieselbe Anlieferung passen \(numbers.joined(separator: " und ")): "
                    + "„\(example.words(catalogue))“. Grenzen Sie eine ein oder schreiben Sie "
                    + "„ausnahme von“."
            )
        case .gap(let example):
            return (
                .gap, fractions[example.fraction],
                "Für „\(example.words(catalogue))“ gibt es keine Position. Ergänzen Sie eine, "
                    + "notfalls mit „preis: nicht veröffentlicht“ oder „preis: abgelehnt“."
            )
        case .volumeMissing(let place, let example):
            let position = tariff.positions[place]
            return (
                .gap, position.place,
                "Nr. \(position.number) lässt leichte Lasten nach Volumen zahlen, aber für "
                    + "„\(example.words(catalogue))“ gibt es keine Position. Ergänzen Sie eine."
            )
        case .undecided(let fraction):
            return (
                .coverageUndecided, fractions[fraction],
                "Die Positionen von „\(catalogue.fraction(fraction)?.name ?? fraction.text)“ "
                    + "hängen von so vielen Merkmalen ab, dass sich Lücken nicht ausschließen "
                    + "lassen. Fassen Sie Merkmale zusammen."
            )
        case .unreachable: return nil
        }
    }
}
