import Units

/// Decides for one fraction whether its positions overlap or leave a gap.
///
/// Days are represented by samples, measures by those that behave differently; for each day, group,
/// origin and measure the combinations of features are a set of cubes, from which the positions
/// are taken out. So no combination is ever written out.
struct FractionCoverage {
    private(set) var findings: [CoverageFinding] = []
    /// Places of the positions that match some delivery.
    private(set) var reached: Set<Int> = []

    private let fraction: FractionID
    private let rivals: [Rival]
    private let refusals: [Rival]
    private let measures: [MeasureClass]
    private let space: FeatureSpace
    private var pairs: Set<[Int]> = []
    private var gaps: Set<CustomerGroup> = []
    private var lightLoads: Set<Int> = []
    private var isUndecided = false

    /// A condition with what decides it.
    fileprivate struct Rival {
        /// Place of the position; that of the rule for a refusal.
        let place: Int
        let condition: Condition
        let day: DayCondition
        let cube: FeatureCube
        let displacers: Set<Int>
    }

    /// A measure that stands for all that the same positions price.
    fileprivate struct MeasureClass {
        let sample: Measure
        /// Places of positions.
        let pricing: Set<Int>
        let isVolume: Bool
    }

    /// One day, group and origin.
    fileprivate struct Cell {
        let day: BusinessDay
        let dayPlace: Int
        let group: CustomerGroup
        let origin: Origin
    }

    /// Nil if the conditions name more features than can be told apart.
    init?(_ tariff: Tariff, _ fraction: FractionID) {
        let places = tariff.index.places(of: fraction)
        let rules = tariff.refusals(of: fraction)
        let conditions = places.map { tariff.positions[$0].condition } + rules
        guard let space = FeatureSpace(conditions) else { return nil }
        self.fraction = fraction
        self.space = space
        measures = Self.measureClasses(of: places, tariff)
        rivals = places.compactMap { place in
            Rival(place, tariff.positions[place].condition, space) {
                tariff.displacers(of: place, among: places)
            }
        }
        refusals = rules.enumerated().compactMap { place, rule in
            Rival(place, rule, space) { [] }
        }
    }

    /// Looks at every day, group and origin; findings come by group, then by day.
    mutating func decide(_ tariff: Tariff, on samples: DaySamples) {
        let days = samples.places(telling: Set((rivals + refusals).map(\.day)))
        for group in CustomerGroup.allCases {
            for place in days {
                for origin in Origin.allCases {
                    let cell = Cell(
                        day: samples.days[place], dayPlace: place, group: group, origin: origin)
                    decide(cell, tariff, samples)
                }
            }
        }
        if isUndecided { findings.append(.undecided(fraction)) }
    }

    private mutating func decide(_ cell: Cell, _ tariff: Tariff, _ samples: DaySamples) {
        let present = rivals.filter { $0.applies(in: cell, samples) }
        let refused = refusals.filter { $0.applies(in: cell, samples) }.map(\.cube)
        var matched: [FeatureCube] = []
        var byVolume: [FeatureCube] = []
        var light: [(place: Int, region: FeatureRegion)] = []
        for measure in measures {
            let candidates = present.filter { measure.pricing.contains($0.place) }
            decideOverlaps(of: candidates, cell, measure)
            for rival in candidates {
                let region = effective(rival, among: candidates)
                guard !region.isEmpty else { continue }
                reached.insert(rival.place)
                matched += region.cubes
                if measure.isVolume { byVolume += region.cubes }
                if tariff.positions[rival.place].method.sendsLightLoadsToVolume {
                    light.append((rival.place, region))
                }
            }
        }
        decideGap(leftBy: matched + refused, cell)
        for (place, region) in light where !lightLoads.contains(place) {
            decideLightLoads(of: place, in: region, leftBy: byVolume + refused, cell)
        }
    }

    private mutating func decideOverlaps(
        of candidates: [Rival], _ cell: Cell, _ measure: MeasureClass
    ) {
        for (number, left) in candidates.enumerated() {
            for right in candidates[..<number] {
                let pair = [right.place, left.place]
                guard !pairs.contains(pair) else { continue }
                var region = FeatureRegion(left.cube.intersection(right.cube))
                let displacers = left.displacers.union(right.displacers)
                region.subtract(candidates.filter { displacers.contains($0.place) }.map(\.cube))
                isUndecided = isUndecided || region.isUndecided
                guard !region.isUndecided, let cube = region.plainest else { continue }
                pairs.insert(pair)
                findings.append(
                    .overlap(positions: pair, example(cell, cube, in: measure.sample)))
            }
        }
    }

    private mutating func decideGap(leftBy cubes: [FeatureCube], _ cell: Cell) {
        guard !gaps.contains(cell.group) else { return }
        var region = FeatureRegion(.all)
        region.subtract(cubes)
        isUndecided = isUndecided || region.isUndecided
        guard !region.isUndecided, let cube = region.plainest else { return }
        gaps.insert(cell.group)
        findings.append(.gap(example(cell, cube, in: measures.first?.sample ?? .volume)))
    }

    private mutating func decideLightLoads(
        of place: Int, in region: FeatureRegion, leftBy cubes: [FeatureCube], _ cell: Cell
    ) {
        var region = region
        region.subtract(cubes)
        isUndecided = isUndecided || region.isUndecided
        guard !region.isUndecided, let cube = region.plainest else { return }
        lightLoads.insert(place)
        findings.append(.volumeMissing(position: place, example(cell, cube, in: .volume)))
    }

    /// What is left of a position when the exceptions to it are taken out.
    private mutating func effective(_ rival: Rival, among candidates: [Rival]) -> FeatureRegion {
        var region = FeatureRegion(rival.cube)
        region.subtract(
            candidates.filter { rival.displacers.contains($0.place) }.map(\.cube))
        isUndecided = isUndecided || region.isUndecided
        return region
    }

    private func example(_ cell: Cell, _ cube: FeatureCube, in measure: Measure) -> Counterexample {
        Counterexample(
            fraction: fraction,
            circumstances: Circumstances(
                group: cell.group, origin: cell.origin, day: cell.day,
                features: space.features(in: cube)), measure: measure)
    }
}

extension FractionCoverage.Rival {
    fileprivate init?(
        _ place: Int, _ condition: Condition, _ space: FeatureSpace, displacers: () -> Set<Int>
    ) {
        guard let cube = space.cube(of: condition) else { return nil }
        self.place = place
        self.condition = condition
        self.cube = cube
        day = DayCondition(condition)
        self.displacers = displacers()
    }

    fileprivate func applies(in cell: FractionCoverage.Cell, _ samples: DaySamples) -> Bool {
        condition.groups.contains(cell.group) && condition.origins.contains(cell.origin)
            && samples.holds(day, at: cell.dayPlace)
    }
}

extension FractionCoverage {
    /// The measures that positions name, and one that none names; of those that the same
    /// positions price, the first.
    fileprivate static func measureClasses(of places: [Int], _ tariff: Tariff) -> [MeasureClass] {
        let named = places.flatMap { tariff.positions[$0].namedMeasures }
        let other = unnamed.first { !named.contains($0) }.map { [$0] } ?? []
        var seen: Set<Set<Int>> = []
        return (named + other).compactMap { measure in
            let pricing = Set(places.filter { tariff.positions[$0].prices(measure) })
            guard seen.insert(pricing).inserted else { return nil }
            return MeasureClass(
                sample: measure, pricing: pricing,
                isVolume: pricing
                    == Set(places.filter { tariff.positions[$0].prices(.volume) }))
        }
    }

    private static let unnamed: [Measure] = [
        .volume, .delivery, .pieces, .weight, .area, .duration, .areaTime, .pounds, .cubicInches,
    ]
}
